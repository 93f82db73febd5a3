"""Find the named mistake, or the two at once, that give a student's very answers.

A mistake explains an answer when, on every case, each quantity is the mistake's own or is right throughout, and not
all are right. Two mistakes at once are known by fingerprints: one number for each array, enough to recognise it.
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
    for key, words in exercise.words.items():
        if _explains(pairs, key):
            return Diagnosis(_tag(key), words, key)
    return _diagnose_pair(exercise, [(case, answer) for case, answer in pairs if not case.hidden])


def fingerprint(value):
    """Return one number for each array in an output: its entries, weighted each differently; None for an error."""
    if isinstance(value, dict):
        return [fingerprint(entry) for entry in value.values()]
    if stops(value):
        return None
    flat = np.ravel(np.asarray(value, float))
    return float(flat @ np.cos(1 + np.arange(flat.size)))


def _tag(key):
    return key.partition("/")[0]


def _explains(pairs, key):
    """Return whether the mistake ``key`` gives these very answers."""
    if any(stops(case.wrong[key]) != (answer.error is not None) for case, answer in pairs):
        return False
    told = [(case, answer) for case, answer in pairs if not answer.error]
    names = list(pairs[0][0].right) if isinstance(pairs[0][0].right, dict) else [None]
    right = [_agree(told, name, lambda case: case.right) for name in names]
    return not all(right) and all(
        r or _agree(told, name, lambda case: case.wrong[key]) for r, name in zip(right, names, strict=True)
    )


def _agree(told, name, output):
    """Return whether the answers equal ``output(case)`` on every case, in the quantity ``name``."""
    if name is None:
        return all(compare(answer.value, output(case)).alike for case, answer in told)
    return all(
        isinstance(answer.value, dict) and compare(answer.value.get(name), output(case)[name]).alike
        for case, answer in told
    )


def _diagnose_pair(exercise, seen):
    """Return the two mistakes whose combined outputs have the fingerprints of these answers, or None."""
    prints = [_own_fingerprint(case, answer) for case, answer in seen]
    if any(own is None for own in prints):
        return None
    places = [int(case.code.rpartition("-")[2]) - 1 for case, _ in seen]
    sizes = [_largest(answer.value) for _, answer in seen]
    for first, second, known in pair_fingerprints(exercise.assignment, exercise.name):
        if all(_fits(own, known[k], size) for own, k, size in zip(prints, places, sizes, strict=True)):
            return _both(exercise, first, second)
    return None


def _own_fingerprint(case, answer):
    """Return the fingerprint of an answer in the shapes of the right output, or None where it has others."""
    right, value = case.right, answer.value
    if answer.error or isinstance(right, dict) != isinstance(value, dict):
        return None
    if isinstance(right, dict):
        parts = {key: _in_shape(value.get(key), right[key]) for key in right}
        return None if any(part is None for part in parts.values()) else fingerprint(parts)
    shaped = _in_shape(value, right)
    return None if shaped is None else fingerprint(shaped)


def _in_shape(value, right):
    """Return ``value`` as an array of the shape of ``right``, or None."""
    value, problem = plain(value)
    return value if not problem and np.shape(value) == np.shape(right) else None


def _largest(value):
    entries = value.values() if isinstance(value, dict) else [value]
    return max(float(np.max(np.abs(plain(entry)[0]), initial=0)) for entry in entries)


def _fits(own, known, size):
    if isinstance(own, list):
        return known is not None and all(_fits(o, k, size) for o, k in zip(own, known, strict=True))
    return known is not None and abs(own - known) <= AGREE * size


def _both(exercise, first, second):
    one, two = exercise.words[first], exercise.words[second]
    message = f"Two things at once. {one.message} And: {two.message}"
    return Diagnosis(f"{_tag(first)}+{_tag(second)}", Words(message, one.equation, one.hints))
