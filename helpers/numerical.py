"""Gradients without a derivation: what a derived gradient is checked against.

Central differences are for students, who can derive them:   (f(t + h) - f(t - h)) / 2h
The complex step is for us, exact to rounding:                Im f(t + ih) / h
"""

from dataclasses import dataclass

import numpy as np

TOLERANCE = 1e-5  # right gradients stay under 3e-7 (central differences, 200 nets), wrong ones above 4e-2


def _map_entries(derivative, theta):
    """Return {name: array of derivative(name, index)} for every entry of the dict ``theta``."""
    grads = {}
    for name, array in theta.items():
        grads[name] = np.empty(array.shape)
        for index in np.ndindex(array.shape):
            grads[name][index] = derivative(name, index)
    return grads


def _as_params(theta, dtype):
    """Return a copy of theta as a dict of ``dtype`` arrays, and whether theta was a dict."""
    named = theta if isinstance(theta, dict) else {"theta": theta}
    return {name: np.array(value, dtype=dtype) for name, value in named.items()}, isinstance(theta, dict)


def numerical_gradient(f, theta):
    """Return df/dtheta by central differences: an array as ``theta``, or a dict of them as ``theta``.

        (f(t + h) - f(t - h)) / 2h    with  h = eps^(1/3) (1 + |t|)

    The step balances the truncation error, of order h^2, against the rounding error, of order eps/h.
    A float copy is probed: ``theta`` stays as it is, and may be an integer array.
    """
    params, named = _as_params(theta, float)

    def derivative(name, index):
        t = params[name][index]
        h = np.finfo(float).eps ** (1 / 3) * (1 + abs(t))
        high, low = t + h, t - h
        values = [_probe(f, params, name, index, value, named) for value in (high, low)]
        return (values[0] - values[1]) / (high - low)

    grads = _map_entries(derivative, params)
    return grads if named else grads["theta"]


def complex_step_gradient(f, theta, h=1e-30):
    """Return df/dtheta by a complex step, Im f(t + ih) / h: exact to rounding, since nothing is subtracted.

    ``f`` must be plain arithmetic: no abs, no norm, no float(), no comparison of complex numbers.
    """
    params, named = _as_params(theta, complex)

    def derivative(name, index):
        return np.imag(_probe(f, params, name, index, params[name][index] + 1j * h, named)) / h

    grads = _map_entries(derivative, params)
    return grads if named else grads["theta"]


def _probe(f, params, name, index, value, named):
    """Return f at ``params`` with one entry replaced."""
    nudged = params[name].copy()
    nudged[index] = value
    return f(params | {name: nudged} if named else nudged)


@dataclass(frozen=True)
class GradientCheck:
    """What a gradient check found: the relative error of each array, and whether all are small."""

    errors: dict[str, float]

    @property
    def worst(self):
        """The name of the array that is furthest off."""
        return max(self.errors, key=lambda name: self.errors[name])

    @property
    def passed(self):
        return self.errors[self.worst] < TOLERANCE

    def __bool__(self):
        return self.passed

    def __repr__(self):
        lines = [
            f"{'ok ' if error < TOLERANCE else 'OFF'}  d{name}: relative error {_order(error)}"
            for name, error in self.errors.items()
        ]
        return "\n".join(lines)


def _order(error):
    """Return the error to one power of ten, so that the printed text is the same on every machine."""
    if error < TOLERANCE:
        return f"below {TOLERANCE:g}"
    return f"{error:.1e}"


def relative_error(ours, reference):
    """Return max |ours - reference| over the largest entry of *this* array, so that small gradients count too."""
    ours, reference = np.asarray(ours, float), np.asarray(reference, float)
    scale = max(np.max(np.abs(reference), initial=0), np.max(np.abs(ours), initial=0))
    if ours.shape != reference.shape or not np.all(np.isfinite(ours)):
        return float("inf")
    return float(np.max(np.abs(ours - reference), initial=0) / scale) if scale else 0.0


def gradient_check(f, gradient, theta):
    """Return how far ``gradient`` is from the central differences of ``f`` at ``theta``.

    Parameters
    ----------
    f : function of theta, returns a number
    gradient : array as theta, or a dict of arrays as theta: YOUR gradient at theta
    theta : array, or dict of arrays

    Raises ValueError when the gradient and theta do not have the same names.
    """
    numerical = numerical_gradient(f, theta)
    if not isinstance(theta, dict):
        gradient, numerical = {"W": gradient}, {"W": numerical}
    if set(gradient) != set(numerical):
        raise ValueError(f"the gradient has {sorted(gradient)}, the parameters are {sorted(numerical)}")
    return GradientCheck({name: relative_error(gradient[name], numerical[name]) for name in numerical})
