"""Every named mistake is caught and named, on the visible cases and on hidden ones; nothing else gets a name."""

from dataclasses import replace

import numpy as np
import pytest

from helpers import answers, build, check, mistakes, reference, replay
from helpers.asking import ask_function
from helpers.judging import judge

TABLE_2_4 = {
    "half",
    "sign",
    "mean",
    "noX",
    "biasZero",
    "biasMean",
    "noBiasFwd",
    "strayj",
    "broadcast",
    "noY",
    "lastOnly",
    "int",
    "cost",
    "r2",
    "axis",
    "Xᵀ",
}


PROBLEMS = {a: answers.room(a).problems(np.random.default_rng(0)) for a in answers.ROOMS}

# (assignment, exercise, mistake class) for each wrong answer that the library can give
WRONG_ANSWERS = [
    pytest.param(assignment, name, cls, id=f"{assignment[:2]}-{name}-{cls.__name__}")
    for assignment, problems in PROBLEMS.items()
    for name in reference.exercises(assignment)
    for cls in mistakes.library(assignment, name, problems).values()
]


def verdict_on(assignment, name, answer):
    """Return the verdict on a method of the library: where formulas are wanted, on its numbers in each line."""
    exercise = reference.load(assignment, name)
    answers = [ask_function(answer, case.inputs) for case in exercise.cases]
    if exercise.kind == "derivation":
        answers = [replace(answer, value=[answer.value] * exercise.lines) for answer in answers]
    return judge(exercise, answers)


@pytest.fixture(scope="module", params=["visible", 1, 2])
def hidden(request, tmp_path_factory):
    """The folder of hidden cases drawn from a seed, or None for the visible cases alone."""
    if request.param == "visible":
        return None
    folder = tmp_path_factory.mktemp("hidden")
    for assignment in answers.ROOMS:
        build.write(assignment, request.param, folder)
    return folder


@pytest.mark.parametrize(("assignment", "name", "cls"), WRONG_ANSWERS)
def test_a_named_mistake_is_caught_and_named(assignment, name, cls, hidden, monkeypatch):
    if hidden:
        monkeypatch.setenv(reference.HIDDEN_CASES, str(hidden))
    verdict = verdict_on(assignment, name, getattr(cls(), name))
    assert not verdict.passed
    assert verdict.mistake == mistakes.tag_of(cls), str(verdict)


@pytest.mark.parametrize("assignment", answers.ROOMS)
def test_the_right_answers_are_right(assignment, hidden, monkeypatch):
    if hidden:
        monkeypatch.setenv(reference.HIDDEN_CASES, str(hidden))
    right = answers.room(assignment).Right()
    for name in reference.exercises(assignment):
        if reference.load(assignment, name).kind != "design":  # good data are in no copy of the course
            assert verdict_on(assignment, name, getattr(right, name)).state == "right"


def test_a_mistake_is_caught_on_hidden_cases_alone(tmp_path, monkeypatch):
    """An answer that knows the visible cases by heart fails on the hidden ones, and learns nothing about them."""
    build.write("01-linear-regression", 5, tmp_path)
    monkeypatch.setenv(reference.HIDDEN_CASES, str(tmp_path))
    seen = [c for c in reference.load("01-linear-regression", "gradient").cases if not c.hidden]

    def by_heart(W, X, y):
        return next((c.right for c in seen if np.array_equal(c.inputs["X"], X)), np.zeros_like(W))

    verdict = check("01-linear-regression", "gradient", by_heart)
    assert verdict.state == "wrong"
    assert "have not seen" in verdict.message
    assert not any(digit in verdict.message for digit in "0123456789")
    assert verdict.grid == ()
    assert replay(verdict.replay)["W"].shape
    monkeypatch.delenv(reference.HIDDEN_CASES)
    with pytest.raises(ValueError, match="no case"):
        replay(verdict.replay)


def test_every_row_of_the_derivations_table_is_in_the_library():
    assert {mistakes.tag_of(cls) for cls in mistakes.mistakes("01-linear-regression")} >= TABLE_2_4


def test_the_wrong_gradients_stand_to_the_right_one_as_the_derivation_says():
    """Table 2.4, column 'wrong vs right', at a generic point, from formulas that the library does not use."""
    module = answers.room("01-linear-regression")
    inputs = next(iter(module.problems(np.random.default_rng(3)).values()))
    W, X, y = inputs["W"], inputs["X"], inputs["y"]
    out, N = W.T @ X, X.shape[1]
    right = sum(2 * X[:, [i]] * (out[0, i] - y[0, i]) for i in range(N))
    expected = {
        "half": right / 2,
        "sign": -right,
        "mean": right / N,
        "noX": np.full_like(right, right[0, 0]),
        "biasZero": right * [[0]] + right * (np.arange(len(W))[:, None] > 0),
        "biasMean": np.vstack([right[:1] / N, right[1:]]),
        "noBiasFwd": right - 2 * W[0, 0] * X.sum(axis=1, keepdims=True),
        "broadcast": 2 * (N * X @ out.T - X.sum(axis=1, keepdims=True) * y.sum()),
        "noY": right + 2 * X @ y.T,
        "lastOnly": 2 * X[:, [-1]] * (out[0, -1] - y[0, -1]),
        "cost": 2 * X @ abs(out - y).T,
        "r2": 2 * X @ ((out - y) ** 2).T,
    }
    for tag, gradient in expected.items():
        cls = next(c for c in mistakes.mistakes("01-linear-regression") if mistakes.tag_of(c) == tag)
        assert np.allclose(cls().gradient(W, X, y), gradient, rtol=1e-12), tag


def test_the_reference_outputs_agree_with_the_model():
    """The cases' right gradients against the complex step of the model's forward pass: two independent derivations."""
    from helpers import complex_step_gradient, linear_regression

    for case in reference.load("01-linear-regression", "gradient").cases:
        X, y = case.inputs["X"], case.inputs["y"]
        exact = complex_step_gradient(
            lambda W, X=X, y=y: linear_regression.forward({"W": W}, X, y)[0], case.inputs["W"]
        )
        assert np.max(np.abs(exact - case.right)) <= 1e-12 * np.max(np.abs(exact))


def test_cases_that_hide_a_mistake_are_refused(monkeypatch):
    """With a bias of zero nobody can see that the bias was forgotten."""
    module = answers.room("01-linear-regression")
    honest = module.problems

    def careless(rng):
        problems = honest(rng)
        without_bias = {"W": lambda W: W * (np.arange(len(W))[:, None] > 0)}
        return {
            description: {key: without_bias.get(key, lambda same: same)(value) for key, value in problem.items()}
            for description, problem in problems.items()
        }

    monkeypatch.setattr(module, "problems", careless)
    with pytest.raises(ValueError, match="noBiasFwd"):
        build.build("01-linear-regression", 1, draws=3)


def test_words_are_short_sentences_with_two_hints_that_hold_no_code():
    for assignment in answers.ROOMS:
        for name in reference.exercises(assignment):
            for tag, words in reference.load(assignment, name).words.items():
                assert len(words.message) < 130, tag
                assert words.message.endswith("."), tag
                assert len(words.hints) == 2, tag
                assert not any(leak in " ".join([words.message, *words.hints]) for leak in ("@", "2 *", "2*", ".T")), (
                    tag
                )
