"""Right answers, in the many ways in which people write them: full marks."""

from nbformat.v4 import new_output

from tests.corpus.submission import GRADED, Submission
from tests.corpus.writing import after, alone, before, beside, defined, extra, right, says, shows, whole

LOOPS = {
    "predict": """
        out = np.zeros((1, X.shape[1]))
        for n in range(X.shape[1]):
            for j in range(X.shape[0]):
                out[0, n] += W[j, 0] * X[j, n]
        return out""",
    "total_cost": "return sum((float(W[:, 0] @ X[:, i]) - float(y[0, i])) ** 2 for i in range(X.shape[1]))",
    "gradient": """
        dW = np.zeros(W.shape)
        for j in range(len(W)):
            dW[j, 0] = gradient_entry(W, X, y, j)
        return dW""",
    "gradient_descent": """
        step = 0
        while step < steps:
            W = W - eta * gradient(W, X, y)
            step += 1
        return W""",
}
EINSUM = {
    "predict": 'return np.einsum("jk,jn->kn", W, X)',
    "total_cost": 'r = predict(W, X) - y\nreturn np.einsum("kn,kn->", r, r)',
    "gradient": 'return np.einsum("jn,kn->jk", X, 2.0 * (predict(W, X) - y))',
}
DIFFERENCES = """
    dW = np.zeros(W.shape)
    for j in range(len(W)):
        e = np.zeros(W.shape)
        e[j] = 0.5
        dW[j] = total_cost(W + e, X, y) - total_cost(W - e, X, y)
    return dW"""
TIMED = """
    import time
    def timed(f):
        def inside(*args, **kwargs):
            start = time.perf_counter()
            result = f(*args, **kwargs)
            print(f"{f.__name__}: {time.perf_counter() - start:.6f} s")
            return result
        return inside

    @timed"""
MATHS = r"""
    ### My notes
    For $r_i<0$ and $r_i>0$ alike: $\frac{\partial c}{\partial W_j} = 2\sum_i x_j^{(i)} r_i$, so x<y & "quotes" stay.

    <table><tr><th>W</th><th>cost</th></tr><tr><td>1</td><td><b>15</b></td></tr></table>

    ```python
    if a < b: print("<b>not bold</b>")
    ```"""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
TABLE = {"text/html": "<table><tr><td>x &lt; y</td></tr></table>", "text/plain": "x < y"}
THREADS = """
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(4) as pool:
        columns = pool.map(lambda i: 2 * X[:, [i]] * (W.T @ X[:, [i]] - y[:, [i]]), range(X.shape[1]))
        return sum(columns)"""
COMPARED = """
    from helpers import linear_regression as theirs
    _, cache = theirs.forward({"W": W}, X, y)
    print(np.allclose(gradient(W, X, y), theirs.backward({"W": W}, cache)["W"]))"""


def _honest(name, does, make, outcome=None):
    return Submission(name, "honest", does, {}, make, outcome=outcome)


