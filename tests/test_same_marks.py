"""The same marks by our command, by plain nbgrader, by the student's own check; and no sandbox is never silent."""

import contextlib
import json
import os
import shutil
import signal
import threading
from multiprocessing.forkserver import _forkserver as forkserver
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from grader import student_copy
from grader.__main__ import main
from grader.course import Course
from grader.demo import right_answers
from grader.grading import grade
from grader.outside import CHECK, Judging
from grader.release import release
from grader.sandbox import Limits, bubblewrap
from grader.sandbox.process import Worker
from grader.sandbox.session import Session
from helpers import check, checking
from tests import ledger, security
from tests.conftest import ROOT, copy_course
from tests.corpus import ALL, HUMAN, NOTEBOOK, Kit
from tests.small_course import LOST_FACTOR, RIGHT, ROOM, copy_of, hand_in, small_course, work
from tests.test_grading import nbgrader

pytestmark = pytest.mark.slow

linux = pytest.mark.skipif(bubblewrap.problem() is not None, reason="needs the sandbox")
SUBMISSIONS = {submission.name: submission for submission in ALL}
TOKENS = dict.fromkeys(("secret", "victim", "drop", "gradebook", "course"), "/nowhere") | {"port": 9}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """Three students' work, released and not graded."""
    course = small_course(tmp_path_factory.mktemp("handed-in") / "course-root")
    hand_in(course, "ada", work(course))
    hand_in(course, "bob", work(course, gradient=LOST_FACTOR))
    hand_in(course, "cy", work(course, predict=SAYS_SO))
    return course


@pytest.fixture
def course(handed_in, tmp_path):
    return copy_of(handed_in, tmp_path / "course-root")


DESERVED = {"ada": RIGHT, "bob": RIGHT | {"gradient-check": 0.0}, "cy": RIGHT}


def marks(course):
    return {s: {cell: score for cell, score in cells.items() if cell in RIGHT} for s, cells in scores(course).items()}


def scores(course):
    return ledger.scores(course)


# --- the sandbox ---------------------------------------------------------------------------------------


@pytest.fixture
def path_with(tmp_path, monkeypatch):
    """A function that puts a program ``bwrap`` with this text on the PATH, alone; none where the text is None."""

    def put(text, also=()):
        folder = tmp_path / "bin"
        folder.mkdir()
        if text is not None:
            (folder / "bwrap").write_text(text)
            (folder / "bwrap").chmod(0o755)
        for name in also:
            (folder / name).symlink_to(shutil.which(name))
        monkeypatch.setenv("PATH", str(folder))
        forget()

    def forget():
        bubblewrap.problem.cache_clear()
        forkserver._stop()  # it keeps the PATH that it was started with

    def back():
        monkeypatch.undo()
        forget()

    put.back = back
    yield put
    back()


REFUSES = "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n"
LEAKS = """#!/bin/sh
[ "$*" = "${{*#*--unshare-all}}" ] && exec {bwrap} "$@"
for part in "$@"; do shift; [ "$part" = --unshare-all ] || set -- "$@" "$part"; done
exec {bwrap} --unshare-pid --unshare-uts --unshare-ipc "$@"
"""


@linux
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)"),
        (REFUSES, "No permissions to create a new namespace"),
        (LEAKS, "so nothing was graded: a canary reached"),
    ],
    ids=["missing", "broken", "leaking"],
)
def test_without_a_sandbox_that_holds_nothing_is_graded_and_one_line_says_what_to_do(
    course, path_with, monkeypatch, capsys, text, says
):
    path_with(text and text.format(bwrap=shutil.which("bwrap")))
    monkeypatch.chdir(course.root)
    for command in (["grade"], ["canary"]):
        assert main(command) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert says in line
        assert text == LEAKS or "--no-sandbox" in line
    assert not (course.folder / "autograded").exists()
    assert ledger.gradebook(course) == {}


@linux
def test_no_sandbox_must_be_asked_for_gives_the_same_marks_and_is_flagged(course, path_with, monkeypatch, capsys):
    path_with(None)
    monkeypatch.chdir(course.root)
    assert main(["grade", "--no-sandbox", "--workers", "1"]) == 0
    assert "Graded without a sandbox" in capsys.readouterr().out
    assert marks(course) == DESERVED
    for entry in json.loads((course.folder / "report.json").read_text()):
        assert entry["outcome"] == "graded with flags"
        assert "graded without a sandbox" in entry["flags"]


