"""One student's notebook, driven from outside: cells go in, outputs and plain data come out."""

import time
from base64 import b64encode
from dataclasses import dataclass, field

from grader.sandbox import Limits, calls
from grader.sandbox.process import GRACE, MOST, Died
from helpers import portable
from helpers.asking import Answer
from helpers.reference import encode


@dataclass
class Ran:
    """What became of one cell."""

    outputs: list = field(default_factory=list)
    count: int | None = None
    failed: bool = False


class Session:
    """One notebook in a child of the worker, confined; some of its cells have been run.

    worker  the process that runs notebooks, a Worker
    files   {name: bytes} of what the notebook may read beside it
    """

    def __init__(self, worker, limits=None, files=None):
        self.worker, self.limits, self.files = worker, limits or Limits(), files or {}
        self.deadline = time.monotonic() + self.limits.notebook
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.worker.kill()

    @property
    def over(self):
        """Whether the time for the whole notebook is over."""
        return time.monotonic() >= self.deadline

    def start(self):
        """Start the notebook, or start it again with nothing run yet. Raises SandboxError where that fails."""
        beside = {name: b64encode(data).decode() for name, data in self.files.items()}
        self.worker.begin(beside=beside, **self._confinement())

    def _confinement(self):
        limits, filter_ = self.limits, calls.program() if self.worker.sandbox else None
        return {"memory": limits.memory, "files": limits.files, "seconds": int(limits.notebook) + 60, "filter": filter_}

    def end(self):
        """Stop the notebook for good."""
        self.worker.kill()

    def run(self, source):
        """Run a cell. Raises Died where its process does not survive it."""
        limits, seconds = self.limits, self._time(self.limits.cell)
        most = max(MOST, 24 * limits.output)
        reply = self.worker.request(seconds + GRACE, most, do="run", source=source, seconds=seconds, room=limits.output)
        outputs = reply.get("outputs")
        if not isinstance(outputs, list):
            raise Died("it answered nonsense")
        count = reply.get("count")
        return Ran(outputs[:1000], count if type(count) is int else None, bool(reply.get("failed")))

    def ask(self, name, kind, given, inputs):
        """Return the Answer of the function ``name`` to one case's inputs, or None where there is no such name.

        Raises Died where its process does not survive it.
        """
        seconds = self._time(self.limits.call)
        reply = self.worker.request(
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
