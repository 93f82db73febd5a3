"""A notebook that tries what must be refused, run before each batch: the sandbox proves itself or nothing is graded."""

import os
import socket
import tempfile
from pathlib import Path

import numpy as np

from grader.sandbox import SandboxError
from grader.sandbox.session import Session

TRIES = """
import ctypes, os, socket, subprocess, sys

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

def hoards():
    return bytearray(8 << 30)

def reached(port, secret, folder, victim):
    return {
        "the network": attempt(lambda: connects(int(port))),
        "a file of the instructor": attempt(lambda: open(secret).read()),
        "a folder of the instructor": attempt(lambda: os.listdir(folder)),
        "a file of the course's helpers": attempt(lambda: writes("/course/helpers/verdict.py")),
        "the system's folders": attempt(lambda: writes("/usr/lib/canary") or writes("/etc/canary")),
        "a second process by fork": attempt(forks),
        "a second process by a shell": attempt(spawns),
        "the processes of others": attempt(lambda: [os.kill(pid, 0) is None for pid in (1, os.getppid())]),
        "the environment": attempt(lambda: any("CANARY" in name for name in os.environ)),
        "eight gigabytes": attempt(hoards),
        "answers": attempt(lambda: __import__("helpers.answers")),
    }

def doubled(X):
    return 2 * X
"""


def prove(copy, limits=None):
    """Return nothing where the sandbox refuses all that it must and runs honest code; else raise SandboxError."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        secret = Path(folder) / "secret"
        secret.write_text("secret", encoding="ascii")
        os.environ["CANARY_OF_THE_GRADER"] = "secret"
        inputs = {"port": server.getsockname()[1], "secret": str(secret), "folder": folder, "victim": str(secret)}
        try:
            with Session(copy, limits) as session:
                ran = session.run(TRIES)
                answer = session.ask("reached", "function", {}, inputs)
                honest = session.ask("doubled", "function", {}, {"X": np.array([[1.0, 2.0]])})
        finally:
            del os.environ["CANARY_OF_THE_GRADER"]
    _judge(ran, answer, honest)


def _judge(ran, answer, honest):
    if ran.failed or honest is None or not np.array_equal(honest.value, [[2.0, 4.0]]):
        raise SandboxError("the sandbox does not run honest code, so nothing was graded: see  grader canary")
    if not isinstance(answer.value, dict) or not answer.value:
        raise SandboxError(f"the canary came to no end, so nothing was graded: {answer.error}")
    if reached := [name for name, there in answer.value.items() if there]:
        raise SandboxError(f"the sandbox does not hold, so nothing was graded: a canary reached {', '.join(reached)}")
