"""The course in the browser: what it brings, and how far it runs where there is no network.

Pyodide itself comes from npm here and from its CDN for readers; the wheels that it compiles, numpy's first of all, are
on the CDN alone. So numpy is tried at the versions of Pyodide's lock in an ordinary interpreter.
"""

import ast
import hashlib
import json
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from grader import leaks
from grader.course import CourseError
from grader.demo import answered, right_answers
from grader.grading import grade
from grader.lite.__main__ import TOOLS, WHEELS, build
from grader.published import open_it
from grader.site.__main__ import NPM
from helpers import reference
from tests.conftest import copy_course, served
from tests.test_bundle import work_through

pytestmark = pytest.mark.slow

ROOM = "01-linear-regression"
PYODIDE = NPM / "pyodide"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
RUNTIME = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
PINNED = ("numpy", "matplotlib", "sympy", "mpmath")
WAIT = 180_000  # ms: starting Python takes half a minute on an idle machine
READY = "Python (Pyodide) | Idle"
RUN = """async (code) => {
    const {sessionContext} = window.jupyterapp.shell.currentWidget;
    const future = sessionContext.session.kernel.requestExecute({code});
    let said = "";
    future.onIOPub = ({content}) => {
        said += content.text ?? content.evalue ?? content.data?.["text/latex"] ?? content.data?.["text/plain"] ?? "";
    };
    await future.done;
    return said;
}"""
WRITE = """([id, source]) => {
    const {cells} = window.jupyterapp.shell.currentWidget.content.model;
    [...cells].find((cell) => cell.id === id).sharedModel.setSource(source);
}"""
NOTE = """
from pathlib import Path
path = Path.cwd() / ".backprop-by-hand" / "progress.json"
path.parent.mkdir(parents=True, exist_ok=True)
path.with_suffix(".new").write_text("kept")
path.with_suffix(".new").replace(path)
"""


def pyodides_lock():
    if not (PYODIDE / "pyodide-lock.json").exists():
        pytest.skip("Pyodide's lock is missing: make site sets it up")
    return json.loads((PYODIDE / "pyodide-lock.json").read_text())


# --- what Pyodide has ------------------------------------------------------------------------------


def imported(code):
    """Return the names of the packages that a piece of code imports."""
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


def test_every_import_of_the_notebooks_and_of_helpers_is_in_the_lock_of_pyodide(root):
    codes = [path.read_text() for path in (root / "helpers").rglob("*.py")]
    for room in reference.assignments():
        nb = nbformat.read(root / "notebooks" / room / f"{room}.ipynb", 4)
        codes += [cell.source for cell in nb.cells if cell.cell_type == "code"]
    there = {name for package in pyodides_lock()["packages"].values() for name in package["imports"]}
    wanted = set().union(*map(imported, codes)) - {"helpers"} - sys.stdlib_module_names
    assert {"numpy", "matplotlib", "sympy"} <= wanted
    assert wanted - there == set()


def test_the_pins_are_those_of_the_kernel_and_of_pyodides_lock(root):
    """JupyterLite's kernel fetches one version of Pyodide, and that has one version of each package."""
    lock = pyodides_lock()
    (constants,) = TOOLS.glob("lib/*/site-packages/jupyterlite_pyodide_kernel/constants.py")
    version = json.loads((PYODIDE / "package.json").read_text())["version"]
    assert f'PYODIDE_VERSION = "{version}"' in constants.read_text()
    versions = {plain(package["name"]): package["version"] for package in lock["packages"].values()}
    group = tomllib.loads((root / "pyproject.toml").read_text())["dependency-groups"]["pyodide"]
    pins = dict(pin.split("==") for pin in group)
    assert {name: versions.get(name, pin) for name, pin in pins.items()} == pins
    assert set(pins) - set(versions) == {"comm"}


def plain(name):
    return name.lower().replace("_", "-")


# --- what is published -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return copy_course(tmp_path_factory.mktemp("lite") / "course-root")


@pytest.fixture(scope="module")
def site(course):
    if not TOOLS.exists():
        pytest.skip("the tools that build the course in the browser are missing: make lite sets them up")
    build(course, course.root / "dist" / "lite")
    return course.root / "dist" / "lite"


