"""A derivation may be written in any equivalent form, the first false equality is named, and no line makes it raise."""

import time
from functools import partial

import numpy as np
import pytest
import sympy as sp

from helpers import activations, derivations
from helpers.asking import ask, ask_formula
from helpers.judging import judge
from helpers.reference import Case, Exercise, Words

D = sp.Derivative
HALF = Words("Half of it.", "1.5", ("Which factor?", "Count the factors."))
SIGN = Words("The sign.", "1.5", ("Which way?", "Up or down?"))


def exercise(quantity, points, right, given=None, lines=2, wrong=None):
    """Return a derivation of ``right(**point)``, with half of it and its negative as named mistakes."""
    wrong = wrong or {"half": 0.5, "sign": -1.0}
    cases = []
    for k, point in enumerate(points, 1):
        value = right(**point)
        value = float(value) if np.ndim(value) == 0 else value
        outputs = {tag: value * factor for tag, factor in wrong.items()}
        cases.append(Case(f"09-derivation-{k}", False, f"point {k}", point, value, outputs))
    words = {tag: {"half": HALF, "sign": SIGN}[tag] for tag in wrong}
    return Exercise("09", "derivation", quantity, "derivation", (), tuple(cases), words, given or {}, lines)


def neuron(f, f_prime):
    """One neuron: E = (a - y)^2 / 2, a = f(z), z = w x + b."""
    numbers = [(0.7, 1.3, -0.4, 0.9), (-1.2, 0.6, 0.5, -0.3), (1.9, -0.8, 0.2, 0.35), (0.5, 1.0, 2.0, -1.0)]
    points = [dict(zip("wxby", point, strict=True)) | {"f": f, "f_prime": f_prime} for point in numbers]

    def right(w, x, b, y, f, f_prime):
        return (f(w * x + b) - y) * f_prime(w * x + b) * x

    return exercise("dE/dw", points, right, {"z": "w*x + b", "a": "f(z)"}, lines=3)


NEURON = neuron(activations.tanh, activations.tanh_prime)


def two_steps():
    """A recurrent net of two steps, derived by the weight that the error reaches on two ways."""
    names = ["w", "w_x", "w_h", "b1", "b2", "x1", "x2", "h0", "y2"]
    rng = np.random.default_rng(3)
    points = [dict(zip(names, rng.uniform(-1.5, 1.5, 9).round(2).tolist(), strict=True)) for _ in range(4)]
    functions = {"f": activations.sigmoid, "f_prime": activations.sigmoid_prime}

    def right(w, w_x, w_h, b1, b2, x1, x2, h0, y2, f, f_prime):
        z1 = w_x * x1 + w_h * h0 + b1
        z2 = w_x * x2 + w_h * f(z1) + b1
        u = w * f(z2) + b2
        return (f(u) - y2) * f_prime(u) * w * f_prime(z2) * (f(z1) + w_h * f_prime(z1) * h0)

    given = {
        "z1": "w_x*x1 + w_h*h0 + b1",
        "h1": "f(z1)",
        "z2": "w_x*x2 + w_h*h1 + b1",
        "h2": "f(z2)",
        "u": "w*h2 + b2",
        "p": "f(u)",
    }
    return exercise("dE/dw_h", [point | functions for point in points], right, given, lines=3)


def least_squares():
    """The gradient 2 X r^T as a matrix."""
    rng = np.random.default_rng(4)
    draw = [{name: rng.uniform(-2, 2, shape).round(2) for name, shape in SHAPES.items()} for _ in range(3)]
    return exercise("dW", draw, lambda W, X, y: 2 * X @ (W.T @ X - y).T)


SHAPES = {"W": (2, 1), "X": (2, 3), "y": (1, 3)}
TWO_STEPS, LEAST_SQUARES = two_steps(), least_squares()


def verdict_on(asked, derivation):
    return judge(asked, [ask(asked.kind, asked.given, derivation, case.inputs) for case in asked.cases])


