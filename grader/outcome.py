"""What becomes of one submission, as plain data that any process can hand on."""

from dataclasses import dataclass, field

from nbgrader.utils import determine_grade

from grader.marks import Marks
from grader.outside import CHECK, is_test
from helpers.verdict import MIME

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
    answer: str | None = None  # a fingerprint of what it gave where that is not right: equal answers have equal ones
    attempts: int | None = None  # checks, as the notebook that was handed in says
    minutes: float | None = None  # of work, as it says


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


def functions_of(nb, judged, effort):
    """Return {graded function: its marks and verdict} of a judged and marked notebook.

    effort  {graded function: (attempts, minutes)} of those whose notebook says it
    """
    found = {}
    for cell in nb.cells:
        if is_test(cell) and (check := CHECK.search(cell.source)):
            name, verdict = check[2], judged.verdicts[check[2]]
            score, points = determine_grade(cell)
            about = verdict.state, verdict.mistake, verdict.where, verdict.carried
            answer = None if verdict.passed else judged.answers.get(name)
            found[name] = Function(score or 0.0, points, *about, answer, *effort.get(name, (None, None)))
    return found


def effort_in(notebook):
    """Return {graded function: (attempts, minutes)} as the verdicts in a notebook (JSON) say it: no mark needs this."""
    found = {}
    for cell in notebook["cells"]:
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else ():
            data = output.get("data") if isinstance(output, dict) else None
            told = data.get(MIME) if isinstance(data, dict) else None
            if isinstance(told, dict) and isinstance(told.get("attempts"), int) and 0 < told["attempts"] < 10_000:
                minutes = told.get("minutes")
                plain = isinstance(minutes, int | float) and 0 <= minutes < 100_000
                found[str(told.get("exercise"))] = told["attempts"], round(float(minutes), 1) if plain else None
    return found
