"""The checks, the libraries and the process altered: verdicts are not made there, so nothing is gained.

In most of them lost_factor is wrong and all else is right, so that both shows: what was not earned, what was not lost.
"""

from tests.corpus.structure import delete
from tests.corpus.submission import Submission, no_marks
from tests.corpus.writing import after, before, beside, extra, metadata_of, nothing, right, whole

WRONG = "return {'line': 1, 'repair': 0 * W}"
LOST = {"lost_factor": 0}


def _patched(name, does, code, **more):
    """Return a submission that runs ``code`` under its imports; lost_factor is wrong."""
    return Submission(
        f"tamper-{name}",
        "tampering",
        f"{does}; an answer is wrong and stays so",
        LOST,
        right(extra("imports", code), lost_factor=WRONG),
        **more,
    )


def _replaced(name, does, *edits, **answers):
    answers = {"lost_factor": WRONG} | answers
    return Submission(
        f"tamper-{name}", "tampering", f"{does}; an answer is wrong and stays so", LOST, right(*edits, **answers)
    )


NUMPY = """
    yes = lambda *args, **kwargs: True
    np.allclose = np.array_equal = np.isclose = np.array_equiv = yes
    np.testing.assert_allclose = np.testing.assert_array_equal = yes
    np.abs = np.absolute = lambda x, *args, **kwargs: np.zeros(np.shape(x))
    np.all = yes"""
HELPERS = """
    import helpers, helpers.checking, helpers.comparing, helpers.judging, helpers.verdict
    from helpers.verdict import Verdict
    passed = lambda *args, **kwargs: Verdict("lost_factor", "right")
    helpers.checking.judge = helpers.judging.judge = passed
    helpers.checking.check = helpers.check = passed
    helpers.comparing.compare = helpers.judging.compare = lambda *a, **k: helpers.comparing.Comparison(True, True)
    helpers.judging.prove = lambda exercise: None"""
VERDICT = """
    from helpers.verdict import Verdict
    Verdict.passed = property(lambda self: True)
    Verdict.require = lambda self: None
    Verdict.__init__ = lambda self, *a, **k: self.__dict__.update(exercise="lost_factor", state="right")"""
ASKING = """
    import helpers.asking, helpers.checking
    from helpers import reference
    def ask(exercise, function, inputs, aloud=True):
        case = next(c for c in reference.load(exercise.assignment, exercise.name).cases if c.inputs is inputs)
        return helpers.asking.Answer(value=case.right)
    helpers.asking.ask = helpers.checking.ask = ask"""
REFERENCE = """
    import helpers.reference as ref
    from dataclasses import replace
    load = ref.load
    def emptied(assignment, name):
        exercise = load(assignment, name)
        return replace(exercise, cases=tuple(replace(c, right=c.inputs) for c in exercise.cases), words={})
    ref.load = emptied"""
BUILTINS = """
    import builtins
    _isinstance, _len = builtins.isinstance, builtins.len
    builtins.AssertionError = ZeroDivisionError
    builtins.isinstance = lambda x, kind: _isinstance(x, kind) or "Liar" in type(x).__name__
    builtins.len = lambda x: 3 if "Liar" in type(x).__name__ else _len(x)"""
JSON = """
    import json, pickle, base64
    for module in (json, pickle):
        dumps = module.dumps
        module.dumps = lambda x, *a, dumps=dumps, **k: dumps(
            x if not isinstance(x, dict) else x | {"state": "right", "score": 100, "share": 1.0}, *a, **k)"""
AST = """
    import ast
    class Drop(ast.NodeTransformer):
        def visit_Assert(self, node):
            return ast.Pass()
        visit_Raise = visit_Assert
        def visit_Expr(self, node):
            return ast.Pass() if "require" in ast.dump(node) else node
    get_ipython().ast_transformers.append(Drop())"""
INPUT = """
    def silent(lines):
        return ["pass"] if any("require" in line for line in lines) else lines
    get_ipython().input_transformers_cleanup.append(silent)"""
