"""Line-by-line derivations: every line is an expression, and each must equal the line before.

A line is decided at exact points: rational numbers for the letters, put in through the definitions (z = w x + b), and
30 digits where tanh and the like make exactness impossible. Where sympy is quick, neighbours are compared for all
values as well.
"""

import itertools

import sympy

DIGITS = 30
QUICK = 200  # operations: above, sympy's exact comparison may take more than a moment
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
    return isinstance(value, sympy.Basic | sympy.MatrixBase | int | float) and not isinstance(value, bool)


def strangers(line, known):
    """Return the names of the letters and functions in a line that are not among ``known``, sorted."""
    line = sympy.sympify(line)
    names = {str(symbol) for symbol in line.free_symbols}
    names |= {str(call.func) for call in line.atoms(sympy.core.function.AppliedUndef)}
    return sorted(names - _names(known))


def _names(known):
    entries = [entry for value in known.values() for entry in (value if hasattr(value, "shape") else [value])]
    return {str(entry) for entry in entries}


def evaluate(line, inputs, given):
    """Return the value of a line at a point: a float, rows of them for a Matrix, or None where it has no real value."""
    line = _defined(line, inputs, given)
    for name, value in inputs.items():
        if callable(value):
            line = line.replace(sympy.Function(name), FUNCTIONS[value.__name__])
    value = line.doit().subs(_point(inputs))
    if isinstance(value, sympy.MatrixBase):
        return [[_number(entry) for entry in row] for row in value.tolist()]
    return _number(value)


def _number(value):
    value = sympy.N(value, DIGITS)
    return float(value) if value.is_number and value.is_real else None


def _point(inputs):
    """Return {symbol: exact rational number}."""
    numbers = {name: value for name, value in inputs.items() if not callable(value)}
    point = {}
    for name, value in numbers.items():
        made = _symbols(name, value)
        pairs = zip(made, value.ravel().tolist(), strict=True) if hasattr(made, "shape") else [(made, value)]
        point |= {symbol: sympy.Rational(str(number)) for symbol, number in pairs}
    return point


def _defined(line, inputs, given):
    """Return a line with the defined letters replaced by what they stand for, and all letters real."""
    known = letters(inputs, given)
    line = sympy.sympify(line)
    line = line.xreplace({symbol: sympy.Symbol(symbol.name, real=True) for symbol in line.free_symbols})
    for name in reversed(given):
        meaning = sympy.sympify(given[name], locals=known)
        line = line.subs(known[name], meaning)
    return line


def proved(lines, inputs, given):
    """Return whether sympy shows, quickly, that every line equals the one before whatever the letters stand for."""
    lines = [_defined(line, inputs, given) for line in lines]
    return all(_same_for_all_values(*pair) for pair in itertools.pairwise(lines))


def _same_for_all_values(left, right):
    if isinstance(left, sympy.MatrixBase) or isinstance(right, sympy.MatrixBase):
        same_shape = getattr(left, "shape", None) == getattr(right, "shape", ())
        return same_shape and all(map(_same_for_all_values, left, right))
    difference = left - right
    if difference.count_ops() > QUICK or difference.has(sympy.Derivative, sympy.Subs):
        return False
    return sympy.expand(sympy.numer(sympy.together(difference))) == 0
