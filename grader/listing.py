"""nbgrader's gradebook with listings for a large class: the same data, from queries that read each grade once."""

from functools import cache

from nbgrader import api
from nbgrader.api import Assignment, Grade, Notebook, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import and_, case, func, select

CELLS, TASKS = api.GradeCell.__table__, api.TaskCell.__table__
KINDS = {
    "code": (CELLS.c.cell_type == "code", CELLS.c.max_score),
    "written": (CELLS.c.cell_type == "markdown", CELLS.c.max_score),
    "task": (TASKS.c.cell_type == "markdown", TASKS.c.max_score),
}
FAILED = and_(CELLS.c.cell_type == "code", Grade.auto_score < CELLS.c.max_score)


class Gradebook(api.Gradebook):
    """What it overrides returns what nbgrader's returns; open it for one listing, since it remembers sums."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._points = cache(self._points)

    def submission_dicts(self, assignment_id):
        about = {"id": SubmittedAssignment.id, "name": Assignment.name, "timestamp": SubmittedAssignment.timestamp}
        return self._listed(about, Assignment.name == assignment_id)

    def notebook_submission_dicts(self, notebook_id, assignment_id):
        about = {"id": SubmittedNotebook.id, "name": Notebook.name, "flagged": SubmittedNotebook.flagged}
        chosen = and_(Assignment.name == assignment_id, Notebook.name == notebook_id)
        return self._listed(about, chosen, failed_tests=FAILED)

    def student_dicts(self):
        most = sum(assignment.max_score for assignment in self.assignments)
        notebooks = (
            select(Grade.notebook_id, func.sum(Grade.score).label("score")).group_by(Grade.notebook_id).subquery()
        )
        query = select(SubmittedAssignment.student_id, func.sum(notebooks.c.score)).select_from(notebooks)
        query = query.join(SubmittedNotebook, SubmittedNotebook.id == notebooks.c.notebook_id)
        query = query.join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        scores = dict(self.db.execute(query.group_by(SubmittedAssignment.student_id)).all())
        return [{**who, "score": scores.get(who["id"], 0.0), "max_score": most} for who in self.names()]

    def names(self):
        """Return a dictionary for each student, without scores."""
        columns = Student.id, Student.first_name, Student.last_name, Student.email, Student.lms_user_id
        return [dict(row) for row in self.db.execute(select(*columns)).mappings()]

    def owners(self, notebook_id, assignment_id):
        """Return {id: student's id} of the submissions of one notebook."""
        query = _joined(select(SubmittedNotebook.id, Student.id))
        query = query.where(Assignment.name == assignment_id, Notebook.name == notebook_id)
        return dict(self.db.execute(query).all())

    def average_assignment_score(self, assignment_id):
        return self._average(assignment_id, *KINDS)

    def average_assignment_code_score(self, assignment_id):
        return self._average(assignment_id, "code")

    def average_assignment_written_score(self, assignment_id):
        return self._average(assignment_id, "written")

    def average_assignment_task_score(self, assignment_id):
        return self._average(assignment_id, "task")

    def _average(self, assignment_id, *kinds):
        count, points = self._points(assignment_id)
        return sum(points[kind] for kind in kinds) / count if count else 0.0

    def _points(self, assignment_id):
        """Return the number of submissions, and {kind of cell: all points that they got}; remembered."""
        query = _graded(select(*(_sum(which, Grade.score).label(kind) for kind, (which, _) in KINDS.items())))
        sums = self.db.execute(query.where(Assignment.name == assignment_id)).mappings().one()
        return self.find_assignment(assignment_id).num_submissions, sums

    def _listed(self, about, chosen, **flags):
        """Return a dictionary for each submission that is chosen and has grades: what it is about, and its sums."""
        about |= {"student": Student.id, "first_name": Student.first_name, "last_name": Student.last_name}
        flags["needs_manual_grade"] = Grade.needs_manual_grade
        query = _joined(select(*(column.label(key) for key, column in about.items()))).where(chosen).distinct()
        known = {row["id"]: row for row in self.db.execute(query).mappings()}
        query = _graded(_sums(about["id"], flags)).where(chosen).group_by(about["id"])
        return [{**known[row["id"]], **_totals(row, flags)} for row in self.db.execute(query).mappings()]


def _joined(query):
    """Return a query over submitted notebooks, with all that they belong to."""
    query = query.select_from(SubmittedNotebook)
    query = query.join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
    query = query.join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
    query = query.join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    return query.join(Student, Student.id == SubmittedAssignment.student_id)


def _graded(query):
    """Return a query over grades, with their cells and all that they belong to."""
    query = _joined(query).join(Grade, Grade.notebook_id == SubmittedNotebook.id)
    return query.outerjoin(CELLS, CELLS.c.id == Grade.cell_id).outerjoin(TASKS, TASKS.c.id == Grade.cell_id)


def _sums(unit, flags):
    """Return a query for the points, got and possible, by kind of cell, and for whether any grade raises a flag."""
    columns = [unit.label("id")]
    for kind, (which, possible) in KINDS.items():
        columns.append(_sum(which, Grade.score).label(f"{kind}_score"))
        columns.append(_sum(which, possible).label(f"max_{kind}_score"))
    columns += [func.max(case((flag, 1), else_=0)).label(name) for name, flag in flags.items()]
    return select(*columns)


def _sum(which, points):
    return func.coalesce(func.sum(case((which, points))), 0.0)


def _totals(sums, flags):
    """Return the sums of one submission with the totals over all kinds of cells, and its flags as True or False."""
    score = sum(sums[f"{kind}_score"] for kind in KINDS)
    most = sum(sums[f"max_{kind}_score"] for kind in KINDS)
    return {**sums, "score": score, "max_score": most, **{name: bool(sums[name]) for name in flags}}
