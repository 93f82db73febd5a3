"""What was checked is remembered on this machine alone, and a worked answer comes after an honest attempt."""

import json

import pytest

import helpers
from helpers import check, journal, reveal

ROOM = "01-linear-regression"


def half(W, X, y):
    return X @ (W.T @ X - y).T


def right(W, X, y):
    return 2 * X @ (W.T @ X - y).T


def unwritten(W, X, y):
    raise NotImplementedError("write this")


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "there" / "progress.json"
    monkeypatch.setenv(journal.VARIABLE, str(path))
    return path


def test_checks_are_counted_with_the_mistakes_on_the_way(file):
    assert [check(ROOM, "gradient", f).attempts for f in (half, half, right)] == [1, 2, 3]
    entry = json.loads(file.read_text())[ROOM]["gradient"]
    assert (entry["attempts"], entry["mistakes"], entry["state"]) == (3, {"half": 2}, "right")
    assert "✓ gradient: right, checked 3 times (on the way: half 2x)" in str(helpers.progress())
    assert '<progress value="1" max="14"' in helpers.progress()._repr_html_()


def test_what_is_begun_is_unfolded_even_with_nothing_right_and_words_stand_left(file):
    assert "<details open>" not in helpers.progress()._repr_html_()
    check(ROOM, "gradient", half)
    html = helpers.progress()._repr_html_()
    assert html.count("<details open>") == 1 and f"<strong>{ROOM}</strong> 0 of 14 right" in html
    (row,) = (row for row in html.split("<tr>") if "<code>gradient</code>" in row)
    left = [cell.startswith(' style="text-align:left"') for cell in row.split("<td")[1:]]
    assert left == [True, True, False, False, True]


def test_what_is_not_written_is_no_attempt(file):
    assert check(ROOM, "gradient", unwritten).attempts == 0
    assert check(ROOM, "gradient", half).attempts == 1


def test_minutes_are_those_between_checks_without_the_pauses(file, monkeypatch):
    times = iter([1000.0, 1000.0 + 300, 1000.0 + 300 + 3600, 1000.0 + 300 + 3600 + 120])
    monkeypatch.setattr(journal.time, "time", lambda: next(times))
    assert [check(ROOM, "gradient", half).minutes for _ in range(4)] == [0.0, 5.0, 5.0, 7.0]


def test_a_verdict_carries_what_the_grader_reads_from_the_notebook(file):
    from grader.outcome import effort_in

    check(ROOM, "gradient", half)
    data = check(ROOM, "gradient", half)._repr_mimebundle_()
    cell = {"outputs": [{"output_type": "display_data", "data": data}]}
    assert effort_in({"cells": [cell, {}, {"outputs": None}]}) == {"gradient": (2, 0.0)}


@pytest.mark.parametrize("told", ["{", "[]", '{"01-linear-regression": {"gradient": 3}}', '{"last": "x"}'])
def test_a_damaged_file_is_set_aside(file, told):
    file.parent.mkdir()
    file.write_text(told)
    assert check(ROOM, "gradient", half).attempts == 1
    assert file.with_suffix(".damaged").read_text() == told


def test_a_place_that_cannot_be_written_costs_nothing(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(journal.VARIABLE, str(tmp_path / "file" / "progress.json"))
    assert check(ROOM, "gradient", right).passed


def test_a_notebook_that_a_program_runs_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.delenv(journal.VARIABLE, raising=False)
    monkeypatch.delenv(journal.SESSION, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "attempts" not in check(ROOM, "gradient", half)._data()
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv(journal.SESSION, "notebook.ipynb")
    assert check(ROOM, "gradient", half).attempts == 1


def test_a_worked_answer_comes_after_an_honest_attempt(file, capsys):
    check(ROOM, "gradient", unwritten, reveal=True)
    assert "comes after an attempt" in capsys.readouterr().out
    check(ROOM, "gradient", half, reveal=True)
    assert "return 2 * X @ r.T" in capsys.readouterr().out


def test_a_copy_without_solutions_says_so(file, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(reveal, "SOLUTIONS", tmp_path)
    check(ROOM, "gradient", half, reveal=True)
    assert "not in this copy" in capsys.readouterr().out
