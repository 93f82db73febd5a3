"""One course on disk: its settings, its folders, and nbgrader's API on it.

Importing this takes no time: nbgrader and nbformat, which take seconds, are imported where they are needed.
"""

import logging
import re
import warnings
from functools import cached_property
from pathlib import Path

from traitlets.config import PyFileConfigLoader

CONFIG = "nbgrader_config.py"
EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Check|Interrupt)\b")


class CourseError(Exception):
    """Something that a person has to mend; its text is one line that says how."""


class Course:
    """The course whose root folder holds nbgrader_config.py.

    Raises CourseError when there is no such file or it fails: grading never goes on with stock settings.
    """

    def __init__(self, root="."):
        self.root = Path(root).resolve()
        if not (self.root / CONFIG).is_file():
            raise CourseError(f"no {CONFIG} in {self.root}: run this in the folder of the course")
        try:
            self.config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        except Exception as failure:
            raise CourseError(f"{CONFIG} fails, so nothing was done: {type(failure).__name__}: {failure}") from failure
        self._has_indexes = False
        self.folder = self.root / "course"
        self.folder.mkdir(exist_ok=True)

    @property
    def assignments(self):
        """Return the names of the assignments in source/, in order."""
        return sorted(path.parent.name for path in (self.root / "source").glob("*/*.ipynb") if _named_alike(path))

    def released(self):
        """Return this course with its releases going to course/released/ instead of notebooks/."""
        other = Course(self.root)
        other.config.CourseDirectory.release_directory = "course/released"
        return other

    def skeleton(self, assignment):
        """Return the released notebook of an assignment, on which submissions are rebuilt. Raises CourseError."""
        import nbformat

        from grader.rebuild import Skeleton

        return Skeleton(nbformat.read(self.released_path(assignment), 4))

    def released_path(self, assignment):
        """Return the path of the released notebook. Raises CourseError where there is none."""
        for folder in ("course/released", self.config.CourseDirectory.release_directory):
            path = self.root / folder / assignment / f"{assignment}.ipynb"
            if path.is_file():
                return path
        raise CourseError(f"{assignment} has not been released: run  make release")

    @property
    def database(self):
        """Return the path of an SQLite gradebook, or None where the gradebook is elsewhere."""
        from sqlalchemy.engine import make_url

        url = make_url(self.config.CourseDirectory.db_url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    def submitted(self, student, assignment):
        return self.folder / "submitted" / student / assignment / f"{assignment}.ipynb"

    def autograded(self, student, assignment):
        return self.folder / "autograded" / student / assignment / f"{assignment}.ipynb"

    def feedback(self, student, assignment):
        return self.folder / "feedback" / student / assignment / f"{assignment}.html"

    @cached_property
    def api(self):
        """Return nbgrader's API, quiet: what it logs comes back with each call."""
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory
        from sqlalchemy.exc import SAWarning

        warnings.simplefilter("ignore", SAWarning)
        for name in ("traitlets", "tornado.application"):
            logging.getLogger(name).addHandler(logging.NullHandler())
        return NbGraderAPI(CourseDirectory(config=self.config), config=self.config)

    def gradebook(self):
        """Return the open gradebook, with its indexes, for a with statement. Raises CourseError where it fails."""
        from grader.database import add_indexes, opening

        api = self.api
        with opening():
            gradebook = api.gradebook
            if not self._has_indexes:
                add_indexes(gradebook.engine)
                self._has_indexes = True
        return gradebook


def record_of(root, student, assignment):
    """Return the path of the file that remembers what became of a submission, and of which."""
    return Path(root) / "course" / "records" / student / f"{assignment}.json"


def answers_seen(root, student, assignment):
    """Return the path of the file that remembers which answers were graded last time."""
    return Path(root) / "course" / "records" / student / f"{assignment}.answers.json"


def _named_alike(path):
    return path.stem == path.parent.name


def succeed(result, doing):
    """Return the result of an nbgrader call, or raise CourseError with the line of its log that tells most."""
    if not result["success"]:
        lines = [line.strip() for name in ("log", "error") for line in (result.get(name) or "").splitlines()]
        raise CourseError(f"{doing} failed: {_telling(lines)}")
    return result


def _telling(lines):
    """Return the last line that names an exception, that of nbgrader's wrapper aside; else the last line."""
    named = [line for line in lines if EXCEPTION.match(line) and "NbGraderException" not in line]
    return (named or [line for line in lines if line] or ["nbgrader gave no reason"])[-1]
