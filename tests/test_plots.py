"""Every figure is shown once, in words too, and leaves matplotlib as it was."""

from base64 import b64decode
from html import unescape

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure

from helpers.answers import ROOMS
from helpers.plots import drawing
from helpers.plots import linear_regression as plots
from tests.figures import figures, public
from tests.figures.linear_regression import BEST, START, cost

matplotlib.use("agg")  # now, since later matplotlib would meet the Jupyter that these tests pretend to be in
SETTINGS = matplotlib.rcParams.copy()
A_STUDENTS_TASTE = {"font.size": 30, "figure.facecolor": "black", "savefig.dpi": 20, "lines.linewidth": 9}

FIGURES = figures()


@pytest.fixture(scope="module")
def shown():
    """What Jupyter is given to display: a list of (bundle, metadata)."""
    bundles = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("IPython.get_ipython", object)
        patch.setattr("IPython.display.display", lambda bundle, raw, metadata: bundles.append((bundle, metadata)))
        yield bundles


@pytest.fixture(scope="module", params=FIGURES)
def drawn(request, shown):
    """How to draw a figure, what its words must name, what drawing it returned, and what that showed."""
    shown.clear()
    draw, words = FIGURES[request.param]
    return draw, words, draw(), list(shown)


@pytest.mark.parametrize("room", ROOMS.values())
def test_every_public_function_is_tested_here(room):
    assert public(room) == {name for name in FIGURES if name.startswith(f"{room}.")}


def test_a_figure_is_one_image_described_in_words(drawn):
    _, _, returned, [(bundle, metadata)] = drawn
    alt = bundle["text/plain"]
    assert returned is None
    assert len(alt) > 40
    assert metadata["image/png"]["alt"] == alt
    assert f'alt="{alt}"' in unescape(bundle["text/html"])
    assert bundle["text/html"].count("<img") == 1
    assert bundle["image/png"] in bundle["text/html"]
    assert b64decode(bundle["image/png"]).startswith(b"\x89PNG")


def test_the_words_name_the_numbers(drawn):
    _, words, _, [(bundle, _)] = drawn
    assert [word for word in words if word not in bundle["text/plain"]] == [], bundle["text/plain"]


def test_a_figure_leaves_matplotlib_as_it_was(drawn):
    assert matplotlib.rcParams == SETTINGS
    assert pyplot.get_fignums() == []


def test_a_figure_is_the_same_twice_whatever_a_student_has_set(drawn, shown):
    draw, _, _, first = drawn
    shown.clear()
    with matplotlib.rc_context(A_STUDENTS_TASTE):
        draw()
    assert shown == first


def test_the_words_cannot_break_out_of_the_html(shown):
    shown.clear()
    drawing.show(Figure(figsize=(1, 1)), 'a "quoted" <b> & more')
    assert 'alt="a &quot;quoted&quot; &lt;b&gt; &amp; more"' in shown[0][0]["text/html"]


def test_outside_jupyter_a_figure_is_its_words(shown, monkeypatch, capsys):
    shown.clear()
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    drawing.show(Figure(figsize=(1, 1)), "a square")
    assert (capsys.readouterr().out, shown) == ("a square\n", [])


@pytest.mark.parametrize(
    "path",
    [[BEST], [START, 1e9 * BEST, 1e200 * BEST, np.inf * BEST, np.nan * BEST]],
    ids=["at the best already", "running away"],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_path_that_goes_nowhere_or_everywhere_is_drawn_all_the_same(path, shown):
    shown.clear()
    plots.descent(cost, path, BEST)
    plots.cost_by_step([cost(W) for W in path])
    assert len(shown) == 2
