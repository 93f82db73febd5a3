"""Time, memory, processes and formulas without end: each costs the function that does it, and no other."""

from tests.corpus.writing import extra
from tests.corpus_two.submission import R2, R3, R4, R5, Submission, zero
from tests.corpus_two.targets import cheats, tries
from tests.corpus_two.writing import right

IN_C = "import itertools\nmax(itertools.repeat(1))"
BOMB = "import zlib\npacked = zlib.compress(bytes(2**20) * 300)\nkeep = zlib.decompress(packed)"
MAPPED = "import mmap\nm = mmap.mmap(-1, 2**30)\nm[::4096] = b'x' * (2**30 // 4096)"
SHARED = """
    import os
    try:
        with open("/dev/shm/corpus-two-hog", "wb") as f:
            for _ in range(100):
                f.write(bytes(2**20))
    except OSError as e:
        print(e)
    finally:
        try:
            os.remove("/dev/shm/corpus-two-hog")
        except OSError:
            pass"""
MEMFD = """
    import os
    try:
        fds = [os.memfd_create(f"hog{k}") for k in range(4)]
        for fd in fds:
            os.write(fd, bytes(2**26))
    except OSError as e:
        print(e)"""
CHAIN = """
    e = ValueError("first")
    for k in range(20_000):
        new = ValueError(str(k))
        new.__cause__ = e
        e = new
    raise e"""
MESSAGE = "raise ValueError('x' * 60_000_000)"
WARNS = """
    import warnings
    for k in range(20_000):
        warnings.warn(f"number {k}", stacklevel=1)"""
FIGURES = """
    import matplotlib.pyplot as plt
    for k in range(60):
        plt.figure().add_subplot().plot(range(k))"""
SPIN = """
    import threading, time
    end = time.time() + 3
    def spin():
        while time.time() < end:
            pass
    for _ in range(4):
        threading.Thread(target=spin, daemon=True).start()"""
TASKS = """
    import threading
    stop = threading.Event()
    for _ in range(60):
        threading.Timer(20, stop.set).start()"""
CALLBACK = """
    class Long:
        shape, ndim, dtype = (10**9, 10**9), 2, float
        def __neg__(self):
            raise MemoryError
        def __array__(self, *args, **kwargs):
            return np.zeros((3, 3))
    for strange in (Long(), "text", None, [[]], {"a": 1}, np.zeros((0, 3)), np.array([object()]), f_prime):
        try:
            f_prime(strange)
        except Exception:
            pass
    for _ in range(20_000):
        f_prime(z[:1])
    return (W_next.T @ delta_next) * f_prime(z)"""
STRICT = """
    import ctypes
    ctypes.CDLL(None).syscall(ctypes.c_long(317), ctypes.c_long(0), ctypes.c_long(0), None)
    print("whoever enters the strict mode of seccomp is killed here")"""
ENDLESS_LINES = """
    def lines():
        while True:
            yield s * (1 - s)
    return lines()"""
MANY_LINES = "return [sp.diff(1 / (1 + sp.exp(-u)), u)] + [s * (1 - s)] * 3000"
NESTED = "e = u\nfor _ in range(3000):\n    e = sp.sin(e, evaluate=False)\nreturn [e, e, s * (1 - s)]"
POWERS = "big = sp.Pow(3, sp.Pow(10, 7, evaluate=False), evaluate=False)\nreturn [big, big, s * (1 - s)]"
SUM = "k = sp.Symbol('k')\nterm = sp.Sum(sp.sin(k) / k**2, (k, 1, 10**8))\nreturn [term, term, s * (1 - s)]"
PRECISE = "x = sp.Float('1', 300_000)\nreturn [sp.exp(x * u, evaluate=False), s - s**2, s * (1 - s)]"
ROOTS = "r = sp.rootof(sp.Symbol('x')**61 - sp.Symbol('x') - 7, 3)\nreturn [r * u, r * u, s * (1 - s)]"
CHOOSE = "c = sp.binomial(10**7, 5 * 10**6, evaluate=False)\nreturn [c, c, s * (1 - s)]"
STRANGERS = "return [sp.nan, sp.zoo, sp.true, sp.Tuple(u), sp.Lambda(u, u), sp.Function('f')(u), 's*(1-s)', None]"
SYMBOLS = "t = sum(sp.symbols('a:20000'))\nreturn [t - t + s - s**2, t * 0 + s - s**2 + t - t, s * (1 - s)]"
HUGE_TEST = """
    zeros = np.lib.stride_tricks.as_strided(np.zeros(1), (10**7, 10**7), (0, 0))
    names = ("W1", "b1", "W2", "b2", "W3", "b3")
    return {"params": dict.fromkeys(names, zeros), "X": zeros, "Y": 1e308 * np.ones((20, 20))}"""


def _formula(name, does, code, **more):
    return Submission(f"hog-formula-{name}", "resource abuse", f"lines of a derivation: {does}",
                      zero("slope_derivation"), right(slope_derivation=code), room=R5, **more)  # fmt: skip


def _hog(room, name, does, code):
    return cheats(room, f"hog-{name}", "resource abuse", does, code)


HOGGING = [
    _hog(R2, "in-c", "asks for the largest of endlessly many, inside C", IN_C),
    _hog(R2, "unpacks", "unpacks 300 MB", BOMB),
    _hog(R2, "causes", "an error with 20,000 causes", CHAIN),
    Submission("hog-huge-test", "resource abuse", "data for its own test of ten million units, without memory",
               zero("own_test"), right(own_test=HUGE_TEST), room=R2),
    _hog(R3, "mapped", "touches a gigabyte of mapped memory", MAPPED),
    _hog(R3, "message", "an error with a text of 60 MB", MESSAGE),
    _hog(R3, "memfd", "files in memory", MEMFD),
    _hog(R4, "shared", "fills /dev/shm with 100 MB, and removes it", SHARED),
    _hog(R4, "strict", "enters the strict mode of seccomp, in which it is killed", STRICT),
    _hog(R4, "timers", "60 timers of 20 seconds", TASKS),
    Submission("hog-callback", "resource abuse", "calls the function that it is passed 20,000 times and with strange "
               "things, and is right", {}, right(hidden_delta=CALLBACK), room=R4,
               also={"hidden_delta": (0.0,), "hidden_lines": (0.0,), "backprop": (0.0,)}),
    tries(R3, "hog-cell-warnings", "resource abuse", "20,000 warnings", extra("imports", WARNS)),
    tries(R3, "hog-cell-figures", "resource abuse", "60 open figures", extra("imports", FIGURES)),
    tries(R4, "hog-cell-spins", "resource abuse", "four threads that spin for three seconds", extra("imports", SPIN)),
    _formula("endless", "a generator without end", ENDLESS_LINES),
    _formula("many", "3000 right ones", MANY_LINES, also={"slope_derivation": (1.0,)}),
    _formula("nested", "3000 sines in each other", NESTED),
    _formula("power", "a power of millions of digits", POWERS),
    _formula("sum", "a sum of a hundred million terms", SUM),
    _formula("precise", "a number of 300,000 digits", PRECISE),
    _formula("roots", "roots of a polynomial of degree 61", ROOTS),
    _formula("choose", "a binomial coefficient of millions of digits", CHOOSE),
    _formula("strangers", "nan, infinities, truth, text, nothing", STRANGERS),
    _formula("symbols", "20,000 symbols that cancel: they are worth nothing, and right if anybody wants to look",
             SYMBOLS, also={"slope_derivation": (1.0,)}),
]  # fmt: skip
