"""Copies of the gradebook, made before each batch, and locks so that two batches never write at once."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import datetime

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from grader.course import CourseError
from grader.database import opening

KEPT = 10
GRADING = 0x6261636B70726F70  # the number of our lock in a PostgreSQL database
TAKEN = "another grading of this course is running: wait for it, or stop it first"


def back_up(course):
    """Copy the gradebook into course/backups/, the last KEPT of them; return the copy's path, or None.

    An SQLite file is copied as it is; of PostgreSQL, pg_dump makes a file for pg_restore. Where that cannot be, one
    line on stderr says so, and grading goes on.
    """
    url = make_url(course.config.CourseDirectory.db_url)
    if course.database:
        return _kept(course, "db", _copy, course.database) if course.database.is_file() else None
    try:
        if url.get_backend_name() != "postgresql":
            raise CourseError(f"a gradebook in {url.get_backend_name()} is yours to copy")
        return _kept(course, "dump", _dump, url)
    except CourseError as reason:
        print(f"The gradebook was not copied before grading: {reason}", file=sys.stderr)


def _kept(course, kind, write, source):
    """Return the path of a new copy, which ``write(source, path)`` writes; the oldest beyond KEPT are gone."""
    folder = course.folder / "backups"
    folder.mkdir(exist_ok=True)
    copy = folder / f"gradebook-{datetime.now():%Y-%m-%d-%H%M%S-%f}.{kind}"
    part = copy.with_suffix(".part")
    try:
        write(source, part)
        part.replace(copy)
    finally:
        part.unlink(missing_ok=True)
    for old in sorted(folder.glob("gradebook-*"))[:-KEPT]:
        old.unlink()
    return copy


def _copy(path, copy):
    with closing(sqlite3.connect(path)) as source:
        source.execute("BEGIN IMMEDIATE")  # a copy would wait for ever for somebody who holds the gradebook
        source.rollback()
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _dump(url, copy):
    """Write what pg_dump says of a PostgreSQL database; its password is on nobody's list of processes."""
    address = url._replace(drivername="postgresql", password=None).render_as_string()
    command = ["pg_dump", "--format=custom", "--no-password", "--lock-wait-timeout=10s", f"--file={copy}", address]
    password = {} if url.password is None else {"PGPASSWORD": url.password}
    try:
        run = subprocess.run(command, env={**os.environ, **password}, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CourseError("pg_dump is missing: apt install postgresql-client") from None
    if run.returncode:
        raise CourseError(" ".join(run.stderr.split()) or "pg_dump failed")


@contextmanager
def alone(course):
    """Hold the course's locks. Raises CourseError where another grading runs; a grading that died holds none."""
    with _alone_in(course.folder), _alone_at(course.config.CourseDirectory.db_url):
        yield


@contextmanager
def _alone_in(folder):
    """Hold the lock of this folder, against gradings on this machine."""
    with open(folder / ".lock", "w", encoding="ascii") as file:
        try:
            import fcntl
        except ImportError:  # Windows has no such lock
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise CourseError(TAKEN) from taken
        yield


@contextmanager
def _alone_at(url):
    """Hold the lock of a PostgreSQL gradebook, against gradings on other machines; the server frees it if we die."""
    with opening():
        if make_url(url).get_backend_name() != "postgresql":
            connection = None
        else:
            connection = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()
    if connection is None:
        yield
        return
    with connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": GRADING}):
            raise CourseError(TAKEN)
        yield
