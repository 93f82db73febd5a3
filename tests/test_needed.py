"""Which of our cells are run while a submission is graded: those alone that an answer may depend on."""

from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader.demo import answered, right_answers
from grader.needed import names_of, needed
from grader.rebuild import Skeleton, rebuild
from helpers import answers


def skeleton(**cells):
    """Return the Skeleton of a notebook of these cells; the ones called answer... are the student's to write."""
    made = []
    for name, source in cells.items():
        marks = {"grade": False, "solution": True, "locked": False, "schema_version": 3, "grade_id": name}
        made.append(new_code_cell(source, id=name, metadata={"nbgrader": marks} if name.startswith("answer") else {}))
    return Skeleton(new_notebook(cells=made))


def run_of(ours, **changed):
    nb = new_notebook(cells=[nbformat.from_dict({**cell, "metadata": cell.metadata}) for cell in ours.cells])
    for cell in nb.cells:
        cell.source = changed.pop(cell.id, cell.source)
    nb.cells += [new_code_cell(source, id=name) for name, source in changed.items()]
    return needed(nb, ours) & {cell.id for cell in ours.cells if not cell.id.startswith("answer")}


OURS = {
    "imports": "import numpy as np\nfrom math import pi",
    "data": "X = np.ones(3)\nfor k in range(3):\n    X[k] = k",
    "twice": "double = 2 * X",
    "draw": "rng = np.random.default_rng(0)",
    "noise": "noise = rng.normal(size=3)",
    "count": "seen = []",
    "fill": "for x in X:\n    seen.append(x)",
    "picture": "X = np.zeros(2)\nprint(X, answer)",
    "helper": "def mean(v):\n    return np.sum(v) / total()",
    "total": "def total():\n    return 3",
    "answer": "",
}


@pytest.mark.parametrize(
    ("answer", "run"),
    [
        ("def answer(x):\n    return x", set()),
        ("def answer(x):\n    return np.exp(x)", {"imports"}),
        ("def answer(W, X):\n    return W @ X", set()),
        ("def answer(W):\n    return W @ X", {"imports", "data", "picture"}),
        ("def answer(W):\n    return double", {"imports", "data", "twice", "picture"}),
        ("def answer(W):\n    return [pi for X in W]", {"imports"}),
        ("answer = lambda v: mean(v)", {"imports", "helper", "total"}),
        ("def answer(x):\n    return noise", {"imports", "draw", "noise"}),
        ("def answer(x):\n    return seen", {"imports", "data", "count", "fill", "picture"}),
        ("def answer(x):\n    def inner():\n        global seen\n        seen = x\n    return inner", set()),
        ("def answer(x):\n    return eval('X')", {*OURS} - {"answer"}),
        ("def answer(x):\n    return globals()['X']", {*OURS} - {"answer"}),
        ("def answer(x):\n    return _3", {*OURS} - {"answer"}),
        ("def answer(x):\n    return Out[3]", {*OURS} - {"answer"}),
        ("%time 1\ndef answer(x):\n    return x", {*OURS} - {"answer"}),
        ("from os import *", {*OURS} - {"answer"}),
        ("def answer(:", {*OURS} - {"answer"}),
    ],
)
def test_what_an_answer_may_depend_on_is_run(answer, run):
    assert run_of(skeleton(**OURS), answer=answer) == run


def test_a_cell_of_ours_that_was_changed_is_the_students_own():
    assert run_of(skeleton(**OURS), twice="double = 3 * X") == {"imports", "data", "twice", "picture"}


def test_what_a_cell_of_the_students_own_uses_is_run():
    assert run_of(skeleton(**OURS), scratch="print(noise)") == {"imports", "draw", "noise"}


def test_a_name_that_a_cell_gives_itself_first_is_none_that_it_needs():
    assert names_of("y = 2\nprint(y, z)").used == {"print", "z"}
    assert names_of("y += 2").used == {"y"}
    assert "y" in names_of("def f():\n    return y\ny = 2").used, "another cell may call f when y is another's"


@pytest.mark.parametrize("room", answers.ROOMS)
def test_no_mark_of_the_course_depends_on_a_cell_that_is_ours_but_the_imports(root, room):
    """Else a grading would run the training and the pictures again, for each student."""
    path = root / "notebooks" / room / f"{room}.ipynb"
    text = answered(nbformat.read(path, 4), right_answers(SimpleNamespace(root=root), room))
    ours = Skeleton(nbformat.read(path, 4))
    nb, _ = rebuild(nbformat.reads(text, 4), ours)
    run = needed(nb, ours)
    assert run - {cell.id for cell in nb.cells if cell.metadata.get("nbgrader")} == {"imports"}
