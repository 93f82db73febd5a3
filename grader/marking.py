"""From verdicts to marks: nbgrader can read nothing else from a judged notebook."""

import math

from nbformat.v4 import new_output
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Dict, Float

from grader.outside import CHECK
from helpers import reference
from helpers.judging import BrokenCheck, carried_from
from helpers.verdict import MIME


class MarkVerdicts(NbGraderPreprocessor):
    """Rewrite the outputs of each test cell so that nbgrader can read nothing but the verdict's marks from them.

    nbgrader gives full marks to whatever is not an error, a number or a warning. After this step a test cell

    - that calls ``check`` shows that exercise's verdict, and earns what ``shares`` says of its state (right: all),
      or ``carry`` where its only mistake was found before, in a function it builds on;
    - that does not, ends in an error, in nothing, or in a plain number from 0 to its points;
    - that did not run, or says anything else, ends in an error;
    - has no stderr: a warning is shown, not scored.

    Raises BrokenCheck where a check gave no verdict because it was altered: the submission is then not graded at all.
    """

    shares = Dict(
        {"right in another convention": 0.5, "changed its argument": 0.5},
        help="the share of its points that an answer gets in these states; right gets all, the others none",
    ).tag(config=True)
    carry = Float(
        1.0, help="the share of its points that a function keeps whose only mistake is that of one it builds on"
    ).tag(config=True)

    def preprocess(self, nb, resources):
        self.found = {}  # {graded function: the mistake found in it}
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            for output in cell.outputs:
                if output.output_type == "stream":
                    output.name = "stdout"
            mark = self._mark_check if CHECK.search(cell.source) else self._mark_score
            cell.outputs = mark(cell)
        return cell, resources

    def _mark_check(self, cell):
        """Return the outputs of a cell that calls ``check``: its verdict, and the marks that it earns."""
        assignment, exercise = CHECK.search(cell.source).groups()[:2]
        shown = [output for output in cell.outputs if output.output_type != "execute_result"]
        verdicts = [v for v in map(verdict_in, shown) if v and v["exercise"] == exercise]
        if any(output.get("ename") == BrokenCheck.__name__ for output in shown):
            raise BrokenCheck(
                f"{exercise}: its check was altered or broken, so it has no marks until a human has looked"
            )
        if len(verdicts) != 1:
            return shown if _failed(shown) else [*shown, _error("no verdict: this cell did not run to its end")]
        if verdicts[0]["state"] == "right":  # with whatever error follows it
            return shown
        quiet = [output for output in shown if output.output_type != "error"]
        share = self._share(assignment, exercise, verdicts[0])
        points = float(cell.metadata.nbgrader["points"])
        return [*quiet, _number(share * points) if share else _error(verdicts[0]["state"])]

    def _share(self, assignment, exercise, verdict):
        """Return the share of its points that a function gets whose verdict is not right."""
        if verdict.get("share") is not None:
            return float(verdict["share"])
        mistake = verdict.get("mistake")
        source = carried_from(reference.load(assignment, exercise), mistake, self.found)
        self.found[exercise] = mistake
        return self.carry if source else self.shares.get(verdict["state"], 0.0)

    def _mark_score(self, cell):
        """Return the outputs of any other test cell, with an error where nbgrader would guess full marks."""
        if cell.execution_count is None and cell.source.strip():
            return [*cell.outputs, _error("this cell did not run")]
        results = [output for output in cell.outputs if output.output_type == "execute_result"]
        if any(not _is_score(result, cell.metadata.nbgrader["points"]) for result in results):
            others = [output for output in cell.outputs if output not in results]
            return [
                *others,
                _error("the cell's result is not a plain number from 0 to its points: end it in float(...)"),
            ]
        return cell.outputs


def marking_steps(config):
    """Return the configured steps that a judged notebook goes through before its marks are saved."""
    steps = config.Autograde.autograde_preprocessors
    others = (AssignLatePenalties, CheckCellMetadata)  # done with the gradebook, and by rebuilding
    alone = [step for step in steps if getattr(step, "of_nbgrader_alone", False) or issubclass(step, others)]
    return [step(config=config) for step in steps if step not in alone]


def verdict_in(output):
    """Return the verdict that an output shows, as a dict, or None."""
    return output.get("data", {}).get(MIME) if output.output_type in ("display_data", "execute_result") else None


def _failed(outputs):
    return any(output.output_type == "error" for output in outputs)


def _is_score(result, points):
    """Return whether a cell's result is the text of a finite number from 0 to its points."""
    try:
        score = float(result["data"]["text/plain"])
    except (KeyError, ValueError):
        return False
    return math.isfinite(score) and 0 <= score <= float(points)


def _error(text):
    return new_output("error", ename="NotMarked", evalue=text, traceback=[f"No marks: {text}."])


def _number(score):
    return new_output("execute_result", data={"text/plain": repr(float(score))}, execution_count=None)
