"""The page of a derivation: its worked notebook, each exercise as released and its answer folded below."""

import re
from copy import deepcopy

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

INTRODUCTION = """\
:::{{admonition}} To read, or to do
:class: note
Nothing runs on this page. Each exercise stands as students get it, and an answer is folded away below it: derive first,
then unfold. To write your own and have it checked, open the notebook {open_it}, with nothing to install;
or {{download}}`the notebook <{download}>` with `make lab`.
:::"""

# What is folded besides the answers: tag, how such a cell begins or a line of it, and what its fold is called.
QUIET = [
    ("imports", r"\Aimport ", "the imports"),
    ("verification", r"(?m)^verify\(\"(.+?)\"", r"how (\1) is verified"),
    ("figure", r"\Aplots\.", "the code of the figure"),
]
MIMES = ["image/png", "text/html", "text/plain"]  # the best first; a page keeps one


def page(worked, released, download, open_it):
    """Return the notebook of a derivation's page.

    download  the path of the released notebook
    open_it   the links that open it elsewhere
    """
    stubs = {cell.id: cell.source for cell in released.cells}
    cells = []
    for cell in worked.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            cells.append(new_code_cell(stubs[cell.id], id=cell.id, metadata={"tags": ["exercise"]}))
            cells.append(_code(cell, "answer", "hide-cell", f"an answer: {cell.id}"))
        elif marks.get("grade"):
            cells[-1].outputs = _outputs(cell)  # the verdict on the answer, under the same fold
        else:
            cells.append(_own(cell))
    cells.insert(1, new_markdown_cell(INTRODUCTION.format(download=download, open_it=open_it), id="introduction"))
    return new_notebook(cells=cells, metadata=worked.metadata)


def _own(cell):
    """Return a cell of the course's own as the page shows it: prose as it stands, quiet code folded."""
    if cell.cell_type == "markdown":
        return cell
    for tag, pattern, name in QUIET:
        if found := re.search(pattern, cell.source):
            return _code(cell, tag, "hide-input", found.expand(name))
    return _code(cell)


def _code(cell, tag="", how="", name=""):
    """Return a code cell with its outputs; where it is folded, ``name`` says what is."""
    metadata = {"tags": [tag, how], "mystnb": {"code_prompt_show": f"Show {name}", "code_prompt_hide": f"Hide {name}"}}
    metadata = metadata if name else {"mystnb": {}}
    metadata["mystnb"]["image"] = {"alt": _alt(cell)}
    return new_code_cell(cell.source, id=f"{cell.id}-{tag}".strip("-"), metadata=metadata, outputs=_outputs(cell))


def _outputs(cell):
    """Return the outputs of a cell, each in one form, without the bars of loops that have ended."""
    outputs = [deepcopy(output) for output in cell.outputs if "<progress" not in str(output.get("data"))]
    for output in outputs:
        if data := output.get("data"):
            output.data = dict([next((mime, data[mime]) for mime in MIMES if mime in data)])
    return outputs


def _alt(cell):
    """Return the description of the figure that a cell shows, or nothing."""
    return "".join(output.get("metadata", {}).get("image/png", {}).get("alt", "") for output in cell.outputs)
