"""Read what a student handed in, in whatever form it came, and say in words what had to be repaired.

What can be understood is understood; what cannot raises NeedsHuman. Nothing here follows a link, unpacks without a
bound, or believes a file about itself.
"""

import json
import os
import stat
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath

import nbformat

LARGEST = 20_000_000  # bytes of a notebook
LARGEST_ALL = 100_000_000  # of all that was handed in
MOST_FILES, LARGEST_FILES = 50, 10_000_000  # of the files beside it
SECRET = "submission_secret.txt"  # names the page of a submission in nbgrader's exchange, where nobody can list pages
SLIPS = ("timestamp.txt", SECRET)  # what the exchange writes beside a notebook
NOTEBOOKS = (".ipynb", ".ipynb.txt", ".ipynb.json", ".json")


class NeedsHuman(Exception):
    """A submission that cannot be understood; its text says in one line why."""


@dataclass
class Submission:
    """What was handed in: the notebook as plain JSON, the files beside it, and what had to be repaired."""

    notebook: dict
    files: dict[str, bytes] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)


def read(folder, assignment, skeleton):
    """Return the Submission in ``folder``, as ``understand`` does."""
    return understand(*collect(folder), assignment, skeleton)


def collect(folder):
    """Return {name: bytes} of the regular files in ``folder`` and its folders, and a note on each that was left out."""
    notes = []
    return _regular_files(Path(folder), notes), notes


def understand(files, notes, assignment, skeleton):
    """Return the Submission that these files are. Raises NeedsHuman where there is none that can be understood.

    skeleton  of the released notebook, a grader.rebuild.Skeleton: tells what belongs to it
    """
    repairs = list(notes)
    files = unzipped(files, repairs)
    candidates = sorted(
        (name for name in files if name.lower().endswith(NOTEBOOKS)), key=lambda n: n != _name(assignment)
    )
    understood, failures = {}, []
    for name in candidates:
        try:
            understood[name] = parse(files[name])
        except NeedsHuman as failure:
            failures.append(f"{name} {failure}")
    name = _chosen(understood, assignment, skeleton, failures, files)
    notebook, notes = understood[name]
    others = {other: data for other, data in files.items() if other not in (*candidates, *SLIPS)}
    return Submission(notebook, _few(others, repairs), repairs + _about(name, assignment, candidates) + notes)


def _name(assignment):
    return f"{assignment}.ipynb"


def _about(name, assignment, candidates):
    notes = [] if name == _name(assignment) else [f"renamed: it was called {name}"]
    return notes + [f"extra notebook ignored: {other}" for other in candidates if other != name]


def _chosen(understood, assignment, skeleton, failures, files):
    """Return the name of the one notebook that is meant: that of the right name, else the one of this assignment."""
    ours = [name for name, (notebook, _) in understood.items() if skeleton.is_ours(notebook)]
    written = [name for name in ours if skeleton.is_written(understood[name][0])]
    if len(ours) == 1 or (ours[:1] == [_name(assignment)] and (ours[0] in written or not written)):
        return ours[0]
    if ours:
        raise NeedsHuman(f"several notebooks could be meant: {', '.join(ours)}")
    if understood:
        raise NeedsHuman(f"{next(iter(understood))} is not a notebook of {assignment}")
    found = ", ".join(sorted(files)) or "nothing"
    raise NeedsHuman("; ".join(failures) or f"no {_name(assignment)} was handed in, but {found}")


# --- files -----------------------------------------------------------------------------------------


def _regular_files(folder, repairs, depth=0):
    """Return {name: bytes} of the regular files in a folder and its folders; links and pipes are named, left alone."""
    files, left = {}, LARGEST_ALL
    for entry in _notebooks_first(folder):
        name = in_a_line(entry.name)
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir(follow_symlinks=False) and depth == 0 and any(_notebooks_first(entry.path)):
            repairs.append(f"found in a folder: {name}")
            files = _regular_files(Path(entry.path), repairs, depth=1) | files
        elif not entry.is_file(follow_symlinks=False):
            repairs.append(f"{_kind(entry)} ignored: {name}")
        elif (data := read_file(entry.path, left)) is None:
            repairs.append(f"too large or not to be read, ignored: {name}")
        else:
            left -= len(data)
            files[name] = data
    return files


