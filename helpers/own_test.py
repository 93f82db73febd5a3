"""Mistakes made from right gradients, to see which of them the data of a test expose.

Nothing here derives a gradient, so that it gives no answer away: the right ones come from a complex step, and every
mistake is right gradients on other data. Three things make that possible, for one sample at a time:

- the target sets the residual, so any residual can be had, whatever the rest of the data;
- a bias sets the z of its units, so any unit can be made live or dead, or to pass on what we like;
- what is changed in a layer leaves the gradients of the layers above it as they were, but for what we set.
"""

import numpy as np

from helpers import relu_network
from helpers.comparing import RTOL, ZERO, plain

MOST = 10  # units in a layer, and samples: a test is small
LARGEST = 1000
ROUNDING = 1e-9  # of the largest entry of all gradients: less is no difference
STEP = 1e-30  # of the complex step


# --- the data --------------------------------------------------------------------------------------


def problem(data):
    """Return what is wrong with the data of a test, in one line, or None."""
    if not isinstance(data, dict) or not isinstance(data.get("params"), dict):
        return "A test is a dict with the keys params, X and Y, and params is a dict as well, with W1, b1 ... W3, b3."
    named = data["params"] | {key: entry for key, entry in data.items() if key != "params"}
    wanted = {"W1", "b1", "W2", "b2", "W3", "b3", "X", "Y"}
    if lacking := sorted(wanted - set(named)):
        return f"{', '.join(lacking)} is missing." if len(lacking) == 1 else f"{', '.join(lacking)} are missing."
    if strange := sorted(set(map(str, named)) - wanted):
        return f"There is no place for {', '.join(strange)}: a test has params (W1, b1, W2, b2, W3, b3), X and Y."
    arrays = {name: plain(named[name]) for name in sorted(wanted)}
    problems = [f"{name} {wrong}." for name, (_, wrong) in arrays.items() if wrong]
    return next(iter(problems), None) or _misfit({name: array for name, (array, _) in arrays.items()})


def _misfit(arrays):
    """Return what is wrong with the shapes or sizes of the arrays, in one line, or None."""
    for name, array in arrays.items():
        if array.ndim != 2 or not array.size:
            return f"{name} has shape {array.shape}, and should have rows and columns: one sample is a column."
        if max(array.shape) > MOST:
            return f"{name} has shape {array.shape}: a test is small, at most {MOST} units in a layer or samples."
        if np.abs(array).max() > LARGEST:
            return f"{name} contains {array.flat[np.abs(array).argmax()]:g}: keep to sizes of at most {LARGEST}."
    n = [arrays["W1"].shape[1], *(len(arrays[f"W{l}"]) for l in (1, 2, 3))]
    shapes = {f"W{l}": (n[l], n[l - 1]) for l in (2, 3)} | {f"b{l}": (n[l], 1) for l in (1, 2, 3)}
    shapes |= {"X": (n[0], arrays["X"].shape[1]), "Y": (n[3], arrays["X"].shape[1])}
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            return f"{name} has shape {arrays[name].shape}; with the others as they are it should be {shape}."
    return None


# --- what it exposes -------------------------------------------------------------------------------


def exposed(data, tags):
    """Return {tag: whether the data expose that mistake}: its gradients differ from the right ones, or it stops."""
    test = _Test(data)
    right = test.gradients()
    return {tag: _shows(MISTAKES[tag], test, right) for tag in tags}


def _shows(mistake, test, right):
    try:
        return tell_apart(mistake(test), right)
    except DoesNotFit:
        return True


def tell_apart(wrong, right):
    """Return whether two dicts of gradients differ in a shape, or by more than rounding."""
    scale = max(np.abs(array).max() for array in right.values())
    return any(
        np.shape(wrong[name]) != array.shape
        or np.abs(wrong[name] - array).max() > max(RTOL * np.abs(array).max(), ROUNDING * scale, ZERO)
        for name, array in right.items()
    )


class DoesNotFit(Exception):
    """Raised where a mistake stops, because its shapes do not fit."""


def gradients(params, X, Y):
    """Return the right gradients, by a complex step in all entries of an array side by side: Im loss(t + ih) / h."""
    grads = {}
    for name, array in params.items():
        steps = STEP * np.eye(array.size).reshape(-1, *array.shape)  # (entries, rows, columns)
        _, seen = relu_network.forward(params | {name: array + 1j * steps}, X, Y)
        losses = np.sum((seen.v[3] - Y) ** 2, axis=(1, 2))  # (entries,)
        grads[name] = np.reshape(losses.imag / STEP, array.shape)
    return grads


class _Test:
    """The data of a test, and what a right forward pass sees on them."""

    def __init__(self, data):
        self.params = {name: np.array(array, float) for name, array in data["params"].items()}
        self.X, self.Y = np.array(data["X"], float), np.array(data["Y"], float)
        self.seen = self.forward(self.params, self.X)

    def forward(self, params, X):
        return relu_network.forward(params, X, 0)[1]

    def gradients(self, Y=None, **params):
        """Return the right gradients, with another target or other parameters."""
        return gradients(self.params | params, self.X, self.Y if Y is None else Y)

    def by_sample(self, changed):
        """Return the sum of ``changed(sample)`` over the samples, each of which is a _Sample."""
        parts = [changed(_Sample(self, n)) for n in range(self.X.shape[1])]
        return {name: sum(part[name] for part in parts) for name in self.params}