def neuron_lines(*lines):
    """Return a student's derivation of one neuron from lines that are functions of its letters."""

    def derivation(w, x, b, y, f, f_prime, z, a):
        return [line(w, x, b, y, f, f_prime, z, a) for line in lines]

    return derivation


def line(text):
    """Return a line of one neuron's derivation, from its Python; E stands for the error."""
    return eval(f"lambda w, x, b, y, f, f_prime, z, a, E=None: {text}", {"sp": sp, "D": D, "np": np})


RIGHT = "(a - y) * f_prime(z) * x"
FORMS = [
    "(f(w*x + b) - y) * f_prime(w*x + b) * x",
    "sp.expand((a - y) * f_prime(z) * x)",
    "a*x*f_prime(z) - x*y*f_prime(z)",
    "-(y - a) * f_prime(z) * x",
    "0.5 * 2.0 * (a - y) * f_prime(z) * x",
    "x * f_prime(z) / (1 / (a - y))",
    "(a - y) * (1 - a**2) * x",
    "(a - y) * (1 - f(z)**2) * x",
    "(a - y) * (1 - a) * (1 + a) * x",
    "(sp.tanh(z) - y) / sp.cosh(z)**2 * x",
    "sp.diff((f(w*x + b) - y)**2 / 2, w)",
    "D((f(w*x + b) - y)**2 / 2, w)",
    "D((a - y)**2 / 2, w)",
    "D((a - y)**2 / 2, a) * D(a, z) * D(z, w)",
    "D((a - y)**2 / 2, z) * D(z, w)",
    "sp.diff((a - y)**2 / 2, a) * sp.diff(f(z), z) * sp.diff(w*x + b, w)",
    "(a - y) * D(f(z), z) * x",
    "sp.Matrix([[(a - y) * f_prime(z) * x]])",
    "sp.Mul(a - y, f_prime(z), x, evaluate=False)",
]


@pytest.mark.parametrize("form", FORMS)
def test_any_equivalent_form_of_a_line_is_accepted(form):
    verdict = verdict_on(NEURON, neuron_lines(line(RIGHT), line(form), line(RIGHT)))
    assert verdict.passed, str(verdict)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
def test_every_activation_of_the_course_may_stand_in_a_derivation(name):
    f, f_prime = activations.ACTIVATIONS[name], activations.ACTIVATIONS[f"{name}_prime"]
    forms = [line("D((a - y)**2 / 2, w)"), line("(a - y) * D(f(z), z) * x"), line(RIGHT)]
    assert verdict_on(neuron(f, f_prime), neuron_lines(*forms)).passed
    assert not verdict_on(neuron(f, f_prime), neuron_lines(*forms[1:], line("(a - y) * f(z) * x"))).passed


def test_every_activation_that_a_case_can_name_is_known_here():
    assert derivations.FUNCTIONS.keys() == activations.ACTIVATIONS.keys()
    for name, f in activations.ACTIVATIONS.items():
        for z in (-1.3, 0.4, 2.1):
            assert float(derivations.FUNCTIONS[name](sp.Float(z, 30))) == pytest.approx(float(f(z)), rel=1e-12)


def test_letters_of_ones_own_with_the_same_names_are_the_same_letters():
    def derivation(w, x, b, y, f, f_prime, z, a):
        w, x, b, y = sp.symbols("w x b y")
        return [(f(w * x + b) - y) * f_prime(w * x + b) * x] * 3

    assert verdict_on(NEURON, derivation).passed


def test_a_tuple_of_lines_will_do():
    def derivation(w, x, b, y, f, f_prime, z, a):
        return ((a - y) * f_prime(z) * x,) * 3

    assert verdict_on(NEURON, derivation).passed


def test_what_sympy_can_show_is_said_to_hold_for_all_values():
    shown = verdict_on(NEURON, neuron_lines(line(RIGHT), line("x * f_prime(w*x + b) * (f(z) - y)"), line(RIGHT)))
    tried = verdict_on(NEURON, neuron_lines(line(RIGHT), line("(a - y) * (1 - a**2) * x"), line(RIGHT)))
    assert shown.message == "Each of the 3 lines equals the one before, for all values."
    assert tried.message == "Each of the 3 lines equals the one before, at all 4 points tried."


