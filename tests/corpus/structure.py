"""The notebook taken apart: cells deleted, copied, moved, retyped, merged, split, and their metadata lost."""

import copy

from nbformat.v4 import new_code_cell, new_notebook, new_raw_cell

from tests.corpus.submission import FLAGGED, Submission, no_marks, only
from tests.corpus.writing import as_json, cell, insert, nothing, only_these, right, whole

WRONG = "return {'line': 1, 'repair': 0 * W}"
LOST = {"lost_factor": 0}
CELL_OF_PREDICT = "def predict(W, X):\n    return W.T @ X"


def _structure(name, does, make, deserves=None, flags=(), outcome=FLAGGED):
    return Submission(f"cells-{name}", "structure", does, deserves or {}, make, flags, outcome)


def delete(*names):
    return lambda nb: nb.update(cells=[c for c in nb.cells if c.id not in names])


def delete_all(chosen):
    return lambda nb: nb.update(cells=[c for c in nb.cells if not chosen(c)])


def _is_check(c):
    return bool(c.metadata.get("nbgrader", {}).get("grade"))


def twin(name, source=None):
    """Return an edit that pastes a copy of a cell below it, with the metadata that JupyterLab copies along."""

    def edit(nb):
        c = copy.deepcopy(cell(nb, name))
        c.update(id=f"{name}-copy", source=c.source if source is None else source)
        insert(nb, name, c)

    return edit


def all_twice(nb):
    copies = [copy.deepcopy(c) for c in nb.cells]
    for c in copies:
        c.id = f"{c.id}-2"
    nb.cells += copies


def moved(name, below):
    def edit(nb):
        c = cell(nb, name)
        nb.cells.remove(c)
        insert(nb, below, c)

    return edit


def retyped(name, kind):
    def edit(nb):
        c = cell(nb, name)
        for key in ("outputs", "execution_count"):
            c.pop(key, None)
        c.cell_type = kind

    return edit


def merged(first, second):
    """Return an edit that merges two neighbours, as shift-M does: the first one's metadata stay."""

    def edit(nb):
        cell(nb, first).source += f"\n\n{cell(nb, second).source}"
        delete(second)(nb)

    return edit


def split(nb):
    c = cell(nb, "gradient")
    c.source = "def residual(W, X, y):\n    return W.T @ X - y"
    insert(nb, "gradient", new_code_cell("def gradient(W, X, y):\n    return 2 * X @ residual(W, X, y).T", id="part-2"))


def in_one_cell(nb):
    code = "\n\n".join(c.source for c in nb.cells if c.cell_type == "code")
    nb.cells = [new_code_cell(code, id="everything")]


def only_answers(nb):
    """Paste the answers alone into a notebook that nbgrader has never seen."""
    answers = [c.source for c in nb.cells if "nbgrader" in c.metadata and not _is_check(c)]
    nb.update(new_notebook(cells=[new_code_cell(text, id=f"c{k}") for k, text in enumerate(answers)]))