HONEST = [
    _honest("honest-plain", "the worked answers", right(), GRADED),
    _honest("honest-loops", "loops over samples and features", right(**LOOPS), GRADED),
    _honest("honest-einsum", "einsum", right(**EINSUM), GRADED),
    _honest(
        "honest-lambdas",
        "lambdas in place of def: callable and right",
        right(
            whole("predict", "predict = lambda W, X: W.T @ X"),
            whole("gradient", "gradient = lambda W, X, y: 2 * X @ (predict(W, X) - y).T"),
        ),
        GRADED,
    ),
    _honest(
        "honest-callables",
        "a class with __call__ and functools.partial: callable and right",
        right(
            whole(
                "predict", "class Neuron:\n    def __call__(self, W, X):\n        return W.T @ X\n\npredict = Neuron()"
            ),
            whole(
                "gradient",
                "from functools import partial\n\ndef scaled(c, W, X, y):\n"
                "    return c * X @ (predict(W, X) - y).T\n\ngradient = partial(scaled, 2)",
            ),
        ),
    ),
    _honest(
        "honest-type-hints",
        "type hints, a nested function, a default argument",
        right(
            whole(
                "gradient",
                "from __future__ import annotations\n\n"
                + defined(
                    "gradient(W: np.ndarray, X: np.ndarray, y: np.ndarray, factor: float = 2.0) -> np.ndarray",
                    "def residual() -> np.ndarray:\n    return predict(W, X) - y\n\nreturn factor * X @ residual().T",
                ),
            )
        ),
    ),
    _honest(
        "honest-other-letters",
        "arguments called w, x, t: they are passed by position",
        right(whole("gradient", "def gradient(w, x, t):\n    return 2 * x @ (w.T @ x - t).T")),
    ),
    _honest(
        "honest-greek",
        "Greek letters in code and comments",
        right(
            gradient_descent="η = eta  # step size\nfor _ in range(steps):\n    W = W - η * gradient(W, X, y)\nreturn W"
        ),
    ),
    _honest(
        "honest-star-args",
        "a function of *args",
        right(whole("predict", "def predict(*args):\n    W, X = args\n    return W.T @ X")),
    ),
    _honest("honest-decorated", "a timing decorator that prints", right(before("gradient", TIMED))),
    _honest(
        "honest-helper-cell",
        "a helper function in a cell of its own above",
        right(
            extra("cost", "def residual(W, X, y):\n    return W.T @ X - y"),
            total_cost="return float(np.sum(residual(W, X, y) ** 2))",
            gradient="return 2 * X @ residual(W, X, y).T",
        ),
    ),
    _honest(
        "honest-own-module",
        "utils.py, handed in beside the notebook and imported",
        beside(
            right(before("gradient", "from utils import residual"), gradient="return 2 * X @ residual(W, X, y).T"),
            utils__py="def residual(W, X, y):\n    return W.T @ X - y\n",
        ),
    ),
    _honest(
        "honest-own-data",
        "a data file of one's own, read in a cell of one's own",
        beside(
            right(extra("predict-check", 'mine = np.loadtxt("mine.csv", delimiter=",")\nprint(mine.shape)')),
            mine__csv="1,2\n3,4\n",
        ),
    ),
    _honest(
        "honest-magics",
        "%%time on the answer, %matplotlib and autoreload above",
        right(
            extra("imports", "%matplotlib inline\n%load_ext autoreload\n%autoreload 2"), before("gradient", "%%time")
        ),
    ),
    _honest(
        "honest-async",
        "a top-level await and a task left running",
        right(
            extra(
                "predict-check",
                "import asyncio\nawait asyncio.sleep(0.01)\ntask = asyncio.create_task(asyncio.sleep(60))",
            )
        ),
    ),
    _honest(
        "honest-markdown",
        "notes with formulas, an HTML table and x<y: marks and page as written",
        right(says("gradient-check", MATHS)),
        GRADED,
    ),
    _honest(
        "honest-run",
        "handed in with its outputs: a figure, a table, counts",
        right(
            shows("picture", new_output("display_data", {"image/png": PIXEL, "text/plain": "<Figure>"})),
            shows("own-check-run", new_output("execute_result", TABLE, execution_count=7)),
            shows("predict-check", new_output("stream", name="stdout", text="✓ predict: right\n")),
        ),
        GRADED,
    ),
    _honest(
        "honest-warnings",
        "warns and writes to stderr, and is right: a warning is not scored",
        right(
            gradient="import sys, warnings\nnp.log(np.zeros(1))\nwarnings.warn('look here')\n"
            "print('working', file=sys.stderr)\nreturn 2 * X @ (predict(W, X) - y).T"
        ),
    ),
    _honest(
        "honest-float32",
        "float32 inside: within the tolerance",
        right(gradient="f = np.float32\nreturn 2 * X.astype(f) @ (W.astype(f).T @ X.astype(f) - y.astype(f)).T"),
    ),
    _honest(
        "honest-differences", "a central difference of one's own: exact for a quadratic", right(gradient=DIFFERENCES)
    ),
    _honest(
        "honest-numerical",
        "helpers.numerical_gradient: taught in the notebook, and no backward pass",
        right(
            gradient="from helpers import numerical_gradient\n"
            "return numerical_gradient(lambda V: total_cost(V, X, y), W)"
        ),
    ),
    _honest(
        "honest-slow",
        "0.1 s a call: below every limit",
        alone(gradient="import time\ntime.sleep(0.1)\nreturn 2 * X @ (W.T @ X - y).T"),
    ),
    _honest("honest-threads", "a thread pool: threads are no processes", right(gradient=THREADS)),
    _honest(
        "honest-big-temporary",
        "160 MB for a moment: below every limit",
        alone(gradient="big = np.ones((20, 1_000_000))\nreturn 2 * X @ (predict(W, X) - y).T * big[0, 0]"),
    ),
    _honest(
        "honest-playing",
        "replays cases, checks again and reads the help in cells of one's own",
        right(
            extra("gradient-check", 'gradient(**replay("01-gradient-2"))'),
            extra("gradient-check", 'check("01-linear-regression", "gradient", lambda W, X, y: 0 * W)'),
            extra("gradient-check", "help(check)\ngradient?"),
            after("gradient", "print(gradient(W, X, y))"),
        ),
    ),
    _honest(
        "honest-compares",
        "looks at helpers' backward in a cell of its own, and writes the gradient itself",
        right(extra("gradient-check", COMPARED), before("gradient", "# not helpers.linear_regression.backward!")),
    ),
    _honest(
        "honest-temporary-file",
        "a temporary file, and an array saved where the notebook lies",
        right(
            extra(
                "predict-check",
                "import tempfile\nwith tempfile.TemporaryFile() as f:\n    f.write(b'x')\n"
                "np.save('predictions.npy', predict(W, X))",
            )
        ),
    ),
    _honest(
        "honest-global-random",
        "draws random numbers that do not change the answer",
        right(
            gradient="noise = np.random.default_rng().normal(size=W.shape) * 1e-13\n"
            "return 2 * X @ (predict(W, X) - y).T + noise"
        ),
    ),
]
