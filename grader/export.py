"""nbgrader's CSV of grades, in which work that waits for a human has no score instead of zero.

nbgrader asks the database four times for each student and assignment; here it is asked three times in all.
"""

import csv
import io
from contextlib import suppress

from nbgrader.api import SubmittedAssignment as Submission
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from grader.database import add_indexes
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
        with suppress(DBAPIError):  # who may read alone gets the same rows, later
            add_indexes(gradebook.engine)
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(self.rows(gradebook))
        write_atomically(self.to or "grades.csv", file.getvalue())

    def rows(self, gradebook):
        """Yield the rows, in the order of nbgrader's export."""
        marks = marks_of_all(gradebook)
        students = [student for student in gradebook.students if _chosen(student.id, self.student)]
        for assignment in gradebook.assignments:
            if _chosen(assignment.name, self.assignment):
                for student in students:
                    found = marks.get((assignment.id, student.id), NOTHING)
                    yield _row(assignment, student, *found)


def marks_of_all(gradebook):
    """Return {(assignment's id, student's id): (timestamp, raw score, late penalty, score)} of all submissions.

    The sums are nbgrader's own, which live in the database; both scores are None where a grade waits for a human.
    """
    sums = Submission.score, Submission.late_submission_penalty, Submission.needs_manual_grade
    query = select(Submission.assignment_id, Submission.student_id, Submission.timestamp, *sums)
    found = {}
    for assignment, student, timestamp, raw, penalty, waits in gradebook.db.execute(query):
        scores = (None, None) if waits else (raw, max(0.0, raw - penalty))
        found[assignment, student] = timestamp, scores[0], penalty, scores[1]
    return found


def _chosen(name, names):
    return not names or name in map(str, names)


def _row(assignment, student, timestamp, raw, penalty, score):
    about = student.id, student.last_name, student.first_name, student.email
    values = assignment.name, assignment.duedate, timestamp, *about, raw, penalty, score, assignment.max_score
    return ["" if value is None else str(value) for value in values]
