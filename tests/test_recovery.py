"""kill -9 at any instant of a batch: the gradebook stays whole, nobody's marks are half written, the rest follows."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest

from grader.course import Course
from grader.demo import answered, right_answers
from grader.grading import grade
from grader.release import release
from tests import ledger
from tests.conftest import copy_course
from tests.small_course import ROOM

pytestmark = pytest.mark.slow

PATIENCE = 300  # seconds for one thing to happen, on a very busy machine
WRITTEN = (
    {},
    {"gradient": "return X @ (W.T @ X - y).T"},
    {"gradient": "return 2 * X @ (y - W.T @ X).T", "predict": "return [1, 2]"},
    {"total_cost": "return W.T @ X"},
)


@pytest.fixture
def scratch():
    """A folder for the temporary files of what is killed, by which its processes are known; short, for sockets."""
    folder = tempfile.mkdtemp(prefix="killed-")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def a_class(folder, count):
    """Return a course in which as many students handed in the first notebook: right, wrong, untouched and cut off."""
    course = copy_course(folder)
    release(course.released(), ROOM)
    released = nbformat.read(course.released_path(ROOM), 4)
    right = right_answers(course, ROOM)
    texts = [answered(released, right | wrong) for wrong in WRITTEN]
    texts += [answered(released, {}), texts[0][: len(texts[0]) // 2]]
    for number in range(count):
        path = course.submitted(f"student-{number:02}", ROOM)
        path.parent.mkdir(parents=True)
        path.write_text(texts[number % len(texts)], encoding="utf-8")
    return course


def start(course, scratch, *options):
    return subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", ROOM, *options],
        cwd=course.root,
        env={**os.environ, "TMPDIR": scratch},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a terminal of its own, for Ctrl-C
    )


def wait_until(happened, process):
    """Wait until ``happened()`` or the process has ended."""
    end = time.monotonic() + PATIENCE
    while not happened() and process.poll() is None:
        assert time.monotonic() < end, "nothing happened for too long"
        time.sleep(0.002)


def records(course):
    return {path.parent.name: path.stat().st_mtime_ns for path in (course.folder / "records").glob(f"*/{ROOM}.json")}


def wait_for_a_moment(course, process, rng):
    """Wait until some instant of the batch, and return in words which it was."""
    backups = set((course.folder / "backups").glob("*.db"))
    wait_until(lambda: set((course.folder / "backups").glob("*.db")) - backups, process)
    kind = rng.choice(("at any moment", "in a transaction", "as a record is written"))
    if kind == "in a transaction":
        wait_until((course.folder / "gradebook.db-journal").exists, process)
        delay = rng.uniform(0, 0.02)
    elif kind == "as a record is written":
        before = records(course)
        wait_until(lambda: records(course) != before, process)
        delay = rng.uniform(0, 0.1)
    else:
        delay = rng.uniform(0, 6)
    time.sleep(delay)
    return f"{kind} + {delay:.3f} s"


def alive(marker):
    """Return the command lines of the processes whose environment or mounts show the marker."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            about = (process / "environ").read_bytes() + (process / "mountinfo").read_bytes()
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if marker.encode() in about and command and int(process.name) != os.getpid():
            found.append(command)
    return found


def assert_nothing_runs_on(scratch):
    end = time.monotonic() + 30
    while (left := alive(scratch)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not left


def assert_no_marks_are_half_written(course, undisturbed):
    assert ledger.is_whole(course)
    there, pages = ledger.gradebook(course), ledger.pages(course)
    for student, found in there.items():
        assert found == undisturbed["gradebook"][student]
    for student in records(course):
        assert student in there
        mine = {path: page for path, page in undisturbed["pages"].items() if f"/{student}/" in path}
        assert mine.items() <= pages.items()


def kill_again_and_again(tmp_path, scratch, count, kills):
    """Grade a class twice: once in peace, once killed ``kills`` times; what is left behind must be the same."""
    seed = int(os.environ.get("KILLS_SEED", random.randrange(10**6)))
    print(f"KILLS_SEED={seed}")
    rng = random.Random(seed)
    calm = a_class(tmp_path / "calm", count)
    grade(calm, [ROOM])
    undisturbed = ledger.everything(calm)
    course = Course(shutil.copytree(calm.root, tmp_path / "killed", ignore=shutil.ignore_patterns("course")))
    for kept in ("submitted", "released", "hidden"):
        shutil.copytree(calm.folder / kept, course.folder / kept)
    killed, again = 0, ()
    while killed < kills:
        process = start(course, scratch, *again)
        moment = wait_for_a_moment(course, process, rng)
        process.kill()
        _, said = process.communicate()
        if process.returncode == 0:  # done before it could be killed: from here on, it is killed as it grades again
            again = ("--again",)
            assert ledger.everything(course) == undisturbed
            continue
        assert process.returncode == -9, said
        killed += 1
        print(f"kill {killed}: {moment}; {len(records(course))} of {count} are done")
        assert_nothing_runs_on(scratch)
        assert_no_marks_are_half_written(course, undisturbed)
    last = start(course, scratch)
    _, said = last.communicate(timeout=PATIENCE * 4)
    assert last.returncode == 0, said
    assert ledger.everything(course) == undisturbed
    assert_nothing_runs_on(scratch)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
def test_ctrl_c_stops_cleanly_and_the_next_run_goes_on(tmp_path, scratch):
    course = a_class(tmp_path / "course-root", 12)
    process = start(course, scratch)
    wait_until(lambda: len(records(course)) >= 2, process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes of the command
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert said.strip() == "Stopped. What was graded is in the gradebook."
    done = records(course)
    assert 2 <= len(done) < 12
    assert not list(Path(scratch).iterdir()), "temporary files were left"
    assert_nothing_runs_on(scratch)
    assert len(grade(course, [ROOM])) == 12
    assert {student: when for student, when in records(course).items() if student in done} == done


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
def test_two_kills_in_a_batch_of_six_change_nothing(tmp_path, scratch):
    kill_again_and_again(tmp_path, scratch, count=6, kills=2)


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
def test_twenty_kills_in_a_batch_of_thirty_change_nothing(tmp_path, scratch):
    kill_again_and_again(tmp_path, scratch, count=30, kills=20)
