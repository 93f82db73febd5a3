"""What comes in through nbgrader's exchange is the student's own, and goes back to that student alone."""

import os
import pwd

import pytest
from nbgrader.utils import notebook_hash

from grader.grading import grade
from tests.small_course import LOST_FACTOR, ROOM, hand_in, small_course, work

ME = pwd.getpwuid(os.getuid()).pw_name
OTHER = "daemon" if ME != "daemon" else "bin"
EARLIER, LATER = "2026-01-01 10:00:00.000000 UTC", "2026-01-01 11:00:00.000000 UTC"


@pytest.fixture
def inbound(course):
    folder = course.root / "course" / "exchange" / "backprop" / "inbound"
    folder.mkdir(parents=True)
    folder.parents[1].chmod(0o777)
    return folder


def put(inbound, name, time, text="{}"):
    """Hand in with our own account, under whatever name."""
    folder = inbound / f"{name}+{ROOM}+{time}+secret"
    folder.mkdir()
    (folder / f"{ROOM}.ipynb").write_text(text)
    (folder / "timestamp.txt").write_text(time)
    return folder


def collected(course):
    result = course.api.collect(ROOM)
    assert result["success"], result["log"]
    found = (course.folder / "submitted").glob("*/*/*.ipynb")
    return {path.parts[-3]: path.read_text() for path in found}, result["log"]


def test_each_student_s_last_submission_is_collected(course, inbound):
    put(inbound, ME, EARLIER, "one")
    put(inbound, ME, LATER, "two")
    assert collected(course)[0] == {ME: "two"}


def test_nobody_hands_in_as_somebody_else(course, inbound):
    put(inbound, OTHER, LATER)
    there, log = collected(course)
    assert not there
    assert f"Left alone, since it is no folder of {OTHER}'s" in log


def test_a_link_to_somebody_s_folder_is_no_submission_and_hides_none(course, inbound, tmp_path):
    put(inbound, ME, EARLIER, "own")
    (tmp_path / f"{ROOM}.ipynb").write_text("of somebody else")
    (inbound / f"{ME}+{ROOM}+{LATER}+secret").symlink_to(tmp_path)
    assert collected(course)[0] == {ME: "own"}


def test_a_link_in_a_submission_brings_nothing_that_the_teacher_may_read(course, inbound, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("of somebody else")
    notebook = put(inbound, ME, EARLIER) / f"{ROOM}.ipynb"
    notebook.unlink()
    notebook.symlink_to(secret)
    there, log = collected(course)
    assert not there
    assert "link ignored" in log


@pytest.mark.slow
def test_a_page_goes_back_by_its_submission_s_secret_and_one_without_is_left_to_the_teacher(tmp_path):
    course = small_course(tmp_path / "course-root")
    for student, secret in {"ada": "secret-a", "bob": "secret-b", "eve": None}.items():
        folder = hand_in(course, student, work(course, gradient=LOST_FACTOR)).parent
        if secret:
            (folder / "timestamp.txt").write_text(EARLIER)
            (folder / "submission_secret.txt").write_text(secret)
    records = grade(course, [ROOM], workers=1, sandbox=False)
    assert not [flag for record in records for flag in record.flags if "extra files" in flag]

    exchange = course.root / "course" / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    (exchange / "backprop").mkdir()
    result = course.api.release_feedback(ROOM)
    assert result["success"], result["log"]
    assert "give it back by hand: the page of eve" in result["log"]
    pages = {path.stem for path in (exchange / "backprop" / "feedback").iterdir()}
    assert pages == {notebook_hash(secret=secret, notebook_id=ROOM) for secret in ("secret-a", "secret-b")}
