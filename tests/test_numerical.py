"""The gradient check tells right from wrong, and touches nothing."""

import numpy as np
import pytest

from helpers import complex_step_gradient, gradient_check, numerical_gradient
from helpers.numerical import TOLERANCE


def cubic(w):
    return np.sum(w**3)


def test_both_derivatives_agree_with_the_one_on_paper():
    w = np.array([[0.5], [-2.0], [3.0]])
    assert np.allclose(numerical_gradient(cubic, w), 3 * w**2, rtol=1e-9)
    assert np.allclose(complex_step_gradient(cubic, w), 3 * w**2, rtol=1e-14)


def test_an_array_of_integers_is_probed_as_floats():
    """A probe written into an int array would be cut off: x^2 at 1, 2, 3 has the slopes 2, 4, 6."""
    assert np.allclose(numerical_gradient(lambda w: np.sum(w**2), np.array([1, 2, 3])), [2, 4, 6])


def test_the_arguments_are_left_alone():
    w = np.array([[1.0], [2.0]])
    w.flags.writeable = False
    gradient_check(cubic, 3 * w**2, w)
    assert w.tolist() == [[1.0], [2.0]]


@pytest.mark.parametrize("factor", [0.5, -1.0, 0.0, 1.001])
def test_a_wrong_gradient_fails_and_a_right_one_passes(factor):
    w = np.array([[0.5], [-2.0]])
    assert gradient_check(cubic, 3 * w**2, w)
    assert not gradient_check(cubic, factor * 3 * w**2, w)


def test_a_small_gradient_is_measured_against_its_own_size():
    """Next to a gradient of 1e9, or next to 1, an error of 10 % in one of 1e-6 would be invisible."""
    params = {"W": np.array([1e3]), "b": np.array([1e-3])}
    right = {name: 3 * value**2 for name, value in params.items()}
    found = gradient_check(lambda p: cubic(p["W"]) + cubic(p["b"]), right | {"b": 1.1 * right["b"]}, params)
    assert found.errors["W"] < TOLERANCE < found.errors["b"]
    assert found.worst == "b"


def test_a_gradient_that_is_not_finite_or_of_another_shape_fails():
    w = np.array([[0.5], [-2.0]])
    assert not gradient_check(cubic, np.full((2, 1), np.nan), w)
    assert not gradient_check(cubic, (3 * w**2).ravel(), w)


def test_other_names_than_the_parameters_are_refused_by_name():
    with pytest.raises(ValueError, match=r"\['V'\].*\['W'\]"):
        gradient_check(lambda p: cubic(p["W"]), {"V": np.ones(1)}, {"W": np.ones(1)})
