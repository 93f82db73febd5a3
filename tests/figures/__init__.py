"""The figures of each notebook, as the tests draw them.

Each module, named like its room, holds ``FIGURES``: {function of helpers.plots.<room>: (how to draw it, [what its words
must name])}, one entry for each public function.
"""

from importlib import import_module
from importlib.util import find_spec

from helpers.answers import ROOMS


def figures():
    """Return {"room.function": (draw, words)} of all rooms."""
    return {
        f"{room}.{name}": entry
        for room in ROOMS.values()
        for name, entry in _names(f"tests.figures.{room}").get("FIGURES", {}).items()
    }


def public(room):
    """Return "room.function" of each public function of helpers.plots.<room>: the figures that it can draw."""
    module = f"helpers.plots.{room}"
    mine = {name for name, thing in _names(module).items() if getattr(thing, "__module__", None) == module}
    return {f"{room}.{name}" for name in mine if not name.startswith("_")}


def _names(module):
    """Return the names that a module holds: none where there is no such module yet."""
    return vars(import_module(module)) if find_spec(module) else {}
