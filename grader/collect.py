"""Take submissions back in whatever form they come: an LMS's zip, a folder, single files, nbgrader's exchange.

Whose a file is comes from the roster, which assignment it is from what stands in it. What cannot be matched is listed
and kept in course/unmatched/; what a later submission replaces is kept in course/earlier/. Nothing is lost.
"""

import re
import shutil
import stat
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path, PurePosixPath

from grader import intake
from grader.course import CourseError
from grader.records import fingerprint
from grader.roster import Roster, Student, plain, safe_id

MOST_FILES, MOST_BYTES = 100_000, 4_000_000_000
MOODLE = re.compile(r"(?P<sender>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<name>.*)\Z")
CANVAS = re.compile(r"(?P<sender>[^_/]+)(?P<late>_LATE)?_(?P<number>\d+)_\d+_(?P<name>.+)\Z", re.IGNORECASE)
EXCHANGE = re.compile(r"(?P<sender>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d [\d:]+) ?[^+]*(?:\+.*)?\Z")
AGAIN = re.compile(r"[-_ (]+(\d{1,2})\)?\Z")  # what Canvas and browsers add to the name of a file handed in again
TOO_LARGE = ".too-large"  # goes after the name of a file that is there without its content
PLACES = ("submitted", "submissions", "inbound", "__MACOSX")


@dataclass(frozen=True)
class File:
    """One file that was handed in."""

    sender: str  # what the form that it came in calls its sender
    number: str | None  # of the sender, in the LMS
    name: str  # as the sender called it
    data: bytes
    order: tuple  # of several, the greatest is the latest
    late: bool = False


@dataclass
class Taken:
    """What became of one sender's files: where they lie now, and what there is to say about them."""

    sender: str
    student: str | None = None
    assignment: str | None = None
    notes: list[str] = field(default_factory=list)


def collect(course, source, roster=None, only=None):
    """Return a Taken for each sender and assignment found in ``source``, after putting their files into their places.

    source  a zip, a folder or a notebook
    roster  the Roster; None where students are called what their files call them
    only    the assignment that these submissions are of, where their content does not say

    Raises CourseError where there is nothing to take, or it is no zip, folder or notebook.
    """
    senders = defaultdict(list)
    for file in _files(Path(source), course.assignments, roster):
        senders[file.sender, file.number].append(file)
    if not senders:
        raise CourseError(f"nothing was handed in: {source} holds no file")
    skeletons = {assignment: course.skeleton(assignment) for assignment in course.assignments}
    sorted_ = {sender: _by_assignment(files, skeletons, only) for sender, files in senders.items()}
    usual = only or _usual(sorted_.values())
    taken = []
    for (sender, number), groups in sorted(sorted_.items(), key=lambda item: str(item[0])):
        student = _student(sender, number, roster)
        if None in groups and usual and usual not in groups:
            groups = {usual: groups[None]} | {a: files for a, files in groups.items() if a}
        for assignment, files in groups.items():
            taken.append(_put(course, sender, student, assignment, files, roster))
    shutil.rmtree(course.folder / "collecting", ignore_errors=True)
    return taken


def from_exchange(course):
    """Return a Taken for each submission that nbgrader collected from its exchange."""
    before = {path: fingerprint(path) for path in _submitted(course)}
    logs = [course.api.collect(assignment, update=True) for assignment in course.assignments]
    if failed := [log for log in logs if not log["success"]]:
        last = (failed[0].get("error") or failed[0]["log"]).strip().splitlines()[-1]
        raise CourseError(f"nbgrader could not collect from its exchange: {last}")
    return [
        Taken(path.parent.name, path.parent.name, path.name, [] if path not in before else ["a later submission"])
        for path in _submitted(course)
        if before.get(path) != fingerprint(path)
    ]


def _submitted(course):
    return sorted(path for path in (course.folder / "submitted").glob("*/*") if path.is_dir())


# --- the forms in which submissions come -----------------------------------------------------------


