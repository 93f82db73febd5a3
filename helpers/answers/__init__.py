"""The right answers of each derivation: a class ``Right`` with one method for each graded function.

The methods call each other through ``self``, so that a subclass that overrides one step (a mistake) goes wrong in
everything that uses it. Beside it stands ``problems(rng)``, the inputs that the functions are tried on:
{description: inputs}, where an exercise takes what its arguments name, from ``inputs[exercise]`` where that is there.

Not part of a student's copy.
"""

import inspect
from importlib import import_module

ROOMS = {
    "01-linear-regression": "linear_regression",
    "02-relu-network": "relu_network",
    "03-regularised-rmse": "regularised_rmse",
    "04-delta-recursion": "delta_recursion",
    "05-tiny-rnn": "tiny_rnn",
}


def room(assignment):
    """Return the module of right answers of an assignment."""
    return import_module(f"helpers.answers.{ROOMS[assignment]}")


def graded(quantity, kind="function", hides=(), builds_on=(), alone=False, given=None, lines=0, design=None):
    """Mark a method as a graded function.

    quantity  the board's name for what it returns; with {} in it, the name of each entry of the dict it returns
    kind      "function"; "formula": the answer is a sympy expression; "derivation": it is a list of them, all equal;
              "design": it is the data of a test, as a dict
    hides     tags of mistakes that cannot show in it, or tag#class for one of several with that tag; all others must,
              or the build refuses the cases
    builds_on earlier graded functions that it repeats without calling them, beside those that it calls
    alone     it does not build on the student's earlier functions: no mistake is carried forward to it
    given     of a derivation: {letter: what it stands for}, in the order of definition, beside the arguments
    lines     of a derivation: how many it has at least
    design    of a design: {tag: what the program does} of the mistakes that its data are to expose
    """

    def mark(method):
        method.quantity, method.kind, method.hides = quantity, kind, frozenset(hides)
        method.builds_on, method.alone = frozenset(builds_on), alone
        method.details = {"given": given or {}, "lines": lines, "design": design or {}}
        return method

    return mark


def exercises(right):
    """Return {name: method} of the graded functions, in the order they are written."""
    return {name: method for name, method in vars(right).items() if hasattr(method, "quantity")}


def arguments(method):
    """Return the names of a graded function's arguments."""
    return list(inspect.signature(method).parameters)[1:]


def cases(module, name, problems):
    """Return {description: inputs} of a graded function, from each problem that has all its arguments."""
    names = arguments(exercises(module.Right)[name])
    chosen = {description: problem.get(name, problem) for description, problem in problems.items()}
    fitting = {d: {key: p[key] for key in names} for d, p in chosen.items() if set(names) <= set(p)}
    return fitting if names else dict(list(fitting.items())[-1:])


def builds_on(module, name, problems):
    """Return the earlier graded functions that the graded function ``name`` builds on, in order."""
    methods = exercises(module.Right)
    if methods[name].alone:
        return []
    used = steps_used(module.Right, name, next(iter(cases(module, name, problems).values())))
    earlier = list(methods)[: list(methods).index(name)]
    return [other for other in earlier if other in used | methods[name].builds_on]


def steps_used(right, name, inputs):
    """Return the names of the methods that the graded function ``name`` calls, itself among them."""
    used = set()

    class Traced(right):
        def __getattribute__(self, attribute):
            used.add(attribute)
            return super().__getattribute__(attribute)

    getattr(Traced(), name)(**inputs)
    return used & set(dir(right))
