"""Notebook 02: the right answers, and the problems that they are tried on.

Its equations, for layers l = 1, 2, 3 and one column for each sample:

    (2.1)   z^l = W^l v^(l-1) + b^l,  v^0 = x
    (2.2)   v^l = f(z^l) = max(z^l, 0)  for l = 1, 2
    (2.3)   y_hat = v^3 = z^3
    (2.4)   L = sum over samples of (y_hat - y)^T (y_hat - y)
    (2.5)   f'(z) = 1 where z > 0, else 0;  f'(0) = 0
    (2.6)   δ^3 = dL/dz^3 = 2 (y_hat - y)
    (2.7)   dL/dv^l = (W^(l+1))^T δ^(l+1)
    (2.8)   δ^l = dL/dz^l = f'(z^l) ⊙ dL/dv^l
    (2.9)   dL/dW^l = δ^l (v^(l-1))^T
    (2.10)  dL/db^l = δ^l 1, the sum over the samples
    (2.11)  dL/dx = (W^1)^T δ^1
    (2.12)  θ - η dL/dθ  for every parameter θ, all gradients taken at the old parameters
"""

import numpy as np

from helpers.answers import graded

# Probe A: integers, so that it can be done on paper; one dead unit, W2 asymmetric, and y_hat = -6 below zero.
WORKED_EXAMPLE = {
    "params": {
        "W1": np.array([[1, 2, 0], [2, -1, 3]]),
        "b1": np.array([[1], [1]]),
        "W2": np.array([[1, 2], [3, -1]]),
        "b2": np.array([[-1], [2]]),
        "W3": np.array([[2, -1]]),
        "b3": np.array([[4]]),
    },
    "X": np.array([[1], [2], [-1]]),
    "Y": np.array([[-8]]),
}


class Right:
    """The graded functions of notebook 02."""

    def relu(self, z):
        return np.maximum(z, 0)

    def relu_prime(self, z):
        return np.where(z > 0, 1.0, 0.0)

    def bias(self, params, l):
        return params[f"b{l}"]

    def pre_activation(self, W, v, b):
        return W @ v + b

    def passed_on(self, z, v, l):
        """Return what the layer after layer l sees."""
        return v

    def output(self, z):
        return z

    @graded("{}")
    def forward(self, params, X):
        z1 = self.pre_activation(params["W1"], X, self.bias(params, 1))
        v1 = self.relu(z1)
        z2 = self.pre_activation(params["W2"], self.passed_on(z1, v1, 1), self.bias(params, 2))
        v2 = self.relu(z2)
        z3 = self.pre_activation(params["W3"], self.passed_on(z2, v2, 2), self.bias(params, 3))
        return {"z1": z1, "v1": v1, "z2": z2, "v2": v2, "z3": z3, "y_hat": self.output(z3)}

    def residual(self, y_hat, Y):
        return y_hat - Y

    @graded("delta3")
    def output_delta(self, y_hat, Y):
        return 2 * self.residual(y_hat, Y)

    def propagate(self, W_next, delta_next):
        """Return dL/dv of a hidden layer."""
        return W_next.T @ delta_next

    def mask(self, z, dv):
        return self.relu_prime(z) * dv

    @graded("delta")
    def hidden_delta(self, W_next, delta_next, z):
        return self.mask(z, self.propagate(W_next, delta_next))

    def weights_above(self, params, l):
        return params[f"W{l + 1}"]

    def gate(self, seen, l):
        """Return the z whose sign decides which units of layer l pass their error on."""
        return seen[f"z{l}"]

    def layer_input(self, X, seen, l):
        return seen[f"v{l - 1}"] if l > 1 else X

    def dW(self, delta, v):
        return delta @ v.T

    def db(self, delta):
        return delta.sum(axis=1, keepdims=True)

    # star, summed: where N is no layer's size, their products have sizes that do not fit, and numpy stops;
    # zLost, zvSwap: the network itself is right, and v has the mask of z.
    @graded("d{}", hides={"star", "summed", "zLost", "zvSwap"})
    def gradients(self, params, X, Y):
        seen = self.forward(params, X)
        delta = {3: self.output_delta(seen["y_hat"], Y)}
        for l in (2, 1):
            delta[l] = self.hidden_delta(self.weights_above(params, l), delta[l + 1], self.gate(seen, l))
        grads = {}
        for l in (3, 2, 1):
            grads[f"W{l}"] = self.dW(delta[l], self.layer_input(X, seen, l))
            grads[f"b{l}"] = self.db(delta[l])
        return grads

    @graded("{}", hides={"star", "summed", "zLost", "zvSwap"})  # as in gradients
    def gradient_descent_step(self, params, X, Y, eta):
        grads = self.gradients(params, X, Y)
        return {name: params[name] - eta * grads[name] for name in grads}


