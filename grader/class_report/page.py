"""Draw the class report: one HTML page that needs no network, and the same numbers as CSV and JSON.

Nobody is named unless that is asked for.
"""

import ast
import csv
import io
import json
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path

import jinja2
import nbformat

from grader.class_report.statistics import rooms
from grader.marking import verdict_in
from grader.marks import write_atomically
from grader.outside import is_test

TEMPLATE = Path(__file__).with_name("page.html")
BANDS = [  # what a bar is made of, from left to right: (css class, words, how to count it in an Exercise)
    ("right", "right", lambda e: e.states.get("right", 0)),
    ("other", "right in another form", lambda e: sum(e.states.get(state, 0) for state in HALF)),
    ("carried", "carried forward", lambda e: e.carried),
    ("named", "a named mistake", lambda e: e.states.get("wrong", 0) - e.unnamed - e.carried),
    ("unnamed", "wrong, nobody has named it", lambda e: e.unnamed),
    ("broken", "an error, or a wrong type or shape", lambda e: sum(e.states.get(state, 0) for state in BROKEN)),
    ("open", "not attempted", lambda e: e.states.get("not attempted", 0)),
]
HALF = ("right in another convention", "changed its argument")
BROKEN = ("error", "wrong type or shape")
WHY = {  # state of a group: what it has in common; of a group of one
    "right in another convention": (
        "the right numbers in the same other layout",
        "the right numbers in another layout",
    ),
    "changed its argument": (
        "right answers that change what they are given",
        "a right answer that changes its argument",
    ),
    "wrong": ("the same wrong answer, which nobody has named", "a wrong answer that nobody has named"),
    "error": ("the same kind of error", "an error"),
    "wrong type or shape": ("the same wrong type or shape", "a wrong type or shape"),
}
LONGEST = 25  # lines of an example


def write(course, records, names=False):
    """Write course/report.html, report.csv and class.json; return the path of the page.

    names  whether the page says who needs a human and who is in a group
    """
    found = rooms(records)
    write_atomically(course.folder / "report.html", html(course, found, names))
    write_atomically(course.folder / "report.csv", as_csv(found))
    write_atomically(course.folder / "class.json", as_json(found, names))
    return course.folder / "report.html"


def html(course, found, names=False):
    """Return the page."""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    places = {room.assignment: _places(course, room.assignment) for room in found}
    examples = {id(group): _example(course, group) for room in found for group in room.groups[:12]}
    return template.render(
        rooms=found,
        bands=BANDS,
        names=names,
        why=WHY,
        places=places,
        example=lambda group: examples.get(id(group)),
        histogram=_histogram,
        minutes=minutes,
        today=date.today().isoformat(),
        title=_title,
    )


def as_csv(found):
    """Return a line for each exercise and state, and one for each exercise and named mistake."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["assignment", "exercise", "what", "students", "share", "equation", "comment"])
    for room in found:
        for exercise in room.exercises:
            for state, count in exercise.states.items():
                writer.writerow([room.assignment, exercise.name, state, count, f"{exercise.share(state):.3f}", "", ""])
            for m in exercise.mistakes:
                about = f"{m.share:.3f}", m.equation, m.comment
                writer.writerow([room.assignment, exercise.name, f"mistake: {m.tag}", m.count, *about])
    return file.getvalue()


def as_json(found, names=False):
    """Return all numbers of the report; students are named only where that is asked for."""
    rooms_ = [asdict(room) for room in found]
    for room in rooms_:
        for group in room["groups"]:
            group["members"] = group["members"] if names else len(group["members"])
        room["human"] = room["human"] if names else len(room["human"])
    return json.dumps(rooms_, indent=1, ensure_ascii=False) + "\n"


# --- what the page shows beside numbers ------------------------------------------------------------


def _title(assignment):
    number, _, name = assignment.partition("-")
    return f"{number} {name.replace('-', ' ')}" if number.isdigit() else assignment


def minutes(median):
    """Return how a median of minutes is written."""
    return "–" if median is None else "< 1" if median < 0.5 else f"{median:.0f}"


def _histogram(marks):
    """Return how many of these shares of the points lie in each tenth."""
    tenths = [0] * 10
    for share in marks:
        tenths[min(9, int(share * 10))] += 1
    return tenths


def _places(course, assignment):
    """Return {number of an equation: the heading under which it stands}."""
    found, heading = {}, ""
    for cell in nbformat.read(course.released_path(assignment), 4).cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#+ (.+)$", cell.source, re.MULTILINE)
            heading = headings[-1] if headings else heading
            found |= dict.fromkeys(re.findall(r"\\tag\{([^}]+)\}", cell.source), heading)
    return found


def _example(course, group):
    """Return (code, message) of one member of a group: code without remarks, in which a name may stand; or None."""
    path = course.autograded(group.members[0], group.assignment)
    if not path.is_file():
        return None
    cells = nbformat.read(path, 4).cells
    source = next((cell.source for cell in cells if cell.id == group.exercise), "")
    return _without_remarks(source), _message(cells, group.exercise)


def _without_remarks(source):
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source[:1000]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) and len(node.body) > 1:
            node.body = node.body[1:]
    lines = ast.unparse(tree).splitlines()
    return "\n".join(lines[:LONGEST] + (["..."] if len(lines) > LONGEST else []))


def _message(cells, exercise):
    for cell in cells:
        for output in cell.get("outputs", ()) if is_test(cell) else ():
            verdict = verdict_in(output)
            if verdict and verdict["exercise"] == exercise:
                return verdict["message"]
    return ""
