"""What a grading left behind, as plain data to compare: read by the database alone, not by the code that wrote it."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime

GRADES = """
select s.student_id, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
from grade g join base_cell c on c.id = g.cell_id
join submitted_notebook n on n.id = g.notebook_id join submitted_assignment s on s.id = n.assignment_id"""
COMMENTS = """
select s.student_id, c.name, m.auto_comment, m.manual_comment
from comment m join base_cell c on c.id = m.cell_id
join submitted_notebook n on n.id = m.notebook_id join submitted_assignment s on s.id = n.assignment_id"""
SUBMISSIONS = """
select s.student_id, a.name, s.timestamp, s.extension, n.flagged, n.late_submission_penalty
from submitted_assignment s join assignment a on a.id = s.assignment_id
join submitted_notebook n on n.assignment_id = s.id"""


def is_whole(course):
    """Return whether SQLite finds the gradebook in order."""
    with closing(sqlite3.connect(course.folder / "gradebook.db")) as db:
        return db.execute("pragma integrity_check").fetchall() == [("ok",)]


def gradebook(course):
    """Return {student: {"grades": {cell: ...}, "comments": {cell: ...}, "submission": ...}}: no ids of rows."""
    with closing(_connected(course)) as db:
        students = {
            row[0]: {"submission": _plain(row[1:]), "grades": {}, "comments": {}} for row in db.execute(SUBMISSIONS)
        }
        for what, query in (("grades", GRADES), ("comments", COMMENTS)):
            for student, cell, *rest in db.execute(query):
                students[student][what][cell] = tuple(rest)
    return students


def _connected(course):
    """Return a connection to the gradebook, SQLite's or PostgreSQL's."""
    if course.database:
        return sqlite3.connect(course.database)
    import psycopg

    return psycopg.connect(course.config.CourseDirectory.db_url)


def _plain(values):
    """Return values with times as SQLite keeps them."""
    return tuple(f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value for value in values)


def scores(course):
    """Return {student: {cell: automatic score}}."""
    return {
        student: {cell: grade[0] for cell, grade in found["grades"].items()}
        for student, found in gradebook(course).items()
    }


def every_score(course):
    """Return {(student, assignment, cell): automatic score} of a course with several assignments."""
    query = GRADES.replace("select s.student_id,", "select s.student_id, a.name,")
    query += " join assignment a on a.id = s.assignment_id"
    with closing(sqlite3.connect(course.folder / "gradebook.db")) as db:
        return {tuple(row[:3]): row[3] for row in db.execute(query)}


def waiting(course, student):
    """Return the cells that wait for a human, in order."""
    return sorted(cell for cell, grade in gradebook(course)[student]["grades"].items() if grade[3])


def pages(course):
    """Return {path: bytes} of the judged notebooks and the feedback."""
    found = [path for folder in ("autograded", "feedback") for path in (course.folder / folder).rglob("*")]
    return {str(path.relative_to(course.folder)): path.read_bytes() for path in found if path.is_file()}


def everything(course):
    """Return all that must be the same whatever happened on the way."""
    return {
        "gradebook": gradebook(course),
        "report": json.loads((course.folder / "report.json").read_text(encoding="utf-8")),
        "csv": sorted((course.folder / "grades.csv").read_text(encoding="utf-8").splitlines()),
        "pages": pages(course),
    }
