"""The kill table: which case catches and names which mistake. ``python -m helpers.mistakes.kill_table`` writes it."""

from pathlib import Path

from helpers import answers, build, mistakes, reference
from helpers.asking import Answer
from helpers.comparing import compare
from helpers.diagnosing import diagnose

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mistakes.md"
NAMED, CAUGHT, BLIND = "●", "○", "·"

HEAD = f"""# The library of wrong answers

Every mistake that a verdict knows by name, and what each case of its exercise makes of it when that case stands alone:
{NAMED} it is caught and named, {CAUGHT} it is caught, {BLIND} it cannot show there (a mean over one sample is a sum).
All cases together name every one of them; the tests prove it, on these cases and on hidden ones.
"""


def page():
    """Return the page as Markdown: a section for each assignment, a table for each graded function."""
    sections = [f"\n## {assignment}\n\n{_section(assignment)}" for assignment in answers.ROOMS]
    return HEAD + "".join(sections)


def _section(assignment):
    module = answers.room(assignment)
    problems = build.drawn(assignment, build.VISIBLE_SEED)
    tables = []
    for name in answers.exercises(module.Right):
        exercise = reference.load(assignment, name)
        library = mistakes.library(assignment, name, problems)
        tables.append(f"### {name}\n\n{_what(exercise)}{_table(exercise, library)}")
    return "\n".join(tables)


def _what(exercise):
    """Return a paragraph on an exercise that is no function from numbers to numbers."""
    if exercise.kind == "derivation":
        return "A derivation, line by line: each of these is caught and named in whichever line it stands.\n\n"
    if exercise.design:
        listed = "".join(f"* `{tag}`: {words}\n" for tag, words in exercise.design.items())
        return f"The student's own test data are run on these wrong programs, and each must be exposed:\n\n{listed}"
    return "" if exercise.words else "No named mistake: lines to be found and choices to be made.\n"


def _table(exercise, library):
    if not library:
        return ""
    with_numbers = exercise.kind not in ("formula", "derivation")
    columns = [case.description if with_numbers else f"point {k}" for k, case in enumerate(exercise.cases, 1)]
    rows = [f"| mistake | what a student reads | eq. | {' | '.join(columns)} |", "|---" * (3 + len(columns)) + "|"]
    for key in library:
        words = exercise.words[key]
        marks = [_mark(exercise, case, key) for case in exercise.cases]
        message = words.message.replace("|", "\\|")
        rows.append(f"| `{key.partition('#')[0]}` | {message} | {words.equation} | {' | '.join(marks)} |")
    return "\n".join(rows) + "\n"


def _mark(exercise, case, key):
    """Return what this one case makes of the mistake's output."""
    stopped = reference.stops(case.wrong[key])
    answer = Answer(error="stops") if stopped else Answer(value=case.wrong[key])
    if not stopped and compare(answer.value, case.right).alike:
        return BLIND
    found = diagnose(exercise, [(case, answer)])
    return NAMED if found and found.key == key else CAUGHT


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
