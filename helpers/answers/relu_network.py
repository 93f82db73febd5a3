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

from helpers.activations import relu, relu_prime
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

# What the programs of exercise own_test do wrong; table 3.6 of the derivation, as far as it shows in gradients.
DESIGN = {
    "half": "the 2 of the square is lost",
    "sign": "y - ŷ in place of ŷ - y",
    "mean": "a mean over the samples, where the loss has a sum",
    "biasMean": "a mean over the samples for the biases alone",
    "b1forb2": "layer 2 adds the bias of layer 1",
    "reluOut": "the output goes through a ReLU",
    "noT": "W² is not transposed on the way back",
    "noMask": "dead units pass their error on",
    "wrongMask": "layer 2 is masked by the z of layer 1",
    "ge": "a unit at exactly z = 0 passes its error on",
    "f": "errors are multiplied by v, not by the slope",
    "outerT": "the gradient of W² comes out transposed",
    "zforv": "z stands for v in the weights' gradients",
    "v2forv1": "the layer's own v stands for that of the one before",
}

# What cannot show with one sample whose z are not 0.
ONE_SAMPLE = {"summed", "mean", "oneMask", "ge"}


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

    # y_hat alone: the names of z and v do not show, and without any ReLU it is that of zPrev, the notes' own slip.
    @graded("spot", hides={"zLost", "zvSwap", "noRelu"}, alone=True)
    def network_lines(self, params, x):
        return {"line": 1, "repair": self.forward(params, x)["y_hat"]}

    def residual(self, y_hat, Y):
        return y_hat - Y

    @graded("delta3")
    def output_delta(self, y_hat, Y):
        return 2 * self.residual(y_hat, Y)

    def propagate(self, W_next, delta_next):
        """Return dL/dv of a hidden layer."""
        return W_next.T @ delta_next

    @graded("dL/dv", kind="derivation", lines=3, alone=True, hides={"summed", "mean"})  # one sample
    def transpose_derivation(self, W, v, b, y):
        return self.propagate(W, self.output_delta(self.pre_activation(W, v, b), y))

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

    def deltas(self, params, seen, Y):
        """Return {layer: delta} of the layers 3, 2, 1."""
        delta = {3: self.output_delta(seen["y_hat"], Y)}
        for l in (2, 1):
            delta[l] = self.hidden_delta(self.weights_above(params, l), delta[l + 1], self.gate(seen, l))
        return delta

    # One unit a layer, one sample: no shape, sum or dtype goes wrong here, no z is 0, and minus is sign.
    @graded(
        "dL/dw_2",
        kind="derivation",
        lines=3,
        alone=True,
        hides={*ONE_SAMPLE, "perElement", "noT", "star", "int", "outerT", "minus"},
        given={"z_2": "w_2*v_1 + b_2", "v_2": "f(z_2)", "y_hat": "w_3*v_2 + b_3"},
    )
    def weight_derivation(self, w_2, v_1, b_2, w_3, b_3, y, f, f_prime):
        z_2 = np.array([[w_2 * v_1 + b_2]])
        delta_3 = self.output_delta(w_3 * f(z_2) + b_3, np.array([[y]]))
        return float(self.dW(self.hidden_delta(np.array([[w_3]]), delta_3, z_2), np.array([[v_1]]))[0, 0])

    # One sample: its sum over all is that over an axis; star: a column times a column; minus, once, is sign.
    @graded("spot", hides={*ONE_SAMPLE, "biasMean", "noSum", "sumAll", "star", "minus", "zLost"}, alone=True)
    def layer_2_lines(self, params, x, y):
        seen = self.forward(params, x)
        delta_2 = self.hidden_delta(params["W3"], self.output_delta(seen["y_hat"], y), seen["z2"])
        return {"shapes": np.array([2, 4]), "way": 3, "dw2": self.dW(delta_2, seen["v1"]), "db2": self.db(delta_2)}

    # Two minuses make a plus; the names of z and v do not show; noRelu, with the right mask, is zPrev; star as above.
    @graded("spot", hides={*ONE_SAMPLE, "star", "minus", "zLost", "zvSwap", "noRelu"}, alone=True)
    def layer_1_lines(self, params, x, y):
        return {"line": 3, "repair": self.dW(self.deltas(params, self.forward(params, x), y)[1], x)}

    # star, summed: where N is no layer's size, their products have sizes that do not fit, and numpy stops;
    # zLost, zvSwap: the network itself is right, and v has the mask of z.
    @graded("d{}", hides={"star", "summed", "zLost", "zvSwap"})
    def gradients(self, params, X, Y):
        seen = self.forward(params, X)
        delta, grads = self.deltas(params, seen, Y), {}
        for l in (3, 2, 1):
            grads[f"W{l}"] = self.dW(delta[l], self.layer_input(X, seen, l))
            grads[f"b{l}"] = self.db(delta[l])
        return grads

    @graded("spot", alone=True)
    def worked_numbers(self):
        shapes = {"b1": [2, 1], "w1": [2, 3], "dw3": [1, 2], "w3": [2, 1], "v1": [1, 2], "x": [1, 3]}
        return {name: np.array(shape) for name, shape in shapes.items()} | {"z2": np.array([7, 7]), "bias": 2}

    # One sample, one output, no dead unit in layer 2; W¹ and W³ are not square.
    @graded(
        "by hand",
        hides={
            *(*ONE_SAMPLE, "perElement", "biasMean", "noSum", "axis", "sumAll", "biasOnes", "lastOnly"),
            *("Wᵀ", "noT#noT", "star", "noMask#noMaskInLayer2", "wrongMask#wrongMaskInLayer1", "int"),
        },
        alone=True,
    )
    def by_hand(self):
        params, X, Y = WORKED_EXAMPLE.values()
        seen, grads = self.forward(params, X), self.gradients(params, X, Y)
        delta = {f"delta{l}": delta for l, delta in self.deltas(params, seen, Y).items()}
        dW = {f"dW{l}": grads[f"W{l}"] for l in (3, 2, 1)}
        return {name: seen[name] for name in ("z1", "v1", "z2", "v2", "y_hat")} | delta | dW

    @graded("design", kind="design", design=DESIGN)
    def own_test(self):
        return dict.fromkeys(DESIGN, 1)

    @graded("spot", alone=True)
    def board(self):
        return {"v1": 2, "f3": 2, "h2": 2, "indices": 3, "order": 1, "bars": 3, "kink": 1}

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
    x_and_y = {"x": WORKED_EXAMPLE["X"], "y": WORKED_EXAMPLE["Y"]}
    own = x_and_y | {
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
    own |= {
        "weight_derivation": _chain(rng, live=N % 2 == 1, positive=sizes[3] > 1),
        "transpose_derivation": _layer(rng, n=2 + N % 2),
    }
    while True:
        params, X = _network(rng, sizes, N, integer)
        seen = Right().forward(params, X)
        r = 2 * _decimals(rng, seen["y_hat"].shape)
        Y = (seen["y_hat"] - r).round(2)  # so that no error drowns the others, or the decimals
        if _generic(seen, zeros=int(integer)) and _fair(r) and _fair(Y):
            return {"params": params, "X": X, "Y": Y, "eta": 0.03, "x": X[:, :1], "y": Y[:, :1]} | own


def _output(rng, n, N):
    while True:
        y_hat, Y = 2 * _decimals(rng, (n, N)), 2 * _decimals(rng, (n, N))
        if _fair(y_hat) and _fair(Y) and _fair(y_hat - Y):
            return {"y_hat": y_hat, "Y": Y}


def _chain(rng, live, positive):
    """Return the letters of a network of one unit a layer: its hidden unit live or not, dL/dv_2 positive or not."""
    letters = ["w_2", "v_1", "b_2", "w_3", "b_3", "y"]
    while True:
        point = dict(zip(letters, _decimals(rng, 6).tolist(), strict=True))
        point["v_1"] = abs(point["v_1"])
        z_2 = point["w_2"] * point["v_1"] + point["b_2"]
        r = point["w_3"] * max(z_2, 0) + point["b_3"] - point["y"]
        if abs(z_2) > 0.2 and (z_2 > 0) == live and (r * point["w_3"] > 0) == positive and _fair(np.array([r, -r])):
            return point | {"f": relu, "f_prime": relu_prime}


def _layer(rng, n):
    """Return W, v, b and y of a linear layer of n units that n others feed: W is square, its shape tells nothing."""
    while True:
        drawn = {name: _decimals(rng, (n, n if name == "W" else 1)) for name in ("W", "v", "b", "y")}
        if _fair(drawn["W"] @ drawn["v"] + drawn["b"] - drawn["y"]):
            return drawn


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
