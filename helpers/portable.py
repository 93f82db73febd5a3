"""What may travel out of a student's process: plain data, decoded strictly and bounded in size.

None, True, numbers, strings, lists and dicts of them, and arrays of numbers travel as themselves; anything else as the
name of its type. ``pack`` makes JSON of them, ``unpack`` makes them of JSON again; neither runs code of the value's.
"""

import base64
import math
import re
from dataclasses import dataclass

import numpy as np

MOST = 8_000_000  # bytes of an array, or characters of all strings
DEEP = 8  # dicts and lists within each other
NUMBERS = "biufc"  # kinds of dtype
DTYPE = re.compile(r"[<>|=][biufc]\d{1,2}\Z")


@dataclass(frozen=True)
class Foreign:
    """Stands for a value that is not plain data: the name of its type."""

    type: str


def portable(value, depth=0):
    """Return ``value`` as plain data: arrays of numbers, numbers, strings, lists, dicts, or Foreign."""
    if value is None or type(value) in (bool, float, Foreign):
        return value
    if type(value) is int:
        return value if -(2**63) <= value < 2**63 else Foreign("int of object")
    if type(value) is str:
        return value[:1000]
    if isinstance(value, np.bool_):
        return bool(value)
    kinds = type.mro(type(value))  # what it is, whatever it says of itself
    if dict in kinds and depth < DEEP:
        return {str(key)[:100]: portable(entry, depth + 1) for key, entry in list(dict.items(value))[:1000]}
    if callable(value) or {dict, str, bytes} & set(kinds):
        return Foreign(_name(value))
    return _numbers(value)


def _name(value):
    return type.__dict__["__name__"].__get__(type(value))[:80]


def _numbers(value):
    """Return a value as an array of numbers, or as a list or number where it is one; else Foreign."""
    name = _name(value)
    if getattr(value, "is_number", False):  # a sympy number
        return float(value) if value.is_real else complex(value)
    try:
        array = np.asarray(value)  # a view of one number may say that it is a thousand million
    except Exception:  # whatever a foreign object's conversion raises
        return Foreign(name)
    if array.dtype.kind not in NUMBERS:
        return Foreign(f"{name} of {array.dtype}")
    if array.nbytes > MOST:
        return Foreign(f"{name} of {array.size:,} numbers")
    few = array.size < 1000 and array.ndim <= DEEP
    return array.tolist() if type(value) in (list, tuple, complex) and few else np.array(array)


def kind(value):
    """Return the name of the type that portable data have, or stand for."""
    return value.type if isinstance(value, Foreign) else type(value).__name__


def pack(value):
    """Return portable data as JSON that ``unpack`` reads back."""
    if isinstance(value, np.ndarray):
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"array": data, "dtype": value.dtype.str, "shape": list(value.shape)}
    if isinstance(value, Foreign):
        return {"foreign": value.type}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, dict):
        return {"dict": [[key, pack(entry)] for key, entry in value.items()]}
    if isinstance(value, list):
        return {"list": [pack(entry) for entry in value]}
    return value


def unpack(data, depth=0):
    """Return what ``pack`` made JSON of. Raises ValueError on anything else, however it was forged."""
    if data is None or type(data) in (bool, float):
        return data
    if type(data) is int:
        return data if -(2**63) <= data < 2**63 else Foreign("int of object")
    if type(data) is str:
        return data[:1000]
    if type(data) is not dict or depth > 2 * DEEP:
        raise ValueError("not plain data")
    return _unpack_marked(data, depth)


def _unpack_marked(data, depth):
    match data:
        case {"array": str(text), "dtype": str(dtype), "shape": list(shape)} if len(data) == 3:
            return _array(text, dtype, shape)
        case {"foreign": str(name)} if len(data) == 1:
            return Foreign(name[:100])
        case {"complex": [float(real), float(imag)]} if len(data) == 1:
            return complex(real, imag)
        case {"dict": list(pairs)} if len(data) == 1:
            return {_key(pair): unpack(pair[1], depth + 1) for pair in pairs}
        case {"list": list(entries)} if len(data) == 1:
            return [unpack(entry, depth + 1) for entry in entries]
    raise ValueError("not plain data")


def _key(pair):
    if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
        raise ValueError("not plain data")
    return pair[0]


def _known(dtype):
    try:
        return np.dtype(dtype).kind in NUMBERS
    except TypeError:
        return False


def _array(text, dtype, shape):
    numbers = np.dtype(dtype) if DTYPE.match(dtype) and _known(dtype) else None
    if numbers is None or len(shape) > 64 or not all(type(n) is int and 0 <= n <= MOST for n in shape):
        raise ValueError("not an array of numbers")
    raw = base64.b64decode(text, validate=True)
    if len(raw) != math.prod(shape) * numbers.itemsize or len(raw) > MOST:
        raise ValueError("not an array of numbers")
    return np.frombuffer(raw, numbers).reshape(shape).copy()