def _notebooks_first(folder):
    """Return the entries of a folder, a thousand at most; none where it cannot be looked at."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return []
    return sorted(entries, key=lambda entry: (not entry.name.lower().endswith(NOTEBOOKS), entry.name))[:1000]


def in_a_line(text):
    """Return a name of the student's as a report can show it: of printable letters, in one line, and not too long."""
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= 100 else f"{text[:60]}...{text[-37:]}"


def _kind(entry):
    return "link" if entry.is_symlink() else "folder" if entry.is_dir(follow_symlinks=False) else "special file"


def read_file(path, most):
    """Return the bytes of a regular file, or None where it is too large or cannot be read."""
    most = min(most, LARGEST)
    try:
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                return None
            data = file.read(most + 1)
    except OSError:
        return None
    return data if len(data) <= most else None


def unzipped(files, repairs):
    """Return the files, with those of a zip in place of the zip, bounded in number and size and flat."""
    flat = {}
    for name, data in files.items():
        if not name.lower().endswith(".zip"):
            flat[name] = data
            continue
        try:
            inside = _members(data)
        except Exception as failure:  # zipfile raises many kinds on damaged archives
            repairs.append(f"{name} cannot be unpacked ({in_a_line(str(failure))})")
            continue
        repairs.append(f"unpacked: {name}")
        flat = inside | flat
    return flat


def _members(data):
    """Return {name: bytes} of the plain files of a zip. Raises ValueError where they are too many or too large."""
    files, left = {}, LARGEST
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if len(archive.infolist()) > 1000:
            raise ValueError("it holds too many files")
        for member in archive.infolist():
            path = PurePosixPath(member.filename.replace("\\", "/"))
            hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
            if member.is_dir() or hidden or path.is_absolute() or stat.S_ISLNK(member.external_attr >> 16):
                continue
            with archive.open(member) as file:
                content = file.read(left + 1)
            left -= len(content)
            if left < 0:
                raise ValueError("unpacked it is too large")
            files.setdefault(in_a_line(path.name), content)
    return files


def _few(files, repairs):
    """Return the files beside the notebook that it may read, and name them."""
    kept, left = {}, LARGEST_FILES
    for name, data in list(files.items())[:MOST_FILES]:
        left -= len(data)
        if left > 0 and "/" not in name and name.isprintable():
            kept[name] = data
    if kept:
        repairs.append(f"extra files: {', '.join(kept)}")
    return kept


# --- one notebook ----------------------------------------------------------------------------------


def parse(data):
    """Return a notebook's bytes as JSON in the form of nbformat 4, and what had to be repaired in them.

    Raises NeedsHuman, with the words that follow the file's name.
    """
    notes = []
    text = _decoded(data, notes)
    try:
        notebook, end = json.JSONDecoder(strict=False, parse_int=_int).raw_decode(text.lstrip())
    except json.JSONDecodeError as failure:
        what = "is empty" if not text.strip() else f"is cut off or damaged at character {failure.pos}"
        raise NeedsHuman(what) from failure
    except ValueError as failure:  # of a number with thousands of digits
        raise NeedsHuman(f"cannot be read: {failure}") from failure
    except RecursionError as failure:
        raise NeedsHuman("is nested too deeply") from failure
    if text.lstrip()[end:].strip():
        notes.append("text after its end ignored")
    return _version_4(notebook, notes), notes


def _int(digits):
    """Return a whole number; one that Python would rather not read means nothing in a notebook."""
    return int(digits) if len(digits) < 1000 else 0


def _decoded(data, notes):
    encoding = json.detect_encoding(data)
    if encoding != "utf-8":
        notes.append(f"byte order mark or wide letters, read as {encoding.removesuffix('-sig')}")
        return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        notes.append("not UTF-8, read as Latin-1")
        return data.decode("cp1252", "replace")


def _version_4(notebook, notes):
    if not isinstance(notebook, dict):
        raise NeedsHuman("is not a notebook")
    if isinstance(notebook.get("worksheets"), list):
        notes.append("converted from an old notebook format")
        try:
            return nbformat.convert(
                nbformat.from_dict({"nbformat": 3, "nbformat_minor": 0, "metadata": {}} | notebook), 4
            )
        except Exception as failure:  # nbformat raises many kinds on damaged notebooks
            raise NeedsHuman("has an old format that cannot be converted") from failure
    if not isinstance(notebook.get("cells"), list):
        raise NeedsHuman("is not a notebook")
    if notebook.get("nbformat") != 4:
        notes.append(f"format {in_a_line(str(notebook.get('nbformat')))[:20]}, read as 4")
    return notebook
