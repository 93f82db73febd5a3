"""Check a graded function where it is written: ask it, judge its answers, and remember what was found."""

from dataclasses import replace

from helpers import journal, reference
from helpers.asking import ask
from helpers.judging import carried_from, judge
from helpers.reveal import worked
from helpers.verdict import Verdict

_found: dict[str, dict] = {}  # assignment -> {graded function: the mistake found in it at its last check}

ELSEWHERE = "While a submission is graded, its answers are judged elsewhere."


class Elsewhere(Verdict):
    """What a check says while a submission is graded: it stops nothing that follows it in its cell."""

    passed = True


def check(assignment, exercise, function, reveal=False):
    """Return the Verdict on ``function`` as the graded function ``exercise`` of ``assignment``.

    reveal  print the worked answer after an honest attempt, where this copy of the course holds it

    Never raises on an answer, whatever the answer does.
    Raises ValueError when there is no such assignment or exercise; BrokenCheck when the check itself is altered here.
    """
    asked = reference.load(assignment, exercise)
    if asked.withheld:
        return Elsewhere(exercise, "not attempted", message=ELSEWHERE)
    verdict = _noted(assignment, _verdict(asked, function))
    if reveal:
        print(worked(assignment, verdict))
    return verdict


def _verdict(asked, function):
    """Return the Verdict on a function, after asking it all cases."""
    assignment, exercise = asked.assignment, asked.name
    answers = [ask(asked.kind, asked.given, function, case.inputs, aloud=k == 0) for k, case in enumerate(asked.cases)]
    verdict = judge(asked, answers)
    found = _found.setdefault(assignment, {})
    found[exercise] = verdict.mistake
    return replace(verdict, carried=carried_from(asked, verdict.mistake, found))


def _noted(assignment, verdict):
    attempts, minutes = journal.note(assignment, verdict)
    return replace(verdict, attempts=attempts, minutes=minutes)
