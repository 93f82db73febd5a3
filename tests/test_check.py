"""Every state of a verdict can be reached, and no answer, whatever it does, makes a check raise."""

import subprocess
import sys

import numpy as np
import pytest
import sympy

from helpers import check, replay
from helpers.judging import BrokenCheck
from helpers.verdict import MIME, STATES, NotRight

ROOM = "01-linear-regression"


def right(W, X, y):
    return 2 * X @ (W.T @ X - y).T


def half(W, X, y):
    return X @ (W.T @ X - y).T


def stub(W, X, y):
    raise NotImplementedError("write this")


def crashes(W, X, y):
    return np.ones(3) @ np.ones(4)


def flat(W, X, y):
    return right(W, X, y).ravel()


def in_place(W, X, y):
    X -= 1
    X += 1
    return right(W, X, y)


def per_sample(W, X, y):
    return np.ones((7, 7))


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (right, "right"),
        (half, "wrong"),
        (stub, "not attempted"),
        (crashes, "error"),
        (flat, "right in another convention"),
        (in_place, "changed its argument"),
        (per_sample, "wrong type or shape"),
    ],
)
def test_every_state_can_be_reached(answer, state):
    verdict = check(ROOM, "gradient", answer)
    assert verdict.state == state
    assert verdict.message
    assert state in str(verdict)


def test_the_states_above_are_all_there_are():
    assert len(STATES) == 7


def test_the_verdict_on_a_lost_factor_says_so():
    verdict = check(ROOM, "gradient", half)
    assert verdict.mistake == "half"
    assert verdict.where == "dW"
    assert "the 2 that comes down from the square is missing" in verdict.message
    assert verdict.hint.endswith("?")


def test_a_verdict_shows_numbers_and_never_the_formula():
    for answer in (half, crashes, flat, per_sample, in_place, stub):
        shown = str(check(ROOM, "gradient", answer)).replace("return np.ones(3) @ np.ones(4)", "")
        assert "@" not in shown
        assert "2 *" not in shown


@pytest.mark.parametrize(
    "value",
    [
        None,
        "2",
        True,
        object(),
        {},
        [],
        [[1, 2], [3]],
        float("nan"),
        np.inf,
        1j,
        np.array(["a"]),
        {"dW": 1},
        set(),
        np.zeros((3, 1), dtype=object),
        lambda: 0,
        sympy.Symbol("x"),
        type("Odd", (), {"__array__": lambda self: 1 / 0})(),
    ],
)
def test_no_value_makes_a_check_raise_or_pass(value):
    verdict = check(ROOM, "gradient", lambda W, X, y: value)
    assert verdict.state in ("wrong type or shape", "wrong", "error")
    assert verdict.message


@pytest.mark.parametrize(
    "raised", [ValueError("no"), SystemExit(0), KeyboardInterrupt(), MemoryError(), RecursionError()]
)
def test_nothing_that_an_answer_raises_gets_out_of_a_check(raised):
    def answer(W, X, y):
        raise raised

    verdict = check(ROOM, "gradient", answer)
    assert verdict.state == "error"
    assert type(raised).__name__ in verdict.message


@pytest.mark.parametrize("thing", [None, ...])
def test_a_name_without_an_answer_is_not_attempted(thing):
    assert check(ROOM, "gradient", thing).state == "not attempted"


def test_a_value_in_place_of_the_function_is_explained():
    assert "without brackets" in check(ROOM, "gradient", 3.0).message


def test_an_answer_that_calls_an_unwritten_one_is_sent_there():
    def gradient(W, X, y):
        return stub(W, X, y)

    verdict = check(ROOM, "gradient", gradient)
    assert verdict.state == "not attempted"
    assert "stub" in verdict.message


def test_an_error_shows_the_line_of_the_answer():
    assert "np.ones(3) @ np.ones(4)" in check(ROOM, "gradient", crashes).message


def test_a_warning_is_mentioned_and_costs_nothing():
    def warns(W, X, y):
        np.array([1.0]) / 0
        return right(W, X, y)

    verdict = check(ROOM, "gradient", warns)
    assert verdict.passed
    assert "divide by zero" in verdict.message


