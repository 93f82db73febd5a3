"""Grade whatever lies in course/submitted/: many workers judge, one writer owns the gradebook, nothing is lost.

Each submission is written whole, and its record last: after a crash the next run goes on where this one stopped, and
what has not changed since is not graded again.
"""

import errno
import hashlib
import shutil
import sqlite3
import sys
from contextlib import closing, contextmanager, nullcontext
from functools import partial

import numpy as np
from nbgrader.api import InvalidEntry
from sqlalchemy.exc import OperationalError

from grader import feedback, intake, jobs, marks
from grader.backup import alone, back_up
from grader.cluster import cluster
from grader.course import CourseError, answers_seen
from grader.database import trouble
from grader.engine import Lost, local
from grader.hidden import hidden_text
from grader.jobs import HUMAN, Job, Outcome
from grader.records import Record, Records, fingerprint, write_report
from grader.release import release_if_changed
from grader.steps import JudgeOutside

CHECKS, HANDED_IN = "the checks or the grader", "what was handed in"
PLACES = ("CourseDirectory", "Exchange", "CourseCsv")  # settings of where things lie, on which no mark depends


def submissions(course, assignments):
    """Return the (student, assignment) pairs that lie in course/submitted/, in order."""
    folders = sorted((course.folder / "submitted").glob("*/*/"))
    return [(path.parent.name, path.name) for path in folders if path.name in assignments and not path.is_symlink()]


def grade(course, assignments, step=lambda record: None, workers=None, sandbox=True, again=False, scheduler=None):
    """Return the Records of all submissions, after grading them, writing feedback, the CSV and report.json.

    step       is called with each Record as it is made, or found unchanged
    workers    how many submissions are judged at once; as many as there are processors where None
    sandbox    False: run student code with nothing but limits, and flag it
    again      grade also what has not changed since it was graded
    scheduler  the address of a dask scheduler whose workers do the work; None: processes of this machine
    """
    with _explaining(), alone(course):
        batch = Batch(course, assignments, sandbox)
        sharing = partial(jobs.sharing, batch.options.limits) if batch.sandbox else nullcontext
        engine = cluster(scheduler) if scheduler else local(workers, sharing)
        records = {}
        try:
            for place, record in batch.grade(submissions(course, assignments), engine, again):
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
    except (OperationalError, sqlite3.OperationalError, InvalidEntry) as failure:
        raise CourseError(trouble(failure)) from failure
    except OSError as failure:
        if failure.errno not in (*jobs.MACHINE, errno.EFBIG, errno.EACCES):
            raise
        why = f"the disk is full or cannot be written: make room, and grade again; nothing is lost ({failure})"
        raise CourseError(why) from failure


