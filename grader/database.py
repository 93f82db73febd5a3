"""The gradebook's database, SQLite or PostgreSQL: its indexes, and what went wrong with it, in one line."""

import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import InvalidEntry
from sqlalchemy import inspect, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from grader.course import CourseError

# nbgrader looks each of these up by a column that has no index of its own, in every listing and export.
INDEXES = {
    "ix_submitted_assignment_student": ("submitted_assignment", "student_id"),
    "ix_submitted_notebook_assignment": ("submitted_notebook", "assignment_id"),
    "ix_grade_notebook": ("grade", "notebook_id"),
    "ix_comment_notebook": ("comment", "notebook_id"),
}


def add_indexes(engine):
    """Give a gradebook the indexes that it lacks; return their names."""
    tables = inspect(engine)
    missing = [name for name, (table, _) in INDEXES.items() if name not in _indexes(tables, table)]
    if missing:  # PostgreSQL locks the table even for one that is there
        with engine.begin() as connection:
            for name in missing:
                connection.execute(text("CREATE INDEX IF NOT EXISTS {} ON {} ({})".format(name, *INDEXES[name])))
    return missing


def _indexes(tables, table):
    return {index["name"] for index in tables.get_indexes(table)}


@contextmanager
def opening():
    """Raise CourseError, which says what to do, where the gradebook cannot be opened.

    Meanwhile programs of this Python's are found by name: nbgrader calls alembic so, when it makes a gradebook.
    """
    path = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])
    try:
        yield
    except (SQLAlchemyError, ImportError, ValueError) as failure:
        raise CourseError(trouble(failure)) from failure
    finally:
        os.environ["PATH"] = path


def trouble(failure):
    """Return one line on what went wrong with the gradebook, and what to do."""
    if isinstance(failure, InvalidEntry):  # what nbgrader makes of any failure to write
        failure = failure.__context__ or failure
    said = _first_line(failure)
    if isinstance(failure, ImportError):
        return f"the gradebook needs a driver that is missing ({said}); for PostgreSQL: pip install 'psycopg[binary]'"
    if isinstance(failure, (ArgumentError, NoSuchModuleError, ValueError)):  # whose text may quote a password
        return (
            "c.CourseDirectory.db_url in nbgrader_config.py is not the address of a database: "
            "write sqlite:///FILE or postgresql://NAME@HOST/DATABASE"
        )
    if "locked" in said or "lock timeout" in said:
        return "the gradebook is in use by another program: close it, and grade again; nothing is lost"
    if re.search(r"disk|space left|readonly|read-only", said, re.I):
        return f"the disk is full or cannot be written: make room, and grade again; nothing is lost ({said})"
    return (
        f"the gradebook cannot be reached ({said}): see that its database runs and takes connections, and that "
        "c.CourseDirectory.db_url in nbgrader_config.py is right; nothing is lost"
    )


def _first_line(failure):
    lines = str(getattr(failure, "orig", failure)).strip().splitlines()
    return lines[0].strip() if lines else type(failure).__name__
