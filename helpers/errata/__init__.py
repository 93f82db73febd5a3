"""The errata of the five source derivations: what is printed, what is right, where it is taught, proof that it fails.

Each derivation has a module with one function for each erratum, in the order of the source, marked with ``erratum``.
The function returns (printed, right): the values of the printed form and of the right one at a generic point, as
numbers, arrays or dicts of them. A printed form whose shapes do not fit raises ValueError instead, or is given as a
function that does: ``lambda: X @ r``. The function's docstring says what is the matter, in a sentence. Errata of mere
spelling or typesetting are listed with ``spelling=True`` and return None.

``printed`` and ``right`` stand in a table: one line each, and ``\\lVert`` or ``\\mid`` for a vertical bar.

``python -m helpers.errata`` writes docs/errata.md. Not part of a student's copy.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from helpers.answers import ROOMS

SOURCES = {  # the notes that each notebook follows
    "01-linear-regression": "S1",
    "02-relu-network": "S2",
    "03-regularised-rmse": "S0",
    "04-delta-recursion": "S3",
    "05-tiny-rnn": "S4",
}


@dataclass(frozen=True)
class Erratum:
    """One erratum of a source derivation."""

    id: str  # "S2-E1", as in the list of errata of the derivation
    printed: str  # as it stands in the source, in Markdown and LaTeX
    right: str  # as it must be
    taught: tuple[str, ...]  # graded functions of the notebook in which it is an exercise
    where: str  # or, where it is no exercise: the heading of the notebook that tells of it
    spelling: bool
    matter: str  # what is the matter
    values: Callable  # () -> (printed value, right value)


def erratum(id, printed, right, taught=(), where="", spelling=False):
    """Mark a function as an erratum: see the module's docstring."""

    def mark(function):
        matter = " ".join(inspect.getdoc(function).split())
        return Erratum(id, printed, right, tuple(taught), where, spelling, matter, function)

    return mark


def errata(assignment):
    """Return the errata of an assignment's source, in the order they are written."""
    module = import_module(f"helpers.errata.{ROOMS[assignment]}")
    return [entry for entry in vars(module).values() if isinstance(entry, Erratum)]
