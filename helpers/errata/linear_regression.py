"""The errata of the source derivation of notebook 01."""

import numpy as np

from helpers.answers.linear_regression import WORKED_EXAMPLE, Right
from helpers.errata import erratum

W, X, y = (part.astype(float) for part in WORKED_EXAMPLE.values())
d, N = X.shape[0] - 1, X.shape[1]
right = Right()
r = right.residual(W, X, y)
products = X * r  # row j, column i: x_j^(i) r^(i)


@erratum(
    "S1-E1",
    printed=r"$cost_{total} = \sum_i cost(out^{(i)} - y^{(i)})$",
    right=r"$\sum_i cost(out^{(i)}, y^{(i)})$",
    taught=["cost_of_what"],
)
def cost_of_a_difference():
    """The cost is a function of out and y; with their difference in the place of out, y is taken off twice."""
    return np.sum((r - y) ** 2), right.total_cost(W, X, y)


@erratum(
    "S1-E2",
    printed=r"$out = \sum_i W^{(1,i,1)} x_i$, then $\sum_i (out^{(i)} - y^{(i)})^2$",
    right=r"$out = \sum_j W^{(1,j,1)} x_j$, then $\sum_i (out^{(i)} - y^{(i)})^2$",
    taught=["loose_ends"],
)
def one_index_for_two_things():
    """The index i counts features in the one sum and samples in the other."""
    return lambda: W.T @ X[1], right.predict(W, X)[0, 1]  # as samples: a weight for each of the N samples


@erratum(
    "S1-E3",
    printed=r"$\frac{\partial cost_{total}}{\partial W^{(1,j,1)}} = "
    r"\sum_i 2x_j^{(i)}(\sum_j W^{(1,j,1)} x_j^{(i)} - y^{(i)})$",
    right=r"$\sum_i 2x_j^{(i)}(\sum_k W^{(1,k,1)} x_k^{(i)} - y^{(i)})$",
    taught=["clashing_index"],
)
def free_and_bound():
    """The letter j is the weight that is differentiated by, which is fixed, and the index of the sum inside."""
    return 2 * np.sum(X * (W * X - y), axis=1, keepdims=True), right.gradient(W, X, y)


@erratum(
    "S1-E4",
    printed=r"$\dots - y^{(i)}) = \\ = 2 \sum_i \dots$",
    right=r"$\dots - y^{(i)}) \\ = 2 \sum_i \dots$",
    spelling=True,
)
def doubled_sign():
    """The equals sign stands at the end of a line and again at the beginning of the next."""


@erratum(
    "S1-E5",
    printed=r"row 1: $x_j^{(i)}(W^T x^{(i)} - y^{(i)})$; row $j$: $x_j^{(i)}(W^T x_j^{(i)} - y^{(i)})$",
    right=r"row 1: $x_1^{(i)}(W^T x^{(i)} - y^{(i)})$; row $j$: $x_j^{(i)}(W^T x^{(i)} - y^{(i)})$",
    taught=["wrong_entries"],
)
def two_wrong_entries():
    """The row of feature 1 holds the feature j, and in row j a number stands where W meets a whole sample."""
    j, i = 2, 1
    printed = {"row 1": X[j, i] * r[0, i], "row j": X[j, i] * (W.T * X[j, i] - y[0, i])}
    return printed, {"row 1": products[1, i], "row j": products[j, i]}


@erratum(
    "S1-E6",
    printed=r"$* \begin{bmatrix} x_1^{(1)} & \dots & x_j^{(i)} & \dots \\ \dots \\ "
    r"x_1^{(1)} & \dots & x_j^{(i)} & \dots \end{bmatrix}$",
    right=r"$* \begin{bmatrix} x_1^{(1)} & \dots & x_1^{(i)} & \dots \\ \dots \\ "
    r"x_j^{(1)} & \dots & x_j^{(i)} & \dots \end{bmatrix}$",
    taught=["repeated_row"],
)
def the_same_row_in_every_row():
    """Each row of the matrix of features is the same; row j must hold feature j."""
    return 2 * np.sum(r * np.repeat(X[[1]], d + 1, axis=0), axis=1), 2 * np.sum(products, axis=1)


