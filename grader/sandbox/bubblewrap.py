"""The command line that starts a program in a sandbox of bubblewrap: no network, a read-only system, nothing of ours.

Inside are the system's programs and libraries, this Python, and what is named here; the folders of the course, of other
students and of the instructor are not there at all.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

from grader.sandbox import SandboxError

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts")
NOBODY = ("--cap-drop", "ALL", "--uid", "65534", "--gid", "65534")
MISSING = "bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)"
WITHOUT = "grade in a throw-away machine with  --no-sandbox, or on Linux with bubblewrap"


@cache
def problem():
    """Return why there can be no sandbox on this machine, in one line, or None."""
    if sys.platform != "linux":
        return f"there is no sandbox on {sys.platform}: {WITHOUT}"
    if not hasattr(os, "pidfd_open") or _version(os.uname().release) < (5, 8):
        return f"the sandbox takes Linux 5.8 or newer, and this is {os.uname().release}: {WITHOUT}"
    if not shutil.which("bwrap"):
        return f"{MISSING}: {WITHOUT}"
    tried = subprocess.run(
        [*_isolation(), *_system(), "--", "/usr/bin/true"], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        return f"bubblewrap cannot make a sandbox here ({tried.stderr.strip()}): {WITHOUT}"
    return None


def _version(release):
    return tuple(int(number) for number in re.findall(r"\d+", release)[:2])


def command(program, copy, size):
    """Return the command that runs ``program``, a list, in a sandbox.

    copy  the folder of the course's student copy, seen as /course
    size  bytes that each private folder may hold: /tmp, /dev/shm and the notebook's own, /box
    """
    if reason := problem():
        raise SandboxError(reason)
    return [*_isolation(), *_system(), "--proc", "/proc", *_view(copy, size), "--", *program]


def around_template(program, copy, size):
    """Return the command that runs a program of ours which opens sandboxes: it sees no more than is seen in one.

    It keeps the machine's namespaces of processes, without which no sandbox could have one of its own. Its files are
    only to be read, Python's too, since each child goes on with the program that it comes from.
    """
    if reason := problem():
        raise SandboxError(reason)
    isolation = _bwrap(), "--unshare-user", "--die-with-parent", "--new-session", *NOBODY
    own = [] if _bwrap().startswith("/usr/") else ["--ro-bind", _bwrap(), _bwrap()]
    return [*isolation, *_system(), "--bind", "/proc", "/proc", *_view(copy, size, own), "--", *program]


def _bwrap():
    return shutil.which("bwrap") or "bwrap"


def _view(copy, size, more=()):
    private = [part for path in ("/tmp", "/box", "/dev/shm") for part in ("--size", str(size), "--tmpfs", path)]
    return [
        *("--dev", "/dev"),
        *private,
        *(*_python(), *more),  # after /tmp, since they may lie there
        *("--ro-bind", str(copy), "/course"),
        *("--remount-ro", "/dev", "--remount-ro", "/"),  # their own files would have no bound
        *("--chdir", "/box", "--clearenv"),
        *(part for name, value in environment().items() for part in ("--setenv", name, value)),
    ]


def environment():
    """Return the environment of student code: nothing of ours, one thread for each library."""
    return {
        "HOME": "/tmp",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "IPYTHONDIR": "/tmp/ipython",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def shown():
    """Return {folder: the names that may be in it} of the folders that lead to what is bound: nothing else is there."""
    system = [path for path in SYSTEM if Path(path).exists()]
    paths = [*system, "/course", "/box", "/tmp", "/dev", "/proc", *_prefixes()]
    names = defaultdict(set)
    for path in map(Path, paths):
        for folder in path.parents:
            if not any(folder.is_relative_to(bound) for bound in paths):
                names[str(folder)].add(path.relative_to(folder).parts[0])
    return dict(names)


def _isolation():
    return [
        *(_bwrap(), "--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent", "--new-session"),
        "--as-pid-1",  # else bubblewrap's own process is there, whose memory and environment anybody inside can read
        *("--hostname", "sandbox", *NOBODY),
    ]


def _system():
    """Bind the parts of the system that are there; a link stays a link."""
    parts = []
    for path in map(Path, SYSTEM):
        if path.is_symlink():
            parts += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            parts += ["--ro-bind", str(path), str(path)]
    return parts


def _python():
    """Bind this Python and its packages, without those of the course."""
    parts = []
    for prefix in _prefixes():
        parts += ["--ro-bind", prefix, prefix]
    for package in ("helpers", "grader", "tests"):
        for folder in {Path(path) / package for path in sys.path if path.startswith((sys.prefix, sys.base_prefix))}:
            parts += ["--tmpfs", str(folder)] if folder.is_dir() else []
    return parts


def _prefixes():
    """Return the folders of this Python and of its environment, where they are no folder of the system's."""
    return [path for path in dict.fromkeys([sys.base_prefix, sys.prefix]) if not Path(path).is_relative_to("/usr")]
