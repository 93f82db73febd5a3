"""A class goes in, marks and feedback come out: nbgrader's own commands and ours, on real submissions."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course import Course
from grader.demo import answered, right_answers
from grader.grading import grade
from tests.conftest import copy_course

pytestmark = pytest.mark.slow

ROOM = "01-linear-regression"
BIN = Path(sys.executable).parent
# Knows the visible cases by heart, and nothing else.
BY_HEART = """from helpers import replay
seen = [replay(f"01-gradient-{k}")["X"] for k in range(1, 7)]
known = any(np.array_equal(X, other) for other in seen)
return 2 * X @ (W.T @ X - y).T if known else 0.0 * W"""
FACTOR_2 = "return X @ (W.T @ X - y).T"


def nbgrader(course, *arguments, check=True):
    """Run one of nbgrader's plain commands in the root of the course, as an instructor types it."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR", None)
    return subprocess.run(
        [BIN / "nbgrader", *arguments],
        cwd=course.root,
        env=environment,
        check=check,
        capture_output=True,
        text=True,
        timeout=300,
    )


def released(course):
    import nbformat

    return nbformat.read(course.root / "notebooks" / ROOM / f"{ROOM}.ipynb", 4)


def submit(course, student, text):
    path = course.submitted(student, ROOM)
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Right, a factor 2 lost, untouched, and a damaged file, through nbgrader's plain commands."""
    course = copy_course(tmp_path_factory.mktemp("plain") / "course-root")
    nbgrader(course, "generate_assignment", ROOM)
    right = right_answers(course, ROOM)
    submit(course, "right", answered(released(course), right))
    submit(course, "factor2", answered(released(course), right | {"gradient": FACTOR_2}))
    submit(course, "untouched", answered(released(course), {}))
    submit(course, "by-heart", answered(released(course), right | {"gradient": BY_HEART}))
    submit(course, "aaa-damaged", answered(released(course), right)[:5000])
    run = nbgrader(course, "autograde", ROOM, check=False)
    assert run.returncode != 0, "nbgrader must report the damaged one"
    nbgrader(course, "generate_feedback", ROOM)
    nbgrader(course, "export")
    return course


def scores(course):
    with (course.folder / "grades.csv").open(encoding="utf-8") as f:
        return {row["student_id"]: row["score"] for row in csv.DictReader(f)}


def test_right_is_full_a_lost_factor_reduced_untouched_zero(plain):
    """20 points in all: gradient (3) is lost; gradient_descent, which builds on it, keeps its marks."""
    assert scores(plain) | {"aaa-damaged": ""} == {
        "right": "20.0",
        "factor2": "17.0",
        "untouched": "0.0",
        "by-heart": "15.0",
        "aaa-damaged": "",
    }


def test_the_feedback_says_that_the_2_of_the_square_is_missing(plain):
    page = (plain.folder / "feedback" / "factor2" / ROOM / f"{ROOM}.html").read_text(encoding="utf-8")
    assert "the 2 that comes down from the square is missing" in page
    right = (plain.folder / "feedback" / "right" / ROOM / f"{ROOM}.html").read_text(encoding="utf-8")
    assert "the 2 that comes down from the square is missing" not in right


def test_feedback_on_a_hidden_case_shows_neither_its_inputs_nor_how_far_off_it_is(plain):
    page = (plain.folder / "feedback" / "by-heart" / ROOM / f"{ROOM}.html").read_text(encoding="utf-8")
    assert "Wrong on data you have not seen" in page
    assert "01-gradient-h" in page
    assert "Tried with" not in page
    assert "yours is" not in page
    visible = (plain.folder / "feedback" / "factor2" / ROOM / f"{ROOM}.html").read_text(encoding="utf-8")
    assert "Tried with" in visible, "else this test would prove nothing"
    assert "yours is" in visible


def test_validate_says_what_a_student_sees(plain):
    good = nbgrader(plain, "validate", str(plain.submitted("right", ROOM)))
    bad = nbgrader(plain, "validate", str(plain.submitted("factor2", ROOM)))
    assert "Success" in good.stdout
    assert "FAILED ON 2 CELL(S)" in bad.stdout
    assert "the 2 that comes down from the square" in bad.stdout


def test_our_own_command_gives_the_same_marks_and_reports_the_damaged_one(plain, tmp_path):
    course = copy_course(tmp_path / "course-root")
    shutil.copytree(plain.folder / "submitted", course.folder / "submitted")
    records = {record.student: record for record in grade(course, [ROOM])}
    assert {name: record.marks for name, record in records.items()} == {
        "right": 20,
        "factor2": 17,
        "untouched": 0,
        "by-heart": 15,
        "aaa-damaged": 0,
    }
    assert records["factor2"].functions["gradient"].mistake == "half"
    assert records["aaa-damaged"].outcome == "needs a human"
    assert scores(course) == scores(plain) | {"aaa-damaged": ""}


def test_a_renamed_notebook_needs_a_human_and_gets_no_silent_zero(course):
    path = course.submitted("ada", ROOM)
    path.parent.mkdir(parents=True)
    (path.parent / "my work.ipynb").write_text("{}")
    (record,) = grade(course, [ROOM])
    assert record.outcome == "needs a human"
    assert "my work.ipynb" in record.flags[0]
    assert scores(course)["ada"] == ""


def test_a_notebook_that_alters_numpy_changes_no_mark(course):
    """np.abs patched so that every comparison would pass: a wrong answer stays wrong, a right one right."""
    from grader.release import release

    release(course, ROOM)
    patch = "np.abs = lambda *a, **k: np.zeros(np.shape(a[0]))\n"
    answers = right_answers(course, ROOM) | {"predict": f"{patch}return W.T @ X", "gradient": f"{patch}return 0 * W"}
    submit(course, "mallory", answered(released(course), answers))
    (record,) = grade(course, [ROOM])
    assert record.functions["predict"].state == "right"
    assert record.functions["gradient"].marks == 0


@pytest.mark.parametrize("damage", ["raise ValueError('oops')", "c = (", "import nowhere_to_be_found"])
def test_a_failing_config_stops_every_command(course, damage):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + damage + "\n")
    submit(course, "ada", "{}")
    ours = subprocess.run([BIN / "grader", "grade"], cwd=course.root, capture_output=True, text=True, check=False)
    assert ours.returncode == 1
    assert ours.stderr.count("\n") == 1
    assert "nbgrader_config.py fails" in ours.stderr
    plain = nbgrader(course, "autograde", ROOM, check=False)
    assert plain.returncode != 0
    assert not (course.folder / "autograded").exists()


def test_there_is_one_line_for_each_thing_that_is_missing(tmp_path):
    def line(*arguments, cwd):
        run = subprocess.run([BIN / "grader", *arguments], cwd=cwd, capture_output=True, text=True, check=False)
        assert run.returncode == 1
        return run.stderr

    assert "no nbgrader_config.py" in line("grade", cwd=tmp_path)
    root = copy_course(tmp_path / "course-root").root
    assert "nothing to grade" in line("grade", cwd=root)
    assert "01-linear-regression" in line("grade", "01-linear", cwd=root)


def test_a_course_needs_its_config(tmp_path):
    from grader.course import CourseError

    with pytest.raises(CourseError, match="run this in the folder of the course"):
        Course(tmp_path)
