"""A submission of the second corpus: that of the first, with a room, and room for doubt."""

from dataclasses import dataclass

from helpers import reference
from tests.corpus.submission import HUMAN, NEEDS_HUMAN
from tests.corpus.submission import Submission as First

R2, R3, R4, R5 = "02-relu-network", "03-regularised-rmse", "04-delta-recursion", "05-tiny-rnn"
ROOMS = (R2, R3, R4, R5)
KINDS = (
    *("honest", "accident", "structure", "file", "wrong", "odd value", "carried", "prying"),
    *("forged", "tampering", "resource abuse", "escape", "left behind"),
)


@dataclass(frozen=True)
class Submission(First):
    """One student's work for one assignment.

    room      the assignment
    or_human  to say "a human looks" is fair as well
    also      {graded function: further shares that are fair}, where people could argue
    """

    room: str = ""
    or_human: bool = False
    also: dict | None = None

    def shares(self, function):
        """Return the set of shares of its points that are fair for a graded function; empty where a human looks."""
        if self.deserves == HUMAN:
            return set()
        return {self.share(function), *(self.also or {}).get(function, ())}

    def unfair(self, outcome, got):
        """Return (unearned, lost, ungraded), each a list of words, for an outcome and {graded function: share}."""
        human = outcome == NEEDS_HUMAN
        if human or self.deserves == HUMAN:
            fair = human and (self.or_human or self.deserves == HUMAN)
            return [], [], [] if fair else [outcome]
        wrong = {name: share for name, share in got.items() if share not in self.shares(name)}
        high = [f"{name} has {share:g}" for name, share in wrong.items() if share > max(self.shares(name))]
        low = [f"{name} has {share:g}" for name, share in wrong.items() if share < max(self.shares(name))]
        return high, low, [f"{name} has nothing" for name in self.exercises() if name not in got]

    def exercises(self):
        return reference.exercises(self.room)


def zero(*names):
    """Return what somebody deserves who has everything right but these."""
    return dict.fromkeys(names, 0.0)


def none_of(room):
    """Return what somebody deserves who has nothing right."""
    return zero(*reference.exercises(room))


def only(room, *names):
    """Return what somebody deserves who has just these functions right."""
    return zero(*(name for name in reference.exercises(room) if name not in names))
