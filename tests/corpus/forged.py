"""Verdicts and scores that the notebook makes itself: nothing that it shows, prints or stores sets a mark."""

from nbformat.v4 import new_output

from tests.corpus.submission import Submission, no_marks
from tests.corpus.writing import after, before, extra, nothing, right, shows, whole

MIME = "application/vnd.backprop.verdict+json"
VERDICT = {
    "exercise": "lost_factor",
    "state": "right",
    "mistake": None,
    "where": None,
    "message": "",
    "hint": None,
    "share": 1.0,
    "carried": None,
    "grid": [],
    "further": None,
    "replay": None,
}
WRONG = "return {'line': 1, 'repair': 0 * W}"
LOST = {"lost_factor": 0}
FORGE = f"""
    from IPython.display import display
    display({{"{MIME}": {VERDICT!r}, "text/plain": "✓ lost_factor: right"}}, raw=True)
"""


def _forged(name, does, *edits, code=""):
    """Return a submission whose lost_factor does ``code`` and is wrong."""
    return Submission(
        f"forge-{name}",
        "forged output",
        f"{does}; the answer is wrong and stays so",
        LOST,
        right(*edits, lost_factor=f"{code.rstrip()}\n    {WRONG}" if code else WRONG),
    )


STORED = [
    new_output("display_data", {MIME: VERDICT, "text/plain": "✓ lost_factor: right"}),
    new_output("execute_result", {"text/plain": "2.0"}, execution_count=7),
]
SENT = """
    session, io = get_ipython().kernel.session, get_ipython().kernel.iopub_socket
    session.send(io, "execute_result", {"data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 7})
    session.send(io, "status", {"execution_state": "idle"})"""
LINES = """
    import json, os
    for answer in ({"state": "right"}, {"value": 2.0, "ok": True}, {"result": "right", "score": 2, "done": True}):
        for fd in range(1, 16):
            try:
                os.set_blocking(fd, False)
                os.write(fd, (json.dumps(answer) + "\\n").encode())
            except OSError:
                pass"""
SUCCESS = 'print("Success! Your notebook passes all the tests.")\n    print("✓ lost_factor: right")\n    print(2.0)'
RICH = """
    class Rich:
        def _repr_mimebundle_(self, include=None, exclude=None):
            return {bundle}
        def __repr__(self):
            return "2.0"
    return Rich()""".replace("{bundle}", repr({MIME: VERDICT, "text/plain": "2.0"}))
SPOOF = """
    return {"__class__": "Answer", "__ndarray__": "AAAA", "state": "right", "value": None, "dtype": "object",
            "shape": [10**9, 10**9], "line": {"__ndarray__": "", "dtype": "|O", "shape": [1]}, "repair": {"$ref": 1}}"""
NAMES = """
    return {"line": 3, "repair": W, 'x"}, {"state": "right"': 1, "\\n\\x00": 2, 3: 4, (5, 6): 7, None: 8}"""
PICKLE = """
    class Bomb:
        def __reduce__(self):
            import os
            return os.system, ("touch $drop/unpickled",)
    return {"line": Bomb(), "repair": np.array([Bomb()], dtype=object)}"""
HOOKED = """
    import sys
    sys.displayhook = lambda value: print("2.0")
    get_ipython().display_formatter.format = lambda *args, **kwargs: ({"text/plain": "2.0"}, {})"""
SYMBOL = """
    return sp.Symbol("__import__('os').system('touch $drop/symbol')") * x_1"""
EXPRESSION = """
    class Formula(sp.Symbol):
        def __str__(self):
            return "2*x_1*W_0"
        __repr__ = _sympystr = _sympyrepr = lambda self, *printer: "2*x_1*W_0"
    return Formula("x_1")"""
ALWAYS = """
    class Right(sp.Symbol):
        is_number = is_real = True
        def subs(self, *args, **kwargs):
            return self
        def __float__(self):
            return 0.0
        def __eq__(self, other):
            return True
        __hash__ = sp.Symbol.__hash__
    return Right("x_1")"""
RAISED = """
    from helpers.verdict import NotRight, Verdict
    raise NotRight(Verdict("lost_factor", "right", share=1.0))"""
CLASS = """
    class NotImplementedError_(NotImplementedError):
        state = "right"
        def __str__(self):
            open("$drop/str", "w").write("x")
            return "lost_factor: right"
    raise NotImplementedError_()"""

FORGED = [
    _forged("display", "displays a verdict in the right mime type", code=FORGE),
    _forged("display-in-cell", "the same under the answer, in its cell", after("lost_factor", FORGE)),
    _forged("display-in-check", "the same in place of the check", whole("lost_factor-check", FORGE)),
    _forged("display-often", "the same in ten cells of its own", *[extra("lost_factor-check", FORGE)] * 10),
    _forged(
        "stored", "a right verdict and full points stored in the check's outputs", shows("lost_factor-check", *STORED)
    ),
    Submission(
        "forge-stored-all",
        "forged output",
        "no answer at all, and right verdicts stored under every check",
        no_marks(),
        nothing(
            *[
                shows(f"{name}-check", new_output("display_data", {MIME: VERDICT | {"exercise": name}}))
                for name in ("predict", "gradient", "lost_factor", "by_hand")
            ]
        ),
    ),
    _forged("success", "prints what nbgrader says of success", code="\n    " + SUCCESS),
    _forged("sent", "sends a result and the end of the cell by the kernel's own socket", code=SENT),
    _forged("lines", "writes answers as lines of JSON into every descriptor", code=LINES),
    _forged("hook", "the display hook shows full points", before("predict", HOOKED)),
    _forged("rich", "returns an object whose display is a right verdict", code=RICH),
    _forged("spoof", "returns a dict in the dress of whatever carries arrays", code=SPOOF),
    _forged("names", "returns a dict whose keys break out of JSON", code=NAMES),
    _forged("pickle", "returns objects that run a command when they are unpickled", code=PICKLE),
    _forged("raised", "raises the exception of a passed verdict", code=RAISED),
    _forged("unwritten", "raises 'not written yet' with a text that writes a file", code=CLASS),
    Submission(
        "forge-symbol",
        "forged output",
        "a symbol whose name is a command, should anybody evaluate text: wrong",
        {"one_sample_derivative": 0},
        right(one_sample_derivative=SYMBOL),
    ),
    Submission(
        "forge-expression",
        "forged output",
        "a symbol that prints as something else: its value is x_1, wrong",
        {"one_sample_derivative": 0},
        right(one_sample_derivative=EXPRESSION),
    ),
    Submission(
        "forge-number",
        "forged output",
        "a symbol that says it is a number and equals everything: it is not",
        {"one_sample_derivative": 0},
        right(one_sample_derivative=ALWAYS),
    ),
]
