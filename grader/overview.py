"""What a student sees first on a feedback page: each exercise, its marks, what was found, and how to see it again."""

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution, is_task

from grader.marking import verdict_in
from grader.outside import CHECK, is_test
from helpers.verdict import STATES

HEAD = "| exercise | marks | what was found |\n|---|---|---|\n"
FOOT = "\n\nCells of the course that no mark depends on are left out here; your notebook has them."
# nbgrader's own list, of test cells and comments without names, would stand before the overview.
INSTEAD = '#toc li:has(a[href$="-check"], a[href^="#comment-"]) { display: none }'
NO_ANSWER = "No response."  # nbgrader's comment on a stub that was left alone


class Styles(CSSHTMLHeaderPreprocessor):
    """Style a feedback page, on which the overview stands for nbgrader's list."""

    def preprocess(self, nb, resources):
        nb, resources = super().preprocess(nb, resources)
        resources["inlining"]["css"].append(INSTEAD)
        return nb, resources


class Overview(NbGraderPreprocessor):
    """Put the overview on top of a judged notebook, and leave out the cells of ours that were not run."""

    def preprocess(self, nb, resources):
        return with_overview(nb), resources


def with_overview(nb):
    """Return a judged notebook whose cells have their scores, with the overview as its first cell."""
    stubs = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if is_solution(cell)}
    lines = [_line(cell, stubs.get(_stub_of(cell))) for cell in nb.cells if is_test(cell)]
    nb.cells = [cell for cell in nb.cells if not _says_nothing(cell)]
    if lines:
        nb.cells.insert(0, new_markdown_cell("## What was found\n\n" + HEAD + "\n".join(lines) + FOOT))
    return nb


def _says_nothing(cell):
    """Return whether a code cell is ours and was neither run nor handed in with an output."""
    about = is_grade(cell) or is_solution(cell) or is_task(cell)
    return cell.cell_type == "code" and not about and not cell.outputs and cell.execution_count is None


def _stub_of(test):
    return test.metadata.nbgrader.grade_id.removesuffix("-check")


def _line(cell, stub):
    """Return the line of a test cell, which leads to the student's answer; without a stub to the test."""
    own, check = cell.metadata.nbgrader, CHECK.search(cell.source)
    name = check[2] if check else own["grade_id"]
    marks = f"{own.get('score') or 0:g} / {own.get('points') or 0:g}"
    verdict = next((v for v in map(verdict_in, cell.outputs) if v), None)
    there = f"#comment-{_stub_of(cell)}" if stub else f"#{own['grade_id']}"
    said = stub and stub.metadata.nbgrader.get("comment") not in (None, "", NO_ANSWER)
    found = [_found(verdict)] if verdict else []
    found += [f"[Your instructor's comment]({there})."] if said else []
    return f"| [{name}]({there}) | {marks} | {' '.join(found)} |"


def _found(verdict):
    """Return in one line: the state, the mistake, the first wrong quantity, what is carried on, the case again."""
    sign, _ = STATES[verdict["state"]]
    mistake = f" (`{verdict['mistake']}`)" if verdict["mistake"] else ""
    parts = [f"{sign} **{verdict['state']}**{mistake}"]
    if verdict["state"] not in ("right", "not attempted"):
        parts += [_plain(_sentence(verdict["message"]))]
        parts += [f"First wrong: `{verdict['where']}`."] if verdict["where"] else []
        parts += [f"Carried forward from `{verdict['carried']}`: it costs nothing twice."] if verdict["carried"] else []
        parts += [f'The same case again: `replay("{verdict["replay"]}")`.'] if _is_visible(verdict["replay"]) else []
    return " ".join(part for part in parts if part)


def _sentence(message):
    """Return the first line of a message, with a full stop where what follows is left out."""
    first = message.partition("\n")[0]
    return first.removesuffix(":") + "." if first.endswith(":") else first


def _is_visible(replay):
    """Return whether a code replays a case that students have, not a hidden one, whose number begins with h."""
    return bool(replay) and not replay.rpartition("-")[2].startswith("h")


def _plain(text):
    """Return text as a cell of a Markdown table shows it."""
    for letter in "\\|*_`<>[]$#~":
        text = text.replace(letter, f"\\{letter}")
    return text
