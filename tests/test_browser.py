"""What a student and an instructor see in the browser, in the JupyterLab that ``make lab`` starts."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from importlib.metadata import version
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from grader.course import CourseError
from grader.lab import lab

pytestmark = pytest.mark.slow

WAIT = 60_000  # ms: the longest that any single step may take
ASSIGNMENT = "01-linear-regression"
HALF = "def gradient(W, X, y):\n    return X @ (W.T @ X - y).T"
START = "import sys; from grader.lab import lab; lab(sys.argv[1] == 'True', sys.argv[2], False, sys.argv[3:])"
SELECT = """async (id) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    const place = notebook.widgets.findIndex((cell) => cell.model.id === id);
    notebook.activeCellIndex = place;
    notebook.mode = "command";
    await notebook.scrollToItem(place);
    notebook.activate();
}"""


@contextmanager
def serve(root, folder, instructor):
    """Run JupyterLab on a copy of the course, for a user with no settings yet; yield path -> url, and its log."""
    for name in ["notebooks", "source"]:
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copy(root / "nbgrader_config.py", folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    extra = [
        "--allow-root",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=test",
        "--LabApp.expose_app_in_browser=True",
    ]
    alone = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "IPYTHON"))}
    log = folder / "log.txt"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-c", START, str(instructor), str(folder), *extra],
            env={**alone, "HOME": str(folder / "home")},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}/{{}}?token=test".format
        _wait_for(server, address("api/status"), log)
        yield address, log
    finally:
        stop(server)


def stop(server):
    """Ask JupyterLab to end its kernels and itself, on a busy machine twice; else end it."""
    for _ in range(2):
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            return server.wait(30)
    return server.kill()


def _wait_for(server, url, log):
    deadline = time.monotonic() + WAIT / 1000
    while server.poll() is None and time.monotonic() < deadline:
        try:
            return urlopen(url, timeout=5).close()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start: {log.read_text()}")


# What the oldest JupyterLab says of the packages of today, and not of us.
OLDEST = ("Failed to instantiate the extension manager pypi", "Got events for closed stream")
THEIRS = OLDEST if version("jupyterlab").startswith("4.2.") else ()


def complaints(log):
    lines = [line for line in log.read_text().splitlines() if line.startswith(("[W", "[E")) or "WARNING" in line]
    return [line for line in lines if not any(words in line for words in THEIRS)]


@contextmanager
def visit(chromium, url):
    page = chromium.new_page(viewport={"width": 1300, "height": 900})
    page.set_default_timeout(WAIT)
    page.goto(url)
    page.locator("#jp-top-panel .lm-MenuBar-item").first.wait_for()
    yield page
    page.close()


@pytest.fixture(scope="module")
def student(chromium, root, tmp_path_factory):
    """The page of a student who has opened the first notebook, and the log of the server."""
    with (
        serve(root, tmp_path_factory.mktemp("student"), instructor=False) as (address, log),
        visit(chromium, address(f"lab/tree/{ASSIGNMENT}/{ASSIGNMENT}.ipynb")) as page,
    ):
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        yield page, log


def test_a_notebook_opens_without_a_question_an_error_or_a_panel_for_instructors(student):
    page, _ = student
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    assert "Nbgrader" not in page.locator(".lm-MenuBar").inner_text()
    assert page.get_by_text("Create Assignment").count() == 0
    commands = page.evaluate("jupyterapp.commands.listCommands()")
    assert not [name for name in commands if name.startswith("nbgrader:")]


def test_a_wrong_answer_gets_one_verdict_that_names_the_mistake_and_validate_repeats_it(student):
    page, log = student
    page.evaluate(SELECT, "imports")
    page.keyboard.press("Control+Enter")
    page.evaluate(SELECT, "gradient")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(HALF)
    page.keyboard.press("Control+Enter")
    page.evaluate(SELECT, "gradient-check")
    page.keyboard.press("Control+Enter")
    cell = page.locator(".jp-Notebook-cell.jp-mod-active")
    cell.locator(".verdict").wait_for()
    assert "gradient wrong (half)" in cell.locator(".verdict").inner_text()
    assert not cell.locator("[data-mime-type='application/vnd.jupyter.stderr']").is_visible()

    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog")
    dialog.wait_for()
    assert "gradient: wrong (half)" in dialog.inner_text()
    assert not complaints(log)


def test_every_notebook_opens_without_a_question_and_with_its_mathematics_rendered(chromium, root, tmp_path):
    with serve(root, tmp_path, instructor=False) as (address, log):
        for name in sorted(path.name for path in (root / "notebooks").iterdir()):
            with visit(chromium, address(f"lab/tree/{name}/{name}.ipynb")) as page:
                page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
                page.locator("mjx-container").first.wait_for(state="attached")
                assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0, name
                assert page.locator("mjx-merror").count() == 0, name
        assert not complaints(log)


def test_an_instructor_finds_the_assignment_in_formgrader(chromium, root, tmp_path):
    with serve(root, tmp_path, instructor=True) as (address, log), visit(chromium, address("lab")) as page:
        page.get_by_text("Nbgrader", exact=True).click()
        page.locator(".lm-Menu-itemLabel").get_by_text("Formgrader", exact=True).click()
        formgrader = page.frame_locator("#formgrader iframe")
        formgrader.get_by_role("link", name=ASSIGNMENT).wait_for()
        assert formgrader.locator(".alert:visible").count() == 0
        assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
        assert not complaints(log)


def test_root_is_told_how_to_go_on(monkeypatch, root):
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    with pytest.raises(CourseError, match="--allow-root"):
        lab(root=root)