# line 1, line 2, line 3: the number of the first false one, the mistake's name
WRONG = [
    (["x * y", RIGHT, RIGHT], 1, None),
    ([RIGHT, "(a - y) * f_prime(a) * x", RIGHT], 2, None),
    ([RIGHT, RIGHT, "(a - y) * f_prime(z) * w"], 3, None),
    ([RIGHT, "(a - y) * x", "(a - y) * x"], 2, None),
    ([RIGHT, "(y - a) * f_prime(z) * x", RIGHT], 2, "sign"),
    ([RIGHT, RIGHT, "(a - y) * f_prime(z) * x / 2"], 3, "half"),
    (["D((a - y)**2 / 4, w)", RIGHT, RIGHT], 1, "half"),
    ([RIGHT, "D((a - y)**2 / 2, a) * D(a, z) * D(z, x)", RIGHT], 2, None),
    ([RIGHT, "D((a - y)**2 / 2, a) * D(z, w)", RIGHT], 2, None),
    ([RIGHT, "0", RIGHT], 2, None),
    ([RIGHT, "1", "0.25"], 2, None),
    ([RIGHT, "sp.Matrix([[x, y]])", RIGHT], 2, None),
]


@pytest.mark.parametrize(("lines", "number", "mistake"), WRONG)
def test_the_first_false_equality_is_named(lines, number, mistake):
    verdict = verdict_on(NEURON, neuron_lines(*map(line, lines)))
    first = "Line 1 is not dE/dw." if number == 1 else f"Line {number} does not equal line {number - 1}."
    assert not verdict.passed
    assert verdict.message.startswith(first)
    assert verdict.mistake == mistake
    assert verdict.where == f"line {number}"


def test_lines_that_are_equal_at_one_point_alone_are_not_equal():
    """Where x = 1, as in the last case, x^2 is x; where b = 2 and y = -1, b + 2 y is 0."""
    for special in ["(a - y) * f_prime(z) * x**2", "(a - y) * f_prime(z) * x + b + 2*y"]:
        verdict = verdict_on(NEURON, neuron_lines(line(RIGHT), line(special), line(RIGHT)))
        assert verdict.message.startswith("Line 2 does not equal line 1.")


def test_a_derivative_that_cannot_see_its_letter_is_explained():
    verdict = verdict_on(NEURON, neuron_lines(line("sp.diff((a - y)**2 / 2, w)"), line(RIGHT), line(RIGHT)))
    assert verdict.message.startswith("Line 1 is not dE/dw. It is 0. To sympy, z and a are letters of their own")


def test_too_few_lines_are_counted():
    verdict = verdict_on(NEURON, neuron_lines(line(RIGHT), line(RIGHT)))
    assert (verdict.state, verdict.message) == (
        "wrong type or shape",
        "At least 3 lines are asked for, one for each step; yours has 2.",
    )


def test_more_lines_than_asked_are_all_looked_at():
    assert verdict_on(NEURON, neuron_lines(*[line(RIGHT)] * 9)).passed
    verdict = verdict_on(NEURON, neuron_lines(*[line(RIGHT)] * 9, line("x")))
    assert verdict.message.startswith("Line 10 does not equal line 9.")


