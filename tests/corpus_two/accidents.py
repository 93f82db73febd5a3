"""Bad luck in cells of one's own, and around right answers: nobody loses a mark for it."""

from tests.corpus.writing import after, before, extra, whole
from tests.corpus_two.submission import R2, R3, R4, R5, Submission, zero
from tests.corpus_two.writing import beside, everywhere, right

NEVER = "sum(iter(int, 1))  # what was I thinking"
DEEP = """
    import sys
    sys.setrecursionlimit(10**9)

    def layers(n):
        return layers(n + 1) + 1

    layers(0)"""
TORCH = """
    import torch  # only to compare

    def gate(z):
        return (z > 0).astype(float)

    reference = torch.nn.ReLU()"""
GATED = "return gate(z) * (W_next.T @ delta_next)"
DRIVE = """
    #@title Mount my drive { display-mode: "form" }
    from google.colab import drive, files
    drive.mount("/content/drive")
    %cd /content/drive/MyDrive/deep-learning"""
LOOP = """
    import asyncio
    asyncio.run(asyncio.sleep(0))"""
WIDGET = """
    %matplotlib widget
    import ipywidgets as widgets
    @widgets.interact(eta=(0.0, 1.0))
    def play(eta=0.1):
        plots.slopes({"tanh": tanh_prime})"""
TIMEIT = "%timeit -n 1 -r 1 np.zeros(3)\n%prun -q np.zeros(3)\n%who\n%precision 2\n%store -r"
SHELL = "!pip install --quiet torch\n%pip list\n%conda install numpy\n!nvidia-smi\nfiles = !ls"
STAR = "from numpy import *\nfrom sympy import *\nfrom math import *"
SPLIT_LINE = "plt.figure(figsize=(200, 200)); plt.plot(np.random.rand(10, 500)); plt.show()"
BUILTINS = "list = [1, 2]\nsum = 0\nmax = 'best'\nrange = (0, 1)\nlen = 4\ntype = 'relu'\nprint = None"
LOCALE = """
    import locale, decimal, os
    for name in ("de_DE.UTF-8", "C"):
        try:
            locale.setlocale(locale.LC_ALL, name)
        except locale.Error:
            pass
    decimal.getcontext().prec = 2
    os.environ["TZ"] = "Pacific/Kiritimati" """
SILENT = "import sys, os\nsys.stdout = open(os.devnull, 'w')\nsys.stderr = sys.stdout\nsys.stdin = None"
BARE = "import antigravity, tkinter, turtle\nturtle.forward(10)\ntkinter.Tk().mainloop()"
RAISES_ON_SHOW = """
    class Sad:
        def __repr__(self):
            raise RuntimeError("cannot show myself")
        _repr_html_ = _repr_png_ = __repr__

    Sad()"""
CLASS_ERROR = """
    class E(Exception):
        def __str__(self):
            raise E
        __repr__ = __str__

    try:
        raise E
    except E as first:
        raise ExceptionGroup("many", [first, ValueError("[/bold] [red] %s %d {0} {{"), E("\\ud800 \\x1b[2J")])"""
PROGRESS = """
    import sys, time
    for k in range(20_000):
        print(f"\\r{k / 200:.1f} %", end="", flush=k % 100 == 0)
    print("\\x1b[31mdone\\x1b[0m \\x07 \\x1b]0;title\\x07")"""
MINE = """
    def loss(y_hat, y):
        "for another network, in my project"
        return np.abs(y_hat - y).sum()

    sgm = None
    x, y, h0, params = 1, 2, 3, 4"""


def _accident(room, name, does, make, deserves=None, **more):
    return Submission(f"luck-{name}", "accident", does, deserves or {}, make, room=room, **more)


