"""How the submissions are written: the released notebook with answers in it, and edits on top.

An edit is a function that changes the notebook it is given. In code and in files $secret, $victim, $drop, $gradebook,
$course and $port stand for the bait of the kit.
"""

import json
import re
from textwrap import dedent, indent

from nbformat import v4
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.corpus.submission import NOTEBOOK

# What builds on no earlier function of the student's, for those whose gradient or predict is not right.
ALONE = {
    "total_cost": "return float(np.sum((W.T @ X - y) ** 2))",
    "gradient_entry": "return float(np.sum(2 * X[j] * (W.T @ X - y)))",
    "gradient": "return 2 * X @ (W.T @ X - y).T",
    "gradient_descent": "for _ in range(steps):\n    W = W - eta * 2 * X @ (W.T @ X - y).T\nreturn W",
}


class Kit:
    """What a submission is made from: the released notebook as text, the right code, and the bait."""

    def __init__(self, notebook, right, bait):
        self.notebook, self.right, self.bait = notebook, right, bait
        self._answered = {}  # nbgrader's format is checked at each writing, which takes longer than all the rest

    @property
    def released(self):
        return v4.reads(self.notebook)

    def answered(self, answers):
        """Return the released notebook with ``answers`` ({grade_id: code}) written over the stubs."""
        from grader.demo import answered

        key = tuple(sorted(answers.items()))
        if key not in self._answered:
            self._answered[key] = answered(self.released, answers)
        return v4.reads(self._answered[key])

    def text(self, nb):
        return v4.writes(nb)


def right(*edits, **answers):
    """Return a ``make`` for the right notebook with these answers instead, and then edited."""
    return lambda kit: _written(kit, kit.right | answers, edits)


def alone(*edits, **answers):
    """Return the same where no other function uses the student's ``predict`` and ``gradient``."""
    return lambda kit: _written(kit, kit.right | ALONE | answers, edits)


def nothing(*edits, **answers):
    """Return a ``make`` for a notebook in which every function returns None, but for these answers."""
    return lambda kit: _written(kit, dict.fromkeys(kit.right, "return None") | answers, edits)


def only_these(*names):
    """Return a ``make`` for a notebook in which just these are answered, and right."""
    return lambda kit: _written(kit, {name: kit.right[name] for name in names}, ())


def beside(make, **files):
    """Return a ``make`` with more files: text, bytes, Link or Fifo. In a name __ stands for a dot."""
    named = {name.replace("__", "."): content for name, content in files.items()}
    return lambda kit: make(kit) | {name: _content(content, kit) for name, content in named.items()}


def files(**contents):
    """Return a ``make`` that hands in these files and no notebook."""
    return beside(lambda kit: {}, **contents)


def stored(change, make=None, name=NOTEBOOK):
    """Return a ``make`` whose notebook's bytes are changed, or stored under another name."""
    return lambda kit: {name: change((make or right())(kit)[NOTEBOOK])}


def as_json(edit, make=None):
    """Return a ``make`` whose notebook is edited as plain JSON."""

    def change(data):
        tree = json.loads(data)
        return json.dumps(edit(tree) or tree, indent=1).encode()

    return stored(change, make)


def cell(nb, name):
    return next(c for c in nb.cells if c.id == name)


def before(name, code):
    """Return an edit that writes code above what stands in a cell."""
    return lambda nb: _set(cell(nb, name), f"{dedent(code).strip()}\n\n{cell(nb, name).source}")


def after(name, code):
    """Return an edit that writes code below what stands in a cell."""
    return lambda nb: _set(cell(nb, name), f"{cell(nb, name).source}\n\n{dedent(code).strip()}")


def whole(name, code):
    """Return an edit that writes a cell anew."""
    return lambda nb: _set(cell(nb, name), dedent(code).strip())


def extra(below, code):
    """Return an edit that adds a code cell below another."""
    return lambda nb: insert(nb, below, new_code_cell(dedent(code).strip(), id=f"own-{len(nb.cells)}"))


def says(below, text):
    """Return an edit that adds a text cell below another."""
    return lambda nb: insert(nb, below, new_markdown_cell(dedent(text).strip(), id=f"own-{len(nb.cells)}"))


def shows(name, *outputs):
    """Return an edit that stores outputs in a cell, as if it had been run."""
    return lambda nb: cell(nb, name).update(outputs=list(outputs), execution_count=7)


def insert(nb, below, *cells):
    place = nb.cells.index(cell(nb, below)) + 1
    nb.cells[place:place] = cells


def defined(signature, body):
    """Return a whole function."""
    return f"def {signature}:\n" + indent(dedent(body).strip(), "    ")


def baited(text, kit):
    """Return a text with the kit's bait in the place of $secret and the like."""
    return re.sub(r"\$(secret|victim|drop|gradebook|course|port)\b", lambda found: str(kit.bait[found[1]]), text)


def _set(cell, source):
    cell.source = source


def _written(kit, answers, edits):
    nb = kit.answered({name: dedent(code) for name, code in answers.items()})
    for edit in edits:
        edit(nb)
    for c in nb.cells:
        c.source = baited(c.source, kit)
    return {NOTEBOOK: kit.text(nb).encode("utf-8", "surrogatepass")}


def _content(content, kit):
    content = content(kit) if callable(content) else content
    return baited(dedent(content), kit).encode() if isinstance(content, str) else content


def metadata_of(cell, grade_id, points, solution=False):
    """Make a cell one that nbgrader grades."""
    own = {"grade": True, "grade_id": grade_id, "locked": False, "schema_version": 3, "solution": solution}
    cell.metadata["nbgrader"] = own | {"points": points, "task": False}
