"""What a person gave is kept, what a student changed is graded again, no full disk or held gradebook costs a mark."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

import helpers
from grader import grading
from grader.__main__ import main
from grader.course import Course, CourseError
from grader.grading import grade
from tests import ledger
from tests.small_course import LOST_FACTOR, RIGHT, ROOM, copy_of, hand_in, small_course, work
from tests.test_grading import nbgrader

pytestmark = pytest.mark.slow

WRONG = RIGHT | {"gradient-check": 0.0}
OPEN = dict.fromkeys(RIGHT)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """ada has all right, bob lost a factor: graded once."""
    course = small_course(tmp_path_factory.mktemp("graded") / "course-root")
    hand_in(course, "ada", work(course))
    hand_in(course, "bob", work(course, gradient=LOST_FACTOR))
    grade(course, [ROOM])
    return course


@pytest.fixture
def course(graded, tmp_path):
    """The same in a folder of this test, which may be changed."""
    course = copy_of(graded, tmp_path / "course-root")
    return course


@pytest.fixture
def judged(monkeypatch):
    """A list of the students whose work is judged from now on."""
    students, made = [], grading.Batch._job
    monkeypatch.setattr(grading.Batch, "_job", lambda batch, place: students.append(place[0]) or made(batch, place))
    return students


def checked(course, student):
    return {cell: ledger.scores(course)[student][cell] for cell in RIGHT}


# --- what has not changed ------------------------------------------------------------------------------


def test_touching_a_file_grades_nothing_again(course, judged):
    before = ledger.everything(course)
    for path in (course.folder / "submitted").rglob("*"):
        os.utime(path, (1, 1))
    records = grade(course, [ROOM])
    assert judged == []
    assert ledger.everything(course) == before
    assert [record.marks for record in records] == [4, 1]


def test_a_byte_more_is_graded_again_wherever_it_stands(course, judged):
    path = course.submitted("ada", ROOM)
    path.write_bytes(path.read_bytes() + b" ")
    grade(course, [ROOM])
    assert judged == ["ada"]
    beside = course.submitted("bob", ROOM).parent / "folder" / "utils.py"
    beside.parent.mkdir()
    for text in ("x = 1", "x = 2"):
        beside.write_text(text)
        judged.clear()
        grade(course, [ROOM])
        assert judged == ["bob"]


def test_new_hidden_cases_grade_all_again(course, judged):
    shutil.rmtree(course.folder / "hidden")
    grade(course, [ROOM])
    assert sorted(judged) == ["ada", "bob"]


def test_other_shares_in_the_config_grade_all_again(course, judged):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.MarkVerdicts.carry = 0.25\n")
    grade(Course(course.root), [ROOM])
    assert sorted(judged) == ["ada", "bob"]


@pytest.mark.parametrize("name", ["judging.py", "cases/01-linear-regression.json", "data/hubble-1929.csv"])
def test_other_code_or_data_of_the_helpers_grades_all_again(course, judged, tmp_path, monkeypatch, name):
    copy = shutil.copytree(Path(helpers.__file__).parent, tmp_path / "helpers")
    monkeypatch.setattr(helpers, "__file__", str(copy / "__init__.py"))
    grade(course, [ROOM])
    assert judged == []
    with (copy / name).open("a") as file:
        file.write("\n")
    monkeypatch.setattr(
        grading.Batch, "_graded", lambda batch, todo, engine: (_ for _ in judged.extend(s for s, _ in todo) or ())
    )
    grade(course, [ROOM])
    assert sorted(judged) == ["ada", "bob"]


def test_again_grades_what_has_not_changed(course, judged):
    before = ledger.everything(course)
    grade(course, [ROOM], again=True)
    assert sorted(judged) == ["ada", "bob"]
    assert ledger.everything(course) == before


def test_without_a_gradebook_all_is_graded_again(course, judged):
    before = ledger.everything(course)
    (course.folder / "gradebook.db").unlink()
    grade(course, [ROOM])
    assert sorted(judged) == ["ada", "bob"]
    assert ledger.everything(course) == before


def test_a_page_that_is_missing_is_made_again(course, judged):
    before = ledger.everything(course)
    course.feedback("ada", ROOM).unlink()
    course.autograded("bob", ROOM).unlink()
    grade(course, [ROOM])
    assert sorted(judged) == ["ada", "bob"]
    assert ledger.everything(course) == before


# --- resubmission --------------------------------------------------------------------------------------

CRASH = "import os\nos._exit(1)"
RESUBMITTED = {
    "worse": (lambda c: work(c, gradient=LOST_FACTOR), WRONG),
    "crashing": (lambda c: work(c, gradient=CRASH), WRONG),
    "unreadable": (lambda c: work(c)[:700], OPEN),
    "foreign": (lambda c: '{"cells": [], "metadata": {}, "nbformat": 4}', OPEN),
}


def resubmitted(course):
    """Hand each of the above in by a student who had all right."""
    for name in RESUBMITTED:
        hand_in(course, name, work(course))
    grade(course, [ROOM])
    for name, (make, _) in RESUBMITTED.items():
        assert checked(course, name) == RIGHT
        hand_in(course, name, make(course))


def assert_nothing_is_stale(course):
    for name, (_, deserved) in RESUBMITTED.items():
        assert checked(course, name) == deserved, name
        pages = [course.autograded(name, ROOM), course.feedback(name, ROOM)]
        if deserved == OPEN:
            assert ledger.waiting(course, name) == ["essay", "gradient-check", "predict-check"]
            assert not any(page.exists() for page in pages)


def test_no_score_and_no_page_outlives_the_work_that_it_was_for(course):
    resubmitted(course)
    records = {record.student: record for record in grade(course, [ROOM])}
    assert_nothing_is_stale(course)
    assert all(page.exists() for page in (course.autograded("worse", ROOM), course.feedback("crashing", ROOM)))
    for name in ("unreadable", "foreign"):
        assert records[name].outcome == "needs a human"
        hand_in(course, name, work(course))
    grade(course, [ROOM])
    assert checked(course, "unreadable") == RIGHT
    assert ledger.waiting(course, "unreadable") == ["essay"]


def test_no_score_outlives_the_work_that_it_was_for_in_plain_autograde_either(course, judged):
    resubmitted(course)
    run = nbgrader(course, "autograde", ROOM, check=False)
    assert run.returncode != 0, "nbgrader must report the unreadable ones"
    assert_nothing_is_stale(course)
    judged.clear()
    grade(course, [ROOM])
    assert sorted(judged) == sorted(["ada", "bob", *RESUBMITTED]), "what plain autograde graded has no page yet"
    assert_nothing_is_stale(course)


# --- what a person gave --------------------------------------------------------------------------------


def mark_by_hand(course, student):
    """Mark the essay with a comment and extra credit, and override a test, as formgrader does."""
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gb:
        for cell, score, extra in (("essay", 3, 0.5), ("gradient-check", 2, None)):
            given = gb.find_grade(cell, ROOM, ROOM, student)
            given.manual_score, given.extra_credit, given.needs_manual_grade = score, extra, False
        gb.find_comment("essay", ROOM, ROOM, student).manual_comment = "Well put."
        gb.db.commit()


def kept_by_hand(course, student):
    found = ledger.gradebook(course)[student]
    return [found["grades"][cell][1:3] for cell in ("essay", "gradient-check")], found["comments"]["essay"][1]


BY_HAND = [(3.0, 0.5), (2.0, None)], "Well put."


@pytest.fixture
def marked(course):
    """ada and bob marked by hand, and graded again since."""
    assert ledger.waiting(course, "ada") == ["essay"]
    for student in ("ada", "bob"):
        mark_by_hand(course, student)
    grade(course, [ROOM])
    return course


def test_marks_given_by_hand_are_on_the_page_and_survive_without_asking_again(marked, judged):
    assert "Well put." in marked.feedback("ada", ROOM).read_text(encoding="utf-8")
    before = ledger.everything(marked)
    grade(marked, [ROOM], again=True)
    assert sorted(judged) == ["ada", "bob"]
    assert ledger.everything(marked) == before
    assert ledger.waiting(marked, "ada") == []
    assert kept_by_hand(marked, "ada") == BY_HAND


def test_marks_given_by_hand_survive_plain_autograde_without_asking_again(marked):
    before = ledger.gradebook(marked)
    nbgrader(marked, "autograde", ROOM, "--force")
    assert ledger.gradebook(marked) == before
    hand_in(marked, "ada", work(marked, essay="Another thought."))
    nbgrader(marked, "autograde", ROOM, "--force")
    assert "essay" in ledger.waiting(marked, "ada")
    assert ledger.waiting(marked, "bob") == []
    assert kept_by_hand(marked, "ada") == kept_by_hand(marked, "bob") == BY_HAND


def test_another_answer_asks_for_another_look_and_keeps_what_was_given(marked):
    hand_in(marked, "ada", work(marked, essay="Another thought."))
    hand_in(marked, "bob", work(marked))
    grade(marked, [ROOM])
    assert "essay" in ledger.waiting(marked, "ada")
    assert ledger.waiting(marked, "bob") == ["gradient-check"]
    assert kept_by_hand(marked, "ada") == kept_by_hand(marked, "bob") == BY_HAND


def test_an_essay_that_was_not_written_waits_for_nobody(course):
    hand_in(course, "ada", work(course, essay=None))
    grade(course, [ROOM])
    assert ledger.waiting(course, "ada") == []
    assert ledger.scores(course)["ada"]["essay"] == 0


def test_what_a_person_marked_because_nobody_else_could_does_not_come_back(course):
    hand_in(course, "ada", "{")
    grade(course, [ROOM])
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as gb:
        for given in gb.find_submission_notebook(ROOM, ROOM, "ada").grades:
            given.manual_score, given.needs_manual_grade = 1, False
        gb.db.commit()
    grade(course, [ROOM], again=True)
    assert ledger.waiting(course, "ada") == []
    hand_in(course, "ada", "[")
    grade(course, [ROOM])
    assert len(ledger.waiting(course, "ada")) == 3


# --- the gradebook, the disk and other programs --------------------------------------------------------


def lines(capsys):
    return capsys.readouterr().err.splitlines()


def test_ten_backups_are_kept_and_one_put_back_is_graded_forward(course, judged):
    for _ in range(12):
        grade(course, [ROOM])
    backups = sorted((course.folder / "backups").iterdir())
    assert len(backups) == 10
    assert not judged
    hand_in(course, "ada", work(course, gradient=LOST_FACTOR))
    grade(course, [ROOM])
    after = ledger.everything(course)
    shutil.copy(backups[-1], course.folder / "gradebook.db")
    assert ledger.is_whole(course)
    assert checked(course, "ada") == RIGHT
    judged.clear()
    grade(course, [ROOM])
    assert judged == ["ada"]
    assert ledger.everything(course) == after


def test_a_second_grading_gets_one_line_and_does_nothing(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    said = []

    def meanwhile(record):
        said.append((main(["grade"]), lines(capsys)))

    grade(course, [ROOM], step=meanwhile)
    assert len(said) == 2
    for status, line in said:
        assert status == 1
        assert line == ["another grading of this course is running: wait for it, or stop it first"]


def held(course):
    holder = sqlite3.connect(course.folder / "gradebook.db", check_same_thread=False, isolation_level=None)
    holder.execute("begin exclusive")
    return closing(holder)


def test_a_gradebook_that_somebody_holds_gets_one_line(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    before = ledger.everything(course)
    with held(course):
        assert main(["grade"]) == 1
    (line,) = lines(capsys)
    assert "the gradebook is in use by another program" in line
    assert ledger.everything(course) == before


def test_a_gradebook_that_is_taken_in_mid_batch_loses_nothing(course, judged, monkeypatch):
    """It is free when the batch begins, and taken when the first work has gone to be judged."""
    before, holders, made = ledger.everything(course), [], grading.Batch._job

    def taking(batch, place):
        if not holders:
            holders.append(held(course).thing)
        return made(batch, place)

    with monkeypatch.context() as patch, pytest.raises(CourseError, match="in use by another program"):
        patch.setattr(grading.Batch, "_job", taking)
        grade(course, [ROOM], again=True, workers=1)
    holders[0].close()
    assert ledger.is_whole(course)
    assert ledger.gradebook(course) == before["gradebook"]
    judged.clear()
    grade(course, [ROOM])
    assert judged
    assert ledger.everything(course) == before


def test_a_gradebook_that_is_held_for_two_seconds_is_waited_for(course):
    holder = held(course).thing
    threading.Thread(target=lambda: (time.sleep(2), holder.close())).start()
    assert len(grade(course, [ROOM], again=True)) == 2


INSIDE = """
import contextlib, io, json, os, shutil, sqlite3, sys
from pathlib import Path
from grader import grading
from grader.__main__ import main