ODD = {  # what a line may be as well, and what the verdict names
    "sp.Symbol('q') * x": "line 2 contains q; use the arguments w, x, b, y, f, f_prime, z, a",
    "sp.Function('g')(x) + sp.Symbol('c')": "line 2 contains c, g;",
    "x / sp.Integer(0)": "line 2 has no real value",
    "sp.log(x - x)": "line 2 has no real value",
    "sp.sqrt(-1 - w**2)": "line 2 has no real value",
    "float('nan')": "line 2 has no real value",
    "float('inf')": "line 2 has no real value",
    "sp.Matrix([[x / sp.Integer(0)]])": "line 2 has no real value",
    "1j": "line 2 is not an expression: it is complex",
    "sp.Eq(x, w)": "line 2 is not an expression: it is an equation",
    "sp.Tuple(x, w)": "line 2 is not an expression",
    "sp.true": "line 2 is not an expression",
    "True": "line 2 is not an expression",
    "'x'": "line 2 is not an expression: it is str",
    "None": "line 2 is not an expression",
    "[x, w]": "line 2 is not an expression",
    "f": "line 2 is not an expression",
    "np.array([[1.0]])": "line 2 is not an expression",
    "f(x, w)": "line 2 has no value",
    "f(sp.Matrix([x, w]))": "line 2 has no real value",
    "w if w > 0 else x": "cannot determine truth value",
    "sp.Integral(f(z), z)": "Line 2 does not equal line 1.",
    "sp.Sum(x, (sp.Symbol('k'), 1, 3))": "Line 2 does not equal line 1.",
    "sp.Piecewise((x, w > 0), (b, True))": "Line 2 does not equal line 1.",
    "sp.MatrixSymbol('w', 2, 2)": "Line 2 does not equal line 1.",
    "np.int64(2)": "Line 2 does not equal line 1.",
    "np.float64(2)": "Line 2 does not equal line 1.",
}


@pytest.mark.parametrize("text", ODD)
def test_no_line_makes_it_raise(text):
    verdict = verdict_on(NEURON, neuron_lines(line(RIGHT), line(text), line(RIGHT)))
    assert not verdict.passed
    assert ODD[text] in verdict.message


@pytest.mark.parametrize("lines", [None, 3, "x", {}, [], (), {1: sp.Integer(1)}, iter([1]), sp.Symbol("x"), np.ones(3)])
def test_what_is_not_a_list_of_lines_is_asked_for_as_one(lines):
    verdict = verdict_on(NEURON, lambda w, x, b, y, f, f_prime, z, a: lines)
    assert (verdict.state, verdict.message) == ("error", "return a list of lines, each an expression in the arguments")


def test_an_exception_and_an_unwritten_derivation_are_told_apart():
    def unwritten(w, x, b, y, f, f_prime, z, a):
        raise NotImplementedError

    def leaves(w, x, b, y, f, f_prime, z, a):
        raise SystemExit

    assert verdict_on(NEURON, unwritten).state == "not attempted"
    assert verdict_on(NEURON, leaves).state == "error"
    assert verdict_on(NEURON, None).state == "not attempted"
    assert verdict_on(NEURON, lambda w: [w]).state == "error"


# Matrices ------------------------------------------------------------------------------------------


def matrix_lines(*texts):
    lines = [eval(f"lambda W, X, y, r, cost: {text}", {"sp": sp, "D": D}) for text in texts]

    def derivation(W, X, y):
        r = W.T * X - y
        return [line(W, X, y, r, (r * r.T)[0]) for line in lines]

    return derivation


@pytest.mark.parametrize(
    "form",
    [
        "2 * X * (X.T * W - y.T)",
        "2 * X * X.T * W - 2 * X * y.T",
        "sp.Matrix([sp.diff(cost, w) for w in W])",
        "cost.diff(W)",
        "D(cost, W)",
        "sp.Matrix(2, 1, lambda j, _: sum(2 * X[j, i] * r[i] for i in range(3)))",
        "sp.ImmutableMatrix(2 * X * r.T)",
    ],
)
def test_a_line_may_be_a_matrix_in_any_form(form):
    verdict = verdict_on(LEAST_SQUARES, matrix_lines("2 * X * r.T", form))
    assert verdict.message == "Each of the 2 lines equals the one before, for all values."


@pytest.mark.parametrize(
    ("form", "message", "mistake"),
    [
        ("X * r.T", "Line 2 does not equal line 1.\nHalf of it.", "half"),
        ("-2 * X * r.T", "Line 2 does not equal line 1.\nThe sign.", "sign"),
        ("2 * r * X.T", "Line 2 does not equal line 1.\nline 2 is transposed", None),
        ("2 * X", "Line 2 does not equal line 1.\nline 2 has shape (2, 3); it should be (2, 1).", None),
        ("cost", "Line 2 does not equal line 1.\nline 2 has shape (); it should be (2, 1).", None),
        ("2 * X * r", "ShapeError", None),
        ("sp.Matrix([sp.Symbol('c'), 1])", "line 2 contains c; use the arguments W, X, y", None),
    ],
)
def test_a_false_matrix_is_named(form, message, mistake):
    verdict = verdict_on(LEAST_SQUARES, matrix_lines("2 * X * r.T", form))
    assert not verdict.passed
    assert message in verdict.message
    assert verdict.mistake == mistake


