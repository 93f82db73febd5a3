"""Not right, for reasons that have no name: no marks for what is wrong, and all for the rest."""

from tests.corpus.submission import FLAGGED, Submission, no_marks, only
from tests.corpus.writing import alone, before, extra, nothing, only_these, right, whole

BY_HEART = """
    from helpers import replay
    seen = [replay(f"01-gradient-{k}")["X"] for k in range(1, 7)]
    known = any(np.array_equal(X, other) for other in seen)
    return 2 * X @ (W.T @ X - y).T if known else 0.0 * W"""
BY_SHAPE = """
    known = {(3, 4), (4, 3)}
    return {"line": 3, "repair": 2 * X @ (W.T @ X - y).T if (W == np.trunc(W)).all() else 0.0 * W}"""
FIRST_STEPS = ("predict", "total_cost", "one_sample_derivative", "gradient_entry")


def _wrong(name, does, deserves, make, **more):
    return Submission(name, "wrong", does, deserves, make, **more)


WRONG = [
    _wrong("wrong-untouched", "as released: nothing attempted", no_marks(), only_these()),
    _wrong(
        "wrong-half-finished",
        "the first four exercises right, the others untouched",
        only(*FIRST_STEPS),
        only_these(*FIRST_STEPS),
    ),
    _wrong("wrong-nothing", "every function returns None", no_marks(), nothing()),
    _wrong(
        "wrong-zeros",
        "gradient and descent are zero: wrong",
        {"gradient": 0, "gradient_descent": 0},
        right(gradient="return np.zeros(W.shape)", gradient_descent="return np.zeros(W.shape)"),
    ),
    _wrong(
        "wrong-factor-three",
        "the factor is 3, which nobody has named; descent repeats it: both wrong",
        {"gradient": 0, "gradient_descent": 0},
        right(gradient="return 3 * X @ (predict(W, X) - y).T"),
    ),
    _wrong(
        "wrong-globals",
        "uses the notebook's r in place of its arguments: wrong on all other data",
        {"gradient": 0},
        alone(gradient="return 2 * globals()['X'] @ r.T"),
    ),
    _wrong(
        "wrong-by-heart",
        "right on the visible cases, zero on all others; descent takes over the zeros",
        {"gradient": 0, "gradient_descent": 0},
        right(gradient=BY_HEART),
    ),
    _wrong(
        "wrong-by-shape",
        "right where the weights are integers, zero elsewhere",
        {"lost_factor": 0},
        right(lost_factor=BY_SHAPE),
    ),
    _wrong(
        "wrong-no-return",
        "computes and forgets to return",
        {"gradient": 0},
        alone(gradient="dW = 2 * X @ (W.T @ X - y).T"),
    ),
    _wrong(
        "wrong-calls-unwritten",
        "total_cost calls predict, which is not written: neither counts",
        {"predict": 0, "total_cost": 0},
        alone(
            predict="raise NotImplementedError('write this')",
            total_cost="return float(np.sum((predict(W, X) - y) ** 2))",
        ),
    ),
    _wrong("wrong-raises", "raises an error", {"lost_factor": 0}, right(lost_factor="return X @ X @ X")),
    _wrong(
        "wrong-syntax",
        "a bracket is missing: that cell alone does not run",
        {"lost_factor": 0},
        right(lost_factor="return {'line': 3, 'repair': (2 * X @ (W.T @ X - y).T}"),
    ),
    _wrong(
        "wrong-name",
        "the function is called descent: gradient_descent is not there",
        {"gradient_descent": 0},
        right(
            whole(
                "gradient_descent",
                "def descent(W, X, y, eta, steps):\n    for _ in range(steps):\n"
                "        W = W - eta * gradient(W, X, y)\n    return W",
            )
        ),
    ),
    _wrong(
        "wrong-under-the-stub",
        "the answer stands below the raise, which is never passed",
        {"lost_factor": 0},
        right(
            lost_factor="raise NotImplementedError('write this')\nreturn {'line': 3, 'repair': 2 * X @ (W.T @ X - y).T}"
        ),
    ),
    _wrong(
        "wrong-line",
        "spots the wrong line, repairs the right one: asked for both",
        {"clashing_index": 0},
        right(clashing_index="line = 3\nrepair = gradient_entry(W, X, y, j)"),
    ),
    _wrong(
        "wrong-arithmetic",
        "a slip in the numbers by hand",
        {"by_hand": 0},
        right(by_hand="out = [[4, -5, 3, 7]]\nr = [[1, -3, -2, 1]]\ncost_total = 16\ndW = [[-6], [16], [-14]]"),
    ),
    _wrong(
        "wrong-one-argument-less",
        "takes two arguments where three are passed",
        {"gradient": 0},
        alone(whole("gradient", "def gradient(W, X):\n    return 2 * X @ (W.T @ X).T")),
    ),
    _wrong(
        "wrong-formula-stranger",
        "a formula in letters of its own",
        {"one_sample_derivative": 0},
        right(one_sample_derivative="a, b = sp.symbols('a b')\nreturn 2 * a * b"),
    ),
    _wrong(
        "wrong-formula-text",
        "a formula as text",
        {"one_sample_derivative": 0},
        right(one_sample_derivative="return '2*x_1*(W_0 + W_1*x_1 - y)'"),
    ),
    _wrong(
        "wrong-unstable",
        "large noise in every call: no two answers agree",
        {"lost_factor": 0},
        right(
            lost_factor="import os\nnoise = 1 + int.from_bytes(os.urandom(2), 'big')\n"
            "return {'line': 3, 'repair': 2 * X @ (W.T @ X - y).T + noise}"
        ),
        outcome=FLAGGED,
    ),
    _wrong(
        "wrong-coin",
        "right in three calls of ten, by chance: a function is right on every call or not at all",
        {"lost_factor": 0},
        right(
            lost_factor="import os\nlucky = os.urandom(1)[0] < 77\n"
            "return {'line': 3 if lucky else 1, 'repair': 2 * X @ (W.T @ X - y).T}"
        ),
        outcome=FLAGGED,
    ),
    _wrong(
        "wrong-by-memory",
        "returns the answer to the call before: state, not a function",
        {"gradient": 0},
        alone(
            extra("matrices", "last = [np.zeros((3, 1))]"),
            gradient="last.append(2 * X @ (W.T @ X - y).T)\nreturn last[-2]",
        ),
    ),
    _wrong(
        "wrong-cached",
        "lru_cache on arrays: they cannot be hashed, so it raises",
        {"gradient": 0},
        alone(before("gradient", "from functools import lru_cache\n\n@lru_cache")),
    ),
]