ACCIDENTS = [
    _accident(R2, "sum-without-end", "a sum in C that never ends and hears no interrupt, in a cell of one's own", right(
        extra("slope", NEVER))),
    _accident(R2, "deep-recursion", "no limit to recursion, in a cell of one's own: the kernel dies there", right(
        extra("output-error", DEEP))),
    _accident(R2, "half-a-cell", "a helper below an import that fails, in one cell; hidden_delta calls it", right(
        extra("slope", TORCH), hidden_delta=GATED), or_human=True),
    _accident(R2, "drive", "a form of Colab's, a mounted drive, another folder", right(extra("title", DRIVE))),
    _accident(R2, "shell", "pip, conda, nvidia-smi and ls by ! and %", right(extra("imports", SHELL))),
    _accident(R2, "huge-figure", "a figure of 200 by 200 inches", right(
        extra("relu-picture", "import matplotlib.pyplot as plt\n" + SPLIT_LINE))),
    _accident(R3, "event-loop", "asyncio.run where a loop is running already", right(extra("model", LOOP))),
    _accident(R3, "star-imports", "numpy, sympy and math all imported by star, above everything", right(
        extra("imports", STAR), penalty="return sum([np.sum(A**2) for A in params.values()]) / 2")),
    _accident(R3, "silent", "all output thrown away from the second cell on", right(extra("imports", SILENT))),
    _accident(R3, "locale", "another locale, time zone and precision of decimals", right(extra("imports", LOCALE))),
    _accident(R3, "raises-when-shown", "an object whose repr fails, and an error whose text does", right(
        extra("loss-text", RAISES_ON_SHOW), extra("back", CLASS_ERROR))),
    _accident(R3, "builtins-lost", "names such as sum, len, range and print given away after the last check", right(
        extra("gradients-check", BUILTINS))),
    _accident(R3, "typo-in-training", "a given cell far below is broken by a slip of the finger", right(
        before("train-run", ")"), before("path-run", "start = start = = 1"), after("data-load", "sea['decc']"))),
    _accident(R4, "widget", "ipywidgets and the widget back end, neither of which is there", right(
        extra("deep-figure", WIDGET))),
    _accident(R4, "magics", "%timeit, %prun, %who, %precision, %store", right(extra("imports", TIMEIT))),
    _accident(R4, "desktop", "antigravity, turtle and tkinter where there is no screen", right(extra("loss", BARE))),
    _accident(R4, "getpass", "asks for a password and a key", right(
        extra("model", "from getpass import getpass\ntoken = getpass('token: ')\ninput()\nraw_input()"))),
    _accident(R4, "progress", "20,000 lines written over each other, a bell, a new title of the window", right(
        extra("digits", PROGRESS), everywhere("print('\\x1b[2J\\x1b[H')"))),
    _accident(R5, "my-project", "loss and sgm defined anew after their last use, for something else", right(
        extra("close", MINE))),
    _accident(R5, "own-json", "files called json.py, numpy.py, random.py and token.py of one's own beside it: they "
        "would break every import at home, but are empty", beside(right(), {
            "token.py": "x = 1\n", "random.py": "", "my/__init__.py": "", "conftest.py": "raise SystemExit\n"})),
    _accident(R5, "quotes", "smart quotes in one answer: that cell does not run, at home neither", right(
        whole("blind_spots", "def blind_spots():\n    return {“invisible”: [1, 2, 4, 6, 7]}")), zero("blind_spots"),
        also={"blind_spots": (1.0,)}),
    _accident(R5, "missing-colon", "a colon is missing in loss: that cell does not run", right(
        whole("loss", "def loss(y_hat, y)\n    return float(np.mean((y_hat - y) ** 2) / 2)")), zero("loss")),
    _accident(R5, "conflict", "the marks of a merge in a cell of one's own and in a given cell", right(
        extra("numbers", "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> theirs"), before("train", "<<<<<<< HEAD"))),
    _accident(R5, "own-test-fails", "an assert of one's own, under an answer, that is mistaken", right(
        after("sgm", "assert sgm(0) == 0, 'should be zero?'"), after("loss", "1 / 0"))),
]  # fmt: skip
