"""What becomes of one submission, as plain data that any process can hand on."""

from dataclasses import dataclass, field

from nbgrader.utils import determine_grade

from grader.marks import Marks
from grader.outside import CHECK, is_test

GRADED, FLAGGED, HUMAN = "graded", "graded with flags", "needs a human"


@dataclass
class Function:
    """The marks of one graded function, and the verdict that they come from."""

    marks: float
    points: float
    state: str
    mistake: str | None = None
    where: str | None = None
    carried: str | None = None


@dataclass
class Outcome:
    """The judged notebook and its marks, or why a human has to look."""

    outcome: str
    flags: list[str] = field(default_factory=list)
    notebook: str = ""  # its text
    marks: Marks | None = None
    functions: dict[str, Function] = field(default_factory=dict)
    timestamp: str | None = None
    passing: bool = False  # whether the reason was no part of the submission, so that the next grading tries again


def functions_of(nb, verdicts):
    """Return {graded function: its marks and verdict} of a judged and marked notebook."""
    found = {}
    for cell in nb.cells:
        if is_test(cell) and (check := CHECK.search(cell.source)):
            verdict = verdicts[check[2]]
            score, points = determine_grade(cell)
            found[check[2]] = Function(
                score or 0.0, points, verdict.state, verdict.mistake, verdict.where, verdict.carried
            )
    return found
