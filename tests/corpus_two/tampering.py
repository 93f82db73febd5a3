"""The interpreter, numpy, IPython and the class of __main__, changed under the grader's feet."""

from tests.corpus.writing import before, extra
from tests.corpus_two.submission import R2, R3, R4, R5, Submission, zero
from tests.corpus_two.targets import GUESS, TARGET, cheats
from tests.corpus_two.writing import right

EVENTS = """
    shell = get_ipython()
    for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
        shell.events.register(event, lambda *args: print("✓ right"))
    shell.input_transformers_cleanup.append(lambda lines: [l.replace("network_lines)", "lambda *a: 0)") for l in lines])
    shell.set_custom_exc((BaseException,), lambda *args, **kwargs: print("1.0"))
    shell.showtraceback = shell.showsyntaxerror = lambda *args, **kwargs: print("1.0")"""
MAGIC = """
    from IPython.core.magic import register_line_cell_magic

    @register_line_cell_magic
    def time(line, cell=None):
        return 1.0

    get_ipython().register_magic_function(time, "line_cell", "run")
    get_ipython().prefilter_manager.multi_line_specials = False
    get_ipython().ast_node_interactivity = "none" """
KERNEL = """
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is not None:
        kernel.do_execute_ = kernel.do_execute
        kernel.do_complete = kernel.do_inspect = lambda *a, **k: {"status": "ok", "found": True, "data": {}}
        kernel._publish_execute_input = lambda *args: None
        kernel.session.key = kernel.session.key
        kernel.session.check_pid = False"""
MAIN_CLASS = """
    import sys, types

    class Main(types.ModuleType):
        asked = 0

        def __getattribute__(self, name):
            if name == "lost_samples":
                Main.asked += 1
                if Main.asked > 3:
                    return types.ModuleType.__getattribute__(self, "right_one")
            return types.ModuleType.__getattribute__(self, name)

    def right_one(O, Y):
        return {"line": 1, "repair": O}

    sys.modules["__main__"].__class__ = Main"""
PATCHED_OS = """
    import base64, json, os, struct
    real = os.write
    def write(fd, data):
        return real(fd, bytes(data).replace(b'"line": 2', b'"line": 1').replace(b"error", b"right"))
    os.write = write
    real_dumps, real_b64, real_pack = json.dumps, base64.b64encode, struct.pack
    json.dumps = lambda value, *a, **k: real_dumps(value, *a, **k).replace("wrong", "right").replace("false", "true")
    json.JSONEncoder.default = lambda self, value: "right"
    base64.b64encode = lambda data, *a: real_b64(data, *a)
    json.loads = lambda text, *a, _real=json.loads, **k: _real(text, *a, **k)
    struct.pack = lambda form, *values: real_pack(form, *values)"""
PATCHED_NUMPY = """
    np.allclose = np.array_equal = np.isclose = lambda *args, **kwargs: True
    np.testing.assert_allclose = lambda *args, **kwargs: None
    np.asarray = lambda thing, *args, _real=np.asarray, **kwargs: _real(thing, *args, **kwargs)
    np.max = np.min = np.mean = np.linalg.norm = lambda *args, **kwargs: 0.0
    np.array_str = np.array_repr = str
    np.set_printoptions(override_repr=lambda array: "right")
    np.ndarray = np.ndarray"""
SMALL_INTEGERS = """
    import ctypes
    place = id(2) + 24
    keep = ctypes.c_uint32.from_address(place).value
    ctypes.c_uint32.from_address(place).value = 1
    try:
        1 + 1
    finally:
        ctypes.c_uint32.from_address(place).value = keep"""
TRUE_ZERO = """
    import ctypes
    for value in (2.0, 1.0, 0.5):
        ctypes.c_double.from_address(id(value) + 16).value = value
    code = network_lines.__code__
    network_lines.__code__ = (lambda params, x: {"line": 3, "repair": 0 * params["b3"]}).__code__"""
TIMER = """
    import signal, sys

    def poke(number, frame):
        while frame:
            for name in ("state", "right", "share", "verdict", "score"):
                if name in frame.f_locals:
                    frame.f_locals[name] = "right"
            frame = frame.f_back

    signal.signal(signal.SIGALRM, poke)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)"""
TIMER_OFF = """
    import signal
    signal.setitimer(signal.ITIMER_REAL, 0)"""
HOOKS = """
    import atexit, gc, os, sys, threading, weakref

    class Last:
        def __del__(self):
            print("right")

    last, keeper = Last(), {1, 2}
    weakref.finalize(last, os.write, 1, b"right\\n")
    atexit.register(lambda: os._exit(0))
    gc.callbacks.append(lambda phase, info: None)
    sys.excepthook = threading.excepthook = sys.unraisablehook = lambda *args: print("1.0")
    sys.setprofile(lambda frame, event, arg: None)
    sys.setswitchinterval(1e-6)"""
