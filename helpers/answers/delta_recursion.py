"""Notebook 04: the right answers, and the problems that they are tried on.

The equations of the notebook, in its order; l = 1 ... L, a[0] = X, one sample is a column, * is elementwise:

    (4.1)   z[l] = W_l a[l-1] + b_l
    (4.2)   a[l] = f(z[l]), on the output layer too
    (4.3)   E = 1/2 ||a[L] - y||^2, one sample
    (4.4)   E_total = 1/N sum over samples of E
    (4.5)   delta[l] = dE/dz[l], the definition
    (4.6)   dE/da[L] = a[L] - y
    (4.7)   delta[L] = (a[L] - Y) * f'(z[L])
    (4.8)   dz_k[l+1]/dz_j[l] = w_kj[l+1] f'(z_j[l])
    (4.9)   delta_j[l] = sum over k of w_kj[l+1] delta_k[l+1] f'(z_j[l])
    (4.10)  delta[l] = (W_{l+1}^T delta[l+1]) * f'(z[l])
    (4.11)  dE/dw_ij[l] = delta_i[l] a_j[l-1] and dE/db_i[l] = delta_i[l], one sample
    (4.12)  dW_l = 1/N delta[l] a[l-1]^T
    (4.13)  db_l = 1/N times the row sums of delta[l]
    (4.14)  W_l <- W_l - eta dW_l and b_l <- b_l - eta db_l
"""

import numpy as np

from helpers import activations
from helpers.answers import graded


class Right:
    """The graded functions of notebook 04."""

    def residual(self, a_L, Y):
        return a_L - Y

    def output_slope(self, a_L, z_L, f_prime):
        return f_prime(z_L)

    @graded("delta_L")
    def output_delta(self, a_L, Y, z_L, f_prime):
        return self.residual(a_L, Y) * self.output_slope(a_L, z_L, f_prime)

    def carried_back(self, W_next, delta_next):
        return W_next.T @ delta_next

    def hidden_slope(self, z, f_prime):
        return f_prime(z)

    @graded("delta_l")
    def hidden_delta(self, W_next, delta_next, z, f_prime):
        return self.carried_back(W_next, delta_next) * self.hidden_slope(z, f_prime)

    def pre_activation(self, params, z, a, l):
        return params[f"W{l}"] @ a[l - 1] + params[f"b{l}"]

    def activation(self, f, z, is_output):
        return f(z)

    def forward(self, params, X, f):
        """Return z and a, keyed by the layer."""
        z, a = {}, {0: X}
        L = len(params) // 2
        for l in range(1, L + 1):
            z[l] = self.pre_activation(params, z, a, l)
            a[l] = self.activation(f, z[l], l == L)
        return z, a

    def slope_functions(self, f, f_prime):
        """Return what stands for f' at the output, and in the hidden layers."""
        return f_prime, f_prime

    def slope_point(self, z, a, l):
        """Return where f' is evaluated for the delta of hidden layer l."""
        return z[l]

    def next_weights(self, params, l):
        return params[f"W{l + 1}"]

    def next_delta(self, delta, l):
        return delta[l + 1]

    def deltas(self, params, Y, z, a, slopes):
        """Return {layer: delta}, the output layer first."""
        L = len(z)
        output_slope, hidden_slope = slopes
        delta = {L: self.output_delta(a[L], Y, z[L], output_slope)}
        for l in range(L - 1, 0, -1):
            incoming = self.next_weights(params, l), self.next_delta(delta, l)
            delta[l] = self.hidden_delta(*incoming, self.slope_point(z, a, l), hidden_slope)
        return delta

    def weight_gradient(self, delta, z, a, l):
        """Return the gradient of the weights of layer l, summed over samples."""
        return delta[l] @ a[l - 1].T

    def bias_gradient(self, delta, l):
        return delta[l].sum(axis=1, keepdims=True)

    def averaged(self, total, N):
        return total / N

    def stored(self, gradient, parameter):
        return gradient

    @graded("d{}")
    def backprop(self, params, X, Y, f, f_prime):
        z, a = self.forward(params, X, f)
        delta = self.deltas(params, Y, z, a, self.slope_functions(f, f_prime))
        grads = {}
        for l in delta:
            grads[f"W{l}"] = self.averaged(self.weight_gradient(delta, z, a, l), X.shape[1])
            grads[f"b{l}"] = self.averaged(self.bias_gradient(delta, l), X.shape[1])
        return {name: self.stored(grad, params[name]) for name, grad in grads.items()}

    def step(self, gradient, eta):
        return -eta * gradient

    def gradient_of(self, name, params, grads):
        return grads[name]

    def moved(self, name, params, grads, eta):
        """Return the new value of one of the parameters."""
        return params[name] + self.step(self.gradient_of(name, params, grads), eta)

    @graded("{}")
    def gradient_descent_step(self, params, grads, eta):
        return {name: self.moved(name, params, grads, eta) for name in params}


