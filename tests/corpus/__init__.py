"""Submissions, honest and not: what each does, and the marks that it deserves.

``ALL`` lists them; ``manifest()`` tells what they are. Every abuse is bounded: under 2 GiB, few processes, files only
where its kit allows, network only to this machine and to an address that nobody has.
"""

from tests.corpus.accidents import ACCIDENTS
from tests.corpus.borrowed import BORROWED
from tests.corpus.escape import ESCAPE
from tests.corpus.files import FILES
from tests.corpus.forged import FORGED
from tests.corpus.format import FORMAT
from tests.corpus.honest import HONEST
from tests.corpus.named import NAMED
from tests.corpus.resources import RESOURCES
from tests.corpus.structure import STRUCTURE
from tests.corpus.submission import HUMAN, KINDS, NOTEBOOK, ROOM, Fifo, Link, Submission
from tests.corpus.tampering import TAMPERING
from tests.corpus.values import VALUES
from tests.corpus.writing import Kit
from tests.corpus.wrong import WRONG

__all__ = ["ALL", "HUMAN", "KINDS", "NOTEBOOK", "ROOM", "Fifo", "Kit", "Link", "Submission", "manifest"]

ALL = sorted(
    [
        *HONEST, *WRONG, *NAMED, *VALUES, *ACCIDENTS, *STRUCTURE, *FORMAT, *FILES, *RESOURCES, *TAMPERING,
        *BORROWED, *FORGED, *ESCAPE,
    ],
    key=lambda submission: KINDS.index(submission.kind),
)  # fmt: skip


def manifest():
    """Return the table of all submissions, in Markdown."""
    lines = ["| submission | kind | what it does, and why it deserves this | deserves |", "|---|---|---|---|"]
    lines += [f"| {s.name} | {s.kind} | {cell(s.does)} | {_deserved(s)} |" for s in ALL]
    return "\n".join(lines) + "\n"


def cell(text):
    """Return a text as a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def _deserved(submission):
    if submission.deserves == HUMAN:
        return "a human looks"
    lost = {name: share for name, share in submission.deserves.items() if share != 1}
    if not lost:
        return "all marks"
    if not any(submission.share(name) for name in _exercises()):
        return "nothing"
    few = len(lost) <= len(_exercises()) / 2
    kept = [name for name in _exercises() if submission.share(name)]
    return "all but " + ", ".join(f"{n} ({s:g})" for n, s in lost.items()) if few else f"only {', '.join(kept)}"


def _exercises():
    from helpers import reference

    return reference.exercises(ROOM)
