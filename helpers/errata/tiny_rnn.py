r"""The errata of the source derivation of notebook 05."""

import numpy as np

from helpers.errata import erratum

# A point that hides nothing: no 1, no h_0 = 0, no x_2 = 0, all five parameters different.
W, W_X, W_H, B1, B2 = 1.5, -0.8, 0.6, 0.2, -0.4
X1, X2, H0, Y1, Y2 = 0.5, -1.0, 0.3, 1.0, 0.25


def _sgm(u):
    return 1 / (1 + np.exp(-u))


H1 = _sgm(W_X * X1 + W_H * H0 + B1)
H2 = _sgm(W_X * X2 + W_H * H1 + B1)
O1, O2 = _sgm(W * H1 + B2), _sgm(W * H2 + B2)  # the predictions y'
Q1, Q2, S1, S2 = H1 * (1 - H1), H2 * (1 - H2), O1 * (1 - O1), O2 * (1 - O2)  # the slopes
# The derivatives of the errors of the two steps by each parameter.
DE1 = {"w": H1, "b2": 1.0, "w_x": W * Q1 * X1, "w_h": W * Q1 * H0, "b1": W * Q1}
DE1 = {name: (O1 - Y1) * S1 * factor for name, factor in DE1.items()}
DE2 = {
    "w": H2,
    "b2": 1.0,
    "w_x": W * Q2 * (W_H * Q1 * X1 + X2),
    "w_h": W * Q2 * (W_H * Q1 * H0 + H1),
    "b1": W * Q2 * (W_H * Q1 + 1),
}
DE2 = {name: (O2 - Y2) * S2 * factor for name, factor in DE2.items()}
MEAN = {name: (DE1[name] + DE2[name]) / 2 for name in DE1}


@erratum("S4-E1", r"$sgm(x) = \frac{1}{1 - e^{-x}}$", r"$sgm(x) = \frac{1}{1 + e^{-x}}$", taught=["wrong_sigmoid"])
def sigmoid_sign():
    """A sign in the sigmoid: as printed it has a pole at 0 and exceeds 1, and yet it passes every gradient check."""
    return 1 / (1 - np.exp(-2.0)), _sgm(2.0)


@erratum(
    "S4-E2",
    "$E_i$ is the MSE for the i-th term",
    r"$E_i$ is half the squared error of step $i$; the $\frac12$ in front of the sum is $\frac1T$ with $T = 2$",
    taught=["put_right"],
)
def not_a_mean():
    """No mean is taken within a step: the mean is the factor in front of the sum, and is over the time steps."""
    return ((Y1 - O1) ** 2 + (Y2 - O2) ** 2) / 2, (Y1 - O1) ** 2 / 2


@erratum("S4-E3", r"$dE_i / d\emptyset$", r"$\partial E_i / \partial \theta$", taught=["put_right"])
def empty_set():
    """The sign of the empty set stands for a parameter: read literally, there is nothing to differentiate by."""
    return 0.0, DE2["w_h"]


@erratum(
    "S4-E4",
    r"$\frac{dE_1}{dy'} \frac{dy'}{dh_1}$",
    r"$\frac{\partial E_1}{\partial y_1'} \frac{\partial y_1'}{\partial h_1}$",
    taught=["put_right"],
)
def lost_index():
    """The prediction has lost its index: read as the other step's, it gives another residual."""
    return O2 - Y1, O1 - Y1


@erratum(
    "S4-E5",
    r"$\frac{dE_i}{dy_i'} = \frac12 \cdot 2\,(y_i - y_i')$",
    r"$\frac{\partial E_i}{\partial y_i'} = -(y_i - y_i') = y_i' - y_i$",
    taught=["printed_sign"],
)
def residual_sign():
    """The inner derivative of the square, -1, is missing in all five sections: every gradient is negated."""
    return -DE1["w"], DE1["w"]


@erratum(
    "S4-E6",
    r"$\frac{dE_i}{d\theta} = \sum_{k=1}^{i} \ldots \frac{dh_k}{d\theta}$",
    r"$\frac{\partial E_i}{\partial \theta} = \sum_{k=1}^{i} \ldots \frac{\partial^+ h_k}{\partial \theta}$"
    r", with $h_{k-1}$ held fixed",
    taught=["two_paths", "total_or_immediate"],
)
def total_for_immediate():
    """The last factor is the immediate derivative: with the total one, the path through $h_1$ is counted twice."""
    total = Q2 * (H1 + W_H * Q1 * H0)
    return total + W_H * Q2 * Q1 * H0, total


@erratum(
    "S4-E7",
    r"the sum over $k$ holds for every parameter",
    r"it holds for $w_x, w_h, b_1$; for $w$ and $b_2$, $\frac{\partial E_i}{\partial w} = "
    r"\frac{\partial E_i}{\partial y_i'} \frac{\partial y_i'}{\partial w}$",
    taught=["total_or_immediate"],
)
def not_through_the_state():
    """$w$ and $b_2$ do not act through the state: the sum over $k$ would give zero for them."""
    return 0.0, DE2["w"]


