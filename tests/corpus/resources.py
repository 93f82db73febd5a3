"""Too much of everything, and sudden ends: what hangs or dies is not answered, all else keeps its marks.

Each is bounded: under 2 GiB, at most 15 processes, which end by themselves. What hangs ends under any limit.
"""

from tests.corpus.submission import Submission
from tests.corpus.writing import after, alone, before, extra, right, whole

LOST = {"lost_factor": 0}
# Only in a sandbox of its own: elsewhere it would hit the machine.
BWRAP = """import os, signal
if open("/proc/1/comm").read().strip() == "bwrap" and os.getpid() < 100:
    """


def _in_call(name, does, code, *edits):
    """Return a submission that does it whenever lost_factor is called, and answers nothing."""
    return Submission(
        f"abuse-{name}",
        "resource abuse",
        f"{does}: that function is not answered, the others are",
        LOST,
        right(*edits, lost_factor=code),
    )


def _in_cell(name, does, code, deserves=None):
    """Return a submission that does it in a cell of its own, in the middle, with all answers right."""
    return Submission(
        f"abuse-{name}",
        "resource abuse",
        f"{does}, in a cell of its own: no answer depends on it",
        deserves or {},
        right(extra("cost", code)),
    )


SWALLOW = """
    import time
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            while time.monotonic() < end:
                pass
        except BaseException:
            pass"""
DEAF = """
    import signal, time
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGXCPU):
        signal.signal(number, signal.SIG_IGN)
    end = time.monotonic() + 120
    while time.monotonic() < end:
        pass"""
HOG = """
    hoard = []
    try:
        while len(hoard) < 18:
            hoard.append(np.zeros(13_000_000))
    finally:
        globals()["hoard"] = hoard"""
FORKS = """
    import os, time
    for _ in range(0 if globals().get("forked") else 15):
        globals()["forked"] = True
        if os.fork() == 0:
            time.sleep(10)
            os._exit(0)"""
SPAWNS = """
    import subprocess
    for _ in range(0 if globals().get("spawned") else 10):
        globals()["spawned"] = True
        subprocess.Popen(["sleep", "10"], start_new_session=True)"""
THREADS = """
    import threading, time
    for _ in range(0 if globals().get("started") else 400):
        globals()["started"] = True
        threading.Thread(target=time.sleep, args=(10,), daemon=True).start()"""
OVERFLOW = """
    import sys
    sys.setrecursionlimit(10**9)
    class Deep:
        def __neg__(self):
            return -Deep()
    return -Deep()"""
DESCRIPTORS = """
    import os
    for fd in range(256):
        try:
            os.close(fd)
        except OSError:
            pass"""
GARBAGE = """
    import os
    for fd in range(1, 64):
        try:
            os.set_blocking(fd, False)
            os.write(fd, b'{"state": "right"}\\n\\x00\\xff[[[' * 500)
        except OSError:
            pass"""
DISK = """
    import tempfile
    with tempfile.TemporaryFile() as f:
        for _ in range(200):
            f.write(bytes(1_000_000))
            f.flush()"""
INODES = """
    import os, tempfile
    with tempfile.TemporaryDirectory() as folder:
        for k in range(5000):
            open(os.path.join(folder, str(k)), "w").close()"""
OPENED = "kept = [open('/dev/null') for _ in range(5000)]"
FLOOD = """
    import os
    os.set_blocking(1, True)
    for _ in range(60):
        os.write(1, b"x" * 1_000_000)"""
SHOWN = """
    from IPython.display import display
    for k in range(3000):
        display({"text/plain": "x" * 10_000}, raw=True)"""
SIZED = "import time\ntime.sleep(3600)"

