"""Make the reference outputs of an assignment, and refuse cases on which a named mistake is invisible.

``python -m helpers.build [assignment ...]`` writes helpers/cases/<assignment>.json, the cases that everybody sees.
The grader makes the hidden ones by the same rules, from a secret seed.
"""

import json
import sys
import warnings
from itertools import permutations
from pathlib import Path

import numpy as np

from helpers import answers, mistakes, reference
from helpers.comparing import compare
from helpers.diagnosing import fingerprint

VISIBLE_SEED = 1986
VISIBLE = Path(reference.__file__).parent / "cases"
ROUNDING, NOTHING = 1e-9, 1e-13  # of a number, and beside 0: less is no difference
BARELY = 1e-3  # an output that is off by less, next to its largest entry, would hide a mistake


def build(assignment, seed, draws=500):
    """Return the reference outputs of ``assignment`` for a seed, as plain JSON.

    Raises ValueError, naming the mistakes that stay invisible, when no draw shows them all.
    """
    module = answers.room(assignment)
    problems = drawn(assignment, seed, draws)
    exercises = {name: _exercise(assignment, name, problems) for name in answers.exercises(module.Right)}
    return {"assignment": assignment, "exercises": exercises}


def drawn(assignment, seed, draws=500):
    """Return the first problems that a seed draws on which every mistake shows."""
    module = answers.room(assignment)
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        problems = module.problems(rng)
        hidden = {name: _invisible(assignment, name, problems) for name in answers.exercises(module.Right)}
        if not any(hidden.values()):
            return problems
    text = "; ".join(f"{', '.join(tags)} in {name}" for name, tags in hidden.items() if tags)
    raise ValueError(f"{assignment}: no case shows {text}")


def write(assignment, seed, folder):
    """Write the reference outputs of ``assignment`` into ``folder``; return the path."""
    return _write(Path(folder) / f"{assignment}.json", build(assignment, seed), indent=1)


def write_pairs(assignment, folder=VISIBLE):
    """Write the fingerprints of two mistakes at once into ``folder``; return the path."""
    return _write(Path(folder) / f"{assignment}-pairs.json", pairs(assignment), indent=0)


def _write(path, data, indent):
    """Write JSON; numbers that differ by rounding from those already there stay: machines add up in another order."""
    data = json.loads(json.dumps(data))
    if path.exists():
        data = settled(data, json.loads(path.read_text(encoding="utf-8")))
    path.write_text(json.dumps(data, indent=indent, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def settled(new, old):
    """Return the JSON ``new``, with the numbers of ``old`` where the two differ by rounding alone."""
    if isinstance(new, dict) and isinstance(old, dict):
        return {key: settled(entry, old[key]) if key in old else entry for key, entry in new.items()}
    if isinstance(new, list) and isinstance(old, list) and len(new) == len(old):
        return [settled(*both) for both in zip(new, old, strict=True)]
    close = isinstance(new, float) and isinstance(old, float) and abs(new - old) <= max(ROUNDING * abs(old), NOTHING)
    return old if close else new


def pairs(assignment, seed=VISIBLE_SEED):
    """Return {exercise: {"one+other": a fingerprint for each case}} of two mistakes at once, as plain JSON.

    Left out: pairs that give what one of the two, the right answer or an earlier pair gives, and exercises that stand
    alone, such as numbers worked by hand.
    """
    problems = drawn(assignment, seed)
    graded = answers.exercises(answers.room(assignment).Right)
    return {name: _pairs(assignment, name, problems) for name, method in graded.items() if not method.alone}


def _pairs(assignment, name, problems):
    module = answers.room(assignment)
    cases = answers.cases(module, name, problems).values()
    library = mistakes.library(assignment, name, problems)

    def prints(cls):
        return [fingerprint(output(cls, name, inputs)) for inputs in cases]

    known = {_rounded(prints(cls)) for cls in (module.Right, *library.values())}
    found = {}
    for (one, first), (other, second) in permutations(library.items(), 2):
        made = prints(type(f"{one}_and_{other}", (first, second), {}))
        if _tells(made) and _rounded(made) not in known:
            known.add(_rounded(made))
            found[f"{one}+{other}"] = made
    return found


def _tells(prints):
    """Return whether a pair gives numbers on two cases at least, and nowhere anything but numbers or an error."""
    numbers = [made for made in prints if made is not None]
    return len(numbers) >= min(2, len(prints)) and all(np.all(np.isfinite(np.asarray(made, float))) for made in numbers)


def _rounded(prints):
    """Return fingerprints as a text that is the same for outputs that are the same to rounding."""
    if isinstance(prints, list):
        return "[" + " ".join(map(_rounded, prints)) + "]"
    return "error" if prints is None else f"{prints + 0.0:.7g}"


def output(cls, name, inputs):
    """Return what the graded function ``name`` gives with a mistake (or with none: Right), or RAISES."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return getattr(cls(), name)(**inputs)
    except (ValueError, IndexError):  # shapes that do not fit
        return reference.RAISES


def shows(wrong, right):
    """Return whether a wrong output can be told from the right one."""
    return not reference.stops(wrong) and not compare(wrong, right).alike


def _barely(wrong, right):
    """Return whether a wrong output is so close to the right one that rounding might hide it."""
    if isinstance(wrong, dict):
        return any(_barely(wrong[key], right[key]) for key in wrong)
    if np.shape(wrong) != np.shape(right) or not shows(wrong, right):
        return False
    return np.max(np.abs(np.subtract(wrong, right))) < BARELY * np.max(np.abs(right))


def _invisible(assignment, name, problems):
    """Return the tags of the mistakes that no case of this graded function shows well."""
    module = answers.room(assignment)
    cases = answers.cases(module, name, problems)
    right = {description: output(module.Right, name, inputs) for description, inputs in cases.items()}
    tags = []
    for key, cls in mistakes.library(assignment, name, problems).items():
        wrong = {description: output(cls, name, inputs) for description, inputs in cases.items()}
        shown = any(shows(wrong[d], right[d]) for d in cases)
        if not shown or any(_barely(wrong[d], right[d]) for d in cases):
            tags.append(key)
    return tags


def _exercise(assignment, name, problems):
    """Return one graded function's entry: its cases, its mistakes' outputs and their words."""
    module = answers.room(assignment)
    method = answers.exercises(module.Right)[name]
    cases = answers.cases(module, name, problems)
    library = mistakes.library(assignment, name, problems)
    return {
        "quantity": method.quantity,
        "kind": method.kind,
        **{key: value for key, value in method.details.items() if value},
        "builds_on": answers.builds_on(module, name, problems),
        "words": {key: _words(cls, name) for key, cls in library.items()},
        "cases": [_case(module.Right, name, library, *case) for case in cases.items()],
    }


def _words(cls, name):
    message = getattr(cls, "says", {}).get(name, cls.__doc__)
    return {"message": " ".join(message.split()), "equation": cls.equation, "hints": list(cls.hints)}


def _case(right, name, library, description, inputs):
    wrong = {key: reference.encode(output(cls, name, inputs)) for key, cls in library.items()}
    return {
        "description": description,
        "inputs": reference.encode(inputs),
        "right": reference.encode(output(right, name, inputs)),
        "wrong": wrong,
    }


def main(assignments):
    """Write the cases and the pairs of the assignments named, or of all."""
    for assignment in assignments or answers.ROOMS:
        print(write(assignment, VISIBLE_SEED, VISIBLE))
        write_pairs(assignment)


if __name__ == "__main__":
    main(sys.argv[1:])
