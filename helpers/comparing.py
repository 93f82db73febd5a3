"""Compare one answer with one output: values, layout, type, and the first wrong entry."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from helpers.portable import Foreign, kind, portable

RTOL = 1e-5  # of the largest entry of each array: float32 inside passes, and the mistakes differ by more than 1e-3
RTOL_SINGLE = 1e-4  # for an answer computed in float32
ZERO = 1e-12  # where the right output is zero in every entry


@dataclass(frozen=True)
class Comparison:
    """How one answer compares with one output."""

    same: bool  # equal in shape and values
    alike: bool  # equal in values, perhaps in another layout
    note: str = ""  # which layout, or what is wrong with type or shape
    where: str | None = None  # the quantity, or the first wrong one of a dict
    key: str | None = None  # that one's key
    off: str = ""  # the first wrong entries of an array
    grid: tuple = ()  # how far off each entry is, from 0 to 1, in rows
    later: tuple[str, ...] = ()  # what else is wrong in a dict, in the order of computation


def compare(value, expected, quantity="the result", tell=True) -> Comparison:
    """Return how ``value`` compares with ``expected``: a number, an array or a dict of them.

    quantity  its name; with {} in it, the name of each entry of a dict
    tell      by how much it is off; not where that would be the answer
    """
    if isinstance(expected, dict):
        return _compare_dicts(value, expected, quantity, tell)
    value, problem = plain(value)
    if problem:
        return Comparison(False, False, note=f"{quantity} {problem}", where=quantity)
    return _compare_arrays(np.asarray(value), np.asarray(expected), quantity, tell)


def plain(value):
    """Return ``value`` as a number or array, and None; or None and what is wrong with its type."""
    value = portable(value)
    if value is None:
        return None, "is None: is there a return?"
    if isinstance(value, bool | str | dict | Foreign):
        return None, f"is {_article(kind(value))}, not numbers"
    array = np.array(value)
    if array.dtype.kind not in "iuf":
        return None, f"is {_article(kind(value))} of {array.dtype}, not of real numbers"
    if not np.all(np.isfinite(array)):
        return None, f"contains {array[~np.isfinite(array)].flat[0]}"
    return array, None


def _compare_dicts(value, expected, quantity, tell):
    names = {key: quantity.format(key) if "{" in quantity else key for key in expected}
    if not isinstance(value, dict):
        found = _article(kind(portable(value)))
        return Comparison(False, False, note=f"the result is {found}, not a dict with {', '.join(expected)}")
    if missing := [key for key in expected if value.get(key) is None]:
        return Comparison(False, False, note=f"{missing[0]} is missing from the dict", where=names[missing[0]])
    parts = {key: compare(value[key], expected[key], names[key], tell) for key in expected}
    wrong = [key for key, part in parts.items() if not part.alike]
    if wrong:
        return replace(
            parts[wrong[0]], where=names[wrong[0]], key=wrong[0], later=tuple(names[key] for key in wrong[1:])
        )
    notes = [part.note for part in parts.values() if part.note]
    return Comparison(not notes, True, note=notes[0] if notes else "")


def _compare_arrays(value, expected, quantity, tell):
    if value.shape == expected.shape:
        wrong = ~_close(value, expected)
        if not wrong.any():
            return Comparison(True, True)
        off = _first_wrong(value, expected, wrong, quantity, tell)
        grid = _grid(value, expected) if tell and not _is_choice(expected, quantity) else ()
        return Comparison(False, False, where=quantity, off=off, grid=grid)
    for layout, note in _other_layouts(value, expected.shape, quantity):
        if _close(layout, expected).all():
            return Comparison(False, True, note=note)
    note = f"{quantity} has shape {value.shape}; it should be {_shape(expected.shape)}"
    return Comparison(False, False, where=quantity, note=note)


def _close(value, expected):
    """Return which entries agree, next to the largest entry of this very array."""
    rtol = RTOL_SINGLE if value.dtype in (np.float32, np.float16) else RTOL
    scale = np.max(np.abs(expected), initial=0)
    return np.abs(value.astype(float) - expected) <= (rtol * scale if scale else ZERO)


def _grid(value, expected):
    """Return how far off each entry is, next to the worst, from 0 to 1, in rows; nothing where all are off."""
    if expected.size > 200 or not _close(value, expected).any():
        return ()
    error = np.where(_close(value, expected), 0, np.abs(value - expected))
    rows = np.atleast_2d(error / np.max(error)).round(2)
    return tuple(map(tuple, rows.tolist()))


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
    """Return words for the first wrong entries: yours, and by how much they are off unless that gives a choice away."""
    if _is_choice(expected, quantity):
        chosen = [f"{entry:.6g}" for entry in np.ravel(value)]
        return f"{quantity}: {', '.join(chosen)} {'is' if len(chosen) == 1 else 'are'} not it."
    entries = []
    for index in np.argwhere(wrong)[:3] if tell else np.argwhere(wrong)[:1]:
        at = tuple(map(int, index))
        off = f", off by {value[at] - expected[at]:.6g}" if tell else ""
        entries.append(f"{list(at) if at else ''}: yours is {value[at]:.6g}{off}")
    count = f" ({wrong.sum()} of {wrong.size} entries are wrong)" if wrong.size > 1 else ""
    return f"{quantity}{'; '.join(entries)}{count}."


def _is_choice(expected, quantity):
    """Return whether an output is the number of a line, or the numbers of several: how far off says which."""
    return expected.dtype.kind == "i" and (not expected.ndim or quantity in ("lines", "entries"))


def _article(noun):
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
