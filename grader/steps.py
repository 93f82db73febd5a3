"""The course's own steps in nbgrader's pipelines; ``nbgrader_config.py`` lists where each one stands."""

import os
import re
import shutil
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Float, Integer

from grader import intake
from grader.course import Course, answers_seen, record_of
from grader.hidden import ensure_hidden_cases
from grader.jobs import worker
from grader.marks import leave_open, marks_of, save
from grader.needed import needed
from grader.outside import Judging
from grader.rebuild import rebuild
from grader.sandbox import Limits
from grader.sandbox.session import Session
from helpers import reference

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

    of_nbgrader_alone = True  # ``grader grade`` does it in many processes

    sandbox = Bool(True, help="False: run student code with no sandbox, in a throw-away machine").tag(config=True)
    all_cells = Bool(False, help="True: run also the cells of ours on which no mark depends").tag(config=True)
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
        submission, skeleton = handed_in(self, resources)
        cells = None if self.all_cells else needed(nb, skeleton)
        with Session(worker(self.limits, self.sandbox), self.limits, submission.files) as session:
            Judging(session, assignment).judge(nb, cells)
        return nb, resources


class SaveMarks(NbGraderPreprocessor):
    """Write the marks into the gradebook, as ``grader grade`` does."""

    of_nbgrader_alone = True

    def preprocess(self, nb, resources):
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            seen = answers_seen(_root(self), about["student"], about["assignment"])
            save(gradebook, about["assignment"], about["student"], marks_of(nb), seen)
        return nb, resources
