"""Grade whatever lies in course/submitted/: many workers judge, one writer owns the gradebook, nothing is lost.

Each submission is written whole, and its record last: after a crash the next run goes on where this one stopped, and
what has not changed since is not graded again.
"""

import errno
import hashlib
import json
import multiprocessing
import os
import shutil
import sqlite3
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat
import numpy as np
from nbgrader.utils import determine_grade
from sqlalchemy.exc import OperationalError

import grader
import helpers
from grader import jobs, marks, student_copy
from grader.backup import alone, back_up
from grader.course import CourseError, answers_seen, record_of
from grader.feedback import Pages
from grader.hidden import ensure_hidden_cases
from grader.jobs import GRADED, HUMAN, Job, Outcome
from grader.outside import CHECK, is_test
from grader.release import release_if_changed
from grader.sandbox import SandboxError, canary
from grader.steps import JudgeOutside, marking_steps


@dataclass
class Function:
    """The marks of one graded function, and the verdict that they come from."""

    marks: float
    points: float
    state: str
    mistake: str | None = None
    where: str | None = None
    carried: str | None = None


@dataclass
class Record:
    """What became of one submission."""

    student: str
    assignment: str
    outcome: str = GRADED
    flags: list[str] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)

    @property
    def marks(self):
        return sum(function.marks for function in self.functions.values())

    @property
    def points(self):
        return sum(function.points for function in self.functions.values())

    def as_json(self):
        return {**asdict(self), "marks": self.marks, "points": self.points}


def submissions(course, assignments):
    """Return the (student, assignment) pairs that lie in course/submitted/, in order."""
    folders = sorted((course.folder / "submitted").glob("*/*/"))
    return [(path.parent.name, path.name) for path in folders if path.name in assignments and not path.is_symlink()]


def grade(course, assignments, step=lambda record: None, workers=None, sandbox=True, again=False):
    """Return the Records of all submissions, after grading them, writing feedback, the CSV and report.json.

    step     is called with each Record as it is made, or found unchanged
    workers  how many submissions are judged at once; as many as there are processors where None
    sandbox  False: run student code with nothing but limits, and flag it
    again    grade also what has not changed since it was graded
    """
    with _explaining(), alone(course), student_copy.for_sandbox() as copy:
        batch = Batch(course, assignments, copy, sandbox)
        records = {}
        try:
            for place, record in batch.grade(submissions(course, assignments), workers, again):
                records[place] = record
                step(record)
        finally:
            ordered = [records[place] for place in sorted(records)]
            if ordered:
                export(course)
                write_report(course, ordered)
    return ordered


