"""Reference outputs: the cases, the right outputs, and what each named mistake would give on the same case.

They are data, made by ``python -m helpers.build``: numbers and words, no answers. A second file of
the same form, made from a secret seed, holds the hidden cases; the grader names its folder in HIDDEN_CASES.
"""

import json
import os
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from helpers.activations import ACTIVATIONS

HIDDEN_CASES = "BACKPROP_HIDDEN_CASES"  # environment variable: a folder of <assignment>.json
RAISES = "raises"  # stands for an output where the mistake stops with an error


@dataclass(frozen=True)
class Words:
    """What to say when a mistake is found."""

    message: str
    equation: str
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """One call of a graded function: its inputs, the right output, and the output of each named mistake."""

    code: str  # replays the case; a hidden one only where its course's hidden cases are
    hidden: bool
    description: str
    inputs: dict
    right: object
    wrong: dict[str, object]


@dataclass(frozen=True)
class Exercise:
    """A graded function: what it is called, what it returns, how it is tried, and its named mistakes."""

    assignment: str
    name: str
    quantity: str  # the board's name for what it returns
    kind: str  # function, formula (a sympy expression, tried with symbols), derivation (a list of them) or design
    builds_on: tuple[str, ...]  # the earlier graded functions that it uses
    cases: tuple[Case, ...]
    words: dict[str, Words] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)  # of a derivation: what its further letters stand for
    lines: int = 0  # of a derivation: how many it has at least
    design: dict[str, str] = field(default_factory=dict)  # of a design: the mistakes to expose, and their words
    withheld: bool = False  # the outputs are not here: while grading, answers are judged elsewhere


def load(assignment, name):
    """Return the Exercise ``name``, its visible cases first and then, where the grader offers them, the hidden ones.

    Raises ValueError when there is no such assignment or exercise, with the names that there are.
    """
    data = _read(files("helpers.cases") / f"{assignment}.json", assignment)
    if name not in data["exercises"]:
        raise ValueError(f"no exercise {name!r} in {assignment}; there is {', '.join(data['exercises'])}")
    exercise = data["exercises"][name]
    code = f"{assignment[:2]}-{name}-"
    cases = [_case(case, f"{code}{k}") for k, case in enumerate(exercise["cases"], 1)]
    if folder := os.environ.get(HIDDEN_CASES):
        hidden = _read(Path(folder) / f"{assignment}.json", assignment)
        cases += [_case(case, f"{code}h{k}", True) for k, case in enumerate(hidden["exercises"][name]["cases"], 1)]
    words = {tag: Words(w["message"], w["equation"], tuple(w["hints"])) for tag, w in exercise["words"].items()}
    return Exercise(
        assignment,
        name,
        exercise["quantity"],
        exercise["kind"],
        tuple(exercise["builds_on"]),
        tuple(cases),
        words,
        exercise.get("given", {}),
        exercise.get("lines", 0),
        exercise.get("design", {}),
        data.get("withheld", False),
    )


def pair_fingerprints(assignment, name):
    """Return (mistake, mistake, a fingerprint for each visible case) for the pairs that differ from either alone."""
    path = files("helpers.cases") / f"{assignment}-pairs.json"
    data = _read(path, assignment) if path.is_file() else {}
    return [(*pair.split("+"), prints) for pair, prints in data.get(name, {}).items()]


def assignments():
    """Return the names of the assignments that have reference outputs, in order."""
    names = [path.name for path in files("helpers.cases").iterdir() if path.name.endswith(".json")]
    return sorted(name.removesuffix(".json") for name in names if not name.endswith("-pairs.json"))


def exercises(assignment):
    """Return the names of the graded functions of an assignment, in the order of the notebook."""
    return list(_read(files("helpers.cases") / f"{assignment}.json", assignment)["exercises"])


def replay(code):
    """Return the inputs of the case with this code, as a dict: call your function with ``**replay(code)``.

    A hidden case (its number begins with h) is found where HIDDEN_CASES names its course's folder.
    Raises ValueError when no case here has this code.
    """
    number, _, rest = str(code).partition("-")
    name, _, _ = rest.rpartition("-")
    for assignment in assignments():
        if assignment.startswith(f"{number}-") and name in exercises(assignment):
            for case in load(assignment, name).cases:
                if case.code == code:
                    return case.inputs
    raise ValueError(f"no case has the code {code!r}; a verdict's last line shows one, such as 01-gradient-1")


def _read(path, assignment):
    if not path.is_file():
        raise ValueError(f"no reference outputs for {assignment!r} ({path.name}); there are {', '.join(assignments())}")
    stamp = path.stat().st_mtime_ns if isinstance(path, Path) else 0
    return _parse(path, stamp)


@cache
def _parse(path, stamp):
    return json.loads(path.read_text(encoding="utf-8"))


def _case(case, code, hidden=False):
    wrong = {tag: decode(value) for tag, value in case["wrong"].items()}
    return Case(code, hidden, case["description"], decode(case["inputs"]), decode(case["right"]), wrong)


def stops(output):
    """Return whether an output stands for an error."""
    return isinstance(output, str) and output == RAISES


def decode(value):
    """Return plain JSON as the value it stands for: lists are arrays, {"function": name} is an activation."""
    if isinstance(value, dict) and value.keys() == {"function"}:
        return ACTIVATIONS[value["function"]]
    if isinstance(value, dict):
        return {key: decode(entry) for key, entry in value.items()}
    return np.array(value) if isinstance(value, list) else value


def encode(value):
    """Return a number, string, array or dict of them as plain JSON; int arrays stay int, float arrays float."""
    if isinstance(value, dict):
        return {key: encode(entry) for key, entry in value.items()}
    if callable(value):
        return {"function": value.__name__}
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
