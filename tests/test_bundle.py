"""What students get holds no answers, and works on a machine that has never seen this repository."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from grader import leaks
from grader.__main__ import main
from grader.bundle import bundle
from grader.course import CourseError
from grader.demo import answered, right_answers
from grader.published import BRANCH
from grader.student_copy import HELPERS
from helpers import reference
from helpers.verdict import MIME
from tests.conftest import copy_course

pytestmark = pytest.mark.slow

ROOM = "01-linear-regression"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    course = copy_course(tmp_path_factory.mktemp("bundle") / "course-root")
    return course, bundle(course)


@pytest.fixture
def folder(made, tmp_path):
    """A copy of the bundle, to be spoilt."""
    shutil.copytree(made[0].root / "dist" / "student", tmp_path / "student")
    return tmp_path / "student"


def test_the_bundle_has_what_its_readme_promises(made):
    course, archive = made
    with zipfile.ZipFile(archive) as file:
        names = {name.removeprefix("backprop-by-hand/") for name in file.namelist()}
    assert {f"notebooks/{room}/{room}.ipynb" for room in course.assignments} <= names
    assert {"README.md", "requirements.txt", "environment.yml", "data/README.md"} <= names
    assert any(name.endswith(".whl") for name in names)
    assert {Path(name) for name in names} == {
        path.relative_to(archive.parent / "student")
        for path in (archive.parent / "student").rglob("*")
        if path.is_file()
    }
    assert "@" not in (archive.parent / "student" / "requirements.txt").read_text()
    environment = yaml.safe_load((archive.parent / "student" / "environment.yml").read_text())
    (by_pip,) = (entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    assert [Path(name).as_posix() in names for name in by_pip] == [True]


def test_the_bundle_is_the_same_bytes_each_time(made, tmp_path):
    course, archive = made
    before = archive.read_bytes()
    assert bundle(course).read_bytes() == before


def test_the_workflow_of_a_fork_publishes_the_bundle_as_the_branch_that_links_lead_to(made, root, tmp_path):
    steps = yaml.safe_load((root / ".github/workflows/publish.yml").read_text())["jobs"]["publish"]["steps"]
    script = next(step["run"] for step in steps if step.get("working-directory") == "dist/student")
    shutil.copytree(made[0].root / "dist" / "student", tmp_path / "student")
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "someone" / "fork"], check=True)
    known = {"GITHUB_SERVER_URL": tmp_path.as_uri(), "GITHUB_REPOSITORY": "someone/fork", "GITHUB_SHA": "0" * 40}
    known |= {"GITHUB_ACTOR": "someone", "TOKEN": "x", "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    for _ in range(2):  # the second replaces the first
        shutil.rmtree(tmp_path / "student" / ".git", ignore_errors=True)
        subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path / "student", env=known, check=True)
    listing = ["git", "ls-tree", "-r", "--name-only", BRANCH]
    done = subprocess.run(listing, cwd=tmp_path / "someone" / "fork", capture_output=True, text=True, check=True)
    with zipfile.ZipFile(made[1]) as file:
        assert set(done.stdout.split()) == {name.removeprefix("backprop-by-hand/") for name in file.namelist()}


# --- the leak scan sees what it is there for -------------------------------------------------------


def add_to_wheel(folder, name, text):
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(name, text)


def spoil_notebook(folder, cell_id, change):
    path = folder / "notebooks" / ROOM / f"{ROOM}.ipynb"
    nb = nbformat.read(path, 4)
    cell = next(cell for cell in nb.cells if cell.id == cell_id)
    cell.source = change(cell.source)
    nbformat.write(nb, path)


def a_solution_line(course, folder):
    spoil_notebook(folder, "gradient", lambda source: source + "\n# so:\n    r=predict( W,X )-y")


def the_right_answers(course, folder):
    add_to_wheel(
        folder, "helpers/answers/linear_regression.py", (HELPERS / "answers" / "linear_regression.py").read_text()
    )


def a_named_mistake_elsewhere(course, folder):
    (folder / "data" / "extra.py").write_text((HELPERS / "mistakes" / "tiny_rnn.py").read_text())


def the_backward_pass(course, folder):
    add_to_wheel(folder, "helpers/more.py", (HELPERS / "relu_network.py").read_text())


def a_hidden_case(course, folder):
    text = (course.folder / "hidden" / f"{ROOM}.json").read_text()
    (folder / "data" / "numbers.csv").write_text(text[:2000])


def a_marker(course, folder):
    spoil_notebook(folder, "gradient", lambda source: source + "\n### END SOLUTION")


def an_answer_in_other_words(course, folder):
    body = "def predict(W, X):\n    out = X.T @ W\n    return out.T"
    spoil_notebook(folder, "predict", lambda source: body)


def an_answer_in_a_plain_cell(course, folder):
    path = folder / "notebooks" / ROOM / f"{ROOM}.ipynb"
    nb = nbformat.read(path, 4)
    nb.cells.append(nbformat.v4.new_code_cell("if True:\n    def predict(W, X):\n        return (X.T @ W.T).T"))
    nbformat.write(nb, path)


def a_check_that_is_gone(course, folder):
    spoil_notebook(folder, "predict-check", lambda source: "pass")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (a_solution_line, "a line of a solution in notebooks/01"),
        (the_right_answers, "which is not for students"),
        (a_named_mistake_elsewhere, "a line of a solution in data/extra.py"),
        (the_backward_pass, "a backward pass in helpers/more.py"),
        (a_hidden_case, "a hidden case in data/numbers.csv"),
        (a_marker, "a marker of nbgrader"),
        (an_answer_in_other_words, "predict of 01-linear-regression, right"),
        (an_answer_in_a_plain_cell, "predict in a cell of notebooks/01-linear-regression/01-linear-regression.ipynb"),
        (a_check_that_is_gone, "predict of 01-linear-regression, which has no check"),
    ],
)
def test_each_leak_is_found(made, folder, spoil, why):
    spoil(made[0], folder)
    assert any(why in found for found in leaks.scan(made[0], folder))


def test_a_leak_stops_the_bundle_and_leaves_the_old_one(made, monkeypatch):
    course, archive = made
    before = archive.read_bytes()
    monkeypatch.setattr(leaks, "scan", lambda course, folder: ["a secret in x.py"])
    with pytest.raises(CourseError, match=r"nothing was handed out, .* hold a secret in x"):
        bundle(course)
    assert archive.read_bytes() == before


def test_an_exercise_that_lost_its_marks_stops_the_release(tmp_path, monkeypatch, capsys):
    """nbgrader then cuts the whole cell away, the function's name included, without a word."""
    course = copy_course(tmp_path / "course-root")
    monkeypatch.chdir(course.root)
    assert main(["release", ROOM]) == 0
    source = course.root / "source" / ROOM / f"{ROOM}.ipynb"
    nb = nbformat.read(source, 4)
    cell = next(cell for cell in nb.cells if cell.id == "predict")
    cell.source = "".join(line for line in cell.source.splitlines(True) if "SOLUTION" not in line)
    nbformat.write(nb, source)
    capsys.readouterr()
    assert main(["release", ROOM]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("hand nothing out yet, because it would hold ")
    assert "predict of 01-linear-regression" in line


# --- it works elsewhere ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def elsewhere(made, tmp_path_factory):
    """A fresh environment with the wheel, which sees the packages that it needs and nothing of this repository."""
    home = tmp_path_factory.mktemp("elsewhere")
    with zipfile.ZipFile(made[1]) as archive:
        archive.extractall(home)
    venv.create(home / "venv", with_pip=True)
    python = home / "venv" / "bin" / "python"
    (wheel,) = home.glob("backprop-by-hand/*.whl")
    run = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run(run, check=True, cwd=home)
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
    Path(site, "packages.pth").write_text(sysconfig.get_path("purelib"))
    return home, python


def work_through(home, python, nb):
    """Return {exercise: state} after running a notebook's cells with this environment's kernel."""
    spec = home / "kernels" / "kernels" / "elsewhere"
    spec.mkdir(parents=True, exist_ok=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    clean = {"PYTHONPATH": "", "HOME": str(home)}
    (spec / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": "x", "language": "python", "env": clean})
    )
    os.environ["JUPYTER_PATH"] = str(home / "kernels")
    try:
        client = NotebookClient(nb, kernel_name="elsewhere", timeout=120, allow_errors=True)
        client.execute(cwd=str(home))
    finally:
        del os.environ["JUPYTER_PATH"]
    found = {}
    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            if verdict := output.get("data", {}).get(MIME):
                found[verdict["exercise"]] = verdict["state"]
    return found


def test_elsewhere_helpers_come_from_the_wheel_alone(elsewhere):
    home, python = elsewhere
    code = "import helpers; from importlib.util import find_spec as at; print(helpers.__file__, at('grader'))"
    clean = {"PATH": os.environ["PATH"]}
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, cwd=home, env=clean)
    assert done.stdout.startswith(str(home / "venv"))
    assert done.stdout.rstrip().endswith("None")


@pytest.mark.parametrize(
    "room", [ROOM, *(pytest.param(r, marks=pytest.mark.long) for r in reference.assignments()[1:])]
)
def test_elsewhere_nothing_is_attempted_at_first_and_right_answers_are_right(made, elsewhere, room):
    home, python = elsewhere
    released = nbformat.read(home / "backprop-by-hand" / "notebooks" / room / f"{room}.ipynb", 4)
    worked = nbformat.reads(answered(released, right_answers(made[0], room)), 4)
    assert work_through(home, python, worked) == dict.fromkeys(reference.exercises(room), "right")


@pytest.mark.long
def test_a_students_readme_leads_from_the_zip_to_jupyterlab(made, tmp_path):
    """Its own commands, with pip and the network, on a machine without this repository."""
    with zipfile.ZipFile(made[1]) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "backprop-by-hand"
    block = (folder / "README.md").read_text().partition("```sh\n")[2].partition("```")[0].splitlines()
    clean = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_", "HTTP", "http", "no_proxy"))}
    clean |= {"PATH": f"{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin", "HOME": str(tmp_path)}
    for line in block[:2]:
        subprocess.run(line, shell=True, cwd=folder, env=clean, check=True, capture_output=True, timeout=600)
    lab = subprocess.run(
        f"{block[2]} --version", shell=True, cwd=folder, env=clean, capture_output=True, text=True, check=False
    )
    assert lab.returncode == 0, lab.stderr
    ask = f"from helpers import check; print(check('{ROOM}', 'predict', lambda W, X: W.T @ X).state)"
    done = subprocess.run(
        [".venv/bin/python", "-c", ask], cwd=folder, env=clean, capture_output=True, text=True, check=True
    )
    assert done.stdout == "right\n"
