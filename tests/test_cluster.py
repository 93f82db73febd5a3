"""The same jobs on a dask cluster: workers without the course's files, one of them killed, and the same gradebook."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import pytest

from grader import cluster as on_cluster
from grader.course import CourseError
from grader.grading import grade
from grader.sandbox import bubblewrap
from tests import ledger
from tests.conftest import ROOT
from tests.small_course import LOST_FACTOR, ROOM, copy_of, hand_in, small_course, work

pytest.importorskip("distributed", reason="dask's distributed is not installed: pip install distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bubblewrap.problem() is not None, reason="there is no sandbox on this machine"),
]
DASK = [sys.executable, "-m", "distributed.cli.dask_scheduler"], [sys.executable, "-m", "distributed.cli.dask_worker"]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    course = small_course(tmp_path_factory.mktemp("handed-in") / "course-root")
    for number in range(12):
        slowly = "import threading\nthreading.Event().wait(0.2)\nreturn W.T @ X"
        answers = [{}, {"gradient": LOST_FACTOR}, {"predict": slowly}][number % 3]
        hand_in(course, f"student-{number:02}", work(course, **answers))
    return course


def worker(address, folder):
    return [*DASK[1], address, "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def started(command, **how):
    process = subprocess.Popen(command, start_new_session=True, **QUIET, **how)
    try:
        yield process
    finally:
        for end in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, end)
                process.wait(5)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        process.wait()


@contextmanager
def machine(number, hidden):
    """Give (address, how to run a command there) of a machine of its own, in which the folder ``hidden`` is empty.

    A network namespace with one cable to this machine, and a view of the files of its own.
    """
    name, near, far = f"bp{os.getpid() % 10000}-{number}", f"10.77.{number}.1", f"10.77.{number}.2"
    ip = shutil.which("ip") or "/usr/sbin/ip"
    subprocess.run([ip, "netns", "add", name], check=True, capture_output=True)
    try:
        cable = f"v{os.getpid() % 10000}-{number}"
        inside = [ip, "-n", name]
        for command in (
            [ip, "link", "add", cable, "type", "veth", "peer", "name", "cable", "netns", name],
            [ip, "address", "add", f"{near}/24", "dev", cable],
            [ip, "link", "set", cable, "up"],
            [*inside, "address", "add", f"{far}/24", "dev", "cable"],
            [*inside, "link", "set", "cable", "up"],
            [*inside, "link", "set", "lo", "up"],
        ):
            subprocess.run(command, check=True, capture_output=True)
        empty = f'mount -t tmpfs none "{hidden}" && exec "$@"'
        yield near, far, [ip, "netns", "exec", name, "unshare", "-m", "sh", "-c", empty, "sh"]
    finally:
        subprocess.run([ip, "netns", "delete", name], check=False, capture_output=True)


@pytest.fixture
def cluster(handed_in, tmp_path):
    """Give the address of a scheduler with three workers, and their processes."""
    port = free_port()
    with ExitStack() as stack:
        try:
            machines = [stack.enter_context(machine(number, handed_in.root)) for number in (1, 2, 3)]
        except (OSError, subprocess.CalledProcessError) as failure:
            machines = [("127.0.0.1", f"127.0.0.{10 + number}", []) for number in (1, 2, 3)]
            print(f"no network namespaces here ({failure}): the workers have addresses of this machine")
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        host = "0.0.0.0" if machines[0][2] else "127.0.0.1"
        stack.enter_context(started([*DASK[0], "--host", host, "--port", str(port), "--no-dashboard"], env=env))
        workers = []
        for number, (near, far, there) in enumerate(machines):
            command = [*there, *worker(f"tcp://{near}:{port}", tmp_path / str(number)), "--host", far]
            workers.append(stack.enter_context(started(command, env=env)))
        yield f"tcp://127.0.0.1:{port}", workers


def test_a_cluster_with_a_killed_worker_gives_the_same_gradebook(handed_in, cluster, tmp_path):
    here, there = copy_of(handed_in, tmp_path / "here"), copy_of(handed_in, tmp_path / "there")
    shutil.copytree(handed_in.folder, here.folder, dirs_exist_ok=True)
    grade(here, [ROOM])
    shutil.copytree(here.folder / "hidden", there.folder / "hidden", dirs_exist_ok=True)
    address, workers = cluster
    seen = []

    def step(record):
        seen.append(record.student)
        if len(seen) == 2:
            os.killpg(workers[0].pid, signal.SIGKILL)

    records = grade(there, [ROOM], step, scheduler=address)
    assert workers[0].wait(10) == -signal.SIGKILL
    assert len(records) == 12
    assert {record.outcome for record in records} == {"graded"}
    assert ledger.gradebook(there) == ledger.gradebook(here)
    assert ledger.pages(there) == ledger.pages(here)


@pytest.mark.long
def test_a_worker_that_comes_late_takes_its_part(handed_in, cluster, tmp_path):
    address, workers = cluster
    for process in workers[1:]:
        os.killpg(process.pid, signal.SIGKILL)
    course, late = copy_of(handed_in, tmp_path / "course-root"), []

    def step(record):
        if not late:
            late.append(subprocess.Popen(worker(address, tmp_path / "late"), start_new_session=True, **QUIET))

    try:
        assert len(grade(course, [ROOM], step, scheduler=address)) == 12
    finally:
        os.killpg(late[0].pid, signal.SIGKILL)
        late[0].wait()


def test_without_a_scheduler_one_line_says_what_to_do(handed_in, tmp_path, monkeypatch):
    monkeypatch.setattr(on_cluster, "PATIENCE", 1)
    course = copy_of(handed_in, tmp_path / "course-root")
    with pytest.raises(CourseError, match=r"no scheduler with a worker answers at tcp://127\.0\.0\.1:9"):
        grade(course, [ROOM], scheduler="tcp://127.0.0.1:9")
    assert ledger.gradebook(course) == {}


def test_a_worker_with_another_version_of_the_course_is_refused(handed_in, cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(on_cluster.jobs, "code", lambda: str(os.getpid()))
    course = copy_of(handed_in, tmp_path / "course-root")
    with pytest.raises(CourseError, match="another version of the course on"):
        grade(course, [ROOM], scheduler=cluster[0])
    assert ledger.gradebook(course) == {}
