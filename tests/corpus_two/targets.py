"""One function in each notebook on which nothing builds, for those that cheat in it: a guess that is wrong."""

from textwrap import dedent

from tests.corpus_two.submission import R2, R3, R4, R5, Submission, zero
from tests.corpus_two.writing import right

TARGET = {R2: "network_lines", R3: "lost_samples", R4: "batch_step", R5: "copied_lines"}
GUESS = {
    R2: 'return {"line": 3, "repair": 0 * params["b3"]}',
    R3: 'return {"line": 1, "repair": 0 * O}',
    R4: 'return {"line": 2, "W": 0 * W, "b": 0 * b}',
    R5: 'return {"lines": [1, 4, 5], "dw_x": 0.0, "dw_h": 0.0, "db2": 0.0, "db1": 0.0}',
}


def cheats(room, name, kind, does, code="", *edits, **more):
    """Return a submission whose target does ``code``, which may return, and then guesses wrong."""
    body = f"{dedent(code).strip()}\n{GUESS[room]}".strip()
    text = f"{does}; one answer is wrong and stays so"
    target = TARGET[room]
    return Submission(name, kind, text, zero(target), right(*edits, **{target: body}), room=room, **more)


def tries(room, name, kind, does, *edits, **more):
    """Return a submission that does it in cells of its own, with all answers right."""
    return Submission(name, kind, f"{does}, in a cell of its own; all answers are right", {}, right(*edits),
                      room=room, **more)  # fmt: skip
