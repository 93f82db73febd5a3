"""Every figure is shown once, in words too, and leaves matplotlib as it was."""

from base64 import b64decode
from html import unescape

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure

from helpers.plots import drawing
from helpers.plots import linear_regression as plots

matplotlib.use("agg")  # now, since later matplotlib would meet the Jupyter that these tests pretend to be in
SETTINGS = matplotlib.rcParams.copy()
A_STUDENTS_TASTE = {"font.size": 30, "figure.facecolor": "black", "savefig.dpi": 20, "lines.linewidth": 9}

x, y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 6.0])  # least squares: 0.5 + 2.5 x, residuals -1/2, 1, -1/2
X, BEST, START = np.vstack([np.ones(3), x]), np.array([[0.5], [2.5]]), np.zeros((2, 1))


def cost(W):
    return np.sum((W.T @ X - y) ** 2)


FIGURES = {  # how to draw it, and what its words must name
    "neuron": (lambda: plots.neuron(2), ["x2 with weight W2"]),
    "matrix_shapes": (lambda: plots.matrix_shapes(), ["(d+1) x N", "N x 1", "(d+1) x 1"]),
    "fit": (
        lambda: plots.fit(x, y, BEST, "time (s)", "$y_1$ (m)"),
        ["3 points", "y1 (m) against time (s)", "0.5 + 2.5 x", "from -0.5 to 1;", "add up to 1.5."],
    ),
    "descent": (
        lambda: plots.descent(cost, [START, 1.235 * BEST], BEST),
        ["W0 and W1", "1 steps", "(0, 0), cost 41", "(0.618, 3.09)", "(0.5, 2.5), cost 1.5."],
    ),
    "cost_by_step": (lambda: plots.cost_by_step([1234567.0, 41.0, 1e-17], 1.25), ["1,230,000", ", 0 after 2", "1.25"]),
}


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


def test_every_public_function_is_tested_here():
    public = {
        name
        for name, thing in vars(plots).items()
        if getattr(thing, "__module__", None) == plots.__name__ and not name.startswith("_")
    }
    assert public - {"show"} == set(FIGURES)


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
