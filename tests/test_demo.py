"""``make demo``: an invented class is handed in, graded, reported, and given feedback."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from grader.demo import hand_in
from tests.conftest import copy_course

pytestmark = pytest.mark.slow

ROOM = "01-linear-regression"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The invented class, graded by the command that ``make demo`` runs."""
    course = copy_course(tmp_path_factory.mktemp("demo") / "course-root")
    run = subprocess.run(
        [BIN / "grader", "demo"],
        cwd=course.root,
        capture_output=True,
        text=True,
        timeout=1500,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "120"},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return course, run


def test_the_demo_grades_every_kind_of_submission(demo):
    course, _ = demo
    records = {(r["student"], r["assignment"]): r for r in json.loads((course.folder / "report.json").read_text())}
    assert len(records) >= 12
    marks = {student: record["marks"] for (student, room), record in records.items() if room == ROOM}
    assert marks["ada"] == marks["blaise"] == 20
    assert marks["maria"] == 0
    assert 0 < marks["lise"] < marks["carl"] < 20
    assert records["niels", ROOM]["outcome"] == "needs a human"


def test_the_demo_names_the_mistakes(demo):
    course, run = demo
    named = {
        f["mistake"] for r in json.loads((course.folder / "report.json").read_text()) for f in r["functions"].values()
    }
    assert named >= {"half", "sign", "mean", "strayj", "noX", "oldGradient"}
    for words in ("gradient: half", "needs a human", "course/feedback", "grades.csv"):
        assert words in run.stdout


def test_the_demo_tells_the_most_common_named_mistake_of_each_notebook(demo):
    """Counted here once more from the report: each mistake once for each student, what is carried forward not again."""
    course, run = demo
    report = json.loads((course.folder / "report.json").read_text())
    for room in sorted({record["assignment"] for record in report}):
        made = [
            tag
            for record in report
            if record["assignment"] == room
            for tag in {
                t for f in record["functions"].values() if f["mistake"] and not f["carried"] for t in [f["mistake"]]
            }
        ]
        tag, times = Counter(tag for mistake in made for tag in mistake.split("+")).most_common(1)[0]
        assert times >= 2, room
        assert f"{tag} ({times} of " in run.stdout


def test_the_demo_is_quiet_about_what_means_nothing(demo):
    _, run = demo
    assert run.stderr == ""
    assert "WARNING" not in run.stdout
    assert "Traceback" not in run.stdout


def test_the_demo_writes_feedback_for_all_that_were_graded(demo):
    course, _ = demo
    report = json.loads((course.folder / "report.json").read_text())
    pages = {path.parts[-3] for path in (course.folder / "feedback").glob("*/*/*.html")}
    assert pages == {r["student"] for r in report if r["outcome"] != "needs a human"}


def test_the_demo_leaves_a_real_class_alone(course):
    from grader.course import CourseError

    path = course.submitted("a-real-student", ROOM)
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    with pytest.raises(CourseError, match="a-real-student"):
        hand_in(course, [ROOM])
    assert path.read_text() == "{}"
