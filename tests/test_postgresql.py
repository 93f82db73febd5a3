"""A gradebook in PostgreSQL: the same marks, export, listings, copies and locks as in SQLite, on a real server."""

import subprocess
import sys

import pytest
from nbgrader.api import Gradebook, InvalidEntry
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy import text

from grader import listing, marks
from grader.backup import alone, back_up
from grader.course import CONFIG, Course, CourseError
from grader.database import INDEXES, add_indexes, trouble
from grader.export import CourseCsv
from grader.grading import grade
from tests import ledger, postgresql
from tests.invented_gradebook import empty, invent
from tests.small_course import LOST_FACTOR, ROOM, copy_of, hand_in, small_course, work
from tests.test_database import LISTINGS, exported, with_our_empties

pytestmark = [pytest.mark.slow, pytest.mark.skipif(postgresql.missing() is not None, reason=str(postgresql.missing()))]

LATE = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'


@pytest.fixture(scope="module")
def server():
    with postgresql.server() as server:
        yield server


def moved(course, url):
    """Return a course whose settings name another gradebook."""
    with (course.root / CONFIG).open("a", encoding="utf-8") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    return Course(course.root)


def bare_course(folder, url):
    """Return a course of nothing but its settings, with a gradebook at an address."""
    (folder / "course").mkdir(parents=True)
    (folder / CONFIG).write_text(f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n", encoding="utf-8")
    return Course(folder)


# --- the same marks --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def both(server, tmp_path_factory):
    """One class, graded with SQLite and with PostgreSQL: right, wrong, late, and one that needs a human."""
    folder = tmp_path_factory.mktemp("both")
    course = small_course(folder / "sqlite")
    with (course.root / CONFIG).open("a", encoding="utf-8") as file:
        file.write(LATE)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(ROOM, duedate="2026-01-10 12:00:00 UTC")
    hand_in(course, "right", work(course))
    hand_in(course, "wrong", work(course, gradient=LOST_FACTOR))
    late = hand_in(course, "zu-spät", work(course)).with_name("timestamp.txt")
    late.write_text("2026-01-11 12:00:00 UTC")
    hand_in(course, "human", "{}")
    courses = Course(course.root), moved(copy_of(course, folder / "postgresql"), server.database())
    with courses[1].gradebook() as gradebook:
        gradebook.add_assignment(ROOM, duedate="2026-01-10 12:00:00 UTC")
    for course in courses:
        grade(course, [ROOM], workers=1)
    return courses


def left_behind(course):
    """Return all that a grading left behind, and the lines of the export."""
    return ledger.everything(course) | {"csv": (course.folder / "grades.csv").read_text(encoding="utf-8")}


def test_a_class_has_the_same_marks_in_both(both):
    sqlite, other = map(left_behind, both)
    assert other == sqlite
    assert sqlite["gradebook"]["right"]["grades"]["gradient-check"][0] == 3
    assert sqlite["gradebook"]["zu-spät"]["submission"] == (ROOM, "2026-01-11 12:00:00.000000", None, 0, 4.0)
    assert both[1].database is None, "else this test would compare SQLite with itself"


def graded_at(course, student):
    return course.autograded(student, ROOM).stat().st_mtime_ns


def test_what_a_human_gave_is_kept_in_both_when_work_is_handed_in_again(both):
    """And what has not changed is not graded again, by the fingerprint of its marks."""
    stamps = [graded_at(course, "right") for course in both]
    for course in both:
        with course.gradebook() as gradebook:
            essay = gradebook.find_grade("essay", ROOM, ROOM, "wrong")
            essay.manual_score, essay.extra_credit, essay.needs_manual_grade = 2.5, 0.5, False
            gradebook.find_comment("essay", ROOM, ROOM, "wrong").manual_comment = "schön \N{SNOWMAN}"
            gradebook.db.commit()
        hand_in(course, "wrong", work(course))
        grade(course, [ROOM], workers=1)
    assert stamps == [graded_at(course, "right") for course in both]
    sqlite, other = map(left_behind, both)
    assert other == sqlite
    assert sqlite["gradebook"]["wrong"]["grades"]["essay"] == (None, 2.5, 0.5, False)
    assert sqlite["gradebook"]["wrong"]["grades"]["gradient-check"][0] == 3


def test_marks_are_written_whole_or_not_at_all(both):
    """What fails in the middle leaves the gradebook as it was."""
    before = ledger.gradebook(both[1])

    with both[1].gradebook() as gradebook, pytest.raises(ZeroDivisionError), marks.one_transaction(gradebook):
        gradebook.find_grade("gradient-check", ROOM, ROOM, "right").auto_score = 0.25
        gradebook.update_or_create_student("somebody-else")
        raise ZeroDivisionError
    assert ledger.gradebook(both[1]) == before
    with both[1].gradebook() as gradebook:
        assert "somebody-else" not in [student.id for student in gradebook.students]


# --- copies ----------------------------------------------------------------------------------------


def test_a_copy_can_be_restored(both, server):
    copies = sorted((both[1].folder / "backups").glob("*.dump"))
    assert copies, "grading makes a copy first"
    copy = back_up(both[1])
    url = server.database()
    subprocess.run([postgresql.programs() / "pg_restore", "--dbname", url, copy], check=True, capture_output=True)
    restored = bare_course(both[1].root.parent / "restored", url)
    assert ledger.gradebook(restored) == ledger.gradebook(both[1])


def test_where_no_copy_can_be_made_one_line_says_so(both, server, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert back_up(both[1]) is None
    assert capsys.readouterr().err == (
        "The gradebook was not copied before grading: pg_dump is missing: apt install postgresql-client\n"
    )
    monkeypatch.undo()
    nowhere = bare_course(tmp_path / "nowhere", server.address("nowhere"))
    assert back_up(nowhere) is None
    said = capsys.readouterr().err
    assert 'database "nowhere" does not exist' in said
    assert said.count("\n") == 1
    assert list((nowhere.folder / "backups").iterdir()) == []


def test_a_password_is_on_no_list_of_processes(both, tmp_path, monkeypatch):
    """A program in pg_dump's stead shows what it was called with."""
    seen = tmp_path / "seen"
    spy = tmp_path / "pg_dump"
    spy.write_text(f'#!/bin/sh\necho "$@" "$PGPASSWORD" > {seen}\n')
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    course = bare_course(tmp_path / "course-root", "postgresql+psycopg://ada:s3cret@db.example/grades")
    with pytest.raises(FileNotFoundError):  # the spy wrote no copy
        back_up(course)
    *arguments, password = seen.read_text().split()
    assert password == "s3cret"
    assert arguments[-1] == "postgresql://ada@db.example/grades"


# --- locks -----------------------------------------------------------------------------------------


def test_two_machines_do_not_grade_into_one_gradebook_at_once(server, tmp_path):
    url = empty(server.database())
    here, there = bare_course(tmp_path / "here", url), bare_course(tmp_path / "there", url)
    with alone(here), pytest.raises(CourseError, match="another grading of this course is running"), alone(there):
        pass
    with alone(there):
        pass


# --- the same lists --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def url(server):
    return invent(server.database())


def test_the_export_is_nbgraders_here_too(url, tmp_path):
    with Gradebook(url) as gradebook:
        stock = exported(CsvExportPlugin, gradebook, tmp_path / "stock.csv")
        assert exported(CourseCsv, gradebook, tmp_path / "ours.csv") == with_our_empties(gradebook, stock) != stock


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_holds_what_nbgraders_holds_here_too(url, name):
    with Gradebook(url) as theirs, listing.Gradebook(url) as ours:
        expected = sorted(LISTINGS[name](theirs), key=lambda row: row["id"])
        assert sorted(LISTINGS[name](ours), key=lambda row: row["id"]) == expected


def test_the_indexes_are_made_here_too_and_once(server):
    with Gradebook(empty(server.database())) as gradebook:
        assert add_indexes(gradebook.engine) == list(INDEXES)
        assert add_indexes(gradebook.engine) == []
        there = gradebook.db.execute(text("select indexname, tablename from pg_indexes")).all()
    assert {(name, table) for name, (table, _) in INDEXES.items()} <= {tuple(row) for row in there}


# --- a server that is not there --------------------------------------------------------------------


def test_a_server_that_does_not_answer_is_one_line_that_says_what_to_do(both, tmp_path):
    course = moved(copy_of(both[1], tmp_path / "course-root"), f"postgresql://grader:s3cret@/x?host={tmp_path}")
    command = [sys.executable, "-m", "grader", "grade", ROOM]
    run = subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 1
    assert "the gradebook cannot be reached" in run.stderr
    assert "c.CourseDirectory.db_url in nbgrader_config.py" in run.stderr
    assert "s3cret" not in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_server_that_ends_meanwhile_is_one_line_too(tmp_path):
    with postgresql.server() as server:
        course = bare_course(tmp_path / "course-root", empty(server.database()))
        with alone(course), course.gradebook() as gradebook:
            assert gradebook.students == []
            server.stop()
            with pytest.raises(InvalidEntry) as failure:
                gradebook.add_student("ada")
    assert "the gradebook cannot be reached (terminating connection" in trouble(failure.value)
    assert "\n" not in trouble(failure.value)
