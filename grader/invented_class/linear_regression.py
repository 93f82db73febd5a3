"""What the invented class wrote in notebook 01."""

from grader.invented_class.kinds import all_but, only

_LOOPS = {
    "total_cost": "return sum((float(W[:, 0] @ X[:, i]) - y[0, i])**2 for i in range(X.shape[1]))",
    "gradient": (
        "dW = np.zeros(W.shape)\nfor j in range(len(W)):\n    dW[j, 0] = gradient_entry(W, X, y, j)\nreturn dW"
    ),
}

STUDENTS = {
    "ada": all_but(),
    "blaise": all_but(**_LOOPS),
    "carl": all_but(gradient="return X @ (W.T @ X - y).T", gradient_entry="return float(X[j] @ (W.T @ X - y)[0])"),
    "dorothy": all_but(gradient="return X @ (predict(W, X) - y).T"),
    "emmy": all_but(
        gradient="return 2 * X @ (y - W.T @ X).T", one_sample_derivative="return 2*x_1*(y - W_0 - W_1*x_1)"
    ),
    "florence": all_but(
        gradient="return 2 * X @ (W.T @ X - y).T / X.shape[1]", total_cost="return float(np.mean((W.T @ X - y)**2))"
    ),
    "galileo": all_but(gradient="return 2 * np.sum(X * (W * X - y), axis=1, keepdims=True)"),
    "hypatia": all_but(gradient_entry="return float(np.sum(2 * (predict(W, X) - y)))"),
    "isaac": all_but(gradient="return 2 * X @ (predict(W, X) - y)"),
    "johannes": all_but(
        gradient="return (2 * X @ (predict(W, X) - y).T).ravel()",
        gradient_descent="for _ in range(steps):\n    W -= eta * gradient(W, X, y).reshape(-1, 1)\nreturn W",
    ),
    "katherine": all_but(gradient_descent="return W - eta * steps * gradient(W, X, y)"),
    "lise": only("predict", "total_cost", "one_sample_derivative", "gradient_entry"),
    "maria": only(),
    "niels": all_but(),
}
