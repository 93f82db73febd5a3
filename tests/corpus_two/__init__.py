"""A second, independent corpus of submissions, on notebooks 02 to 05.

``ALL`` lists them; each tells its ``room``, and is made from a ``RoomKit`` of that room. ``manifest()`` tells what they
are. Those of "left behind" come in pairs, to be graded in the order of their names.
"""

from tests.corpus import cell
from tests.corpus_two.accidents import ACCIDENTS
from tests.corpus_two.breaking_out import BREAKING_OUT
from tests.corpus_two.carried import CARRIED
from tests.corpus_two.files import FILES
from tests.corpus_two.forging import FORGING
from tests.corpus_two.hogging import HOGGING
from tests.corpus_two.honest import HONEST
from tests.corpus_two.honest_deep import HONEST_DEEP
from tests.corpus_two.leftovers import LEFTOVERS
from tests.corpus_two.prying import PRYING
from tests.corpus_two.structure import STRUCTURE
from tests.corpus_two.submission import HUMAN, KINDS, ROOMS, Submission
from tests.corpus_two.tampering import TAMPERING
from tests.corpus_two.values import VALUES
from tests.corpus_two.writing import RoomKit
from tests.corpus_two.wrong import WRONG

__all__ = ["ALL", "HUMAN", "KINDS", "ROOMS", "RoomKit", "Submission", "manifest"]

ALL = sorted(
    [
        *HONEST, *HONEST_DEEP, *ACCIDENTS, *STRUCTURE, *FILES, *WRONG, *VALUES, *CARRIED, *PRYING, *FORGING,
        *TAMPERING, *HOGGING, *BREAKING_OUT, *LEFTOVERS,
    ],
    key=lambda submission: KINDS.index(submission.kind),
)  # fmt: skip


def manifest():
    """Return the table of all submissions, in Markdown."""
    lines = [
        "| submission | room | kind | what it does, and why it deserves this | deserves |",
        "|---" * 5 + "|",
    ]
    lines += [f"| {s.name} | {s.room[:2]} | {s.kind} | {cell(s.does)} | {_deserved(s)} |" for s in ALL]
    return "\n".join(lines) + "\n"


def _deserved(submission):
    """Return in words what a submission deserves, and what is fair as well."""
    if submission.deserves == HUMAN:
        return "a human looks"
    lost = [name for name in submission.exercises() if submission.share(name) != 1]
    kept = [name for name in submission.exercises() if submission.share(name)]
    words = "all but " + ", ".join(f"{name} ({submission.share(name):g})" for name in lost) if lost else "all marks"
    words = "nothing" if not kept else f"only {', '.join(kept)}" if len(lost) > len(kept) else words
    argued = ", ".join(f"{n} ({', '.join(f'{s:g}' for s in also)})" for n, also in (submission.also or {}).items())
    return words + (f"; also fair: {argued}" if argued else "") + ("; or a human looks" if submission.or_human else "")
