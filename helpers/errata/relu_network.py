"""The errata of the source derivation of notebook 02."""

import numpy as np

from helpers.answers.relu_network import WORKED_EXAMPLE, Right
from helpers.errata import erratum

# A generic point: layers of 3, 2, 2 and 1 units, as in the source, and one sample; one unit of layer 1 is dead.
POINT = {
    "W1": np.array([[0.7, -1.2, 0.4], [1.1, 0.3, -0.8]]),
    "b1": np.array([[0.5], [-0.2]]),
    "W2": np.array([[0.9, 1.6], [0.3, -0.4]]),
    "b2": np.array([[-0.3], [0.8]]),
    "W3": np.array([[1.3, -0.7]]),
    "b3": np.array([[0.6]]),
}
X, Y = np.array([[1.5], [1.4], [-0.9]]), np.array([[2.0]])
SEEN, GRADS = Right().forward(POINT, X), Right().gradients(POINT, X, Y)
DELTA = Right().deltas(POINT, SEEN, Y)
SLOPE_1, SLOPE_2 = Right().relu_prime(SEEN["z1"]), Right().relu_prime(SEEN["z2"])
RESIDUAL_2 = 2 * (SEEN["y_hat"] - Y)
ONES = {name: np.ones(array.shape) for name, array in POINT.items()}


@erratum(
    "S2-E1",
    printed="$z^l = W^l z^{l-1} + b^l$",
    right="$z^l = W^l v^{l-1} + b^l$",
    taught=["network_lines"],
)
def unactivated():
    """Layers are fed with z, so that the activation is never used and the network is one linear map."""
    z = X
    for l in (1, 2, 3):
        z = POINT[f"W{l}"] @ z + POINT[f"b{l}"]
    return z, SEEN["y_hat"]


@erratum(
    "S2-E2",
    printed=r"$v^l \in \mathbb{R}^{n^{l+1}}$",
    right=r"$v^l \in \mathbb{R}^{n_l}$, with $n_0$ inputs",
    taught=["board"],
)
def sizes_counted_from_one():
    """Right only where the inputs are $n^1$ in number, which is never said; with $n_0$ of them v¹ has $n_1$ entries."""
    n = [3, 5, 4, 2]
    return n[1 + 1], n[1]


@erratum("S2-E3", printed=r"$\text{SSS}(\hat y, y)$", right=r"$\text{SSE}(\hat y, y)$", spelling=True)
def sum_of_squared_errors():
    """The sum of squared errors is misspelt; its square of a vector is short for the product that follows it."""


@erratum(
    "S2-E4",
    printed=r"$\hat y = v^3 = z_3$ beside $f_3$ in the diagram and $f = \text{ReLU}$ for all layers",
    right=r"$\hat y = v^3 = f_3(z^3) = z^3$: $f_3$ is the identity",
    taught=["board"],
)
def which_output_activation():
    """Taken at its word the output is a ReLU too, and no prediction can be negative."""
    y_hat = Right().forward(WORKED_EXAMPLE["params"], WORKED_EXAMPLE["X"])["y_hat"]
    return np.maximum(y_hat, 0), y_hat


@erratum(
    "S2-E5",
    printed=r"$2(\hat y - y) \cdot v^2 = 30 \cdot \begin{pmatrix} 7 \\ 7 \end{pmatrix}$",
    right=r"$2(\hat y - y)\,(v^2)^T = (210 \;\; 210)$",
    taught=["worked_numbers"],
)
def column_for_a_row():
    """The transpose of v² is dropped in the worked example: a column, where w³ is a row."""
    return RESIDUAL_2 * SEEN["v2"], GRADS["W3"]


@erratum(
    "S2-E6",
    printed=r"$\left[f'(w^2 v^1 + b^2) \cdot w^3 \cdot 2(\hat y - y)\right] \cdot v^1$",
    right=r"$\left[f'(z^2) \odot \left((w^3)^T\, 2(\hat y - y)\right)\right] (v^1)^T$",
    taught=["layer_2_lines"],
)
def error_times_column():
    """Two transposes and the product entry by entry are missing: these shapes cannot be multiplied."""
    return lambda: SLOPE_2 @ POINT["W3"] @ RESIDUAL_2 @ SEEN["v1"], GRADS["W2"]