def colab(tree):
    """Store as Colab does: format 4.0, no ids and none of nbgrader's metadata."""
    tree.update(nbformat_minor=0)
    tree["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    for k, c in enumerate(tree["cells"]):
        c.pop("id")
        c["metadata"] = {"id": f"aB{k:010}", "colab": {"base_uri": "https://localhost:8080/"}}


def vscode(tree):
    """Store as VS Code did: format 4.2, no ids, metadata of its own, source in lines."""
    tree.update(nbformat_minor=2)
    tree["metadata"]["vscode"] = {"interpreter": {"hash": "0" * 64}}
    for c in tree["cells"]:
        c.pop("id")
        c["metadata"] = {"vscode": {"languageId": "python"}}


def bare(tree):
    """Leave out all that a cell need not have to be understood."""
    tree["cells"] = [{"cell_type": c["cell_type"], "source": c["source"]} for c in tree["cells"]]


def metadata(**changes):
    """Return an edit of every check's nbgrader metadata."""
    return lambda nb: [c.metadata.nbgrader.update(changes) for c in nb.cells if _is_check(c)]


def empty_metadata(nb):
    for c in nb.cells:
        if "nbgrader" in c.metadata:
            c.metadata["nbgrader"] = {}


def swapped(nb):
    one, two = cell(nb, "total_cost"), cell(nb, "gradient")
    one.metadata, two.metadata = two.metadata, one.metadata
    one.id, two.id = two.id, one.id


def same_ids(tree):
    for c in tree["cells"]:
        c["id"] = "cell"


def tagged(tag):
    return lambda nb: [c.metadata.update(tags=[tag]) for c in nb.cells if _is_check(c)]


STRUCTURE = [
    _structure(
        "no-checks",
        "all checks deleted, an answer wrong: the checks are the grader's",
        right(delete_all(_is_check), lost_factor=WRONG),
        LOST,
        ("restored",),
    ),
    _structure(
        "no-checks-nothing",
        "all checks deleted and nothing right",
        nothing(delete_all(_is_check)),
        no_marks(),
        ("restored",),
    ),
    _structure(
        "answer-deleted",
        "one answer's cell deleted: nothing to mark there",
        right(delete("lost_factor")),
        LOST,
        ("restored",),
    ),
    _structure(
        "no-text",
        "all text cells deleted: nothing was asked there",
        right(delete_all(lambda c: c.cell_type == "markdown")),
        outcome=None,
    ),
    _structure(
        "twins",
        "answers and a check pasted twice, the same both times",
        right(twin("predict"), twin("gradient"), twin("gradient-check")),
        flags=("duplicate",),
    ),
    _structure(
        "twin-stub",
        "answered, and a copy of the stub below it: the answer counts",
        right(
            twin(
                "lost_factor",
                "def lost_factor(W, X, y):\n    # YOUR CODE HERE\n    raise NotImplementedError('write this')",
            )
        ),
        flags=("duplicate",),
    ),
    _structure(
        "twin-answer",
        "the stub is left, and the copy below it is answered: the answer counts",
        right(
            twin("predict", CELL_OF_PREDICT),
            whole("predict", "def predict(W, X):\n    raise NotImplementedError('write this')"),
        ),
        flags=("duplicate",),
    ),
    _structure(
        "twin-better",
        "a wrong answer, and a right copy below it: run from top to bottom the last one counts",
        right(twin("predict", CELL_OF_PREDICT), predict="return W @ X"),
        flags=("duplicate",),
    ),
    _structure("all-twice", "the whole notebook pasted below itself", right(all_twice), flags=("duplicate",)),
    _structure(
        "moved",
        "answers moved to the top, a check moved above its answer",
        right(moved("gradient_descent", "imports"), moved("gradient-check", "title"), moved("predict", "close")),
    ),
    _structure("backwards", "all cells in the reverse order", right(lambda nb: nb.cells.reverse())),
    _structure(
        "answer-as-text",
        "an answer's cell became text (one key, M): the code is right",
        right(retyped("gradient", "markdown")),
    ),
    _structure("answer-as-raw", "an answer's cell became raw", right(retyped("gradient", "raw"))),
    _structure(
        "check-as-text",
        "checks became text, an answer is wrong",
        right(retyped("lost_factor-check", "markdown"), retyped("predict-check", "raw"), lost_factor=WRONG),
        LOST,
        ("restored",),
    ),
    _structure(
        "merged", "an answer merged with its check", right(merged("gradient", "gradient-check")), flags=("restored",)
    ),
    _structure("split", "an answer split in two: the function is in the second half", right(split), outcome=None),
    _structure("one-cell", "everything merged into one cell without metadata", right(in_one_cell)),
    _structure("only-answers", "the answers pasted into a new notebook, and nothing else", right(only_answers)),
    _structure("colab", "stored by Colab: no ids, no metadata of nbgrader's", as_json(colab)),
    _structure("colab-half", "stored by Colab, an answer wrong", as_json(colab, right(lost_factor=WRONG)), LOST),
    _structure("vscode", "stored by VS Code: no ids, no metadata of nbgrader's", as_json(vscode)),
    _structure(
        "colab-untouched",
        "stored by Colab with nothing attempted but predict",
        as_json(colab, only_these("predict")),
        only("predict"),
    ),
    _structure("bare", "cells with a type and a source and nothing else", as_json(bare)),
    _structure(
        "empty-metadata", "nbgrader's metadata emptied, as its own step does to pasted cells", right(empty_metadata)
    ),
    _structure(
        "swapped", "the metadata of two answers swapped: each function is still what it is called", right(swapped)
    ),
    _structure("same-ids", "all cells have one id", as_json(same_ids)),
    _structure(
        "skip-tags",
        "checks tagged skip-execution, an answer wrong",
        right(tagged("skip-execution"), lost_factor=WRONG),
        LOST,
        outcome=None,
    ),
    _structure(
        "raises-tags",
        "checks tagged raises-exception, an answer wrong",
        right(tagged("raises-exception"), lost_factor=WRONG),
        LOST,
        outcome=None,
    ),
    _structure(
        "unlocked",
        "checks unlocked, worth 100 points and no longer grades; an answer wrong",
        right(metadata(points=100, locked=False, grade=False), lost_factor=WRONG),
        LOST,
    ),
    _structure(
        "old-schema", "nbgrader's metadata of schema 1, and as text", right(metadata(schema_version=1, points="3"))
    ),
    _structure(
        "raw-between",
        "raw cells and empty cells in between",
        right(
            lambda nb: [
                insert(nb, "cost", new_raw_cell("---", id=f"raw-{k}"), new_code_cell("", id=f"e-{k}")) for k in range(5)
            ]
        ),
        outcome=None,
    ),
]