def test_the_site_has_the_notebooks_and_the_two_wheels_that_pip_finds(course, site):
    assert {path.stem for path in (site / "files").iterdir()} == set(course.assignments)
    index = json.loads((site / "pypi" / "all.json").read_text())
    assert set(index) == {"backprop-helpers", "comm"}
    for package in index.values():
        for (wheel,) in package["releases"].values():
            assert digest(site / "pypi" / wheel["filename"]) == wheel["digests"]["sha256"]


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_link_into_it_leads_to_a_notebook_of_it(course, site):
    for room in course.assignments:
        address = open_it(room).partition('href="')[2].partition('"')[0]
        page, _, name = address.removeprefix("lite/").partition("?path=")
        assert (site / page).is_file()
        assert (site / "files" / name).is_file()


def test_a_leak_in_a_notebook_or_in_a_wheel_of_the_site_is_found(course, site, tmp_path):
    spoilt = shutil.copytree(site, tmp_path / "lite", ignore=shutil.ignore_patterns("build", "extensions"))
    with zipfile.ZipFile(next((spoilt / "pypi").glob("backprop*.whl")), "a") as archive:
        archive.writestr("helpers/answers/mine.py", "x = 1")
    path = spoilt / "files" / f"{ROOM}.ipynb"
    nb = nbformat.read(path, 4)
    nb.cells.append(new_code_cell(right_answers(course, ROOM)["gradient_descent"]))
    nbformat.write(nb, path)
    found = "\n".join(leaks.scan(course, spoilt))
    assert "helpers/answers/mine.py, which is not for students" in found
    assert f"a line of a solution in files/{ROOM}.ipynb" in found


def test_a_site_that_would_leak_is_not_built_and_the_old_one_stays(course, tmp_path, monkeypatch, site):
    (tmp_path / "old.html").touch()
    monkeypatch.setattr(leaks, "scan", lambda course, folder: ["a secret in x.py"])
    with pytest.raises(CourseError, match=r"nothing was built, .* hold a secret in x"):
        build(course, tmp_path)
    assert (tmp_path / "old.html").exists()


# --- it runs, as far as that goes without a network ------------------------------------------------


@pytest.fixture(scope="module")
def address(site):
    """A server of the site that has Pyodide too: its parts of npm, and the wheels that PyPI has."""
    _bring_pyodide(site)
    with served(site) as address:
        yield address


def _bring_pyodide(site):
    lock, folder = pyodides_lock(), site / "static" / "pyodide"
    folder.mkdir(parents=True)
    for name in RUNTIME:
        shutil.copy(PYODIDE / name, folder)
    packages = {plain(package["name"]): package for package in lock["packages"].values()}
    for wheel in WHEELS.glob("*.whl"):
        shutil.copy(wheel, folder)
        built = {"file_name": wheel.name, "sha256": digest(wheel)}
        packages.get(plain(wheel.name.split("-")[0]), {}).update(built)
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))
    settings = json.loads((site / "jupyter-lite.json").read_text())
    data = settings["jupyter-config-data"]
    data["exposeAppInBrowser"] = True
    data["litePluginSettings"][KERNEL]["pyodideUrl"] = "./static/pyodide/pyodide.mjs"
    (site / "jupyter-lite.json").write_text(json.dumps(settings))


@pytest.fixture(scope="module")
def reader(chromium, address):
    """A reader's browser, with its storage, that has the first notebook open."""
    context = chromium.new_context(viewport={"width": 1300, "height": 900})
    page, asked = context.new_page(), []
    page.set_default_timeout(WAIT)
    context.on("request", lambda request: asked.append(request.url))
    open_notebook(page, address)
    yield page, asked
    context.close()


def open_notebook(page, address):
    page.goto(f"{address}/lab/index.html?path={ROOM}.ipynb")
    page.get_by_text(READY).wait_for()


def source_of(site, cell_id):
    nb = nbformat.read(site / "files" / f"{ROOM}.ipynb", 4)
    return next(cell.source for cell in nb.cells if cell.id == cell_id)


