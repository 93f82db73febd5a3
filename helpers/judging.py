"""Compare answers with reference outputs and say what is right, wrong, and why.

Everything here is data against data: no answer is run, so it serves outside the student's process as well.
"""

import re
from dataclasses import replace

import numpy as np

from helpers import own_test
from helpers.comparing import compare
from helpers.diagnosing import diagnose
from helpers.reference import Case, Exercise, stops
from helpers.verdict import Verdict


class BrokenCheck(RuntimeError):
    """This check does not tell right from wrong here, so it gives no verdict."""


UNSEEN = "Wrong on data you have not seen: try your function on other shapes and types."


def judge(exercise: Exercise, answers) -> Verdict:
    """Return the Verdict on ``answers``, one for each case of the exercise, in order.

    Raises BrokenCheck when the right outputs do not pass, or a wrong one does, on the very data used.
    """
    prove(exercise)
    pairs = list(zip(exercise.cases, answers, strict=True))
    missing = [answer for _, answer in pairs if not answer.attempted]
    if missing:
        return Verdict(exercise.name, "not attempted", message=_not_attempted(missing[0]))
    if exercise.kind == "derivation":
        return _judge_derivation(exercise, pairs)
    if exercise.kind == "design":
        return _judge_design(exercise, answers[0])
    compared = [
        (case, answer, compare(answer.value, case.right, exercise.quantity, tell=bool(case.inputs)))
        for case, answer in pairs
    ]
    failing = [entry for entry in compared if entry[1].error or not entry[2].alike]
    changed = sorted({name for _, answer in pairs for name in answer.changed})
    if changed and all(answer.error for _, answer, _ in failing):  # W -= step also stops where W holds integers
        return Verdict(exercise.name, "changed its argument", message=_changed(changed))
    if failing:
        return _wrong(exercise, pairs, *failing[0])
    notes = [comparison.note for case, _, comparison in compared if not comparison.same and case.inputs]
    if notes:
        return Verdict(exercise.name, "right in another convention", message=f"The values are right. {notes[0]}")
    return Verdict(exercise.name, "right", message=_praise(pairs))


def _judge_derivation(exercise, pairs):
    """Return the Verdict on a derivation: the first line that does not have the value of the right one is named."""
    stopped = [UNSEEN if case.hidden else answer.error for case, answer in pairs if answer.error]
    if stopped:
        return Verdict(exercise.name, "error", message=stopped[0])
    if not all(isinstance(answer.value, list) for _, answer in pairs):  # nobody who was asked honestly
        return Verdict(exercise.name, "wrong type or shape", message="A derivation is a list of lines.")
    count = min(len(answer.value) for _, answer in pairs)
    if count < exercise.lines:
        asked = f"At least {exercise.lines} lines are asked for, one for each step; yours has {count}."
        return Verdict(exercise.name, "wrong type or shape", message=asked)
    for k in range(count):
        line = [(case, replace(answer, value=answer.value[k])) for case, answer in pairs]
        compared = [(case, answer, compare(answer.value, case.right, f"line {k + 1}")) for case, answer in line]
        if failing := [entry for entry in compared if not _equal(*entry)]:
            verdict = _wrong(exercise, line, *failing[0])
            first = _false_equality(exercise, k) + _vanished(exercise, line)
            replay = verdict.replay if failing[0][0].hidden else None  # numbers are nothing to call a derivation with
            return replace(verdict, message=f"{first}\n{verdict.message}", replay=replay)
    how = "for all values" if all(answer.proved for _, answer in pairs) else f"at all {len(pairs)} points tried"
    return Verdict(exercise.name, "right", message=f"Each of the {count} lines equals the one before, {how}.")


def _false_equality(exercise, k):
    return f"Line {k + 1} does not equal line {k}." if k else f"Line 1 is not {exercise.quantity}."


def _equal(case, _, comparison):
    """Return whether a line has the right value: a matrix in the right layout, a number perhaps as a (1, 1) matrix."""
    return comparison.same or (comparison.alike and not np.ndim(case.right))


def _vanished(exercise, line):
    """Return words on a line that is 0 at every point, as a derivative is of what hides its letter in another."""
    if not exercise.given or any(np.any(answer.value) for _, answer in line):
        return ""
    return (
        f" It is 0. To sympy, {' and '.join(exercise.given)} are letters of their own, in which nothing else stands: "
        "write them out before you differentiate, or write sp.Derivative, which waits."
    )


def _judge_design(exercise, answer):
    """Return the Verdict on the data of a student's own test: the share of the named mistakes that they expose."""
    if problem := answer.error or own_test.problem(answer.value):
        return Verdict(exercise.name, "error" if answer.error else "wrong type or shape", message=problem)
    exposed = own_test.exposed(answer.value, exercise.design)
    blind = [f"– {words} ({tag})" for tag, words in exercise.design.items() if not exposed[tag]]
    count, total = len(exercise.design) - len(blind), len(exercise.design)
    if not blind:
        return Verdict(exercise.name, "right", message=f"Your data expose all {total} mistakes.", share=1.0)
    message = f"Your data expose {count} of {total} mistakes. On them, these programs give the right numbers:"
    hint = "Take one of them: on which sample, in which network, would its numbers have to differ from the right ones?"
    return Verdict(exercise.name, "wrong", message="\n".join([message, *blind]), hint=hint, share=count / total)


