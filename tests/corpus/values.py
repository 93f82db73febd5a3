"""Odd return values: numbers in the right place count, whatever holds them; objects that only claim to be right do not.

The measure is what the student's own check says of them (helpers.comparing.plain): numpy's own conversion decides.
"""

from tests.corpus.submission import Submission
from tests.corpus.writing import alone, before, right

R = "2 * X @ (W.T @ X - y).T"
LOST, GRADIENT = {"lost_factor": 0}, {"gradient": 0}


def _odd(name, does, deserves, make, **more):
    return Submission(f"odd-{name}", "odd return values", does, deserves, make, **more)


def _gradient(code, *edits):
    """Return a make whose gradient ends in ``code``; descent does without it."""
    return alone(*edits, gradient=code)


LIAR = """
    class Liar(np.ndarray):
        def __array_function__(self, func, types, args, kwargs):
            return True
        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            return np.zeros((3, 1))
        def __eq__(self, other):
            return True
        __le__ = __lt__ = __ge__ = __eq__"""
SAME = """
    class Same:
        def __eq__(self, other):
            return True
        def __getattr__(self, name):
            return Same()
        def __call__(self, *args, **kwargs):
            return Same()
        __len__ = __bool__ = __float__ = None
        __hash__ = object.__hash__"""
FRAME = """
    class Frame:
        def __init__(self, values):
            self.values, self.shape = values, values.shape
        def __array__(self, dtype=None, copy=None):
            return self.values"""
SAYS_DICT = """
    class SaysDict:
        __class__ = dict
        def keys(self):
            return ["line", "repair"]
        def get(self, key, default=None):
            return SaysDict()
        __getitem__ = get
        def __eq__(self, other):
            return True"""
FLOAT = """
    class Same(float):
        def __eq__(self, other):
            return True
        def __sub__(self, other):
            return 0.0
        __rsub__ = __sub__
        __hash__ = None"""
GETS = """
    class Gets(dict):
        def get(self, key, default=None):
            return 3 if key == "line" else Gets()
        def __eq__(self, other):
            return True"""
TUPLES = f"return tuple(map(tuple, {R}))"

