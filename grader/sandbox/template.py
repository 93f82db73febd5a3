"""The process that has imported what notebooks import: it forks for each of them a child, into a sandbox of its own.

No student's code ever runs in it, and it holds no answer: it is started beside the student copy of ``helpers``, with a
view of the machine as narrow as that of a notebook.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress

from grader.sandbox import SandboxError, bubblewrap

# What stands in a sandbox first, and ends it when its lifeline is cut: nobody inside can read it, or stop it.
WAIT = "import ctypes, os\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\nos.write(1, b'.')\nos.read(0, 1)"


class Template:
    """A template process and the way to it; several processes of the grader may share one.

    copy  the folder of the student copy of ``helpers``
    size  bytes that each private folder of a notebook may hold
    """

    def __init__(self, copy, size):
        program = [sys.executable, "-I", "/course/worker.py", "/course", "template"]
        self.copy, self.size = str(copy), size
        self.requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                bubblewrap.around_template(program, self.copy, size),
                env={"PATH": os.environ.get("PATH", os.defpath)},
                start_new_session=True,
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __getstate__(self):
        return vars(self) | {"process": None}

    def fork(self):
        """Return a channel to a fresh child in a fresh sandbox, and the lifeline of that sandbox.

        Raises SandboxError where the template is gone.
        """
        waiting = bubblewrap.command([sys.executable, "-I", "-S", "-c", WAIT], "/course", self.size)
        channel, theirs = socket.socketpair()
        life, end = socket.socketpair()
        try:
            with theirs, end:
                socket.send_fds(self.requests, [json.dumps(waiting).encode()], [theirs.fileno(), end.fileno()])
        except OSError as failure:
            channel.close()
            life.close()
            raise SandboxError(f"the process that notebooks come from is gone ({failure})") from failure
        return channel, life

    def close(self):
        """End the template; what it has forked goes on."""
        self.requests.close()
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