# Two ways through a letter -------------------------------------------------------------------------


def steps_lines(*texts):
    names = ", ".join([*TWO_STEPS.cases[0].inputs, *TWO_STEPS.given])
    return eval(f"lambda {names}: [{', '.join(texts)}]", {"sp": sp, "D": D})


LAST = "(p - y2) * f_prime(u) * w * f_prime(z2) * (h1 + w_h * f_prime(z1) * h0)"


@pytest.mark.parametrize(
    "form",
    [
        "D((p - y2)**2 / 2, w_h)",
        "(p - y2) * f_prime(u) * w * D(h2, w_h)",
        "D((p - y2)**2 / 2, z2) * (h1 + w_h * D(h1, w_h))",
        "D((p - y2)**2 / 2, h2) * f_prime(z2) * h1 + D((p - y2)**2 / 2, h1) * D(h1, w_h)",
        "(p - y2) * p * (1 - p) * w * h2 * (1 - h2) * (h1 + w_h * h1 * (1 - h1) * h0)",
    ],
)
def test_a_letter_is_differentiated_through_what_is_defined_after_it(form):
    """D(E, h1) goes through z2, h2, u and p; D(z2, w_h) would go through h1 as well."""
    verdict = verdict_on(TWO_STEPS, steps_lines(LAST, form, LAST))
    assert verdict.passed, str(verdict)


def test_one_of_two_ways_alone_is_found_wrong():
    verdict = verdict_on(TWO_STEPS, steps_lines(LAST, "(p - y2) * f_prime(u) * w * f_prime(z2) * h1", LAST))
    assert verdict.message.startswith("Line 2 does not equal line 1.")


HEAVY = [
    (NEURON, neuron_lines(line(RIGHT), line("x * (w*x + b - y + z + a)**60"), line("sp.expand((w + x + b + y)**9)"))),
    (NEURON, neuron_lines(line(RIGHT), line("sum(f(k*z + x)**k / (k + w) for k in range(60))"), line(RIGHT))),
    (NEURON, neuron_lines(line(RIGHT), line("x**(10**7)"), line("sp.prod(1 / (k + a) for k in range(40))"))),
    (NEURON, neuron_lines(line(RIGHT), line("sp.diff(f(f(f(f(w*x + b)*w + b)*w + b)*w + b), w)"), line(RIGHT))),
    (TWO_STEPS, steps_lines("D((p - y2)**2 / 2, w_h)", f"sp.expand({LAST})", LAST)),
]


@pytest.mark.parametrize(("asked", "derivation"), HEAVY)
def test_a_heavy_line_takes_less_than_a_second_of_three(asked, derivation):
    inputs = asked.cases[0].inputs
    start = time.process_time()
    ask(asked.kind, asked.given, derivation, inputs)
    assert time.process_time() - start < 3


# Formulas, which are lines alone -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "value", "error"),
    [
        (lambda w, x: 2 * w * x, 3.0, None),
        (lambda w, x: 7, 7.0, None),
        (lambda w, x: w + sp.Symbol("q"), None, "the formula contains q; use the arguments w, x"),
        (lambda w, x: sp.sqrt(-w), None, "the formula has no real value at the point that was tried"),
        (lambda w, x: w / 0, None, "the formula has no real value at the point that was tried"),
        (partial(lambda w, x: sp.Sum(w, (x, 1, 2)).doit()), 2.0, None),
    ],
)
def test_a_formula_is_asked_as_a_line(formula, value, error):
    answer = ask_formula(formula, {"w": 1.0, "x": 1.5})
    assert (answer.value, answer.error) == (value, error)