@erratum(
    "S2-E7",
    printed=r"$\frac{\partial L}{\partial b^2} = \frac{\partial L}{\partial v_1} \frac{\partial v_1}{\partial b^2}$",
    right=r"$\frac{\partial L}{\partial v^2} \frac{\partial v^2}{\partial b^2}$",
    taught=["layer_2_lines"],
)
def by_way_of_layer_1():
    """v¹ does not depend on b², so that this product is zero."""
    return np.zeros_like(POINT["b2"]), GRADS["b2"]


@erratum(
    "S2-E8",
    printed=r"$\frac{\partial L}{\partial b^2} = f'(w^2 v^1 + b^2) \cdot w^3 \cdot 2(\hat y - y) \cdot 1$",
    right=r"$f'(z^2) \odot \left((w^3)^T\, 2(\hat y - y)\right)$",
    taught=["layer_2_lines"],
)
def bias_without_transpose():
    """The slope, a column, times w³, a row, is a matrix and no longer the error of two units."""
    return SLOPE_2 @ POINT["W3"] * RESIDUAL_2, GRADS["b2"]


@erratum(
    "S2-E9",
    printed=r"$\left[f'(w^1 x + b^1) \cdot w^2 [\dots]\right] \cdot x^T$, and without $x^T$ for $b_1$",
    right=r"$\left[f'(z^1) \odot \left((w^2)^T \delta^2\right)\right] x^T$",
    taught=["layer_1_lines"],
)
def weights_not_transposed():
    """On the way back w² has to be transposed, and the slope multiplies entry by entry."""
    return SLOPE_1 * (POINT["W2"] @ DELTA[2]) @ X.T, GRADS["W1"]


@erratum(
    "S2-E10",
    printed=r"$w^2 [\dots] \cdot \frac{\partial f(w^1 x + b^1)}{\partial w^1}$",
    right=r"$\sum_j \left((w^2)^T \delta^2\right)_j \frac{\partial f(w^1 x + b^1)_j}{\partial w^1}$",
    taught=["layer_1_lines", "board"],
)
def matrix_times_three_indices():
    """The last factor has three indices: the order of these factors is not that of a matrix product."""
    dv_dw = np.einsum("jn,ji,kn->jik", SLOPE_1, np.eye(2), X).reshape(2, 6)  # row j: dv_j by all entries of w
    return lambda: POINT["W2"] @ DELTA[2] @ dv_dw, GRADS["W1"]


@erratum(
    "S2-E11",
    printed="$g_i(h, w_i)$ and $h_i$ in the first diagram; $v_1$, $w_1$, $b_1$ beside $v^1$, $w^1$, $b^1$",
    right="$h_l = v^l$, $g_l(h, w) = f_l(w h + b^l)$, and the layer always above",
    taught=["board"],
)
def index_up_and_down():
    """One layer is written with its number above and below; read as an entry, $v_1$ is the first number of v."""
    return SEEN["v1"][0], SEEN["v1"][:, 0]


@erratum(
    "S2-E12",
    printed=r"$\frac{\partial v^2}{\partial w^2} = (v^1)^T$, in effect",
    right=r"$\frac{\partial z^2_i}{\partial w^2_{kj}} = v^1_j$ where $i = k$, else 0: three indices",
    taught=["board"],
)
def three_indices():
    """The derivative of a vector by a matrix has three indices; the row is what is left after the product with δ."""
    full = np.einsum("ik,jn->ikj", np.eye(2), SEEN["v1"])
    return SEEN["v1"].T, full


@erratum(
    "S2-E13", printed=r"$b^i = \underline{1}^T$", right=r"$b^i = \underline{1}$, a column", taught=["worked_numbers"]
)
def bias_as_a_row():
    """A row of ones added to a column gives a matrix."""
    column = ONES["W1"] @ X
    return column + ONES["b1"].T, column + ONES["b1"]


