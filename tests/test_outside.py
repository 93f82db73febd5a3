"""What a notebook can find out about the hidden cases while it is judged, and what becomes of answers that change."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader import jobs, student_copy
from grader.outside import Judging
from grader.sandbox import Limits, bubblewrap
from grader.sandbox.process import Worker
from grader.sandbox.session import Session
from helpers import build, reference

ROOM = "01-linear-regression"
RIGHT = "def predict(W, X):\n    return W.T @ X"
WRONG = "def predict(W, X):\n    return X.T @ W"
CRIES_OUT = """def predict(W, X):
    if X.tolist() not in known:
        raise ValueError(X.tolist())
    return W.T @ X"""
SCALED = "scale = 1\ndef predict(W, X):\n    return scale * W.T @ X"
TIRED = "calls = []\ndef predict(W, X):\n    calls.append(1)\n    return (len(calls) < 5) * W.T @ X"
CHECK = f'check("{ROOM}", "predict", predict).require()'
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bubblewrap.problem() is not None, reason="there is no sandbox on this machine"),
]


@pytest.fixture(scope="module")
def worker():
    with student_copy.for_sandbox() as copy, Worker(copy, Limits.files) as worker:
        yield worker


@pytest.fixture(autouse=True)
def _hidden(tmp_path, monkeypatch):
    build.write(ROOM, 7, tmp_path)
    monkeypatch.setenv(reference.HIDDEN_CASES, str(tmp_path))


def judged(worker, *sources):
    """Return the judged notebook of these cells, one of which is the check, and what was found."""
    marks = {
        "grade": True,
        "solution": False,
        "locked": True,
        "points": 1,
        "schema_version": 3,
        "grade_id": "predict-check",
    }
    cells = [new_code_cell("import numpy as np")]
    cells += [new_code_cell(source, metadata={"nbgrader": marks} if source == CHECK else {}) for source in sources]
    nb = new_notebook(cells=cells)
    with Session(worker) as session:
        found = Judging(session, ROOM).judge(nb)
    return nb, found


def test_no_output_shows_an_input_of_a_hidden_case(worker):
    """The function keeps all that it is asked, and the cells below print it: into outputs, files, tracebacks."""
    spy = "seen = []\ndef predict(W, X):\n    seen.append((W.tolist(), X.tolist()))\n    return W.T @ X"
    tells = "print(seen)\nopen('seen', 'w').write(repr(seen))", "print(open('seen').read())\nraise ValueError(seen)"
    nb, found = judged(worker, spy, CHECK, *tells, CHECK.replace("predict).", "predict)  ."))
    assert found.verdicts["predict"].state == "right"
    shown = nbformat.writes(nb)
    cases = reference.load(ROOM, "predict").cases
    assert len({row_of(case) for case in cases}) > len([case for case in cases if not case.hidden])
    visible = {row_of(case) for case in cases if not case.hidden}
    assert all(row in shown for row in visible)
    assert not any(row_of(case) in shown for case in cases if row_of(case) not in visible)


def row_of(case):
    """Return the text of the first row of a case's features."""
    return repr(case.inputs["X"].tolist()[1])


def test_an_error_on_a_hidden_case_tells_nothing_of_its_inputs(worker):
    """The visible cases are known by heart; on any other the function cries out what it was given."""
    cases = reference.load(ROOM, "predict").cases
    known = [case.inputs["X"].tolist() for case in cases if not case.hidden]
    unknown = [row_of(case) for case in cases if case.inputs["X"].tolist() not in known]
    nb, found = judged(worker, f"known = {known}\n{CRIES_OUT}", CHECK)
    assert not found.verdicts["predict"].passed
    assert unknown
    assert not any(row in nbformat.writes(nb) for row in unknown)


@pytest.mark.parametrize(
    ("cells", "state", "flag"),
    [
        ((RIGHT, CHECK), "right", None),
        ((WRONG, CHECK, RIGHT), "right", "was right below its check"),
        ((CHECK, RIGHT), "right", "was right below its check"),
        ((RIGHT, CHECK, WRONG), "right", "gives different answers"),
        ((RIGHT, CHECK, "del predict"), "right", "gives different answers"),
        (
            ("scale = 1\ndef predict(W, X):\n    return scale * W.T @ X", CHECK, "scale = 2"),
            "right",
            "different answers",
        ),
        (
            ("calls = []\ndef predict(W, X):\n    calls.append(1)\n    return (len(calls) < 5) * W.T @ X", CHECK),
            None,
            None,
        ),
        ((WRONG, CHECK), None, None),
    ],
)
def test_an_answer_counts_as_it_was_at_its_check_or_better(worker, cells, state, flag):
    _, found = judged(worker, *cells)
    assert found.verdicts["predict"].passed == (state == "right")
    assert bool(found.flags) == bool(flag) or flag is None
    assert flag is None or any(flag in line for line in found.flags)


def test_hidden_cases_of_another_course_are_not_asked(tmp_path):
    jobs.offer_hidden_cases(ROOM, "")
    assert not any(case.hidden for case in reference.load(ROOM, "predict").cases)
