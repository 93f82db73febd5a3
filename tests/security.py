"""The corpus through the real pipeline: how many undeserved marks, lost marks, ungraded students, things touched.

``make security`` prints the table; ``tests/test_security.py`` wants it to read 0, 0, 0, 0.
"""

import contextlib
import os
import socket
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import Course
from grader.demo import right_answers
from grader.grading import grade
from grader.release import release
from tests.conftest import copy_course
from tests.corpus import ALL, HUMAN, ROOM, Fifo, Kit, Link
from tests.corpus_two import ALL as SECOND
from tests.corpus_two import RoomKit

TOKEN = "c0ffee-token-of-the-instructor"
QUICK = "\nc.JudgeOutside.call, c.JudgeOutside.cell, c.JudgeOutside.notebook = 4.0, 6.0, 60.0\n"


@dataclass
class Finding:
    """What went wrong with one submission, in words; nothing where all is as it deserves."""

    name: str
    kind: str
    unearned: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    ungraded: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)  # words that the report lacks


class Trap:
    """Bait: files that must not be read or changed, a folder that must stay empty, a port that must stay silent."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.visits = 0
        threading.Thread(target=self._listen, daemon=True).start()
        for name in ("secret", "victim"):
            (self.folder / name).write_text(TOKEN, encoding="ascii")
        (self.folder / "drop").mkdir()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                self.server.accept()[0].close()
                self.visits += 1

    def bait(self, course):
        paths = {name: str(self.folder / name) for name in ("secret", "victim", "drop")}
        return paths | {
            "gradebook": str(course.folder / "gradebook.db"),
            "course": str(course.root),
            "port": self.server.getsockname()[1],
        }

    def sprung(self):
        """Return what was touched, in words."""
        found = []
        if (self.folder / "victim").read_text(encoding="ascii") != TOKEN:
            found.append("a file of the instructor was changed")
        if any((self.folder / "drop").iterdir()):
            found.append(f"files appeared: {', '.join(path.name for path in (self.folder / 'drop').iterdir())}")
        if self.visits:
            found.append(f"{self.visits} connections to a port of the instructor's")
        return found


def room_of(submission):
    return getattr(submission, "room", ROOM)


def hand_in(course, submission, kit):
    """Write the files of a submission as they would lie there."""
    folder = course.submitted(submission.name, room_of(submission)).parent
    folder.mkdir(parents=True)
    for name, content in submission.make(kit).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Link):
            path.symlink_to(content.target)
        elif isinstance(content, Fifo):
            os.mkfifo(path)
        else:
            path.write_bytes(content)


def try_out(submissions, folder, step=lambda record: None, workers=None):
    """Return a Finding for each submission, after grading them all in a course in ``folder``, and what was touched."""
    folder = Path(folder)
    trap = Trap(folder)
    course = copy_course(folder / "course-root")
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + QUICK, encoding="utf-8")
    course = Course(course.root)
    rooms = sorted({room_of(submission) for submission in submissions})
    kits = {room: kit_of(course, room, trap) for room in rooms}
    for submission in submissions:
        hand_in(course, submission, kits[room_of(submission)])
    os.environ["BACKPROP_BAIT"] = TOKEN
    records = {record.student: record for record in grade(course, rooms, step, workers)}
    findings = [judged(course, submission, records.get(submission.name)) for submission in submissions]
    return findings, trap.sprung()


def kit_of(course, room, trap):
    """Return what submissions of a room are made from."""
    release(course, room)
    released = (course.root / "notebooks" / room / f"{room}.ipynb").read_text(encoding="utf-8")
    parts = released, right_answers(course, room), trap.bait(course)
    return Kit(*parts) if room == ROOM else RoomKit(room, *parts)


def judged(course, submission, record):
    """Return the Finding on one submission's Record."""
    found = Finding(submission.name, submission.kind)
    if record is None:
        found.ungraded.append("no record")
    elif hasattr(submission, "unfair"):
        got = {name: function.marks / function.points for name, function in record.functions.items()}
        found.unearned, found.lost, found.ungraded = submission.unfair(record.outcome, got)
        found.ungraded += record.flags if found.ungraded else []
    elif submission.deserves == HUMAN:
        if record.outcome != "needs a human":
            found.ungraded.append(f"a human was to look, but it is {record.outcome}")
    elif record.outcome == "needs a human":
        found.ungraded.append(f"needs a human: {'; '.join(record.flags)}")
    else:
        for name, function in record.functions.items():
            share = function.marks / function.points
            if share > submission.share(name):
                found.unearned.append(f"{name} has {share:g}: {function.state}")
            elif share < submission.share(name):
                found.lost.append(f"{name} has {share:g}: {function.state} {function.mistake or ''}")
    if record and submission.flags and not all(word in " ".join(record.flags) for word in submission.flags):
        found.flags.append(f"{submission.flags} not in {record.flags}")
    found.touched += _leaks(course, submission)
    return found


def _leaks(course, submission):
    pages = [path(submission.name, room_of(submission)) for path in (course.autograded, course.feedback)]
    texts = [path.read_text(encoding="utf-8") for path in pages if path.is_file()]
    return ["the instructor's token is in its pages"] if any(TOKEN in text for text in texts) else []


def table(findings, sprung):
    """Return the table of findings by kind, and a line for each thing that went wrong."""
    kinds = dict.fromkeys(found.kind for found in findings)
    lines = [f"{'':18}{'submissions':>12}{'unearned':>10}{'lost':>6}{'ungraded':>10}{'touched':>9}"]
    for kind in [*kinds, "all"]:
        chosen = [found for found in findings if kind in (found.kind, "all")]
        counts = [sum(bool(getattr(f, what)) for f in chosen) for what in ("unearned", "lost", "ungraded", "touched")]
        lines.append("{:18}{:>12}{:>10}{:>6}{:>10}{:>9}".format(kind, len(chosen), *counts))
    for found in findings:
        for what in ("unearned", "lost", "ungraded", "touched"):
            lines += [f"{found.name}: {what}: {'; '.join(getattr(found, what))}"] if getattr(found, what) else []
    return "\n".join(lines + sprung)


def main():
    """Try both corpora, or the names given, and print the table; the exit status tells whether all is well."""
    from rich.progress import track

    chosen = [s for s in [*ALL, *SECOND] if not sys.argv[1:] or s.name in sys.argv[1:]]
    bar = iter(track(range(len(chosen)), description="grading the corpus"))
    with tempfile.TemporaryDirectory() as folder:
        findings, sprung = try_out(chosen, folder, step=lambda record: next(bar, None))
    print(table(findings, sprung))
    return any(f.unearned or f.lost or f.ungraded or f.touched for f in findings) or bool(sprung)


if __name__ == "__main__":
    sys.exit(main())
