"""The cell that installs the course where it is missing: it does nothing elsewhere, and costs nobody a mark."""

import subprocess
import sysconfig
import venv
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader import first_cell
from grader.bundle import build_wheel
from grader.course import CourseError
from grader.rebuild import Skeleton, rebuild
from helpers import reference

WHEEL = "backprop_helpers-0.1.0-py3-none-any.whl"
RUN = "import sys; from IPython.core.interactiveshell import InteractiveShell as Shell; Shell().run_cell(sys.argv[1])"
ASK = "import helpers, numpy; print(helpers.__file__, numpy.__file__, sep='\\n')"


@pytest.fixture(params=[None, "someone/a-fork.of-it"])
def fork(request, monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", request.param or "")
    return request.param


def released(root, name):
    return nbformat.read(root / "notebooks" / name / f"{name}.ipynb", 4)


def test_it_stands_before_the_first_code_cell_and_knows_the_address_of_the_fork(fork):
    nb = new_notebook(cells=[new_markdown_cell("# Title"), new_code_cell("import numpy")])
    first_cell.put(nb, WHEEL)
    assert [cell.cell_type for cell in nb.cells] == ["markdown", "code", "code"]
    last = nb.cells[1].source.splitlines()[-1].strip()
    if fork:
        assert last == f"%pip install -q https://raw.githubusercontent.com/{fork}/student/{WHEEL}"
    else:
        assert "pip install -r requirements.txt" in last
    assert first_cell.is_ours(nb.cells[1].source + "\n")
    assert not first_cell.is_ours(nb.cells[1].source + "\nmine = 1")


def test_a_name_that_is_no_repository_is_refused(monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", "https://example.org/x")
    with pytest.raises(CourseError, match="OWNER/REPO"):
        first_cell.put(new_notebook(), WHEEL)


@pytest.mark.parametrize("room", reference.assignments())
def test_a_notebook_is_handed_in_as_it_would_be_without_it(root, room, fork):
    plain, handed_out = released(root, room), released(root, room)
    first_cell.put(handed_out, WHEEL)
    skeleton = Skeleton(released(root, room))
    assert rebuild(handed_out, skeleton) == rebuild(plain, skeleton) == (released(root, room), [])


def test_what_a_student_adds_to_it_stays(root):
    room = reference.assignments()[0]
    handed_out = released(root, room)
    first_cell.put(handed_out, WHEEL)
    cell = next(cell for cell in handed_out.cells if cell.id == "helpers")
    cell.source += "\nmine = 1"
    nb, _ = rebuild(handed_out, Skeleton(released(root, room)))
    assert [cell.source for cell in nb.cells if "mine = 1" in cell.source] == [cell.source]


@pytest.mark.slow
def test_it_installs_the_wheel_once_and_leaves_numpy_as_it_is(tmp_path):
    """As in Colab: an environment that has numpy, matplotlib and sympy and has never heard of the course."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    own = Path(run(python, tmp_path, "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (own / "packages.pth").write_text(sysconfig.get_path("purelib"))
    wheel = build_wheel(tmp_path)
    source = first_cell.CELL.format(f"%pip install -q {wheel}")
    run(python, tmp_path, RUN, source)
    helpers, numpy = run(python, tmp_path, ASK).split()
    assert helpers.startswith(str(own))
    assert numpy.startswith(sysconfig.get_path("purelib"))
    wheel.unlink()
    assert run(python, tmp_path, RUN, source) == ""


def run(python, folder, code, *arguments):
    """Return what the code prints, in an environment of its own."""
    command = [python, "-c", code, *arguments]
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PIP_NO_INDEX": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=clean, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
