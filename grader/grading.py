"""Grade whatever lies in course/submitted/: every submission on its own, and every outcome reported."""

import json
from dataclasses import asdict, dataclass, field

import nbformat

from grader.course import CourseError, succeed
from grader.release import release
from grader.steps import CHECK, verdict_in

GRADED, FLAGGED, HUMAN = "graded", "graded with flags", "needs a human"


@dataclass
class Function:
    """The marks of one graded function, and the verdict that they come from."""

    marks: float
    points: float
    state: str
    mistake: str | None = None
    where: str | None = None
    carried: str | None = None


@dataclass
class Record:
    """What became of one submission."""

    student: str
    assignment: str
    outcome: str = GRADED
    flags: list[str] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)

    @property
    def marks(self):
        return sum(function.marks for function in self.functions.values())

    @property
    def points(self):
        return sum(function.points for function in self.functions.values())

    def as_json(self):
        return {**asdict(self), "marks": self.marks, "points": self.points}


def submissions(course, assignments):
    """Return the (student, assignment) pairs that lie in course/submitted/, in order."""
    folders = sorted((course.folder / "submitted").glob("*/*/"))
    return [(path.parent.name, path.name) for path in folders if path.name in assignments]


def grade(course, assignments, step=lambda record: None):
    """Return the Records of all submissions, after grading them, writing feedback, the CSV and report.json.

    ``step`` is called with each Record as it is made. A submission that cannot be graded is reported, and the
    others are graded all the same.
    """
    private = course.released()
    for assignment in assignments:
        release(private, assignment)
    records = []
    for student, assignment in submissions(course, assignments):
        records.append(_grade_one(private, student, assignment))
        step(records[-1])
    export(course)
    (course.folder / "report.json").write_text(
        json.dumps([record.as_json() for record in records], indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return records


def _grade_one(course, student, assignment):
    try:
        _readable(course, student, assignment)
        succeed(course.api.autograde(assignment, student), f"grading {student}")
        record = _record(course, student, assignment)
        succeed(course.api.generate_feedback(assignment, student), f"feedback for {student}")
        return record
    except CourseError as failure:
        _leave_open(course, student, assignment)
        return Record(student, assignment, HUMAN, [str(failure)])


def _readable(course, student, assignment):
    """Raise CourseError where nbgrader would give zero or stop: no such notebook, or not a notebook."""
    path = course.submitted(student, assignment)
    if not path.exists():
        found = ", ".join(sorted(p.name for p in path.parent.iterdir())) or "nothing"
        raise CourseError(f"no {path.name} was handed in, but {found}")
    try:
        nbformat.read(path, 4)
    except Exception as failure:  # nbformat raises many kinds on damaged files
        raise CourseError(f"{path.name} cannot be read: {type(failure).__name__}") from failure


def _record(course, student, assignment):
    """Return the Record of an autograded notebook: marks from the gradebook, verdicts from its outputs."""
    nb = nbformat.read(course.autograded(student, assignment), 4)
    with course.gradebook() as gb:
        grades = {g.name: g for g in gb.find_submission_notebook(assignment, assignment, student).grades}
        record = Record(student, assignment)
        for cell in nb.cells:
            if (grade := grades.get(cell.metadata.get("nbgrader", {}).get("grade_id"))) and CHECK.search(cell.source):
                _, name = CHECK.search(cell.source).groups()
                record.functions[name] = _function(cell, name, grade)
        if missing := sorted(set(grades) - {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells}):
            record.outcome, record.flags = FLAGGED, [f"no cell {name}: its marks are zero" for name in missing]
    return record


def _function(cell, name, grade):
    verdicts = [v for v in map(verdict_in, cell.outputs) if v and v["exercise"] == name]
    verdict = verdicts[0] if verdicts else {"state": "error"}
    seen = {key: verdict.get(key) for key in ("state", "mistake", "where", "carried")}
    return Function(grade.auto_score or 0.0, grade.max_score, **seen)


def _leave_open(course, student, assignment):
    """Mark every grade of a submission that could not be graded as waiting for a human, without a score."""
    with course.gradebook() as gb:
        gb.update_or_create_student(student)
        submission = gb.update_or_create_submission(assignment, student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score, grade.needs_manual_grade = None, True
        gb.db.commit()


def export(course):
    """Write course/grades.csv by the course's export plugin."""
    from grader.export import CourseCsv

    with course.gradebook() as gb:
        CourseCsv(config=course.config).export(gb)
