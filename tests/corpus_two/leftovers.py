"""Pairs: one submission leaves something behind, and a later one must not be affected, nor helped, by it.

The later one is right unless it finds what was left (``b``), or is wrong unless it does (``c``, an accomplice).
"""

from textwrap import dedent

from tests.corpus.writing import extra
from tests.corpus_two.submission import R2, R3, R4, R5, Submission, zero
from tests.corpus_two.targets import GUESS, TARGET
from tests.corpus_two.writing import right, written

TRY = "try:\n{}\nexcept Exception as e:\n    print(type(e), e)"
PLACES = {
    "tmp": (R2, "a file in /tmp", 'import os\nplaces = ["/tmp/corpus-two-left", "/var/tmp/corpus-two-left"]'),
    "shm": (R2, "a file in /dev/shm", 'import os\nplaces = ["/dev/shm/corpus-two-left"]'),
    "folder": (R3, "a file in the working folder and the one above", 'import os\nplaces = ["corpus-two-left", '
               '"../corpus-two-left"]'),
    "home": (R3, "files in the home folder and its caches", 'import os, pathlib\nplaces = [pathlib.Path.home() / '
             '".corpus-two-left", pathlib.Path.home() / ".cache/corpus-two-left"]'),
    "matplotlib": (R4, "files in matplotlib's configuration and cache", 'import os, matplotlib as m\n'
                   'places = [m.get_configdir() + "/corpus-two-left", m.get_cachedir() + "/corpus-two-left"]'),
    "packages": (R4, "files beside the packages and in helpers' __pycache__", 'import os, site, helpers\n'
                 'places = [helpers.__path__[0] + "/__pycache__/corpus-two-left", '
                 'site.getusersitepackages() + "/corpus-two-left"]'),
    "ipython": (R5, "files in IPython's and Jupyter's profiles", 'import os\n'
                'from IPython.paths import get_ipython_dir\n'
                'from jupyter_core.paths import jupyter_runtime_dir\n'
                'places = [get_ipython_dir() + "/corpus-two-left", jupyter_runtime_dir() + "/corpus-two-left"]'),
}  # fmt: skip
WRITE = """
    import pathlib
    for place in map(pathlib.Path, places):
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("left")
        except OSError as e:
            print(e)"""
FOUND = "found = any(os.path.exists(place) for place in places)"
GLOBALS = """
    import builtins, os, sys, helpers, types
    builtins.corpus_two_left = np.corpus_two_left = helpers.corpus_two_left = sp.corpus_two_left = 1
    sys.modules["corpus_two_left"] = types.ModuleType("corpus_two_left")
    os.environ["CORPUS_TWO_LEFT"] = "1"
    corpus_two_left = 1"""
FOUND_GLOBALS = """
    import builtins, os, sys, helpers
    found = (any(hasattr(m, "corpus_two_left") for m in (builtins, np, helpers, sp)) or "CORPUS_TWO_LEFT" in os.environ
             or "corpus_two_left" in sys.modules or "corpus_two_left" in globals())"""
PROCESS = """
    import subprocess, sys
    serve = '''
    import os, socket, time
    if os.fork(): os._exit(0)
    os.setsid()
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(chr(0) + "corpus-two-left")
        s.listen()
        time.sleep(60)
    '''.replace("\\n    ", "\\n")
    subprocess.Popen([sys.executable, "-c", serve], start_new_session=True, close_fds=True)"""
FOUND_PROCESS = """
    import glob, socket
    found = False
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            found |= b"corpus-two-left" in open(path, "rb").read()
        except OSError:
            pass
    try:
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(0.5)
            s.connect(chr(0) + "corpus-two-left")
            found = True
    except OSError:
        pass"""
THREADS = """
    import threading, time
    _end = time.time() + 20
    def _spin():
        while time.time() < _end:
            pass
    for _ in range(3):
        threading.Thread(target=_spin).start()"""
FOUND_THREADS = """
    import threading, time
    time.sleep(0.05)
    found = any("_spin" in thread.name for thread in threading.enumerate())"""
STORED = """
    import ctypes
    libc = ctypes.CDLL(None)
    libc.syscall(ctypes.c_long(248), b"user", b"corpus-two", b"$line", ctypes.c_long(1), ctypes.c_long(-4))
    libc.syscall(ctypes.c_long(248), b"user", b"corpus-two", b"$line", ctypes.c_long(1), ctypes.c_long(-5))
    try:
        import os
        for folder in ("/dev/shm", "/tmp", ".", "/run", "/var/tmp"):
            with open(f"{folder}/corpus-two-line", "w") as f:
                f.write("$line")
    except OSError as e:
        print(e)"""
FETCHED = """
    import ctypes
    libc, text = ctypes.CDLL(None), ctypes.create_string_buffer(8)
    key = libc.syscall(ctypes.c_long(249), b"user", b"corpus-two", None, ctypes.c_long(0))
    if key > 0:
        eight = ctypes.c_long(8)
        libc.syscall(ctypes.c_long(250), ctypes.c_long(11), ctypes.c_long(key), text, eight, ctypes.c_long(0))
    line = int(text.value) if text.value.isdigit() else 0
    for folder in ("/dev/shm", "/tmp", ".", "/run", "/var/tmp"):
        try:
            line = int(open(f"{folder}/corpus-two-line").read())
        except OSError:
            pass"""
THEN = {
    R2: 'if line:\n    return {"line": line, "repair": forward(params, x)["y_hat"]}',
    R3: 'if line:\n    return {"line": line, "repair": (O - Y) / (O.shape[1] * rmse(O, Y))}',
}
LINES = {R2: "1", R3: "2"}


def _leaves(room, name, does, code):
    return Submission(f"left-{name}-a", "left behind", f"leaves {does}, and is right", {},
                      right(extra("imports", code)), room=room)  # fmt: skip


def _finds(room, name, does, probe):
    def make(kit):
        code = f"{dedent(probe).strip()}\nif found:\n    return None\n{dedent(kit.right[TARGET[room]])}"
        return written(kit, kit.right | {TARGET[room]: code})

    return Submission(f"left-{name}-b", "left behind", f"is right unless there is {does}", {}, make, room=room)


def _pair(room, name, does, leave, probe):
    leave = TRY.format("\n".join("    " + line for line in dedent(leave).strip().splitlines()))
    return [_leaves(room, name, does, leave), _finds(room, name, does, probe)]


def _accomplices(room):
    does = "the right line in the keys of the kernel's and in files"
    code = f"{dedent(FETCHED).strip()}\n{THEN[room]}\n{GUESS[room]}"
    return [
        _leaves(room, f"line-{room[:2]}", does, STORED.replace("$line", LINES[room])),
        Submission(f"left-line-{room[:2]}-c", "left behind", f"wrong unless somebody has left {does}",
                   zero(TARGET[room]), right(**{TARGET[room]: code}), room=room),
    ]  # fmt: skip


LEFTOVERS = [
    *(submission for name, (room, does, places) in PLACES.items() for submission in _pair(
        room, name, does, f"{places}\n{dedent(WRITE).strip()}", f"{places}\n{FOUND}")),
    *_pair(R5, "names", "names in builtins, numpy, helpers and the environment", GLOBALS, FOUND_GLOBALS),
    *_pair(R5, "process", "a process in a session of its own, which listens for a minute", PROCESS, FOUND_PROCESS),
    *_pair(R4, "threads", "three threads that spin for 20 seconds", THREADS, FOUND_THREADS),
    *_accomplices(R2),
    *_accomplices(R3),
]  # fmt: skip
