"""Three layers: two of rectified linear units and a linear output, with the sum of squared errors.

    z_l = W_l v_(l-1) + b_l        v_0 = X        v_l = max(z_l, 0) for l = 1, 2        y_hat = v_3 = z_3
    loss = sum over samples of (y_hat - y)^T (y_hat - y)

A *sum* over samples: no 1/N, no 1/2. The output has no ReLU: y_hat may be negative.
max(z, 0) has no derivative at z = 0; here it is 0 there, ReLU'(0) = 0.
Sources: ``seeds`` 002, equations (2.1) to (2.11) of notebook 02; Rumelhart, Hinton & Williams 1986, Learning
representations by back-propagating errors, Nature 323, 533-536.
"""

from typing import NamedTuple

import numpy as np

from helpers.activations import relu, relu_prime

LAYERS = (1, 2, 3)


class Cache(NamedTuple):
    """What forward saw, kept for backward; z and v are keyed by the layer."""

    z: dict[int, np.ndarray]  # z[l] is (n_l, N)
    v: dict[int, np.ndarray]  # v[l] is (n_l, N); v[0] is X, v[3] is y_hat
    Y: np.ndarray  # (n_3, N)


def init(rng, sizes):
    """Return params W1, b1, W2, b2, W3, b3 for ``sizes`` (n_0, n_1, n_2, n_3), drawn from the standard normal.

    Shapes: W_l (n_l, n_(l-1)), b_l (n_l, 1).
    """
    params = {}
    for l in LAYERS:
        params[f"W{l}"] = rng.standard_normal((sizes[l], sizes[l - 1]))
        params[f"b{l}"] = rng.standard_normal((sizes[l], 1))
    return params


def forward(params, X, Y):
    """Return the loss of predicting Y from X, and the cache that backward needs: (2.1) to (2.4).

        loss = sum over samples of (y_hat - y)^T (y_hat - y)

    Shapes: X (n_0, N), Y (n_3, N); loss is a number.
    """
    z, v = {}, {0: X}
    for l in LAYERS:
        z[l] = params[f"W{l}"] @ v[l - 1] + params[f"b{l}"]
        v[l] = relu(z[l]) if l < 3 else z[l]
    return np.sum((v[3] - Y) ** 2), Cache(z, v, Y)


def backward(params, cache):
    """Return the gradient of ``forward``'s loss, with the keys and shapes of ``params``: (2.6) to (2.10).

    delta_3 = 2 (y_hat - Y)        delta_l = relu'(z_l) * (W_(l+1)^T delta_(l+1))        relu'(0) = 0
    dW_l = delta_l v_(l-1)^T       db_l = delta_l 1, the sum over the samples
    """
    z, v, Y = cache
    delta = {3: 2 * (v[3] - Y)}  # dloss/dz_3   (n_3, N)
    for l in (2, 1):
        dv = params[f"W{l + 1}"].T @ delta[l + 1]  # dloss/dv_l   (n_l, N)
        delta[l] = relu_prime(z[l]) * dv  # dloss/dz_l   (n_l, N)
    grads = {}
    for l in LAYERS:
        grads[f"W{l}"] = delta[l] @ v[l - 1].T  # (n_l, n_(l-1))
        grads[f"b{l}"] = delta[l].sum(axis=1, keepdims=True)  # (n_l, 1)
    return grads
