"""What became of each submission, and what need not be graded again: course/records/ and course/report.json."""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path

from grader import marks
from grader.course import record_of
from grader.outcome import GRADED, HUMAN, Function


@dataclass
class Record:
    """What became of one submission."""

    student: str
    assignment: str
    outcome: str = GRADED
    flags: list[str] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)

    @property
    def marks(self):
        return sum(function.marks for function in self.functions.values())

    @property
    def points(self):
        return sum(function.points for function in self.functions.values())

    def as_json(self):
        return {**asdict(self), "marks": self.marks, "points": self.points}


class Records:
    """The records of a course: one for each submission, written last of all that grading it writes."""

    def __init__(self, course):
        self.course = course

    def unchanged(self, place, key):
        """Return the Record of a submission that was graded before, just as it is, and written to its end; or None."""
        record, kept = self.last(place)
        if not record:
            return None
        with self.course.gradebook() as gb:
            same = kept.get("key") == key and kept.get("marks") == marks.fingerprint(gb, *place)
        written = record.outcome == HUMAN or all(path(*place).is_file() for path in self._pages)
        return record if same and written else None

    def last(self, place):
        """Return the Record of the last grading of a submission, and what it was made for; or (None, {})."""
        try:
            kept = json.loads(self._path(place).read_text(encoding="utf-8"))
            functions = {name: Function(**entry) for name, entry in kept["record"]["functions"].items()}
            return Record(**{**kept["record"], "functions": functions}), kept
        except (OSError, ValueError, KeyError, TypeError):
            return None, {}

    def keep(self, place, record, kept):
        """Write a Record, with the key that it was made for and the fingerprint of its marks."""
        text = json.dumps({**kept, "record": asdict(record)}, ensure_ascii=False)
        marks.write_atomically(self._path(place), text)

    def forget(self, place):
        self._path(place).unlink(missing_ok=True)

    def remove_pages(self, place):
        for path in self._pages:
            shutil.rmtree(path(*place).parent, ignore_errors=True)

    @property
    def _pages(self):
        return self.course.autograded, self.course.feedback

    def _path(self, place):
        return record_of(self.course.root, *place)


def write_report(course, records):
    """Write course/report.json: one entry for each submission."""
    text = json.dumps([record.as_json() for record in records], indent=1, ensure_ascii=False)
    marks.write_atomically(course.folder / "report.json", text + "\n")


def fingerprint(folder):
    """Return a fingerprint of what was handed in: the names of all that is there, the bytes of all that is a file."""
    digest = hashlib.sha256()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        there = sorted([*folders, *names])
        digest.update(repr((os.path.relpath(parent, folder), there)).encode("utf-8", "replace"))
    for path in plain_files(folder):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def plain_files(folder):
    """Return the plain files in a folder and its folders, in order; no link is followed."""
    found = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return sorted(path for path in found if path.suffix != ".pyc" and path.is_file() and not path.is_symlink())
