"""Rebuild a submission on the released notebook: our cells as we released them, the student's answers in their places.

A cell is recognised by what it defines or checks, then by its grade_id, then by its id, then by its text: so it does
not matter what an editor did to ids and metadata, nor in which order the cells came.
"""

import ast
import re
from collections import defaultdict
from dataclasses import dataclass

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.utils import is_locked, is_solution

from grader import first_cell
from grader.intake import NeedsHuman, in_a_line
from grader.outside import CHECK, as_handed_in, is_test

DEFINES = re.compile(r"^(?:async )?def (\w+)|^(\w+)\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
MOST_CELLS, LONGEST = 2000, 200_000
PICTURES, LARGEST_PICTURES = ("image/png", "image/jpeg", "image/gif"), 10_000_000  # characters, of a cell
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


@dataclass
class Cell:
    """A cell as it was handed in, and the place on the released notebook that it belongs to."""

    type: str
    source: str
    grade_id: str | None
    id: str | None
    outputs: object = None
    pictures: dict | None = None  # pasted into a text cell
    place: int | None = None


class Skeleton:
    """The released notebook of an assignment, and how to recognise its cells."""

    def __init__(self, released):
        self.cells = released.cells
        self.metadata = released.metadata
        self.ids = {cell.id: place for place, cell in enumerate(self.cells)}
        self.checks = {found[2]: place for place, cell in enumerate(self.cells) if (found := self._check(cell))}
        self.assignment = next((found[1] for cell in self.cells if (found := self._check(cell))), None)
        self.answers = {cell.id: place for place, cell in enumerate(self.cells) if is_answer(cell)}
        self.definitions = [_definitions(cell.source) for cell in self.cells]
        self.texts = {_plain(cell.source): place for place, cell in reversed(list(enumerate(self.cells)))}

    @staticmethod
    def _check(cell):
        return CHECK.search(cell.source) if is_test(cell) else None

    def is_ours(self, notebook):
        """Return whether a notebook, as JSON, is one of this assignment: by its checks, else by its cells."""
        cells = handed_in(notebook)
        checked = {found[0] for cell in cells for found in CHECK.findall(cell.source)}
        if checked:
            return self.assignment in checked
        known = {name for cell in cells for name in (cell.grade_id, cell.id) if name in self.ids}
        return (
            bool(known) or len({name for cell in cells for name in _definitions(cell.source)} & set(self.answers)) > 1
        )

    def is_written(self, notebook):
        """Return whether a notebook of this assignment, as JSON, has an answer in place of a stub."""
        stubs = {_plain(self.cells[place].source) for place in self.answers.values()}
        places = set(self.answers.values())
        return any(self.place_of(c) in places and _plain(c.source) not in stubs for c in handed_in(notebook))

    def place_of(self, cell):
        """Return the place of the released cell that a submitted cell is, or None where it is the student's own."""
        if (found := CHECK.search(cell.source)) and not _definitions(cell.source) and found[1] == self.assignment:
            return self.checks.get(found[2])
        defined = [name for name in _definitions(cell.source) if name in self.answers]
        named = [self.ids[name] for name in (cell.grade_id, cell.id) if name in self.ids]
        same = self._same_text(cell, named)
        if same is not None and not is_answer(self.cells[same]):
            return same
        for place in named:
            if self._defines_itself(place, defined):
                return place
        if defined:
            return self.answers[cell.grade_id if cell.grade_id in defined else defined[0]]
        return named[0] if named else same

    def _same_text(self, cell, named):
        """Return the place of a released cell with just this text, of several the named one; or None."""
        text = _plain(cell.source)
        return next((place for place in named if _plain(self.cells[place].source) == text), self.texts.get(text))

    def _defines_itself(self, place, names):
        """Return whether these answers' names are used for something else by a cell of ours."""
        return bool(names) and not is_answer(self.cells[place]) and set(names) <= set(self.definitions[place])


def is_answer(cell):
    return cell.cell_type == "code" and is_solution(cell)


def _definitions(source):
    return [function or name for function, name in DEFINES.findall(source)]


def _plain(source):
    return re.sub(r"\s+", " ", source).strip()


def handed_in(notebook):
    """Return the Cells of a notebook, as JSON of whatever sort, but for the one that installed the course.

    Raises NeedsHuman where they are too many.
    """
    if len(notebook["cells"]) > MOST_CELLS:
        raise NeedsHuman(f"has {len(notebook['cells'])} cells")
    cells = [_cell(cell) for cell in notebook["cells"] if isinstance(cell, dict)]
    return [cell for cell in cells if not first_cell.is_ours(cell.source)]


def _cell(cell):
    source = cell.get("source", "")
    if isinstance(source, list):
        lines = [line for line in source if isinstance(line, str)]
        lost = len(lines) > 1 and not any(line.endswith("\n") for line in lines)  # their ends, by some converter
        source = ("\n" if lost else "").join(lines)
    source = source if isinstance(source, str) else ""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    texts = [value if isinstance(value, str) else None for value in (grade_id, cell.get("id"))]
    text = source[:LONGEST].encode("utf-8", "replace").decode()
    return Cell(str(cell.get("cell_type")), text, *texts, cell.get("outputs"), _pictures(cell.get("attachments")))


def _pictures(attachments):
    """Return the pictures among a cell's attachments, in nbformat's form."""
    kept, left = {}, LARGEST_PICTURES
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        for mime, data in kinds.items() if isinstance(kinds, dict) else ():
            data = "".join(map(str, data)) if isinstance(data, list) else data
            if mime in PICTURES and isinstance(data, str) and len(data) < left and BASE64.fullmatch(data):
                kept.setdefault(str(name), {})[mime] = data
                left -= len(data)
    return kept


def rebuild(notebook, skeleton):
    """Return a submission rebuilt on the released notebook, and what was repaired, in words.

    Raises NeedsHuman where none of its cells is recognised.
    """
    cells, repairs = handed_in(notebook), []
    for cell in cells:
        cell.place = skeleton.place_of(cell)
    if all(cell.place is None for cell in cells):
        raise NeedsHuman(f"none of its cells belongs to {skeleton.assignment}")
    if not any(cell.source.strip() for cell in cells):
        raise NeedsHuman("none of its cells has any text")
    _note_order(cells, repairs)
    own, anchored = _sorted_out(cells, skeleton, repairs)
    of_answers = {*skeleton.answers.values(), None}
    answers = [cell for cell in cells if cell.place in of_answers and not _is_stub_of(cell, skeleton)]
    written = {name for cell in answers for name in _definitions(cell.source)}
    rebuilt = [_extra(cell) for cell in anchored[-1]]
    for place, released in enumerate(skeleton.cells):
        rebuilt += _restored(released, own[place], written, repairs)
        rebuilt += [_extra(cell) for cell in anchored[place]]
    _number(rebuilt)
    _note_missing(skeleton, own, repairs)
    return nbformat.v4.new_notebook(cells=rebuilt, metadata=skeleton.metadata), repairs


def _sorted_out(cells, skeleton, repairs):
    """Return {place: the cells that belong there}, and {place: the student's own cells that follow it}.

    Of several different answers to one exercise the first stands in its place and the others stay where they are, so
    that the notebook runs as it ran for the student.
    """
    own, anchored, before = defaultdict(list), defaultdict(list), -1
    chosen = _first_written(cells, skeleton)
    for cell in cells:
        released = None if cell.place is None else skeleton.cells[cell.place]
        if released is not None and is_answer(released) and cell is not chosen[cell.place]:
            same = _plain(cell.source) == _plain(chosen[cell.place].source) or is_stub(cell.source, released)
            repairs.append(f"duplicate of {released.id} {'ignored' if same else 'kept below it'}")
            if same:
                continue
            cell.place = None
        if cell.place is None:
            anchored[before].append(cell)
        else:
            own[cell.place].append(cell)
            before = cell.place
    return own, anchored


def _first_written(cells, skeleton):
    """Return {place of an answer: the submitted cell that stands for it}: the first that is no stub."""
    chosen = {}
    for cell in cells:
        if cell.place in set(skeleton.answers.values()):
            released, before = skeleton.cells[cell.place], chosen.get(cell.place)
            if not before or (is_stub(before.source, released) and not is_stub(cell.source, released)):
                chosen[cell.place] = cell
    return chosen


def is_stub(source, released):
    """Return whether a cell is the released one as it was, or nothing but functions that nobody wrote."""
    if _plain(source) == _plain(released.source):
        return True
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(body) and all(isinstance(node, ast.FunctionDef) and _is_unwritten(node) for node in body)


def _is_unwritten(function):
    """Return whether a function's first deed is to raise NotImplementedError."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    raised = body[0].exc if body and isinstance(body[0], ast.Raise) else None
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _is_stub_of(cell, skeleton):
    return cell.place is not None and is_stub(cell.source, skeleton.cells[cell.place])


def _note_order(cells, repairs):
    places = [cell.place for cell in cells if cell.place is not None]
    if places != sorted(places):
        repairs.append("reordered cells put back in order")


def _note_missing(skeleton, own, repairs):
    missing = [cell for place, cell in enumerate(skeleton.cells) if not own[place]]
    named = [cell.id for cell in missing if cell.cell_type == "code" and not is_answer(cell)]
    if named:
        repairs.append(f"restored: {', '.join(named[:5])}{' and others' if len(named) > 5 else ''}")
    if texts := len([cell for cell in missing if cell.cell_type != "code"]):
        repairs.append(f"restored: {texts} text cell{'s' if texts > 1 else ''}")


def _restored(released, submitted, written, repairs):
    """Return the cell that takes a released cell's place: none where the student's answer stands elsewhere."""
    cell = nbformat.from_dict({**released, "metadata": released.metadata, "outputs": [], "execution_count": None})
    if cell.cell_type != "code":
        del cell["outputs"], cell["execution_count"]
    if is_answer(released):
        return _answer(cell, released, submitted, written, repairs)
    if cell.cell_type == "code" and not is_test(cell):
        shown = next((other.outputs for other in submitted if other.source == released.source), None)
        cell.outputs = as_handed_in(shown)
    if is_locked(released):
        _note_locked(released, submitted, repairs)
    elif submitted and cell.cell_type == "code":
        cell.source = _completed(released.source, submitted[-1], repairs)
    elif submitted:
        cell.source = submitted[-1].source
        _paste(cell, submitted[-1].pictures)
    return [cell]


def _paste(cell, pictures):
    if pictures and cell.cell_type == "markdown":
        cell["attachments"] = pictures


def _note_locked(released, submitted, repairs):
    same = [_plain(other.source) == _plain(released.source) for other in submitted]
    if submitted and not any(same):
        repairs.append(f"restored: {released.id}, which had been edited")
    elif len(submitted) > 1:
        repairs.append(f"duplicate of {released.id} ignored")


def _answer(cell, released, submitted, written, repairs):
    untouched = submitted and is_stub(submitted[0].source, released)
    if submitted and not (untouched and released.id in written):
        cell.source = submitted[0].source
        if submitted[0].type != "code":
            repairs.append(f"{released.id} was a {in_a_line(submitted[0].type)[:20]} cell: read as code")
        return [cell]
    if released.id in written:
        repairs.append(f"{released.id} stands in another cell")
        return []
    repairs.append(f"restored: {released.id}, which was missing")
    return [cell]


def _completed(source, submitted, repairs):
    """Return the student's version of one of our cells, preceded by our imports where it lacks some of them."""
    if _only_imports(source) and not set(source.split("\n")) <= set(submitted.source.split("\n")):
        repairs.append("imports completed")
        return f"{source}\n{submitted.source}"
    return submitted.source


def _only_imports(source):
    try:
        return all(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(source).body)
    except SyntaxError:
        return False


def _extra(cell):
    made = (new_code_cell if cell.type == "code" else new_markdown_cell)(cell.source)
    made.id = ""
    _paste(made, cell.pictures)
    return made


def _number(cells):
    """Give the student's own cells ids of their own; ours keep theirs."""
    for number, cell in enumerate(cells):
        cell.id = cell.id or f"extra-{number}"