def test_nothing_reaches_stderr_and_prints_appear_once(capfd):
    def chatty(W, X, y):
        print("hello")
        print("to stderr", file=sys.stderr)
        np.array([1.0]) / 0
        return right(W, X, y)

    assert check(ROOM, "gradient", chatty).passed
    out, err = capfd.readouterr()
    assert out.count("hello") == 1
    assert err == ""


def test_the_same_case_can_be_replayed():
    verdict = check(ROOM, "gradient", half)
    inputs = replay(verdict.replay)
    assert right(**inputs).shape == inputs["W"].shape
    with pytest.raises(ValueError, match="01-gradient-1"):
        replay("99-nothing-1")


def test_the_arguments_may_have_other_names():
    assert check(ROOM, "gradient", lambda w, data, target: right(w, data, target)).passed


def test_a_product_that_cannot_be_formed_is_said_plainly():
    message = check(ROOM, "gradient", lambda W, X, y: 2 * X @ (W.T @ X - y)).message
    assert "inner sizes are 5 and 1" in message
    assert "gufunc" not in message
    assert "W (3, 1), X (3, 5), y (1, 5)" in message


def test_a_wrong_answer_that_also_changes_its_argument_hears_of_both():
    def answer(W, X, y):
        X += 1
        return half(W, X, y)

    verdict = check(ROOM, "gradient", answer)
    assert verdict.state == "wrong"
    assert "also changed its argument X" in verdict.message


def test_two_mistakes_at_once_are_named_together():
    verdict = check(ROOM, "gradient", lambda W, X, y: X @ (y - W.T @ X).T)
    assert verdict.mistake == "half+sign"
    assert "Two things at once" in verdict.message
    verdict = check(ROOM, "gradient", lambda W, X, y: -2 * X @ (W.T @ X - y).T / X.shape[1])
    assert set(verdict.mistake.split("+")) == {"sign", "mean"}


def test_a_slip_of_an_earlier_function_is_carried_forward():
    check(ROOM, "gradient", half)
    descent = check(ROOM, "gradient_descent", lambda W, X, y, eta, steps: descend(half, W, X, y, eta, steps))
    assert descent.mistake == "half"
    assert descent.carried == "gradient"
    assert "carried forward from gradient" in str(descent)
    check(ROOM, "gradient", right)
    assert check(ROOM, "gradient_descent", lambda *a: descend(half, *a)).carried is None


def descend(gradient, W, X, y, eta, steps):
    for _ in range(steps):
        W = W - eta * gradient(W, X, y)
    return W


def test_a_heat_map_shows_where_the_error_sits():
    verdict = check(ROOM, "gradient", lambda W, X, y: right(W, X, y) * (np.arange(len(W))[:, None] != 1))
    assert verdict.grid == ((0.0,), (1.0,), (0.0,))
    assert "1 of 3 entries are wrong" in verdict._repr_mimebundle_()["text/html"]
    assert verdict.mistake is None


def test_an_altered_checker_gives_no_verdict(monkeypatch):
    monkeypatch.setattr("helpers.comparing._close", lambda value, expected: np.ones(np.shape(expected), bool))
    with pytest.raises(BrokenCheck, match="broken or altered here"):
        check(ROOM, "gradient", right)


def test_a_checker_that_fails_everything_gives_no_verdict(monkeypatch):
    monkeypatch.setattr(np, "abs", lambda value: np.full(np.shape(value), np.nan))
    with pytest.raises(BrokenCheck):
        check(ROOM, "gradient", right)


def test_an_unknown_exercise_is_the_callers_mistake():
    with pytest.raises(ValueError, match=r"no exercise 'gradeint'.*gradient"):
        check(ROOM, "gradeint", right)
    with pytest.raises(ValueError, match=ROOM):
        check("01", "gradient", right)


def test_require_raises_one_exception_that_shows_the_verdict_alone():
    with pytest.raises(NotRight) as raised:
        check(ROOM, "gradient", half).require()
    assert raised.value._render_traceback_() == str(raised.value.verdict).splitlines()
    check(ROOM, "gradient", right).require()