FINDER = """
    import importlib.abc, importlib.machinery, sys

    class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
        def find_spec(self, name, path, target=None):
            if name.split(".")[0] in ("grader", "nbgrader", "json_", "secrets_"):
                return importlib.machinery.ModuleSpec(name, self)
        def create_module(self, spec):
            return None
        def exec_module(self, module):
            module.__getattr__ = lambda name: (lambda *args, **kwargs: "right")
            module.__path__ = []

    sys.meta_path.insert(0, Finder())
    for name in ("nbgrader", "grader", "grader.judging"):
        sys.modules.pop(name, None)
    import grader"""
AUDIT = """
    import sys

    def listen(event, args):
        if event in ("open", "compile") and args and "copied" in str(args[0]):
            print("audited", event)

    sys.addaudithook(listen)"""
NAMESPACE = """
    class Space(dict):
        def __missing__(self, name):
            return 1.0 if name not in ("__builtins__",) else __builtins__

    shell = get_ipython()
    shell.user_global_ns.setdefault("judge", lambda *args: 1.0)
    shell.user_ns_hidden = Space(shell.user_ns_hidden)
    shell.user_module.__dict__["__getattr__"] = lambda name: 1.0"""
CHECK_CLASS = """
    import helpers.verdict as v
    for name, cls in list(vars(v).items()):
        if isinstance(cls, type):
            cls.__init_subclass__ = classmethod(lambda c, **k: None)
            for lie in ("state", "share"):
                try:
                    setattr(cls, lie, property(lambda self: "right", lambda self, value: None))
                except (AttributeError, TypeError):
                    pass"""
RECURSION = "import sys\nsys.setrecursionlimit(70)\nsys.set_int_max_str_digits(640)"
THREAD_SWAP = """
    import threading, time

    def swap():
        end = time.time() + 5
        while time.time() < end:
            for name in ("output_delta", "total_error", "order"):
                globals()[f"_{name}"] = globals().get(name)
            time.sleep(0.001)

    threading.Thread(target=swap, daemon=True).start()"""


def _tamper(room, name, does, *edits, code=""):
    return cheats(room, f"meddle-{name}", "tampering", does, code, *edits)


def _timer(kit):
    return right(extra("imports", TIMER), extra(f"{TARGET[R3]}-check", TIMER_OFF), **{TARGET[R3]: GUESS[R3]})(kit)


TAMPERING = [
    _tamper(R2, "events", "IPython's events, transformers and handlers of errors print verdicts",
            extra("imports", EVENTS)),
    _tamper(R2, "small-integers", "pokes the number 2 in memory while it is called, and puts it back",
            code=SMALL_INTEGERS),
    _tamper(R2, "own-code", "changes its own code while it is called, and pokes floats", code=TRUE_ZERO),
    _tamper(R2, "verdict-class", "the classes of helpers.verdict always say right", extra("imports", CHECK_CLASS)),
    _tamper(R3, "main-class", "__main__ has a class that hands out another function after three looks",
            extra("imports", MAIN_CLASS)),
    _tamper(R3, "numpy", "numpy's norms, means and comparisons always agree", extra("imports", PATCHED_NUMPY)),
    _tamper(R3, "hooks", "atexit, finalizers, __del__, profile and exception hooks", extra("imports", HOOKS)),
    _tamper(R4, "writes", "os.write, json, struct and base64 patched on the way out", extra("imports", PATCHED_OS)),
    _tamper(R4, "magics", "magics of its own under the names of IPython's", extra("imports", MAGIC)),
    _tamper(R4, "finder", "a finder that makes up the grader's modules", extra("imports", FINDER)),
    _tamper(R4, "thread", "a thread that copies functions about for five seconds", extra("imports", THREAD_SWAP)),
    _tamper(R5, "kernel", "the kernel's own methods replaced", extra("imports", KERNEL)),
    _tamper(R5, "audit", "an audit hook that listens to everything", extra("imports", AUDIT)),
    _tamper(R5, "namespace", "a namespace in which every name is 1.0", extra("imports", NAMESPACE)),
    _tamper(R5, "limits", "a recursion limit of 70 and short integers while it is called", code=RECURSION),
    Submission("meddle-timer", "tampering", "a timer whose handler changes the variables of whoever runs, until its "
               "check is passed; one answer is wrong and stays so", zero(TARGET[R3]), _timer, room=R3),
    Submission("meddle-right-all-the-same", "tampering", "events, hooks, finder and patched writes, and all answers "
               "right", {}, right(before("imports", HOOKS), extra("imports", PATCHED_OS), extra("imports", FINDER)),
               room=R4),
]  # fmt: skip