class Batch:
    """One grading of a course: what all its jobs share, and the writing of their outcomes."""

    def __init__(self, course, assignments, sandbox):
        self.course, self.private = course, course.released()
        self.options = JudgeOutside(config=course.config)
        self.sandbox = sandbox and self.options.sandbox
        for assignment in assignments:
            release_if_changed(self.private, assignment)
        back_up(course)
        self.hidden = {a: hidden_text(a, course.root) for a in assignments}
        self.released = {a: course.released_path(a).read_text(encoding="utf-8") for a in assignments}
        self.recipe, self.penalty = self._recipe(), marks.late_penalty(course.config)
        self.settings, self.records, self.keys = feedback.settings(course.api), Records(course), {}

    def grade(self, places, engine, again):
        """Yield (place, Record) for each (student, assignment), unchanged ones first, the others as they are done."""
        todo = []
        for place in places:
            self.keys[place] = self._key(place)
            record = None if again else self.records.unchanged(place, self.keys[place])
            if record:
                yield place, record
            else:
                todo.append(place)
        if todo:
            with engine, self.course.gradebook() as self.gradebook, closing(self._graded(todo, engine)) as graded:
                engine.first(jobs.prove, (self.options.limits, self.sandbox))
                yield from graded

    def _graded(self, todo, engine):
        """Yield (place, Record): what a worker judged is saved here, and its page made by a worker again."""
        half_done = {}
        for (stage, place), made in engine.results((("judge", place), jobs.do, self._job(place)) for place in todo):
            if stage == "judge":
                *half_done[place], page = self._save(place, made)
                if page:
                    engine.submit(("page", place), feedback.render, page)
                    continue
            yield place, self._finish(place, *half_done.pop(place), made)

    def _job(self, place):
        student, assignment = place
        files, notes = intake.collect(self._folder(place))
        text = self.released[assignment], self.hidden[assignment]
        how = self.course.config, self.options.limits, self.sandbox, self.options.all_cells
        return Job(student, assignment, files, notes, *text, *how)

    def _folder(self, place):
        return self.course.submitted(*place).parent

    # --- what has not changed ----------------------------------------------------------------------

    def _recipe(self):
        """Return {what marks depend on beside the submission: its fingerprint}."""
        settings = {name: section for name, section in self.course.config.items() if name not in PLACES}
        options = self.options.limits, self.sandbox, settings
        return {"Python or numpy": sys.version + np.__version__, "the settings": _hash(options), CHECKS: jobs.code()}

    def _key(self, place):
        """Return {what the marks of a submission depend on: its fingerprint}."""
        room = {"the notebook": _hash(self.released[place[1]]), "the hidden cases": _hash(self.hidden[place[1]])}
        return self.recipe | room | {HANDED_IN: fingerprint(self._folder(place))}

    # --- writing -----------------------------------------------------------------------------------

    def _save(self, place, outcome):
        """Write the gradebook and the judged notebook; return the Record, what to keep of it, and the Page to make."""
        student, assignment = place
        seen, key = answers_seen(self.course.root, *place), self.keys[place]
        if isinstance(outcome, Lost):
            outcome = Outcome(HUMAN, [str(outcome)], passing=True)
        self.records.forget(place)
        page, gb = None, self.gradebook
        try:
            if outcome.outcome == HUMAN:
                marks.leave_open(gb, assignment, student, seen, key[HANDED_IN])
            else:
                marks.save(gb, assignment, student, outcome.marks, seen, outcome.timestamp, self.penalty)
                marks.write_atomically(self.course.autograded(*place), outcome.notebook)
                notebook = gb.find_submission_notebook(assignment, assignment, student)
                page = feedback.page_of(gb, notebook, outcome.notebook, self.settings)
            kept = {"key": None if outcome.passing else key, "marks": marks.fingerprint(gb, student, assignment)}
        finally:
            gb.db.remove()  # so that nothing stays locked until the next submission is judged
        if not page:
            self.records.remove_pages(place)
        return Record(student, assignment, outcome.outcome, outcome.flags, outcome.functions), kept, page

    def _finish(self, place, record, kept, page):
        """Write the feedback, and last of all the record: from now on this submission is done."""
        if isinstance(page, str):
            marks.write_atomically(self.course.feedback(*place), page)
            self._lay_slips(place)
        elif isinstance(page, Lost) and record.outcome != HUMAN:
            record.flags.append(f"it has no feedback page: {page}")
            kept["key"] = None
        self.records.keep(place, record, kept)
        return record

    def _lay_slips(self, place):
        """Lay what nbgrader's exchange wrote beside the page: by this it gives the page back to its student."""
        for name in intake.SLIPS:
            slip, copy = self._folder(place) / name, self.course.feedback(*place).with_name(name)
            copy.unlink(missing_ok=True)
            if slip.is_file() and not slip.is_symlink():
                shutil.copyfile(slip, copy)


def _hash(value):
    return hashlib.sha256(repr(value).encode()).hexdigest()


def export(course):
    """Write course/grades.csv by the course's export plugin."""
    from grader.export import CourseCsv

    with course.gradebook() as gb:
        CourseCsv(config=course.config).export(gb)