def prove(exercise: Exercise):
    """Let the right outputs pass and the first wrong ones fail, on the very data used; else raise BrokenCheck."""
    right = all(compare(case.right, case.right).alike for case in exercise.cases)
    wrong = any(
        not stops(output) and not compare(output, case.right).alike
        for case in exercise.cases
        for output in list(case.wrong.values())[:1]
    )
    if not right or not (wrong or not exercise.words):
        raise BrokenCheck(
            f"the check of {exercise.name} is broken or altered here, so it gives no verdict: "
            "restart the kernel; if that does not help, install the course again"
        )


def carried_from(exercise: Exercise, mistake, earlier) -> str | None:
    """Return the earlier function whose mistake is all that is wrong here, or None: one slip costs once.

    earlier  {graded function: the mistake found in it, or None}
    """
    return next((name for name in exercise.builds_on if mistake and earlier.get(name) == mistake), None)


def _wrong(exercise, pairs, case: Case, answer, comparison) -> Verdict:
    """Return the Verdict on an answer that fails on ``case``, with the mistake that explains all its outputs."""
    found = diagnose(exercise, pairs)
    lines = [f"{found.words.message} See equation ({found.words.equation})."] if found else []
    if case.hidden:
        lines += [] if found else [UNSEEN]
    else:
        lines += _facts(answer, comparison) + _first(comparison, found) + _tried(exercise, case)
    lines += _elsewhere(pairs, case)
    lines += [f"It also changed its argument {', '.join(answer.changed)}."] if answer.changed else []
    return Verdict(
        exercise=exercise.name,
        state=_state(answer, comparison, case, found),
        mistake=found.tag if found else None,
        where=comparison.where,
        message="\n".join(lines),
        hint=found.words.hints[0] if found else None,
        further=found.words.hints[1] if found else None,
        replay=case.code if case.inputs else None,
        grid=() if case.hidden else comparison.grid,
    )


def _state(answer, comparison, case, found):
    if answer.error:
        return "error"
    if comparison.off or (found and found.key and _in_shape(case.wrong[found.key], case.right, comparison.key)):
        return "wrong"
    return "wrong type or shape"


def _in_shape(wrong, right, key):
    """Return whether a mistake's output has the shape of the right one: the layout is not what is wrong."""
    if isinstance(right, dict):
        return key is not None and np.shape(wrong[key]) == np.shape(right[key])
    return np.shape(wrong) == np.shape(right)


def _facts(answer, comparison):
    """Return the lines that say what was seen: the error, the shape, or the first wrong entry."""
    facts = [_plainer(answer.error)] if answer.error else [comparison.off or f"{comparison.note.rstrip('.')}."]
    return facts + ([f"numpy warned: {answer.warning}"] if answer.warning else [])


def _elsewhere(pairs, shown):
    """Return a line on a case other than the one shown where the answer is not finite, or none."""
    for case, answer in pairs:
        note = compare(answer.value, case.right).note if not answer.error and not case.hidden else ""
        if case is not shown and "contains" in note:
            return [f"With {case.description}, {note}."]
    return []


def _first(comparison, found):
    """Return a line on the quantities after the first wrong one, or none."""
    if not comparison.later:
        return []
    later = ", ".join(comparison.later)
    if found:
        return [f"First wrong: {comparison.where}. What follows from the same mistake: {later}."]
    return [f"First wrong: {comparison.where}. Off as well: {later}. Mend the first one first."]


def _plainer(error):
    """Return numpy's words on a product that cannot be formed in the words of the course."""
    sizes = re.search(r"\(size (\d+) is different from (\d+)\)", error)
    plain = f"this product cannot be formed, its inner sizes are {sizes[2]} and {sizes[1]}" if sizes else ""
    return re.sub(r"matmul: .*?\(size \d+ is different from \d+\)", plain, error) if sizes else error


def _tried(exercise, case):
    """Return a line with the shapes of the inputs that were tried, and their values where they are numbers."""
    shown = [f"{name} {_shown(value)}" for name, value in case.inputs.items()]
    what = "" if exercise.kind in ("formula", "derivation") else f"{case.description}: "
    return [f"Tried with {what}{', '.join(shown)}."] if shown else []


def _shown(value):
    """Return an input in a few characters: a number itself, an array's shape, a function's name."""
    if isinstance(value, dict):
        return f"({', '.join(f'{key} {_shown(entry)}' for key, entry in value.items())})"
    if callable(value):
        return f"= {value.__name__}"
    return str(np.shape(value)) if np.ndim(value) else f"= {value}"


def _not_attempted(answer):
    if answer.missing:
        return f"It calls {answer.missing}, which is not written yet: start there."
    return "Nothing here yet. Replace the two lines under the docstring by your answer, run the cell, and check again."


def _changed(names):
    their = ", ".join(names)
    return (
        f"The numbers are right, but the call changed its argument {their}: whoever called it now has others. "
        "Make a new array (A = A - B) instead of writing into the old one (A -= B)."
    )


def _praise(pairs):
    warned = next((answer.warning for _, answer in pairs if answer.warning), None)
    agrees = f"It agrees on all {len(pairs)} cases." if len(pairs) > 1 else "Yes."
    return agrees + (f" (numpy warned: {warned})" if warned else "")
