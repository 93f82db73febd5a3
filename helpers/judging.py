"""Compare answers with reference outputs and say what is right, wrong, and why.

Everything here is data against data: no answer is run, so it serves outside the student's process as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from helpers.reference import RAISES, Case, Exercise
from helpers.verdict import Verdict

RTOL = 1e-6  # of the largest entry of each array; the mistakes differ by more than 1e-3
RTOL_SINGLE = 1e-4  # for an answer computed in float32


@dataclass(frozen=True)
class Comparison:
    """How one answer compares with one output."""

    same: bool  # equal in shape and values
    alike: bool  # equal in values, perhaps in another layout
    note: str = ""  # which layout, or what is wrong with type or shape
    where: str | None = None  # the first wrong entry of a dict
    off: str = ""  # the first wrong entry of an array


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


def compare(value, expected, quantity="the result", tell=True) -> Comparison:
    """Return how ``value`` compares with ``expected``: a number, an array or a dict of them.

    ``tell`` by how much it is off; not where that would be the answer.
    """
    if isinstance(expected, dict):
        return _compare_dicts(value, expected, tell)
    value, problem = plain(value)
    if problem:
        return Comparison(False, False, note=f"{quantity} {problem}", where=quantity)
    return _compare_arrays(np.asarray(value), np.asarray(expected), quantity, tell)


def plain(value):
    """Return ``value`` as a number or array, and None; or None and what is wrong with its type."""
    if value is None:
        return None, "is None: is there a return?"
    if isinstance(value, bool | np.bool_ | str | dict) or callable(value):
        return None, f"is {_article(type(value).__name__)}, not numbers"
    if getattr(value, "is_number", False):  # a sympy number
        value = float(value) if value.is_real else complex(value)
    try:
        array = np.array(value)
    except Exception:  # whatever a foreign object's conversion raises
        return None, f"is {_article(type(value).__name__)}, not numbers"
    if array.dtype.kind not in "iuf":
        return None, f"is {_article(type(value).__name__)} of {array.dtype}, not of real numbers"
    if not np.all(np.isfinite(array)):
        return None, f"contains {array[~np.isfinite(array)].flat[0]}"
    return array, None


def _compare_dicts(value, expected, tell):
    if not isinstance(value, dict):
        kind = _article(type(value).__name__)
        return Comparison(False, False, note=f"the result is {kind}, not a dict with {', '.join(expected)}")
    for key in expected:
        if value.get(key) is None:
            return Comparison(False, False, note=f"{key} is missing from the dict", where=key)
    parts = {key: compare(value[key], expected[key], key, tell) for key in expected}
    for key, part in parts.items():
        if not part.alike:
            return Comparison(False, False, note=part.note, where=key, off=part.off)
    notes = [part.note for part in parts.values() if part.note]
    return Comparison(not notes, True, note=notes[0] if notes else "")


def _compare_arrays(value, expected, quantity, tell):
    if value.shape == expected.shape:
        wrong = ~_close(value, expected)
        if not wrong.any():
            return Comparison(True, True)
        return Comparison(False, False, where=quantity, off=_first_wrong(value, expected, wrong, quantity, tell))
    for layout, note in _other_layouts(value, expected.shape, quantity):
        if _close(layout, expected).all():
            return Comparison(False, True, note=note)
    return Comparison(
        False, False, where=quantity, note=f"{quantity} has shape {value.shape}; it should be {_shape(expected.shape)}"
    )


def _close(value, expected):
    """Return which entries agree, next to the largest entry of this very array."""
    rtol = RTOL_SINGLE if value.dtype in (np.float32, np.float16) else RTOL
    return np.abs(value.astype(float) - expected) <= rtol * np.max(np.abs(expected), initial=0)


def _other_layouts(value, shape, quantity) -> Iterator[tuple[np.ndarray, str]]:
    """Yield ``value`` in the expected shape, with the words for what it was, for each layout that fits."""
    if value.ndim == 2 and value.T.shape == shape:
        yield value.T, f"{quantity} is transposed: {value.shape} where this course has {_shape(shape)}."
    if value.size == np.prod(shape, dtype=int) and sorted(_long(value.shape)) == sorted(_long(shape)):
        yield value.reshape(shape), f"{quantity} has shape {value.shape} where this course has {_shape(shape)}."


def _long(shape):
    return [n for n in shape if n != 1]


def _shape(shape):
    return str(shape) if shape else "a plain number"


def _first_wrong(value, expected, wrong, quantity, tell):
    """Return words for the first wrong entry: yours, and by how much it is off unless that gives a choice away."""
    index = tuple(int(i) for i in np.argwhere(wrong)[0]) if value.ndim else ()
    name = f"{quantity}[{', '.join(map(str, index))}]" if index else quantity
    choice = expected.dtype.kind == "i" and not expected.ndim
    off = f", off by {value[index] - expected[index]:.6g}" if tell and not choice else ""
    count = f"; {wrong.sum()} of {wrong.size} entries are wrong" if wrong.size > 1 else ""
    return f"{name}: yours is {value[index]:.6g}{off}{count}."


def _wrong(exercise, pairs, case: Case, answer, comparison) -> Verdict:
    """Return the Verdict on an answer that fails on ``case``, with the mistake that explains all its outputs."""
    found = _diagnose(exercise, pairs)
    words = exercise.words.get(found)
    if answer.error:
        state, facts = "error", answer.error if not case.hidden else "It stops with an error on data you have not seen."
    else:
        state = "wrong" if comparison.off else "wrong type or shape"
        facts = comparison.off or f"{comparison.note}."
    lines = [f"{words.message} See equation ({words.equation})."] if words else []
    lines += [] if words and case.hidden else [_on(case, facts)]
    lines += [f"numpy warned: {answer.warning}"] if answer.warning and not case.hidden else []
    return Verdict(
        exercise.name,
        state,
        found and found.partition("/")[0],
        comparison.where,
        "\n".join(lines),
        words.hints[0] if words else None,
        case.code or None,
    )


def _on(case, facts):
    if case.hidden:
        return "Wrong on data you have not seen: try your function on other shapes and types."
    return f"{facts}\nTried with: {case.description}."


def _diagnose(exercise, pairs):
    """Return the first named mistake that gives this very answer on every case, or None."""
    return next((key for key in exercise.words if _explains(pairs, key)), None)


def _explains(pairs, key):
    """Return whether the mistake ``key`` gives these very answers: each quantity is its own throughout, or right."""
    stops = [isinstance(case.wrong[key], str) and case.wrong[key] == RAISES for case, _ in pairs]
    if stops != [answer.error is not None for _, answer in pairs]:
        return False
    told = [(case, answer) for (case, answer), stopped in zip(pairs, stops, strict=True) if not stopped]
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


def _article(noun):
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