@erratum(
    "S2-E14",
    printed=r"$w^i = \underline{1}^{n \times n}$",
    right=r"$w^i = \underline{1}^{n_i \times n_{i-1}}$",
    taught=["worked_numbers"],
)
def square_weights():
    """With two units and three inputs w¹ is not square."""
    return lambda: np.ones((2, 2)) @ X, ONES["W1"] @ X


@erratum(
    "S2-E15",
    printed=r"$f'\left(\begin{pmatrix} 2 \\ 3 \end{pmatrix}\right)$",
    right=r"$f'\left(\begin{pmatrix} 7 \\ 7 \end{pmatrix}\right)$",
    taught=["worked_numbers"],
)
def slope_at_another_point():
    """The slope is taken at z², which is (7, 7); at both points it is (1, 1), so that nothing tells."""
    x = np.array([[1.0], [2.0], [-1.0]])
    return np.array([[2.0], [3.0]]), Right().forward(ONES, x)["z2"]


@erratum(
    "S2-E16",
    printed="$f'(w^2 v^1 + b^1)$, four times",
    right="$f'(w^2 v^1 + b^2)$",
    taught=["worked_numbers"],
)
def another_layers_bias():
    """The bias of layer 1 stands in the z of layer 2; both are ones, so that nothing tells."""
    return POINT["W2"] @ SEEN["v1"] + POINT["b1"], SEEN["z2"]


@erratum(
    "S2-E17",
    printed=r"$\begin{pmatrix} 30 \\ 30 \end{pmatrix} \cdot \begin{bmatrix} 3 \\ 3 \end{bmatrix}$",
    right=r"$\begin{pmatrix} 30 \\ 30 \end{pmatrix} (3 \;\; 3)$",
    taught=["worked_numbers"],
)
def column_times_column():
    """A column times a column cannot be multiplied; the result that is printed belongs to a column times a row."""
    return lambda: DELTA[2] @ SEEN["v1"], GRADS["W2"]


@erratum(
    "S2-E18",
    printed=(
        r"$\begin{pmatrix} 60 \\ 60 \end{pmatrix} \cdot "
        r"\begin{pmatrix} 1 & 2 & -1 \\ 1 & 2 & -1 \end{pmatrix}$"
    ),
    right=r"$\begin{pmatrix} 60 \\ 60 \end{pmatrix} (1 \;\; 2 \;\; {-1})$",
    taught=["worked_numbers"],
)
def column_times_two_rows():
    """A column times a matrix of two rows cannot be multiplied: $x^T$ is one row."""
    return lambda: DELTA[1] @ np.vstack([X.T, X.T]), GRADS["W1"]


@erratum(
    "S2-E19",
    printed=r"$f' \circ w^3 \cdot 2(\hat y - y)$ with $w^3 = \begin{pmatrix} 1 \\ 1 \end{pmatrix}$",
    right=r"$f' \circ (w^3)^T \cdot 2(\hat y - y)$",
    taught=["worked_numbers"],
)
def column_called_w3():
    """w³ is a row; the column that stands there is its transpose, and numpy makes a matrix of a column times a row."""
    return SLOPE_2 * POINT["W3"] * RESIDUAL_2, DELTA[2]


@erratum(
    "S2-E20",
    printed=r"$\left\vert \dots \right\vert_{(x, y, w, b)}$",
    right=r"$\left. \dots \right\vert_{(x, y, w, b)}$, evaluated there",
    taught=["board"],
)
def bars_on_both_sides():
    """Bars on both sides are an absolute value; evaluated at a point is meant."""
    return np.abs(GRADS["W1"]), GRADS["W1"]


@erratum(
    "S2-E21",
    printed="$f = \\text{ReLU}$, and $f'$ without a word on 0",
    right="$f'(0) = 0$, a choice",
    taught=["board"],
)
def slope_at_the_kink():
    """At z = 0 the ReLU has no derivative: a central difference gives ½ there, this course takes 0."""
    h = 1e-6
    return (max(h, 0) - max(-h, 0)) / (2 * h), Right().relu_prime(np.array(0.0))