def _files(source, assignments, roster):
    """Yield the Files in a zip, a folder or a single file."""
    if source.is_dir():
        found = _in_folder(source)
    elif zipfile.is_zipfile(source):
        found = _in_zip(source)
    elif source.is_file() and source.name.lower().endswith(intake.NOTEBOOKS):
        found = [((source.name,), source.read_bytes(), source.stat().st_mtime)]
    else:
        what = "is not there" if not source.exists() else "is neither a zip nor a folder nor a notebook"
        raise CourseError(f"{source} {what}: give what the LMS let you download, or a folder of submissions")
    for parts, data, time in found:
        if parts and not any(part.startswith((".", "__MACOSX")) for part in parts):
            yield _file(parts, data, time, assignments, roster, source.stem)


def _in_folder(folder):
    for path in sorted(folder.rglob("*"))[:MOST_FILES]:
        if path.is_file() and not path.is_symlink():
            *parts, name = path.relative_to(folder).parts
            data = intake.read_file(path, intake.LARGEST_ALL)
            yield (*parts, name if data is not None else name + TOO_LARGE), data or b"", path.stat().st_mtime


def _in_zip(path):
    left = MOST_BYTES
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist()[:MOST_FILES]:
            *parts, name = (
                part for part in PurePosixPath(member.filename.replace("\\", "/")).parts if part not in ("/", "..")
            )
            if member.is_dir() or stat.S_ISLNK(member.external_attr >> 16):
                continue
            with archive.open(member) as file:
                data = file.read(min(left, intake.LARGEST) + 1)
            left -= len(data)
            if left < 0:
                raise CourseError(f"{path.name} unpacks to more than {MOST_BYTES // 10**9} GB, which cannot be right")
            if len(data) > intake.LARGEST:
                name, data = name + TOO_LARGE, b""
            yield (*parts, name), data, datetime(*member.date_time).timestamp()


def _file(parts, data, time, assignments, roster, source):
    """Return the File at a path: of Moodle, Canvas or nbgrader by its name, else of the folder it lies in.

    source  what the whole zip or folder is called, which may name its one student
    """
    *folders, name = parts
    for part in folders:
        if form := MOODLE.match(part):
            return File(form["sender"], form["number"], name, data, (0, time))
        if form := EXCHANGE.match(part):
            return File(form["sender"], None, name, data, (0, time))
    if form := MOODLE.match(name) or CANVAS.match(name):
        own, attempt = _without_attempt(form["name"], assignments)
        late = bool(form.groupdict().get("late"))
        return File(form["sender"], form["number"], own, data, (attempt, time), late)
    own = [part for part in folders if part not in assignments and part.casefold() not in PLACES]
    known = [part for part in own if roster and roster.find(part)]
    if own:
        return File((known or own)[0], None, name, data, (0, time))
    mentioned = (roster.mentioned(name.rpartition(".")[0]) or roster.mentioned(source)) if roster else None
    return File(mentioned.id if mentioned else name, None, name, data, (0, time))


def _without_attempt(name, assignments):
    """Return a file's name without the number that the LMS put into it, and that number."""
    stem, dot, ending = name.rpartition(".")
    found = AGAIN.search(stem)
    if found and stem[: found.start()] in assignments:
        return stem[: found.start()] + dot + ending, int(found[1])
    return name, int(found[1]) if found else 0


# --- whose, and of which assignment ----------------------------------------------------------------


def _student(sender, number, roster):
    """Return the Student who sent it, or None; without a roster, one who is called what the form says."""
    if roster:
        return roster.find(sender, number)
    return Student(id) if (id := safe_id(sender.removesuffix(".ipynb"))) else None


def _by_assignment(files, skeletons, only):
    """Return {assignment: files} of one sender; under None what does not say which assignment it is."""
    groups = defaultdict(list)
    for file in files:
        groups[only or _assignment(file, skeletons)].append(file)
    beside = groups.pop(None, [])
    notebooks = [file for file in beside if file.name.lower().endswith(intake.NOTEBOOKS)]
    if len(groups) == 1:  # what lies beside one notebook belongs to it
        next(iter(groups.values())).extend(beside)
    elif notebooks or not groups:
        groups[None] = beside
    return groups