def problems(rng):
    """Return {description: inputs}, drawn from ``rng`` by the fixture rules; an exercise takes what it names.

    Pairwise different sizes plus a square case, one sample alone, integers, and never two samples (1/N would be a
    half) nor as many as a layer has units; nothing zero, equal or equal to one; dead and live units in every hidden
    layer; residuals and outputs of both signs. One case hits z = 0, in integers, which are exact in any order.
    """
    return {
        "layers of 4, 5, 3, 2 units, 6 samples": _draw(rng, (4, 5, 3, 2), 6),
        "layers of 3, 4, 2, 1 units, 5 samples": _draw(rng, (3, 4, 2, 1), 5),
        "layers of 3 units, 4 samples": _draw(rng, (3, 3, 3, 3), 4),
        "one sample alone": _draw(rng, (2, 4, 3, 5), 1),
        "integers that give one z of exactly 0": _draw(rng, (2, 4, 3, 1), 5, integer=True),
        "the worked example, all integers": _by_hand(),
    }


def _by_hand():
    """Return the worked example, its output layer and its first layer."""
    own = {
        "output_delta": {"y_hat": np.array([[-6]]), "Y": WORKED_EXAMPLE["Y"]},
        "hidden_delta": {
            "W_next": WORKED_EXAMPLE["params"]["W2"],
            "delta_next": np.array([[8], [-4]]),
            "z": np.array([[6], [-2]]),
        },
    }
    return WORKED_EXAMPLE | {"eta": 0.01} | own


def _draw(rng, sizes, N, integer=False):
    own = {"output_delta": _output(rng, sizes[3], N), "hidden_delta": _upstream(rng, sizes[2], sizes[1], N, integer)}
    while True:
        params, X = _network(rng, sizes, N, integer)
        seen = Right().forward(params, X)
        r = 2 * _decimals(rng, seen["y_hat"].shape)
        Y = (seen["y_hat"] - r).round(2)  # so that no error drowns the others, or the decimals
        if _generic(seen, zeros=int(integer)) and _fair(r) and _fair(Y):
            return {"params": params, "X": X, "Y": Y, "eta": 0.03} | own


def _output(rng, n, N):
    while True:
        y_hat, Y = 2 * _decimals(rng, (n, N)), 2 * _decimals(rng, (n, N))
        if _fair(y_hat) and _fair(Y) and _fair(y_hat - Y):
            return {"y_hat": y_hat, "Y": Y}


def _upstream(rng, n_next, n, N, integer):
    """Return the arguments of hidden_delta; of an integer z, one entry is 0."""
    while True:
        z = _integers(rng, (n, N)) if integer else _decimals(rng, (n, N))
        if integer:
            z.flat[rng.integers(z.size)] = 0
        if _mixed(z):
            return {"W_next": _decimals(rng, (n_next, n)), "delta_next": 2 * _decimals(rng, (n_next, N)), "z": z}


def _network(rng, sizes, N, integer):
    """Return params, of which no two are equal unless they are integers, and X."""
    shapes = {f"{kind}{l}": (sizes[l], sizes[l - 1] if kind == "W" else 1) for l in (1, 2, 3) for kind in "Wb"}
    ends = np.cumsum([np.prod(shape) for shape in shapes.values()])
    draw = _integers if integer else _decimals
    pieces = np.split(draw(rng, ends[-1]), ends[:-1])
    params = {name: piece.reshape(shape) for (name, shape), piece in zip(shapes.items(), pieces, strict=True)}
    return params, draw(rng, (sizes[0], N))


def _decimals(rng, shape):
    """Return numbers of both signs with two decimals, no two of the same size, none near 0 or 1."""
    return rng.choice(np.r_[11:95, 106:220], shape, replace=False) * rng.choice([-1, 1], shape) / 100


def _integers(rng, shape):
    return rng.integers(2, 5, shape) * rng.choice([-1, 1], shape)


def _generic(seen, zeros):
    """Return whether nothing here is special enough to hide a mistake; ``zeros`` entries of z are 0, exactly."""
    z = np.concatenate([seen["z1"].ravel(), seen["z2"].ravel()])
    off_the_kinks = np.sum(np.abs(z) < 0.02) == zeros == np.sum(z == 0)
    return off_the_kinks and _mixed(seen["z1"]) and _mixed(seen["z2"]) and _fair(seen["y_hat"])


def _mixed(z):
    """Return whether at least a quarter of the entries are live, and at least a quarter dead."""
    return np.mean(z > 0) >= 0.25 and np.mean(z < 0) >= 0.25


def _fair(r):
    """Return whether both signs occur, and nothing near 0 or near 1."""
    return r.min() < 0 < r.max() and np.all(np.abs(r) > 0.2) and np.all(np.abs(np.abs(r) - 1) > 0.05)
