"""nbgrader's CSV of grades, in which work that waits for a human has no score instead of zero."""

import csv

from nbgrader.api import MissingEntry
from nbgrader.plugins import CsvExportPlugin


class CourseCsv(CsvExportPlugin):
    """Stock columns, with the scores left empty where a submission needs a human."""

    def export(self, gradebook):
        super().export(gradebook)
        with open(self.to, newline="", encoding="utf-8") as f:
            rows = list(csv.DictReader(f))
        for row in rows:
            if _waits(gradebook, row):
                row["raw_score"] = row["score"] = ""
        with open(self.to, "w", newline="", encoding="utf-8") as f:
            writer = csv.DictWriter(f, rows[0] if rows else ["assignment"])
            writer.writeheader()
            writer.writerows(rows)


def _waits(gradebook, row):
    try:
        return gradebook.find_submission(row["assignment"], row["student_id"]).needs_manual_grade
    except MissingEntry:
        return False
