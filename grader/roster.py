"""Who is in the class: course/roster.csv, as nbgrader, Canvas or Moodle write it.

nbgrader   id, first_name, last_name, email, lms_user_id
Canvas     Gradebook > Export: Student, ID, SIS User ID, SIS Login ID, Section, ...
Moodle     Grades > Export, or an assignment's grading worksheet: First name, Last name (or Full name), ID number,
           Email address, Identifier, ...
"""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from grader.course import CourseError

COLUMNS = {  # what a roster calls the same thing, in lower case
    "id": ("sis login id", "username", "id number", "sis user id", "id"),
    "lms": ("lms_user_id", "identifier"),
    "first": ("first_name", "first name"),
    "last": ("last_name", "last name", "surname"),
    "full": ("full name", "student"),
    "email": ("email", "email address"),
}
NOBODY = ("points possible", "student, test", "test student")


@dataclass(frozen=True)
class Student:
    """One line of the roster; ``lms`` is the number that the LMS puts into the names of files."""

    id: str
    first: str = ""
    last: str = ""
    email: str = ""
    lms: str = ""

    @property
    def names(self):
        """Return all that a file or folder of this student's may be called, plain."""
        both = (self.first + self.last, self.last + self.first) if self.first and self.last else ()
        return {plain(name) for name in (self.id, self.email, self.email.partition("@")[0], *both) if name}


class Roster:
    """The students of a class, found by what an LMS calls them."""

    def __init__(self, students):
        self.students = list(students)

    def find(self, name, number=None):
        """Return the one Student who is called so, or has this number in the LMS; None where there is none or several.

        A number decides, where it is known; a name decides where it is one student's alone.
        """
        numbered = [student for student in self.students if number and number == student.lms]
        named = [student for student in self.students if plain(name) in student.names]
        chosen = numbered or named
        return chosen[0] if len(chosen) == 1 else None

    def mentioned(self, text):
        """Return the one Student whose id, address or full name stands in a text, such as a file's name; or None."""
        words = f" {_words(text)} "
        found = [student for student in self.students if any(f" {form} " in words for form in _forms(student))]
        return found[0] if len(found) == 1 else None


def read(path):
    """Return the Roster in a file. Raises CourseError, which says what is missing, where it is none."""
    path = Path(path)
    header, *lines = rows(path)
    students = [found for line in lines if (found := student_of(dict(zip(header, line, strict=False))))]
    if not students:
        raise CourseError(
            f"{path.name} names no student: it needs a first line with  id,first_name,last_name,email  or to be the "
            "CSV that Canvas or Moodle export"
        )
    doubled = {s.id for s in students if sum(other.id == s.id for other in students) > 1}
    if doubled:
        raise CourseError(f"{path.name} has several lines for {', '.join(sorted(doubled)[:3])}: leave one of each")
    return Roster(students)


def plain(name):
    """Return a name as letters and digits alone, without accents or case."""
    letters = unicodedata.normalize("NFKD", str(name)).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def safe_id(text):
    """Return a name as a student's id, which is also the name of a folder."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._@-]+", "-", letters.partition("@")[0] if "@" in letters else letters).strip("-.") or ""


def rows(path):
    """Return the header and the lines of a CSV, as lists of texts. Raises CourseError where it cannot be read."""
    try:
        data = Path(path).read_bytes()
        text = data.decode("utf-8-sig" if _is_utf8(data) else "cp1252", "replace")
        separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
        return list(csv.reader(io.StringIO(text), delimiter=separator)) or [[]]
    except (OSError, csv.Error) as failure:
        raise CourseError(f"{path} cannot be read as a roster: {failure}") from failure


def _is_utf8(data):
    try:
        return data.decode("utf-8") is not None
    except UnicodeDecodeError:
        return False


def student_of(row):
    """Return the Student of a row ({column: value}), or None where it is nobody's, as Canvas's line of points is."""
    values = {str(name).strip().casefold(): (value or "").strip() for name, value in row.items() if name}

    def value(what):
        return next((values[name] for name in COLUMNS[what] if values.get(name)), "")

    first, last, full = value("first"), value("last"), value("full")
    if full and not last:
        last, first = full.split(", ", 1) if ", " in full else (full.split()[-1], " ".join(full.split()[:-1]))
    if full.casefold() in NOBODY or not any(values.values()):
        return None
    lms = value("lms") or (values.get("id", "") if "student" in values else "")
    id = safe_id(value("id") or value("email") or f"{first}-{last}")
    return Student(id, first, last, value("email"), re.sub(r"\D", "", lms)) if id else None


def _forms(student):
    """Return the forms of a student's id, address and name that may stand in a text, as words."""
    names = [student.id, student.email.partition("@")[0]]
    names += [f"{student.first} {student.last}", f"{student.last} {student.first}"] if student.last else []
    return {_words(name) for name in names if name}


def _words(text):
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
