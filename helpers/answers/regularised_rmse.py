"""Notebook 03: the right answers, and the problems that they are tried on.

The equations of the notebook, to which the mistakes refer; l counts the layers, A is any of W1 b1 W2 b2 W3 b3:

    (3.1)   z_l = W_l a_(l-1) + b_l
    (3.2)   a_0 = X,   a_l = tanh(z_l) for l = 1, 2,   O = z_3
    (3.3)   L = sqrt(1/N sum_n ||o_n - y_n||^2)
    (3.4)   R = 1/2 sum_A ||A||^2
    (3.5)   Loss = L + alpha R
    (3.6)   dL/dL^2 = 1 / (2 L)
    (3.7)   dL^2/dO = 2 (O - Y) / N
    (3.8)   dL/dO = (O - Y) / (N L),   0 where L = 0
    (3.9)   delta_3 = dL/dO
    (3.10)  dL/da_l = W_(l+1)^T delta_(l+1)
    (3.11)  delta_l = dL/da_l * tanh'(z_l),   tanh'(z) = 1 - tanh(z)^2
    (3.12)  dR/dA = A
    (3.13)  dLoss/dW_l = delta_l a_(l-1)^T + alpha W_l
    (3.14)  dLoss/db_l = delta_l 1 + alpha b_l
"""

import numpy as np

from helpers.answers import graded

LAYERS = (1, 2, 3)
MAGNITUDES = np.r_[6:97, 104:131] / 100  # of parameters: no two equal, none near 0 or 1
INTEGERS = np.arange(2, 13)


class Right:
    """The graded functions of notebook 03."""

    def residual(self, O, Y):
        return O - Y

    def mean_square(self, O, Y):
        return np.sum(self.residual(O, Y) ** 2) / O.shape[1]

    def root(self, square):
        return np.sqrt(square)

    @graded("L")
    def rmse(self, O, Y):
        return float(self.root(self.mean_square(O, Y)))

    def penalised(self, params):
        return list(params)

    def half_square(self, A):
        return np.sum(A**2) / 2

    @graded("R")
    def penalty(self, params):
        return float(sum(self.half_square(params[key]) for key in self.penalised(params)))

    def pre_activation(self, W, a, b):
        return W @ a + b

    def activate(self, l, z):
        return np.tanh(z) if l < 3 else z

    def activations(self, params, X):
        z, a = {}, {0: X}
        for l in LAYERS:
            z[l] = self.pre_activation(params[f"W{l}"], a[l - 1], params[f"b{l}"])
            a[l] = self.activate(l, z[l])
        return z, a

    def strength(self, alpha, X):
        """Return what the penalty, and its gradient, is multiplied by."""
        return alpha

    @graded("Loss")
    def loss(self, params, X, Y, alpha):
        _, a = self.activations(params, X)
        return self.rmse(a[3], Y) + self.strength(alpha, X) * self.penalty(params)

    def d_root(self, O, Y):
        """Return dL/dL^2, with the convention 0 at a perfect fit."""
        L = self.rmse(O, Y)
        return 1 / (2 * L) if L else 0.0

    def d_mean_square(self, O, Y):
        return 2 * self.residual(O, Y) / O.shape[1]

    @graded("dO")
    def d_rmse(self, O, Y):
        return self.d_root(O, Y) * self.d_mean_square(O, Y)

    def d_activate(self, l, z):
        return 1 - np.tanh(z) ** 2 if l < 3 else np.ones(z.shape)

    def fed(self, l, z, a):
        """Return what layer l is fed with."""
        return a[l - 1]

    def d_weights(self, delta, a):
        return delta @ a.T

    def d_bias(self, delta):
        return np.sum(delta, axis=1, keepdims=True)

    def send_back(self, W, delta):
        return W.T @ delta

    def decay(self, params, key):
        return params[key] if key in self.penalised(params) else np.zeros(params[key].shape)

    @graded("d{}", builds_on={"penalty"})
    def gradients(self, params, X, Y, alpha):
        z, a = self.activations(params, X)
        grads, da, strength = {}, self.d_rmse(a[3], Y), self.strength(alpha, X)
        for l in reversed(LAYERS):
            delta = da * self.d_activate(l, z[l])
            grads[f"W{l}"] = self.d_weights(delta, self.fed(l, z, a)) + strength * self.decay(params, f"W{l}")
            grads[f"b{l}"] = self.d_bias(delta) + strength * self.decay(params, f"b{l}")
            if l > 1:
                da = self.send_back(params[f"W{l}"], delta)
        return grads


