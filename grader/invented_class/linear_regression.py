"""What the invented class wrote in notebook 01."""

from grader.invented_class.kinds import all_but, only

_LOOPS = {
    "total_cost": "return sum((float(W[:, 0] @ X[:, i]) - y[0, i])**2 for i in range(X.shape[1]))",
    "gradient": (
        "dW = np.zeros(W.shape)\nfor j in range(len(W)):\n    dW[j, 0] = gradient_entry(W, X, y, j)\nreturn dW"
    ),
}

_LINES = "cost_total = (out_A - y_A)**2 + (out_B - y_B)**2\nlines = [sp.Derivative(cost_total, W_1), {}]"
_HALF = _LINES.format("(out_A - y_A)*x_A + (out_B - y_B)*x_B, x_A*(W_0 + W_1*x_A - y_A) + x_B*(W_0 + W_1*x_B - y_B)")
_NO_X = _LINES.format("2*(out_A - y_A) + 2*(out_B - y_B), 2*(2*W_0 + W_1*x_A + W_1*x_B - y_A - y_B)")
_ONE_LEAP = _LINES.format("2*x_A*(W_0 + W_1*x_A - y_A) + 2*x_B*(W_0 + W_1*x_B - y_B)")

STUDENTS = {
    "ada": all_but(),
    "blaise": all_but(**_LOOPS),
    "carl": all_but(
        gradient="return X @ (W.T @ X - y).T",
        gradient_entry="return float(X[j] @ (W.T @ X - y)[0])",
        two_samples=_HALF,
    ),
    "dorothy": all_but(gradient="return X @ (predict(W, X) - y).T"),
    "emmy": all_but(
        gradient="return 2 * X @ (y - W.T @ X).T", one_sample_derivative="return 2*x_1*(y - W_0 - W_1*x_1)"
    ),
    "florence": all_but(
        gradient="return 2 * X @ (W.T @ X - y).T / X.shape[1]", total_cost="return float(np.mean((W.T @ X - y)**2))"
    ),
    "galileo": all_but(
        gradient="return 2 * np.sum(X * (W * X - y), axis=1, keepdims=True)",
        wrong_entries="entries = [2, 3]\nrepair = X * (W * X - y)",
    ),
    "hypatia": all_but(gradient_entry="return float(np.sum(2 * (predict(W, X) - y)))", two_samples=_NO_X),
    "isaac": all_but(
        gradient="return 2 * X @ (predict(W, X) - y)",
        repeated_row="matrix, axis = 3, 0\nrepair = features",
    ),
    "johannes": all_but(
        gradient="return (2 * X @ (predict(W, X) - y).T).ravel()",
        gradient_descent="for _ in range(steps):\n    W -= eta * gradient(W, X, y).reshape(-1, 1)\nreturn W",
        two_samples=_ONE_LEAP,
    ),
    "katherine": all_but(
        gradient_descent="return W - eta * steps * gradient(W, X, y)",
        lost_factor="line = 4\nrepair = 2 * X @ (W.T @ X - y).T",
        loose_ends="i_of_out, i_of_cost, sum_means = 1, 1, 2\nleft_side, twice = 2, 2",
    ),
    "lise": only("predict", "total_cost", "cost_of_what", "one_sample_derivative", "gradient_entry"),
    "maria": only(),
    "niels": all_but(),
}