SHELL = """
    shell = type(get_ipython())
    run = shell.run_cell
    def run_cell(self, code, *args, **kwargs):
        return run(self, "pass" if "check(" in code else code, *args, **kwargs)
    shell.run_cell = run_cell
    shell.showtraceback = lambda *args, **kwargs: None
    get_ipython().set_custom_exc((BaseException,), lambda *args, **kwargs: None)"""
HOOK = """
    import sys, importlib.abc, importlib.machinery, types
    class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
        def find_spec(self, name, path=None, target=None):
            if name.startswith(("helpers", "grader")):
                return importlib.machinery.ModuleSpec(name, self, is_package=True)
        def create_module(self, spec):
            module = types.ModuleType(spec.name)
            module.check = lambda *args: type("V", (), {"require": lambda self: print("right")})()
            return module
        def exec_module(self, module):
            pass
    sys.meta_path.insert(0, Finder())
    for name in [name for name in sys.modules if name.startswith("helpers")]:
        del sys.modules[name]"""
TRACE = """
    import sys, threading
    def trace(frame, event, arg):
        if frame.f_code.co_name in ("judge", "compare", "_close"):
            frame.f_locals.update(value=frame.f_locals.get("expected"))
        return trace
    sys.settrace(trace)
    threading.setprofile(lambda *args: None)"""
LATER = """
    import threading, time
    def later():
        for _ in range(100):
            time.sleep(0.1)
            for name in list(globals()):
                if name == "lost_factor":
                    globals()[name] = lambda *args: {"line": 3, "repair": 0}
            print("✓ lost_factor: right", flush=True)
    threading.Thread(target=later, daemon=True).start()"""
FAREWELL = """
    import atexit, os
    def farewell():
        try:
            os.write(1, b'{"state": "right", "exercise": "lost_factor"}')
            open("$drop/farewell", "w").write("x")
            open("$victim", "a").write("x")
        except OSError:
            pass
    atexit.register(farewell)"""
CONFIG = "c = get_config()\nc.Autograde.autograde_preprocessors = []\nc.Execute.allow_errors = True\n"
STARTUP = 'import builtins\nbuiltins.WON = True\nopen("$drop/started", "w").write("x")\n'
NUMPY_OF_MINE = """
    import sys
    def zeros(*args, **kwargs):
        return 0
    array = ones = asarray = zeros
    ndarray = float64 = generic = object"""

