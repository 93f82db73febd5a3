"""numpy forward and backward passes, checks that name the mistake, gradient checks and plots.

Every model is a module with the same three pure functions, in column convention (one sample, one column):

    init(rng, ...)                 -> params
    forward(params, X, Y, ...)     -> (loss, cache)
    backward(params, cache)        -> grads          with grads.keys() == params.keys()

Importing ``helpers`` imports numpy and nothing heavier: sympy and matplotlib come with the names that need them.
"""

from importlib import import_module

_HOME = {
    "check": "helpers.checking",
    "replay": "helpers.reference",
    "verify": "helpers.equations",
    "gradient_check": "helpers.numerical",
    "numerical_gradient": "helpers.numerical",
    "complex_step_gradient": "helpers.numerical",
    "load": "helpers.data",
    "progress": "helpers.journal",
    "steps": "helpers.bar",
}
__all__ = [
    "check",
    "complex_step_gradient",
    "gradient_check",
    "load",
    "numerical_gradient",
    "progress",
    "replay",
    "steps",
    "verify",
]


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module 'helpers' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__():
    return sorted([*globals(), *__all__])
