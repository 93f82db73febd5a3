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
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat
from nbgrader.utils import determine_grade
from sqlalchemy.exc import OperationalError

import grader
import helpers
from grader import jobs, marks, student_copy
from grader.backup import alone, back_up
from grader.course import CourseError, answers_seen
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
    again    grade also what has not changed since it was graded
    """
    with alone(course), student_copy.for_sandbox() as copy:
        batch = Batch(course, assignments, copy, sandbox)
        records = {}
        try:
            for place, record in batch.grade(submissions(course, assignments), workers, again):
                records[place] = record
                step(record)
        except (OSError, OperationalError) as failure:
            raise _explained(failure) from failure
        finally:
            ordered = [records[place] for place in sorted(records)]
            if ordered:
                export(course)
                write_report(course, ordered)
    return ordered


def _explained(failure):
    """Return what to do about a disk that is full or a gradebook that somebody else holds; else the failure."""
    if "locked" in str(failure):
        return CourseError("the gradebook is in use by another program: close it, and grade again; nothing is lost")
    full = getattr(failure, "errno", None) in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
    if full or isinstance(failure, OperationalError):
        return CourseError(f"the disk is full or cannot be written: make room, and grade again ({failure})")
    return failure


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
            key = self._key(job)
            record = None if again else self._unchanged(place, key)
            if record:
                yield place, record
            else:
                todo[place] = (job, key)
        for place, outcome in outcomes({place: job for place, (job, _) in todo.items()}, workers):
            yield place, self._write(place, outcome, todo[place][1])

    def _job(self, student, assignment):
        folder = self.course.submitted(student, assignment).parent
        text = self.released[assignment], str(self.copy), str(self.hidden[assignment])
        return Job(student, assignment, str(folder), *text, self.options.limits, self.sandbox)

    # --- what has not changed ----------------------------------------------------------------------

    def _recipe(self):
        """Return a fingerprint of everything but the submission that marks depend on."""
        code = [path for package in (helpers, grader) for path in sorted(Path(package.__file__).parent.rglob("*.py"))]
        digest = hashlib.sha256(repr((self.options.limits, self.sandbox, self.course.config)).encode())
        for path in code:
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def _key(self, job):
        digest = hashlib.sha256((self.recipe + job.released).encode())
        digest.update(Path(job.hidden, f"{job.assignment}.json").read_bytes())
        for path in sorted(Path(job.submitted).iterdir()):
            digest.update(path.name.encode("utf-8", "replace"))
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
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
            known = gb.db.scalar(marks.submission_of(*place))
        return record if kept["key"] == key and known else None

    def _record_path(self, student, assignment):
        return self.course.folder / "records" / student / f"{assignment}.json"

    # --- writing -----------------------------------------------------------------------------------

    def _write(self, place, outcome, key):
        """Write the gradebook, the judged notebook, the feedback and last the record; return the Record."""
        student, assignment = place
        self._record_path(*place).unlink(missing_ok=True)
        record = Record(student, assignment, outcome.outcome, outcome.flags)
        if outcome.outcome == HUMAN:
            with self.course.gradebook() as gb:
                marks.leave_open(gb, assignment, student)
            for folder in ("autograded", "feedback"):
                shutil.rmtree(self.course.folder / folder / student / assignment, ignore_errors=True)
        else:
            nb = self._marked(nbformat.reads(outcome.notebook, 4))
            with self.course.gradebook() as gb:
                seen = answers_seen(self.course.root, student, assignment)
                marks.save(gb, assignment, student, nb, seen, outcome.timestamp, self.penalty)
                marks.write_atomically(self.course.autograded(student, assignment), nbformat.writes(nb))
                record.functions = _functions(nb, outcome.verdicts)
                page = self.pages.page(nb, gb.find_submission_notebook(assignment, assignment, student))
            marks.write_atomically(self.course.feedback(student, assignment), page)
        kept = {"key": key, "record": asdict(record)}
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


# --- the work ----------------------------------------------------------------------------------------


def outcomes(todo, workers=None):
    """Yield (place, Outcome) of each job as it is done. One whose process or sandbox dies is tried once more."""
    failed = {}
    with _pool(min(workers or os.cpu_count() or 1, len(todo) or 1)) as pool:
        running = {pool.submit(jobs.do, job): place for place, job in todo.items()}
        for future in as_completed(running):
            try:
                yield running[future], future.result()
            except (BrokenProcessPool, SandboxError) as failure:
                failed[running[future]] = failure
    for place in failed:
        yield place, _once_more(todo[place])


def _once_more(job):
    try:
        with _pool(1) as pool:
            return pool.submit(jobs.do, job).result()
    except BrokenProcessPool:
        return Outcome(HUMAN, ["grading it ended its process twice"])
    except SandboxError as failure:
        return Outcome(HUMAN, [str(failure)])


@contextmanager
def _pool(workers):
    """Give an Executor of worker processes that end with this one."""
    context = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
    if hasattr(os, "fork"):
        context.set_forkserver_preload(["grader.jobs"])
    pool = ProcessPoolExecutor(workers, mp_context=context)
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
