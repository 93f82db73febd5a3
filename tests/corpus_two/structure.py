"""Cells lost, moved, merged and pasted, and what other programs make of a notebook."""

from nbformat.v4 import new_code_cell, reads

from tests.corpus.writing import cell, extra, insert, metadata_of, whole
from tests.corpus_two.submission import R2, R3, R4, R5, Submission, zero
from tests.corpus_two.writing import as_json, drop, each_code_cell, move, replaced, right, stubs, written


def _into_one(*names):
    """Return an edit that puts answers into the cell of the first of them and deletes the others."""

    def edit(nb):
        cell(nb, names[0]).source = "\n\n\n".join(cell(nb, name).source for name in names)
        drop(*names[1:])(nb)

    return edit


def _exchanged(one, other):
    """Return an edit that exchanges what stands in two cells."""

    def edit(nb):
        first, second = cell(nb, one), cell(nb, other)
        first.source, second.source = second.source, first.source

    return edit


def _all_at_top(kit):
    """Answer everything in one cell at the top, and leave the stubs."""
    answers = written(kit, kit.right)[kit.file]
    nb = kit.released
    full = reads(answers.decode())
    code = "\n\n\n".join(c.source for c in full.cells if c.metadata.get("nbgrader", {}).get("solution"))
    insert(nb, "imports", new_code_cell(code, id="own-top"))
    return {kit.file: kit.text(nb).encode()}


def _bare(metadata):
    """Return an edit of JSON that leaves of each cell what another program would, with metadata of its own."""

    def edit(tree):
        tree.update(nbformat_minor=0, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
        for k, c in enumerate(tree["cells"]):
            c.pop("id", None)
            c["metadata"] = metadata(k, c)

    return edit


def _deepnote(k, c):
    return {"cell_id": f"{k:032x}", "deepnote_cell_type": c["cell_type"], "deepnote_to_be_reexecuted": False,
            "source_hash": "b623e53d", "execution_millis": 3}  # fmt: skip


def _kaggle(k, c):
    return {"_uuid": f"{k:040x}", "_cell_guid": f"{k:x}", "trusted": True, "execution": {"iopub.status.idle": "x"}}


def _databricks(k, c):
    return {"application/vnd.databricks.v1+cell": {"nuid": f"{k:x}", "showTitle": False, "inputWidgets": {}}}


def _pycharm(k, c):
    return {"pycharm": {"name": "#%%\n", "is_executing": True}, "jupyter": {"outputs_hidden": True}}


def _vscode(c):
    c["metadata"]["vscode"] = {"languageId": "python"}
    c["metadata"] |= {"collapsed": True, "editable": False, "deletable": True, "scrolled": "auto"}
    c["metadata"].setdefault("tags", []).extend(["hide-input", "remove-cell", "parameters"])


def _no_line_ends(c):
    c["source"] = "".join(c["source"]).split("\n")


def _attached(tree):
    for c in tree["cells"]:
        if c["cell_type"] == "markdown":
            c["attachments"] = {"scan.png": {"image/png": "iVBORw0KGgo=" * 2000}}
    tree["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {
            "state": {f"{k:032x}": {"model_name": "IntSliderModel", "state": {}} for k in range(500)},
            "version_major": 2,
        }
    }


def _pasted(nb):
    """Paste a graded answer of notebook 04 below everything, with the metadata that it has there."""
    pasted = new_code_cell("def forward(params, X, f):\n    raise NotImplementedError('later')", id="pasted")
    metadata_of(pasted, "forward", 5, solution=True)
    insert(nb, "close", pasted)


SECOND_TRY = 'def forward(params, X):\n    """old try, wrong"""\n    return {}'
BY_GLOBALS = """
    for _name, _sign in {"loss": 0.5, "unused": 1}.items():
        globals()[_name] = lambda y_hat, y, _sign=_sign: _sign * float(np.mean((y_hat - y) ** 2))"""
BY_EXEC = """
    exec(compile('''
    def order(L):
        return [L - k for k in range(L)]
    ''', "<typed>", "exec"))"""
CONDITION = """
    try:
        output_delta
    except NameError:
        if True:
            def output_delta(y_hat, Y):
                return 2 * (y_hat - Y)"""


def _cells(room, name, does, make, deserves=None, **more):
    return Submission(f"shape-{name}", "structure", does, deserves or {}, make, room=room, **more)


STRUCTURE = [
    _cells(R2, "first-four-in-one", "four answers in the first one's cell, their own cells deleted", right(
        _into_one("forward", "output_delta", "hidden_delta", "gradients"))),
    _cells(R2, "exchanged", "the answers to two exercises typed into each other's cells", right(
        _exchanged("output_delta", "hidden_delta"), move("output_delta-check", "hidden_delta"))),
    _cells(R2, "pasted-from-04", "a graded cell of another notebook, of the same name, pasted below everything", right(
        _pasted)),
    _cells(R2, "conditional", "the definition stands in an if in an except", right(whole("output_delta", CONDITION))),
    _cells(R2, "deepnote", "stored by Deepnote", as_json(_bare(_deepnote))),
    _cells(R2, "vscode-tags", "VS Code's language, tags of presentations, nothing editable", as_json(
        each_code_cell(_vscode))),
    _cells(R3, "all-at-top", "all answers in one cell at the top, and the stubs left where they were", _all_at_top,
        or_human=True),
    _cells(R3, "kaggle", "stored by Kaggle", as_json(_bare(_kaggle))),
    _cells(R3, "attachments", "a picture attached to every text, and the state of 500 widgets", as_json(_attached)),
    _cells(R3, "lines-without-ends", "a converter lost the line ends of every source: lists of bare lines", as_json(
        each_code_cell(_no_line_ends)), or_human=True),
    _cells(R3, "wrong-then-right", "a wrong try in a cell of its own above the right answer", right(
        extra("forward-goal", SECOND_TRY))),
    _cells(R4, "by-exec", "the function comes out of exec", right(whole("order", BY_EXEC))),
    _cells(R4, "databricks", "stored by Databricks", as_json(_bare(_databricks))),
    _cells(R4, "goals-deleted", "every text deleted, and every given cell but the imports", right(
        lambda nb: setattr(nb, "cells", [c for c in nb.cells if c.metadata.get("nbgrader") or c.id == "imports"]))),
    _cells(R4, "imports-last", "the import cell stands last: run as it was worked, not from top to bottom", right(
        move("imports", "close")), or_human=True),
    _cells(R4, "one-deleted-in-chain", "output_delta deleted; backprop, which calls it, is right on its own", right(
        drop("output_delta", "output_delta-check")), zero("output_delta"), also={"backprop": (0.0,)}),
    _cells(R5, "by-globals", "the function is put into globals() by a loop", right(whole("loss", BY_GLOBALS))),
    _cells(R5, "pycharm", "stored by PyCharm, which marks every cell as running", as_json(_bare(_pycharm))),
    _cells(R5, "first-third", "the first six exercises of eighteen done, and no more", stubs(
        sgm="return 1 / (1 + np.exp(-u))", loss="return np.mean((y_hat - y) ** 2) / 2"),
        zero("slope_derivation", "forward", "put_right", "output_derivation", "output_delta", "printed_sign",
             "two_paths", "total_or_immediate", "hidden_delta", "gradients", "copied_lines", "wrong_sigmoid",
             "implied_db1", "blind_spots", "by_hand", "truncated_gradients")),
    _cells(R5, "non-python-indent", "form feeds, odd blanks at line ends and no newline at the end", right(
        replaced("\n    return", "   \n\x0c    return   "))),
]  # fmt: skip