@pytest.mark.long
def test_the_notebook_opens_without_a_question_and_its_python_is_pyodides(reader, address):
    page, asked = reader
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    page.locator("mjx-container").first.wait_for(state="attached")
    assert page.evaluate(RUN, "import sys; print(sys.platform)").strip() == "emscripten"
    assert r"\frac{x}{2}" in page.evaluate(RUN, "import sympy; sympy.integrate(sympy.sin(sympy.Symbol('x'))**2)")
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.long
def test_the_first_cell_finds_the_wheel_on_the_site_and_lacks_numpy_alone(reader, site):
    page, asked = reader
    asked.clear()
    said = page.evaluate(RUN, source_of(site, "helpers"))
    assert any("/pypi/backprop_helpers-" in url for url in asked), said
    assert any("/numpy-" in url for url in asked), said
    alone = 'import piplite\nawait piplite.install("backprop-helpers", deps=False)\n'
    assert "No module named 'numpy'" in page.evaluate(RUN, alone + "import helpers.checking")


@pytest.mark.long
def test_progress_and_answers_are_there_after_a_reload_and_the_downloaded_notebook_gets_its_marks(
    reader, address, course
):
    """The way of a student: answer, save, come back, download, hand in; and the grader's own judgement."""
    page, _ = reader
    page.evaluate(RUN, NOTE)
    right = nbformat.reads(answered(nbformat.read(course.released_path(ROOM), 4), right_answers(course, ROOM)), 4)
    answers = {cell.id: cell.source for cell in right.cells if cell.id in ("predict", "gradient")}
    for written in answers.items():
        page.evaluate(WRITE, written)
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    open_notebook(page, address)
    assert page.evaluate(RUN, "print(open('.backprop-by-hand/progress.json').read())").strip() == "kept"
    with page.expect_download() as download:
        page.evaluate("window.jupyterapp.commands.execute('docmanager:download')")
    path = course.submitted("ada", ROOM)
    path.parent.mkdir(parents=True)
    shutil.copy(download.value.path(), path)
    assert "pyodide" in json.dumps(json.loads(path.read_text())["metadata"]).lower()
    (record,) = grade(course, [ROOM])
    assert record.outcome == "graded", record.flags
    assert record.flags == []
    states = {name: function.state for name, function in record.functions.items()}
    assert {name for name, state in states.items() if state == "right"} == set(answers)


# --- numpy, matplotlib and sympy as Pyodide has them -----------------------------------------------


@pytest.fixture(scope="module")
def as_pyodide(tmp_path_factory, course, site):
    """An interpreter with exactly the versions of Pyodide's lock, and the wheel of helpers from the site."""
    home = tmp_path_factory.mktemp("as-pyodide")
    venv.create(home / "venv", with_pip=True)
    python = home / "venv" / "bin" / "python"
    versions = {plain(p["name"]): p["version"] for p in pyodides_lock()["packages"].values()}
    wheel = next((site / "pypi").glob("backprop*.whl"))
    wanted = [*(f"{name}=={versions[name]}" for name in PINNED), wheel]
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", *wanted], check=True)
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    own = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
    Path(own, "packages.pth").write_text(sysconfig.get_path("purelib"))
    return home, python, {name: versions[name] for name in PINNED}


@pytest.mark.long
@pytest.mark.parametrize("room", reference.assignments())
def test_right_answers_are_right_on_the_versions_of_pyodide(as_pyodide, course, site, room):
    home, python, versions = as_pyodide
    ask = [python, "-c", f"import {', '.join(PINNED)}; print(*(m.__version__ for m in ({', '.join(PINNED)})))"]
    there = subprocess.run(ask, capture_output=True, text=True, check=True, cwd=home).stdout.split()
    assert there == list(versions.values())
    released = nbformat.read(site / "files" / f"{room}.ipynb", 4)
    worked = nbformat.reads(answered(released, right_answers(course, room)), 4)
    assert work_through(home, python, worked) == dict.fromkeys(reference.exercises(room), "right")
    assert not [output for cell in worked.cells for output in cell.get("outputs", ()) if output.output_type == "error"]


@pytest.mark.long
def test_the_checks_pass_their_tests_on_the_versions_of_pyodide(as_pyodide, root):
    _, python, _ = as_pyodide
    tests = ["check", "strangers", "right_but_different", "numerical", "journal", "plots", "own_test"]
    names = [f"tests/test_{name}.py" for name in tests]
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *names]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
