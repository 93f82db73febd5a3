"""The bar of a long loop fills while it runs, stays full under its cell, and is the same in every run."""

import itertools
import json
import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from helpers import bar, steps

LOOP = """from helpers import bar, steps
seen = []
for step in steps(3000, "steps of descent"):
    seen.append(step)
seen == list(range(3000))"""
SLOW = """bar.EVERY = 0.01
import time
for step in steps(20):
    time.sleep(0.01)"""
BROKEN = """for step in steps(10):
    if step == 4:
        break"""


@pytest.mark.parametrize("count", [0, 1, 7])
def test_it_counts_like_range(count, capsys):
    assert list(steps(count)) == list(range(count))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("count", [2.5, "3", None])
def test_it_wants_a_whole_number(count):
    with pytest.raises(TypeError):
        list(steps(count))


def test_it_shows_itself_no_more_often_than_it_should(monkeypatch):
    """300 steps of a tenth of EVERY, on a clock of our own: no more than 30 pictures, each further on."""
    clock = itertools.count(step=bar.EVERY / 10)
    shown = []

    class Handle:
        def update(self, bundle, raw):
            shown.append(int(re.search(r'value="(\d+)"', bundle["text/html"])[1]))

    monkeypatch.setattr(bar, "_bar", lambda *args, **kwargs: Handle())
    monkeypatch.setattr(bar.time, "monotonic", lambda: next(clock))
    assert list(steps(300)) == list(range(300))
    assert 10 <= len(shown) <= 31
    assert shown == sorted(set(shown))
    assert shown[-1] == 300


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Three loops, as a real kernel ran them."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in (LOOP, SLOW, BROKEN)])
    return NotebookClient(notebook, kernel_name="python3").execute()


@pytest.mark.slow
@pytest.mark.parametrize(("cell", "count", "what"), [(0, "3,000", "steps of descent"), (1, "20", "steps")])
def test_it_stays_under_its_cell_and_is_full(run, cell, count, what):
    shown = run.cells[cell].outputs[0]
    value, most = re.search(r'value="(\d+)" max="(\d+)"', shown.data["text/html"]).groups()
    assert shown.output_type == "display_data"
    assert value == most == count.replace(",", "")
    assert shown.data["text/plain"] == f"{count} {what}"
    assert f'aria-label="{what}"' in shown.data["text/html"]
    assert sum("<progress" in json.dumps(output) for output in run.cells[cell].outputs) == 1


@pytest.mark.slow
def test_the_loop_sees_every_step(run):
    assert run.cells[0].outputs[-1].data["text/plain"] == "True"


@pytest.mark.slow
def test_a_loop_that_is_left_leaves_its_bar_where_it_was(run):
    assert 'value="10"' not in run.cells[2].outputs[0].data["text/html"]


@pytest.mark.slow
def test_nbval_sees_the_same_bars_twice(run, root, tmp_path):
    nbformat.write(run, tmp_path / "loops.ipynb")
    nbval = ["-m", "pytest", "-q", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider"]
    for _ in range(2):
        command = [sys.executable, *nbval, "--nbval-sanitize-with", root / "tests" / "sanitize.cfg", "loops.ipynb"]
        again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert again.returncode == 0, again.stdout
