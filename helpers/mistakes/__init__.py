"""The right answers of each derivation, and the library of deliberately wrong ones.

A derivation is a class of right answers: one method for each graded function, each calling the others through
``self``. **A mistake is a subclass that overrides one step**; everything that uses the step then goes wrong as it
does for a student, and two mistakes at once are a subclass of both. Its docstring is the message, and it has

    equation   the number of the equation that it breaks
    hints      two, the second leading further than the first; neither gives the line away
    tag        its stable id, where that is not the name of the class
    says       {exercise: message} where an exercise needs other words

A graded function says ``hides`` which mistakes cannot show in it; all others must, or the build refuses the cases.
Not part of a student's copy.
"""

import inspect
from importlib import import_module

ROOMS = {"01-linear-regression": "linear_regression"}


def room(assignment):
    """Return the module of right answers and mistakes of an assignment."""
    return import_module(f"helpers.mistakes.{ROOMS[assignment]}")


def graded(quantity, formula=False, hides=()):
    """Mark a method as a graded function that returns ``quantity`` (the board's name for it)."""

    def mark(method):
        method.quantity, method.formula, method.hides = quantity, formula, frozenset(hides)
        return method

    return mark


def exercises(right):
    """Return {name: method} of the graded functions, in the order they are written."""
    return {name: method for name, method in vars(right).items() if hasattr(method, "quantity")}


def mistakes(module):
    """Return the mistake classes of a room, in the order they are written."""
    return [
        cls
        for cls in vars(module).values()
        if inspect.isclass(cls) and issubclass(cls, module.Right) and cls is not module.Right
    ]


def tag_of(mistake):
    """Return the stable id of a mistake."""
    return vars(mistake).get("tag", mistake.__name__)


def arguments(method):
    """Return the names of a graded function's arguments."""
    return list(inspect.signature(method).parameters)[1:]


def touches(right, mistake, name, inputs):
    """Return whether the graded function ``name`` uses a step that ``mistake`` overrides."""
    used = set()

    class Traced(right):
        def __getattribute__(self, attribute):
            used.add(attribute)
            return super().__getattribute__(attribute)

    getattr(Traced(), name)(**inputs)
    return bool(used & set(vars(mistake)))
