"""Print how much CPU time the sandbox adds to judging an honest notebook: pairs with and without it, one after another.

Both run the same program, in a fresh process for the notebook, where a batch forks both from a template.

    python -m tests.bench_sandbox [pairs]
"""

import os
import resource
import socket
import statistics
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import nbformat

from grader import student_copy
from grader.demo import answered, right_answers
from grader.outside import Judging
from grader.rebuild import Skeleton, rebuild
from grader.sandbox import Limits, bubblewrap, calls
from grader.sandbox.process import Worker
from grader.sandbox.session import Session
from helpers import build, reference

ROOM = "01-linear-regression"
ROOT = Path(__file__).resolve().parent.parent


def main(pairs=7):
    """Print the CPU times of each pair, the median of their ratios and its spread; return the median."""
    released = nbformat.read(ROOT / "notebooks" / ROOM / f"{ROOM}.ipynb", 4)
    text = answered(released, right_answers(SimpleNamespace(root=ROOT), ROOM))
    bubblewrap.problem(), calls.program()  # found out once in a batch
    ratios = []
    with student_copy.for_sandbox() as copy, TemporaryDirectory() as hidden:
        build.write(ROOM, 1, hidden)
        os.environ[reference.HIDDEN_CASES] = hidden
        _judge(text, copy, sandbox=True)
        for number in range(pairs):
            order = (True, False) if number % 2 else (False, True)
            spent = {sandbox: _judge(text, copy, sandbox) for sandbox in order}
            ratios.append(spent[True] / spent[False])
            print(f"pair {number + 1}: {spent[True]:.2f} s with, {spent[False]:.2f} s without: {ratios[-1]:.3f}")
    median = statistics.median(ratios)
    print(f"the sandbox costs {median - 1:+.1%} of CPU time (median of {pairs} pairs, {_spread(ratios)})")
    return median


class Once(Worker):
    """A sandbox for a single notebook, which runs the program that runs where there is none."""

    def _start(self):
        program = [sys.executable, "-I", "/course/worker.py", "/course"]
        self.channel, theirs = socket.socketpair()
        self.channel.setblocking(False)
        with theirs:
            self.process = subprocess.Popen(
                bubblewrap.command(program, self.copy, self.size), start_new_session=True, stdin=theirs
            )


def _spread(ratios):
    return f"from {min(ratios) - 1:+.1%} to {max(ratios) - 1:+.1%}"


def _judge(text, copy, sandbox):
    """Return the seconds of CPU time, user and system, of this process and those of the session for one submission."""
    before = _own()
    skeleton = Skeleton(nbformat.read(ROOT / "notebooks" / ROOM / f"{ROOM}.ipynb", 4))
    nb, _ = rebuild(nbformat.reads(text, 4), skeleton)
    with (Once if sandbox else Worker)(copy, Limits.files, sandbox) as worker, Session(worker) as session:
        judged = Judging(session, ROOM).judge(nb)
        spent = _of_session(worker.process.pid)
    assert all(verdict.passed for verdict in judged.verdicts.values()), judged
    return _own() - before + spent


def _own():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _of_session(leader):
    """Return the same of all processes of a session and of those that they waited for.

    The system counts none of them for us: the worker's parent inside the sandbox does not wait for it.
    """
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(") ")[2].split()
            if leader in (int(path.parent.name), int(fields[2]), int(fields[3])) or _parent_in(fields[1], leader):
                ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _parent_in(pid, leader):
    """Return whether a process descends from the leader of a session; one inside has a session of its own."""
    while int(pid) > 1:
        if int(pid) == leader:
            return True
        pid = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1]
    return False


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