VALUES = [
    _odd(
        "lists",
        "a list of lists: the numbers and the shape are right",
        {},
        right(
            gradient=f"return ({R}).tolist()",
            gradient_descent="for _ in range(steps):\n    W = W - eta * np.array(gradient(W, X, y))\nreturn W",
        ),
    ),
    _odd("tuples", "tuples of tuples: right", {}, _gradient(TUPLES)),
    _odd("matrix", "np.matrix: right", {}, _gradient(f"return np.matrix({R})")),
    _odd("masked", "a masked array with nothing masked: right", {}, _gradient(f"return np.ma.masked_array({R})")),
    _odd(
        "frame",
        "a DataFrame of one's own, which numpy can read: right",
        {},
        _gradient(f"return Frame({R})", before("gradient", FRAME)),
    ),
    _odd(
        "big-endian",
        "big-endian, in Fortran's order and read-only: right",
        {},
        _gradient(f"dW = np.asfortranarray({R}).astype('>f8')\ndW.flags.writeable = False\nreturn dW"),
    ),
    _odd("longdouble", "long doubles: right", {}, _gradient(f"return ({R}).astype(np.longdouble)")),
    _odd("float32", "float32: right within its tolerance", {}, _gradient(f"return ({R}).astype(np.float32)")),
    _odd(
        "reversed-view", "a view with negative strides: right", {}, alone(predict="return (W.T @ X)[:, ::-1][:, ::-1]")
    ),
    _odd(
        "numpy-scalar",
        "a 0-dimensional array for a number: right",
        {},
        alone(total_cost="return np.array(np.sum((W.T @ X - y) ** 2))"),
    ),
    _odd(
        "sympy-number",
        "a sympy number for a number: right",
        {},
        alone(total_cost="return sp.Float(float(np.sum((W.T @ X - y) ** 2)), 20)"),
    ),
    _odd(
        "more-keys",
        "a subclass of dict with a key too many: what is asked for is right",
        {},
        right(
            lost_factor=f"from collections import OrderedDict\n"
            f"return OrderedDict(line=3, repair={R}, note='see page 2')"
        ),
    ),
    _odd(
        "flat-row",
        "(N,) for (1, N): the convention, half the marks",
        {"predict": 0.5},
        alone(predict="return (W.T @ X).ravel()"),
    ),
    _odd("column", "(N, 1) for (1, N): half the marks", {"predict": 0.5}, alone(predict="return X.T @ W")),
    _odd("flat-gradient", "(d+1,) for (d+1, 1): half the marks", {"gradient": 0.5}, _gradient(f"return ({R}).ravel()")),
    _odd("row-gradient", "(1, d+1) for (d+1, 1): half the marks", {"gradient": 0.5}, _gradient(f"return ({R}).T")),
    _odd(
        "one-by-one",
        "(1, 1) for a number: half the marks",
        {"total_cost": 0.5},
        alone(total_cost="r = W.T @ X - y\nreturn r @ r.T"),
    ),
    _odd(
        "in-place",
        "W -= step: the numbers are right, the caller's W is changed: half the marks",
        {"gradient_descent": 0.5},
        right(gradient_descent="for _ in range(steps):\n    W -= eta * gradient(W, X, y)\nreturn W"),
    ),
    _odd(
        "scales-x",
        "multiplies X in place and returns right predictions: half the marks",
        {"predict": 0.5},
        alone(predict="out = W.T @ X\nX *= 2\nreturn out"),
    ),
    _odd("view-of-input", "returns a view of its input, unchanged: wrong", GRADIENT, _gradient("return W[:]")),
    _odd(
        "complex",
        "complex numbers, imaginary part zero: not real numbers",
        GRADIENT,
        _gradient(f"return ({R}).astype(complex)"),
    ),
    _odd(
        "fractions",
        "an array of Fractions: objects, not numbers, as the check says",
        GRADIENT,
        _gradient(f"from fractions import Fraction\nreturn np.vectorize(Fraction, otypes=[object])({R})"),
    ),
    _odd(
        "decimal",
        "a Decimal: an object, as the check says",
        {"total_cost": 0},
        alone(total_cost="from decimal import Decimal\nreturn Decimal(float(np.sum((W.T @ X - y) ** 2)))"),
    ),
    _odd(
        "sympy-matrix",
        "a sympy Matrix of numbers: objects, as the check says",
        GRADIENT,
        _gradient(f"return sp.Matrix({R})"),
    ),
    _odd("text", "numbers as text", GRADIENT, _gradient(f"return ({R}).astype(str).tolist()")),
    _odd("nan", "nan", LOST, right(lost_factor="return {'line': 3, 'repair': X @ y.T * np.nan}")),
    _odd("infinity", "infinity", LOST, right(lost_factor="return {'line': 3, 'repair': np.full(W.shape, np.inf)}")),
    _odd("true", "True for a number", {"total_cost": 0}, alone(total_cost="return True")),
    _odd("generator", "a generator that nobody has run", GRADIENT, _gradient(f"return (row for row in {R})")),
    _odd(
        "coroutine",
        "async def: a coroutine that nobody has awaited",
        LOST,
        right(lost_factor="async def later():\n    return {'line': 3}\nreturn later()"),
    ),
    _odd(
        "endless-generator",
        "a generator without an end",
        GRADIENT,
        _gradient("import itertools\nreturn itertools.count()"),
    ),
    _odd("function", "a function, and itself", LOST, right(lost_factor="return lost_factor")),
    _odd("set", "a set for a dict", LOST, right(lost_factor="return {3, 4}")),
    _odd(
        "records", "a structured array", GRADIENT, _gradient(f"return np.rec.fromarrays([({R}).ravel()], names='dW')")
    ),
    _odd("dates", "dates", GRADIENT, _gradient("return np.zeros(W.shape, 'datetime64[s]')")),
    _odd("huge-int", "an integer of 10,000 digits", {"total_cost": 0}, alone(total_cost="return 10 ** 10_000")),
    _odd(
        "endless-zeros",
        "10^12 zeros without any memory, by strides of zero",
        GRADIENT,
        _gradient("return np.broadcast_to(0.0, (10**6, 10**6))"),
    ),
    _odd("800-mb", "800 MB of zeros", GRADIENT, _gradient("return np.zeros((10_000, 10_000))")),
    _odd("long-text", "100 MB of text", LOST, right(lost_factor="return {'line': 'x' * 10**8, 'repair': 0}")),
    _odd(
        "nested",
        "a list 50,000 deep",
        GRADIENT,
        _gradient("deep = []\nfor _ in range(50_000):\n    deep = [deep]\nreturn deep"),
    ),
    _odd(
        "circle",
        "a list that contains itself",
        GRADIENT,
        _gradient("circle = []\ncircle.append(circle)\nreturn circle"),
    ),
    _odd(
        "circle-dict",
        "a dict that contains itself",
        LOST,
        right(lost_factor="d = {'line': 3}\nd['repair'] = d\nreturn d"),
    ),
    _odd(
        "liar-array",
        "an ndarray whose comparisons all say yes: its numbers are zero",
        GRADIENT,
        _gradient("return np.zeros(W.shape).view(Liar)", before("gradient", LIAR)),
    ),
    _odd(
        "liar-object",
        "an object that equals everything",
        GRADIENT,
        _gradient("return Same()", before("gradient", SAME)),
    ),
    _odd(
        "liar-float",
        "a float that equals everything: its value is 0",
        {"total_cost": 0},
        alone(before("total_cost", FLOAT), total_cost="return Same(0)"),
    ),
    _odd(
        "liar-dict",
        "a dict whose get lies: what it holds is nothing",
        LOST,
        right(before("lost_factor", GETS), lost_factor="return Gets()"),
    ),
    _odd(
        "liar-class",
        "an object that says its class is dict",
        LOST,
        right(before("lost_factor", SAYS_DICT), lost_factor="return SaysDict()"),
    ),
]
