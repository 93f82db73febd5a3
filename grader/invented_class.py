"""Who is in the invented class, and what each of them wrote where it is not the right answer.

A student is a function: right answers {exercise: code} -> this student's answers.
"""


def _all_but(**wrong):
    """Return a student who has everything right but ``wrong``."""
    return lambda right: right | wrong


def _only(*names):
    """Return a student who got as far as ``names``, and has those right."""
    return lambda right: {name: right[name] for name in names}


# Whose files are cut off in the middle, as a full disk or a broken upload leaves them.
CUT_OFF = {"niels"}

_LOOPS = {
    "total_cost": "return sum((float(W[:, 0] @ X[:, i]) - y[0, i])**2 for i in range(X.shape[1]))",
    "gradient": (
        "dW = np.zeros(W.shape)\nfor j in range(len(W)):\n    dW[j, 0] = gradient_entry(W, X, y, j)\nreturn dW"
    ),
}

INVENTED_CLASS = {
    "01-linear-regression": {
        "ada": _all_but(),
        "blaise": _all_but(**_LOOPS),
        "carl": _all_but(gradient="return X @ (W.T @ X - y).T", gradient_entry="return float(X[j] @ (W.T @ X - y)[0])"),
        "dorothy": _all_but(gradient="return X @ (predict(W, X) - y).T"),
        "emmy": _all_but(
            gradient="return 2 * X @ (y - W.T @ X).T", one_sample_derivative="return 2*x_1*(y - W_0 - W_1*x_1)"
        ),
        "florence": _all_but(
            gradient="return 2 * X @ (W.T @ X - y).T / X.shape[1]", total_cost="return float(np.mean((W.T @ X - y)**2))"
        ),
        "galileo": _all_but(gradient="return 2 * np.sum(X * (W * X - y), axis=1, keepdims=True)"),
        "hypatia": _all_but(gradient_entry="return float(np.sum(2 * (predict(W, X) - y)))"),
        "isaac": _all_but(gradient="return 2 * X @ (predict(W, X) - y)"),
        "johannes": _all_but(
            gradient="return (2 * X @ (predict(W, X) - y).T).ravel()",
            gradient_descent="for _ in range(steps):\n    W -= eta * gradient(W, X, y).reshape(-1, 1)\nreturn W",
        ),
        "katherine": _all_but(gradient_descent="return W - eta * steps * gradient(W, X, y)"),
        "lise": _only("predict", "total_cost", "one_sample_derivative", "gradient_entry"),
        "maria": _only(),
        "niels": _all_but(),
    },
}
