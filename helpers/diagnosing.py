"""Find the named mistake, or the two at once, that give a student's very answers.

A mistake explains an answer when, on every case, each quantity is the mistake's own or is right throughout, and not
all are right; a mistake that gives every quantity goes before one that gives only the wrong ones. Two mistakes at once
are known by fingerprints: one number for each array, enough to recognise it.
"""

from dataclasses import dataclass

import numpy as np

from helpers.comparing import compare, plain
from helpers.reference import Exercise, Words, pair_fingerprints, stops

AGREE = 1e-9  # of the largest entry: how well an answer's fingerprint must fit that of a pair


@dataclass(frozen=True)
class Diagnosis:
    """The mistake that explains an answer: its tag, or two tags with a plus sign, and what to say."""

    tag: str
    words: Words
    key: str | None = None  # in the library; None for a pair


def diagnose(exercise: Exercise, pairs) -> Diagnosis | None:
    """Return what explains the answers on all cases, or None; one mistake is tried before two."""
    pairs = [(case, answer) for case, answer in pairs if not _undefined(case, answer)]
    told = [(case, answer.value) for case, answer in pairs if not answer.error]
    names = dict.fromkeys(name for case, _ in pairs for name in _names(case.right))
    wrong = [name for name in names if not _agree(told, name, lambda case: case.right)]
    possible = [key for key in exercise.words if wrong and _stops_alike(pairs, key) and _gives(told, wrong, key)]
    if possible:
        key = next((key for key in possible if _gives(told, names, key)), possible[0])
        return Diagnosis(_tag(key), exercise.words[key], key)
    return _diagnose_pair(exercise, [(case, answer) for case, answer in pairs if not case.hidden])


def _undefined(case, answer):
    """Return whether the answer is nan where the right output is zero: 0/0, beside whatever else is wrong."""
    return not isinstance(case.right, dict) and not np.any(case.right) and "contains" in (plain(answer.value)[1] or "")


def fingerprint(value):
    """Return one number for each array in an output: its entries, weighted each differently; None for an error."""
    if isinstance(value, dict):
        return [fingerprint(entry) for entry in value.values()]
    if stops(value):
        return None
    flat = np.ravel(np.asarray(value, float))
    with np.errstate(all="ignore"):
        return float(np.sum(flat * np.cos(1 + np.arange(flat.size))))


def _tag(key):
    return key.partition("#")[0]


def _gives(told, names, key):
    """Return whether the answers are the mistake's in these quantities."""
    return all(_agree(told, name, lambda case: case.wrong[key]) for name in names)


def _stops_alike(pairs, key):
    """Return whether the answers stop with an error on just the cases where the mistake does."""
    return all(stops(case.wrong[key]) == (answer.error is not None) for case, answer in pairs)


def _agree(told, name, output):
    """Return whether the answers equal ``output(case)`` on every case, in the quantity ``name``."""
    if name is None:
        return all(compare(value, output(case)).alike for case, value in told)
    return all(
        isinstance(value, dict) and compare(value.get(name), output(case)[name]).alike
        for case, value in told
        if name in case.right
    )


def _names(output):
    """Return the names of the quantities in an output: those of a dict, or the one name None."""
    return list(output) if isinstance(output, dict) else [None]


def _diagnose_pair(exercise, seen):
    """Return the two mistakes whose combined outputs have the fingerprints of these answers, or None."""
    shaped = [_in_right_shapes(case, answer) for case, answer in seen]
    if any(value is None and not answer.error for value, (_, answer) in zip(shaped, seen, strict=True)):
        return None
    prints = [None if value is None else fingerprint(value) for value in shaped]
    sizes = [0 if value is None else _largest(value) for value in shaped]
    places = [int(case.code.rpartition("-")[2]) - 1 for case, _ in seen]
    for first, second, known in pair_fingerprints(exercise.assignment, exercise.name):
        if all(_fits(own, known[k], size) for own, k, size in zip(prints, places, sizes, strict=True)):
            return _both(exercise, first, second)
    return None


def _in_right_shapes(case, answer):
    """Return an answer as arrays in the shapes of the right output, or None where it is an error or has others."""
    right, value = case.right, answer.value
    if answer.error or isinstance(right, dict) != isinstance(value, dict):
        return None
    if isinstance(right, dict):
        parts = {key: _in_shape(value.get(key), right[key]) for key in right}
        return None if any(part is None for part in parts.values()) else parts
    return _in_shape(value, right)


def _in_shape(value, right):
    """Return ``value`` as an array of the shape of ``right``, or None."""
    value, problem = plain(value)
    return value if not problem and np.shape(value) == np.shape(right) else None


def _largest(value):
    entries = value.values() if isinstance(value, dict) else [value]
    return max(float(np.max(np.abs(entry), initial=0)) for entry in entries)


def _fits(own, known, size):
    if own is None or known is None:
        return own is known
    if isinstance(own, list):
        return all(_fits(o, k, size) for o, k in zip(own, known, strict=True))
    return abs(own - known) <= AGREE * size


def _both(exercise, first, second):
    one, two = exercise.words[first], exercise.words[second]
    message = f"Two things at once. {one.message} And: {two.message}"
    return Diagnosis(f"{_tag(first)}+{_tag(second)}", Words(message, one.equation, one.hints))
