"""Notebook 01: the right answers, and the problems that they are tried on."""

import numpy as np

from helpers.answers import graded

# Integers, so that it can be done on paper, and chosen so that every mistake but `int` shows.
WORKED_EXAMPLE = {
    "W": np.array([[1], [2], [-1]]),
    "X": np.array([[1, 1, 1, 1], [2, -1, 0, 3], [1, 4, -2, 0]]),
    "y": np.array([[3, -2, 5, 6]]),
}


class Right:
    """The graded functions of notebook 01."""

    @graded("out")
    def predict(self, W, X):
        return W.T @ X

    def residual(self, W, X, y):
        return self.predict(W, X) - y

    @graded("cost_total", hides={"sign"})  # a square has no sign
    def total_cost(self, W, X, y):
        return float(np.sum(self.residual(W, X, y) ** 2))

    @graded("spot", hides={"sign"}, alone=True)
    def cost_of_what(self, W, X, y):
        return {"line": 1, "repair": self.total_cost(W, X, y)}

    # One sample: nothing that a sum or a dtype does wrong can show; one feature: strayj is noBiasFwd; two weights:
    # byFeatures is half.
    @graded(
        "dcost/dW_1",
        kind="formula",
        hides={
            *("mean", "biasZero", "biasMean", "strayj", "broadcast", "lastOnly", "int", "axis", "Xᵀ"),
            *("sumsApart", "byFeatures"),
        },
    )
    def one_sample_derivative(self, W_0, W_1, x_1, y):
        column = np.array([[W_0], [W_1]]), np.array([[1.0], [x_1]])
        return float(self.gradient(*column, np.array([[y]]))[1, 0])

    # Two samples, two weights: mean and byFeatures are half, strayj is noBiasFwd, and an entry has no shape.
    @graded(
        "dcost_total/dW_1",
        kind="derivation",
        alone=True,
        given={"out_A": "W_0 + W_1*x_A", "out_B": "W_0 + W_1*x_B"},
        lines=3,
        hides={"mean", "byFeatures", "biasZero", "biasMean", "strayj", "int", "axis", "Xᵀ", "broadcast"},
    )
    def two_samples(self, W_0, W_1, x_A, x_B, y_A, y_B):
        X = np.array([[1.0, 1.0], [x_A, x_B]])
        return float(self.gradient(np.array([[W_0], [W_1]]), X, np.array([[y_A, y_B]]))[1, 0])

    @graded("dcost_total/dW_j")
    def gradient_entry(self, W, X, y, j):
        return float(np.ravel(self.gradient(W, X, y))[j])

    @graded("spot", alone=True)
    def clashing_index(self, W, X, y, j):
        return {"line": 2, "repair": self.gradient_entry(W, X, y, j)}

    @graded("by hand", hides={"int", "Xᵀ"}, alone=True)  # integers, and a shape that stops Xᵀ with an error
    def by_hand(self):
        W, X, y = WORKED_EXAMPLE.values()
        return {
            "out": self.predict(W, X),
            "r": self.residual(W, X, y),
            "cost_total": self.total_cost(W, X, y),
            "dW": self.gradient(W, X, y),
        }

    @graded("dW")
    def gradient(self, W, X, y):
        return 2 * X @ self.residual(W, X, y).T

    @graded("spot", alone=True)
    def wrong_entries(self, W, X, y):
        return {"entries": np.array([2, 4]), "repair": X * self.residual(W, X, y)}

    @graded("spot", alone=True)
    def repeated_row(self, features):
        return {"matrix": 3, "axis": 1, "repair": np.vstack([np.ones(features.shape[1]), features])}

    @graded("spot", alone=True)
    def lost_factor(self, W, X, y):
        return {"line": 3, "repair": self.gradient(W, X, y)}

    @graded("spot", alone=True)
    def loose_ends(self):
        return {"i_of_out": 2, "i_of_cost": 1, "sum_means": 2, "left_side": 2, "twice": 3}

    @graded("W")
    def gradient_descent(self, W, X, y, eta, steps):
        for _ in range(steps):
            W = W - eta * self.gradient(W, X, y)
        return W


def problems(rng):
    """Return {description: inputs}, drawn from ``rng`` by the fixture rules; an exercise takes what it names.

    Pairwise different sizes plus a square case, one sample alone, integers, and never two samples (1/N would be
    a half); nothing zero, equal or equal to one; residuals of both signs and away from zero.
    """
    drawn = {
        "3 weights, 5 samples": _draw(rng, 3, 5, j=1, steps=3),
        "5 weights, 4 samples": _draw(rng, 5, 4, j=0, steps=2),
        "3 weights, 3 samples": _draw(rng, 3, 3, j=2, steps=4),
        "one sample alone": _draw(rng, 3, 1, j=1, steps=2),
        "weights that are integers": _draw(rng, 2, 4, j=1, steps=3, integer=True),
    }
    for problem in drawn.values():
        problem |= {"features": problem["X"][1:], "two_samples": _draw_two_samples(rng)}
    return drawn | {"the worked example, all integers": WORKED_EXAMPLE | {"j": 2}}


def _draw(rng, rows, N, j, steps, integer=False):
    while True:
        W = rng.integers(-4, 5, (rows, 1)) if integer else rng.uniform(-3, 3, (rows, 1)).round(2)
        X = np.vstack([np.ones(N), rng.uniform(-3, 3, (rows - 1, N)).round(2)])
        y = rng.uniform(-4, 4, (1, N)).round(2)
        point = rng.uniform(-3, 3, 4).round(2)
        W_0, W_1, x_1, t = point
        below = W_0 + W_1 * x_1 < t  # a residual that is negative in some cases, positive in others
        one = np.array([[W_0], [W_1]]), np.array([[1], [x_1]]), np.array([[t]])
        if _generic(W, X, y) and _generic(*one) and below == bool(rows % 2):
            formula = dict(zip(["W_0", "W_1", "x_1", "y"], map(float, point), strict=True))
            return {"W": W, "X": X, "y": y, "j": j, "eta": 0.01, "steps": steps, "one_sample_derivative": formula}


def _draw_two_samples(rng):
    """Return one weight, the bias and two samples, too high and too low."""
    while True:
        W, X, y = (
            rng.uniform(-3, 3, (2, 1)).round(2),
            rng.uniform(-3, 3, (1, 2)).round(2),
            rng.uniform(-4, 4, (1, 2)).round(2),
        )
        if _generic(W, np.vstack([np.ones(2), X]), y):
            names = ["W_0", "W_1", "x_A", "x_B", "y_A", "y_B"]
            return dict(zip(names, np.concatenate([W, X.T, y.T]).ravel().tolist(), strict=True))


def _generic(W, X, y):
    """Return whether nothing here is special enough to hide a mistake."""
    r = W.T @ X - y
    entries = np.abs(np.concatenate([W.ravel(), X[1:].ravel(), y.ravel()]))
    both_signs = r.size == 1 or (r.min() < 0 < r.max())
    apart = len(np.unique(entries)) == entries.size and np.all(np.abs(entries - 1) > 0.05) and np.all(entries > 0.1)
    return both_signs and np.all(np.abs(r) > 0.2) and np.all(np.abs(np.abs(r) - 1) > 0.05) and bool(apart)
