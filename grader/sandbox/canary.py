"""A notebook that tries what must be refused, run before each batch: the sandbox proves itself or nothing is graded.

It tries each wall on its own, so that one which stands does not hide that another is down: the filter of system calls
refuses a socket even where the network is shared, and a private /tmp hides a file even where all others are there.
"""

import os
import socket
import tempfile
from pathlib import Path

import numpy as np

from grader.sandbox import Limits, SandboxError, bubblewrap, calls
from grader.sandbox.process import Died
from grader.sandbox.session import Session
from helpers import answers

TRIES = """
import ctypes, fcntl, mmap, os, resource, socket, subprocess, sys

libc = ctypes.CDLL(None, use_errno=True)

def attempt(deed):
    try:
        return bool(deed())
    except BaseException:
        return False

def connects(port):
    return socket.create_connection(("127.0.0.1", port), 2)

def forks():
    pid = os.fork()
    if not pid:
        os._exit(0)
    return os.waitpid(pid, 0)

def spawns():
    return subprocess.run([sys.executable, "-c", "0"], timeout=5).returncode == 0

def writes(path):
    with open(path, "w") as file:
        return file.write("changed")

def writable(path):
    return not os.statvfs(path).f_flag & os.ST_RDONLY

def changed(path):
    return os.chmod(path, os.stat(path).st_mode & 0o7777) is None

def unbounded(path, most):
    return os.statvfs(path).f_blocks * os.statvfs(path).f_frsize > most

def shared(namespaces):
    return [line for line in namespaces.split() if os.readlink("/proc/self/ns/" + line.split(":")[0]) == line]

def unknown(shown):
    return [f for f in shown if set(os.listdir(f)) - set(shown[f].split("/"))]

def passes(number):
    pid = os.getpid()
    ctypes.set_errno(0)
    libc.syscall(int(number), *[ctypes.c_long(-1)] * 6)
    if os.getpid() != pid:
        os._exit(0)
    return ctypes.get_errno() != 1  # EPERM

def unlimited(memory, files):
    bounds = {"AS": memory, "FSIZE": files, "CPU": 10**6, "CORE": 0, "NOFILE": 256}
    found = {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))[1] for name in bounds}
    return [name for name, most in bounds.items() if not 0 <= found[name] <= int(most)]

def others():
    pids = [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) != os.getpid()]
    reads = [(pid, part) for pid in pids for part in ("environ", "maps", "mem") if attempt(lambda: reads_of(pid, part))]
    return reads + [pid for pid in pids if attempt(lambda: os.readlink(f"/proc/{pid}/cwd")) or int(pid) > os.getpid()]

def reads_of(pid, part):
    with open(f"/proc/{pid}/{part}", "rb") as file:
        return part == "mem" or file.read(1)

def changes_of(pid):
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        attempt(lambda: os.kill(pid, 0) is None)
        or attempt(lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, limit))
        or attempt(lambda: os.sched_setaffinity(pid, os.sched_getaffinity(0)) is None)
        or attempt(lambda: os.setpriority(os.PRIO_PROCESS, pid, 19) is None)
        or attempt(lambda: fcntl.fcntl(0, fcntl.F_SETOWN, pid) is not None)
    )

def privileges():
    with open("/proc/self/status") as file:
        status = dict(line.split(":") for line in file)
    held = [int(status[name], 16) for name in ("CapPrm", "CapEff", "CapBnd", "CapInh", "CapAmb")]
    return any(held) or int(status["NoNewPrivs"]) != 1 or int(status["Seccomp"]) != 2

def right_outputs():
    from helpers import reference
    return [
        name for room in reference.assignments() for name in reference.exercises(room)
        for case in reference.load(room, name).cases if case.right is not None or case.wrong
    ]

prefixes = {sys.prefix, sys.base_prefix}

def reached(port, secret, folder, course, shown, namespaces, calls, memory, files):
    return {
        "the network": attempt(lambda: connects(int(port))),
        "the instructor's namespaces": attempt(lambda: shared(namespaces)),
        "a file of the instructor": attempt(lambda: open(secret).read()),
        "a folder of the instructor": attempt(lambda: os.listdir(folder)),
        "the folder of the course": attempt(lambda: os.listdir(course)),
        "folders that are none of its own": attempt(lambda: unknown(shown)),
        "a file of the course's helpers": attempt(lambda: writes("/course/helpers/verdict.py")),
        "the system's folders": attempt(lambda: writes("/usr/lib/canary")) or attempt(lambda: writes("/etc/canary")),
        "what is only to be read": [path for path in ("/", "/dev", "/usr", "/course", *prefixes) if writable(path)],
        "more room than it has": [path for path in ("/tmp", "/box", "/dev/shm") if unbounded(path, int(files))],
        "the program that it runs": attempt(lambda: changed("/proc/self/exe")),
        "a second process by fork": attempt(forks),
        "a second process by a shell": attempt(spawns),
        "the processes of others": attempt(others) or changes_of(1),
        "privileges": attempt(privileges),
        "the environment": attempt(lambda: any("CANARY" in name for name in os.environ)),
        "more memory than it has": attempt(lambda: mmap.mmap(-1, 2 * int(memory))),
        "what a process may use": attempt(lambda: unlimited(memory, files)),
        "system calls": attempt(lambda: [name for name in calls if passes(calls[name])]),
        "answers": attempt(lambda: __import__("helpers.answers")) or attempt(right_outputs),
    }

def doubled(X):
    return 2 * X
"""
NAMESPACES = ("net", "pid", "mnt", "ipc", "uts", "user")


def prove(worker, limits=None):
    """Return nothing where the sandbox refuses all that it must and runs honest code; else raise SandboxError."""
    limits = limits or Limits()
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        secret = Path(folder) / "secret"
        secret.write_text("secret", encoding="ascii")
        os.environ["CANARY_OF_THE_GRADER"] = "secret"
        inputs = {
            "port": server.getsockname()[1],
            "secret": str(secret),
            "folder": folder,
            "course": str(Path(answers.__file__).parent),
            "shown": {path: "/".join(sorted(names)) for path, names in bubblewrap.shown().items()},
            "namespaces": " ".join(os.readlink(f"/proc/self/ns/{name}") for name in NAMESPACES),
            "calls": {name: number for name, number in calls.refused().items() if name != "vfork"},
            "memory": limits.memory,
            "files": limits.files,
        }
        try:
            with Session(worker, limits) as session:
                ran = session.run(TRIES)
                answer = session.ask("reached", "function", {}, inputs)
                honest = session.ask("doubled", "function", {}, {"X": np.array([[1.0, 2.0]])})
        except Died as death:
            raise SandboxError(f"the canary came to no end, so nothing was graded: {death}") from death
        finally:
            del os.environ["CANARY_OF_THE_GRADER"]
    _judge(ran, answer, honest)


def _judge(ran, answer, honest):
    if ran.failed or honest is None or not np.array_equal(honest.value, [[2.0, 4.0]]):
        raise SandboxError("the sandbox does not run honest code, so nothing was graded: see  grader canary")
    if answer is None or not isinstance(answer.value, dict) or not answer.value:
        raise SandboxError(f"the canary came to no end, so nothing was graded: {answer and answer.error}")
    if reached := [name for name, there in answer.value.items() if there]:
        raise SandboxError(f"the sandbox does not hold, so nothing was graded: a canary reached {', '.join(reached)}")
