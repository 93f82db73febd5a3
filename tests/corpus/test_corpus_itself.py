"""The corpus alone: every submission can be made, says what it deserves, and is the Python that it means to be."""

import ast
import contextlib
import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers import reference
from tests.corpus import ALL, HUMAN, KINDS, NOTEBOOK, ROOM, Fifo, Kit, Link, manifest

ROOT = Path(__file__).resolve().parents[2]
NOT_PYTHON = {
    *("wrong-syntax", "accident-tabs-mixed", "accident-from-a-pdf", "accident-git-conflict"),
    *("accident-error-in-scratch", "cells-one-cell"),  # everything in one cell: its magics are fine all the same
}


@pytest.fixture(scope="module")
def kit():
    from grader.demo import right_answers

    bait = {name: f"/nowhere/{name}" for name in ("secret", "victim", "drop", "gradebook", "course")}
    right = right_answers(SimpleNamespace(root=ROOT), ROOM)
    return Kit((ROOT / "notebooks" / ROOM / NOTEBOOK).read_text(encoding="utf-8"), right, bait | {"port": 9})


@pytest.fixture(scope="module")
def made(kit):
    return {submission.name: submission.make(kit) for submission in ALL}


def test_there_are_enough_of_every_kind_and_no_two_share_a_name():
    names = [submission.name for submission in ALL]
    kinds = Counter(submission.kind for submission in ALL)
    assert len(names) == len(set(map(str.lower, names))) >= 90
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 4


def test_what_is_deserved_names_functions_that_exist_and_shares_of_marks():
    for submission in ALL:
        if submission.deserves != HUMAN:
            assert submission.deserves.keys() <= set(reference.exercises(ROOM)), submission.name
            assert set(submission.deserves.values()) <= {0, 0.5}, submission.name


def test_every_submission_is_made_of_files_and_the_same_each_time(kit, made):
    for submission in ALL:
        files = made[submission.name]
        assert all(isinstance(content, bytes | Link | Fifo) for content in files.values()), submission.name
        assert files == submission.make(kit), submission.name


def test_every_one_but_the_honest_plain_one_differs_from_it(made):
    plain = made["honest-plain"]
    assert [name for name, files in made.items() if files == plain] == ["honest-plain"]


def test_the_bait_is_put_in(made):
    for name, files in made.items():
        for content in files.values():
            if isinstance(content, bytes):
                for word in (b"$secret", b"$victim", b"$drop", b"$gradebook", b"$course", b"$port"):
                    assert word not in content, name


def python(files):
    """Return the code cells of a notebook, magics translated; none where it is not a plain notebook."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        cells = json.loads(files[NOTEBOOK])["cells"]
        sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    except Exception:  # what is broken on purpose breaks in many ways
        return []
    return [TransformerManager().transform_cell(source) for source in sources]


def test_what_should_be_python_is(made):
    for name in made.keys() - NOT_PYTHON:
        for code in python(made[name]):
            compile(code, name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_the_manifest_has_a_line_for_each():
    lines = manifest().splitlines()
    assert [line.split(" | ")[0].removeprefix("| ") for line in lines[2:]] == [submission.name for submission in ALL]


HARMLESS = [s for s in ALL if s.kind in ("named mistake", "wrong") or s.name.startswith("odd-")]
HEAVY = {"odd-800-mb", "odd-long-text", "odd-endless-generator", "odd-liar-class"}
SHARES = {"right": 1.0, "right in another convention": 0.5, "changed its argument": 0.5}


@pytest.mark.slow
def test_the_harmless_deserve_what_the_students_own_check_says_with_the_hidden_cases(made, tmp_path, monkeypatch):
    """When an exercise is added to the notebook, this tells which of the submissions have to say what of it."""
    from grader.hidden import ensure_hidden_cases

    monkeypatch.setenv(reference.HIDDEN_CASES, str(ensure_hidden_cases(ROOM, tmp_path)))
    for submission in HARMLESS:
        if submission.name not in HEAVY:
            got = own_check(json.loads(made[submission.name][NOTEBOOK])["cells"])
            assert got == {name: submission.share(name) for name in reference.exercises(ROOM)}, submission.name


def own_check(cells):
    """Return {graded function: the share that its check would earn}, from the cells run here in order."""
    from grader.outside import CHECK
    from helpers import check, checking

    checking._found.clear()
    space, got = {}, {}
    for c in [c for c in cells if c["cell_type"] == "code"]:
        source = "".join(c["source"])
        if found := CHECK.search(source):
            verdict = check(ROOM, found[2], space.get(found[2]))
            got[found[2]] = 1.0 if verdict.carried else SHARES.get(verdict.state, 0.0)
        elif "nbgrader" in c["metadata"] or c["id"].startswith(("imports", "own-")):
            with contextlib.suppress(Exception):
                exec(source, space)
    return got
