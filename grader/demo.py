"""An invented class, handed in and graded: the whole loop without a real student."""

import re
import shutil

import nbformat

from grader.course import CourseError
from grader.invented_class import CUT_OFF, students
from grader.release import release

SOLUTION = re.compile(r"^[ \t]*### BEGIN SOLUTION\n(.*?)\n[ \t]*### END SOLUTION", re.DOTALL | re.MULTILINE)
STUB = re.compile(r"^([ \t]*)# YOUR CODE HERE\n.*raise NotImplementedError.*$", re.MULTILINE)
MARK = ".invented"  # an empty file beside a demo's submission: it may be replaced


def hand_in(course, assignments):
    """Put the invented class's submissions into course/submitted/; return how many.

    Raises CourseError when somebody else's work lies there.
    """
    submitted = course.folder / "submitted"
    if real := sorted({path.parent.name for path in submitted.glob("*/*") if not (path / MARK).exists()}):
        raise CourseError(
            f"course/submitted/ holds the work of {', '.join(real[:3])}: the demo would mix with a real "
            "class, so it stops. Move course/ away, or use  make grade"
        )
    shutil.rmtree(submitted, ignore_errors=True)
    count = 0
    for assignment in assignments:
        released, right = _released(course, assignment), right_answers(course, assignment)
        for student, answers in students(assignment).items():
            path = course.submitted(student, assignment)
            path.parent.mkdir(parents=True)
            path.parent.joinpath(MARK).touch()
            text = answered(released, answers(right))
            path.write_text(text[: len(text) // 2] if student in CUT_OFF else text, encoding="utf-8")
            count += 1
    return count


def right_answers(course, assignment):
    """Return {grade_id: the lines between the solution markers} of the source notebook."""
    nb = nbformat.read(course.root / "source" / assignment / f"{assignment}.ipynb", 4)
    return {cell.id: found[1] for cell in nb.cells if (found := SOLUTION.search(cell.source))}


def answered(released, answers):
    """Return the text of the released notebook with ``answers`` ({grade_id: code}) written over their stubs."""
    nb = nbformat.from_dict(released)
    for cell in nb.cells:
        if cell.id in answers:
            cell.source = STUB.sub(lambda stub, code=answers[cell.id]: _indented(code, stub[1]), cell.source)
    return nbformat.writes(nb)


def _indented(code, margin):
    lines = code.splitlines()
    own = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(margin + line[own:] if line.strip() else line for line in lines)


def _released(course, assignment):
    private = course.released()
    release(private, assignment)
    return nbformat.read(course.folder / "released" / assignment / f"{assignment}.ipynb", 4)
