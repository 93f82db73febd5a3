"""The second corpus alone: every submission can be made, says what it deserves, and is the Python that it means to be.

The harmless ones are proved against the student's own check, a sample of them for each room.
"""

import ast
import contextlib
import io
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers import reference
from tests.corpus.submission import Fifo, Link
from tests.corpus.test_corpus_itself import SHARES
from tests.corpus_two import ALL, HUMAN, KINDS, ROOMS, RoomKit, manifest

ROOT = Path(__file__).resolve().parents[2]
NOT_PYTHON = {
    *("luck-quotes", "luck-missing-colon", "luck-typo-in-training", "luck-conflict"),
    *("shape-lines-without-ends", "file-mojibake"),
}
LEFT_OPEN = re.compile(rb"\$(secret|victim|drop|gradebook|course|port|room|line|arguments|default|verdict)\b")
OWN = re.compile(r"imports|own-\d+|own-top")


@pytest.fixture(scope="module")
def kits():
    from grader.demo import right_answers

    bait = {name: f"/nowhere/{name}" for name in ("secret", "victim", "drop", "gradebook", "course")} | {"port": 9}
    course = SimpleNamespace(root=ROOT)
    released = {room: (ROOT / "notebooks" / room / f"{room}.ipynb").read_text(encoding="utf-8") for room in ROOMS}
    return {room: RoomKit(room, released[room], right_answers(course, room), bait) for room in ROOMS}


@pytest.fixture(scope="module")
def made(kits):
    return {submission.name: submission.make(kits[submission.room]) for submission in ALL}


def test_there_are_enough_of_every_kind_and_room_and_no_two_share_a_name():
    names = [submission.name.lower() for submission in ALL]
    assert len(names) == len(set(names)) >= 100
    assert set(Counter(s.kind for s in ALL)) == set(KINDS)
    assert min(Counter(s.kind for s in ALL).values()) >= 10
    assert min(Counter(s.room for s in ALL).values()) >= 25
    from tests.corpus import ALL as FIRST

    assert not {s.name for s in FIRST} & {s.name for s in ALL}


def test_what_is_deserved_names_functions_that_exist_and_shares_of_marks():
    for s in ALL:
        if s.deserves != HUMAN:
            assert {*s.deserves, *(s.also or {})} <= set(s.exercises()), s.name
            assert set().union(*(s.shares(name) for name in s.exercises())) <= {0, 0.5, 1}, s.name


def test_what_is_unfair_is_told():
    hashed = next(s for s in ALL if s.name == "wrong-by-hash")
    fair = {name: hashed.share(name) for name in hashed.exercises()}
    assert hashed.unfair("graded", fair) == hashed.unfair("graded", fair | {"gradients": 0.0}) == ([], [], [])
    assert hashed.unfair("graded", fair | {"output_delta": 1.0, "board": 0.0}) == (
        ["output_delta has 1"],
        ["board has 0"],
        [],
    )
    assert hashed.unfair("needs a human", {}) == ([], [], ["needs a human"])
    assert next(s for s in ALL if s.or_human).unfair("needs a human", {}) == ([], [], [])


def test_every_submission_is_made_of_files_and_the_same_each_time(kits, made):
    for s in ALL:
        assert made[s.name] and all(isinstance(c, bytes | Link | Fifo) for c in made[s.name].values()), s.name
        assert made[s.name] == s.make(kits[s.room]), s.name


def test_no_two_are_the_same(made):
    kept = {}
    for s in ALL:
        assert kept.setdefault(str(sorted(made[s.name].items(), key=lambda item: item[0])), s.name) == s.name


def test_the_bait_is_put_in(made):
    for name, files in made.items():
        for content in files.values():
            if isinstance(content, bytes):
                assert not LEFT_OPEN.search(content), name


@cache
def translated(source):
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)


@cache
def compiled(code):
    return compile(code, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def code_cells(s, files):
    """Return the code cells of a submission as (id, source), magics translated; none if it is no plain notebook."""
    try:
        cells = json.loads(files[f"{s.room}.ipynb"])["cells"]
        code = [(c.get("id", ""), "".join(c["source"])) for c in cells if c["cell_type"] == "code"]
    except Exception:  # what is broken on purpose breaks in many ways
        return []
    return [(name, translated(source)) for name, source in code]


def test_what_should_be_python_is(made):
    for s in ALL:
        if s.name not in NOT_PYTHON:
            for _, code in code_cells(s, made[s.name]):
                compiled(code)


def test_the_manifest_has_a_line_for_each():
    lines = manifest().splitlines()
    assert [line.split(" | ")[0].removeprefix("| ") for line in lines[2:]] == [s.name for s in ALL]


NEEDS_A_KERNEL = {"fair-taste", "fair-written-to-a-file", "fair-captured"}
UNSAFE = {"value-angry"}
KNOWN = {"wrong-noise-for-own-test"}  # found by this corpus: the student's own check gives marks for it
HARMLESS = [
    s for s in ALL
    if s.kind in ("honest", "wrong", "odd value", "carried") and s.name not in NEEDS_A_KERNEL | UNSAFE | KNOWN
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_a_sample_of_the_harmless_deserves_what_the_students_own_check_says(room, made, tmp_path, monkeypatch):
    from grader.hidden import ensure_hidden_cases

    monkeypatch.setenv(reference.HIDDEN_CASES, str(ensure_hidden_cases(room, tmp_path)))
    monkeypatch.setenv("MPLBACKEND", "Agg")
    of_room = [s for s in HARMLESS if s.room == room]
    for s in of_room[::4]:
        for name, share in own_check(s, made[s.name]).items():
            assert share in s.shares(name), (s.name, name, share)


def own_check(s, files):
    """Return {graded function: the share that its check would earn}, from the cells run here in order."""
    from grader.outside import CHECK
    from helpers import check, checking

    checking._found.clear()
    space, got = {"__name__": "__main__"}, {}
    exec("import numpy as np\ndef f(z):\n    return np.where(np.real(z) > 0, z, 0)", space)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for name, source in code_cells(s, files):
            if found := CHECK.search(source):
                verdict = check(s.room, found[2], space.get(found[2]))
                got[found[2]] = 1.0 if verdict.carried else SHARES.get(verdict.state, 0.0)
            elif name in s.exercises() or OWN.fullmatch(name):
                with contextlib.suppress(Exception):
                    exec(source, space)
    return got
