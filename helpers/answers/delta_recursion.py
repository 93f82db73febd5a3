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
    (4.14)  W_l <- W_l - eta dW_l and b_l <- b_l - eta db_l; at eta = 0, E_total falls at the rate ||grads||^2
"""

import numpy as np

from helpers import activations
from helpers.answers import graded


def leaky(z):
    """Return z where it is positive and z/2 elsewhere: an activation for paper."""
    return np.where(z > 0, z, z / 2)


def leaky_prime(z):
    return np.where(z > 0, 1, 0.5)


# Two inputs, three hidden units, two outputs, one sample: small whole numbers, slopes of both kinds in both layers,
# residuals of both signs. All mistakes show but those about means, and f'(a), which is f'(z) where signs are kept.
BY_HAND = {
    "params": {
        "W1": np.array([[-2, 3], [2, -3], [-2, 4]]),
        "b1": np.array([[3], [-4], [-4]]),
        "W2": np.array([[-3, 2, 3], [4, 3, -2]]),
        "b2": np.array([[-3], [-5]]),
    },
    "X": np.array([[-2], [-3]]),
    "Y": np.array([[4], [3]]),
}


class Right:
    """The graded functions of notebook 04."""

    def pre_activation(self, params, z, a, l):
        return params[f"W{l}"] @ a[l - 1] + params[f"b{l}"]

    def activation(self, f, z, is_output):
        return f(z)

    def layers(self, params, X, f):
        """Return z and a, keyed by the layer."""
        z, a = {}, {0: X}
        L = len(params) // 2
        for l in range(1, L + 1):
            z[l] = self.pre_activation(params, z, a, l)
            a[l] = self.activation(f, z[l], l == L)
        return z, a

    @graded("{}")
    def forward(self, params, X, f):
        z, a = self.layers(params, X, f)
        found = {"a0": X}
        for l in z:
            found |= {f"z{l}": z[l], f"a{l}": a[l]}
        return found

    @graded("letters", alone=True)
    def right_letters(self):
        return {"raised": 2, "second": 1, "layer": 3, "matrices": 4}

    def half_square(self, r):
        """Return half the squared length of each column, (N,)."""
        return np.sum(r**2, axis=0) / 2

    def averaged(self, total, N):
        return total / N

    @graded("E_total")
    def total_error(self, a_L, Y):
        return float(self.averaged(np.sum(self.half_square(a_L - Y)), Y.shape[1]))

    @graded("spot", alone=True)
    def missing_square(self, O, Y):
        first = float(self.half_square(O - Y)[0])
        return {"first": 1, "second": 4, "factor": 2, "E_1": first, "E_total": self.total_error(O, Y)}

    def weights_of_term(self, W):
        return W

    # One layer, one sample: there is no hidden layer, and nothing that a mean does wrong can show; W is not square.
    @graded("spot", alone=True, hides={"noAct", "zPrev", "Wᵀ", "perElement"})
    def lost_term(self, W, b, a, y, f):
        r = self.layers({"W1": self.weights_of_term(W), "b1": b}, a, f)[1][1] - y
        return {"second": 22, "term_2": float(self.half_square(r[1:])[0]), "E": float(self.half_square(r)[0])}

    def residual(self, a_L, Y):
        return a_L - Y

    def output_slope(self, a_L, z_L, f_prime):
        return f_prime(z_L)

    # One unit, one sample: there is nothing to average.
    @graded(
        "dE/dz",
        kind="derivation",
        alone=True,
        given={"a": "f(z)"},
        lines=3,
        hides={"mean", "perElement"},
    )
    def output_derivation(self, z, y, f, f_prime):
        point = np.array([[f(z)]]), np.array([[y]]), np.array([[z]])
        return float(self.output_delta(*point, f_prime)[0, 0])

    @graded("delta_L")
    def output_delta(self, a_L, Y, z_L, f_prime):
        return self.residual(a_L, Y) * self.output_slope(a_L, z_L, f_prime)

    # One entry of one sample's gradient: its place in the matrix and the mean cannot show; unequal sizes stop ai.
    @graded("spot", alone=True, hides={"outerT", "zforv", "mean", "oneLayer", "ai"})
    def lost_prime(self, a_prev, z, a, y, f_prime):
        bracket = float(self.half_square(a - y)[0])
        return {"line": 3, "bracket": bracket, "repair": float(self._one_layer(a_prev, z, a, y, f_prime)[1][0, 0])}

    def _one_layer(self, a_prev, z, a, y, f_prime):
        """Return delta and the weights' gradient of an output layer, one sample."""
        delta = self.output_delta(a, y, z, f_prime)
        return delta, self.weight_gradient({1: delta}, {1: z}, {0: a_prev, 1: a}, 1)

    def carried_back(self, W_next, delta_next):
        return W_next.T @ delta_next

    def hidden_slope(self, z, f_prime):
        return f_prime(z)

    # One unit that feeds two, one sample: W (2, 1) untransposed does not fit, and there is nothing to average.
    @graded(
        "dE/dz",
        kind="derivation",
        alone=True,
        given={
            "a": "f(z)",
            "u_1": "w_1*a + c_1",
            "u_2": "w_2*a + c_2",
            "d_1": "(f(u_1) - y_1)*f_prime(u_1)",
            "d_2": "(f(u_2) - y_2)*f_prime(u_2)",
        },
        lines=4,
        hides={"noT", "meanSlope", "mean"},
    )
    def hidden_derivation(self, z, w_1, w_2, c_1, c_2, y_1, y_2, f, f_prime):
        W, c, y = (np.array([[one], [two]]) for one, two in ((w_1, w_2), (c_1, c_2), (y_1, y_2)))
        u = W * f(z) + c
        delta = self.hidden_delta(W, (f(u) - y) * f_prime(u), np.array([[z]]), self.slope_functions(f, f_prime)[1])
        return float(delta[0, 0])

    @graded("delta_l")
    def hidden_delta(self, W_next, delta_next, z, f_prime):
        return self.carried_back(W_next, delta_next) * self.hidden_slope(z, f_prime)

    def layers_in_order(self, L):
        return list(range(L, 0, -1))

    @graded("order", alone=True)
    def order(self, L):
        return np.array(self.layers_in_order(L))

    # One sample, one layer: nothing to average, and what goes into the layer is the input; unequal sizes stop ai, and
    # tell outerT as a layout; with two outputs perElement is half.
    @graded("spot", alone=True, hides={"mean", "zforv", "oneLayer", "outerT", "ai", "perElement"})
    def output_gradient(self, a_prev, z, a, y, f_prime):
        delta, dW = self._one_layer(a_prev, z, a, y, f_prime)
        return {"line_1": 11, "line_4": 21, "delta": delta, "dW": dW}

    # One sample; the activation of the layer itself is not among the arguments.
    @graded("spot", alone=True, hides={"mean", "meanSlope", "zforv", "al", "oneLayer"})
    def hidden_lines(self, W_next, delta_next, z, a_prev, f_prime):
        delta = self.hidden_delta(W_next, delta_next, z, f_prime)
        return {"line": 3, "delta": delta, "dW": self.weight_gradient({1: delta}, {1: z}, {0: a_prev}, 1)}

    # One sample: nothing to average. One hidden layer: stuck is right, zPrev is noAct, its input is X. Two outputs:
    # perElement is half. f'(a) is f'(z) here. And unequal sizes stop the other mistakes with an error.
    @graded(
        "by hand",
        alone=True,
        hides={
            *("mean", "meanSlope", "lastOnly", "zforv", "stuck", "fp(a)", "zPrev", "perElement"),
            *("noT", "Wl", "wrongMask", "ai", "outerT", "Wᵀ"),
        },
    )
    def by_hand(self):
        params, X, Y = BY_HAND.values()
        z, a = self.layers(params, X, leaky)
        delta = self.deltas(params, Y, z, a, self.slope_functions(leaky, leaky_prime))
        dW = self.weight_gradient(delta, z, a, 1)
        return {"a_2": a[2], "delta_2": delta[2], "delta_1": delta[1], "dW_1": dW}

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

    def stored(self, gradient, parameter):
        return gradient

    @graded("d{}", builds_on={"forward"})
    def backprop(self, params, X, Y, f, f_prime):
        z, a = self.layers(params, X, f)
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

    # One layer, whose input is what is handed over; its own activation is not. No integers.
    @graded("spot", alone=True, hides={"al", "zforv", "oneLayer", "byOrder", "int"})
    def batch_step(self, W, b, delta, a_prev, eta):
        N = delta.shape[1]
        grads = {
            "W1": self.averaged(self.weight_gradient({1: delta}, {}, {0: a_prev}, 1), N),
            "b1": self.averaged(self.bias_gradient({1: delta}, 1), N),
        }
        new = self.gradient_descent_step({"W1": W, "b1": b}, grads, eta)
        return {"line": 1, "W": new["W1"], "b": new["b1"]}


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
    output, eta = _draw_output(rng, f, f_prime, sizes[-1], N, integer), float(rng.integers(3, 40) / 50)
    drawn = net | {
        "total_error": {"a_L": output["a_L"], "Y": output["Y"]},
        "missing_square": {"O": output["a_L"], "Y": output["Y"]},
        "output_delta": output,
        "hidden_delta": _draw_hidden(rng, f_prime, sizes[-2:], N, integer),
        "order": {"L": len(sizes) - 1},
        "gradient_descent_step": {"params": net["params"], "grads": grads, "eta": eta},
        "batch_step": _draw_batch(rng, sizes, N, eta),
    }
    return drawn if name == "relu" else drawn | _draw_lines(rng, f, f_prime, square=len(set(sizes)) == 1)


