"""Every backward is the derivative of its forward, by three oracles that share no line with it."""

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import complex_step_gradient, linear_regression
from helpers.numerical import relative_error

TOLERANCE = 1e-12  # right code stays under 1e-14; the mistakes are off by more than 1e-3


def problem(seed, d=3, N=5):
    rng = np.random.default_rng(seed)
    X = np.vstack([np.ones(N), rng.standard_normal((d, N))])
    return linear_regression.init(rng, d), X, rng.standard_normal((1, N))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 6), st.integers(1, 9))
def test_backward_is_the_derivative_of_forward_by_complex_step(seed, d, N):
    params, X, Y = problem(seed, d, N)
    exact = complex_step_gradient(lambda p: linear_regression.forward(p, X, Y)[0], params)
    _, cache = linear_regression.forward(params, X, Y)
    grads = linear_regression.backward(params, cache)
    assert grads.keys() == params.keys()
    assert exact["W"].any(), "a gradient of zeros would make this test vacuous"
    assert relative_error(grads["W"], exact["W"]) < TOLERANCE


def test_backward_is_the_derivative_of_forward_by_sympy():
    """d = 2, N = 3, a symbol for every number: an exact identity of polynomials."""
    W = sympy.Matrix(3, 1, sympy.symbols("w:3"))
    X = sympy.Matrix(3, 3, lambda j, i: 1 if j == 0 else sympy.Symbol(f"x{j}{i}"))
    Y = sympy.Matrix(1, 3, sympy.symbols("y:3"))
    as_arrays = {"W": np.array(W)}, np.array(X), np.array(Y)
    loss, cache = linear_regression.forward(*as_arrays)
    dW = linear_regression.backward(as_arrays[0], cache)["W"]
    for j in range(3):
        assert sympy.expand(sympy.diff(loss, W[j]) - dW[j, 0]) == 0


def test_linear_regression_by_hand():
    """Probe of the derivation: r = (1, -3, -2, 1), so loss 15 and dW = 2 X r^T = (-6, 16, -14)."""
    X = np.array([[1, 1, 1, 1], [2, -1, 0, 3], [1, 4, -2, 0]])
    params = {"W": np.array([[1], [2], [-1]])}
    loss, cache = linear_regression.forward(params, X, np.array([[3, -2, 5, 6]]))
    assert loss == 15
    assert linear_regression.backward(params, cache)["W"].tolist() == [[-6], [16], [-14]]


def test_the_batch_gradient_is_the_sum_over_its_samples():
    params, X, Y = problem(7)
    whole = linear_regression.backward(params, linear_regression.forward(params, X, Y)[1])["W"]
    parts = [
        linear_regression.backward(params, linear_regression.forward(params, X[:, [i]], Y[:, [i]])[1])["W"]
        for i in range(X.shape[1])
    ]
    assert relative_error(whole, sum(parts)) < TOLERANCE


def test_the_gradient_vanishes_at_the_least_squares_solution():
    _, X, Y = problem(8)
    best = {"W": np.linalg.lstsq(X.T, Y.T)[0]}
    dW = linear_regression.backward(best, linear_regression.forward(best, X, Y)[1])["W"]
    assert np.max(np.abs(dW)) < 1e-12 * np.max(np.abs(X @ Y.T))


def test_forward_and_backward_leave_their_arguments_alone():
    params, X, Y = problem(9)
    for array in (params["W"], X, Y):
        array.flags.writeable = False
    linear_regression.backward(params, linear_regression.forward(params, X, Y)[1])


@pytest.mark.parametrize("wrong", [2.0, -1.0, 1 + 1e-9], ids="times {}".format)
def test_the_oracle_can_fail(wrong):
    params, X, Y = problem(10)
    exact = complex_step_gradient(lambda p: linear_regression.forward(p, X, Y)[0], params)
    dW = linear_regression.backward(params, linear_regression.forward(params, X, Y)[1])["W"]
    assert relative_error(wrong * dW, exact["W"]) > TOLERANCE
