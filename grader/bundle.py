"""dist/student/ and dist/student.zip: all that a student gets, on a machine that has never seen this repository.

Notebooks, data, a wheel of ``helpers`` without answers, and the files that install it. Nothing is handed out before
the leak scan has looked at what was really written.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

import nbformat

from grader import first_cell, leaks, student_copy
from grader.course import CourseError
from grader.release import release_if_changed

TEXTS = Path(__file__).with_name("student")
FOR_STUDENTS = ("jupyterlab", "matplotlib", "numpy", "sympy")
EPOCH = "1577836800"  # 2020-01-01, the time of every file in the archives: the same bytes each time
WHEEL = """
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "backprop-helpers"
version = "{version}"
description = "What the notebooks of Backprop by Hand import: models, checks and plots, without the answers."
license = "BSD-3-Clause"
requires-python = "{python}"
dependencies = {dependencies}

[tool.setuptools.packages.find]
include = ["helpers*"]

[tool.setuptools.package-data]
"*" = ["*.csv", "*.md", "*.json"]
"""


def bundle(course, step=lambda what: None):
    """Write dist/student/ and dist/student.zip; return the path of the zip.

    step  is called with words before each thing that takes time

    Raises CourseError, and leaves nothing in dist/, where anything that is not for students would be handed out.
    """
    with tempfile.TemporaryDirectory(prefix="backprop-bundle-") as temporary:
        folder = Path(temporary) / "backprop-by-hand"
        write(course, folder, step)
        step("looking for leaks in what was written")
        if found := leaks.scan(course, folder):
            raise CourseError(f"nothing was handed out, because it would hold {'; '.join(found[:5])}")
        return _put(course.root / "dist", folder)


def write(course, folder, step=lambda what: None):
    """Write all that a student gets into the new ``folder``, before anybody has looked for leaks in it."""
    folder.mkdir()
    step("building the wheel of helpers")
    wheel = build_wheel(folder)
    step("releasing the notebooks")
    _notebooks(course, folder, wheel.name)
    _texts(folder, wheel.name)


def build_wheel(folder):
    """Write the wheel of ``helpers`` without answers into ``folder``; return its path."""
    project = _project()
    needs = [f"{name}>={oldest}" for name, oldest in student_copy.OLDEST.items()]
    about = {"version": project["version"], "python": project["requires-python"], "dependencies": needs}
    with tempfile.TemporaryDirectory(prefix="backprop-wheel-") as temporary:
        copy = student_copy.write(temporary, outputs=True)
        (copy / "pyproject.toml").write_text(WHEEL.format(**about), encoding="utf-8")
        code = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
        command = [sys.executable, "-c", code, str(folder)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise CourseError(f"the wheel of helpers could not be built ({last}): pip install setuptools")
    return next(folder.glob("*.whl"))


def _notebooks(course, folder, wheel):
    private = course.released()
    for assignment in course.assignments:
        release_if_changed(private, assignment)
        nb = nbformat.read(course.released_path(assignment), 4)
        first_cell.put(nb, wheel)
        to = folder / "notebooks" / assignment
        to.mkdir(parents=True)
        nbformat.write(nb, to / f"{assignment}.ipynb")


def _texts(folder, wheel):
    """Write the student's README and what installs the course, with the versions that it is tested with."""
    shutil.copytree(
        student_copy.HELPERS / "data", folder / "data", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    conda = "".join(f"  - {pin.replace('==', '=')}\n" for pin in pins())
    values = {"wheel": wheel, "pins": "\n".join(pins()), "conda": conda}
    for path in sorted(TEXTS.iterdir()):
        text = path.read_text(encoding="utf-8")
        for name, value in values.items():
            text = text.replace(f"@{name}@", value)
        (folder / path.name).write_text(text, encoding="utf-8")


def pins():
    """Return the pinned packages that a student needs, as pyproject.toml has them."""
    return sorted(pin for pin in _project()["dependencies"] if pin.partition("==")[0] in FOR_STUDENTS)


def _project():
    return tomllib.loads((student_copy.HELPERS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _put(dist, folder):
    """Move the folder to dist/student, and write the zip beside it; return the zip's path."""
    dist.mkdir(exist_ok=True)
    shutil.rmtree(dist / "student", ignore_errors=True)
    shutil.copytree(folder, dist / "student")
    archive = dist / "student.zip"
    with zipfile.ZipFile(archive.with_suffix(".new"), "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder.parent).as_posix()
                file.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), path.read_bytes(), zipfile.ZIP_DEFLATED)
    archive.with_suffix(".new").replace(archive)
    return archive