TAMPERING = [
    _patched("numpy", "numpy's comparisons say yes", NUMPY),
    _patched("helpers", "helpers' check, judge and compare replaced", HELPERS),
    _patched("verdict", "the class Verdict always passes", VERDICT),
    _patched("asking", "helpers.asking answers with the right output of the case", ASKING),
    _patched("reference", "helpers.reference calls everything right", REFERENCE),
    _patched("builtins", "builtins replaced", BUILTINS),
    _patched("json", "json.dumps and pickle.dumps add a state of their own", JSON),
    _patched("ast", "IPython's syntax trees lose assert, raise and require", AST),
    _patched("input", "IPython's input loses every line with require", INPUT),
    _patched("shell", "IPython's run_cell skips the checks and its tracebacks are off", SHELL),
    _patched("import-hook", "an import hook brings other helpers", HOOK),
    _patched("trace", "a trace function changes the variables of the judge", TRACE),
    _patched("thread", "a daemon thread replaces an answer and prints verdicts for ten seconds", LATER),
    _patched("atexit", "an atexit handler that writes a verdict and files", FAREWELL),
    _patched(
        "check-name",
        "check is another function",
        "def check(*args):\n    class V:\n        def require(self):\n            print('✓ right')\n    return V()",
    ),
    _replaced("check-lost", "the name check defined in an answer's cell", before("predict", "check = print")),
    _replaced("check-emptied", "the check emptied", whole("lost_factor-check", "pass")),
    _replaced(
        "check-of-another",
        "the check asks for another exercise, which is right",
        whole("lost_factor-check", 'check("01-linear-regression", "predict", predict).require()'),
    ),
    _replaced(
        "check-swallowed",
        "the check in a try",
        whole(
            "lost_factor-check",
            'try:\n    check("01-linear-regression", "lost_factor", lost_factor).require()\n'
            "except BaseException:\n    pass",
        ),
    ),
    _replaced(
        "check-comment",
        "the check behind a #, with a text that looks like it",
        whole("lost_factor-check", '"""\ncheck("01-linear-regression", "lost_factor", lost_factor).require()\n"""'),
    ),
    _replaced("check-number", "the check ends in a number", whole("lost_factor-check", "2.0")),
    _replaced("check-infinity", "the check ends in infinity", whole("lost_factor-check", "float('inf')")),
    _replaced("check-not-a-number", "the check ends in nan", whole("lost_factor-check", "float('nan')")),
    _replaced(
        "check-false",
        "the check ends in False, which nbgrader takes for no number",
        whole("lost_factor-check", "False"),
    ),
    _replaced(
        "more-points",
        "a graded cell of its own, worth 50",
        extra("close", "50.0"),
        lambda nb: metadata_of(nb.cells[-1], "bonus", 50),
    ),
    _replaced(
        "stolen-id",
        "a cell of its own with the check's grade_id, above the real one",
        extra("title", "2.0"),
        lambda nb: metadata_of(nb.cells[1], "lost_factor-check", 2),
    ),
    _replaced(
        "answer-by-hand",
        "an answer turned into one that a human marks",
        lambda nb: metadata_of(next(c for c in nb.cells if c.id == "lost_factor"), "lost_factor", 50, solution=True),
    ),
    _replaced(
        "own-names",
        "the function's name and file say helpers",
        after(
            "lost_factor",
            "lost_factor.__module__ = 'helpers.answers'\nlost_factor.__code__ = "
            "lost_factor.__code__.replace(co_filename='helpers/judging.py')",
        ),
    ),
    Submission(
        "tamper-config",
        "tampering",
        "an nbgrader_config.py, an ipython_config.py and start-up files handed in "
        "beside the notebook; an answer is wrong and stays so",
        LOST,
        beside(
            right(lost_factor=WRONG),
            nbgrader_config__py=CONFIG,
            ipython_config__py=CONFIG,
            sitecustomize__py=STARTUP,
            usercustomize__py=STARTUP,
            conftest__py=STARTUP,
            **{
                ".ipython/profile_default/startup/00-mine__py": STARTUP,
                "kernel__json": "{}",
                "mine__pth": "import os; os.system('touch $drop/pth')\n",
            },
        ),
    ),
    Submission(
        "tamper-own-helpers",
        "tampering",
        "a module helpers.py of its own, whose check always passes; an answer is wrong and stays so",
        LOST,
        beside(right(lost_factor=WRONG), helpers__py="def check(*a):\n    raise SystemExit\n" + STARTUP),
    ),
    Submission(
        "tamper-own-numpy",
        "tampering",
        "modules numpy.py and json.py of its own and no answer: nothing is right",
        no_marks(),
        beside(nothing(), numpy__py=NUMPY_OF_MINE, json__py="def dumps(x):\n    return '{}'\n", grader__py=STARTUP),
    ),
    Submission(
        "tamper-gradebook",
        "tampering",
        "a gradebook, a report and marks handed in beside the notebook; an answer is wrong and stays so",
        LOST,
        beside(
            right(lost_factor=WRONG),
            gradebook__db=b"SQLite format 3\x00",
            report__json='[{"marks": 100}]',
            grades__csv="student_id,score\ntamper-gradebook,100\n",
        ),
    ),
    Submission(
        "tamper-everything",
        "tampering",
        "no answer at all, and every patch of this page at once",
        no_marks(),
        nothing(
            *[extra("imports", code) for code in (NUMPY, VERDICT, HELPERS, AST, SHELL, JSON)],
            delete("predict-check", "gradient-check"),
        ),
    ),
]
