"""What student code can do in its sandbox, and what it cannot; a worker that misbehaves harms nobody but itself."""

import os
import pickle
import re
import resource
import signal
import sys
import time
from contextlib import contextmanager, suppress
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from grader import student_copy
from grader.sandbox import Limits, SandboxError, bubblewrap, calls, canary
from grader.sandbox.process import GRACE, Died, Worker
from grader.sandbox.session import Session
from grader.sandbox.template import Template
from helpers import answers, build, reference

ROOM = "01-linear-regression"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(bubblewrap.problem()), reason="there is no sandbox on this machine"),
]
QUICK = Limits(call=1, cell=1, output=1000, files=1 << 20)


@pytest.fixture(scope="module")
def copy():
    with student_copy.for_sandbox() as folder:
        yield folder


# the end of the pipe to the grader, as student code finds it
CHANNEL = (
    "import os\nlinks = {n: f'/proc/self/fd/{n}' for n in range(99)}\n"
    "channel = min(n for n in links if os.path.lexists(links[n]) and os.readlink(links[n]).startswith('socket:'))\n"
)


@contextmanager
def opened(copy, limits=None, files=None):
    """Give a Session of a fresh worker."""
    limits = limits or Limits()
    with Worker(copy, limits.files) as worker, Session(worker, limits, files) as session:
        yield session


def prove(copy, limits=None):
    limits = limits or Limits()
    with Worker(copy, limits.files) as worker:
        canary.prove(worker, limits)


@pytest.fixture(scope="module")
def session(copy):
    with opened(copy) as session:
        yield session


@pytest.fixture(scope="module")
def quick(copy):
    with opened(copy, QUICK) as session:
        yield session


def kinds(ran):
    return [output["output_type"] for output in ran.outputs]


def printed(ran, name="stdout"):
    return "".join(output["text"] for output in ran.outputs if output.get("name") == name)


@contextmanager
def at_most(seconds):
    """Hold what takes these seconds when it is stopped as it should to them, with room for a busy machine."""
    seconds += 15
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


# --- what a cell shows -----------------------------------------------------------------------------


def test_what_is_printed_and_what_a_cell_ends_in_are_shown_in_order(session):
    ran = session.run("import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')\n6 * 7")
    assert [(o.get("name"), o.get("text")) for o in ran.outputs[:3]] == [
        ("stdout", "a\n"),
        ("stderr", "b\n"),
        ("stdout", "c\n"),
    ]
    assert ran.outputs[3]["data"] == {"text/plain": "42"}
    assert not ran.failed


def test_an_error_is_shown_and_the_next_cell_goes_on(session):
    ran = session.run("print('before')\n1 / 0\nprint('after')")
    assert ran.failed
    assert kinds(ran) == ["stream", "error"]
    assert ran.outputs[1]["ename"] == "ZeroDivisionError"
    assert printed(session.run("print('next')")) == "next\n"


def test_syntax_errors_exits_and_questions_fail_one_cell_alone(session):
    assert session.run("def f(:").outputs[0]["ename"] == "SyntaxError"
    assert session.run("input('who?')").outputs[0]["ename"] == "EOFError"
    assert session.run("raise SystemExit").failed
    assert not session.run("exit()").failed
    assert not session.run("1 + 1").failed


