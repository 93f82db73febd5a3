"""One student's notebook, driven from outside: cells go in, outputs and plain data come out."""

import json
import os
import select
import shutil
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
MOST = 32_000_000  # bytes of one reply


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
        self.process, self.number, self.buffer = None, 0, b""
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        shutil.rmtree(self.temporary, ignore_errors=True)

    def start(self):
        """Start the worker and wait until it has confined itself. Raises SandboxError where that fails."""
        self.end()
        self.buffer = b""
        program = [sys.executable, "-I", str(WORKER)]
        if self.sandbox:
            program = [sys.executable, "-I", "/course/worker.py", "/course"]
            program = bubblewrap.command(program, self.work, self.folder, self.limits.files)
            where, environment = None, None
        else:
            program, where = [*program, str(self.folder)], self.temporary
            environment = {**bubblewrap.environment(), "HOME": where, "MPLCONFIGDIR": where, "IPYTHONDIR": where}
        self.process = subprocess.Popen(
            program,
            cwd=where,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.set_blocking(self.process.stdout.fileno(), False)
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
            with suppress(ProcessLookupError):
                self.process.kill()
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
        return Ran(outputs, count if type(count) is int else None, bool(reply.get("failed")))

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
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Died(f"the notebook took more than {self.limits.notebook:g} seconds")
        return min(most, left)

    def _request(self, patience, **content):
        """Send a request and return the reply to it, a dict; what was meant for another request is dropped."""
        self.number += 1
        line = json.dumps({"id": self.number, **content}).encode() + b"\n"
        until = time.monotonic() + patience
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
        except OSError as failure:
            raise Died("its process ended") from failure
        while True:
            with suppress(ValueError, RecursionError):
                reply = json.loads(self._line(until))
                if isinstance(reply, dict) and reply.get("id") == self.number:
                    return reply

    def _line(self, until):
        """Return the next line of the worker, or raise Died when it is too late or too long."""
        pipe = self.process.stdout
        while b"\n" not in self.buffer:
            left = until - time.monotonic()
            if left <= 0:
                raise Died("it did not stop in time")
            if len(self.buffer) > MOST:
                raise Died("it wrote too much")
            if select.select([pipe], [], [], min(left, 1))[0]:
                piece = pipe.read(1 << 20)
                if not piece:
                    raise Died("its process ended")
                self.buffer += piece
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line