@erratum(
    "S4-E8",
    r"$\frac{dLoss}{dw_x} = \frac12 \sum_i \frac{dE_i}{dw}$, and the same for $w_h$",
    r"$\frac12 \sum_i \frac{\partial E_i}{\partial w_x}$ and $\frac12 \sum_i \frac{\partial E_i}{\partial w_h}$",
    taught=["copied_lines"],
)
def copied_sums():
    """The sum of section 1 was copied: three different gradients would be equal."""
    return np.array([MEAN["w"], MEAN["w"]]), np.array([MEAN["w_x"], MEAN["w_h"]])


@erratum(
    "S4-E9",
    r"section 5: $\frac{dE_2}{dw_h} = \ldots$",
    r"$\frac{\partial E_2}{\partial b_1} = \ldots$",
    taught=["copied_lines"],
)
def copied_left_side():
    """The left side was copied from section 3: what stands on the right is the derivative by $b_1$."""
    return DE2["b1"], DE2["w_h"]


@erratum(
    "S4-E10",
    "no sum for $b_2$ and $b_1$",
    r"$\frac{\partial Loss}{\partial b_k} = \frac12 \big(\frac{\partial E_1}{\partial b_k} + "
    r"\frac{\partial E_2}{\partial b_k}\big)$",
    taught=["copied_lines"],
)
def missing_sums():
    """The two biases get no line for the loss: what is printed last is one step's derivative, not the mean of both."""
    return np.array([DE2["b2"], DE2["b1"]]), np.array([MEAN["b2"], MEAN["b1"]])


@erratum(
    "S4-E11",
    "$y_1 = sgm(w h_1 + b_2)$, $y_2 = \\ldots$",
    "$y_1' = sgm(w h_1 + b_2)$, $y_2' = \\ldots$",
    taught=["put_right"],
)
def targets_for_predictions():
    """The predictions are called by the targets' name: taken at its word, the loss is always zero."""
    return np.array([Y1, Y2]), np.array([O1, O2])


@erratum("S4-E12", "$y_1' = 0.867$", "$y_1' = 0.868$", taught=["put_right"])
def cut_not_rounded():
    """The number was cut off, not rounded: it is 0.867703."""
    return 0.867, round(_sgm(_sgm(2.0) + 1), 3)


@erratum(
    "S4-E13",
    "the targets $y_1, y_2$, $x_2$ and $h_2$ are never given, $w$ and $b_2$ only by what follows",
    "every number is stated before it is used",
    taught=["put_right"],
)
def never_given():
    """Without the targets the table of gradients cannot be checked: with others, all its numbers change."""
    return (O1**2 + O2**2) / 4, ((O1 - Y1) ** 2 + (O2 - Y2) ** 2) / 4


@erratum(
    "S4-E14",
    r"the five expressions for $\frac{dE_2}{d\theta}$",
    r"with the sign (S4-E5) and the left side (S4-E9) mended, all stand: brackets, indices and $\frac12 \cdot 2$",
    taught=["printed_sign", "two_paths"],
)
def brackets_stand():
    """A remark on what is right: with the sign turned, each bracket is the derivative that it should be."""
    bracket = W_H * _sgm(W_X * X1 + W_H * H0 + B1) * (1 - _sgm(W_X * X1 + W_H * H0 + B1)) * X1 + X2
    return (Y2 - O2) * S2 * W * Q2 * bracket, DE2["w_x"]


@erratum(
    "S4-E15",
    "an example with $x_2 = 0$, $h_0 = 0$ and all parameters 1",
    "an example in which no number is 0, 1 or equal to another",
    taught=["blind_spots"],
)
def coincidence():
    """In the example $h_2$ equals $y_1'$, and much more falls together: here is $dE_2/dw$ with one for the other."""
    return (O2 - Y2) * S2 * O1, DE2["w"]


@erratum(
    "S4-E16",
    "$dw_x = 0.001122$, $dw_h = 0.0020$, $db_1 = 0.00215$",
    "$db_1 = dw_x + dw_h / h_1$, which is 0.0034 with these $dw_x$ and $dw_h$",
    taught=["implied_db1"],
)
def inconsistent_table():
    """The printed gradients contradict each other, whatever the targets: at least one of the three is wrong."""
    return 0.00215, 0.001122 + 0.0020 / _sgm(2.0)


@erratum(
    "S4-E17",
    r"`\left[ … \\ … \right]` broken across lines, a stray `\end{split}`, `\emptyset`, `*` for products",
    r"`\big[ … \big]`, matched environments, $\theta$, products without a sign",
    where="5.1 The model",
    spelling=True,
)
def typesetting():
    """The formulas do not render: brackets are broken across lines, and an environment ends that never began."""
