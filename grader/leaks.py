"""The leak scan: opens what is about to be handed out and says in words what must not be in it.

Each line of a solution, of the right answers and of the named mistakes is known here; so is each number of the hidden
cases. None may be in the bundle, and every graded cell must say ``not attempted`` when the bundle's own files run it.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from itertools import chain
from pathlib import Path

import nbformat

from grader import student_copy
from grader.hidden import hidden_text
from grader.student_copy import HELPERS, PRIVATE, WITHHELD
from helpers import reference

SECRET = re.compile(r"^[ \t]*### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)^[ \t]*### END", re.DOTALL | re.MULTILINE)
MARKER = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
DEFINITION = re.compile(r"^[ \t]*def (\w+)", re.MULTILINE)
NUMBER = re.compile(r"-?\d+\.\d{9,}(?:e[+-]?\d+)?")
SHORTEST = 12  # letters; shorter lines, as "return z", belong to nobody
TRY = Path(__file__).with_name("untouched.py")


def scan(course, folder):
    """Return what a folder to hand out holds that no student may have, a line for each; nothing if it is clean."""
    texts = {**_texts(folder), **{name: text for path in _wheels(folder) for name, text in _inside(path).items()}}
    found = [f"{name}, which is not for students" for name in texts if _is_private(name)]
    secret, numbers = _secret_lines(course), _hidden_numbers(course)
    for name, text in texts.items():
        code = _code(name, text)
        found += [f"a line of a solution in {name}: {line}" for line in sorted(_lines(code) & secret)]
        found += [f"a hidden case in {name}"] if numbers & set(NUMBER.findall(text)) else []
        found += [f"a marker of nbgrader in {name}"] if name.endswith(".ipynb") and MARKER.search(text) else []
        found += [f"a backward pass in {name}"] if name.endswith(".py") and _has_backward(text) else []
        found += [f"{own} in a cell of {name} that is no exercise" for own in _answered_elsewhere(name, text)]
    return found or _attempted(folder)


def scan_release(course, assignments):
    """Return the same of the released notebooks of some assignments, run beside the ``helpers`` that students get."""
    with tempfile.TemporaryDirectory(prefix="backprop-release-") as folder:
        for assignment in assignments:
            to = Path(folder, "notebooks", assignment)
            to.mkdir(parents=True)
            released = course.root / course.config.CourseDirectory.release_directory / assignment
            shutil.copy(released / f"{assignment}.ipynb", to)
        return scan(course, Path(folder))


# --- what is looked at -----------------------------------------------------------------------------


def _texts(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".whl")
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in files}


def _wheels(folder):
    return sorted(folder.rglob("*.whl"))


def _inside(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        return {name: archive.read(name).decode("utf-8", "replace") for name in names}


def _code(name, text):
    """Return the Python code of a file: a module, or the code cells of a notebook."""
    if name.endswith(".ipynb"):
        return [cell.source for cell in nbformat.reads(text, 4).cells if cell.cell_type == "code"]
    return [text] if name.endswith(".py") else []


def _lines(pieces):
    """Return the lines of code that are longer than a few letters: as written, and as Python would write them."""
    found = set()
    for piece in pieces:
        found.update(map(str.strip, piece.splitlines()))
        try:
            found.update(map(str.strip, ast.unparse(_without_docstrings(ast.parse(piece))).splitlines()))
        except SyntaxError:
            continue
    return {line for line in found if len(line) >= SHORTEST and not line.startswith(("#", '"""', "def ", "class "))}


def _without_docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


# --- what must not be there ------------------------------------------------------------------------


@cache
def _secret_lines(course):
    """Return the lines that answers and named mistakes are made of, but for those that a student is meant to have."""
    sources = [course.root / "source" / a / f"{a}.ipynb" for a in course.assignments]
    cells = list(chain.from_iterable(_code(path.name, path.read_text(encoding="utf-8")) for path in sources))
    answers = [_dedented(secret) for cell in cells for secret in SECRET.findall(cell)]
    private = [path.read_text(encoding="utf-8") for name in ("answers", "mistakes") for path in _modules(name)]
    given = [SECRET.sub("", cell) for cell in cells] + [
        path.read_text(encoding="utf-8") for path in HELPERS.glob("*.py") if path.name not in PRIVATE
    ]
    withheld = [ast.unparse(node) for text in given for node in _withheld(text)]
    return (_lines(answers + private) - _lines(given)) | (_lines(withheld) - _lines(_other_code(given)))


def _modules(name):
    return sorted((HELPERS / name).glob("*.py"))


def _withheld(text):
    try:
        nodes = ast.parse(text).body
    except SyntaxError:
        return []
    return [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name in WITHHELD]


def _other_code(texts):
    """Return the pieces of code without their backward passes."""
    kept = []
    for text in texts:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        tree.body = [node for node in tree.body if getattr(node, "name", None) not in WITHHELD]
        kept.append(ast.unparse(tree))
    return kept


def _dedented(text):
    lines = text.splitlines()
    own = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[own:] for line in lines)


def _hidden_numbers(course):
    """Return the long numbers of all hidden cases that no visible case shares."""
    hidden, visible = set(), set()
    for assignment in course.assignments:
        hidden |= set(NUMBER.findall(hidden_text(assignment, course.root)))
    for path in (HELPERS / "cases").glob("*.json"):
        visible |= set(NUMBER.findall(path.read_text(encoding="utf-8")))
    return hidden - visible


def _answered_elsewhere(name, text):
    """Return the graded functions that a notebook defines in a cell that nbgrader does not clear."""
    if not name.endswith(".ipynb") or Path(name).stem not in reference.assignments():
        return []
    cells = [cell for cell in nbformat.reads(text, 4).cells if cell.cell_type == "code"]
    plain = [cell.source for cell in cells if not cell.metadata.get("nbgrader", {}).get("solution")]
    return sorted(set(DEFINITION.findall("\n".join(plain))) & set(reference.exercises(Path(name).stem)))


def _is_private(name):
    _, here, inside = f"/{name}".partition("/helpers/")
    return bool(here) and any(part in PRIVATE for part in inside.split("/"))


def _has_backward(text):
    """Return whether a function that is what students write does more than say that it is not there."""
    return any(not isinstance(node.body[-1], ast.Raise) for node in _withheld(text))


# --- what must happen ------------------------------------------------------------------------------


def _attempted(folder):
    """Return the graded cells of the bundle that are not ``not attempted`` when its own files alone run it."""
    found = []
    with tempfile.TemporaryDirectory(prefix="backprop-untouched-") as unpacked:
        if not _wheels(folder):
            student_copy.write(unpacked, outputs=True)
        for wheel in _wheels(folder):
            if "helpers/__init__.py" in zipfile.ZipFile(wheel).namelist():
                zipfile.ZipFile(wheel).extractall(unpacked)
        for path in sorted(folder.rglob("*.ipynb")):
            states = _states(path, unpacked)
            graded = reference.exercises(path.stem) if path.stem in reference.assignments() else ()
            missing = set(graded) - set(states)
            found += [f"{name} of {path.stem}, which has no check" for name in sorted(missing)]
            found += [f"{name} of {path.stem}, {s}" for name, s in states.items() if s != "not attempted"]
    return found


def _states(path, helpers):
    """Return {exercise: the state of its verdict} of a notebook run with a helpers package in this folder alone."""
    command = [sys.executable, "-I", str(TRY), helpers, str(path)]
    environment = {**os.environ, "MPLBACKEND": "agg"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=300)
    if done.returncode:
        return {"a cell": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout.splitlines()[-1])
