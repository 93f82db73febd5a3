"""What happens to honest students: the marks are those of their answers."""

from tests.corpus.submission import FLAGGED, Submission
from tests.corpus.writing import after, before, extra, right, says, whole

STUB = "# YOUR CODE HERE\nraise NotImplementedError('write this')"
ANSWER = "def lost_factor(W, X, y):\n    return {'line': 3, 'repair': 2 * X @ (W.T @ X - y).T}"
CONFLICT = """
    <<<<<<< HEAD
    line = 3
    =======
    line = 2
    >>>>>>> mine
    repair = 2 * X @ (W.T @ X - y).T"""
COLAB = "!pip install -q numpy sympy\nfrom google.colab import drive\ndrive.mount('/content/drive')"


def _accident(name, does, make, deserves=None, **more):
    return Submission(f"accident-{name}", "accidents", does, deserves or {}, make, **more)


ACCIDENTS = [
    _accident(
        "below-the-check",
        "the right answer stands in a cell below its check, the stub is left: right, in the wrong place",
        right(extra("lost_factor-check", ANSWER), lost_factor=STUB),
        outcome=FLAGGED,
    ),
    _accident(
        "in-the-check",
        "the right answer was typed into the check's cell, above the check: as before",
        right(before("lost_factor-check", ANSWER), lost_factor=STUB),
        outcome=FLAGGED,
    ),
    _accident(
        "above-the-stub",
        "the right answer stands in a cell above and the stub was deleted to nothing",
        right(extra("lost-factor-goal", ANSWER), whole("lost_factor", "")),
    ),
    _accident(
        "overwritten-later",
        "after the last check gradient = gradient(W, X, y): each check was green in its place",
        right(extra("gradient_descent-check", "gradient = gradient(W[:2], np.ones((2, 4)), y)")),
    ),
    _accident(
        "reset-at-the-end",
        "%reset -f in a last cell: each check was green in its place",
        right(extra("close", "%reset -f")),
    ),
    _accident(
        "deleted-at-the-end",
        "del of everything in a last cell",
        right(extra("close", "del predict, total_cost, gradient, np, check")),
    ),
    _accident(
        "named-check",
        "a variable called check, after the last check",
        right(extra("gradient_descent-check", "check = predict(np.ones((2, 1)), np.ones((2, 3)))")),
    ),
    _accident("exit", "exit() in a cell of one's own, in the middle", right(extra("cost", "exit()"))),
    _accident(
        "input",
        "input() in a cell of one's own, and under an answer",
        right(extra("cost", 'name = input("Your name? ")'), after("gradient", 'input("Enter to go on")')),
    ),
    _accident(
        "debugger",
        "breakpoint() and %debug in cells of one's own",
        right(extra("cost", "breakpoint()"), extra("cost", "%debug")),
    ),
    _accident(
        "endless-scratch",
        "an endless loop in a cell of one's own: no graded function hangs",
        right(extra("cost", "while True:\n    pass")),
    ),
    _accident(
        "interrupted", "KeyboardInterrupt in a cell of one's own", right(extra("cost", "raise KeyboardInterrupt"))
    ),
    _accident(
        "error-in-scratch",
        "cells of one's own that fail, one of them not even Python",
        right(extra("cost", "1 / 0"), extra("cost", "this is no Python ("), extra("cost", "%no_such_magic")),
    ),
    _accident("colab-cell", "pip install and google.colab in a cell of one's own", right(extra("title", COLAB))),
    _accident(
        "colab-in-answer",
        "pip install above the def, in the answer's own cell",
        right(before("predict", "!pip install -q numpy")),
    ),
    _accident(
        "colab-in-imports",
        "google.colab imported at the top of the released import cell",
        right(before("imports", "from google.colab import files")),
    ),
    _accident(
        "missing-package",
        "a package that only the student has, imported at the top of the import cell",
        right(before("imports", "import seaborn_of_mine as sns")),
    ),
    _accident("no-imports", "the import cell emptied by mistake", right(whole("imports", ""))),
    _accident(
        "much-printed",
        "prints 3 MB in every call: what is too long is cut, the answer is right",
        right(lost_factor="print('x' * 3_000_000)\nreturn {'line': 3, 'repair': 2 * X @ (W.T @ X - y).T}"),
    ),
    _accident(
        "much-printed-in-cell",
        "prints 20 MB under the answer",
        right(after("gradient", "for _ in range(20):\n    print('x' * 1_000_000)")),
    ),
    _accident(
        "plots-open",
        "25 figures left open in a call, and shown",
        right(
            extra(
                "gradient-check",
                "import matplotlib.pyplot as plt\nfor k in range(25):\n    plt.figure()\n    plt.plot([k])\nplt.show()",
            )
        ),
    ),
    _accident(
        "other-folder",
        "%cd and os.chdir in cells of one's own",
        right(extra("imports", "%cd /"), extra("imports", "import os\nos.chdir('/tmp')")),
    ),
    _accident(
        "warnings-are-errors",
        "warnings and floating-point slips raise: nothing here warns",
        right(extra("imports", "import warnings\nwarnings.simplefilter('error')\nnp.seterr(all='raise')")),
    ),
    _accident(
        "stub-left-below",
        "the raise is left below the return, where it is never reached",
        right(lost_factor="return {'line': 3, 'repair': 2 * X @ (W.T @ X - y).T}\n" + STUB),
    ),
    _accident(
        "defined-twice",
        "a first try and the final answer in one cell: the last one counts",
        right(before("gradient", "def gradient(W, X, y):\n    return X @ y.T")),
    ),
    _accident(
        "crlf",
        "Windows line ends and a trailing form feed in the source",
        right(lambda nb: [c.update(source=c.source.replace("\n", "\r\n")) for c in nb.cells]),
    ),
    _accident(
        "tabs",
        "indented by tabs",
        right(whole("gradient", "def gradient(W, X, y):\n\treturn 2 * X @ (predict(W, X) - y).T")),
    ),
    _accident(
        "tabs-mixed",
        "tabs and blanks mixed: that cell does not run, at home neither",
        right(whole("lost_factor", "def lost_factor(W, X, y):\n\tline = 3\n        repair = 0\n\treturn line")),
        {"lost_factor": 0},
    ),
    _accident(
        "from-a-pdf",
        "no-break spaces and typographic quotes: that cell does not run, at home neither",
        right(lost_factor="return {“line”: 3,\u00a0“repair”: 0}"),
        {"lost_factor": 0},
    ),
    _accident(
        "git-conflict",
        "a conflict of git in one answer: that cell does not run",
        right(lost_factor=CONFLICT),
        {"lost_factor": 0},
    ),
    _accident("surrogates", "half an emoji and a NUL in a text cell", right(says("cost", "so \ud83d sad \x00"))),
    _accident(
        "logging",
        "logging at debug level, of every library",
        right(extra("imports", "import logging\nlogging.basicConfig(level=logging.DEBUG)")),
    ),
    _accident(
        "thread-left",
        "a background thread that prints for ten seconds",
        right(
            extra(
                "imports",
                """
                  import threading, time
                  def tick():
                      for _ in range(100):
                          print("tick")
                          time.sleep(0.1)
                  threading.Thread(target=tick).start()""",
            )
        ),
    ),
]
