"""The named mistakes: each costs once, where it is made; what only repeats it keeps its marks."""

from tests.corpus.submission import Submission
from tests.corpus.writing import alone, right


def _named(name, does, deserves, make):
    return Submission(f"named-{name}", "named mistake", does, dict.fromkeys(deserves, 0.0), make)


NAMED = [
    _named(
        "half",
        "the 2 is missing in gradient; descent takes it over and keeps its marks",
        ["gradient"],
        right(gradient="return X @ (predict(W, X) - y).T"),
    ),
    _named(
        "half-twice",
        "the 2 is missing in gradient_entry and in gradient, written apart: each costs",
        ["gradient_entry", "gradient"],
        right(gradient="return X @ (W.T @ X - y).T", gradient_entry="return float(X[j] @ (W.T @ X - y)[0])"),
    ),
    _named(
        "half-cost",
        "a half in front of the cost",
        ["total_cost"],
        right(total_cost="return 0.5 * float(np.sum((predict(W, X) - y) ** 2))"),
    ),
    _named(
        "half-descent",
        "half steps, with a gradient that is right: the slip is in descent alone",
        ["gradient_descent"],
        right(gradient_descent="for _ in range(steps):\n    W = W - eta * X @ (W.T @ X - y).T\nreturn W"),
    ),
    _named(
        "sign",
        "y - out in gradient; descent takes it over and keeps its marks",
        ["gradient"],
        right(gradient="return 2 * X @ (y - predict(W, X)).T"),
    ),
    _named(
        "sign-formula",
        "the sign of the formula",
        ["one_sample_derivative"],
        right(one_sample_derivative="return 2*x_1*(y - W_0 - W_1*x_1)"),
    ),
    _named(
        "uphill",
        "walks uphill, with a gradient that is right",
        ["gradient_descent"],
        right(gradient_descent="for _ in range(steps):\n    W = W + eta * gradient(W, X, y)\nreturn W"),
    ),
    _named(
        "mean",
        "a mean in cost and gradient; descent takes it over",
        ["total_cost", "gradient"],
        right(
            total_cost="return float(np.mean((predict(W, X) - y) ** 2))",
            gradient="return 2 * X @ (predict(W, X) - y).T / X.shape[1]",
        ),
    ),
    _named(
        "no-bias",
        "predict forgets the bias; all that calls predict keeps its marks",
        ["predict"],
        right(predict="return W[1:].T @ X[1:]"),
    ),
    _named(
        "bias-twice",
        "predict adds the bias twice; all that calls predict keeps its marks",
        ["predict"],
        right(predict="return W.T @ X + W[0]"),
    ),
    _named(
        "stray-j",
        "each weight in a model of its own",
        ["gradient"],
        right(gradient="return 2 * np.sum(X * (W * X - y), axis=1, keepdims=True)"),
    ),
    _named(
        "broadcast",
        "a column minus a row",
        ["total_cost"],
        right(total_cost="return float(np.sum((predict(W, X).T - y) ** 2))"),
    ),
    _named(
        "bias-zero",
        "the bias gets no gradient; descent takes it over",
        ["gradient"],
        right(gradient="dW = 2 * X @ (predict(W, X) - y).T\ndW[0] = 0\nreturn dW"),
    ),
    _named(
        "no-x",
        "the inner factor is missing",
        ["gradient_entry"],
        right(gradient_entry="return float(np.sum(2 * (predict(W, X) - y)))"),
    ),
    _named(
        "square-kept",
        "the residual is still squared",
        ["gradient"],
        right(gradient="return 2 * X @ ((predict(W, X) - y) ** 2).T"),
    ),
    _named(
        "integers",
        "fills zeros_like(W): cut off where W holds integers; descent, which does not, is right on its own",
        ["gradient"],
        alone(gradient="dW = np.zeros_like(W)\ndW[:] = 2 * X @ (W.T @ X - y).T\nreturn dW"),
    ),
    _named(
        "last-only",
        "= where += is meant",
        ["total_cost"],
        right(total_cost="for i in range(X.shape[1]):\n    c = float((W[:, 0] @ X[:, i] - y[0, i]) ** 2)\nreturn c"),
    ),
    _named("rows", "reads X with samples as rows", ["gradient"], alone(gradient="return 2 * X.T @ (W.T @ X - y).T")),
    _named(
        "one-step", "a single step", ["gradient_descent"], right(gradient_descent="return W - eta * gradient(W, X, y)")
    ),
    _named(
        "old-gradient",
        "all steps with the first gradient",
        ["gradient_descent"],
        right(gradient_descent="return W - eta * steps * gradient(W, X, y)"),
    ),
    _named(
        "off-by-one",
        "one step too few",
        ["gradient_descent"],
        right(gradient_descent="for _ in range(1, steps):\n    W = W - eta * gradient(W, X, y)\nreturn W"),
    ),
    _named(
        "no-eta",
        "the learning rate is missing",
        ["gradient_descent"],
        right(gradient_descent="for _ in range(steps):\n    W = W - gradient(W, X, y)\nreturn W"),
    ),
    _named(
        "half-of-clash",
        "the repair of exercise 5 lacks the 2",
        ["clashing_index"],
        right(clashing_index="line = 2\nrepair = gradient_entry(W, X, y, j) / 2"),
    ),
]
