"""What a graded class got wrong, in a table: for each assignment the marks and the most common named mistake."""

from collections import Counter

from rich.table import Table


def named_mistakes(records):
    """Return {assignment: Counter of the named mistakes}: each counts once for each student who made it.

    What is carried forward from an earlier function is the same slip, so it does not count again.
    """
    found = {record.assignment: Counter() for record in records}
    for record in records:
        made = {f.mistake for f in record.functions.values() if f.mistake and not f.carried}
        found[record.assignment].update(tag for mistake in made for tag in mistake.split("+"))
    return found


def summary(records):
    """Return the table: a line for each assignment."""
    table = Table("assignment", "submissions", "mean of marks", "most common named mistakes", title="The class")
    for assignment, mistakes in named_mistakes(records).items():
        of_it = [record for record in records if record.assignment == assignment]
        graded = [record for record in of_it if record.points]
        mean = sum(record.marks / record.points for record in graded) / len(graded) if graded else 0
        waiting = len(of_it) - len(graded)
        count = f"{len(of_it)}{f' ({waiting} for a human)' if waiting else ''}"
        table.add_row(assignment, count, f"{mean:.0%}" if graded else "-", _in_words(mistakes, len(graded)))
    return table


def _in_words(mistakes, count):
    return ", ".join(f"{tag} ({times} of {count})" for tag, times in mistakes.most_common(3)) or "none"
