"""One submission, from what was handed in to a judged notebook: no gradebook, no other submission, a bounded time.

A job takes plain data and gives plain data, so any ``concurrent.futures.Executor`` can do it.
"""

import errno
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat
from dateutil.parser import ParserError
from nbgrader.utils import parse_utc

from grader import intake
from grader.intake import NeedsHuman
from grader.outside import CHANCE, Judging
from grader.rebuild import Skeleton, rebuild
from grader.sandbox import Limits, SandboxError
from grader.sandbox.session import Session
from helpers import reference

GRADED, FLAGGED, HUMAN = "graded", "graded with flags", "needs a human"
MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EROFS)
SPARE = 60  # seconds that reading, rebuilding and judging may take beside the notebook itself


@dataclass(frozen=True)
class Job:
    """All that grading one submission takes."""

    student: str
    assignment: str
    submitted: str  # the folder of what was handed in
    released: str  # the text of the released notebook
    copy: str  # the folder of the student copy of helpers
    hidden: str  # the folder of the hidden cases
    limits: Limits
    sandbox: bool = True


@dataclass
class Outcome:
    """What became of a submission: the judged notebook, or why a human has to look."""

    outcome: str
    flags: list[str] = field(default_factory=list)
    notebook: str = ""
    verdicts: dict[str, dict] = field(default_factory=dict)
    timestamp: str | None = None
    passing: bool = False  # whether the reason was no part of the submission, so that the next grading tries again


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


def end_with_parent():
    """Let this process end as soon as the one that started it has, in whatever way that ended."""

    def watch():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _judged(job):
    skeleton = Skeleton(nbformat.reads(job.released, 4))
    handed_in = intake.read(job.submitted, job.assignment, skeleton)
    nb, repairs = rebuild(handed_in.notebook, skeleton)
    os.environ[reference.HIDDEN_CASES] = job.hidden
    with beside(handed_in.files) as work:
        judged = _run(job, nb, work)
        flags = repairs + judged.flags
        if CHANCE.search(_own_code(nb, skeleton)) and _states(_run(job, _fresh(nb), work)) != _states(judged):
            flags.append("different verdicts on a second run")
    timestamp, note = _timestamp(job.submitted)
    unsafe = [] if job.sandbox else ["graded without a sandbox"]
    flags = list(dict.fromkeys(handed_in.repairs + flags + note + unsafe))
    verdicts = {name: asdict(verdict) for name, verdict in judged.verdicts.items()}
    return Outcome(FLAGGED if flags else GRADED, flags, nbformat.writes(nb), verdicts, timestamp)


def _run(job, nb, work):
    with Session(job.copy, job.limits, work, job.sandbox) as session:
        return Judging(session, job.assignment).judge(nb)


def _states(judged):
    return {name: (verdict.state, verdict.mistake) for name, verdict in judged.verdicts.items()}


def _fresh(nb):
    return nbformat.from_dict(nb)


def _own_code(nb, skeleton):
    """Return the code that is the student's own."""
    ours = {cell.source for cell in skeleton.cells}
    return "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code" and cell.source not in ours)


@contextmanager
def beside(files):
    """Give a folder with the files that were handed in beside the notebook."""
    folder = tempfile.mkdtemp(prefix="backprop-files-")
    try:
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _timestamp(folder):
    """Return the time of submission that nbgrader's exchange wrote, and a note where it is none."""
    path = Path(folder) / "timestamp.txt"
    if path.is_symlink() or not path.is_file() or path.stat().st_size > 100:
        return None, []
    with suppress(ParserError, ValueError, OverflowError, UnicodeDecodeError):
        when = parse_utc(path.read_text(encoding="utf-8").strip())
        return str(when), []
    return None, ["timestamp.txt holds no time: ignored"]


@contextmanager
def _at_most(seconds):
    """Raise TimeoutError after ``seconds``, where the platform can."""
    if not hasattr(signal, "setitimer"):
        yield
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
