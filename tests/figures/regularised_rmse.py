"""The figures of notebook 03."""

import numpy as np

from helpers.plots import regularised_rmse as plots


def net(sizes, value=0.5):
    """Return params of these layer sizes, all weights equal to ``value``."""
    params = {}
    for l in (1, 2, 3):
        params |= {f"W{l}": np.full((sizes[l], sizes[l - 1]), value), f"b{l}": np.zeros((sizes[l], 1))}
    return params


def rmse(O, Y):
    return np.sqrt(np.sum((O - Y) ** 2) / O.shape[1])


def d_rmse(O, Y):
    return np.sign(O - Y)


O, Y = np.array([[3.0, 0.0], [4.0, 1.0]]), np.zeros((2, 2))
ALPHAS = [0.1, 0.01]
PATH = [net((2, 3, 2, 1), 0.25), net((2, 3, 2, 1), -2.0)]

FIGURES = {
    "network": (lambda: plots.network(net((2, 3, 4, 1))), ["2 inputs", "3 tanh", "4 tanh", "1 linear", "L + alpha R"]),
    "pulls": (lambda: plots.pulls(O, Y, O / 2, O / 4), ["sample 1, residual 5: 2.5 and 1.25", "sample 2, residual 1"]),
    "kink": (lambda: plots.kink(rmse, d_rmse), ["-1 to the left", "1 to the right", "set to 0"]),
    "falls": (
        lambda: plots.falls({r"constant, $\eta = 0.1$": [8, 4, 0.123, 0.5], "other": [8, 2, 1, 0.1]}, range(1, 3)),
        ["3 steps", "constant, eta = 0.1: from 8 to 0.5, in between 4, 0.12", "from step 1 on"],
    ),
    "path": (
        lambda: plots.path(ALPHAS, PATH, {"training": [0.8, 0.123], "held-out": [0.9, 1.6]}, {"the mean": 1.0}),
        ["alpha = 0.1, 0.01", "training 0.8, 0.12", "held-out 0.9, 1.6", "the mean 1", "0.25, 2 in size"],
    ),
    "effects": (
        lambda: plots.effects(ALPHAS, np.array([[0.1, -0.2], [0.5, 0.0]]), ["may", "june"], [0.3, 0.4]),
        ["may 0.1, 0.5, line 0.3", "june -0.2, 0, line 0.4"],
    ),
}
