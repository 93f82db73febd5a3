"""Marks for an LMS: nbgrader's exporters for Canvas and Moodle.

nbgrader export --exporter grader.lms.CanvasCsv --to canvas.csv     (or  grader export canvas)

Each fills in the LMS's own CSV where there is one, course/roster.csv or the file named by ``like``, so that its
numbers of students and assignments come back as they were; work that waits for a human stays empty.
"""

import csv
import io
import re
from pathlib import Path

from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from grader.course import CourseError
from grader.export import marks_of_all
from grader.marks import write_atomically
from grader.roster import rows, student_of


class LmsCsv(ExportPlugin):
    """What the exporters for an LMS share: its columns, a line for each student, and a column for each assignment."""

    like = Unicode("", help="the CSV that the LMS exported, to be filled in").tag(config=True)
    name = ""

    def export(self, gradebook):
        """Write the file ``to``, whole or not at all. Raises CourseError where ``like`` is not the LMS's CSV."""
        file = io.StringIO()
        csv.writer(file, lineterminator="\n").writerows(self.table(gradebook))
        write_atomically(self.to or f"{self.name}.csv", file.getvalue())

    def table(self, gradebook):
        """Return the header and the lines, as lists of texts."""
        header, *lines = (
            rows(Path(self.like)) if self.like else [list(self.columns), *map(self.line_of, gradebook.students)]
        )
        if not self.is_theirs(header):
            raise CourseError(f"{self.like} is not a CSV that {self.name.title()} exports: it lacks its columns")
        scores = {key: row[3] for key, row in marks_of_all(gradebook).items()}
        for assignment in self.chosen(gradebook, header):
            place = self.place(header, assignment)
            for line in lines:
                line += [""] * (len(header) - len(line))
                student = student_of(dict(zip(header, line, strict=False)))
                score = student and scores.get((assignment.id, student.id))
                if score is not None:
                    line[place] = self.written(score, assignment, dict(zip(header, line, strict=False)))
        return [header, *lines]

    def chosen(self, gradebook, header):
        """Return the assignments to export."""
        return [a for a in gradebook.assignments if not self.assignment or a.name in map(str, self.assignment)]

    def place(self, header, assignment):
        """Return the place of an assignment's column, which is made where there is none."""
        titles = [re.match(rf"(Assignment: ?)?{re.escape(assignment.name)}(?![\w-])", title) for title in header]
        if not any(titles):
            header.append(assignment.name)
        return next((k for k, found in enumerate(titles) if found), len(header) - 1)

    def written(self, score, assignment, line):
        return f"{score:.10g}"


class CanvasCsv(LmsCsv):
    """Canvas's gradebook: Student, ID, SIS User ID, SIS Login ID, Section, and a column for each assignment.

    Its second line has the points that are possible.
    """

    name = "canvas"
    columns = "Student", "ID", "SIS User ID", "SIS Login ID", "Section"

    def is_theirs(self, header):
        return {"Student", "ID", "Section"} <= set(header)

    def line_of(self, student):
        name = f"{student.last_name}, {student.first_name or ''}" if student.last_name else student.id
        return [name, student.lms_user_id or "", "", student.id, ""]

    def table(self, gradebook):
        header, *lines = super().table(gradebook)
        possible = ["    Points Possible"] + [""] * (len(header) - 1)
        possible = next((line for line in lines if line[0].strip() == "Points Possible"), possible)
        for assignment in self.chosen(gradebook, header):
            possible[self.place(header, assignment)] = f"{assignment.max_score:g}"
        return [header, possible, *(line for line in lines if line is not possible)]


class MoodleCsv(LmsCsv):
    """Moodle's gradebook (a column for each assignment), or an assignment's grading worksheet (its column Grade)."""

    name = "moodle"
    columns = "First name", "Last name", "ID number", "Email address"

    def is_theirs(self, header):
        return "Email address" in header or _is_worksheet(header)

    def line_of(self, student):
        return [student.first_name or "", student.last_name or "", student.id, student.email or ""]

    def chosen(self, gradebook, header):
        found = super().chosen(gradebook, header)
        if _is_worksheet(header) and len(found) != 1:
            raise CourseError("a grading worksheet is of one assignment: say which, as in  grader export moodle NAME")
        return found

    def place(self, header, assignment):
        return header.index("Grade") if _is_worksheet(header) else super().place(header, assignment)

    def written(self, score, assignment, line):
        """Return a score; in a worksheet on the scale of Moodle's own assignment."""
        most = re.sub(r"[^\d.]", "", line.get("Maximum Grade", "")) if _is_worksheet(line) else ""
        scale = float(most) / assignment.max_score if most and assignment.max_score else 1.0
        return super().written(score * scale, assignment, line)


def like(course, name):
    """Return the path of course/roster.csv where that is a CSV of this LMS, else nothing."""
    path = course.folder / "roster.csv"
    return str(path) if path.is_file() and EXPORTERS[name]().is_theirs(rows(path)[0]) else ""


def _is_worksheet(header):
    return "Identifier" in header and "Grade" in header


EXPORTERS = {"canvas": CanvasCsv, "moodle": MoodleCsv}
