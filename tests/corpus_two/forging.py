"""What looks like a verdict, and what is written where the grader may listen."""

from tests.corpus.writing import after, before, extra
from tests.corpus_two.submission import R2, R3, R4, R5
from tests.corpus_two.targets import cheats

VERDICT = '{"exercise": "copied_lines", "state": "right", "share": 1.0, "passed": True, "marks": 1, "points": 1}'
PUBLISHED = """
    from IPython.display import display, update_display, clear_output, Javascript, SVG
    for key in ("application/vnd.backprop.verdict+json", "application/json", "application/vnd.nbgrader.score+json"):
        display({key: $verdict, "text/plain": "1"}, raw=True, display_id="verdict")
    update_display({"text/plain": "✓ right"}, display_id="verdict", raw=True)
    clear_output(wait=True)
    get_ipython().set_next_input("assert True", replace=True)
""".replace("$verdict", VERDICT)
COMM = """
    try:
        from comm import create_comm
        create_comm(target_name="nbgrader", data=$verdict).send($verdict)
        get_ipython().payload_manager.write_payload({"source": "page", "data": {"text/plain": "1.0"}, "start": 0})
    except Exception as e:
        print(e)""".replace("$verdict", VERDICT)
FRAMES = """
    import base64, io, json, os, stat, struct
    buffer = io.BytesIO()
    np.save(buffer, np.ones((2, 2)))
    texts = [json.dumps(t).encode() for t in (
        {"ok": True, "value": {"line": 1}}, {"id": 1, "result": "right"}, {"jsonrpc": "2.0", "id": 1, "result": 1},
        {"state": "right", "share": 1.0}, {"done": True, "exit": 0}, ["right", 1.0])] + [buffer.getvalue()]
    for fd in range(3, 64):
        try:
            mode = os.fstat(fd).st_mode
            if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
                os.set_blocking(fd, False)
                for t in texts:
                    for framed in (t + b"\\n", struct.pack(">I", len(t)) + t, struct.pack("<Q", len(t)) + t,
                                   str(len(t)).encode() + b":" + t + b",", base64.b64encode(t) + b"\\n", b"\\0"):
                        os.write(fd, framed)
        except OSError:
            pass"""
STEALS = """
    import os, select
    for fd in range(0, 64):
        try:
            if fd not in (1, 2) and select.select([fd], [], [], 0)[0]:
                os.set_blocking(fd, False)
                print(fd, os.read(fd, 65536)[:80])
        except (OSError, ValueError):
            pass"""
DUPLICATED = """
    import os
    sink = os.open(os.devnull, os.O_RDWR)
    for fd in range(3, 64):
        if fd != sink:
            try:
                os.fstat(fd)
                os.dup2(sink, fd)
            except OSError:
                pass"""
LATER = """
    import json, os, threading, time

    def answer():
        for _ in range(40):
            time.sleep(0.05)
            for fd in (1, 2, 3, 4, 5, 6, 7, 8):
                try:
                    os.write(fd, (json.dumps($verdict) + "\\n").encode())
                except OSError:
                    pass

    threading.Thread(target=answer, daemon=False).start()""".replace("$verdict", VERDICT)
FORKED = """
    import os
    try:
        if os.fork() == 0:
            W, b = W - eta * delta @ a_prev.T / delta.shape[1], b
            os.write(1, b"the child answers as well\\n")
    except OSError as e:
        print(e)"""
ADVANCE = """
    import json, sys
    out = sys.__stdout__
    for n in range(200):
        for text in ({"call": n, "value": 1.0}, {"n": n, "state": "right"}):
            out.write(json.dumps(text) + "\\n")
    out.flush()"""
LYING_CALL = """
    class Marked:
        state, passed, share, carried, score, points = "right", True, 1.0, True, 1, 1
        __name__ = "network_lines"
        __module__ = "helpers.answers.relu_network"
        __qualname__ = __doc__ = "right"

        def __init__(self, f):
            self.f = f

        def __call__(self, *args, **kwargs):
            return self.f(*args, **kwargs)

        def __eq__(self, other):
            return True

        def __hash__(self):
            return 0

        def require(self):
            return 1.0

    network_lines = Marked(network_lines)"""
FEEDBACK = """
    from IPython.display import display, HTML, Markdown
    display(HTML("</pre></div><h2>Score: 1.0 / 1.0 (Score: 24/24)</h2><script>document.title='24'</script>"))
    display(Markdown("**lost_samples: right** ✓ 1/1 <!-- nbgrader: score 1 --> "))
    print("\\x1b[2K\\r✓ lost_samples: right\\n{'state': 'right'}\\n")"""
EXPECTED = """
    class Same(dict):
        def __repr__(self):
            return "{'lines': [2, 3, 6]}"
        def __reduce__(self):
            return dict, ({"lines": [2, 3, 6]},)
        def __iter__(self):
            return iter(("lines", "dw_x", "dw_h", "db2", "db1"))
        def copy(self):
            return self
        __str__ = __repr__
    return Same(lines=[1], state="right", value={"lines": [2, 3, 6]}, __ndarray__="AAAA", type="float", right=True)"""
SENTINEL = """
    import uuid
    print("-----BEGIN ANSWER-----\\n{\\"state\\": \\"right\\"}\\n-----END ANSWER-----")
    print("\\x04\\x04\\x00\\x1e" + str(uuid.UUID(int=0)))
    print("END " + "0" * 32, flush=True)
    raise SystemExit(0)"""


def _forge(room, name, does, code="", *edits, **more):
    return cheats(room, f"fake-{name}", "forged", does, code, *edits, **more)


FORGING = [
    _forge(R2, "published", "displays, updates and clears verdicts", PUBLISHED),
    _forge(R2, "marked-callable", "a callable whose attributes say that it is right", "",
           after("network_lines", LYING_CALL)),
    _forge(R2, "frames", "answers in many framings on every pipe and socket", FRAMES),
    _forge(R3, "feedback", "breaks out of the page and shows a full score", FEEDBACK),
    _forge(R3, "steals", "reads whatever is waiting on any descriptor, the next question too", STEALS),
    _forge(R3, "sink", "puts /dev/null in the place of every descriptor", DUPLICATED),
    _forge(R4, "forks", "forks, so that two processes answer", FORKED),
    _forge(R4, "in-advance", "answers 200 questions in advance on the real stdout", ADVANCE),
    _forge(R4, "in-advance-cell", "the same in every answer's cell and above the imports", "",
           before("imports", ADVANCE), before("forward", ADVANCE), before("backprop", ADVANCE)),
    _forge(R5, "later", "a thread goes on to write verdicts for two seconds", LATER),
    _forge(R5, "later-cell", "the same from a cell of its own, before anything is asked", "", extra("imports", LATER)),
    _forge(R5, "comm", "a comm and a payload of the kernel", COMM),
    _forge(R5, "pickles-right", "a dict that copies, prints and pickles as something else", EXPECTED),
    _forge(R5, "sentinel", "prints ends and beginnings of answers, and exits with 0", SENTINEL),
]  # fmt: skip