def _draw_net(rng, f, f_prime, sizes, N, integer):
    while True:
        params, X = _parameters(rng, sizes, integer), _distinct(rng, (sizes[0], N), integer)
        Y = _distinct(rng, (sizes[-1], N), integer)
        if integer:  # targets near the outputs, or the gradients are too large for their decimals to show
            Y = Y + Right().layers(params, X, f)[1][len(sizes) - 1]
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


def _draw_batch(rng, sizes, N, eta):
    W, b = (_distinct(rng, shape) for shape in ((sizes[1], sizes[0]), (sizes[1], 1)))
    return {"W": W, "b": b, "delta": _distinct(rng, (sizes[1], N)), "a_prev": _distinct(rng, (sizes[0], N)), "eta": eta}


def _draw_lines(rng, f, f_prime, square):
    """Return inputs for the lines of the source derivation: its net, 2-3-2, and one sample."""
    output = _draw_output(rng, f, f_prime, 2, 1, False)
    hidden = _draw_hidden(rng, f_prime, (3, 3) if square else (3, 4), 1, False)
    layer = {"a_prev": _distinct(rng, (3, 1)), "z": output["z_L"], "a": output["a_L"], "y": output["Y"]}
    z, w_1, w_2, c_1, c_2, y_1, y_2 = map(float, _distinct(rng, (7,)))
    z += np.sign(z) / 2  # f'(f(z)) is f'(z) near zero
    point = {"z": z, "w_1": w_1, "w_2": w_2, "c_1": c_1, "c_2": c_2, "y_1": y_1, "y_2": y_2}
    slopes = {"f": f, "f_prime": f_prime}
    return {
        "lost_term": _draw_term(rng, layer["y"]) | {"f": f},
        "output_derivation": {"z": z, "y": y_1} | slopes,
        "lost_prime": layer | {"f_prime": f_prime},
        "hidden_derivation": point | slopes,
        "output_gradient": layer | {"f_prime": f_prime},
        "hidden_lines": hidden | {"a_prev": _distinct(rng, (3 if square else 2, 1))},
    }


def _draw_term(rng, y):
    while True:
        W, b, a = (_distinct(rng, shape) for shape in ((2, 3), (2, 1), (3, 1)))
        if np.all(np.abs(W @ a + b) < 1.5) and abs((W[1, 0] - W[1, 1]) * a[1, 0]) > 0.2:  # not saturated
            return {"W": W, "b": b, "a": a, "y": y}


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
    z, a = right.layers(params, X, f)
    clear = all(_both_signs(z[l]) and np.all(np.abs(z[l]) > 0.01) for l in z)
    alive = all(np.any(gradient) for gradient in right.backprop(params, X, Y, f, f_prime).values())
    return bool(clear and alive and _clear(a[len(z)] - Y))
