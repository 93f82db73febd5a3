"""Compare one answer with one output: values, layout, type, and the first wrong entry."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

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
    if expected.dtype.kind == "i" and not expected.ndim:
        return f"{quantity}: {value[index]:.6g} is not it."  # a choice
    off = f", off by {value[index] - expected[index]:.6g}" if tell else ""
    count = f"; {wrong.sum()} of {wrong.size} entries are wrong" if wrong.size > 1 else ""
    return f"{name}: yours is {value[index]:.6g}{off}{count}."


def _article(noun):
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
