"""A network of any depth, and the recursion that carries delta from each layer to the one before.

    z[l] = W_l a[l-1] + b_l        a[l] = f(z[l])        l = 1 ... L, a[0] = X
    loss = mean over samples of 1/2 ||a[L] - y||^2

f acts on every layer, the output too. The board counts the input as layer 1; here it is layer 0, and the first
weights are W1. Sources: Rumelhart, Hinton & Williams 1986, Nature 323, 533-536; Werbos 1990, Proc. IEEE 78(10),
1550-1560; ``seeds`` 003, equations (4.1) to (4.14) of notebook 04.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Cache(NamedTuple):
    """What forward saw, kept for backward; z and a are keyed by the board's layer."""

    z: dict[int, np.ndarray]  # z[l] (n_l, N), l = 1 ... L
    a: dict[int, np.ndarray]  # a[l] (n_l, N), l = 0 ... L
    Y: np.ndarray  # (n_L, N)
    f_prime: Callable


def init(rng, sizes):
    """Return params W1 b1 ... WL bL for layers of ``sizes`` n_0 ... n_L.

    W_l (n_l, n_{l-1}) is normal with variance 1/n_{l-1}, which keeps z of order one; b_l (n_l, 1) is standard normal.
    """
    params = {}
    for l in range(1, len(sizes)):
        params[f"W{l}"] = rng.standard_normal((sizes[l], sizes[l - 1])) / np.sqrt(sizes[l - 1])
        params[f"b{l}"] = rng.standard_normal((sizes[l], 1))
    return params


def forward(params, X, Y, f, f_prime):
    """Return E_total, the mean over samples of half the squared error, and the cache that backward needs.

    Shapes: W_l (n_l, n_{l-1}), b_l (n_l, 1), X (n_0, N), Y (n_L, N); the loss is a number.
    ``f_prime`` is the derivative of the activation ``f``; both act elementwise, at the pre-activation.
    """
    L = len(params) // 2
    z, a = {}, {0: X}
    for l in range(1, L + 1):
        z[l] = params[f"W{l}"] @ a[l - 1] + params[f"b{l}"]
        a[l] = f(z[l])
    return np.sum((a[L] - Y) ** 2) / (2 * X.shape[1]), Cache(z, a, Y, f_prime)


def backward(params, cache):
    """Return the gradient of ``forward``'s loss, keys and shapes as ``params``.

        delta[L] = (a[L] - Y) * f'(z[L])                        (n_L, N), one sample's dE/dz in each column
        delta[l] = (W_{l+1}^T delta[l+1]) * f'(z[l])            (n_l, N)
        dW_l = delta[l] a[l-1]^T / N                            (n_l, n_{l-1})
        db_l = row sums of delta[l] / N                         (n_l, 1)

    At a kink of f the gradient is what ``f_prime`` says: ReLU'(0) = 0 in ``helpers.activations``.
    """
    z, a, Y, f_prime = cache
    L, N = len(z), Y.shape[1]
    delta = {L: (a[L] - Y) * f_prime(z[L])}
    for l in range(L - 1, 0, -1):
        delta[l] = (params[f"W{l + 1}"].T @ delta[l + 1]) * f_prime(z[l])
    grads = {}
    for l in range(1, L + 1):
        grads[f"W{l}"] = delta[l] @ a[l - 1].T / N
        grads[f"b{l}"] = delta[l].sum(axis=1, keepdims=True) / N
    return grads
