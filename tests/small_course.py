"""A small course to grade often: three of the first notebook's cells, an essay, and whatever students wrote."""

import shutil

import nbformat
from nbformat.v4 import new_markdown_cell

from grader.course import Course
from grader.demo import answered, right_answers
from grader.release import release
from tests.conftest import copy_course

ROOM = "01-linear-regression"
KEPT = ("imports", "predict", "predict-check", "gradient", "gradient-check")
LOST_FACTOR = "return X @ (predict(W, X) - y).T"
ESSAY = "Why is there a sum over the samples?"
RIGHT = {"predict-check": 1.0, "gradient-check": 3.0}


def small_course(folder):
    """Return a course in ``folder`` whose one assignment asks for two functions and an essay, released."""
    course = copy_course(folder)
    for other in course.assignments:
        if other != ROOM:
            shutil.rmtree(course.root / "source" / other)
    path = course.root / "source" / ROOM / f"{ROOM}.ipynb"
    nb = nbformat.read(path, 4)
    nb.cells = [cell for cell in nb.cells if cell.id in KEPT]
    nb.cells[0].source = "import numpy as np\n\nfrom helpers import check"
    marks = {"grade": True, "solution": True, "locked": False, "task": False, "schema_version": 3}
    essay = {"nbgrader": marks | {"grade_id": "essay", "points": 4}}
    nb.cells.append(new_markdown_cell(ESSAY, id="essay", metadata=essay))
    nbformat.write(nb, path)
    release(course.released(), ROOM)
    return course


def copy_of(course, folder):
    """Return a copy of a whole course, with all that was graded in it."""
    shutil.copytree(course.root, folder, symlinks=True)
    return Course(folder)


def work(course, essay="It adds up what each sample says.", **answers):
    """Return the text of a notebook with the right answers, but for those given."""
    nb = nbformat.read(course.released_path(ROOM), 4)
    nb.cells[-1].source = essay or nb.cells[-1].source
    return answered(nb, right_answers(course, ROOM) | answers)


def hand_in(course, student, text):
    """Write what a student hands in, over what was handed in before."""
    path = course.submitted(student, ROOM)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
