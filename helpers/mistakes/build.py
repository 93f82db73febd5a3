"""Make the reference outputs of an assignment, and refuse cases on which a named mistake is invisible.

``python -m helpers.mistakes.build`` writes helpers/cases/<assignment>.json, the cases that everybody sees.
The grader makes the hidden ones by the same rules, from a secret seed.
"""

import json
import warnings
from pathlib import Path

import numpy as np

from helpers import mistakes, reference
from helpers.comparing import compare

VISIBLE_SEED = 1986
VISIBLE = Path(reference.__file__).parent / "cases"
BARELY = 1e-3  # an output that is off by less, next to its largest entry, would hide a mistake
HAND = "the worked example, all integers"


def build(assignment, seed, draws=500):
    """Return the reference outputs of ``assignment`` for a seed, as plain JSON.

    Raises ValueError, naming the mistakes that stay invisible, when no draw shows them all.
    """
    module = mistakes.room(assignment)
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        problems = module.problems(rng)
        hidden = [name for name in mistakes.exercises(module.Right) if _invisible(module, name, problems)]
        if not hidden:
            break
    else:
        raise ValueError(
            f"{assignment}: no case shows "
            + "; ".join(f"{', '.join(_invisible(module, name, problems))} in {name}" for name in hidden)
        )
    exercises = {name: _exercise(module, name, problems) for name in mistakes.exercises(module.Right)}
    return {"assignment": assignment, "exercises": exercises}


def write(assignment, seed, folder):
    """Write the reference outputs of ``assignment`` into ``folder``; return the path."""
    path = Path(folder) / f"{assignment}.json"
    text = json.dumps(build(assignment, seed), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def library(module, name):
    """Return {key: mistake} of the mistakes that a graded function can make: in a step that it uses, and can show.

    The key is the tag, or tag/class for a second mistake with the same tag.
    """
    hides = mistakes.exercises(module.Right)[name].hides
    inputs = next(iter(_inputs(module, name, module.problems(np.random.default_rng(0))).values()))
    keyed = {}
    for cls in mistakes.mistakes(module):
        tag = mistakes.tag_of(cls)
        if tag not in hides and mistakes.touches(module.Right, cls, name, inputs):
            keyed[f"{tag}/{cls.__name__}" if tag in keyed else tag] = cls
    return keyed


def _inputs(module, name, problems):
    """Return {description: inputs} of a graded function: what it names, from each problem; the worked example last."""
    names = mistakes.arguments(mistakes.exercises(module.Right)[name])
    if not names:
        return {HAND: {}}
    cases = {
        description: {key: problem.get(name, problem)[key] for key in names}
        for description, problem in problems.items()
    }
    if set(names) <= {*module.BY_HAND, "j"}:
        cases[HAND] = {key: module.BY_HAND.get(key, 2) for key in names}
    return cases


def _output(cls, name, inputs):
    """Return what the graded function gives with this mistake, or RAISES."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(cls(), name)(**inputs)
    except (ValueError, IndexError):  # shapes that do not fit
        return reference.RAISES


def _shows(wrong, right):
    """Return whether a wrong output can be told from the right one."""
    if isinstance(wrong, str) and wrong == reference.RAISES:
        return False
    return not compare(wrong, right).alike


def _barely(wrong, right):
    """Return whether a wrong output is so close to the right one that rounding might hide it."""
    if isinstance(wrong, dict):
        return any(_barely(wrong[key], right[key]) for key in wrong)
    if np.shape(wrong) != np.shape(right) or isinstance(wrong, str) or not _shows(wrong, right):
        return False
    return np.max(np.abs(np.subtract(wrong, right))) < BARELY * np.max(np.abs(right))


def _invisible(module, name, problems):
    """Return the tags of the mistakes that no case of this graded function shows well."""
    cases = _inputs(module, name, problems)
    right = {description: _output(module.Right, name, inputs) for description, inputs in cases.items()}
    tags = []
    for cls in library(module, name).values():
        wrong = {description: _output(cls, name, inputs) for description, inputs in cases.items()}
        shown = any(_shows(wrong[d], right[d]) for d in cases)
        if not shown or any(_barely(wrong[d], right[d]) for d in cases):
            tags.append(mistakes.tag_of(cls))
    return tags


def _exercise(module, name, problems):
    """Return one graded function's entry: its cases, its mistakes' outputs and their words."""
    method = mistakes.exercises(module.Right)[name]
    cases = _inputs(module, name, problems)
    relevant = library(module, name)
    return {
        "quantity": method.quantity,
        "formula": method.formula,
        "words": {key: _words(cls, name) for key, cls in relevant.items()},
        "cases": [_case(description, inputs, module.Right, relevant, name) for description, inputs in cases.items()],
    }


def _words(cls, name):
    message = getattr(cls, "says", {}).get(name, cls.__doc__)
    return {"message": " ".join(message.split()), "equation": cls.equation, "hints": list(cls.hints)}


def _case(description, inputs, right, relevant, name):
    wrong = {key: reference.encode(_output(cls, name, inputs)) for key, cls in relevant.items()}
    return {
        "description": description,
        "inputs": reference.encode(inputs),
        "right": reference.encode(_output(right, name, inputs)),
        "wrong": wrong,
    }


if __name__ == "__main__":
    for assignment in mistakes.ROOMS:
        print(write(assignment, VISIBLE_SEED, VISIBLE))
