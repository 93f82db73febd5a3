"""Right answers that look different pass: loops, einsum, integers, single precision, views, lists."""

import numpy as np
import pytest

from helpers import check

ROOM = "01-linear-regression"


def by_entries(W, X, y):
    dW = np.zeros(W.shape)
    for i in range(X.shape[1]):
        residual = sum(W[k, 0] * X[k, i] for k in range(len(W))) - y[0, i]
        for j in range(len(W)):
            dW[j, 0] += 2 * residual * X[j, i]
    return dW


def by_samples(W, X, y):
    return sum(2 * (W[:, 0] @ x - t) * x[:, None] for x, t in zip(X.T, y[0], strict=True))


def by_rows(W, X, y):
    """The other convention inside, ours outside."""
    A, t = X.T, y.T
    return 2 * A.T @ (A @ W - t)


def by_view(W, X, y):
    return (2 * (W.T @ X - y) @ X.T).T


def by_difference(W, X, y):
    """Two lines of algebra: 2 X X^T W - 2 X y^T."""
    return 2 * (X @ X.T) @ W - 2 * X @ y.T


def fortran(W, X, y):
    return np.asfortranarray(by_rows(W, X, y))


GRADIENTS = {
    "matrices": lambda W, X, y: 2 * X @ (W.T @ X - y).T,
    "two signs": lambda W, X, y: -2 * X @ (y - W.T @ X).T,
    "einsum": lambda W, X, y: 2 * np.einsum("ji,oi->jo", X, np.einsum("jo,ji->oi", W, X) - y),
    "sum and keepdims": lambda W, X, y: np.sum(2 * X * (W.T @ X - y), axis=1, keepdims=True),
    "mean times N": lambda W, X, y: 2 * X.shape[1] * np.mean(X * (W.T @ X - y), axis=1)[:, None],
    "dot": lambda W, X, y: np.dot(X, np.subtract(np.dot(W.T, X), y).T).dot(2),
    "loops": by_entries,
    "samples": by_samples,
    "rows inside": by_rows,
    "a transposed view": by_view,
    "multiplied out": by_difference,
    "Fortran order": fortran,
    "nested lists": lambda W, X, y: by_rows(W, X, y).tolist(),
    "a tuple of rows": lambda W, X, y: tuple(map(tuple, by_rows(W, X, y))),
    "single precision": lambda W, X, y: by_rows(*(A.astype(np.float32) for A in (W, X, y))),
    "extended precision": lambda W, X, y: by_rows(*(A.astype(np.longdouble) for A in (W, X, y))),
    "np.matrix": lambda W, X, y: np.asmatrix(by_rows(W, X, y)),
    "read-only": lambda W, X, y: np.broadcast_to(by_rows(W, X, y), W.shape),
    "default arguments": lambda W, X, y, scale=2.0: scale * X @ (W.T @ X - y).T,
    "positional": lambda *a: by_rows(*a),
    "keywords": lambda **a: by_rows(**a),
    "a closure": (lambda factor: lambda W, X, y: factor * X @ (W.T @ X - y).T)(2),
}

COSTS = {
    "numpy scalar": lambda W, X, y: np.sum((W.T @ X - y) ** 2),
    "python float": lambda W, X, y: float(np.sum((W.T @ X - y) ** 2)),
    "norm": lambda W, X, y: np.linalg.norm(W.T @ X - y) ** 2,
    "dot": lambda W, X, y: (W.T @ X - y)[0] @ (W.T @ X - y)[0],
    "a loop": lambda W, X, y: sum((W[:, 0] @ X[:, i] - y[0, i]) ** 2 for i in range(X.shape[1])),
    "zero-dimensional": lambda W, X, y: np.array(np.sum((W.T @ X - y) ** 2)),
    "trace": lambda W, X, y: np.trace((W.T @ X - y).T @ (W.T @ X - y)),
    "the other order": lambda W, X, y: np.sum(np.square(y - W.T @ X)),
}


@pytest.mark.parametrize("answer", GRADIENTS.values(), ids=GRADIENTS)
def test_a_right_gradient_passes(answer):
    verdict = check(ROOM, "gradient", answer)
    assert verdict.passed, str(verdict)


@pytest.mark.parametrize("answer", COSTS.values(), ids=COSTS)
def test_a_right_cost_passes(answer):
    verdict = check(ROOM, "total_cost", answer)
    assert verdict.passed, str(verdict)


CONVENTIONS = {
    "flat": lambda W, X, y: by_rows(W, X, y).ravel(),
    "a row": lambda W, X, y: by_rows(W, X, y).T,
    "flat list": lambda W, X, y: list(by_rows(W, X, y)[:, 0]),
}


@pytest.mark.parametrize("answer", CONVENTIONS.values(), ids=CONVENTIONS)
def test_right_numbers_in_another_layout_are_called_so(answer):
    verdict = check(ROOM, "gradient", answer)
    assert verdict.state == "right in another convention", str(verdict)
    assert "shape" in verdict.message or "transposed" in verdict.message


def test_a_cost_in_an_array_of_one_is_another_convention():
    assert (
        check(ROOM, "total_cost", lambda W, X, y: (W.T @ X - y) @ (W.T @ X - y).T).state
        == "right in another convention"
    )


def test_a_mistake_in_another_layout_is_still_named():
    verdict = check(ROOM, "gradient", lambda W, X, y: (by_rows(W, X, y) / 2).ravel())
    assert verdict.mistake == "half"
    assert not verdict.passed
