"""Verify a displayed equation where it stands: change a sign in the cell and watch it fail."""

import numpy as np


def verify(number, left, right):
    """Show that equation ``number`` holds: both sides equal, exactly for sympy, to 1e-9 for numbers.

    Raises AssertionError, with the difference, when they are not.
    """
    import sympy

    if isinstance(left, sympy.Basic | sympy.MatrixBase) or isinstance(right, sympy.Basic | sympy.MatrixBase):
        difference = _symbolic_difference(sympy, left, right)
        how = "for all values, symbolically"
    else:
        difference = _numeric_difference(left, right)
        how = "at these numbers"
    if difference is not None:
        raise AssertionError(f"({number}) does not hold: the two sides differ by {difference}")
    print(f"({number}) holds, {how}")


def _symbolic_difference(sympy, left, right):
    """Return left - right simplified, or None where that is zero."""
    left, right = sympy.sympify(left), sympy.sympify(right)
    if getattr(left, "shape", ()) != getattr(right, "shape", ()):
        return f"their shapes: {left.shape} and {right.shape}"
    difference = (
        (left - right).applyfunc(sympy.simplify) if hasattr(left, "applyfunc") else sympy.simplify(left - right)
    )
    return difference if any(entry != 0 for entry in np.ravel(difference)) else None


def _numeric_difference(left, right):
    """Return the largest entry of left - right, or None where that is nothing next to the entries."""
    left, right = np.asarray(left, float), np.asarray(right, float)
    if left.shape != right.shape:
        return f"their shapes: {left.shape} and {right.shape}"
    largest = float(np.max(np.abs(left - right), initial=0))
    return None if largest <= 1e-9 * np.max(np.abs(right), initial=0) else largest
