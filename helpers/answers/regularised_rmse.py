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
    (3.15)  ||dL/dO|| = 1 / sqrt(N)   and   <dL/dO, O - Y> = L,   where L is not 0
    (3.16)  L(O - eta dL/dO) = |L - eta / N|
"""

import numpy as np

from helpers.activations import tanh, tanh_prime
from helpers.answers import graded

LAYERS = (1, 2, 3)
MAGNITUDES = np.r_[6:97, 104:131] / 100  # of parameters: no two equal, none near 0 or 1
INTEGERS = np.arange(2, 13)

# Done on paper: tanh(ln 2) = 3/5, tanh(ln 3) = 4/5, tanh(ln(3)/2) = 1/2, and L = 3.
WORKED_EXAMPLE = {
    "z2": np.log([[2, 1 / 3, 3**0.5, 1 / 2]]),
    "W3": np.array([[10.0], [-20.0]]),
    "b3": np.array([[1.0], [-3.0]]),
    "Y": np.array([[10.0, -6.0, 4.0, -3.0], [-18.0, 14.0, -15.0, 7.0]]),
    "alpha": 0.1,
}


class Right:
    """The graded functions of notebook 03."""

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

    @graded("{}")
    def forward(self, params, X):
        z, a = self.activations(params, X)
        return {"z1": z[1], "a1": a[1], "z2": z[2], "a2": a[2], "O": a[3]}

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

    def strength(self, alpha, X):
        """Return what the penalty, and its gradient, is multiplied by."""
        return alpha

    @graded("Loss", builds_on={"forward"})
    def loss(self, params, X, Y, alpha):
        _, a = self.activations(params, X)
        return self.rmse(a[3], Y) + self.strength(alpha, X) * self.penalty(params)

    @graded("spot", alone=True)
    def read_the_board(self):
        return {"i_in_L": 2, "i_in_R": 3, "i_2": 4, "i_2_is": 2, "N": 1, "y": 2, "f": 3}

    def d_root(self, O, Y):
        """Return dL/dL^2, with the convention 0 at a perfect fit."""
        L = self.rmse(O, Y)
        return 1 / (2 * L) if L else 0.0

    def d_mean_square(self, O, Y):
        return 2 * self.residual(O, Y) / O.shape[1]

    # One output unit; no perfect fit and no integers.
    @graded(
        "dL/do_1",
        kind="derivation",
        alone=True,
        given={"S": "((o_1 - y_1)**2 + (o_2 - y_2)**2 + (o_3 - y_3)**2)/3", "L": "sqrt(S)"},
        lines=3,
        hides={"perElement", "perElement#perElementBelow", "perElement#perElementAbove", "int"},
    )
    def root_derivation(self, o_1, o_2, o_3, y_1, y_2, y_3):
        return float(self.d_rmse(np.array([[o_1, o_2, o_3]]), np.array([[y_1, y_2, y_3]]))[0, 0])

    @graded("dO")
    def d_rmse(self, O, Y):
        return self.d_root(O, Y) * self.d_mean_square(O, Y)

    @graded("spot", alone=True)
    def lost_samples(self, O, Y):
        return {"line": 2, "repair": self.d_rmse(O, Y)}

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

    # One sample, one hidden unit, two outputs.
    @graded(
        "dL/dz",
        kind="derivation",
        alone=True,
        given={
            "a": "f(z)",
            "o_1": "w_1*a + b_1",
            "o_2": "w_2*a + b_2",
            "L": "sqrt((o_1 - y_1)**2 + (o_2 - y_2)**2)",
            "d_1": "(o_1 - y_1)/L",
            "d_2": "(o_2 - y_2)/L",
        },
        lines=3,
        hides={
            *("no1/N", "sum", "outside", "meanRMSE", "meanRMSE#meanRMSEBelow", "int", "actOut", "fpOut"),
            *("fpOut#fpOutOfO", "noT", "no_fp#no_fpInLayer1"),
            *("perElement#perElementBelow", "perElement#perElementAbove"),  # with two outputs, halfInside and half
        },
    )
    def hidden_derivation(self, z, w_1, w_2, b_1, b_2, y_1, y_2, f, f_prime):
        W, b, Y, z = (np.array(rows) for rows in ([[w_1], [w_2]], [[b_1], [b_2]], [[y_1], [y_2]], [[z]]))
        O = self.pre_activation(W, self.activate(2, z), b)
        return float((self.send_back(W, self.d_rmse(O, Y)) * self.d_activate(2, z))[0, 0])

    def decay(self, params, key):
        return params[key] if key in self.penalised(params) else np.zeros(params[key].shape)

    def penalised_gradient(self, dL, strength, decay):
        """Return dLoss/dA from dL/dA and dR/dA."""
        return dL + strength * decay

    # One output unit; no integers.
    @graded(
        "dLoss/dw",
        kind="derivation",
        alone=True,
        given={
            "r_1": "w*h_1 + b - y_1",
            "r_2": "w*h_2 + b - y_2",
            "r_3": "w*h_3 + b - y_3",
            "L": "sqrt((r_1**2 + r_2**2 + r_3**2)/3)",
        },
        lines=4,
        hides={
            *("perElement", "perElement#perElementBelow", "perElement#perElementAbove", "int", "noRegBias", "regMean"),
            "outerT",
        },
    )
    def weight_derivation(self, w, b, h_1, h_2, h_3, y_1, y_2, y_3, alpha):
        params = {"W3": np.array([[w]]), "b3": np.array([[b]])}
        h, Y = np.array([[h_1, h_2, h_3]]), np.array([[y_1, y_2, y_3]])
        dL = self.d_weights(self.d_rmse(self.pre_activation(params["W3"], h, params["b3"]), Y), h)
        return float(self.penalised_gradient(dL, self.strength(alpha, h), self.decay(params, "W3"))[0, 0])

    @graded("spot", alone=True, hides={"noRegBias"})  # of a weight
    def loss_or_L(self, delta, h, W, alpha):
        decay = self.decay({"W2": W}, "W2")
        return {"line": 3, "repair": self.penalised_gradient(self.d_weights(delta, h), self.strength(alpha, h), decay)}

    @graded("spot", alone=True, hides={"regPerSample", "regOverN", "noRegBias"})  # one sample; a bias: noReg
    def wrong_symbol(self, dO, beta, alpha):
        decay = self.decay({"b3": beta}, "b3")
        return {"line": 1, "repair": self.penalised_gradient(dO, self.strength(alpha, dO), decay)}

    @graded("spot", alone=True, hides={"noRegBias", "N2"})  # a bias: noReg, biasMean
    def one_for_all(self, dO, beta, alpha):
        decay = self.decay({"b3": beta}, "b3")
        return {"line": 3, "repair": self.penalised_gradient(self.d_bias(dO), self.strength(alpha, dO), decay)}

    # No integer arrays, one hidden layer, and a shape that stops noT with an error; two outputs: half and regHalf.
    @graded(
        "by hand",
        alone=True,
        hides={"int", "noT", "no_fp#no_fpInLayer1", "perElement#perElementAbove", "regMean"},
    )
    def by_hand(self):
        z2, W3, b3, Y, alpha = WORKED_EXAMPLE.values()
        params = {"W3": W3, "b3": b3}
        a2 = self.activate(2, z2)
        O = self.pre_activation(W3, a2, b3)
        dO = self.d_rmse(O, Y)
        delta3, strength = dO * self.d_activate(3, O), self.strength(alpha, Y)
        dW3 = self.d_weights(delta3, self.fed(3, {2: z2}, {2: a2}))
        return {
            "O": self.activate(3, O),
            "L": self.rmse(self.activate(3, O), Y),
            "dO": dO,
            "delta2": self.send_back(W3, delta3) * self.d_activate(2, z2),
            "dW3": self.penalised_gradient(dW3, strength, self.decay(params, "W3")),
            "db3": self.penalised_gradient(self.d_bias(delta3), strength, self.decay(params, "b3")),
        }

    @graded("d{}", builds_on={"forward", "penalty"})
    def gradients(self, params, X, Y, alpha):
        z, a = self.activations(params, X)
        grads, da, strength = {}, self.d_rmse(a[3], Y), self.strength(alpha, X)
        for l in reversed(LAYERS):
            delta = da * self.d_activate(l, z[l])
            for key, dL in ((f"W{l}", self.d_weights(delta, self.fed(l, z, a))), (f"b{l}", self.d_bias(delta))):
                grads[key] = self.penalised_gradient(dL, strength, self.decay(params, key))
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
            alpha = round(rng.uniform(0.1, 0.45), 2)
            return {"params": params, "X": X, "Y": Y, "alpha": alpha, "O": O} | _passages(rng, sizes, N, alpha)


def _passages(rng, sizes, N, alpha):
    """Return the inputs of the derivations, and of the passages of the notes that are to be repaired."""
    delta, dO = (rng.uniform(-2, 2, (n, N)).round(2) for n in sizes[2:])
    h, W = rng.uniform(-0.9, 0.9, (sizes[1], N)).round(2), _one(rng, (sizes[2], sizes[1]))
    beta = _one(rng, (sizes[3], 1))
    return {
        "root_derivation": _numbers(rng, "o_1 o_2 o_3 y_1 y_2 y_3"),
        "hidden_derivation": _numbers(rng, "z w_1 w_2 b_1 b_2 y_1 y_2") | {"f": tanh, "f_prime": tanh_prime},
        "weight_derivation": _numbers(rng, "w b h_1 h_2 h_3 y_1 y_2 y_3 alpha") | {"alpha": alpha},
        "loss_or_L": {"delta": delta, "h": h, "W": W, "alpha": alpha},
        "wrong_symbol": {"dO": dO[:, :1], "beta": beta, "alpha": alpha},
        "one_for_all": {"dO": dO, "beta": beta, "alpha": alpha},
    }


def _one(rng, shape):
    return _distinct(rng, MAGNITUDES, {"A": shape})["A"]


def _numbers(rng, names):
    """Return {name: a number}, no two alike in size."""
    names = names.split()
    return dict(zip(names, _one(rng, (len(names),)).tolist(), strict=True))


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
