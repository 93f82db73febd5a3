"""Regularised RMSE: two hidden layers of tanh, a linear output, a root over all samples and weight decay.

    z_l = W_l a_(l-1) + b_l      a_0 = X      a_l = tanh(z_l) for l = 1, 2      O = z_3
    L = sqrt(1/N sum over samples of ||o - y||^2)      R = 1/2 sum of every squared parameter      Loss = L + alpha R

N counts *samples*, not entries, and the root couples them: the gradient is no mean over samples. R counts once.
Source: ``seeds`` 000, equations (3.1) to (3.14) of notebook 03; the recursion (3.10), (3.11) is that of Rumelhart,
Hinton & Williams 1986, Nature 323, 533-536.
"""

from typing import NamedTuple

import numpy as np


class Cache(NamedTuple):
    """What forward saw, kept for backward."""

    z: dict  # z[l] (n_l, N)
    a: dict  # a[l] (n_l, N), a[0] = X
    r: np.ndarray  # O - Y (n_3, N)
    L: float
    alpha: float


def init(rng, sizes):
    """Return params W1 b1 W2 b2 W3 b3 for ``sizes`` (n_0, n_1, n_2, n_3), drawn from normal distributions.

    Shapes: W_l (n_l, n_(l-1)) with variance 1/n_(l-1), b_l (n_l, 1).
    """
    params = {}
    for l in (1, 2, 3):
        params[f"W{l}"] = rng.standard_normal((sizes[l], sizes[l - 1])) / np.sqrt(sizes[l - 1])
        params[f"b{l}"] = rng.standard_normal((sizes[l], 1)) / 2
    return params


def forward(params, X, Y, alpha):
    """Return Loss = L + alpha R of predicting Y from X, and the cache that backward needs.

    Shapes: X (n_0, N), Y (n_3, N), alpha and the loss are numbers.
    """
    z, a = {}, {0: X}
    for l in (1, 2, 3):
        z[l] = params[f"W{l}"] @ a[l - 1] + params[f"b{l}"]  # (3.1)
        a[l] = np.tanh(z[l]) if l < 3 else z[l]  # (3.2)
    r = a[3] - Y
    L = np.sqrt(np.sum(r**2) / X.shape[1])  # (3.3)
    R = sum(np.sum(A**2) for A in params.values()) / 2  # (3.4)
    return L + alpha * R, Cache(z, a, r, L, alpha)  # (3.5)


def backward(params, cache):
    """Return {W3, b3, W2, b2, W1, b1}, the gradient of ``forward``'s loss, each in the shape of its parameter.

        dO = r / (N L)                     dW_l = delta_l a_(l-1)^T + alpha W_l
        delta_l = da_l * tanh'(z_l)        db_l = delta_l 1 + alpha b_l
        da_l = W_(l+1)^T delta_(l+1)

    At a perfect fit, L = 0, the root has a kink; there dO = 0, its smallest subgradient, so the gradient is
    alpha times the parameters.
    """
    z, a, r, L, alpha = cache
    delta = r / (r.shape[1] * L) if L else np.zeros(r.shape)  # dL/dO (3.8) = delta_3 (3.9), (n_3, N)
    grads = {}
    for l in (3, 2, 1):
        grads[f"W{l}"] = delta @ a[l - 1].T + alpha * params[f"W{l}"]  # (3.13)
        grads[f"b{l}"] = delta.sum(axis=1, keepdims=True) + alpha * params[f"b{l}"]  # (3.14)
        if l > 1:
            da = params[f"W{l}"].T @ delta  # dL/da_(l-1) (3.10), (n_(l-1), N)
            delta = da * (1 - np.tanh(z[l - 1]) ** 2)  # dL/dz_(l-1) (3.11), (n_(l-1), N)
    return grads