saved, root = map(Path, sys.argv[1:])
shutil.copytree(saved / "course", root / "course", dirs_exist_ok=True)
os.chdir(root)
filler, seen = root / "course" / "filler", []
for spare in (0, 100_000, 200_000, 300_000, 600_000):
    disk = os.statvfs(root / "course")
    filler.write_bytes(b"")
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    size = filler.stat().st_size
    os.truncate(filler, max(0, size - spare))
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        status = main(["grade", "--again"])
    with contextlib.closing(sqlite3.connect(root / "course" / "gradebook.db")) as db:
        whole = db.execute("pragma integrity_check").fetchall()
    seen.append([status, said.getvalue(), whole])
filler.unlink()
last = main(["grade"])
shutil.copytree(root / "course", saved / "after")
print(json.dumps({"seen": seen, "last": last}), file=sys.stderr)
"""


@pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap for a small disk")
def test_a_full_disk_gets_one_line_and_the_next_run_completes(course, tmp_path):
    """In a folder of 8 MB, filled up to some room: for nothing, for a backup, for marks but no page, and so on."""
    before = ledger.everything(course)
    (tmp_path / "saved").mkdir()
    shutil.move(course.folder, tmp_path / "saved" / "course")
    course.folder.mkdir()
    disk = ["bwrap", "--dev-bind", "/", "/", "--size", str(8 << 20), "--tmpfs", str(course.folder)]
    run = subprocess.run(
        [*disk, "--", sys.executable, "-c", INSIDE, str(tmp_path / "saved"), str(course.root)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stderr.splitlines()[-1])
    refused = [said for status, said, _ in result["seen"] if status]
    assert len(refused) >= 2, "else the disk was not full"
    for said in refused:
        assert said.count("\n") == 1, said
        assert said.startswith("the disk is full or cannot be written: make room, and grade again")
    assert all(whole == [["ok"]] for *_, whole in result["seen"])
    assert result["last"] == 0
    shutil.rmtree(course.folder)
    shutil.move(tmp_path / "saved" / "after", course.folder)
    assert ledger.everything(course) == before