def problems(rng):
    """Return {description: inputs}, drawn from ``rng`` by the fixture rules; an exercise takes what it names.

    Pairwise different sizes plus a square case, one sample alone, integers; never two samples, nor one output unit,
    nor a root of 1 or 1/2; residuals, outputs and pre-activations of both signs. The perfect fit is for d_rmse alone:
    it is exact in quarters, and a root of nearly 0 is no fair test of rmse.
    """
    quarters = rng.choice(np.r_[-12:0, 1:13], (3, 4), replace=False) / 4
    return {
        "layers of 5, 3, 2, 4 units, 6 samples": _draw(rng, (5, 3, 2, 4), 6),
        "layers of 3, 3, 3, 3 units, 5 samples": _draw(rng, (3, 3, 3, 3), 5),
        "layers of 4, 2, 5, 3 units, one sample alone": _draw(rng, (4, 2, 5, 3), 1),
        "data and output layer of integers": _draw(rng, (3, 5, 4, 2), 7, integer=True),
        "a perfect fit": {"d_rmse": {"O": quarters, "Y": quarters.copy()}},
    }


def _draw(rng, sizes, N, integer=False):
    while True:
        params = _params(rng, sizes, integer)
        X, Y, O = (_data(rng, (n, N), integer) for n in (sizes[0], sizes[3], sizes[3]))
        if _generic(params, X, Y, O):
            return {"params": params, "X": X, "Y": Y, "alpha": round(rng.uniform(0.1, 0.45), 2), "O": O}


def _params(rng, sizes, integer):
    """Return params, no two equal in size; those of the output layer are integers where that is asked."""
    shapes = {}
    for l in LAYERS:
        shapes |= {f"W{l}": (sizes[l], sizes[l - 1]), f"b{l}": (sizes[l], 1)}
    params = _distinct(rng, MAGNITUDES, shapes)
    if integer:
        params |= _distinct(rng, INTEGERS, {key: shapes[key] for key in ("W3", "b3")})
    return params


def _distinct(rng, magnitudes, shapes):
    """Return {key: array of its shape}: magnitudes that all differ, with random signs."""
    ends = np.cumsum([np.prod(shape) for shape in shapes.values()])
    values = rng.choice(magnitudes, ends[-1], replace=False) * rng.choice([-1, 1], ends[-1])
    parts = np.split(values, ends[:-1])
    return {key: part.reshape(shape) for (key, shape), part in zip(shapes.items(), parts, strict=True)}


def _data(rng, shape, integer):
    if integer:
        return rng.choice(np.r_[-4:0, 1:5], shape)
    return rng.uniform(-2, 2, shape).round(2)


def _generic(params, X, Y, O):
    """Return whether nothing here is special enough to hide a mistake."""
    right = Right()
    z, a = right.activations(params, X)
    signed = [z[1], z[2], a[3], a[3] - Y, O, O - Y]
    roots = np.array([right.rmse(a[3], Y), right.rmse(O, Y)])
    both_signs = all(array.min() < 0 < array.max() for array in signed)
    off_zero = all(np.all(np.abs(array) > 0.02) for array in [*signed, X, Y])
    unsaturated = all(np.min(np.abs(z[l])) < 1 for l in (1, 2))
    return both_signs and off_zero and unsaturated and bool(np.all(np.abs(roots[:, None] - [0, 0.5, 1]) > 0.05))
