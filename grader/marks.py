"""Write the marks of a judged notebook into nbgrader's gradebook: all of them or none, and nothing that a person gave.

Manual scores, comments and extra credit stay. A mark that a person has looked at asks for another look only where the
answer has changed since.
"""

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Assignment, BaseCell, Comment, Grade, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task
from sqlalchemy import select


@contextmanager
def one_transaction(gradebook):
    """Commit once, at the end, what nbgrader would commit bit by bit; roll everything back on any exception."""
    session = gradebook.db
    session.commit = session.flush  # of this session alone
    try:
        yield
    except BaseException:
        session.rollback()
        raise
    else:
        del session.commit
        session.commit()
    finally:
        vars(session).pop("commit", None)


@dataclass
class Marks:
    """What a judged notebook says to the gradebook."""

    scores: dict[str, float | None]  # grade_id -> automatic score
    untouched: list[str]  # the grade_ids of answers that nobody wrote
    answers: dict[str, str]  # grade_id -> checksum of the answer, and under "" one of all of them


def marks_of(nb):
    """Return the Marks of a notebook whose test cells hold verdicts' outputs."""
    cells = [cell for cell in nb.cells if "nbgrader" in cell.metadata]
    scores = {cell.metadata.nbgrader["grade_id"]: determine_grade(cell)[0] for cell in cells if is_grade(cell)}
    sums = {c.metadata.nbgrader["grade_id"]: compute_checksum(c) for c in cells if is_solution(c) or is_task(c)}
    released = {c.metadata.nbgrader["grade_id"]: c.metadata.nbgrader.get("checksum") for c in cells if not is_task(c)}
    untouched = [grade_id for grade_id, checksum in sums.items() if released.get(grade_id) == checksum]
    everything = hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()
    return Marks(scores, untouched, sums | {"": everything})


def save(gradebook, assignment, student, marks, seen, timestamp=None, penalty=None):
    """Save the Marks of a notebook.

    seen     a file with the checksums of the answers that were graded last time; it is written anew
    penalty  a function (submission, notebook) -> the late penalty, or None
    """
    before = _read(seen)
    with one_transaction(gradebook):
        gradebook.update_or_create_student(student)
        submission = gradebook.update_or_create_submission(assignment, student, timestamp=timestamp)
        notebook = next(notebook for notebook in submission.notebooks if notebook.name == assignment)
        save_cells(gradebook, notebook, marks, before)
        if penalty:
            notebook.late_submission_penalty = None
            gradebook.db.flush()
            notebook.late_submission_penalty = penalty(submission, notebook)
    write_atomically(seen, json.dumps(marks.answers))


def save_cells(gradebook, notebook, marks, before):
    """Set the automatic scores and comments of a submitted notebook's cells; what is not in ``marks`` has none."""
    for name, grade in gradebook.db.execute(cells_of(notebook, Grade)):
        grade.auto_score = marks.scores.get(name)
        changed = _of(name, before) != _of(name, marks.answers)
        if grade.manual_score is None:
            grade.needs_manual_grade = grade.auto_score is None
        elif changed:
            grade.needs_manual_grade = True
    for name, comment in gradebook.db.execute(cells_of(notebook, Comment)):
        comment.auto_comment = "No response." if name in marks.untouched else None


def cells_of(notebook, kind, *columns):
    """Return the query for (name, Grade or Comment, or some columns of it) of all cells of a submitted notebook.

    One query: nbgrader's own classes ask for each cell again.
    """
    query = select(BaseCell.name, *(columns or [kind])).select_from(kind)
    return query.join(BaseCell, BaseCell.id == kind.cell_id).where(kind.notebook_id == notebook.id)


def _of(name, sums):
    """Return the checksum of the answer that a grade is for: its own cell's, or, of a test, that of all answers."""
    return sums.get(name, sums.get(""))


def late_penalty(config):
    """Return the function (submission, notebook) -> late penalty of nbgrader's configured plugin."""
    step = AssignLatePenalties(config=config)
    step.init_plugin()

    def penalty(submission, notebook):
        late = submission.total_seconds_late
        if late <= 0:
            return None
        asked = step.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, late)
        return asked if asked is None else step._check_late_penalty(notebook, asked)

    return penalty


def submission_of(student, assignment):
    """Return the query for the id of a student's submission, without reading more of it."""
    return (
        select(SubmittedAssignment.id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment, SubmittedAssignment.student_id == student)
    )


def fingerprint(gradebook, student, assignment):
    """Return a fingerprint of all that the gradebook holds on a submission, or None where it holds nothing."""
    submission = gradebook.db.scalar(submission_of(student, assignment))
    if submission is None:
        return None
    rows = []
    for kind, columns in (
        (Grade, (Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade)),
        (Comment, (Comment.auto_comment, Comment.manual_comment)),
    ):
        query = select(BaseCell.name, BaseCell.type, *columns).select_from(kind)
        query = query.join(BaseCell, BaseCell.id == kind.cell_id)
        query = query.join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
        query = query.where(SubmittedNotebook.assignment_id == submission).order_by(BaseCell.name, BaseCell.type)
        rows.append([tuple(row) for row in gradebook.db.execute(query)])
    return hashlib.sha256(repr(rows).encode("utf-8", "replace")).hexdigest()


def leave_open(gradebook, assignment, student, seen=None, content=None):
    """Take a submission's automatic scores away, and mark its grades as waiting for a human.

    A mark that a person gave for just this ``content``, by the file ``seen``, does not wait again.
    """
    now = {"": content}
    changed = seen is not None and _read(seen) != now
    with one_transaction(gradebook):
        gradebook.update_or_create_student(student)
        for notebook in gradebook.update_or_create_submission(assignment, student).notebooks:
            notebook.late_submission_penalty = None
            for grade in notebook.grades:
                grade.auto_score = None
                grade.needs_manual_grade |= changed or grade.manual_score is None
            for comment in notebook.comments:
                comment.auto_comment = None
    if seen is not None:
        write_atomically(seen, json.dumps(now))


def write_atomically(path, text):
    """Write a file whole or not at all, whenever the machine stops."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _read(path):
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
