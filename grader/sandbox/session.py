"""One student's notebook, driven from outside: cells go in, outputs and plain data come out."""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from grader.sandbox import Limits, SandboxError, bubblewrap, calls
from helpers import portable
from helpers.asking import Answer
from helpers.reference import encode

WORKER = Path(__file__).with_name("worker.py")
START = 60  # seconds that the worker may take to be there, on a busy machine
GRACE = 3  # seconds beyond its limit after which a worker that does not stop is killed
MOST = 32_000_000  # bytes of one reply, or 24 for each character that a cell may print
JUNK = 100  # replies to something else that are dropped before one is believed to come no more
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Died(Exception):
    """The student's process ended, hung or talked nonsense; its text says which."""


@dataclass
class Ran:
    """What became of one cell."""

    outputs: list = field(default_factory=list)
    count: int | None = None
    failed: bool = False


def _answer(data):
    """Return the Answer that a reply claims, each field of its own type and short. Raises ValueError otherwise."""
    texts = {name: data[name] for name in ("error", "missing", "warning")}
    flags = {name: data[name] for name in ("attempted", "proved")}
    if not all(text is None or type(text) is str for text in texts.values()):
        raise ValueError("not a text")
    if not all(type(flag) is bool for flag in flags.values()):
        raise ValueError("not true or false")
    changed = tuple(str(name)[:50] for name in list(data["changed"])[:20])
    cut = {name: text and text[:2000] for name, text in texts.items()}
    return Answer(value=portable.unpack(data["value"]), changed=changed, **cut, **flags)


class Session:
    """A worker process, confined, that has run some cells of one notebook.

    folder  of the student copy of ``helpers``
    work    a folder of files that the notebook may read, or None
    sandbox  False: no bubblewrap and no filter of system calls, only the limits that the platform has
    """

    def __init__(self, folder, limits=None, work=None, sandbox=True):
        self.folder, self.limits, self.sandbox = Path(folder), limits or Limits(), sandbox
        self.temporary = tempfile.mkdtemp(prefix="backprop-")
        self.work = work or self.temporary
        self.deadline = time.monotonic() + self.limits.notebook
        self.process, self.number, self.buffer = None, 0, bytearray()
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        shutil.rmtree(self.temporary, ignore_errors=True)

    @property
    def over(self):
        """Whether the time for the whole notebook is over."""
        return time.monotonic() >= self.deadline

    def start(self):
        """Start the worker and wait until it has confined itself. Raises SandboxError where that fails."""
        self.end()
        self.buffer = bytearray()
        program = [sys.executable, "-I", str(WORKER)]
        if self.sandbox:
            program = [sys.executable, "-I", "/course/worker.py", "/course"]
            program = bubblewrap.command(program, self.work, self.folder, self.limits.files)
            where, environment = None, None
        else:
            program, where = [*program, str(self.folder)], self.temporary
            for fonts in bubblewrap.fonts():
                shutil.copy(fonts, where)
            environment = {**bubblewrap.environment(), "HOME": where, "MPLCONFIGDIR": where, "IPYTHONDIR": where}
        self.process = subprocess.Popen(
            program,
            cwd=where,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            bufsize=0,
        )
        for pipe in (self.process.stdin, self.process.stdout):
            os.set_blocking(pipe.fileno(), False)
        try:
            self._request(START, do="start", **self._confinement())
        except Died as failure:
            raise SandboxError(f"the sandbox did not start: {failure}; try again, or see  grader canary") from failure

    def _confinement(self):
        limits = self.limits
        filter_ = calls.program() if self.sandbox else None
        return {"memory": limits.memory, "files": limits.files, "seconds": int(limits.notebook) + 60, "filter": filter_}

    def end(self):
        """Kill the worker, if there is one."""
        if self.process:
            with suppress(ProcessLookupError):  # with whatever it started where no filter keeps it from that
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None

    def run(self, source):
        """Run a cell. Raises Died where the worker does not survive it."""
        seconds = self._time(self.limits.cell)
        reply = self._request(seconds + GRACE, do="run", source=source, seconds=seconds, most=self.limits.output)
        outputs = reply.get("outputs")
        if not isinstance(outputs, list):
            raise Died("it answered nonsense")
        count = reply.get("count")
        return Ran(outputs[:1000], count if type(count) is int else None, bool(reply.get("failed")))

    def ask(self, name, kind, given, inputs):
        """Return the Answer of the function ``name`` to one case's inputs, or None where there is no such name.

        Raises Died where the worker does not survive it.
        """
        seconds = self._time(self.limits.call)
        reply = self._request(
            seconds + GRACE, do="ask", name=name, kind=kind, given=given, case=encode(inputs), seconds=seconds
        )
        if reply.get("undefined") is True:
            return None
        try:
            return _answer(reply["answer"])
        except (KeyError, TypeError, ValueError, RecursionError) as failure:
            raise Died("it answered nonsense") from failure

    def _time(self, most):
        if self.over:
            raise Died(f"the notebook took more than {self.limits.notebook:g} seconds")
        return min(most, max(self.deadline - time.monotonic(), 0.01))

    def _request(self, patience, **content):
        """Send a request and return the reply to it, a dict; what was meant for another request is dropped."""
        if self.process is None:
            raise Died("it was stopped for good")
        self.number += 1
        until = time.monotonic() + patience
        self._send(json.dumps({"id": self.number, **content}).encode() + b"\n", until)
        for _ in range(JUNK):
            with suppress(ValueError, RecursionError):
                reply = _parsed(self._line(until))
                if isinstance(reply, dict) and reply.get("id") == self.number:
                    return reply
        raise Died("it answered nonsense")

    def _send(self, line, until):
        """Write a line, or raise Died when nobody reads it in time."""
        pipe, rest = self.process.stdin.fileno(), memoryview(line)
        while rest:
            if not select.select([], [pipe], [], self._left(until))[1]:
                continue
            try:
                rest = rest[os.write(pipe, rest) :]
            except BlockingIOError:
                continue
            except OSError as failure:
                raise Died("its process ended") from failure

    def _line(self, until):
        """Return the next line of the worker, or raise Died when it is too late or too long."""
        pipe, looked = self.process.stdout.fileno(), 0
        most = max(MOST, 24 * self.limits.output)
        while (end := self.buffer.find(b"\n", looked)) < 0:
            looked = len(self.buffer)
            if looked > most:
                raise Died("it wrote too much")
            if select.select([pipe], [], [], self._left(until))[0]:
                piece = os.read(pipe, 1 << 20)
                if not piece:
                    raise Died("its process ended")
                self.buffer += piece
        self._left(until)
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        return line

    @staticmethod
    def _left(until):
        """Return how long to wait at most, in seconds, or raise Died when it is too late."""
        left = until - time.monotonic()
        if left <= 0:
            raise Died("it did not stop in time")
        return min(left, 1)


def _parsed(line):
    """Return a line's JSON, its strings such as can be written to a file. Raises ValueError or RecursionError."""
    reply = json.loads(line)
    if SURROGATE.search(line):
        reply = json.loads(json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace"))
    return reply