def _assignment(file, skeletons):
    """Return the assignment that a file is of, by what is in it, else by its name; None where neither says."""
    inside = intake.unzipped({file.name: file.data}, [])
    for name, data in inside.items():
        if not name.lower().endswith(intake.NOTEBOOKS):
            continue
        try:
            notebook, _ = intake.parse(data)
        except intake.NeedsHuman:
            continue
        if found := next((a for a, skeleton in skeletons.items() if skeleton.is_ours(notebook)), None):
            return found
    return next((a for a in skeletons if plain(a) in plain(file.name)), None)


def _usual(groups):
    """Return the one assignment that all others of this batch are of, as in an LMS's download; or None."""
    found = Counter(assignment for group in groups for assignment in group if assignment)
    return next(iter(found)) if len(found) == 1 else None


# --- putting it there ------------------------------------------------------------------------------


def _put(course, sender, student, assignment, files, roster):
    """Put one sender's files of one assignment into their place; return what became of them."""
    taken = Taken(sender, student and student.id, assignment)
    if not student or not assignment:
        why = "the roster has nobody of this name" if not student else "it does not say which assignment it is"
        if not student and roster and _is_ambiguous(roster, sender):
            why = "the roster has several of this name"
        folder = _fresh(course.folder / "unmatched", safe_id(sender) or "nameless")
        _write(folder, files)
        taken.notes.append(f"{why}; its files are in {folder.relative_to(course.root)}")
        return taken
    kept, older = _latest(files, taken)
    if older:
        _write(_fresh(course.folder / "earlier" / student.id, assignment), older)
    if any(file.late for file in kept):
        taken.notes.append("late, says the LMS")
    if large := [file.name.removesuffix(TOO_LARGE) for file in kept if file.name.endswith(TOO_LARGE)]:
        taken.notes.append(f"too large, left out: {', '.join(map(intake.in_a_line, large))}")
    elif not any(file.data.strip() for file in kept):
        taken.notes.append("handed in nothing but empty files")
    elif not any(file.name.lower().endswith((*intake.NOTEBOOKS, ".zip")) for file in kept):
        taken.notes.append(f"no notebook among {', '.join(intake.in_a_line(file.name) for file in kept)}")
    _replace(course, course.submitted(student.id, assignment).parent, kept, taken)
    return taken


def _latest(files, taken):
    """Return the files that count, and the notebooks that a later one replaces."""
    notebooks = [file for file in files if file.name.lower().endswith(intake.NOTEBOOKS)]
    others = [file for file in files if file not in notebooks]
    different = {file.data: file for file in sorted(notebooks, key=lambda file: file.order)}
    *older, latest = different.values() or [None]
    if not older or latest.order == older[-1].order:
        return [*different.values(), *others], []  # where no one is later, the grader asks a human
    taken.notes.append(f"handed in {len(different)} times: the latest, {intake.in_a_line(latest.name)}, counts")
    return [latest, *others], older


def _replace(course, folder, files, taken):
    """Write the files into a submission's folder; what lay there is kept in course/earlier/."""
    new = _fresh(course.folder / "collecting", folder.parent.name)
    _write(new, files)
    if folder.exists():
        if fingerprint(new) == fingerprint(folder):
            taken.notes.append("as before")
            return shutil.rmtree(new)
        earlier = _fresh(course.folder / "earlier" / folder.parent.name, folder.name)
        earlier.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, earlier)
        taken.notes.append(f"replaces what was there, now in {earlier.relative_to(course.root)}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    new.replace(folder)


def _write(folder, files):
    folder.mkdir(parents=True)
    for file in files:
        name = intake.in_a_line(file.name.replace("/", "_")).lstrip(".") or "nameless"
        _fresh(folder, name).write_bytes(file.data)


def _fresh(folder, name):
    """Return a path in a folder that nothing has yet: with this name, or with a number before its ending."""
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    names = (name if k == 1 else f"{stem}-{k}{dot}{ending}" for k in count(1))
    return next(folder / other for other in names if not (folder / other).exists())


def _is_ambiguous(roster: Roster, sender):
    return sum(plain(sender) in student.names for student in roster.students) > 1
