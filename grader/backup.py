"""Copies of the gradebook, made before each batch, and a lock so that two batches never write at once."""

import sqlite3
from contextlib import closing, contextmanager
from datetime import datetime

from grader.course import CourseError

KEPT = 10


def back_up(course):
    """Copy an SQLite gradebook into course/backups/, the last KEPT of them; return the copy's path, or None."""
    path = course.database
    if path is None or not path.is_file():
        return None
    with closing(sqlite3.connect(path)) as source:
        source.execute("BEGIN IMMEDIATE")  # a copy would wait for ever for somebody who holds the gradebook
        source.rollback()
    folder = course.folder / "backups"
    folder.mkdir(exist_ok=True)
    copy = folder / f"gradebook-{datetime.now():%Y-%m-%d-%H%M%S-%f}.db"
    part = copy.with_suffix(".part")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    part.replace(copy)
    for old in sorted(folder.glob("gradebook-*.db"))[:-KEPT]:
        old.unlink()
    return copy


@contextmanager
def alone(course):
    """Hold the course's lock. Raises CourseError where another grading runs; a grading that died holds none."""
    with open(course.folder / ".lock", "w", encoding="ascii") as file:
        try:
            import fcntl
        except ImportError:  # Windows has no such lock
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise CourseError("another grading of this course is running: wait for it, or stop it first") from taken
        yield
