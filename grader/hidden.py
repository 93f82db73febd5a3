"""The hidden cases: made by the same rules as the visible ones, from a seed that only this course knows.

They lie in ``course/hidden/``, never in the repository. Remove the folder to draw new ones.
"""

import hashlib
import json
import secrets
from importlib.resources import files
from pathlib import Path

from helpers import answers, build

FOLDER = Path("course") / "hidden"


def ensure_hidden_cases(assignment, root="."):
    """Return the folder of hidden cases, with those of ``assignment`` in it and up to date.

    An assignment without reference outputs of its own (an instructor's extra) has no hidden cases either.
    """
    folder = (Path(root) / FOLDER).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if assignment in answers.ROOMS and _made_for(folder, assignment) != _visible(assignment):
        data = build.build(assignment, _seed(folder)) | {"made_for": _visible(assignment)}
        (folder / f"{assignment}.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


def hidden_text(assignment, root="."):
    """Return the text of an assignment's hidden cases, up to date, or nothing where it has none."""
    path = ensure_hidden_cases(assignment, root) / f"{assignment}.json"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _seed(folder):
    """Return the course's secret seed, drawn once."""
    path = folder / "seed"
    if not path.exists():
        path.write_text(str(secrets.randbits(128)), encoding="ascii")
        path.chmod(0o600)
    return int(path.read_text(encoding="ascii"))


def _visible(assignment):
    """Return a fingerprint of the visible cases: when they change, the hidden ones are made again."""
    return hashlib.sha256((files("helpers.cases") / f"{assignment}.json").read_bytes()).hexdigest()


def _made_for(folder, assignment):
    path = folder / f"{assignment}.json"
    return json.loads(path.read_text(encoding="utf-8")).get("made_for") if path.exists() else None