RESOURCES = [
    _in_call("endless", "an endless loop", "while True:\n    pass"),
    Submission(
        "abuse-endless-gradient",
        "resource abuse",
        "an endless loop in gradient, which other cells call as well: the others keep their marks",
        {"gradient": 0},
        alone(gradient="while True:\n    pass"),
    ),
    Submission(
        "abuse-endless-two",
        "resource abuse",
        "two functions never end, one after the other",
        {"clashing_index": 0, "lost_factor": 0},
        right(clashing_index="while True:\n    pass", lost_factor="import time\ntime.sleep(3600)"),
    ),
    Submission(
        "abuse-endless-cell",
        "resource abuse",
        "an endless loop under an answer, in its cell: it is interrupted, and the function above it is right",
        {},
        right(after("lost_factor", "while True:\n    pass")),
    ),
    _in_call("endless-sometimes", "ends for integers only", "while (W != np.trunc(W)).any():\n    pass\nreturn None"),
    _in_call("sleep", "sleeps for an hour", SIZED),
    _in_call("swallow", "an endless loop that swallows every exception", SWALLOW),
    _in_call("deaf", "an endless loop that ignores signals", DEAF),
    _in_call("in-c", "a power that takes minutes inside C", "return {'line': 3 ** (5 * 10**7) % 7, 'repair': W}"),
    _in_call("regex", "a regular expression that takes for ever", "import re\nre.match('(a|a|b?)*$', 'a' * 40 + 'c')"),
    _in_call(
        "formula",
        "a number too large to write down",
        "return {'line': sp.Integer(9) ** sp.Integer(9) ** 9, 'repair': W}",
    ),
    Submission(
        "abuse-formula-slow",
        "resource abuse",
        "a formula with an integral that takes for ever",
        {"one_sample_derivative": 0},
        right(
            one_sample_derivative=(
                "t = sp.Symbol('t')\nreturn 2*x_1 * sp.Integral(sp.exp(-t**t) * sp.sin(t**t) ** sp.pi, (t, 0, sp.oo))"
            )
        ),
    ),
    Submission(
        "abuse-formula-tower",
        "resource abuse",
        "a formula with a tower of powers",
        {"one_sample_derivative": 0},
        right(one_sample_derivative="return x_1 * sp.Pow(10, sp.Pow(10, 10, evaluate=False), evaluate=False)"),
    ),
    Submission(
        "abuse-formula-large",
        "resource abuse",
        "a formula of two hundred thousand terms",
        {"one_sample_derivative": 0},
        right(one_sample_derivative="return sp.Add(*[x_1 ** k * W_0 for k in range(200_000)], evaluate=False)"),
    ),
    _in_call("memory", "takes 1.8 GB and keeps them", HOG),
    _in_call("memory-one", "asks for a terabyte", "return {'line': 3, 'repair': np.ones((10**6, 10**5))}"),
    _in_call("forks", "15 processes", FORKS),
    _in_call("spawns", "10 programs, each in a session of its own", SPAWNS),
    _in_call("threads", "400 threads", THREADS),
    _in_call("recursion", "recursion without an end", "return lost_factor(W, X, y)"),
    _in_call("stack", "recursion in C, until the stack is full", OVERFLOW),
    _in_call("nested-code", "a thousand brackets given to eval", "return eval('(' * 100_000 + ')' * 100_000)"),
    _in_call("os-exit", "os._exit", "import os\nos._exit(0)"),
    _in_call("sys-exit", "sys.exit", "import sys\nsys.exit('right')"),
    _in_call("abort", "os.abort", "import os\nos.abort()"),
    _in_call("segfault", "a segmentation fault", "import ctypes\nctypes.string_at(0)"),
    _in_call("kill-self", "kill -9 of its own process", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
    _in_call("stop-self", "SIGSTOP to its own process", BWRAP + "os.kill(os.getpid(), signal.SIGSTOP)"),
    _in_call(
        "kill-parent", "kill of its parent, where that is in a sandbox", BWRAP + "os.kill(os.getppid(), signal.SIGKILL)"
    ),
    _in_call(
        "kill-all", "kill of all that it may kill, where that is a sandbox", BWRAP + "os.kill(-1, signal.SIGKILL)"
    ),
    _in_call(
        "close-streams",
        "closes stdin, stdout and stderr",
        "import sys\nfor f in (sys.stdin, sys.stdout, sys.stderr):\n    f.close()",
    ),
    _in_call("close-descriptors", "closes every descriptor", DESCRIPTORS),
    _in_call("garbage", "writes garbage into every open descriptor", GARBAGE),
    _in_call("disk", "200 MB into a temporary file", DISK),
    _in_call("inodes", "5000 files", INODES),
    _in_call("descriptors", "5000 open files", OPENED),
    _in_call("flood", "60 MB to stdout, past Python's own", FLOOD),
    _in_call("shown", "3000 displays of 10 kB", SHOWN),
    _in_call("interrupt", "raises KeyboardInterrupt", "raise KeyboardInterrupt"),
    _in_call(
        "generator-exit",
        "raises GeneratorExit with itself as the reason",
        "error = GeneratorExit()\nerror.__cause__ = error\nraise error",
    ),
    _in_cell("cell-os-exit", "os._exit", "import os\nos._exit(1)"),
    _in_cell("cell-segfault", "a segmentation fault", "import ctypes\nctypes.string_at(0)"),
    _in_cell("cell-deaf", "an endless loop that ignores signals", DEAF),
    _in_cell("cell-sleep", "sleeps for an hour", SIZED),
    _in_cell("cell-close", "closes every descriptor", DESCRIPTORS),
    _in_cell("cell-shutdown", "tells IPython to shut down", "get_ipython().kernel.do_shutdown(False)"),
    Submission(
        "abuse-exit-under-answer",
        "resource abuse",
        "os._exit under the first answer, in its cell: the function "
        "is lost at home too, and all others are right on their own",
        {"predict": 0},
        alone(after("predict", "import os\nos._exit(0)")),
    ),
    Submission(
        "abuse-exit-everywhere",
        "resource abuse",
        "kills its process in four functions",
        dict.fromkeys(["predict", "by_hand", "clashing_index", "lost_factor"], 0.0),
        alone(
            before("imports", "import os"),
            *[
                whole(name, f"def {name}(*args):\n    os._exit(0)")
                for name in ("predict", "by_hand", "clashing_index", "lost_factor")
            ],
        ),
    ),
]
