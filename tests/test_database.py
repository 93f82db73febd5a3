"""The gradebook of a large class: its indexes, its export and formgrader's listings, against nbgrader's own."""

import csv
import re
import sqlite3
import time
from contextlib import closing, contextmanager

import pytest
from nbgrader.api import Gradebook, InvalidEntry
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from grader import listing
from grader.course import CourseError
from grader.database import INDEXES, add_indexes, trouble
from grader.export import CourseCsv
from tests.invented_gradebook import empty, invent

WAITING = """
select distinct a.name, s.student_id from grade g
join submitted_notebook n on n.id = g.notebook_id join submitted_assignment s on s.id = n.assignment_id
join assignment a on a.id = s.assignment_id where g.needs_manual_grade"""


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """The address of a class of thirty."""
    return invent(f"sqlite:///{tmp_path_factory.mktemp('class')}/gradebook.db")


def exported(exporter, gradebook, path, **options):
    """Return what an exporter writes into a file."""
    exporter(to=str(path), **options).export(gradebook)
    return path.read_bytes().decode()


def with_our_empties(gradebook, stock):
    """Return nbgrader's CSV with empty scores where the gradebook itself says that a grade waits."""
    waiting = {tuple(row) for row in gradebook.db.execute(text(WAITING))}
    lines = [line.split(",") for line in stock.splitlines()]
    for line in lines:
        if (line[0], line[3]) in waiting:
            line[7] = line[9] = ""
    return "".join(",".join(line) + "\n" for line in lines)


@contextmanager
def asked(engine):
    """Give a list of the queries, with their parameters, that the database is asked in the meantime."""
    seen = []

    def see(connection, cursor, statement, parameters, *_):
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", see)
    yield seen
    event.remove(engine, "before_cursor_execute", see)


# --- the export ------------------------------------------------------------------------------------


def test_the_export_is_nbgraders_to_the_byte_but_for_scores_that_wait(url, tmp_path):
    with Gradebook(url) as gradebook:
        stock = exported(CsvExportPlugin, gradebook, tmp_path / "stock.csv")
        ours = exported(CourseCsv, gradebook, tmp_path / "ours.csv")
        assert ours == with_our_empties(gradebook, stock) != stock
    rows = list(csv.DictReader(ours.splitlines()))
    assert {"Müller", "王", ""} <= {row["last_name"] for row in rows}, "else this test would prove little"
    assert {"", "0.0"} < {row["score"] for row in rows}
    assert {"40.0", "0.5", "0.0"} <= {row["late_submission_penalty"] for row in rows}
    assert sum(row["raw_score"] not in ("", "0.0") for row in rows) > 10


@pytest.mark.parametrize("options", [{"student": ["student-00003", "student-00029"]}, {"assignment": ["02-room"]}])
def test_the_export_of_some_students_or_assignments_is_nbgraders_too(url, tmp_path, options):
    with Gradebook(url) as gradebook:
        stock = exported(CsvExportPlugin, gradebook, tmp_path / "stock.csv", **options)
        assert exported(CourseCsv, gradebook, tmp_path / "ours.csv", **options) == with_our_empties(gradebook, stock)
    assert 3 <= len(stock.splitlines()) <= 31


def test_the_export_asks_as_often_for_a_large_class_as_for_a_small_one(url, tmp_path):
    small = invent(f"sqlite:///{tmp_path}/gradebook.db", students=4, assignments=1)
    counts = []
    for address in (small, url):
        with Gradebook(address) as gradebook, asked(gradebook.engine) as questions:
            exported(CourseCsv, gradebook, tmp_path / "grades.csv")
        counts.append(len(questions))
    assert counts == [5, 5]


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own
def test_work_in_which_nothing_is_graded_has_no_points_as_nbgrader_says(tmp_path):
    with Gradebook(empty(f"sqlite:///{tmp_path}/gradebook.db"), "backprop") as gradebook:
        gradebook.add_assignment("01-room")
        gradebook.add_notebook("01-room", "01-room")
        gradebook.add_student("ada")
        gradebook.add_submission("01-room", "ada")
        stock = exported(CsvExportPlugin, gradebook, tmp_path / "stock.csv")
        assert exported(CourseCsv, gradebook, tmp_path / "ours.csv") == stock
    assert ",0.0,0.0,0.0,0.0" in stock


def test_a_comma_or_a_quote_in_a_name_moves_no_column(tmp_path):
    with Gradebook(empty(f"sqlite:///{tmp_path}/gradebook.db")) as gradebook:
        gradebook.add_assignment("01-room")
        gradebook.add_student("ada", last_name='Lovelace, "Countess"', email="ada@students.edu")
        (row,) = csv.DictReader(exported(CourseCsv, gradebook, tmp_path / "grades.csv").splitlines())
    assert row["last_name"] == 'Lovelace, "Countess"'
    assert row["max_score"] == "0.0"


