"""Feedback pages: nbgrader's own, from one exporter that is made once."""

from functools import cached_property

from nbconvert.exporters import HTMLExporter
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import is_grade, is_solution, is_task


class Pages:
    """Makes the feedback pages of a course."""

    def __init__(self, api):
        self.api = api

    @cached_property
    def exporter(self):
        converter = GenerateFeedback(coursedir=self.api.coursedir, parent=self.api)
        exporter = HTMLExporter(config=converter.config)
        for step in converter.preprocessors:
            if not issubclass(step, GetGrades):
                exporter.register_preprocessor(step, enabled=True)
        return exporter

    def page(self, nb, notebook):
        """Return the HTML of a judged notebook with the scores and comments of its SubmittedNotebook."""
        self._add_grades(nb, notebook)
        penalty = notebook.late_submission_penalty or 0
        about = {"notebook": notebook.name, "late_penalty": penalty}
        about |= {"score": notebook.score - penalty, "max_score": notebook.max_score}
        text, _ = self.exporter.from_notebook_node(nb, resources={"nbgrader": about})
        return text

    def _add_grades(self, nb, notebook):
        """Put each cell's score and comment where nbgrader's template looks for them, as its GetGrades does."""
        grades = {grade.name: grade for grade in notebook.grades}
        comments = {comment.name: comment.comment for comment in notebook.comments}
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader", {})
            if is_solution(cell) or is_task(cell):
                marks["comment"] = comments.get(marks["grade_id"])
            if is_grade(cell) or is_task(cell):
                grade = grades[marks["grade_id"]]
                marks["score"], marks["points"] = grade.score, grade.max_score