class _Sample:
    """One sample of a test, in a network whose layers can be changed one by one."""

    def __init__(self, test, n):
        self.test = test
        self.z = {l: test.seen.z[l][:, [n]] for l in (1, 2)}  # of the hidden layers
        self.v = {l: v[:, [n]] for l, v in test.seen.v.items()}  # the input, those of the layers, and the output
        self.residual = self.v[3] - test.Y[:, [n]]

    def run(self, x=None, z=None, **params):
        """Return the gradients with another x, other parameters, and hidden layers that see the z given for them."""
        test, x, params = self.test, self.v[0] if x is None else x, self.test.params | params
        for l, wanted in sorted((z or {}).items()):
            params[f"b{l}"] = params[f"b{l}"] + wanted - test.forward(params, x).z[l]
        if not self.residual.any():
            return {name: np.zeros(array.shape) for name, array in params.items()}
        size = np.exp2(np.floor(np.log2(np.abs(self.residual).max())))  # a tiny residual would drown in y_hat
        grads = gradients(params, x, test.forward(params, x).v[3] - self.residual / size)
        return {name: size * grad for name, grad in grads.items()}

    def gated(self, z=None, **weights):
        """Return the gradients where the signs of ``z[l]`` say which units of layer l are live on the way back.

        On that way the weights may be others too. Each layer is fed with what it sees in the sample itself.
        """
        z = _signs(self.z | (z or {}))
        top, middle, bottom = self.run(), self.run(z={2: z[2]}, **weights), self.run(z=z, **weights)
        return {name: {"1": bottom, "2": middle, "3": top}[name[1]][name] for name in self.test.params}

    def fed(self, inputs):
        """Return the gradients where the weights of layer l were fed with ``inputs[l]``.

        A hidden layer passes on nothing negative, so it passes on u in two parts: relu(u) - relu(-u) = u.
        """
        grads, live = self.gated(), _signs(self.z)
        for l, u in inputs.items():
            if l == 1:
                grads["W1"] = self.run(x=_fit(u, self.v[0].shape), z=live)["W1"]
            else:
                u, above = _fit(u, self.z[l - 1].shape), {2: live[2]} if l == 2 else {}
                up, down = (self.run(z={l - 1: part} | above)[f"W{l}"] for part in (u, -u))
                grads[f"W{l}"] = up - down
        return grads


def _signs(z):
    """Return {layer: 1 where its z is positive, else -1}."""
    return {l: np.where(array > 0, 1.0, -1.0) for l, array in z.items()}


def _fit(array, shape, spread=False):
    """Return an array that has the shape wanted, if need be by repeating its one row; else raise DoesNotFit."""
    if array.shape == shape or (spread and len(array) == 1):
        return np.broadcast_to(array, shape)
    raise DoesNotFit


# --- the mistakes ----------------------------------------------------------------------------------


def _half(test):
    return {name: grad / 2 for name, grad in test.gradients().items()}


def _sign(test):
    return {name: -grad for name, grad in test.gradients().items()}


def _mean(test):
    return {name: grad / test.X.shape[1] for name, grad in test.gradients().items()}


def _biasMean(test):
    return test.gradients() | {name: grad for name, grad in _mean(test).items() if name.startswith("b")}


def _outerT(test):
    grads = test.gradients()
    return grads | {"W2": grads["W2"].T}


def _b1forb2(test):
    return test.gradients(b2=_fit(test.params["b1"], test.params["b2"].shape, spread=True))


def _reluOut(test):
    return test.gradients(Y=test.Y + np.minimum(test.seen.v[3], 0))


def _noT(test):
    W2 = test.params["W2"]
    return test.by_sample(lambda sample: sample.gated(W2=_fit(W2.T, W2.shape)))


def _noMask(test):
    return test.by_sample(lambda sample: sample.gated(_all_live(sample)))


def _all_live(sample):
    return {l: np.ones_like(z) for l, z in sample.z.items()}


def _ge(test):
    return test.by_sample(lambda sample: sample.gated({l: z >= 0 for l, z in sample.z.items()}))


def _wrongMask(test):
    return test.by_sample(lambda sample: sample.gated({2: _fit(sample.z[1], sample.z[2].shape, spread=True)}))


def _f(test):
    W2, W3 = test.params["W2"], test.params["W3"]
    return test.by_sample(lambda sample: sample.gated(_all_live(sample), W2=W2 * sample.v[1].T, W3=W3 * sample.v[2].T))


def _zforv(test):
    return test.by_sample(lambda sample: sample.fed({2: sample.z[1], 3: sample.z[2]}))


def _v2forv1(test):
    return test.by_sample(lambda sample: sample.fed({1: sample.v[1], 2: sample.v[2], 3: sample.v[3]}))


MISTAKES = {
    "half": _half,
    "sign": _sign,
    "mean": _mean,
    "biasMean": _biasMean,
    "b1forb2": _b1forb2,
    "reluOut": _reluOut,
    "noT": _noT,
    "noMask": _noMask,
    "wrongMask": _wrongMask,
    "ge": _ge,
    "f": _f,
    "outerT": _outerT,
    "zforv": _zforv,
    "v2forv1": _v2forv1,
}
