"""One submission, from what was handed in to a judged notebook: no gradebook, no other submission, a bounded time.

A job takes plain data and gives plain data, so any ``concurrent.futures.Executor`` can do it.
"""

import atexit
import errno
import hashlib
import os
import shutil
import signal
import tempfile
import threading
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import nbformat
from dateutil.parser import ParserError
from nbgrader.utils import parse_utc
from traitlets.config import Config

import grader
import helpers
from grader import intake, student_copy
from grader.intake import NeedsHuman
from grader.marking import marking_steps
from grader.marks import marks_of
from grader.needed import needed
from grader.outcome import FLAGGED, GRADED, HUMAN, Outcome, effort_in, functions_of
from grader.outside import CHANCE, Judging
from grader.rebuild import Skeleton, rebuild
from grader.records import plain_files
from grader.sandbox import Limits, SandboxError, canary
from grader.sandbox.process import Worker
from grader.sandbox.session import Session
from grader.sandbox.template import Template
from helpers import reference

MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EROFS)
SHARED = {}  # the "template" of this process's notebooks, where it shares one
SPARE = 60  # seconds that reading, rebuilding and judging may take beside the notebook itself


@dataclass(frozen=True)
class Job:
    """All that grading one submission takes, on whatever machine."""

    student: str
    assignment: str
    submitted: dict[str, bytes]  # the files of what was handed in
    notes: list[str]  # what reading them had to leave out
    released: str  # the text of the released notebook
    hidden: str  # the text of the hidden cases, or nothing
    config: Config  # the course's settings
    limits: Limits
    sandbox: bool = True
    all_cells: bool = False  # run also those of ours on which no mark depends


def do(job):
    """Return the Outcome of a job. Raises SandboxError or OSError where the sandbox or the machine fails."""
    try:
        with _at_most(job.limits.notebook + SPARE):
            return _judged(job)
    except (NeedsHuman, TimeoutError) as failure:
        return Outcome(HUMAN, [str(failure)])
    except SandboxError:
        raise
    except Exception as failure:  # a mistake of ours, whichever it is, must stop neither the batch nor be scored
        if getattr(failure, "errno", None) in MACHINE:
            raise
        why = f"the grader itself failed on it: {type(failure).__name__}: {str(failure)[:200]}"
        return Outcome(HUMAN, [why], passing=True)


def _judged(job):
    skeleton = Skeleton(nbformat.reads(job.released, 4))
    handed_in = intake.understand(job.submitted, job.notes, job.assignment, skeleton)
    nb, repairs = rebuild(handed_in.notebook, skeleton)
    offer_hidden_cases(job.assignment, job.hidden)
    cells = None if job.all_cells else needed(nb, skeleton)
    judged = _run(job, nb, cells, handed_in.files)
    flags = repairs + judged.flags
    if CHANCE.search(_own_code(nb, skeleton)):
        again = _run(job, nbformat.from_dict(nb), cells, handed_in.files)
        flags += [] if _states(again) == _states(judged) else ["different verdicts on a second run"]
    timestamp, note = _timestamp(job.submitted.get("timestamp.txt"))
    unsafe = [] if job.sandbox else ["graded without a sandbox"]
    flags = list(dict.fromkeys(handed_in.repairs + flags + note + unsafe))
    for step in marking_steps(job.config):
        nb, _ = step(nb, {})
    found = functions_of(nb, judged, effort_in(handed_in.notebook))
    return Outcome(FLAGGED if flags else GRADED, flags, nbformat.writes(nb), marks_of(nb), found, timestamp)


def _run(job, nb, cells, files):
    with Session(worker(job.limits, job.sandbox), job.limits, files) as session:
        return Judging(session, job.assignment).judge(nb, cells)


def prove(how):
    """Make the Worker that ``worker`` gives. Raises SandboxError where its sandbox does not hold."""
    worker(*how)


@cache
def worker(limits, sandbox):
    """Return the Worker of this process, after a canary has proved its sandbox; it ends with this process."""
    stack = ExitStack()
    atexit.register(stack.close)
    template = SHARED.get("template")
    copy = template.copy if template else stack.enter_context(student_copy.for_sandbox())
    made = stack.enter_context(Worker(copy, limits.files, sandbox, template))
    if sandbox:
        canary.prove(made, limits)
    return made


@contextmanager
def sharing(limits):
    """Give a function by which a process takes its notebooks from one Template, as others do that call it."""
    with student_copy.for_sandbox() as copy, Template(copy, limits.files) as template:
        yield partial(_share, template)


def _share(template):
    SHARED["template"] = template


def offer_hidden_cases(assignment, text):
    """Let the checks of this process find these hidden cases, and no others."""
    os.environ.pop(reference.HIDDEN_CASES, None)
    if text:
        folder = _own_folder(hashlib.sha256(text.encode()).hexdigest())
        path = folder / f"{assignment}.json"
        if not path.exists():
            path.write_text(text, encoding="utf-8")
        os.environ[reference.HIDDEN_CASES] = str(folder)


def code():
    """Return a fingerprint of the code and data that marks depend on, as they are on this machine."""
    digest = hashlib.sha256()
    for package in (helpers, grader):
        for path in plain_files(Path(package.__file__).parent):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def _own_folder(name):
    """Return a folder of this process, which ends with it."""
    folder = tempfile.mkdtemp(prefix="backprop-hidden-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _states(judged):
    return {name: (verdict.state, verdict.mistake) for name, verdict in judged.verdicts.items()}


def _own_code(nb, skeleton):
    """Return the code that is the student's own."""
    ours = {cell.source for cell in skeleton.cells}
    return "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code" and cell.source not in ours)


def _timestamp(data):
    """Return the time of submission that nbgrader's exchange wrote, and a note where it is none."""
    if data is None or len(data) > 100:
        return None, []
    with suppress(ParserError, ValueError, OverflowError, UnicodeDecodeError):
        return str(parse_utc(data.decode("utf-8").strip())), []
    return None, ["timestamp.txt holds no time: ignored"]


@contextmanager
def _at_most(seconds):
    """Raise TimeoutError after ``seconds``; in a thread of a process that does other work too, end that process."""
    if threading.current_thread() is not threading.main_thread():
        timer = threading.Timer(seconds, os._exit, [1])
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
        return

    def ring(number, frame):
        raise TimeoutError(f"grading it took more than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
