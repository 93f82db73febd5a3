"""The library of deliberately wrong answers: what a verdict knows by name, and what every check must catch.

**A mistake is a subclass of the right answers that overrides one step**; everything that uses the step then goes
wrong as it does for a student, and two mistakes at once are a subclass of both (so call ``super()`` where you can).
Its docstring is the message, and it has

    equation   the number of the equation that it breaks
    hints      two, the second leading further than the first; neither gives the line away
    tag        its stable id, where that is not the name of the class
    says       {exercise: message} where an exercise needs other words

Not part of a student's copy.
"""

import inspect
from importlib import import_module

from helpers import answers


def mistakes(assignment):
    """Return the mistake classes of an assignment, in the order they are written."""
    module = import_module(f"helpers.mistakes.{answers.ROOMS[assignment]}")
    right = answers.room(assignment).Right
    return [
        cls for cls in vars(module).values() if inspect.isclass(cls) and issubclass(cls, right) and cls is not right
    ]


def tag_of(mistake):
    """Return the stable id of a mistake."""
    return vars(mistake).get("tag", mistake.__name__)


def library(assignment, name, problems):
    """Return {key: mistake} of the mistakes that a graded function can make: in a step that it uses, and can show.

    The key is the tag, or tag#class for a second mistake with the same tag.
    """
    module = answers.room(assignment)
    inputs = next(iter(answers.cases(module, name, problems).values()))
    used = answers.steps_used(module.Right, name, inputs)
    hides = answers.exercises(module.Right)[name].hides
    keyed = {}
    for cls in mistakes(assignment):
        tag = tag_of(cls)
        if not hides & {tag, f"{tag}#{cls.__name__}"} and used & set(vars(cls)):
            keyed[f"{tag}#{cls.__name__}" if tag in keyed else tag] = cls
    return keyed
