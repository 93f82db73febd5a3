"""Ask a student's function what it returns, and say what is right or wrong with it.

``ask`` runs the answer and brings back plain data; ``helpers.judging`` compares the data and never runs anything.
"""

import contextlib
import copy
import inspect
import io
import traceback
import warnings
from dataclasses import dataclass, replace

import numpy as np

from helpers import reference
from helpers.judging import carried_from, judge

_found: dict[str, dict] = {}  # assignment -> {graded function: the mistake found in it at its last check}


@dataclass(frozen=True)
class Answer:
    """What one call of the answer gave, as plain data."""

    value: object = None
    error: str | None = None  # what it raised, and where
    attempted: bool = True
    missing: str | None = None  # the unwritten function that it called
    changed: tuple[str, ...] = ()  # the arguments that it modified
    warning: str | None = None


def check(assignment, exercise, function):
    """Return the Verdict on ``function`` as the graded function ``exercise`` of ``assignment``.

    Never raises on an answer, whatever the answer does.
    Raises ValueError when there is no such assignment or exercise; BrokenCheck when the check itself is altered here.
    """
    asked = reference.load(assignment, exercise)
    ask = ask_formula if asked.formula else ask_function
    verdict = judge(asked, [ask(function, case.inputs, aloud=k == 0) for k, case in enumerate(asked.cases)])
    found = _found.setdefault(assignment, {})
    found[exercise] = verdict.mistake
    return replace(verdict, carried=carried_from(asked, verdict.mistake, found))


def ask_function(function, inputs, aloud=True):
    """Return the Answer of ``function`` to copies of ``inputs``; what it prints is shown only when ``aloud``."""
    if function is None or function is Ellipsis:
        return Answer(attempted=False)
    if not callable(function):
        return Answer(error="check wants the function itself: write its name without brackets after it")
    given = copy.deepcopy(inputs)
    answer = _call(function, given, aloud)
    changed = tuple(name for name, before in inputs.items() if not _identical(before, given[name]))
    return Answer(**{**vars(answer), "changed": changed})


def ask_formula(function, inputs, aloud=True):
    """Return the Answer of a function that returns a sympy expression, evaluated at ``inputs`` exactly."""
    import sympy

    symbols = {name: sympy.Symbol(name, real=True) for name in inputs}
    if function is None or not callable(function):
        return ask_function(function, inputs, aloud)
    answer = _call(function, symbols, aloud)
    if not isinstance(answer.value, sympy.Basic) or answer.error:
        return answer
    free = {symbol: symbol.name for symbol in answer.value.free_symbols}
    if strange := sorted(set(free.values()) - set(symbols)):
        return Answer(error=f"the formula contains {', '.join(strange)}; use the arguments {', '.join(symbols)}")
    value = answer.value.subs({symbol: sympy.Rational(inputs[name]) for symbol, name in free.items()})
    return Answer(value=float(value) if value.is_real else None, warning=answer.warning)


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