@linux
def test_no_sandbox_keeps_the_limits(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.JudgeOutside.call = 2.0\n")
    shutil.rmtree(course.folder / "submitted")
    hand_in(course, "endless", work(course, gradient="while True: pass"))
    hand_in(course, "hoard", work(course, gradient="big = bytearray(4 << 30)\nreturn 2 * X @ (W.T @ X - y).T"))
    records = grade(Course(course.root), [ROOM], sandbox=False)
    assert [record.functions["gradient"].state for record in records] == ["error", "error"]
    assert [record.functions["predict"].state for record in records] == ["right", "right"]


@linux
@pytest.mark.long
def test_with_the_sandbox_back_what_was_graded_without_is_graded_again(course):
    assert all(record.flags for record in grade(course, [ROOM], sandbox=False))
    assert not any(record.flags for record in grade(course, [ROOM]))
    assert marks(course) == DESERVED


@linux
def test_the_canary_says_in_one_line_that_the_sandbox_holds(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    assert main(["canary"]) == 0
    assert capsys.readouterr().out.startswith("The sandbox holds")


# --- jobs that die -------------------------------------------------------------------------------------


AT_WORK = f"nb-{os.getpid()}"  # what the process of a notebook calls itself: 15 letters at most
SAYS_SO = (
    f"open('/proc/self/comm', 'w').write({AT_WORK!r})\nimport threading\nthreading.Event().wait(0.5)\nreturn W.T @ X"
)


@contextlib.contextmanager
def at_work(do, times=1):
    """Call do(process of a job) when a notebook says that it is at work, for so many processes; give their list."""
    found, over = [], threading.Event()

    def watch():
        while not over.wait(0.02):
            jobs = filter(runs_a_notebook, children(forkserver._forkserver_pid)) if says_so() else ()
            for job in jobs:
                if job not in found and len(found) < times:
                    found.append(job)
                    do(job)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()


def says_so():
    """Return whether there is a process that calls itself at work."""
    for path in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if path.read_text() == f"{AT_WORK}\n":
                return True
    return False


def kill(process):
    os.kill(process, signal.SIGKILL)


def runs_a_notebook(worker):
    """Return whether a process has a channel and a lifeline beside its way to the template."""
    sockets = 0
    for path in Path(f"/proc/{worker}/fd").iterdir() if Path(f"/proc/{worker}/fd").exists() else ():
        with contextlib.suppress(OSError):
            sockets += os.readlink(path).startswith("socket:")
    return sockets >= 3


def children(pid):
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
    return found


@linux
def test_a_job_whose_process_is_killed_is_tried_again_and_costs_no_mark(course):
    with at_work(kill) as killed:
        records = grade(course, [ROOM], workers=2)
    assert len(killed) == 1
    assert [record.outcome for record in records] == ["graded"] * 3
    assert marks(course) == DESERVED


@linux
@pytest.mark.long
def test_a_job_that_dies_each_time_is_never_scored_and_the_next_grading_tries_it_again(course):
    shutil.rmtree(course.folder / "submitted" / "bob")
    shutil.rmtree(course.folder / "submitted" / "ada")
    with at_work(kill, times=3) as killed:
        (record,) = grade(course, [ROOM])
    assert len(killed) == 3
    assert record.outcome == "needs a human"
    assert marks(course) == {"cy": dict.fromkeys(RIGHT)}
    assert [record.outcome for record in grade(course, [ROOM])] == ["graded"]
    assert marks(course) == {"cy": RIGHT}


FAILS_LATER = """#!/bin/sh
[ -e {folder}/later ] && exit 1
exec {bwrap} "$@"
"""


@linux
@pytest.mark.long
def test_a_sandbox_that_fails_in_mid_batch_is_never_scored_and_the_next_grading_tries_again(
    course, path_with, monkeypatch, tmp_path
):
    shutil.rmtree(course.folder / "submitted" / "cy")
    hand_in(course, "slow", work(course, predict=SAYS_SO))
    path_with(FAILS_LATER.format(bwrap=shutil.which("bwrap"), folder=tmp_path))

    def fail(job):
        (tmp_path / "later").touch()
        for pid in descendants_of_templates():
            kill(pid)

    with at_work(fail):
        records = {record.student: record.outcome for record in grade(course, [ROOM], workers=1)}
    assert records == {"ada": "graded", "bob": "graded", "slow": "needs a human"}
    assert marks(course) == {**{s: DESERVED[s] for s in ("ada", "bob")}, "slow": dict.fromkeys(RIGHT)}
    assert not (course.folder / "feedback" / "slow" / ROOM).exists()
    path_with.back()
    grade(course, [ROOM])
    assert marks(course) == {**{s: DESERVED[s] for s in ("ada", "bob")}, "slow": RIGHT}


def descendants_of_templates():
    """Return the templates that this process has started, and all that they have."""
    found = [pid for pid in children(os.getpid()) if b"/course/worker.py" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    for pid in found:
        found += children(pid)
    return found


# --- plain nbgrader ------------------------------------------------------------------------------------

PLAIN = (
    *("honest-own-module", "wrong-half-finished", "named-half", "named-sign-formula", "odd-liar-array"),
    *("accident-below-the-check", "cells-colab", "cells-twin-better", "format-version-3", "files-extra"),
    *("abuse-os-exit", "tamper-numpy", "forge-display", "format-bom"),
    *("format-truncated", "files-two-names", "files-fifo", "files-link-neighbour"),
)


@pytest.fixture(scope="module")
def kit():
    right = right_answers(SimpleNamespace(root=ROOT), ROOM)
    return Kit((ROOT / "notebooks" / ROOM / NOTEBOOK).read_text(encoding="utf-8"), right, TOKENS)


@linux
def test_plain_autograde_gives_the_same_gradebook_as_our_own_command_or_refuses(kit, tmp_path):
    course = copy_course(tmp_path / "ours")
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + security.QUICK, encoding="utf-8")
    course = Course(course.root)
    release(course.released(), ROOM)
    plain = Course(shutil.copytree(course.root, tmp_path / "plain"))
    for name in PLAIN:
        security.hand_in(course, SUBMISSIONS[name], kit)
        security.hand_in(plain, SUBMISSIONS[name], kit)
    records = {record.student: record for record in grade(course, [ROOM])}
    shutil.copytree(course.folder / "hidden", plain.folder / "hidden", dirs_exist_ok=True)
    run = nbgrader(plain, "autograde", ROOM, check=False)
    ours, theirs = ledger.gradebook(course), ledger.gradebook(plain)
    refused = [name for name in PLAIN if name not in theirs or None in scores(plain)[name].values()]
    assert run.returncode != 0
    for name in PLAIN:
        if name in refused:
            assert f"for student '{name}'" in run.stderr
            assert not plain.autograded(name, ROOM).exists()
        else:
            assert theirs[name] == ours[name], name
    for name in PLAIN:
        assert (records[name].outcome == "needs a human") == (SUBMISSIONS[name].deserves == HUMAN)
        assert name in refused or records[name].outcome != "needs a human"
    assert len(PLAIN) - len(refused) >= 12


# --- the student's own check ---------------------------------------------------------------------------

OWN = (
    *("honest-loops", "honest-lambdas", "wrong-half-finished", "wrong-by-heart", "wrong-no-return", "wrong-raises"),
    *("wrong-line", "wrong-formula-stranger", "named-half", "named-sign", "named-mean", "named-half-twice"),
    *("named-uphill", "odd-lists", "odd-flat-gradient", "odd-in-place", "odd-nan", "odd-text", "odd-complex"),
)


@pytest.fixture(scope="module")
def copy():
    with student_copy.for_sandbox() as folder:
        yield folder


def said_by_the_grader(nb, copy):
    """Return {graded function: state, mistake, what it was carried from} by the visible cases alone, from outside."""
    with Worker(copy, Limits.files, bubblewrap.problem() is None) as worker, Session(worker) as session:
        judged = Judging(session, ROOM).judge(nb)
    return {name: (found.state, found.mistake, found.carried) for name, found in judged.verdicts.items()}


def said_to_the_student(nb):
    """Return the same from the student's own checks, in this process."""
    checking._found.clear()
    space, said = {}, {}
    for cell in nb.cells:
        if found := CHECK.search(cell.source):
            verdict = check(ROOM, found[2], space.get(found[2]))
            said[found[2]] = (verdict.state, verdict.mistake, verdict.carried)
        else:
            with contextlib.suppress(Exception):
                exec(cell.source, space)
    return said


@pytest.mark.parametrize("name", OWN)
def test_the_grader_says_on_the_visible_cases_what_the_students_own_check_says(name, kit, copy):
    nb = nbformat.reads(SUBMISSIONS[name].make(kit)[NOTEBOOK].decode(), 4)
    kept = [cell for cell in nb.cells if "nbgrader" in cell.metadata or cell.id.startswith(("imports", "own-"))]
    nb.cells = [cell for cell in kept if cell.cell_type == "code"]
    to_the_student = said_to_the_student(nb)
    assert len(to_the_student) >= 9
    assert said_by_the_grader(nb, copy) == to_the_student
