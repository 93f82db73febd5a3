"""No numpy scalar, nan, warning, silence or skipped cell may ever turn into marks."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.utils import determine_grade

from grader.marking import MarkVerdicts
from helpers.judging import BrokenCheck
from helpers.verdict import MIME
from tests.conftest import ROOT

CHECK = 'check("01-linear-regression", "gradient", gradient).require()'


def grade_cell(source, outputs, points=3, count=1):
    """Return a locked test cell as it comes out of the kernel."""
    meta = {
        "grade": True,
        "solution": False,
        "task": False,
        "locked": True,
        "schema_version": 3,
        "grade_id": "t",
        "points": points,
        "cell_type": "code",
    }
    return new_code_cell(source, outputs=outputs, execution_count=count, metadata={"nbgrader": meta})


def marks(cell):
    """Return what nbgrader reads from the cell after our step."""
    return marks_in_turn(cell)[0]


def marks_in_turn(*cells, **options):
    """Return what nbgrader reads from each cell of a notebook after our step."""
    nb, _ = MarkVerdicts(**options).preprocess(new_notebook(cells=list(cells)), {})
    return [determine_grade(cell)[0] for cell in nb.cells]


def result(text):
    return new_output("execute_result", data={"text/plain": text} if text else {}, execution_count=1)


def verdict(state, exercise="gradient"):
    return new_output("display_data", data={"text/plain": "", MIME: {"exercise": exercise, "state": state}})


WARNING = new_output("stream", name="stderr", text="RuntimeWarning: divide by zero\n")
ERROR = new_output("error", ename="AssertionError", evalue="", traceback=["AssertionError"])


@pytest.mark.parametrize(
    "text",
    [
        "np.float64(0.0)",
        "np.int64(0)",
        "array(0.)",
        "False",
        "[0]",
        "'0'",
        "nan",
        "-1",
        "inf",
        "3.5",
        "None",
        "",
        "three",
    ],
)
def test_a_result_that_is_no_plain_number_of_points_earns_nothing(text):
    assert marks(grade_cell("score", [result(text)])) == 0


@pytest.mark.parametrize(("text", "score"), [("0.0", 0), ("1.5", 1.5), ("3", 3), ("1e-400", 0)])
def test_a_plain_number_earns_itself(text, score):
    assert marks(grade_cell("float(score)", [result(text)])) == score


def test_a_test_cell_that_did_not_run_earns_nothing():
    assert marks(grade_cell("assert f(1) == 2", [], count=None)) == 0
    assert marks(grade_cell(CHECK, [], count=None)) == 0


def test_a_warning_is_not_scored():
    assert marks(grade_cell("assert f(1) == 2", [WARNING])) == 3
    assert marks(grade_cell(CHECK, [WARNING, verdict("right")])) == 3


def test_an_error_after_a_result_earns_nothing():
    assert marks(grade_cell("assert f(1) == 2", [ERROR])) == 0
    assert marks(grade_cell(CHECK, [verdict("right"), ERROR])) == 0


@pytest.mark.parametrize(
    ("state", "score"),
    [
        ("right", 3),
        ("right in another convention", 1.5),
        ("changed its argument", 1.5),
        ("wrong", 0),
        ("wrong type or shape", 0),
        ("error", 0),
        ("not attempted", 0),
        ("excellent", 0),
    ],
)
def test_a_check_earns_what_its_verdict_is_worth(state, score):
    outputs = [verdict(state)] if state == "right" else [verdict(state), ERROR]
    assert marks(grade_cell(CHECK, outputs)) == score
    assert marks(grade_cell(CHECK, [verdict(state)])) == score, "even where nothing was raised"


@pytest.mark.parametrize(
    "outputs",
    [[], [result("3")], [verdict("right", "predict")], [verdict("right"), verdict("right")]],
    ids=["silence", "a number", "another exercise's verdict", "two verdicts"],
)
def test_a_check_without_its_own_one_verdict_earns_nothing(outputs):
    assert marks(grade_cell(CHECK, outputs)) == 0


def test_the_shares_are_an_option():
    cell = grade_cell(CHECK, [verdict("right in another convention"), ERROR])
    assert marks_in_turn(cell, shares={"right in another convention": 1.0}) == [3]


def test_a_check_that_was_altered_is_no_zero_but_stops_the_grading_of_its_notebook():
    broken = new_output("error", ename="BrokenCheck", evalue="", traceback=["the check is broken or altered here"])
    with pytest.raises(BrokenCheck, match="gradient"):
        marks(grade_cell(CHECK, [broken]))


def slip(exercise, mistake):
    """Return the test cell of a function with a named mistake."""
    shown = verdict("wrong", exercise)
    shown.data[MIME]["mistake"] = mistake
    return grade_cell(CHECK.replace('"gradient"', f'"{exercise}"'), [shown, ERROR])


def test_one_slip_costs_once():
    """gradient_descent builds on gradient: with the same mistake it keeps its marks, with another it does not."""
    assert marks_in_turn(slip("gradient", "half"), slip("gradient_descent", "half")) == [0, 3]
    assert marks_in_turn(slip("gradient", "half"), slip("gradient_descent", "sign")) == [0, 0]
    assert marks_in_turn(slip("gradient_descent", "half")) == [0]
    assert marks_in_turn(slip("gradient", "half"), slip("lost_factor", "half")) == [0, 0]
    assert marks_in_turn(slip("gradient", None), slip("gradient_descent", None)) == [0, 0]


def test_what_is_carried_forward_is_an_option():
    assert marks_in_turn(slip("gradient", "half"), slip("gradient_descent", "half"), carry=0.5) == [0, 1.5]


@pytest.mark.slow
def test_an_instructors_own_tests_are_marked_safely_through_real_autograde(tmp_path):
    """Six test cells on one right answer: four that stock nbgrader gets wrong, and two honest ones."""
    (tmp_path / "source" / "99-extra").mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    tests = {
        "numpy_scalar": ("np.float64(0.0)", 0),
        "not_a_number": ("float('nan')", 0),
        "warns": ("import sys; print('warning', file=sys.stderr); assert f(1) == 2", 2),
        "skipped": ("assert f(1) == 3", 0),
        "fails": ("assert f(1) == 3", 0),
        "partial": ("float(np.mean([1.0, 0.0]))", 0.5),
    }
    cells = [
        new_code_cell("import numpy as np", id="imports"),
        new_code_cell(
            "def f(x):\n    ### BEGIN SOLUTION\n    return x + 1\n    ### END SOLUTION",
            id="f",
            metadata={
                "nbgrader": {
                    "grade": False,
                    "solution": True,
                    "task": False,
                    "locked": False,
                    "schema_version": 3,
                    "grade_id": "f",
                }
            },
        ),
    ]
    for name, (source, _) in tests.items():
        cell = grade_cell(source, [], points=2, count=None)
        cell.id = cell.metadata.nbgrader.grade_id = name
        cells.append(cell)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), tmp_path / "source" / "99-extra" / "99-extra.ipynb")
    (tmp_path / "course").mkdir()
    nbgrader(tmp_path, "generate_assignment", "99-extra")
    submission = nbformat.read(tmp_path / "notebooks" / "99-extra" / "99-extra.ipynb", 4)
    for cell in submission.cells:
        if cell.id == "f":
            cell.source = "def f(x):\n    return x + 1"
        if cell.id == "skipped":
            cell.metadata["tags"] = ["skip-execution"]
    handed_in = tmp_path / "course" / "submitted" / "ada" / "99-extra" / "99-extra.ipynb"
    handed_in.parent.mkdir(parents=True)
    nbformat.write(submission, handed_in)
    nbgrader(tmp_path, "autograde", "99-extra")
    assert scores(tmp_path) == {name: score for name, (_, score) in tests.items()}


def nbgrader(root, *arguments):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [Path(sys.executable).parent / "nbgrader", *arguments],
        cwd=root,
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "PATH": path},
    )


def scores(root):
    """Return {grade_id: automatic score} of the one submission, read by a program of its own."""
    code = (
        "import json; from nbgrader.api import Gradebook; gb = Gradebook('sqlite:///course/gradebook.db')\n"
        "grades = gb.find_submission_notebook('99-extra', '99-extra', 'ada').grades\n"
        "print(json.dumps({g.name: g.auto_score for g in grades}))"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=root, check=True, capture_output=True, text=True
    )
    return json.loads(run.stdout)
