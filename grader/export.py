"""nbgrader's CSV of grades, in which work that waits for a human has no score instead of zero.

nbgrader asks the database four times for each student and assignment; here it is asked five times in all.
"""

import csv
import io

from nbgrader.api import Grade, SubmittedNotebook
from nbgrader.api import SubmittedAssignment as Submission
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy import case, func, select

from grader.marks import write_atomically

COLUMNS = [
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
]
NOTHING = ("", 0.0, 0.0, 0.0)  # what nbgrader writes for those who handed in nothing


class CourseCsv(CsvExportPlugin):
    """nbgrader's rows and columns, with the scores left empty where a submission needs a human."""

    def export(self, gradebook):
        """Write all rows to the file ``to``, or none; a value with a comma is quoted."""
        self.log.info("Exporting grades to %s", self.to or "grades.csv")
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(self.rows(gradebook))
        write_atomically(self.to or "grades.csv", file.getvalue())

    def rows(self, gradebook):
        """Yield the rows, in the order of nbgrader's export."""
        marks = marks_of_all(gradebook)
        chosen = [student for student in gradebook.students if _chosen(student.id, self.student)]
        students = [(student.id, student.last_name, student.first_name, student.email) for student in chosen]
        for assignment in gradebook.assignments:
            if _chosen(assignment.name, self.assignment):
                id, name, due, most = assignment.id, assignment.name, assignment.duedate, assignment.max_score
                for student in students:
                    timestamp, *scores = marks.get((id, student[0]), NOTHING)
                    yield [_text(value) for value in (name, due, timestamp, *student, *scores, most)]


def marks_of_all(gradebook):
    """Return {(assignment's id, student's id): (timestamp, raw score, late penalty, score)} of all submissions.

    Both scores are None where a grade waits for a human.
    """
    unit = SubmittedNotebook.assignment_id  # which is a submission's id
    waiting = func.max(case((Grade.needs_manual_grade, 1), else_=0))
    sums = select(unit, func.sum(Grade.score), waiting).join(Grade, Grade.notebook_id == SubmittedNotebook.id)
    late = select(unit, func.sum(SubmittedNotebook.late_submission_penalty))
    scores = {row[0]: row[1:] for row in gradebook.db.execute(sums.group_by(unit))}
    penalties = dict(gradebook.db.execute(late.group_by(unit)).all())
    about = select(Submission.id, Submission.assignment_id, Submission.student_id, Submission.timestamp)
    found = {}
    for submission, assignment, student, timestamp in gradebook.db.execute(about):
        raw, waits = scores.get(submission, (0.0, False))
        penalty = penalties.get(submission) or 0.0
        given = (None, None) if waits else (raw, max(0.0, raw - penalty))
        found[assignment, student] = timestamp, given[0], penalty, given[1]
    return found


def _chosen(name, names):
    return not names or name in map(str, names)


def _text(value):
    return "" if value is None else str(value)
