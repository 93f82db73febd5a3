"""What a submission of the corpus is, and what it deserves."""

from collections.abc import Callable
from dataclasses import dataclass

from helpers import reference

ROOM = "01-linear-regression"
NOTEBOOK = f"{ROOM}.ipynb"
HUMAN = "human"
GRADED, FLAGGED, NEEDS_HUMAN = "graded", "graded with flags", "needs a human"
KINDS = (
    *("honest", "wrong", "named mistake", "odd return values", "accidents", "structure", "format"),
    *("resource abuse", "tampering", "forged output", "escape"),
)


@dataclass(frozen=True)
class Link:
    """A symbolic link to ``target``, in place of a file."""

    target: str


@dataclass(frozen=True)
class Fifo:
    """A named pipe, in place of a file: whoever opens it waits for ever."""


@dataclass(frozen=True)
class Submission:
    """One student's work: how it is made, and the marks that it deserves.

    name      the student's folder
    kind      one of KINDS
    does      what it does and why it deserves this, in a line
    deserves  {graded function: share of its points}; what is not named deserves all. Or HUMAN: nobody can tell without
              looking, so there are no marks and no silent zero
    make      kit -> {file name: bytes, Link or Fifo}, to be put into the folder of the assignment
    flags     words that the report's line on this student must contain
    outcome   GRADED, FLAGGED or NEEDS_HUMAN where the issue makes it certain, else None
    """

    name: str
    kind: str
    does: str
    deserves: dict | str
    make: Callable
    flags: tuple = ()
    outcome: str | None = None

    def share(self, function):
        """Return the share of its points that a graded function deserves here, or None where a human has to look."""
        return None if self.deserves == HUMAN else self.deserves.get(function, 1.0)


def no_marks():
    """Return what somebody deserves who has nothing right."""
    return dict.fromkeys(reference.exercises(ROOM), 0.0)


def only(*names):
    """Return what somebody deserves who has just these functions right."""
    return {name: 0.0 for name in reference.exercises(ROOM) if name not in names}