@contextmanager
def _explaining():
    """Raise CourseError, which says what to do, where the disk is full or somebody else holds the gradebook."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError, OSError) as failure:
        said = str(getattr(failure, "orig", failure))
        if "locked" in said:
            why = "the gradebook is in use by another program: close it, and grade again; nothing is lost"
        elif isinstance(failure, OSError) and failure.errno not in (*jobs.MACHINE, errno.EFBIG, errno.EACCES):
            raise
        else:
            why = f"the disk is full or cannot be written: make room, and grade again; nothing is lost ({said})"
        raise CourseError(why) from failure


class Batch:
    """One grading of a course: what all its jobs share, and the writing of their outcomes."""

    def __init__(self, course, assignments, copy, sandbox):
        self.course, self.private = course, course.released()
        self.options = JudgeOutside(config=course.config)
        self.sandbox = sandbox and self.options.sandbox
        self.copy = copy
        for assignment in assignments:
            release_if_changed(self.private, assignment)
        back_up(course)
        self.hidden = {a: ensure_hidden_cases(a, course.root) for a in assignments}
        self.released = {a: course.released_path(a).read_text(encoding="utf-8") for a in assignments}
        if self.sandbox:
            canary.prove(copy, self.options.limits)
        self.recipe, self.penalty = self._recipe(), marks.late_penalty(course.config)
        self.pages = Pages(course.api)

    def grade(self, places, workers, again):
        """Yield (place, Record) for each (student, assignment), unchanged ones first, the others as they are done."""
        todo = {}
        for place in places:
            job = self._job(*place)
            content = _content(job)
            key = self._key(job, content)
            record = None if again else self._unchanged(place, key)
            if record:
                yield place, record
            else:
                todo[place] = (job, key, content)
        with closing(outcomes({place: job for place, (job, *_) in todo.items()}, workers)) as done:
            for place, outcome in done:
                yield place, self._write(place, outcome, *todo[place][1:])

    def _job(self, student, assignment):
        folder = self.course.submitted(student, assignment).parent
        text = self.released[assignment], str(self.copy), str(self.hidden[assignment])
        return Job(student, assignment, str(folder), *text, self.options.limits, self.sandbox)

    # --- what has not changed ----------------------------------------------------------------------

    def _recipe(self):
        """Return a fingerprint of everything but the submission that marks depend on."""
        code = [path for package in (helpers, grader) for path in _files(Path(package.__file__).parent)]
        versions = sys.version, np.__version__
        digest = hashlib.sha256(repr((versions, self.options.limits, self.sandbox, self.course.config)).encode())
        for path in code:
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def _key(self, job, content):
        digest = hashlib.sha256((self.recipe + job.released + content).encode())
        digest.update(Path(job.hidden, f"{job.assignment}.json").read_bytes())
        return digest.hexdigest()

    def _unchanged(self, place, key):
        """Return the Record of a submission that was graded before, just as it is, and written to its end; or None."""
        try:
            kept = json.loads(self._record_path(*place).read_text(encoding="utf-8"))
            functions = {name: Function(**entry) for name, entry in kept["record"]["functions"].items()}
            record = Record(**{**kept["record"], "functions": functions})
        except (OSError, ValueError, KeyError, TypeError):
            return None
        with self.course.gradebook() as gb:
            same = kept["key"] == key and kept["marks"] == marks.fingerprint(gb, *place)
        written = record.outcome == HUMAN or all(path(*place).is_file() for path in self._pages)
        return record if same and written else None

    @property
    def _pages(self):
        return self.course.autograded, self.course.feedback

    def _record_path(self, student, assignment):
        return record_of(self.course.root, student, assignment)

    # --- writing -----------------------------------------------------------------------------------

    def _write(self, place, outcome, key, content):
        """Write the gradebook, the judged notebook, the feedback and last the record; return the Record."""
        student, assignment = place
        seen = answers_seen(self.course.root, student, assignment)
        self._record_path(*place).unlink(missing_ok=True)
        record = Record(student, assignment, outcome.outcome, outcome.flags)
        if outcome.outcome == HUMAN:
            with self.course.gradebook() as gb:
                marks.leave_open(gb, assignment, student, seen, content)
                known = marks.fingerprint(gb, student, assignment)
            for path in self._pages:
                shutil.rmtree(path(*place).parent, ignore_errors=True)
        else:
            nb = self._marked(nbformat.reads(outcome.notebook, 4))
            with self.course.gradebook() as gb:
                marks.save(gb, assignment, student, nb, seen, outcome.timestamp, self.penalty)
                marks.write_atomically(self.course.autograded(student, assignment), nbformat.writes(nb))
                record.functions = _functions(nb, outcome.verdicts)
                page = self.pages.page(nb, gb.find_submission_notebook(assignment, assignment, student))
                known = marks.fingerprint(gb, student, assignment)
            marks.write_atomically(self.course.feedback(student, assignment), page)
        kept = {"key": None if outcome.passing else key, "marks": known, "record": asdict(record)}
        marks.write_atomically(self._record_path(*place), json.dumps(kept, ensure_ascii=False))
        return record

    def _marked(self, nb):
        for step in marking_steps(self.course.config):
            nb, _ = step(nb, {})
        return nb


def _functions(nb, verdicts):
    """Return {graded function: its marks and verdict} of a judged and marked notebook."""
    found = {}
    for cell in nb.cells:
        if is_test(cell) and (check := CHECK.search(cell.source)):
            verdict = verdicts[check[2]]
            seen = {key: verdict[key] for key in ("state", "mistake", "where", "carried")}
            score, points = determine_grade(cell)
            found[check[2]] = Function(score or 0.0, points, **seen)
    return found


def _files(folder):
    """Return the plain files in a folder and its folders, in order; no link is followed."""
    found = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return sorted(path for path in found if path.suffix != ".pyc" and path.is_file() and not path.is_symlink())


def _content(job):
    """Return a fingerprint of what was handed in: the names of all that is there, the bytes of all that is a file."""
    digest = hashlib.sha256()
    folder = Path(job.submitted)
    for parent, folders, names in os.walk(folder):
        folders.sort()
        there = sorted([*folders, *names])
        digest.update(repr((os.path.relpath(parent, folder), there)).encode("utf-8", "replace"))
    for path in _files(folder):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


# --- the work ----------------------------------------------------------------------------------------


def outcomes(todo, workers=None):
    """Yield (place, Outcome) of each job as it is done. One whose process or sandbox dies is tried again, then alone.

    A process that dies takes those beside it down, so the second try clears the innocent and the third one the rest.
    """
    left = dict(todo)
    for _ in range(2):
        for place, outcome in _at_once(dict(left), workers):
            del left[place]
            yield place, outcome
    for place, job in left.items():
        yield place, _alone(job)


def _at_once(todo, workers):
    """Yield (place, Outcome) of the jobs that come to their end, several at once."""
    if not todo:
        return
    with _pool(min(workers or os.cpu_count() or 1, len(todo))) as pool:
        running = {}
        with suppress(BrokenProcessPool):
            for place, job in todo.items():
                running[pool.submit(jobs.do, job)] = place
        for future in as_completed(running):
            try:
                outcome = future.result()
            except (BrokenProcessPool, SandboxError):
                continue
            yield running[future], outcome


def _alone(job):
    try:
        with _pool(1) as pool:
            return pool.submit(jobs.do, job).result()
    except BrokenProcessPool:
        return Outcome(HUMAN, ["grading it ended its process three times"], passing=True)
    except SandboxError as failure:
        return Outcome(HUMAN, [str(failure)], passing=True)


@contextmanager
def _pool(workers):
    """Give an Executor of worker processes that end with this one."""
    context = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
    if hasattr(os, "fork"):
        context.set_forkserver_preload(["grader.jobs"])
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=jobs.end_with_parent)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list((pool._processes or {}).values()):
            process.kill()
        raise
    else:
        pool.shutdown()


# --- what comes out ----------------------------------------------------------------------------------


def export(course):
    """Write course/grades.csv by the course's export plugin."""
    from grader.export import CourseCsv

    with course.gradebook() as gb:
        CourseCsv(config=course.config).export(gb)


def write_report(course, records):
    """Write course/report.json: one entry for each submission."""
    text = json.dumps([record.as_json() for record in records], indent=1, ensure_ascii=False)
    marks.write_atomically(course.folder / "report.json", text + "\n")
