"""The figures of notebook 01."""

import numpy as np

from helpers.plots import linear_regression as plots

x, y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 6.0])  # least squares: 0.5 + 2.5 x, residuals -1/2, 1, -1/2
X, BEST, START = np.vstack([np.ones(3), x]), np.array([[0.5], [2.5]]), np.zeros((2, 1))


def cost(W):
    return np.sum((W.T @ X - y) ** 2)


FIGURES = {
    "neuron": (lambda: plots.neuron(2), ["x2 with weight W2"]),
    "matrix_shapes": (lambda: plots.matrix_shapes(), ["(d+1) x N", "N x 1", "(d+1) x 1"]),
    "fit": (
        lambda: plots.fit(x, y, BEST, "time (s)", "$y_1$ (m)"),
        ["3 points", "y1 (m) against time (s)", "0.5 + 2.5 x", "from -0.5 to 1;", "add up to 1.5."],
    ),
    "descent": (
        lambda: plots.descent(cost, [START, 1.235 * BEST], BEST),
        ["W0 and W1", "1 steps", "(0, 0), cost 41", "(0.618, 3.09)", "(0.5, 2.5), cost 1.5."],
    ),
    "cost_by_step": (lambda: plots.cost_by_step([1234567.0, 41.0, 1e-17], 1.25), ["1,230,000", ", 0 after 2", "1.25"]),
}