def problems(rng):
    """Return {description: inputs}, drawn from ``rng`` by the fixture rules; an exercise takes what it names.

    One to four layers of weights, three activations, pairwise different sizes plus a square net, one sample alone,
    integers; never two samples (1/N would be a half) nor as many samples as a layer has units; nothing zero, equal
    or equal to one; pre-activations and residuals of both signs, and away from a kink.
    """
    return {
        "3 layers of weights, sigmoid": _draw(rng, "sigmoid", (4, 2, 5, 3), 6),
        "4 layers of weights, tanh": _draw(rng, "tanh", (3, 5, 2, 6, 4), 7),
        "2 layers of weights, ReLU": _draw(rng, "relu", (2, 4, 3), 5),
        "1 layer of weights, tanh": _draw(rng, "tanh", (5, 3), 4),
        "square: as many units in every layer": _draw(rng, "tanh", (3, 3, 3, 3), 5),
        "one sample alone": _draw(rng, "sigmoid", (3, 4, 2), 1),
        "integers, ReLU": _draw(rng, "relu", (3, 2, 1), 5, integer=True),
    }


def _draw(rng, name, sizes, N, integer=False):
    """Return one problem: a net for backprop, and values of its own for the single steps."""
    f, f_prime = getattr(activations, name), getattr(activations, f"{name}_prime")
    net = _draw_net(rng, f, f_prime, sizes, N, integer)
    grads = dict(reversed(_parameters(rng, sizes, False).items()))  # as backprop returns them
    return net | {
        "output_delta": _draw_output(rng, f, f_prime, sizes[-1], N, integer),
        "hidden_delta": _draw_hidden(rng, f_prime, sizes[-2:], N, integer),
        "gradient_descent_step": {"params": net["params"], "grads": grads, "eta": float(rng.integers(3, 40) / 50)},
    }


def _draw_net(rng, f, f_prime, sizes, N, integer):
    while True:
        params, X = _parameters(rng, sizes, integer), _distinct(rng, (sizes[0], N), integer)
        Y = _distinct(rng, (sizes[-1], N), integer)
        if integer:  # targets near the outputs, or the gradients are too large for their decimals to show
            Y = Y + Right().forward(params, X, f)[1][len(sizes) - 1]
        if _generic(params, X, Y, f, f_prime):
            return {"params": params, "X": X, "Y": Y, "f": f, "f_prime": f_prime}


def _draw_output(rng, f, f_prime, n, N, integer):
    while True:
        z_L, Y = _distinct(rng, (n, N), integer), _distinct(rng, (n, N), integer)
        if _both_signs(z_L) and _clear(f(z_L) - Y):
            return {"a_L": f(z_L), "Y": Y, "z_L": z_L, "f_prime": f_prime}


def _draw_hidden(rng, f_prime, sizes, N, integer):
    while True:
        W_next, delta_next = _distinct(rng, sizes[::-1], integer), _distinct(rng, (sizes[1], N), integer)
        z = _distinct(rng, (sizes[0], N), integer)
        if _both_signs(z) and np.all(np.abs(W_next.T @ delta_next) > 0.01):
            return {"W_next": W_next, "delta_next": delta_next, "z": z, "f_prime": f_prime}


def _parameters(rng, sizes, integer):
    """Return params of layers of ``sizes``, no entry equal to another."""
    shapes = {}
    for l in range(1, len(sizes)):
        shapes |= {f"W{l}": (sizes[l], sizes[l - 1]), f"b{l}": (sizes[l], 1)}
    counts = [rows * columns for rows, columns in shapes.values()]
    parts = np.split(_distinct(rng, (sum(counts),), integer), np.cumsum(counts)[:-1])
    return {name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}


def _distinct(rng, shape, integer=False):
    """Return an array of two decimals, or of integers, no two entries equal, none 0, 1 or -1."""
    some = np.arange(2, 3 + np.prod(shape) // 2) if integer else np.setdiff1d(np.arange(15, 190), range(95, 106)) / 100
    return rng.choice(np.concatenate([-some, some]), shape, replace=False)


def _both_signs(array):
    return array.size == 1 or array.min() < 0 < array.max()


def _clear(residual):
    return _both_signs(residual) and bool(np.all(np.abs(residual) > 0.05))


def _generic(params, X, Y, f, f_prime):
    """Return whether nothing here is special enough to hide a mistake: both signs, no kink, no gradient of zeros."""
    right = Right()
    z, a = right.forward(params, X, f)
    clear = all(_both_signs(z[l]) and np.all(np.abs(z[l]) > 0.01) for l in z)
    alive = all(np.any(gradient) for gradient in right.backprop(params, X, Y, f, f_prime).values())
    return bool(clear and alive and _clear(a[len(z)] - Y))
