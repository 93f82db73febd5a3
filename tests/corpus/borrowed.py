"""Answers that are not the student's: the course's own code, the reference outputs, the judge's variables.

They get no marks, whether they give the right numbers or find nothing; all else keeps its marks.
"""

from tests.corpus.submission import Submission
from tests.corpus.writing import ALONE, alone, extra, right

LOST, GRADIENT = {"lost_factor": 0}, {"gradient": 0}
BACKWARD = '_, cache = forward({"W": W}, X, y)\nreturn backward({"W": W}, cache)["W"]'
GUESS = "\nreturn {'line': 1, 'repair': 0 * W}"


def _course(name, does, code, *edits):
    """Return a submission whose gradient is the course's; descent does without it."""
    return Submission(
        f"borrow-{name}",
        "tampering",
        f"{does}: the student has written nothing, so no marks for gradient",
        GRADIENT,
        alone(*edits, gradient=code),
    )


def _reads(name, does, code, kind="escape"):
    """Return a submission whose lost_factor looks for the right output, and guesses wrong where it finds none."""
    return Submission(
        f"read-{name}",
        kind,
        f"looks for the right output {does}: it is not there, and the guess is wrong",
        LOST,
        right(lost_factor=code.strip("\n") + ("" if code.endswith("#") else _margin(code) + GUESS[1:])),
    )


def _margin(code):
    lines = [line for line in code.splitlines() if line.strip()]
    return "\n" + " " * min(len(line) - len(line.lstrip()) for line in lines)


IN_CASES = """
    try:
        from helpers import reference
        for case in reference.load("01-linear-regression", "lost_factor").cases:
            if np.array_equal(case.inputs["X"], X):
                return case.right
    except Exception:
        pass"""
IN_JSON = """
    import glob, json, sys
    for folder in [*sys.path, "$course", "/"]:
        for path in glob.glob(f"{folder}/helpers/cases/01*.json") + glob.glob(f"{folder}/course/hidden/*"):
            try:
                for case in json.load(open(path))["exercises"]["lost_factor"]["cases"]:
                    if np.array_equal(case["inputs"]["X"], X):
                        return {"line": case["right"]["line"], "repair": np.array(case["right"]["repair"])}
            except Exception:
                pass"""
IN_ENVIRONMENT = """
    import json, os
    try:
        folder = os.environ["BACKPROP_HIDDEN_CASES"]
        data = json.load(open(f"{folder}/01-linear-regression.json"))
        for case in data["exercises"]["lost_factor"]["cases"]:
            if np.array_equal(case["inputs"]["X"], X):
                return {"line": case["right"]["line"], "repair": np.array(case["right"]["repair"])}
    except Exception:
        pass"""
IN_FRAMES = """
    import sys
    frame = sys._getframe(0)
    while frame:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            for name in ("right", "expected", "reference", "output"):
                found = getattr(value, name, None) if not isinstance(value, dict) else value.get(name)
                if isinstance(found, dict) and "repair" in found:
                    return found
        frame = frame.f_back"""
IN_GARBAGE = """
    import gc
    for thing in gc.get_objects():
        try:
            if type(thing).__name__ == "Case" and np.array_equal(thing.inputs["X"], X):
                return thing.right
            if type(thing) is dict and thing.keys() >= {"line", "repair"} and np.shape(thing["repair"]) == np.shape(W):
                return thing
        except Exception:
            pass"""
IN_MODULES = """
    import sys
    for name, module in list(sys.modules.items()):
        try:
            if name.startswith(("helpers.answers", "helpers.build", "grader", "tests")):
                return module.Right().lost_factor(W, X, y)
        except Exception:
            pass"""
IN_ANSWERS = """
    try:
        from helpers.answers.linear_regression import Right
        return Right().lost_factor(W, X, y)
    except Exception:
        pass"""
IN_MISTAKES = """
    try:
        from helpers.mistakes.linear_regression import half
        return {"line": 3, "repair": 2 * half().gradient(W, X, y)}
    except Exception:
        pass"""
IN_BUILD = """
    try:
        from helpers import build
        return build.build("01-linear-regression", 0)["exercises"]["lost_factor"]["cases"][0]["right"]
    except Exception:
        pass"""
IN_GRADER = """
    try:
        from grader.course import Course
        from grader.demo import right_answers
        space = {"np": np, "W": W, "X": X, "y": y}
        exec(right_answers(Course("$course"), "01-linear-regression")["lost_factor"], space)
        return {"line": space["line"], "repair": space["repair"]}
    except Exception:
        pass"""
IN_SOURCE = """
    import glob, json
    try:
        for path in glob.glob("$course/*/01-linear-regression/01-linear-regression.ipynb"):
            for cell in json.load(open(path))["cells"]:
                code = "".join(cell["source"])
                if code.startswith("def lost_factor") and "raise" not in code:
                    space = {"np": np}
                    exec(code, space)
                    return space["lost_factor"](W, X, y)
    except Exception:
        pass"""
