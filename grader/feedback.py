"""Feedback pages: nbgrader's own, made in the workers, each with one exporter that it makes once."""

import pickle
from dataclasses import dataclass
from functools import cache, lru_cache

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbgrader.api import Comment, Grade
from nbgrader.converters import GenerateFeedback
from nbgrader.utils import is_grade, is_solution, is_task

from grader.marks import cells_of
from grader.overview import Styles, with_overview


@dataclass(frozen=True)
class Page:
    """All that one page takes: the judged notebook, and what the gradebook says of it."""

    notebook: str
    settings: bytes
    name: str
    score: float
    max_score: float
    late_penalty: float
    grades: dict  # grade_id -> (score, points)
    comments: dict  # grade_id -> a person's comment, or None


class Highlight(Highlight2HTML):
    """nbconvert's filter, which remembers what it has coloured: most cells are ours, the same for everybody."""

    def __init__(self, **settings):
        super().__init__(pygments_lexer="ipython3", **settings)
        self.plain = lru_cache(500)(super().__call__)

    def __call__(self, source, language=None, metadata=None):
        magic = (metadata or {}).get("magics_language")
        return super().__call__(source, language, metadata) if magic else self.plain(source, language)


class PageExporter(HTMLExporter):
    """nbconvert's exporter without its last step, which parses the whole page again for what nbgrader's has not."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.register_filter("highlight_code", Highlight(parent=self))

    def from_notebook_node(self, nb, resources=None, **kw):
        return super(HTMLExporter, self).from_notebook_node(nb, self._init_resources(resources), **kw)


def settings(api):
    """Return the settings of nbgrader's feedback in a course, for ``render``."""
    return pickle.dumps(GenerateFeedback(coursedir=api.coursedir, parent=api).config)


def page_of(gradebook, notebook, text, made):
    """Return the Page of a SubmittedNotebook whose judged notebook has this text."""
    penalty = notebook.late_submission_penalty or 0
    grades = gradebook.db.execute(cells_of(notebook, Grade, Grade.score, Grade.max_score))
    comments = gradebook.db.execute(cells_of(notebook, Comment, Comment.comment))
    about = notebook.name, notebook.score - penalty, notebook.max_score, penalty
    return Page(text, made, *about, {name: (score, most) for name, score, most in grades}, dict(map(tuple, comments)))


def render(page):
    """Return the HTML of a page."""
    nb = nbformat.reads(page.notebook, 4)
    _add_grades(nb, page)
    nb = with_overview(nb)
    about = {name: getattr(page, name) for name in ("score", "max_score", "late_penalty")} | {"notebook": page.name}
    text, _ = _exporter(page.settings).from_notebook_node(nb, resources={"nbgrader": about})
    return text


@cache
def _exporter(made):
    exporter = PageExporter(config=pickle.loads(made))
    exporter.register_preprocessor(Styles, enabled=True)
    return exporter


def _add_grades(nb, page):
    """Put each cell's score and comment where nbgrader's template looks for them, as its GetGrades does."""
    for cell in nb.cells:
        own = cell.metadata.get("nbgrader", {})
        if is_solution(cell) or is_task(cell):
            own["comment"] = page.comments.get(own["grade_id"])
        if is_grade(cell) or is_task(cell):
            own["score"], own["points"] = page.grades[own["grade_id"]]
