"""What grading again would change, before anything is written: the same grading, on a copy of the course."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.backup import alone
from grader.course import CONFIG, Course, CourseError
from grader.grading import grade, submissions
from grader.outcome import Function
from grader.records import Records

NEW = "it was not graded before"
LEFT_OUT = ("backups", "exchange", "feedback", "kept", "earlier", "unmatched", "lab", "gradebook.db*")


@dataclass(frozen=True)
class Change:
    """One mark that would change, from which verdict to which, and what is not as it was when it was given."""

    student: str
    assignment: str
    exercise: str
    before: Function | None
    after: Function | None
    because: tuple[str, ...]

    @property
    def difference(self):
        return (self.after.marks if self.after else 0.0) - (self.before.marks if self.before else 0.0)


def preview(course, assignments, step=lambda record: None, **how):
    """Return the Changes that grading again would make, those of marks first, and how many submissions stay.

    how  what ``grade`` takes besides: workers, sandbox, again, scheduler

    Raises CourseError where nothing has been graded yet.
    """
    before = {place: Records(course).last(place) for place in submissions(course, assignments)}
    if not any(record for record, _ in before.values()):
        raise CourseError("nothing has been graded yet, so there is nothing to compare with: run  make grade")
    with _copy(course) as copy:
        grade(copy, assignments, step, **how)
        after = {place: Records(copy).last(place) for place in before}
    changes = [change for place in before for change in _changes(place, before[place], after[place])]
    touched = {(change.student, change.assignment) for change in changes}
    return sorted(changes, key=lambda c: (not c.difference, c.assignment, c.exercise, c.student)), len(before) - len(
        touched
    )


@contextmanager
def _copy(course) -> Iterator[Course]:
    """Give a copy of a course that has its own gradebook, records and releases, and ends with the block."""
    with tempfile.TemporaryDirectory(prefix="backprop-preview-") as temporary:
        root = Path(temporary) / "course-root"
        root.mkdir()
        with alone(course):
            shutil.copytree(course.folder, root / "course", symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
            _copy_gradebook(course, root / "course" / "gradebook.db")
        (root / "source").symlink_to(course.root / "source", target_is_directory=True)
        shutil.copy(course.root / CONFIG, root)
        copy = Course(root)
        copy.config.CourseDirectory.db_url = f"sqlite:///{root / 'course' / 'gradebook.db'}"
        yield copy


def _copy_gradebook(course, path):
    """Copy an SQLite gradebook; of another, marks that persons gave are not needed to compare automatic ones."""
    if course.database and course.database.is_file():
        with closing(sqlite3.connect(course.database)) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)


def _changes(place, before, after):
    """Yield the Changes between two (Record, what it was made for) of one submission."""
    (old, old_key), (new, new_key) = before, after
    was, is_ = (record.functions if record else {} for record in (old, new))
    keys = [kept.get("key") or {} for kept in (old_key, new_key)]
    because = tuple(what for what in keys[1] if keys[0].get(what) != keys[1][what]) if old else (NEW,)
    for name in dict.fromkeys([*was, *is_]):
        one, two = was.get(name), is_.get(name)
        if _seen(one) != _seen(two):
            yield Change(*place, name, one, two, because)
    if not was and not is_ and old and new and (old.outcome, old.flags) != (new.outcome, new.flags):
        yield Change(*place, "", None, None, because)


def _seen(function):
    return function and (function.marks, function.state, function.mistake, function.carried)
