"""Ask a student's function what it returns, and bring its answers back as plain data.

Nothing here knows a right answer: ``helpers.judging`` compares the data, and never runs anything.
"""

import contextlib
import copy
import inspect
import io
import traceback
import warnings
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from helpers.portable import portable


@dataclass(frozen=True)
class Answer:
    """What one call of the answer gave, as plain data."""

    value: object = None
    error: str | None = None  # what it raised, and where
    attempted: bool = True
    missing: str | None = None  # the unwritten function that it called
    changed: tuple[str, ...] = ()  # the arguments that it modified
    warning: str | None = None
    proved: bool = False  # of a derivation: sympy showed that its lines are equal for all values


def ask(kind, given, function, inputs, aloud=True):
    """Return the Answer of ``function`` to ``inputs``, asked as this kind of exercise wants it, as portable data."""
    if function is None or function is Ellipsis or not callable(function):
        return _no_function(function)
    try:
        return _asked(kind, given, function, inputs, aloud)
    except BaseException as raised:  # what a student's values and exceptions do when they are looked at
        return Answer(error=f"its answer cannot be looked at ({type(raised).__name__}{_stopped(raised)})")


def _stopped(raised):
    """Return what the grader says where it was the time that ended it."""
    return f": {raised}" if type(raised).__name__ == "OutOfTime" else ""


def _asked(kind, given, function, inputs, aloud):
    if kind == "formula":
        answer = ask_formula(function, inputs, aloud)
    elif kind == "derivation":
        answer = ask_derivation(function, inputs, given, aloud)
        if isinstance(answer.value, list):  # lines of several shapes
            return replace(answer, value=[portable(line) for line in answer.value])
    else:
        answer = ask_function(function, inputs, aloud)
    return replace(answer, value=portable(answer.value))


def _no_function(function):
    if callable(function) or function is None or function is Ellipsis:
        return Answer(attempted=False)
    return Answer(error="check wants the function itself: write its name without brackets after it")


@cache
def derivations():
    """Return the module that knows expressions, which takes a second to import and is kept from then on."""
    from helpers import derivations as module

    return module


def ask_function(function, inputs, aloud=True):
    """Return the Answer of ``function`` to copies of ``inputs``; what it prints is shown only when ``aloud``."""
    if not callable(function):
        return _no_function(function)
    given = copy.deepcopy(inputs)
    answer = _call(function, given, aloud)
    changed = tuple(name for name, before in inputs.items() if not _identical(before, given[name]))
    return Answer(**{**vars(answer), "changed": changed})


def ask_formula(function, inputs, aloud=True):
    """Return the Answer of a function that returns a sympy expression: its value at ``inputs``."""
    answer = _call(function, derivations().letters(inputs, {}), aloud)
    if answer.error or not derivations().is_line(answer.value):
        return answer
    value, problem = _value(answer.value, inputs, {})
    return Answer(error=f"the formula {problem}") if problem else Answer(value=value, warning=answer.warning)


def ask_derivation(function, inputs, given, aloud=True):
    """Return the Answer of a function that returns a list of expressions: the value of each line at ``inputs``."""
    answer = _call(function, derivations().letters(inputs, given), aloud)
    lines = answer.value
    if answer.error or not answer.attempted:
        return answer
    if not isinstance(lines, list | tuple) or not lines:
        return Answer(error="return a list of lines, each an expression in the arguments")
    values = []
    for number, line in enumerate(lines, 1):
        value, problem = _value(line, inputs, given)
        if problem:
            return Answer(error=f"line {number} {problem}")
        values.append(value)
    return Answer(value=values, proved=derivations().proved(lines, inputs, given), warning=answer.warning)


def _value(line, inputs, given):
    """Return the value of a line at ``inputs`` and None; or None and what is wrong with the line."""
    if problem := derivations().problem(line, inputs, given):
        return None, problem
    try:
        value = derivations().evaluate(line, inputs, given)
    except Exception as raised:  # such as a function called with two arguments
        return None, f"has no value at the point that was tried: {raised}"
    return value, None if derivations().is_real(value) else "has no real value at the point that was tried"


def _call(function, arguments, aloud):
    out = contextlib.nullcontext() if aloud else contextlib.redirect_stdout(io.StringIO())
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stderr(io.StringIO()), out:
        warnings.simplefilter("always")
        try:
            value = function(**arguments) if _takes(function, arguments) else function(*arguments.values())
        except NotImplementedError as raised:
            return Answer(attempted=False, missing=_unwritten(raised, function))
        except BaseException as raised:  # a student's function may raise anything, even SystemExit
            return Answer(error=_describe(raised, function))
    return Answer(value=value, warning=str(caught[0].message) if caught else None)


def _takes(function, arguments):
    """Return whether the function can be called by the exercise's names; else they go by position."""
    try:
        inspect.signature(function).bind(**arguments)
    except (TypeError, ValueError):
        return False
    return True


def _frames(raised):
    """Return the frames of a traceback below ``_call``: the student's."""
    return traceback.extract_tb(raised.__traceback__)[1:]


def _unwritten(raised, function):
    """Return the name of the function that is not written yet, where it is not ``function`` itself."""
    frames = _frames(raised)
    name = frames[-1].name if frames else None
    return name if name not in (None, getattr(function, "__name__", None)) else None


def _describe(raised, function):
    """Return one line: what was raised, and on which line of the student's own code."""
    kind = type(raised).__name__
    text = f"{kind}: {str(raised).strip()}" if str(raised).strip() else kind
    own = getattr(getattr(function, "__code__", None), "co_filename", None)
    mine = [frame for frame in _frames(raised) if frame.filename == own] or _frames(raised)
    if not mine:
        return text
    line = f", in line {mine[-1].lineno} of its cell" if own and "ipykernel" in own else ""
    source = f":\n    {mine[-1].line}" if mine[-1].line else ""
    return f"{text}{line}{source}"


def _identical(before, after):
    """Return whether a plain value, array or dict of them is still what it was."""
    if isinstance(before, dict):
        return (
            isinstance(after, dict)
            and before.keys() == after.keys()
            and all(_identical(before[key], after[key]) for key in before)
        )
    same_type = type(before) is type(after) and getattr(before, "dtype", None) == getattr(after, "dtype", None)
    return same_type and np.shape(before) == np.shape(after) and bool(np.all(before == after))
