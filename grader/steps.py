"""The course's own steps in nbgrader's pipelines; ``nbgrader_config.py`` lists where each one stands."""

import atexit
import math
import os
import re
import shutil
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Dict, Float, Integer

from grader import intake, student_copy
from grader.course import Course, answers_seen, record_of
from grader.hidden import ensure_hidden_cases
from grader.jobs import beside
from grader.marks import leave_open, save
from grader.outside import CHECK, Judging
from grader.rebuild import rebuild
from grader.sandbox import Limits, canary
from grader.sandbox.session import Session
from helpers import reference
from helpers.judging import BrokenCheck, carried_from
from helpers.verdict import MIME

MARKER = re.compile(r"^[ \t]*#+[ \t]*(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)[ \t]*\n?", re.MULTILINE)


class DropSolutionMarkers(NbGraderPreprocessor):
    """Remove the lines that mark a solution, so that a worked notebook reads like one."""

    def preprocess_cell(self, cell, resources, index):
        cell.source = MARKER.sub("", cell.source).rstrip("\n")
        return cell, resources


class SteadyMetadata(NbGraderPreprocessor):
    """Keep only the notebook metadata that is the same on every machine."""

    def preprocess(self, nb, resources):
        nb.metadata["language_info"] = {"name": "python"}
        return nb, resources


def _root(step):
    """Return the root of the course that a step's settings belong to."""
    return Path(step.config.CourseDirectory.get("root") or ".")


def handed_in(step, resources):
    """Return the Submission that a step is at work on, and the Skeleton it belongs to. Raises NeedsHuman."""
    course, about = Course(_root(step)), resources["nbgrader"]
    skeleton = course.skeleton(about["assignment"])
    folder = course.submitted(about["student"], about["assignment"]).parent
    return intake.read(folder, about["assignment"], skeleton), skeleton


def reopen(assignment, student, notebooks):
    """Take away what was graded before, so that no mark outlives the work it was for: nbgrader's hook before each.

    A link or a pipe is no notebook: nbgrader would follow the one and wait for ever at the other.
    """
    course = Course()
    for student, assignment in {Path(notebook).parts[-3:-1] for notebook in notebooks}:
        record_of(course.root, student, assignment).unlink(missing_ok=True)
        shutil.rmtree(course.feedback(student, assignment).parent, ignore_errors=True)
        with course.gradebook() as gradebook:
            leave_open(gradebook, assignment, student)
    notebooks[:] = [path for path in notebooks if Path(path).is_file() and not Path(path).is_symlink()]


class Rebuild(NbGraderPreprocessor):
    """Rebuild the submission on the released notebook before anything of it runs."""

    def preprocess(self, nb, resources):
        submission, skeleton = handed_in(self, resources)
        rebuilt, repairs = rebuild(submission.notebook, skeleton)
        for repair in submission.repairs + repairs:
            self.log.warning("Repaired: %s", repair)
        return rebuilt, resources


class JudgeOutside(NbGraderPreprocessor):
    """Run the notebook in the sandbox, and judge its answers here, outside the student's process."""

    sandbox = Bool(True, help="False: run student code with no sandbox, in a throw-away machine").tag(config=True)
    call = Float(Limits.call, help="seconds that one call of a graded function may take").tag(config=True)
    cell = Float(Limits.cell, help="seconds that one cell may take").tag(config=True)
    notebook = Float(Limits.notebook, help="seconds that a whole notebook may take").tag(config=True)
    memory = Integer(Limits.memory, help="bytes of memory that a notebook may use").tag(config=True)
    output = Integer(Limits.output, help="characters of text that a cell may print").tag(config=True)

    @property
    def limits(self):
        return Limits(self.call, self.cell, self.notebook, self.memory, self.output)

    def preprocess(self, nb, resources):
        assignment = resources["nbgrader"]["assignment"]
        os.environ[reference.HIDDEN_CASES] = str(ensure_hidden_cases(assignment, _root(self)))
        copy = proven_copy(self.limits, self.sandbox)
        submission, _ = handed_in(self, resources)
        with beside(submission.files) as work, Session(copy, self.limits, work, self.sandbox) as session:
            Judging(session, assignment).judge(nb)
        return nb, resources


@cache
def proven_copy(limits, sandbox):
    """Return the folder of the student copy that notebooks run beside, after a canary has proved the sandbox."""
    stack = ExitStack()
    atexit.register(stack.close)
    copy = stack.enter_context(student_copy.for_sandbox())
    if sandbox:
        canary.prove(copy, limits)
    return copy


class SaveMarks(NbGraderPreprocessor):
    """Write the marks into the gradebook, as ``grader grade`` does."""

    def preprocess(self, nb, resources):
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            seen = answers_seen(_root(self), about["student"], about["assignment"])
            save(gradebook, about["assignment"], about["student"], nb, seen)
        return nb, resources


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
    own = (JudgeOutside, SaveMarks, AssignLatePenalties, CheckCellMetadata)
    return [step(config=config) for step in steps if not issubclass(step, own)]


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
