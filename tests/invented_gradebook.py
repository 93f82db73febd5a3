"""A gradebook of any size, written through nbgrader's own tables, with everything in it that happens in a class."""

import random
from datetime import datetime, timedelta
from itertools import product

from nbgrader.api import Comment, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook, new_uuid
from sqlalchemy import create_engine, insert, text

NAMES = [
    ("Ada", "Lovelace"),
    ("Zoë", "Müller"),
    ("小明", "王"),
    (None, None),
    ("Sofía", "Núñez de la Peña"),
    ("", "Li"),
]
DUE = datetime(2026, 1, 10)


def empty(url):
    """Make a gradebook at an address with nothing in it; return the address.

    A table is there before nbgrader looks: else it starts alembic, for seconds, to note which version it makes.
    """
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    engine.dispose()
    Gradebook(url, "backprop").close()
    return url


def invent(url, students=30, assignments=3, cells=4, seed=0, missing=0.2):
    """Make and fill a gradebook at an address; return the address.

    Each assignment has two notebooks, all kinds of cells and all kinds of marks.
    Some students have a namesake, some hand in nothing, and so does everybody in the last assignment of several.
    Points are whole quarters, so that sums are the same in whatever order they are taken.
    """
    rng = random.Random(seed)
    with Gradebook(empty(url), "backprop") as gradebook:
        everybody = [_student(number) for number in range(students)]
        gradebook.db.execute(insert(Student), everybody)
        for number in range(assignments):
            _add_assignment(gradebook, f"{number + 1:02}-room", number, cells)
        for assignment in sorted(gradebook.assignments, key=lambda a: a.name)[: max(1, assignments - 1)]:
            who = [student["id"] for student in everybody[:-1] if rng.random() >= missing]
            _hand_in(gradebook.db, assignment, who, rng)
        gradebook.db.commit()
    return url


def _student(number):
    first, last = NAMES[number // 2 % len(NAMES)] if number % 2 else (f"F{number % 97}", f"L{number % 31}")
    return {"id": f"student-{number:05}", "first_name": first, "last_name": last, "email": f"{number}@students.edu"}


def _add_assignment(gradebook, name, number, cells):
    gradebook.add_assignment(name, duedate=DUE if number % 2 else None)
    for notebook in (name, "extra"):
        gradebook.add_notebook(notebook, name)
        for cell in range(cells):
            kind = "markdown" if cell % 4 == 1 else "code"
            gradebook.add_grade_cell(f"test-{cell}", notebook, name, max_score=3, cell_type=kind)
        gradebook.add_task_cell("task", notebook, name, max_score=2, cell_type="markdown")
        gradebook.add_solution_cell("answer", notebook, name)


def _hand_in(db, assignment, who, rng):
    times = [rng.choice([None, DUE + timedelta(minutes=rng.randrange(-3000, 3000))]) for _ in who]
    handed_in = [
        {"id": new_uuid(), "assignment_id": assignment.id, "student_id": name, "timestamp": time}
        for name, time in zip(who, times, strict=True)
    ]
    notebooks = [
        (notebook, {"id": new_uuid(), "notebook_id": notebook.id, "assignment_id": one["id"], **_late(rng)})
        for one, notebook in product(handed_in, assignment.notebooks)
    ]
    perfect = {row["id"] for _, row in notebooks if rng.random() < 0.2}
    graded = [
        {"id": new_uuid(), "notebook_id": row["id"], "cell_id": cell.id, **_marks(rng, cell, row["id"] in perfect)}
        for notebook, row in notebooks
        for cell in notebook.grade_cells + notebook.task_cells
    ]
    commented = [
        {"id": new_uuid(), "notebook_id": row["id"], "cell_id": cell.id, "manual_comment": rng.choice([None, "schön"])}
        for notebook, row in notebooks
        for cell in notebook.solution_cells
    ]
    for kind, rows in (
        (SubmittedAssignment, handed_in),
        (SubmittedNotebook, [row for _, row in notebooks]),
        (Grade, graded),
        (Comment, commented),
    ):
        db.execute(insert(kind.__table__), rows)


def _late(rng):
    return {"flagged": rng.random() < 0.1, "late_submission_penalty": rng.choice([None, None, None, 0.5, 40.0])}


def _marks(rng, cell, perfect):
    """Return one cell's marks: automatic ones, a human's, both, or none yet, and now and then extra credit."""
    points = [None, *(quarter / 4 for quarter in range(4 * int(cell.max_score) + 1))]
    auto = rng.choice(points[-1:] if perfect else points) if cell.cell_type == "code" else None
    manual = rng.choice(points) if auto is None or rng.random() < 0.1 else None
    extra = rng.choice([0.25, 1.0]) if rng.random() < 0.1 else None
    waits = (auto is None and manual is None) or rng.random() < 0.01
    return {"auto_score": auto, "manual_score": manual, "extra_credit": extra, "needs_manual_grade": waits}
