"""How the submissions of the second corpus are written: as those of the first, for any room."""

import json
from textwrap import dedent, indent

from tests.corpus.submission import Fifo, Link
from tests.corpus.writing import Kit, baited, insert
from tests.corpus.writing import cell as cell_of

__all__ = ["Fifo", "Link", "RoomKit"]


class RoomKit(Kit):
    """A Kit that knows its assignment: ``notebook`` is the released one, ``right`` its worked answers."""

    def __init__(self, room, notebook, right, bait):
        super().__init__(notebook, right, bait)
        self.room = room

    @property
    def file(self):
        return f"{self.room}.ipynb"


def right(*edits, **answers):
    """Return a ``make`` for the right notebook with these answers instead, and then edited."""
    return lambda kit: written(kit, kit.right | answers, edits)


def nothing(*edits, **answers):
    """Return a ``make`` for a notebook in which every function returns None, but for these answers."""
    return lambda kit: written(kit, dict.fromkeys(kit.right, "return None") | answers, edits)


def stubs(*edits, **answers):
    """Return a ``make`` for the released notebook with just these answers, and then edited."""
    return lambda kit: written(kit, answers, edits)


def written(kit, answers, edits=()):
    nb = kit.answered({name: dedent(code).strip("\n") for name, code in answers.items()})
    for edit in edits:
        edit(nb)
    for c in nb.cells:
        c.source = baited(c.source, kit)
    return {kit.file: kit.text(nb).encode("utf-8", "surrogatepass")}


def beside(make, contents):
    """Return a ``make`` with more files: {name: text, bytes, Link, Fifo or a function of the kit}."""
    return lambda kit: make(kit) | {name: _content(content, kit) for name, content in contents.items()}


def instead(contents, make=None):
    """Return a ``make`` that hands in only files made from the kit and the notebook's bytes: {name: f(kit, bytes)}."""

    def made(kit):
        data = (make or right())(kit)[kit.file]
        return {name.replace("$room", kit.room): f(kit, data) for name, f in contents.items()}

    return made


def stored(change, make=None):
    """Return a ``make`` whose notebook's bytes are changed."""
    return instead({"$room.ipynb": lambda kit, data: change(data)}, make)


def as_json(edit, make=None, **how):
    """Return a ``make`` whose notebook is edited as plain JSON."""

    def change(data):
        tree = json.loads(data)
        return json.dumps(edit(tree) or tree, **{"indent": 1, **how}).encode()

    return stored(change, make)


def each_code_cell(change):
    """Return an edit of plain JSON that changes every code cell."""

    def edit(tree):
        for c in tree["cells"]:
            if c["cell_type"] == "code":
                change(c)

    return edit


def move(name, below):
    """Return an edit that moves a cell below another."""

    def edit(nb):
        moved = cell_of(nb, name)
        nb.cells.remove(moved)
        insert(nb, below, moved)

    return edit


def drop(*names):
    """Return an edit that deletes cells."""

    def edit(nb):
        nb.cells = [c for c in nb.cells if c.id not in names]

    return edit


def everywhere(code):
    """Return an edit that writes code below every answer, in its cell."""

    def edit(nb):
        for c in nb.cells:
            if c.metadata.get("nbgrader", {}).get("solution"):
                c.source += "\n\n" + dedent(code).strip()

    return edit


def replaced(old, new):
    """Return an edit that replaces text in all code cells."""

    def edit(nb):
        for c in nb.cells:
            if c.cell_type == "code":
                c.source = c.source.replace(old, new)

    return edit


def body(code):
    return indent(dedent(code).strip("\n"), "    ")


def _content(content, kit):
    content = content(kit) if callable(content) else content
    return baited(dedent(content), kit).encode() if isinstance(content, str) else content