# --- indexes ---------------------------------------------------------------------------------------


def indexes(path):
    with closing(sqlite3.connect(path)) as db:
        return {name for (name,) in db.execute("select name from sqlite_master where type = 'index'")}


@pytest.mark.slow
def test_the_courses_gradebook_has_indexes_from_the_first_on(course):
    with course.gradebook():
        assert indexes(course.database) >= set(INDEXES)


def test_a_gradebook_that_nbgrader_made_gets_indexes_when_we_open_it(course):
    empty(course.config.CourseDirectory.db_url)
    with course.api.gradebook as gradebook:
        gradebook.add_student("ada")
    assert not indexes(course.database) & set(INDEXES)
    with course.gradebook() as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]
    assert indexes(course.database) >= set(INDEXES)
    with course.gradebook() as gradebook:
        assert add_indexes(gradebook.engine) == []


def test_what_nbgrader_asks_of_one_submission_is_found_by_an_index(url):
    """By SQLite's own plan of each query."""
    with Gradebook(url) as gradebook:
        add_indexes(gradebook.engine)
        with asked(gradebook.engine) as questions:
            student = next(student for student in gradebook.students if student.submissions)
            (notebook, *_) = student.submissions[0].notebooks
            assert notebook.grades + notebook.comments
        steps = [step for question in questions for step in plan(gradebook, *question)]
    assert len(steps) > 4
    assert [step for step in steps if re.match("SCAN (grade|comment|submitted)", step)] == []


def plan(gradebook, query, parameters):
    """Return the steps that SQLite takes to answer a query."""
    rows = gradebook.db.connection().exec_driver_sql(f"explain query plan {query}", parameters)
    return [row[3] for row in rows]


# --- listings --------------------------------------------------------------------------------------

LISTINGS = {
    "submissions": lambda gradebook: gradebook.submission_dicts("01-room"),
    "none": lambda gradebook: gradebook.submission_dicts("03-room"),
    "submitted notebooks": lambda gradebook: gradebook.notebook_submission_dicts("extra", "02-room"),
    "students": lambda gradebook: gradebook.student_dicts(),
    "averages": lambda gradebook: [
        {"id": (assignment, kind), "points": getattr(gradebook, f"average_assignment_{kind}score")(assignment)}
        for assignment in ("01-room", "02-room", "03-room")
        for kind in ("", "code_", "written_", "task_")
    ],
}


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_holds_what_nbgraders_holds(url, name):
    with Gradebook(url) as theirs, listing.Gradebook(url) as ours:
        expected = sorted(LISTINGS[name](theirs), key=lambda row: row["id"])
        assert sorted(LISTINGS[name](ours), key=lambda row: row["id"]) == expected
    assert len(expected) > 8 or name == "none"


# --- an address that leads nowhere -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nonsense", "is not the address of a database"),
        ("postgres://ada@localhost/grades", "is not the address of a database"),
        ("sqlite:////no/such/folder/gradebook.db", "cannot be reached"),
        ("sqlite:///{}/nbgrader_config.py", "cannot be reached"),
        ("mysql+pymysql://ada@localhost/grades", "needs a driver that is missing"),
    ],
)
def test_an_address_that_leads_nowhere_is_one_line_that_says_what_to_do(course, address, says):
    course.config.CourseDirectory.db_url = address.format(course.root)
    with pytest.raises(CourseError, match=says) as problem:
        course.gradebook()
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("scheme", ["postgres", "mysql+pymysql", "", "sqlite"])
def test_the_line_about_an_address_does_not_show_its_password(course, scheme):
    course.config.CourseDirectory.db_url = f"{scheme}://ada:s3cret@localhost:x/grades"
    with pytest.raises(CourseError) as problem:
        course.gradebook()
    assert "s3cret" not in str(problem.value)


def test_a_gradebook_that_somebody_else_holds_is_one_line_whatever_nbgrader_makes_of_it(tmp_path):
    url = empty(f"sqlite:///{tmp_path}/gradebook.db")
    with Gradebook(f"{url}?timeout=0.1", "backprop") as gradebook, closing(sqlite3.connect(url[10:])) as somebody:
        somebody.execute("BEGIN EXCLUSIVE")
        with pytest.raises((InvalidEntry, OperationalError)) as failure:
            gradebook.add_student("ada")
    assert trouble(failure.value).startswith("the gradebook is in use by another program")


@pytest.mark.slow
def test_a_thousand_students_are_exported_in_a_second(tmp_path):
    url = invent(f"sqlite:///{tmp_path}/gradebook.db", students=1000, assignments=6, cells=6, missing=0)
    with Gradebook(url) as gradebook:
        start = time.perf_counter()
        lines = exported(CourseCsv, gradebook, tmp_path / "grades.csv").splitlines()
        assert time.perf_counter() - start < 1
    assert len(lines) == 6001
