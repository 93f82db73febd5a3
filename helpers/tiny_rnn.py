"""A tiny recurrent network: one hidden unit that remembers, and back-propagation through time.

    z_t = w_x x_t + w_h h_{t-1} + b1     h_t = sgm(z_t)     y'_t = sgm(w h_t + b2)     t = 1 ... T
    Loss = 1/T sum of E_t                E_t = 1/2 (y_t - y'_t)^2

A *mean* over the T time steps, with 1/2; five numbers as parameters, shared by all the steps; h_0 is given.
No singular points: the sigmoid is smooth.
Source: ``seeds`` 004, equations (5.1) to (5.14) of notebook 05; P. J. Werbos, "Backpropagation through time: what it
does and how to do it", Proc. IEEE 78(10), 1550-1560 (1990); Rumelhart, Hinton & Williams, Nature 323, 533-536 (1986).
"""

from typing import NamedTuple

import numpy as np

from helpers.activations import sigmoid

NAMES = ("w", "w_x", "w_h", "b1", "b2")


class Cache(NamedTuple):
    """What forward saw, kept for backward."""

    x: np.ndarray  # (T,)
    y: np.ndarray  # (T,)
    h: np.ndarray  # (T+1,), h[0] = h0
    y_hat: np.ndarray  # (T,)


def init(rng):
    """Return params ``{"w", "w_x", "w_h", "b1", "b2"}``: five floats, drawn from the standard normal."""
    return dict(zip(NAMES, rng.standard_normal(5).tolist(), strict=True))


def forward(params, x, y, h0=0.0):
    """Return the loss of predicting y from x, and the cache that backward needs.

        h_t = sgm(w_x x_t + w_h h_{t-1} + b1)     y'_t = sgm(w h_t + b2)     loss = 1/T sum of 1/2 (y_t - y'_t)^2

    Shapes: x (T,), y (T,), h0 a number; loss is a number.
    """
    w, w_x, w_h, b1, b2 = (params[name] for name in NAMES)
    h = [h0]
    for x_t in x:
        h.append(sigmoid(w_x * x_t + w_h * h[-1] + b1))
    h = np.array(h)  # (T+1,)
    y_hat = sigmoid(w * h[1:] + b2)  # (T,)
    return np.mean((y_hat - y) ** 2 / 2), Cache(x, y, h, y_hat)


def deltas(params, cache):
    """Return delta_y and delta_h, both (T,): dLoss by the pre-activations of the outputs and of the hidden states.

        delta_y_t = 1/T (y'_t - y_t) y'_t (1 - y'_t)
        delta_h_t = h_t (1 - h_t) (w delta_y_t + w_h delta_h_{t+1})      and none after the last step

    Hence dLoss/dh_0 = w_h delta_h_1.
    """
    _, y, h, y_hat = cache
    T = len(y_hat)
    delta_y = (y_hat - y) * y_hat * (1 - y_hat) / T
    q = h[1:] * (1 - h[1:])  # dh_t/dz_t
    delta_h = np.zeros(T + 1)
    for t in reversed(range(T)):
        delta_h[t] = q[t] * (params["w"] * delta_y[t] + params["w_h"] * delta_h[t + 1])
    return delta_y, delta_h[:T]


def backward(params, cache):
    """Return the gradient of ``forward``'s loss, a number for each parameter.

    dw  = sum of delta_y_t h_t         db2 = sum of delta_y_t
    dw_x = sum of delta_h_t x_t        dw_h = sum of delta_h_t h_{t-1}        db1 = sum of delta_h_t
    """
    delta_y, delta_h = deltas(params, cache)
    dw, db2 = delta_y @ cache.h[1:], np.sum(delta_y)
    dw_x, dw_h, db1 = delta_h @ cache.x, delta_h @ cache.h[:-1], np.sum(delta_h)
    return {"w": dw, "b2": db2, "w_x": dw_x, "w_h": dw_h, "b1": db1}
