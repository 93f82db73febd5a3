"""Linear regression: one linear neuron and the sum of its squared errors.

    out = W^T X            r = out - Y            loss = sum of r^2

A *sum* over samples: no 1/N, no 1/2. Row 0 of X is all ones, so W[0] is the bias.
Source: ``seeds`` 001, equations (1.1) to (1.9) of notebook 01.
"""

from typing import NamedTuple

import numpy as np


class Cache(NamedTuple):
    """What forward saw, kept for backward."""

    X: np.ndarray  # (d+1, N)
    r: np.ndarray  # (1, N)


def init(rng, d):
    """Return params ``{"W": (d+1, 1)}`` for d features and the bias, drawn from the standard normal."""
    return {"W": rng.standard_normal((d + 1, 1))}


def forward(params, X, Y):
    """Return the loss of predicting Y from X, and the cache that backward needs.

        loss = sum over samples of (W^T x - y)^2

    Shapes: W (d+1, 1), X (d+1, N) with a first row of ones, Y (1, N); loss is a number.
    """
    r = params["W"].T @ X - Y
    return np.sum(r**2), Cache(X, r)


def backward(params, cache):
    """Return ``{"W": dW}``, the gradient of ``forward``'s loss.

    dW = 2 X r^T            (d+1, 1)
    """
    X, r = cache
    return {"W": 2 * X @ r.T}
