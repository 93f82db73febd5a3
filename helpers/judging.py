"""Compare answers with reference outputs and say what is right, wrong, and why.

Everything here is data against data: no answer is run, so it serves outside the student's process as well.
"""

import re

import numpy as np

from helpers.comparing import compare
from helpers.reference import Case, Exercise, stops
from helpers.verdict import Verdict


def judge(exercise: Exercise, answers) -> Verdict:
    """Return the Verdict on ``answers``, one for each case of the exercise, in order."""
    pairs = list(zip(exercise.cases, answers, strict=True))
    missing = [answer for _, answer in pairs if not answer.attempted]
    if missing:
        return Verdict(exercise.name, "not attempted", message=_not_attempted(missing[0]))
    compared = [
        (case, answer, compare(answer.value, case.right, exercise.quantity, tell=bool(case.inputs)))
        for case, answer in pairs
    ]
    failing = [entry for entry in compared if entry[1].error or not entry[2].alike]
    changed = sorted({name for _, answer in pairs for name in answer.changed})
    if changed and all(answer.error for _, answer, _ in failing):  # W -= step also stops where W holds integers
        return Verdict(exercise.name, "changed its argument", message=_changed(changed))
    if failing:
        return _wrong(exercise, pairs, *failing[0])
    notes = [comparison.note for _, _, comparison in compared if not comparison.same]
    if notes:
        return Verdict(exercise.name, "right in another convention", message=f"The values are right. {notes[0]}")
    return Verdict(exercise.name, "right", message=_praise(exercise, pairs))


def _wrong(exercise, pairs, case: Case, answer, comparison) -> Verdict:
    """Return the Verdict on an answer that fails on ``case``, with the mistake that explains all its outputs."""
    found = _diagnose(exercise, pairs)
    words = exercise.words.get(found)
    lines = [f"{words.message} See equation ({words.equation})."] if words else []
    if case.hidden:
        lines += [] if words else ["Wrong on data you have not seen: try your function on other shapes and types."]
    else:
        lines += _facts(answer, comparison) + _tried(case)
    lines += [f"It also changed its argument {', '.join(answer.changed)}."] if answer.changed else []
    tag, hint = (found.partition("/")[0], words.hints[0]) if words else (None, None)
    state = _state(answer, comparison, case, found)
    return Verdict(
        exercise.name,
        state,
        tag,
        comparison.where,
        "\n".join(lines),
        hint,
        case.code if case.inputs and case.code else None,
    )


def _state(answer, comparison, case, found):
    if answer.error:
        return "error"
    of_right_shape = found and not isinstance(case.right, dict) and np.shape(case.wrong[found]) == np.shape(case.right)
    return "wrong" if comparison.off or of_right_shape else "wrong type or shape"


def _facts(answer, comparison):
    """Return the lines that say what was seen: the error, the shape, or the first wrong entry."""
    facts = [_plainer(answer.error)] if answer.error else [comparison.off or f"{comparison.note}."]
    return facts + ([f"numpy warned: {answer.warning}"] if answer.warning else [])


def _plainer(error):
    """Return numpy's words on a product that cannot be formed in the words of the course."""
    sizes = re.search(r"\(size (\d+) is different from (\d+)\)", error)
    plain = f"this product cannot be formed, its inner sizes are {sizes[2]} and {sizes[1]}" if sizes else ""
    return re.sub(r"matmul: .*?\(size \d+ is different from \d+\)", plain, error) if sizes else error


def _tried(case):
    """Return a line with the shapes of the inputs that were tried, and their values where they are numbers."""
    shown = [f"{name} {_shown(value)}" for name, value in case.inputs.items()]
    return [f"Tried with {case.description}: {', '.join(shown)}."] if shown else []


def _shown(value):
    """Return an input in a few characters: a number itself, an array's shape, a function's name."""
    if isinstance(value, dict):
        return f"({', '.join(f'{key} {_shown(entry)}' for key, entry in value.items())})"
    if callable(value):
        return f"= {value.__name__}"
    return str(np.shape(value)) if np.ndim(value) else f"= {value}"


def _diagnose(exercise, pairs):
    """Return the first named mistake that gives this very answer on every case, or None."""
    return next((key for key in exercise.words if _explains(pairs, key)), None)


def _explains(pairs, key):
    """Return whether the mistake ``key`` gives these very answers: each quantity is its own throughout, or right."""
    if any(stops(case.wrong[key]) != (answer.error is not None) for case, answer in pairs):
        return False
    told = [(case, answer) for case, answer in pairs if not answer.error]
    wrong = [_agree(told, name, lambda case: case.wrong[key]) for name in _quantities(pairs)]
    right = [_agree(told, name, lambda case: case.right) for name in _quantities(pairs)]
    return all(w or r for w, r in zip(wrong, right, strict=True)) and not all(right)


def _quantities(pairs):
    """Return the names in the right output where that is a dict; else the one name None."""
    right = pairs[0][0].right
    return list(right) if isinstance(right, dict) else [None]


def _agree(told, name, output):
    """Return whether the answers equal ``output(case)`` on every case, in the quantity ``name``."""
    if name is None:
        return all(compare(answer.value, output(case)).alike for case, answer in told)
    return all(
        isinstance(answer.value, dict) and compare(answer.value.get(name), output(case)[name]).alike
        for case, answer in told
    )


def _not_attempted(answer):
    if answer.missing:
        return f"It calls {answer.missing}, which is not written yet: start there."
    return "Nothing here yet. Replace the two lines under the docstring by your answer, run the cell, and check again."


def _changed(names):
    their = ", ".join(names)
    return (
        f"The numbers are right, but the call changed its argument {their}: whoever called it now has others. "
        "Make a new array (A = A - B) instead of writing into the old one (A -= B)."
    )


def _praise(exercise, pairs):
    many = f"on all {len(pairs)} cases" if len(pairs) > 1 else ""
    warned = next((answer.warning for _, answer in pairs if answer.warning), None)
    return f"{'It agrees ' + many if many else 'Yes'}." + (f" (numpy warned: {warned})" if warned else "")
