"""Every erratum of the five sources is listed once, is taught, and fails when it is taken at its word."""

import math
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from helpers import answers, reference
from helpers.errata import SOURCES, errata
from helpers.errata.__main__ import PAGE, page

ROOT = Path(__file__).resolve().parent.parent
COUNTS = {"S0": 12, "S1": 14, "S2": 21, "S3": 23, "S4": 17}  # of the errata that were found in each source
VISIBLE = 1e-3  # of the largest entry: a printed form that is off by less would prove nothing
ALL = [pytest.param(name, entry, id=entry.id) for name in SOURCES for entry in errata(name)]
PROVED = [pytest.param(entry, id=entry.id) for name in SOURCES for entry in errata(name) if not entry.spelling]


@pytest.fixture(params=SOURCES)
def written(request):
    """An assignment whose errata are written."""
    if not errata(request.param):
        pytest.skip(f"the errata of {request.param} are not written yet")
    return request.param


def headings(assignment):
    notebook = nbformat.read(ROOT / "source" / assignment / f"{assignment}.ipynb", 4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return re.findall(r"^#+ (.+?)\s*$", text, re.M)


def differ(printed, right):
    """Return whether two values differ visibly, in shape or in an entry."""
    if isinstance(right, dict):
        return printed.keys() != right.keys() or any(differ(printed[key], right[key]) for key in right)
    printed, right = np.asarray(printed, float), np.asarray(right, float)
    if printed.shape != right.shape or not np.all(np.isfinite(printed)):
        return True
    return bool(np.max(np.abs(printed - right)) > VISIBLE * np.max(np.abs(right)))


def proof(entry):
    """Return (printed, right); where the shapes of the printed form do not fit, it stops with ValueError."""
    printed, right = entry.values()
    return printed() if callable(printed) else printed, right


def finite(value):
    values = value.values() if isinstance(value, dict) else [value]
    return all(np.all(np.isfinite(np.asarray(entry, float))) for entry in values)


def test_every_erratum_is_listed_once_and_in_order(written):
    source = SOURCES[written]
    wanted = [f"{source}-E{number}" for number in range(1, COUNTS[source] + 1)]
    assert [entry.id for entry in errata(written)] == wanted


def test_every_source_is_the_source_of_one_notebook():
    assert set(SOURCES) == set(answers.ROOMS)
    assert set(SOURCES.values()) == set(COUNTS)


@pytest.mark.parametrize(("assignment", "entry"), ALL)
class TestErratum:
    def test_it_is_taught_told_or_mere_spelling(self, assignment, entry):
        assert entry.taught or entry.where or entry.spelling

    def test_it_is_taught_where_it_says(self, assignment, entry):
        assert set(entry.taught) <= set(reference.exercises(assignment))
        assert not entry.where or entry.where in headings(assignment)

    def test_it_fits_in_a_table(self, assignment, entry):
        for text in (entry.printed, entry.right, entry.matter, entry.where):
            assert "|" not in text
            assert "\n" not in text
            assert text.count("$") % 2 == 0
        assert entry.printed
        assert entry.right
        assert entry.matter.endswith(".")


@pytest.mark.parametrize("entry", PROVED)
def test_the_printed_form_fails_at_its_word(entry):
    try:
        printed, right = proof(entry)
    except ValueError:
        return
    assert finite(right)
    assert differ(printed, right), f"{entry.id}: both give {right}"


def test_every_spot_the_mistake_exercise_teaches_an_erratum(written):
    taught = {name for entry in errata(written) for name in entry.taught}
    graded = answers.exercises(answers.room(written).Right)
    assert {name for name, method in graded.items() if method.quantity == "spot"} <= taught


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run  make errata"


@pytest.mark.parametrize(
    ("printed", "right", "visible"),
    [
        (1.0, 1.0 + 1e-6, False),
        (1.0, 2.0, True),
        ([1.0, 2.0], [[1.0, 2.0]], True),
        ([1.0, 2.0], [1.0, 2.0], False),
        (math.nan, 1.0, True),
        (math.inf, 1.0, True),
        ({"a": 1.0}, {"a": 1.0}, False),
        ({"a": 1.0, "b": 2.0}, {"a": 1.0, "b": 3.0}, True),
        ({"a": 1.0}, {"b": 1.0}, True),
        (0, 0, False),
    ],
)
def test_a_difference_is_seen_or_not(printed, right, visible):
    assert differ(printed, right) is visible