@erratum(
    "S1-E7",
    printed=r"$2\,sum(\dots, 1) = sum((W^T x - y) * [\dots], 1)$, and at the end $x(W^T x - y)$",
    right=r"$2\,sum((W^T x - y) * [\dots], 1)$, and at the end $2x(W^T x - y)^T$",
    taught=["lost_factor"],
)
def lost_two():
    """The 2 that comes down from the square is lost between two lines: the result is half of the gradient."""
    return np.sum(products, axis=1, keepdims=True), right.gradient(W, X, y)


@erratum(
    "S1-E8",
    printed=r"$x(W^T x - y)$, with $(W^T x - y)$ written as a column",
    right=r"$2\,x\,(W^T x - y)^T$",
    taught=["lost_factor"],
)
def row_for_column():
    """With samples as columns the residuals are a row, and x times a row cannot be formed: a transpose is missing."""
    return lambda: X @ r, right.gradient(W, X, y)


@erratum(
    "S1-E9",
    printed=r"$\frac{\partial cost_{total}}{\partial W^{(1,j,1)}} = x(W^T x - y)$",
    right=r"$\frac{\partial cost_{total}}{\partial W^{(1,*,1)}} = \dots$",
    taught=["loose_ends"],
)
def number_for_column():
    """On the left stands the derivative by one weight, a number, and on the right the whole column."""
    return right.gradient_entry(W, X, y, 1), right.gradient(W, X, y)


@erratum(
    "S1-E10",
    printed=r"$sum(\cdot, 1)$",
    right=r"the sum along each row, over the samples: `np.sum(A, axis=1)`",
    taught=["repeated_row"],
)
def which_sum():
    """Whether 1 stands for adding up rows, as in numpy, or columns, as in MATLAB, is not said."""
    return 2 * np.sum(products, axis=0), 2 * np.sum(products, axis=1)


@erratum(
    "S1-E11",
    printed=r"$x = \begin{bmatrix} x_1^{(1)} & x_1^{(2)} & \dots \\ x_2^{(1)} & x_2^{(2)} & \dots \\ "
    r"\dots \end{bmatrix}$",
    right=r"$x = \begin{bmatrix} 1 & 1 & \dots \\ x_1^{(1)} & x_1^{(2)} & \dots \\ \dots \end{bmatrix}$",
    taught=["repeated_row"],
)
def missing_row():
    """The row of ones is missing, so the bias, which the notes count as a weight, gets no gradient."""
    return 2 * X[1:] @ r.T, right.gradient(W, X, y)


@erratum(
    "S1-E12",
    printed=r"$\frac{\partial out}{\partial sum} = 1$, and $sum(\cdot, 1)$ further down",
    right=r"$\frac{\partial out}{\partial z} = 1$, with $z = \sum_j W^{(1,j,1)} x_j$",
    taught=["loose_ends"],
)
def one_word_for_two_things():
    """The pre-activation is called sum and never defined, and sum is the name of a function as well."""
    return np.sum(X, axis=1), right.predict(W, X)  # out as the function of the same name would give it


@erratum(
    "S1-E13",
    printed=r"$cost_{total} = \sum_i \dots$, called the total cost, without a word on the number of samples",
    right=r"the same, and the remark: twice the samples, twice the gradient; not $\frac1N \sum_i$",
    taught=["loose_ends"],
)
def sum_or_mean():
    """This cost is a sum, and so its gradient grows with the number of samples; who expects a mean is off by N."""
    return right.gradient(W, X, y) / N, right.gradient(W, X, y)


@erratum(
    "S1-E14",
    printed=r"$\begin{bmatrix} \dots & \dots & \dots & \ddots & \vdots \\ & & \dots \end{bmatrix}$",
    right="rows of the same length, and dots only where entries are left out",
    spelling=True,
)
def ragged_matrices():
    """The matrices have rows of different lengths, and dots in rows below the last feature."""
