"""The processes in which notebooks run, one after the other, each in a sandbox of its own."""

import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.sandbox import SandboxError, bubblewrap
from grader.sandbox.template import Template

WORKER = Path(__file__).with_name("worker.py")
START = 60  # seconds that the worker may take to be there, on a busy machine
TRIES = 2  # times that a notebook's process is started, the second time from a fresh template
GRACE = 3  # seconds beyond its limit after which a notebook that does not stop is killed
MOST = 32_000_000  # bytes of one reply, or 24 for each character that a cell may print
JUNK = 100  # replies to something else that are dropped before one is believed to come no more
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Died(Exception):
    """The student's process ended, hung or talked nonsense; its text says which."""


class Worker:
    """Runs one notebook after the other, each in a process of its own that confines itself.

    A notebook has a sandbox and a channel of its own: what it reads, writes or leaves there reaches no other.

    copy      the folder of the student copy of ``helpers``
    size      bytes that each private folder may hold
    sandbox   False: no bubblewrap, and a process started anew for each notebook, with the limits that the platform has
    template  the Template that notebooks are forked from; one of its own where None
    """

    def __init__(self, copy, size, sandbox=True, template=None):
        self.copy, self.size, self.sandbox, self.template = Path(copy), size, sandbox, template
        self.process, self.life, self.channel, self.folder = None, None, None, None
        self.number, self.replies = 0, bytearray()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        if self.template:
            self.template.close()

    def begin(self, **confinement):
        """Begin a notebook in a process of its own. Raises SandboxError where there is none to be had."""
        for _ in range(TRIES):
            self.kill()
            try:
                self._start()
                return self.request(START, do="start", **confinement)
            except (Died, SandboxError) as failure:
                self.kill()
                why = failure
            if self.template:
                self.template.close()
                self.template = None
        raise SandboxError(f"the sandbox did not start: {why}; try again, or see  grader canary") from why

    def kill(self):
        """End the notebook, and with it whatever runs in its sandbox."""
        if self.life:
            self.life.close()
            self._await_the_end()
        if self.process:
            with suppress(ProcessLookupError):  # with whatever it started where no filter keeps it from that
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.channel:
            self.channel.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.process, self.life, self.channel, self.folder = None, None, None, None

    def _await_the_end(self):
        """Wait until nobody holds the other end of the channel: the sandbox is gone, with all that was in it."""
        with suppress(Died, ConnectionError):
            until = time.monotonic() + START
            while select.select([self.channel], [], [], _left(until))[0] and self.channel.recv(1 << 20):
                pass

    def request(self, patience, most=MOST, **content):
        """Send a request and return the reply to it, a dict; what was meant for another request is dropped."""
        if not self.channel:
            raise Died("it was stopped for good")
        self.number += 1
        until = time.monotonic() + patience
        self._send(json.dumps({"id": self.number, **content}).encode() + b"\n", until)
        for _ in range(JUNK):
            with suppress(ValueError, RecursionError):
                reply = _parsed(self._line(until, most))
                if isinstance(reply, dict) and reply.get("id") == self.number:
                    return reply
        raise Died("it answered nonsense")

    def _start(self):
        if self.sandbox:
            self.template = self.template or Template(self.copy, self.size)
            self.channel, self.life = self.template.fork()
        else:
            self.channel = self._start_anew()
        self.channel.setblocking(False)
        self.replies.clear()

    def _start_anew(self):
        """Start a process for one notebook, without a sandbox; return the channel to it."""
        self.folder = tempfile.mkdtemp(prefix="backprop-")
        program = [sys.executable, "-I", str(WORKER), str(self.copy)]
        own = dict.fromkeys(("HOME", "MPLCONFIGDIR", "IPYTHONDIR", "TMPDIR"), self.folder)
        channel, theirs = socket.socketpair()
        with theirs:
            nothing = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
            environment = {**bubblewrap.environment(), **own}
            self.process = subprocess.Popen(
                program, cwd=self.folder, env=environment, start_new_session=True, stdin=theirs, **nothing
            )
        return channel

    # --- the channel -------------------------------------------------------------------------------

    def _send(self, line, until):
        """Write a line, or raise Died when nobody reads it in time."""
        rest = memoryview(line)
        while rest:
            if select.select([], [self.channel], [], _left(until))[1]:
                with _death(), suppress(BlockingIOError):
                    rest = rest[self.channel.send(rest) :]

    def _line(self, until, most):
        """Return the next line of a reply, or raise Died when its writer is gone, too late or too long."""
        looked = 0
        while (end := self.replies.find(b"\n", looked)) < 0:
            looked = len(self.replies)
            if looked > most:
                raise Died("it wrote too much")
            if select.select([self.channel], [], [], _left(until))[0]:
                with _death():
                    piece = self.channel.recv(1 << 20)
                if not piece:
                    raise Died("its process ended")
                self.replies += piece
        _left(until)
        line = bytes(self.replies[:end])
        del self.replies[: end + 1]
        return line


@contextmanager
def _death():
    """Raise Died where the other end of a channel is gone."""
    try:
        yield
    except ConnectionError as failure:
        raise Died("its process ended") from failure


def _left(until):
    """Return how long to wait at most, in seconds, or raise Died when it is too late."""
    left = until - time.monotonic()
    if left <= 0:
        raise Died("it did not stop in time")
    return left


def _parsed(line):
    """Return a line's JSON, its strings such as can be written to a file. Raises ValueError or RecursionError."""
    reply = json.loads(line)
    if SURROGATE.search(line):
        reply = json.loads(json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace"))
    return reply
