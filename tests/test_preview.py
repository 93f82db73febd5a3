"""A preview says whose mark a mended check changes and why, and writes nothing."""

import hashlib

import pytest

from grader.course import Course, CourseError
from grader.grading import grade
from grader.preview import preview
from tests.small_course import LOST_FACTOR, ROOM, hand_in, small_course, work

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = small_course(tmp_path_factory.mktemp("preview") / "course-root")
    hand_in(course, "ada", work(course))
    hand_in(course, "carl", work(course, gradient="return (2 * X @ (predict(W, X) - y).T).T"))
    hand_in(course, "emmy", work(course, gradient=LOST_FACTOR))
    grade(course, [ROOM])
    return course


def everything(course):
    files = (path for path in sorted(course.root.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_changed_rule_is_previewed_and_then_comes_true(course):
    assert preview(course, [ROOM]) == ([], 3)
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.MarkVerdicts.shares = {"right in another convention": 1.0}\n')
    mended, before = Course(course.root), everything(course)
    changes, same = preview(mended, [ROOM])
    assert everything(course) == before, "nothing is written"
    (change,) = changes
    assert (change.student, change.exercise, change.difference, same) == ("carl", "gradient", 1.5, 2)
    assert change.because == ("the settings",)
    after = {record.student: record for record in grade(mended, [ROOM])}
    assert after["carl"].functions["gradient"] == change.after
    assert preview(mended, [ROOM]) == ([], 3)


def test_there_is_nothing_to_compare_where_nothing_was_graded(tmp_path):
    course = small_course(tmp_path / "course-root")
    hand_in(course, "ada", work(course))
    with pytest.raises(CourseError, match="nothing has been graded"):
        preview(course, [ROOM])


def test_a_submission_that_was_not_graded_before_says_no_more_than_that(course):
    hand_in(course, "sonja", work(course))
    changes, _ = preview(Course(course.root), [ROOM])
    assert {(change.student, change.because) for change in changes} == {("sonja", ("it was not graded before",))}
