"""The first code cell of a notebook that is handed out: it installs ``helpers`` where they are missing, and only then.

The grader leaves the cell out, so that a notebook is handed in as if it had been opened on the course's own machine.
"""

import re

from nbformat.v4 import new_code_cell

from grader.published import wheel_address

CELL = """\
# The course's own package, where it is missing: in the browser, in Colab.
try:
    import helpers
except ModuleNotFoundError:
    import sys

    if sys.platform == "emscripten":
        %pip install -q backprop-helpers
    else:
        {}"""
UNKNOWN = 'print("No helpers here: pip install -r requirements.txt, beside README.md")'
OURS = re.compile(re.escape(CELL).replace(r"\{\}", r"(?:%pip install -q https://\S+|print\(.+\))"))


def put(nb, wheel):
    """Put the cell before the first code cell of a released notebook; ``wheel`` is the file's name."""
    address = wheel_address(wheel)
    source = CELL.format(f"%pip install -q {address}" if address else UNKNOWN)
    place = next(n for n, cell in enumerate(nb.cells) if cell.cell_type == "code")
    nb.cells.insert(place, new_code_cell(source, id="helpers"))


def is_ours(source):
    """Return whether a submitted cell is the one that was put there."""
    return bool(OURS.fullmatch(source.strip()))