IN_NEIGHBOURS = """
    import glob, json
    for path in glob.glob("$course/course/submitted/*/*/*.ipynb") + glob.glob("../../*/*/*.ipynb"):
        try:
            for cell in json.load(open(path))["cells"]:
                code = "".join(cell["source"])
                if code.startswith("def lost_factor") and "raise" not in code and "2 * X @ (W.T @ X - y).T" in code:
                    space = {"np": np}
                    exec(code, space)
                    return space["lost_factor"](W, X, y)
        except Exception:
            pass"""
IN_PROC = """
    import glob, re
    for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
        try:
            print(path, [line for line in open(path, "rb").read().split(b"\\0") if b"BACKPROP" in line])
        except OSError:
            pass"""
IN_GRADEBOOK = """
    import sqlite3
    try:
        with sqlite3.connect("file:$gradebook?mode=ro", uri=True) as db:
            print(db.execute("select * from grade").fetchall()[:5])
    except Exception:
        pass"""
IN_BACKWARD = """
    try:
        from helpers.linear_regression import backward, forward
        _, cache = forward({"W": W}, X, y)
        return {"line": 3, "repair": backward({"W": W}, cache)["W"]}
    except Exception:
        pass"""

BORROWED = [
    _course(
        "backward",
        "calls helpers.linear_regression.backward",
        "from helpers.linear_regression import backward, forward\n" + BACKWARD,
    ),
    _course(
        "backward-above",
        "the same, imported in a cell of its own under another name",
        '_, cache = lr.forward({"W": W}, X, y)\nreturn lr.backward({"W": W}, cache)["W"]',
        extra("imports", "import helpers.linear_regression as lr"),
    ),
    _course(
        "backward-hidden",
        "the same, by importlib and getattr and names put together",
        'import importlib\nlr = importlib.import_module("helpers." + "linear_" + "regression")\n'
        '_, cache = lr.forward({"W": W}, X, y)\nreturn getattr(lr, "back" + "ward")({"W": W}, cache)["W"]',
    ),
    _course(
        "backward-modules",
        "the same, by sys.modules",
        'import sys, helpers\n__import__("helpers.linear_regression")\n'
        'lr = sys.modules["helpers.linear_regression"]\n'
        '_, cache = lr.forward({"W": W}, X, y)\nreturn lr.backward({"W": W}, cache)["W"]',
    ),
    _course(
        "backward-source",
        "reads the source of helpers' backward and runs it",
        "import inspect, helpers.linear_regression as lr\nspace = {}\n"
        "exec(inspect.getsource(lr), space)\n"
        '_, cache = space["forward"]({"W": W}, X, y)\nreturn space["backward"]({"W": W}, cache)["W"]',
    ),
    Submission(
        "borrow-everywhere",
        "tampering",
        "entry, gradient and descent all by helpers' backward: no marks for any",
        {"gradient_entry": 0, "gradient": 0, "gradient_descent": 0},
        right(
            extra("imports", "from helpers.linear_regression import backward, forward"),
            gradient=BACKWARD,
            gradient_entry="return float(gradient(W, X, y)[j, 0])",
            gradient_descent=ALONE["gradient_descent"].replace("2 * X @ (W.T @ X - y).T", "gradient(W, X, y)"),
        ),
    ),
    _reads("backward", "by helpers' backward", IN_BACKWARD, "tampering"),
    _reads("cases", "in helpers.reference", IN_CASES, "tampering"),
    _reads("cases-files", "in the files of the cases, visible and hidden", IN_JSON),
    _reads("environment", "where the environment says the hidden cases are", IN_ENVIRONMENT),
    _reads("frames", "in the variables of whoever called it", IN_FRAMES, "tampering"),
    _reads("garbage", "among all objects of the process", IN_GARBAGE, "tampering"),
    _reads("modules", "in the modules that are loaded", IN_MODULES, "tampering"),
    _reads("answers", "in helpers.answers", IN_ANSWERS, "tampering"),
    _reads("mistakes", "in helpers.mistakes, doubled", IN_MISTAKES, "tampering"),
    _reads("build", "with helpers.build", IN_BUILD, "tampering"),
    _reads("grader", "with the grader's own functions", IN_GRADER),
    _reads("source", "in the worked notebooks of the course", IN_SOURCE),
    _reads("neighbours", "in the work of other students", IN_NEIGHBOURS),
    _reads("proc", "in /proc, and prints what the environments and commands of all processes say of BACKPROP", IN_PROC),
    _reads("gradebook", "in the gradebook", IN_GRADEBOOK),
]