def test_a_verdict_is_html_text_and_data():
    bundle = check(ROOM, "gradient", half)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", MIME}
    assert bundle[MIME]["mistake"] == "half"
    assert "<script" not in check(ROOM, "gradient", lambda W, X, y: int("<script>"))._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(
    "formula",
    [
        lambda W_0, W_1, x_1, y: 2 * x_1 * (W_0 + W_1 * x_1 - y),
        lambda W_0, W_1, x_1, y: sympy.expand(2 * x_1 * (W_0 + W_1 * x_1 - y)),
        lambda W_0, W_1, x_1, y: -2 * (y - W_0) * x_1 + 2 * W_1 * x_1**2,
        lambda W_0, W_1, x_1, y: sympy.diff((W_0 + W_1 * x_1 - y) ** 2, W_1),
        lambda *names: sympy.sympify("2*x_1*(W_0 + W_1*x_1 - y)"),
    ],
)
def test_every_form_of_the_formula_is_accepted(formula):
    assert check(ROOM, "one_sample_derivative", formula).passed


@pytest.mark.parametrize(
    ("formula", "mistake"),
    [
        (lambda W_0, W_1, x_1, y: x_1 * (W_0 + W_1 * x_1 - y), "half"),
        (lambda W_0, W_1, x_1, y: 2 * x_1 * (y - W_0 - W_1 * x_1), "sign"),
        (lambda W_0, W_1, x_1, y: 2 * (W_0 + W_1 * x_1 - y), "noX"),
        (lambda W_0, W_1, x_1, y: 2 * x_1 * (W_0 + W_1 * x_1 - y) ** 2, "r2"),
    ],
)
def test_a_wrong_formula_is_named(formula, mistake):
    assert check(ROOM, "one_sample_derivative", formula).mistake == mistake


def test_a_formula_in_strange_letters_is_explained():
    verdict = check(ROOM, "one_sample_derivative", lambda W_0, W_1, x_1, y: sympy.Symbol("q") * x_1)
    assert "q" in verdict.message
    assert "W_0, W_1, x_1, y" in verdict.message


def test_numbers_by_hand_name_the_first_wrong_quantity_and_not_the_right_number():
    verdict = check(ROOM, "by_hand", lambda: {"out": [[4, -5, 3, 7]], "r": [[1, -3, -2, 2]], "cost_total": 15, "dW": 0})
    assert verdict.where == "r"
    assert "r[0, 3]" in verdict.message
    assert "off by" not in verdict.message


def test_numbers_by_hand_in_a_flat_list_are_judged_by_their_values():
    numbers = {"out": [4, -5, 3, 7], "r": [1, -3, -2, 1], "cost_total": 15, "dW": [-3, 8, -7]}
    verdict = check(ROOM, "by_hand", lambda: numbers)
    assert (verdict.state, verdict.mistake, verdict.where) == ("wrong", "half", "dW")
    assert check(ROOM, "by_hand", lambda: numbers | {"dW": [-6, 16, -14]}).passed


def test_the_first_wrong_quantity_comes_first_and_the_rest_is_told():
    verdict = check(ROOM, "by_hand", lambda: {"out": [[4, 5, 3, 7]], "r": [[1, 7, -2, 1]], "cost_total": 55, "dW": 0})
    assert verdict.where == "out"
    assert "Off as well: r, cost_total, dW" in verdict.message


def test_the_wrong_line_is_not_told_how_far_off_it_is():
    verdict = check(ROOM, "lost_factor", lambda W, X, y: {"line": 1, "repair": right(W, X, y)})
    assert verdict.where == "line"
    assert "off by" not in verdict.message


def test_helpers_imports_neither_matplotlib_nor_sympy():
    code = (
        "import sys, helpers; from helpers import check; "
        "check('01-linear-regression', 'gradient', lambda W, X, y: 0); "
        "sys.exit(any(name in sys.modules for name in ('matplotlib', 'sympy', 'nbgrader')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
