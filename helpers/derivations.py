"""Line-by-line derivations: every line is an expression, and each must equal the line before.

A line is decided at points: numbers of 30 digits for the letters, put in through the definitions (z = w x + b). Where
sympy is quick, neighbours are compared for all values as well.
"""

import itertools
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real

import sympy

DIGITS = 30
QUICK, LOW = 200, 6  # operations and powers: above, sympy's exact comparison may take more than a moment
FUNCTIONS = {
    "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
    "sigmoid_prime": lambda u: sympy.exp(-u) / (1 + sympy.exp(-u)) ** 2,
    "tanh": sympy.tanh,
    "tanh_prime": lambda u: 1 - sympy.tanh(u) ** 2,
    "relu": lambda u: sympy.Piecewise((u, u > 0), (0, True)),
    "relu_prime": lambda u: sympy.Piecewise((1, u > 0), (0, True)),
}


def letters(inputs, given):
    """Return {name: sympy symbol or function} for the inputs of a derivation and the letters that it defines."""
    made = {name: sympy.Function(name) if callable(value) else _symbols(name, value) for name, value in inputs.items()}
    return made | {name: sympy.Symbol(name, real=True) for name in given}


def _symbols(name, value):
    """Return a symbol for a number, and a sympy Matrix of them for an array (2-D)."""
    if not hasattr(value, "shape") or not value.shape:
        return sympy.Symbol(name, real=True)
    return sympy.Matrix(*value.shape, lambda i, j: sympy.Symbol(f"{name}_{i + 1}{j + 1}", real=True))


def is_line(value):
    """Return whether a value is an expression, a number or a matrix of them."""
    return isinstance(value, sympy.Expr | sympy.MatrixBase | Real) and not isinstance(value, bool)


def problem(line, inputs, given):
    """Return what is wrong with a line before its value is looked at, as the end of a sentence, or None."""
    if not is_line(line):
        what = "an equation: write its right side alone" if isinstance(line, sympy.Eq) else type(line).__name__
        return f"is not an expression: it is {what}"
    known = letters(inputs, given)
    line = sympy.sympify(line)
    names = {str(symbol) for symbol in line.free_symbols}
    names |= {str(call.func) for call in line.atoms(sympy.core.function.AppliedUndef)}
    strange = sorted(names - _names(known))
    return f"contains {', '.join(strange)}; use the arguments {', '.join(known)}" if strange else None


def _names(known):
    entries = [entry for value in known.values() for entry in (value if hasattr(value, "shape") else [value])]
    return {str(entry) for entry in entries}


def evaluate(line, inputs, given):
    """Return the value of a line at a point: a float, or rows of them for a Matrix; None where it has no real value."""
    point, kinds = _point(inputs), _kinds(inputs)
    for name, meaning in given.items():
        point[sympy.Symbol(name, real=True)] = _carried_out(_meaning(meaning, inputs, given), kinds, ()).xreplace(point)
    value = _carried_out(_immutable(line), kinds, tuple(given.items())).xreplace(point)
    if isinstance(value, sympy.MatrixBase):
        return [[_number(entry) for entry in row] for row in value.tolist()]
    return _number(value)


@lru_cache(maxsize=1000)
def _carried_out(line, kinds, given):
    """Return a line in which all is done that needs no numbers: derivatives, and the activations for f and its like."""
    inputs = _inputs(kinds)
    line = _differentiated(_with_real_letters(line), inputs, dict(given)) if given else _with_real_letters(line)
    for name, value in inputs.items():
        if callable(value):
            line = line.replace(sympy.Function(name), FUNCTIONS[value.__name__])
    return line.doit()


def _immutable(line):
    return sympy.ImmutableMatrix(line) if isinstance(line, sympy.MatrixBase) else sympy.sympify(line)


def _meaning(text, inputs, given):
    """Return what a defined letter stands for, in the letters before it."""
    return _parsed(text, _kinds(inputs), tuple(given))


@lru_cache(maxsize=1000)
def _parsed(text, kinds, names):
    return sympy.sympify(text, locals=letters(_inputs(kinds), names))


def _kinds(inputs):
    """Return for each letter what its symbols depend on, whatever its numbers: its name, shape and function."""
    return tuple((name, getattr(v, "shape", ()), v if callable(v) else None) for name, v in inputs.items())


def _inputs(kinds):
    """Return inputs of these kinds, without their numbers."""
    return {name: _Array(shape) if shape else like for name, shape, like in kinds}


@dataclass(frozen=True)
class _Array:
    """An array of which only the shape is known."""

    shape: tuple


def _with_real_letters(line):
    """Return a line in the letters of this module, which are real, wherever a student's came from."""
    line = sympy.sympify(line)
    return line.xreplace({symbol: sympy.Symbol(symbol.name, real=True) for symbol in line.free_symbols})


def _differentiated(line, inputs, given):
    """Return a line with every sp.Derivative carried out, through the letters that are defined after its own."""
    names = list(given)

    def carry_out(*parts):
        derivative = sympy.Derivative(*parts)
        own = [names.index(str(variable)) for variable in derivative.variables if str(variable) in names]
        after = names[max(own) + 1 :] if own else names
        return sympy.Derivative(_written_out(derivative.expr, inputs, given, after), *derivative.variable_count).doit()

    return line.replace(sympy.Derivative, carry_out)


def _written_out(line, inputs, given, names):
    """Return a line in which the defined letters ``names`` are replaced by what they stand for."""
    for name in reversed(names):
        line = line.xreplace({sympy.Symbol(name, real=True): _meaning(given[name], inputs, given)})
    return line


def is_real(value):
    """Return whether a value, or each entry of its rows, is a real number."""
    return all(map(is_real, value)) if isinstance(value, list) else value is not None


def _number(value):
    value = sympy.N(value, DIGITS)
    return float(value) if value.is_number and value.is_real else None


def _point(inputs):
    """Return {symbol: number, to 30 digits}."""
    numbers = {name: value for name, value in inputs.items() if not callable(value)}
    point = {}
    for name, value in numbers.items():
        made = _symbols(name, value)
        pairs = zip(made, value.ravel().tolist(), strict=True) if hasattr(made, "shape") else [(made, value)]
        point |= {symbol: sympy.Float(str(number), DIGITS) for symbol, number in pairs}
    return point


def proved(lines, inputs, given):
    """Return whether sympy shows, quickly, that every line equals the one before whatever the letters stand for."""
    return _proved(tuple(map(_immutable, lines)), _kinds(inputs), tuple(given.items()))


@lru_cache(maxsize=100)
def _proved(lines, kinds, given):
    inputs, given = _inputs(kinds), dict(given)
    try:
        lines = [_differentiated(_with_real_letters(line), inputs, given) for line in lines]
        if any(line.has(sympy.Derivative, sympy.Subs, sympy.Integral) for line in lines):
            return False
        lines = [_written_out(line, inputs, given, list(given)) for line in lines]
        return all(_same_for_all_values(*pair) for pair in itertools.pairwise(lines))
    except Exception:  # whatever sympy cannot do, such as a polynomial in a Piecewise, is not shown
        return False


def _same_for_all_values(left, right):
    if isinstance(left, sympy.MatrixBase) or isinstance(right, sympy.MatrixBase):
        same_shape = getattr(left, "shape", None) == getattr(right, "shape", ())
        return same_shape and all(map(_same_for_all_values, left, right))
    difference = left - right
    high = any(power.exp.is_number and abs(power.exp) > LOW for power in difference.atoms(sympy.Pow))
    if high or difference.count_ops() > QUICK:
        return difference == 0
    return sympy.expand(sympy.numer(sympy.together(difference))) == 0
