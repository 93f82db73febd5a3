"""What is released is clean, what is committed is current, and what is worked out is right."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

from grader.demo import right_answers
from grader.release import release, solutions
from helpers import reference
from helpers.verdict import MIME
from tests.conftest import ROOT, copy_course

pytestmark = pytest.mark.slow

STUB = "raise NotImplementedError('write this')"
ASSIGNMENTS = sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A course in which everything has been released and worked out."""
    course = copy_course(tmp_path_factory.mktemp("made") / "course-root")
    for assignment in course.assignments:
        release(course, assignment)
        solutions(course, assignment)
    return course


def notebook(root, folder, assignment):
    return nbformat.read(root / folder / assignment / f"{assignment}.ipynb", 4)


def run(nb):
    """Return the notebook after running all its cells, errors and all."""
    NotebookClient(nb, timeout=60, allow_errors=True, record_timing=False).execute()
    return nb


def test_every_source_notebook_has_reference_outputs():
    assert set(ASSIGNMENTS) <= set(reference.assignments())


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_committed_release_is_what_the_source_gives(made, root, assignment):
    new, committed = (r / "notebooks" / assignment / f"{assignment}.ipynb" for r in (made.root, root))
    assert new.read_bytes() == committed.read_bytes(), "run  make release  and commit what it writes"


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_committed_solution_is_what_the_source_gives(made, root, assignment):
    """Cell by cell; nbval compares the outputs."""
    new, committed = (notebook(r, "solutions", assignment) for r in (made.root, root))
    assert [(c.id, c.source) for c in new.cells] == [(c.id, c.source) for c in committed.cells], "run  make solutions"


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_releasing_and_solving_twice_gives_the_same_bytes(made, assignment):
    def everything():
        return [
            (made.root / folder / assignment / f"{assignment}.ipynb").read_bytes()
            for folder in ("notebooks", "solutions")
        ]

    first = everything()
    release(made, assignment)
    solutions(made, assignment)
    assert everything() == first


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_line_of_a_solution_is_in_the_release(made, assignment):
    """Cell by cell: what was between the markers is gone, and the stub stands in its place."""
    released = {cell.id: cell.source for cell in notebook(made.root, "notebooks", assignment).cells}
    answers = right_answers(made, assignment)
    assert answers.keys() == set(reference.exercises(assignment))
    for name, answer in answers.items():
        assert STUB in released[name]
        for line in answer.splitlines():
            assert line.strip() not in [other.strip() for other in released[name].splitlines()], (name, line)
    text = "\n".join(released.values())
    assert not re.search(r"BEGIN|END SOLUTION|HIDDEN", text)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_graded_cell_of_the_release_is_not_attempted(made, assignment):
    nb = run(notebook(made.root, "notebooks", assignment))
    verdicts = {v["exercise"]: v["state"] for v in verdicts_of(nb)}
    assert verdicts == dict.fromkeys(reference.exercises(assignment), "not attempted")


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_an_untouched_release_stops_with_nothing_but_what_is_not_written(made, assignment):
    nb = run(notebook(made.root, "notebooks", assignment))
    names = {output.ename for cell in nb.cells for output in cell.get("outputs", []) if output.output_type == "error"}
    assert names <= {"NotRight", "NotImplementedError", "NameError"}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_solutions_are_right_and_carry_neither_markers_nor_hidden_tests(made, assignment):
    nb = notebook(made.root, "solutions", assignment)
    assert [v["state"] for v in verdicts_of(nb)] == ["right"] * len(reference.exercises(assignment))
    assert not any(re.search(r"(BEGIN|END) (SOLUTION|HIDDEN|MARK)", cell.source) for cell in nb.cells)


def test_work_in_the_notebook_is_set_aside_before_a_release_replaces_it(course):
    """An answer in place of the stub, lines above a stub that still stands, and a cell that was only run."""
    path = course.root / "notebooks" / ASSIGNMENTS[0] / f"{ASSIGNMENTS[0]}.ipynb"

    def work(change):
        nb = nbformat.read(path, 4)
        change({cell.id: cell for cell in nb.cells}["predict"])
        nbformat.write(nb, path)
        return release(course, ASSIGNMENTS[0])

    assert release(course, ASSIGNMENTS[0]) is None
    first = work(lambda cell: cell.update(source=cell.source.replace(STUB, "return W.T @ X")))
    second = work(lambda cell: cell.update(source=cell.source.replace("# YOUR CODE HERE", "out = W.T @ X")))
    assert "return W.T @ X" in first.read_text()
    first.unlink()
    third = work(lambda cell: cell.update(execution_count=1))
    assert "out = W.T @ X" in second.read_text(), "a later copy must not replace an earlier one"
    assert len({second, third}) == 2
    assert release(course, ASSIGNMENTS[0]) is None


def test_a_solution_that_fails_stops_the_making_of_solutions(course):
    from grader.course import CourseError

    path = course.root / "source" / ASSIGNMENTS[0] / f"{ASSIGNMENTS[0]}.ipynb"
    path.write_text(path.read_text().replace("return 2 * X @ r.T", "return X @ r.T"))
    release(course, ASSIGNMENTS[0])
    with pytest.raises(CourseError, match="gradient-check"):
        solutions(course, ASSIGNMENTS[0])


def verdicts_of(nb):
    outputs = [output for cell in nb.cells for output in cell.get("outputs", []) if "data" in output]
    return [output.data[MIME] for output in outputs if MIME in output.data]