def test_figures_are_pictures_also_where_nobody_calls_show(session):
    ran = session.run("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert [output for output in ran.outputs if "image/png" in output.get("data", {})]


def test_formulas_and_tables_are_shown_as_such(session):
    assert "text/latex" in session.run("import sympy\nsympy.Symbol('x') ** 2").outputs[0]["data"]
    ran = session.run("from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>1</b>'))\nMarkdown('*2*')")
    assert ran.outputs[0]["data"]["text/html"] == "<b>1</b>"
    assert ran.outputs[1]["data"]["text/markdown"] == "*2*"


def test_a_display_is_updated_in_its_place(session):
    ran = session.run(
        "from IPython.display import display\nh = display('first', display_id=True)\nprint('x')\nh.update('second')"
    )
    assert kinds(ran) == ["display_data", "stream"]
    assert ran.outputs[0]["data"]["text/plain"] == "'second'"


def test_a_cell_that_clears_its_output_shows_what_came_last(session):
    loop = "from IPython.display import clear_output\nfor k in range(5):\n    clear_output({})\n    print(k)"
    assert printed(session.run(loop.format("wait=True"))) == "4\n"
    assert printed(session.run(loop.format(""))) == "4\n"


def test_await_and_magics_work_and_a_shell_does_not(session):
    assert session.run("import asyncio\nawait asyncio.sleep(0.001, 5)").outputs[0]["data"]["text/plain"] == "5"
    assert "per loop" in printed(session.run("%timeit -n1 -r1 pass"))
    assert not session.run("%matplotlib inline").failed
    assert "Wall time" in printed(session.run("%%time\npass"))
    assert printed(session.run("!pip install numpy\nprint('goes on')")) == "goes on\n"
    assert "no program can be started here" in printed(session.run("found = !ls\nassert not found"), "stderr")
    assert session.run("import subprocess; subprocess.run('ls')").outputs[-1]["ename"] == "PermissionError"


def test_a_hundred_thousand_short_lines_take_no_time(session):
    with at_most(8):
        ran = session.run("for k in range(100_000): print(k)")
    assert printed(ran).startswith("0\n1\n")


def test_letters_that_no_file_can_hold_are_replaced(session):
    ran = session.run(r"print('\ud800 é 😀')" + "\n" + r"raise ValueError('\udfff')")
    assert printed(ran) == "? é 😀\n"
    assert "".join(str(output) for output in ran.outputs).encode()


def test_numpy_with_threads_works(session):
    ran = session.run(
        "import numpy as np, threading\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool:\n    print(sum(pool.map(lambda n: (np.ones((n, 200)) @ np.ones(200))[0], "
        "[100] * 8)))"
    )
    assert printed(ran) == "1600.0\n"


def test_a_notebook_reads_its_own_files_and_writes_new_ones(copy):
    files = {"data.csv": b"1,2\n3,4\n", "mine.py": b"seven = 7"}
    with opened(copy, files=files) as session:
        ran = session.run(
            "import numpy as np, mine\nnp.save('new.npy', np.loadtxt('data.csv', delimiter=','))\n"
            "print(np.load('new.npy').sum() + mine.seven)"
        )
        assert printed(ran) == "17.0\n"
        session.run("open('data.csv', 'w').write('changed')")
        session.start()
        assert printed(session.run("import os\nprint(open('data.csv').read(), sorted(os.listdir()))")) == (
            "1,2\n3,4\n ['data.csv', 'mine.py']\n"
        )


def test_a_check_of_the_students_own_stops_nothing_and_tells_nothing(session):
    """As where an answer was merged with its check and with the next answer."""
    for answer in ("0", "2 * X @ (W.T @ X - y).T"):
        ran = session.run(
            f"from helpers import check\ndef gradient(W, X, y):\n    return {answer}\n"
            f"check({ROOM!r}, 'gradient', gradient).require()\nprint('goes on')"
        )
        assert not ran.failed
        assert printed(ran) == "goes on\n"
        assert "judged elsewhere" in str(ran.outputs)


# --- limits ----------------------------------------------------------------------------------------


def test_a_cell_that_takes_too_long_is_stopped_and_the_next_one_knows_what_was_defined(quick):
    with at_most(3):
        ran = quick.run("x = 1\nwhile True: pass")
    assert ran.failed
    assert "stopped after 1 seconds" in str(ran.outputs)
    assert printed(quick.run("print(x)")) == "1\n"


def test_a_call_that_takes_too_long_is_stopped_and_the_next_one_answers(quick):
    quick.run("import time\ndef f(x):\n    while x == 1: time.sleep(0.01)\n    return x")
    with at_most(3):
        assert "stopped after 1 seconds" in quick.ask("f", "function", {}, {"x": 1}).error
    assert quick.ask("f", "function", {}, {"x": 2}).value == 2


def test_a_notebook_that_takes_too_long_is_stopped(copy):
    with opened(copy, Limits(cell=2, notebook=3)) as session:
        with at_most(7), pytest.raises(Died, match="the notebook took more than 3 seconds"):
            for _ in range(9):
                session.run("while True: pass")
        assert session.over


def test_too_much_memory_is_refused_and_the_next_cell_goes_on(quick):
    ran = quick.run("x = bytearray(3 << 30)")
    assert ran.outputs[0]["ename"] == "MemoryError"
    assert not quick.run("x = bytearray(1 << 20)").failed


@pytest.mark.parametrize(
    "code",
    [
        "print('x' * 10**6)",
        "for k in range(10**5): print(k)",
        "'x' * 10**6",
        "from IPython.display import HTML\nHTML('x' * 10**6)",
        "raise ValueError('x' * 10**6)",
        "from IPython.display import display\nfor k in range(3000): display(k)",
        "import sys\nprint('x' * 10**6, file=sys.stderr)",
        "from IPython.display import display\ndisplay({'application/json': 10**5000}, raw=True)",
    ],
)
def test_of_too_much_output_the_beginning_is_shown(quick, code):
    ran = quick.run(code)
    assert ran.outputs
    assert len(str(ran.outputs)) < 150_000
    assert printed(quick.run("print('next')")) == "next\n"


def test_files_are_bounded_one_by_one_and_together(quick):
    one = quick.run("open('large', 'wb').write(bytes(2 << 20))")
    assert one.outputs[-1]["ename"] == "OSError"
    fill = "for k in range(9):\n    open(f'{}/{{k}}', 'wb').write(bytes(900_000))"
    for folder in ("/box", "/tmp", "/dev/shm"):
        assert "No space left" in str(quick.run(fill.format(folder)).outputs)
    for folder in ("/", "/dev", "/root", "/course", "/usr", "/var"):
        assert quick.run(f"open('{folder}/x', 'w')").failed
    assert not quick.run("1").failed


# --- a worker that misbehaves ----------------------------------------------------------------------

DEADLY = {
    "ends": ("import os\nos._exit(0)", "its process ended"),
    "crashes": ("import ctypes\nctypes.string_at(0)", "its process ended"),
    "kills itself": (
        "import resource, signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
        "ended|stop",
    ),
    "is deaf": ("import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass", "did not stop"),
    "catches what stops it": (
        "import time\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass",
        "did not",
    ),
    "floods": (CHANNEL + "while True: os.write(channel, b'x' * 65536)", "too much"),
    "floods with lines": (
        CHANNEL + "while True:\n    try: os.write(channel, b'\\n' * 65536)\n    except BaseException: pass",
        "nonsense|did not stop",
    ),
    "floods with replies": (
        CHANNEL + "while True: os.write(channel, b'{\"id\": 0}\\n' * 9999)",
        "nonsense|did not stop",
    ),
    "nests": (CHANNEL + "os.write(channel, b'[' * 10**6 + b'\\n')\nos._exit(0)", "ended"),
    "is no JSON": (CHANNEL + "os.write(channel, b'\\xff\\xfe{]\\n' * 200)\nwhile True: pass", "nonsense"),
    "is a number": (CHANNEL + "os.write(channel, b'9' * 10**5 + b'\\n')\nos._exit(0)", "ended"),
    "closes its channel": (CHANNEL + "os.close(channel)", "ended"),
    "closes all": ("import os\nos.closerange(0, 99)", "ended"),
    "replaces its writer": ("import json\njson.dumps = lambda *a, **k: 1 / 0", "ended"),
    "replaces its reader": ("import json\njson.loads = lambda *a, **k: {'id': 9, 'do': 'run'}\nraise SystemExit", None),
    "replaces its cells": ("get_ipython().run_cell = None", None),
    "has no recursion": ("import sys\nsys.setrecursionlimit(30)", None),
}


@pytest.mark.parametrize(("code", "says"), DEADLY.values(), ids=DEADLY)
def test_a_worker_that_misbehaves_is_dead_in_time_and_a_new_one_works(quick, code, says):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with at_most(1 + GRACE + 4):
        try:
            quick.run(code)
            quick.run("1")
            assert says is None
        except Died as death:
            assert says is None or any(word in str(death) for word in says.split("|")), death
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000, "kilobytes"
    quick.start()
    assert quick.run("6 * 7").outputs[0]["data"] == {"text/plain": "42"}


def test_one_that_reads_nothing_more_is_dead_in_time(copy):
    """It answers for itself and sleeps, and what it is to read next does not fit into the pipe."""
    code = f'import time\n{CHANNEL}os.write(channel, b\'{{"id": 2, "outputs": []}}\\n\')\n'
    code += "while True:\n    try: time.sleep(99)\n"
    with opened(copy, QUICK) as session:
        session.run(f"{code}    except BaseException: pass")
        with at_most(1 + GRACE + 2), pytest.raises(Died, match="did not stop in time"):
            session.run("#" * 10**6)
        session.start()
        assert not session.run("#" * 10**6).failed


def test_replies_forged_beforehand_are_claims_and_no_more(copy):
    forged = (
        f"import json\n{CHANNEL}"
        "for k in range(1, 9):\n    os.write(channel, json.dumps({'id': k, 'outputs': 5}).encode() + b'\\n')"
    )
    with opened(copy, QUICK) as session:
        with pytest.raises(Died, match="nonsense"):
            session.run(forged)
        with pytest.raises(Died, match="nonsense"):
            session.ask("f", "function", {}, {})
        session.start()
        assert session.ask("f", "function", {}, {}) is None


def test_nothing_survives_its_session(copy):
    before = set(_running())
    with opened(copy, QUICK) as session:
        there = _started_since(before)
        assert len(there) >= 4, "the template and its bubblewrap, the notebook and what waits in its sandbox"
        assert all(os.getsid(pid) != os.getsid(0) for pid in there)
        session.run("import threading, time\nthreading.Thread(target=time.sleep, args=[60]).start()")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and there & set(_running()):
        time.sleep(0.05)
    assert not there & set(_running())


def _running():
    """Yield the processes of this machine that run."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if path.read_text().rpartition(") ")[2][0] != "Z":
                yield int(path.parent.name)


def _started_since(before):
    """Return the processes of sandboxes that are there now and were not before."""
    found = set()
    for pid in set(_running()) - before:
        with suppress(OSError):
            if b"worker.py" in (line := Path(f"/proc/{pid}/cmdline").read_bytes()) or b"prctl" in line:
                found.add(pid)
    return found


def test_a_sandbox_that_does_not_start_says_so_and_leaves_nothing(copy, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(bubblewrap, "command", lambda *a: ["/bin/false"])
    with pytest.raises(SandboxError, match="the sandbox did not start"), opened(copy):
        pass
    assert not list(tmp_path.iterdir())


def replying(reply):
    """Return a session whose worker gives this reply to whatever it is asked."""
    session = Session.__new__(Session)
    session.limits, session.deadline = QUICK, time.monotonic() + 60
    session.worker = SimpleNamespace(request=lambda *a, **k: reply)
    return session


HONEST = {"value": 1.5, "error": None, "missing": None, "warning": None, "changed": [], "attempted": True}
HONEST |= {"proved": False}


def test_an_honest_reply_is_an_answer():
    assert replying({"answer": HONEST}).ask("f", "function", {}, {}).value == 1.5


@pytest.mark.parametrize(
    "answer",
    [None, 5, [], "right", {}]
    + [{**HONEST, name: 5} for name in HONEST if name != "value"]
    + [{**HONEST, "value": v} for v in ({"array": "x"}, [1], {"dict": 5}, {"list": [{"list": [{}]}]})]
    + [{**HONEST, "proved": "yes"}, {**HONEST, "error": ["x"]}, {**HONEST, "attempted": None}],
)
def test_an_answer_of_another_form_is_nonsense(answer):
    with pytest.raises(Died, match="nonsense"):
        replying({"answer": answer}).ask("f", "function", {}, {})


def test_what_an_answer_says_is_cut():
    answer = replying({"answer": {**HONEST, "error": "x" * 10**6, "changed": ["y" * 999] * 999}}).ask("f", "", {}, {})
    assert len(answer.error) == 2000
    assert len("".join(answer.changed)) == 1000


@pytest.mark.parametrize("outputs", [None, "text", {"a": 1}, 5])
def test_outputs_of_another_form_are_nonsense(outputs):
    with pytest.raises(Died, match="nonsense"):
        replying({"outputs": outputs}).run("1")


HARD_TO_LOOK_AT = {
    "an enormous number": "return 10**5000",
    "a conversion that fails": "class A:\n        def __array__(self, *a, **k): raise SystemExit\n    return A()",
    "a name that fails": "class M(type):\n        __name__ = property(lambda s: 1 / 0)\n    return M('A', (), {})()",
    "a class that lies": "class A:\n        __class__ = property(lambda s: 1 / 0)\n    return A()",
    "a key that fails": "class A:\n        def __str__(self): raise KeyboardInterrupt\n    return {A(): 1}",
    "an error that fails": "class E(Exception):\n        def __str__(self): raise MemoryError\n    raise E",
    "a list in itself": "a = []\n    a.append(a)\n    return a",
    "a dict in itself": "a = {}\n    a[1] = a\n    return a",
    "a list of lists of lists": "a = 1\n    for _ in range(40): a = [a]\n    return a",
    "an array of objects": "import numpy as np\n    return np.array([{}, 1], dtype=object)",
    "an argument that was replaced": "x.append(x)\n    return x",
}


@pytest.mark.parametrize("body", HARD_TO_LOOK_AT.values(), ids=HARD_TO_LOOK_AT)
def test_a_value_that_is_hard_to_look_at_kills_nobody(session, body):
    session.run(f"def f(x):\n    {body}")
    answer = session.ask("f", "function", {}, {"x": 1})
    assert answer.error or answer.value is not None
    assert session.ask("f", "function", {}, {"x": 1}) is not None, "it still lives"


# --- the next notebook -----------------------------------------------------------------------------

LEFT_BEHIND = """
import builtins, ctypes, fcntl, os, resource, signal, sys, threading
import matplotlib, numpy, helpers.relu_network
from pathlib import Path

def left(deed):
    try:
        return deed()
    except BaseException as failure:
        return failure

for folder in ("/tmp", "/box", "/dev/shm", "/tmp/matplotlib", "/tmp/ipython"):
    left(lambda: Path(folder, "left").write_text("left"))
    left(lambda: os.symlink("/course/helpers", folder + "/link"))
    left(lambda: os.makedirs(folder + "/deep/deeper"))
    left(lambda: Path(folder, "deep/deeper/left").write_text("left"))
    left(lambda: os.chmod(folder + "/deep/deeper", 0))
    left(lambda: os.chmod(folder + "/deep", 0))
builtins.print = numpy.sum = helpers.relu_network.forward = sys.stdout = None
os.environ["LEFT"] = "left"
matplotlib.rcParams["lines.linewidth"] = 99
threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()
libc = ctypes.CDLL(None, use_errno=True)
reached = {
    "shared memory": libc.shmget(7, 4096, 0o1600) != -1,
    "a queue": libc.msgget(7, 0o1600) != -1,
    "limits": not isinstance(left(lambda: resource.prlimit(1, resource.RLIMIT_CPU, (1, 1))), BaseException),
    "priority": not isinstance(left(lambda: os.setpriority(os.PRIO_PROCESS, 1, 19)), BaseException),
    "place": not isinstance(left(lambda: os.sched_setaffinity(1, {0})), BaseException),
    "signals": not isinstance(left(lambda: os.kill(1, signal.SIGTERM)), BaseException),
    "owner": not isinstance(left(lambda: fcntl.fcntl(0, fcntl.F_SETOWN, 1)), BaseException),
    "memory": not isinstance(left(lambda: open("/proc/1/mem", "r+b")), BaseException),
    "channels": [n for n in os.listdir("/proc/1/fd") if not isinstance(
        left(lambda: open(f"/proc/1/fd/{n}", "r+b")), BaseException)],
}
import builtins
sys.__stdout__ = None
get_ipython().display_pub.publish({"text/plain": str([name for name in reached if reached[name]])})
"""
LOOK = """
import builtins, os, sys, threading
import matplotlib, numpy, helpers.relu_network
found = [os.path.join(top, name) for f in ("/tmp", "/box", "/dev/shm") 
    for top, folders, names in os.walk(f) for name in names + folders]
print([path for path in found if "left" in path or "link" in path or "deep" in path])
print(numpy.sum, helpers.relu_network.forward, "LEFT" in os.environ, matplotlib.rcParams["lines.linewidth"])
pipes = [os.readlink(f"/proc/self/fd/{n}") for n in range(99) if os.path.lexists(f"/proc/self/fd/{n}")]
get_ipython().display_pub.publish({"text/plain": str(sorted(pipe for pipe in pipes if "socket" in pipe))})
print(threading.active_count(), len([p for p in os.listdir("/proc") if p.isdigit()]), "left" in globals())
"""


def test_a_notebook_finds_nothing_of_the_one_before(copy):
    """What it reads, writes, patches or leaves running ends with it; the next one is as good as in a fresh worker."""
    with Worker(copy, Limits.files) as worker:
        with Session(worker) as session:
            looked = session.run(LOOK)
            fresh, pipes = printed(looked), looked.outputs[-2]["data"]["text/plain"]
        template = worker.template
        with Session(worker) as session:
            ran = session.run(LEFT_BEHIND)
            assert not ran.failed, ran.outputs
            assert ran.outputs[-1]["data"]["text/plain"] == "[]", "it reached the process that the next one comes from"
        with Session(worker) as session:
            looked = session.run(LOOK)
            again, others = printed(looked), looked.outputs[-2]["data"]["text/plain"]
        assert not set(re.findall(r"\d+", pipes)) & set(re.findall(r"\d+", others)), "they share a pipe"
        assert worker.template is template, "the same template"

    def bare(text):
        return re.sub(r" at 0x\w+", "", text)

    assert fresh.startswith("[]\n")
    assert fresh.endswith("1 2 False\n")
    assert bare(again) == bare(fresh)


def test_two_notebooks_do_not_share_chance(copy):
    with Worker(copy, Limits.files) as worker:
        drawn = []
        for _ in range(2):
            with Session(worker) as session:
                drawn.append(printed(session.run("import random, numpy\nprint(random.random(), numpy.random.rand())")))
    assert drawn[0] != drawn[1]


def test_a_template_that_is_killed_between_notebooks_is_replaced(copy):
    with Worker(copy, Limits.files) as worker:
        with Session(worker) as session:
            assert not session.run("1").failed
        os.killpg(worker.template.process.pid, signal.SIGKILL)
        with Session(worker) as session:
            assert printed(session.run("print(6 * 7)")) == "42\n"


def test_workers_that_share_a_template_run_side_by_side_and_need_it_no_longer_once_they_run(copy):
    with Template(copy, Limits.files) as template:
        workers = [Worker(copy, Limits.files, template=pickle.loads(ForkingPickler.dumps(template))) for _ in range(2)]
        sessions = [Session(worker) for worker in workers]
        for number, session in enumerate(sessions):
            session.run(f"open('/tmp/mine', 'w').write('{number}')\nmine = {number}")
    for number, session in enumerate(sessions):
        assert printed(session.run("print(open('/tmp/mine').read(), mine)")) == f"{number} {number}\n"
    sessions[0].start()  # its worker makes a template of its own
    assert printed(sessions[0].run("print('mine' in globals())")) == "False\n"
    for worker in workers:
        worker.__exit__()


# --- what is not there -----------------------------------------------------------------------------


def test_nothing_of_the_instructors_is_to_be_seen(copy, root):
    with opened(copy) as session:
        _sees_nothing(session, root)


def _sees_nothing(session, root):
    ran = session.run(
        "import os, sys\nseen = [os.environ, sys.argv, os.listdir('/'), os.listdir('.')]\n"
        "seen += [open(f'/proc/{p}/cmdline').read() for p in os.listdir('/proc') if p.isdigit()]\n"
        "fds = [os.readlink(f'/proc/self/fd/{n}') for n in range(99) if os.path.lexists(f'/proc/self/fd/{n}')]\n"
        "processes = [p for p in os.listdir('/proc') if p.isdigit()]\nprint(len(processes), fds)"
    )
    count, fds = printed(ran).split(" ", 1)
    assert count == "2"
    assert {name.split(":")[0].strip("[]' \n") for name in fds.split(",")} == {"/dev/null", "socket", "anon_inode"}
    environment = printed(session.run("print('\\n'.join(os.environ))")).split()
    assert set(environment) <= {*bubblewrap.environment(), "PWD"}
    for path in (root / "helpers" / "answers", root / ".git", Path.home() / ".bashrc", root / "source"):
        assert printed(session.run(f"print(os.path.exists({str(path)!r}))")) == "False\n"
    # an environment that lies in the checkout is seen, and nothing beside it
    beside = printed(session.run(f"print(*(os.listdir({str(root)!r}) if os.path.exists({str(root)!r}) else []))"))
    assert set(beside.split()) <= {Path(sys.prefix).name}


def test_no_file_inside_holds_an_answer_or_the_repository(session):
    """All files but the system's are read, and the names of Python's own packages."""
    ran = session.run(
        "import os, sys\nfound = []\nfor top, folders, files in os.walk('/'):\n"
        "    folders[:] = [f for f in folders if f not in ('usr', 'proc', 'dev', 'lib', 'lib64', 'etc')]\n"
        "    packages = top.startswith((sys.prefix, sys.base_prefix))\n"
        "    for name in folders + files:\n        path = os.path.join(top, name)\n"
        "        if name in ('.git', 'answers', 'mistakes', 'gradebook.db', 'solutions', 'backprop-hidden'):\n"
        "            found.append(path)\n        elif not packages and os.path.isfile(path):\n"
        "            text = open(path, errors='replace').read()\n"
        "            if 'class ' + 'Right' in text: found.append(path)\nprint(found)"
    )
    assert [path for path in eval(printed(ran)) if "site-packages" not in path] == []
    session.run("from importlib.util import find_spec")
    for name in ("grader", "tests", "helpers.answers", "helpers.mistakes"):
        assert printed(session.run(f"print(find_spec({name!r}))")) == "None\n"


SCAN = """
import numpy as np
MASK = np.uint64(0x5A5A5A5A5A5A5A5A)

def scan(masked):
    "Return which of these 8 bytes, masked, lie anywhere in what this process can read of itself."
    masked, found, low = {int(n) for n in masked}, set(), np.uint64(0xFFFF)
    few = np.zeros(1 << 16, bool)
    few[[n & 0xFFFF for n in masked]] = True
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps.read().splitlines():
            start, end = (int(n, 16) for n in line.split()[0].split("-"))
            if "rw" not in line.split()[1] or end - start > 1 << 28:
                continue
            try:
                memory.seek(start)
                piece = memory.read(end - start)
            except (OSError, ValueError):
                continue
            for shift in range(8):
                words = np.frombuffer(piece[shift : shift + (len(piece) - shift) // 8 * 8], np.uint64) ^ MASK
                found |= masked & set(words[few[words & low]].tolist())
    return len(found)
"""


def masked(texts):
    """Return the first 8 bytes of each, so that what looks for them does not find itself."""
    return [str(int.from_bytes(text[:8], "little") ^ 0x5A5A5A5A5A5A5A5A) for text in texts]


def numbers(value):
    if isinstance(value, dict):
        return [number for entry in value.values() for number in numbers(entry)]
    if isinstance(value, str) or value is None or callable(value):
        return []
    return [float(n) for n in np.ravel(value) if len(repr(float(n))) > 12]


def test_no_right_output_lies_in_the_memory_of_the_worker(copy, tmp_path, monkeypatch):
    build.write(ROOM, 7, tmp_path)
    monkeypatch.setenv(reference.HIDDEN_CASES, str(tmp_path))
    cases = [case for name in reference.exercises(ROOM) for case in reference.load(ROOM, name).cases]
    secret = {n for case in cases for n in numbers(case.right)} | {
        n for case in cases if case.hidden for n in numbers(case.inputs)
    }
    secret -= {n for case in cases if not case.hidden for n in numbers(case.inputs)}
    assert len(secret) > 50
    right = {form for n in secret for form in (np.float64(n).tobytes(), repr(n).lstrip("-0.").encode())}
    with opened(copy, Limits(cell=120)) as session:
        session.run("from helpers import check, reference\nimport helpers.judging\n" + SCAN)
        session.run(f"loaded = [reference.load({ROOM!r}, n) for n in reference.exercises({ROOM!r})]")
        session.run(f"check({ROOM!r}, 'gradient', lambda W, X, y: W)")
        session.run("there = np.sqrt(np.arange(2.0, 5.0)) / 7, [str(7 / 13)[2:]]")
        there = masked([n.tobytes() for n in np.sqrt(np.arange(2.0, 5.0)) / 7] + [str(7 / 13)[2:].encode()])
        assert printed(session.run(f"print(scan({there!r}))")) == "4\n", "else this scan would prove nothing"
        assert printed(session.run(f"print(scan({masked(sorted(right))!r}))")) == "0\n"


def test_the_copy_for_the_sandbox_holds_no_output_and_no_backward_pass(copy):
    assert not (copy / "helpers" / "answers").exists()
    for path in (copy / "helpers" / "cases").glob("*.json"):
        assert '"right": null' in path.read_text()
        assert not any(f'"right": {start}' in path.read_text() for start in "[{0123456789-")
    for path in copy.rglob("*.py"):
        assert "class Right" not in path.read_text()
    for room in answers.ROOMS:
        assert "right" not in str(room)


# --- the canary ------------------------------------------------------------------------------------


def without(command, *parts):
    """Return the command with each run of these parts taken out."""
    kept, k = [], 0
    while k < len(command):
        if tuple(command[k : k + len(parts)]) == parts:
            k += len(parts)
        else:
            kept.append(command[k])
            k += 1
    assert kept != command
    return kept


def unshared(command, missing):
    others = [name for name in ("ipc", "net", "pid", "uts", "cgroup-try") if name != missing]
    place = command.index("--unshare-all")
    command = [*command[:place], *(f"--unshare-{name}" for name in others), *command[place + 1 :]]
    return without(command, "--hostname", "sandbox") if missing == "uts" else command


def added(command, *parts):
    place = command.index("--chdir")
    return [*command[:place], *parts, *command[place:]]


def with_a_secret(command):
    place = command.index("--")
    return [*command[:place], "--setenv", "CANARY_OF_THE_GRADER", "secret", *command[place:]]


def before_the_walls_are_closed(command, *parts):
    place = command.index("--remount-ro")
    return [*command[:place], *parts, *command[place:]]


def writable(command, path):
    place = next(k for k, part in enumerate(command) if part == "--ro-bind" and command[k + 2] == path)
    return [*command[:place], "--bind", *command[place + 1 :]]


def prefix():
    return next(iter(bubblewrap._prefixes()), "/usr")


ROOT = Path(__file__).resolve().parent.parent
WEAKER = {
    "the network is shared": (lambda c: [*c[:1], *unshared(c, "net")[1:]], "namespaces"),
    "processes are shared": (lambda c: unshared(without(c, "--as-pid-1"), "pid"), "did not start"),
    "bubblewrap's own process is there": (lambda c: without(c, "--as-pid-1"), "processes of others"),
    "shared memory is shared": (lambda c: unshared(c, "ipc"), "namespaces"),
    "the host's name is shared": (lambda c: unshared(c, "uts"), "namespaces"),
    "all files are there": (lambda c: before_the_walls_are_closed(c, "--ro-bind", "/", "/all"), "folders"),
    "all files are there, in their places": (
        lambda c: [*c[: c.index("--ro-bind")], "--ro-bind", "/", "/", *c[c.index("--ro-bind") :]],
        "",
    ),
    "the course is there": (
        lambda c: before_the_walls_are_closed(c, "--ro-bind", str(ROOT), str(ROOT)),
        "the folder of the course",
    ),
    "logs are there": (lambda c: before_the_walls_are_closed(c, "--ro-bind", "/var", "/var"), "folders"),
    "settings are there": (lambda c: before_the_walls_are_closed(c, "--ro-bind", "/etc", "/etc"), "folders"),
    "files have no bound": (lambda c: without(c, "--size", str(Limits.files)), "more room"),
    "the root can be written": (lambda c: without(c, "--remount-ro", "/"), "only to be read"),
    "the devices can be written": (lambda c: without(c, "--remount-ro", "/dev"), "only to be read"),
    "the helpers can be written": (lambda c: writable(c, "/course"), "helpers|only to be read"),
    "the system can be written": (lambda c: writable(c, "/usr"), "only to be read|system's folders"),
    "Python can be written": (lambda c: writable(c, prefix()), "only to be read"),
    "the environment is kept": (lambda c: with_a_secret(c), "environment"),
}


def where_it_applies(weaken, command):
    try:
        return weaken(command)
    except (ValueError, StopIteration, AssertionError):
        return command


@pytest.mark.parametrize(("weaken", "reached"), WEAKER.values(), ids=WEAKER)
def test_the_canary_notices_a_command_that_is_weaker(copy, monkeypatch, weaken, reached):
    for name in ("command", "around_template"):  # what the template does not see, no sandbox can show
        strong = getattr(bubblewrap, name)
        monkeypatch.setattr(bubblewrap, name, lambda *a, strong=strong: where_it_applies(weaken, strong(*a)))
    with pytest.raises(SandboxError) as refusal:
        prove(copy)
    assert any(word in str(refusal.value) for word in reached.split("|")), refusal.value


def test_the_canary_notices_that_a_notebook_keeps_privileges(tmp_path):
    """Whoever makes a user namespace has all privileges in it, until they are dropped."""
    student_copy.write(tmp_path)
    text = student_copy.WORKER.read_text()
    assert text.count("    drop_privileges()\n") == 1
    (tmp_path / "worker.py").write_text(text.replace("    drop_privileges()\n", ""))
    (tmp_path / "matplotlib").mkdir()
    with pytest.raises(SandboxError, match="privileges"):
        prove(tmp_path)


def test_the_canary_notices_that_the_notebooks_own_program_can_be_changed(copy, monkeypatch):
    """Its file lies where the template was started; there Python's own mode could be changed, if not its text."""
    strong = bubblewrap.around_template
    monkeypatch.setattr(bubblewrap, "around_template", lambda *a: writable(strong(*a), prefix()))
    with pytest.raises(SandboxError, match=r"a canary reached the program that it runs$"):
        prove(copy)


def test_the_canary_notices_that_the_filter_of_system_calls_is_missing(copy, monkeypatch):
    monkeypatch.setattr(calls, "program", lambda: None)
    with pytest.raises(SandboxError, match="a second process by fork"):
        prove(copy)


@pytest.mark.parametrize("call", ["socket", "kill", "ptrace", "unshare", "execve", "io_uring_setup", "fork"])
def test_the_canary_notices_a_call_that_the_filter_lets_through(copy, monkeypatch, call):
    complete = calls.refused
    monkeypatch.setattr(calls, "refused", lambda: {n: k for n, k in complete().items() if n != call})
    weak = calls.program.__wrapped__()
    monkeypatch.setattr(calls, "refused", complete)
    monkeypatch.setattr(calls, "program", lambda: weak)
    with pytest.raises(SandboxError, match="system calls"):
        prove(copy)


@pytest.mark.parametrize("name", ["memory", "files", "seconds"])
def test_the_canary_notices_that_a_limit_is_missing(copy, monkeypatch, name):
    strong = Session._confinement
    monkeypatch.setattr(Session, "_confinement", lambda self: strong(self) | {name: resource.RLIM_INFINITY})
    with pytest.raises(SandboxError, match="what a process may use"):
        prove(copy)


def test_the_canary_notices_answers_and_outputs_in_the_copy(tmp_path):
    student_copy.write(tmp_path, outputs=True)
    (tmp_path / "worker.py").write_text(student_copy.WORKER.read_text())
    (tmp_path / "matplotlib").mkdir()
    with pytest.raises(SandboxError, match="answers"):
        prove(tmp_path)


def test_the_canary_accepts_the_sandbox_as_it_is_with_other_limits_too(copy):
    prove(copy)
    prove(copy, Limits(memory=12 << 30, files=1 << 20))
