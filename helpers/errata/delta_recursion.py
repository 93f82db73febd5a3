r"""The errata of the source derivation of notebook 04.

The values are those of its net, 2-3-2 units with tanh, at one sample, or three for what adds up samples; the notes
count the input as layer 1, and so do the letters here.
"""

import numpy as np

from helpers.activations import tanh, tanh_prime
from helpers.errata import erratum

rng = np.random.default_rng(4)
W3, b3 = rng.uniform(-1, 1, (2, 3)), rng.uniform(-1, 1, (2, 1))
A2 = rng.uniform(-1, 1, (3, 3))  # a^(2), a column for each of three samples
Y = rng.uniform(-1, 1, (2, 3))
Z3 = W3 @ A2 + b3
A3 = tanh(Z3)
DELTA3 = (A3 - Y) * tanh_prime(Z3)
Z2, A1 = np.arctanh(A2), rng.uniform(-1, 1, (4, 3))  # four inputs: the notes do not say how many
a1, a2, z2, a3, z3, y, delta3 = (array[:, :1] for array in (A1, A2, Z2, A3, Z3, Y, DELTA3))
delta2 = (W3.T @ delta3) * tanh_prime(z2)
r = y - a3


@erratum(
    "S3-E1",
    r"$E_{(i)} = \frac12 \lVert y^{(i)} - o^{(i)} \rVert = \frac12 \sum_k (y_k^{(i)} - o_k^{(i)})^2$",
    r"$E_{(i)} = \frac12 \lVert y^{(i)} - o^{(i)} \rVert^2$",
    taught=("missing_square", "total_error"),
)
def square():
    """The length of the residual is not squared; the sum that follows is."""
    return np.linalg.norm(r) / 2, np.sum(r**2) / 2


@erratum(
    "S3-E2",
    r"LOSS function (Ordinary Least Squares); the coefficient is unnecessary",
    r"half the squared error; the $\frac12$ rescales every gradient, and moves no minimum",
    taught=("missing_square",),
)
def coefficient():
    """The ½ cancels the 2 of the square: without it every gradient doubles. Least squares is a method, not a loss."""
    return 2 * (a3 - y), a3 - y


@erratum(
    "S3-E3",
    r"$N_L = Z$; Eci); $n_-$; good, aquiring, bicuses, humber, neure, loyer, lower, clerivatives, Bortch",
    r"$n_L = 2$; $E_{(i)}$; $n_l$; goal, acquiring, biases, number, neuron, layer, layer, derivatives, Batch",
    where="4.2 Letters and shapes",
    spelling=True,
)
def words():
    """Misread letters and words."""


@erratum(
    "S3-E4",
    r"$\alpha, Q, \Omega, x$; $S, \int, \mathcal G, O$",
    r"$a$; $\delta$",
    where="4.6 From deltas to gradients",
    spelling=True,
)
def letters():
    """Four signs for the activation and four for delta, as the scan read them."""


@erratum("S3-E5", r"$y_1^{(3)}$", r"$y_1^{(i)}$", taught=("right_letters",))
def raised_index():
    """The raised brackets of a target name its sample; read as it stands, every sample gets the target of sample 3."""
    return Y[0, 2], Y[0, 0]


@erratum(
    "S3-E6",
    r"$+\frac12 (y_2^{(1)} - f(w_{21}^{(3)} a_1^{(2)} + w_{21}^{(3)} a_2^{(2)} + w_{23}^{(3)} a_3^{(2)} "
    r"+ b_2^{(3)})^2$",
    r"$\frac12 (y_1^{(i)} - f(w_{11}^{(3)} a_1^{(2)} + \dots + b_1^{(3)}))^2 "
    r"+ \frac12 (y_2^{(i)} - f(w_{21}^{(3)} a_1^{(2)} + w_{22}^{(3)} a_2^{(2)} + w_{23}^{(3)} a_3^{(2)} "
    r"+ b_2^{(3)}))^2$",
    taught=("lost_term",),
)
def expansion():
    """The first term is lost, and in the second one weight stands twice."""
    z = W3[1, 0] * (a2[0, 0] + a2[1, 0]) + W3[1, 2] * a2[2, 0] + b3[1, 0]
    return (y[1, 0] - np.tanh(z)) ** 2 / 2, np.sum(r**2) / 2


@erratum(
    "S3-E7",
    r"Etotal = 1 & Eci)",
    r"$E_{total} = \frac1N \sum_{i=1}^N E_{(i)}$",
    taught=("missing_square", "total_error"),
)
def mean():
    """The N under the 1 is lost: a sum where a mean is meant, as the descent at the end of the notes shows."""
    return np.sum((A3 - Y) ** 2) / 2, np.mean(np.sum((A3 - Y) ** 2, axis=0)) / 2


@erratum(
    "S3-E8",
    r"$[1 + (y_1^{(3)} - a_1^{(3)})^2 + \frac12 (y_2^{(3)} - a_2^{(3)})^2]$; $2x^{\frac12}$",
    r"$[\frac12 (y_1^{(i)} - a_1^{(3)})^2 + \frac12 (y_2^{(i)} - a_2^{(3)})^2]$; $2 \times \frac12$",
    taught=("lost_prime",),
)
def bracket():
    """A ½ is read as 1 +, and a times sign as x."""
    return 1 + r[0, 0] ** 2 + r[1, 0] ** 2 / 2, np.sum(r**2) / 2


@erratum(
    "S3-E9",
    r"$\partial E / \partial W_1^{(3)}$, $\partial w_1^{(3)}$",
    r"$\partial E / \partial w_{11}^{(3)}$",
    taught=("right_letters",),
)
def second_subscript():
    """A subscript is lost: read as it stands, the derivative is by the whole first row, all its weights moved alike."""
    return np.sum(delta3[0, 0] * a2), delta3[0, 0] * a2[0, 0]


@erratum(
    "S3-E10",
    r"$\delta_1^{(3)} = -(y_1 - a_1)\, f(z_1)$, and four times more",
    r"$\delta_1^{(3)} = -(y_1 - a_1)\, f'(z_1)$",
    taught=("lost_prime", "output_gradient", "output_delta"),
)
def prime():
    """The activation stands where its slope belongs; the vector form right below has it right."""
    return -r[0, 0] * np.tanh(z3[0, 0]), delta3[0, 0]


@erratum(
    "S3-E11",
    r"$\lim_{z \to 0} z_1^{(l)} = w_{11}^{(l)} a_1^{(2)} + w_{12}^{(l)} a_2^{(2)} + w_{13}^{(3)} a_3^{(2)} "
    r"+ b_1^{(3)}$",
    r"$\because z_1^{(3)} = w_{11}^{(3)} a_1^{(2)} + w_{12}^{(3)} a_2^{(2)} + w_{13}^{(3)} a_3^{(2)} + b_1^{(3)}$",
    taught=("right_letters",),
)
def because():
    """The sign for because is read as a limit, which would be 0, and a 3 as an l."""
    return 0.0, z3[0, 0]


@erratum(
    "S3-E12",
    r"$\frac{\partial E}{\partial w_{11}^{(3)}} = \frac{\partial E}{\partial z_{13}^{(3)}} "
    r"\frac{\partial z_1^{(3)}}{\partial w_{13}^{(3)}} = \delta_1^{(3)} a_1^{(2)}$",
    r"$\frac{\partial E}{\partial w_{11}^{(3)}} = \frac{\partial E}{\partial z_1^{(3)}} "
    r"\frac{\partial z_1^{(3)}}{\partial w_{11}^{(3)}} = \delta_1^{(3)} a_1^{(2)}$",
    taught=("output_gradient",),
)
def through_w13():
    """The middle differentiates by another weight, whose factor would be another activation."""
    return delta3[0, 0] * a2[2, 0], delta3[0, 0] * a2[0, 0]


@erratum(
    "S3-E13",
    r"$\delta_2^{(3)} = -(y_2^{(3)} - x_1^{(3)})\, f'(z_2^{(3)})$",
    r"$\delta_2^{(3)} = -(y_2^{(i)} - a_2^{(3)})\, f'(z_2^{(3)})$",
    taught=("output_gradient",),
)
def other_output():
    """The target of one output is compared with the activation of the other."""
    return -(y[1, 0] - a3[0, 0]) * tanh_prime(z3[1, 0]), delta3[1, 0]


@erratum(
    "S3-E14",
    r"$\frac{\partial E}{\partial W_{(3)}} = \delta_{(3)}^{(3)} a_{(2)}^{(2)}$, "
    r"$\frac{\partial E}{\partial W_{(3)}} = \delta_{(3)}^{(3)} a_{(3)}^{(2)}$",
    r"$\frac{\partial E}{\partial w_{12}^{(3)}} = \delta_1^{(3)} a_2^{(2)}$, "
    r"$\frac{\partial E}{\partial w_{13}^{(3)}} = \delta_1^{(3)} a_3^{(2)}$",
    taught=("output_gradient",),
)
def no_third_output():
    """There are two outputs, so there is no third delta; both are read as one and the same derivative."""
    return lambda: _entry(delta3, 3) * a2[1, 0], delta3[0, 0] * a2[1, 0]


@erratum(
    "S3-E15",
    r"$\frac{\partial E}{\partial w_{13}^{(3)}} = \delta_2^{(3)} a_1^{(2)}$, $w_{22}^{(5)}$, $w_{23}^{(2)}$",
    r"$\frac{\partial E}{\partial w_{21}^{(3)}} = \delta_2^{(3)} a_1^{(2)}$, $w_{22}^{(3)}$, $w_{23}^{(3)}$",
    taught=("output_gradient",),
)
def not_w13():
    """The weight of the first gradient leads to the second output; as printed, its value is another one."""
    return delta3[1, 0] * a2[0, 0], delta3[0, 0] * a2[2, 0]


@erratum(
    "S3-E16",
    r"$\frac{\partial E}{\partial w_{ij}^{(l)}} = \delta_i^{(l)} a_i^{(l-1)}$",
    r"$\frac{\partial E}{\partial w_{ij}^{(l)}} = \delta_i^{(l)} a_j^{(l-1)}$",
    taught=("hidden_lines", "backprop"),
)
def second_index():
    """What comes in has the index of the unit it comes from; as printed, every row of the gradient is constant."""
    return np.repeat(delta2 * a1[:3], 4, axis=1), delta2 @ a1.T


@erratum(
    "S3-E17",
    r"$\delta_i^{(l)} = \sum_{j=1}^{l} \frac{\partial E}{\partial z_j^{(l+1)}} \frac{\partial E}{\partial z_i^{(l+1)}} "
    r"\frac{\partial z_i^{(l+1)}}{\partial z_i^{(l+1)}}$",
    r"$\delta_i^{(l)} = \sum_{j=1}^{n_{l+1}} \frac{\partial E}{\partial z_j^{(l+1)}} "
    r"\frac{\partial z_j^{(l+1)}}{\partial z_i^{(l)}} "
    r"= \sum_{j=1}^{n_{l+1}} \delta_j^{(l+1)} w_{ji}^{(l+1)} f'(z_i^{(l)})$",
    taught=("hidden_lines",),
)
def limit_of_the_sum():
    """The sum runs to the layer's number, not to its units', and E is differentiated twice."""
    return sum(delta3[j, 0] * delta3[0, 0] for j in range(2)), delta2[0, 0]


@erratum(
    "S3-E18",
    r"$\delta_i^{(b)} - (\sum_{i=1}^n \delta_j^{(b+1)} w_{ji}^{(b+1)})\, f'(z_i^{(b)})$",
    r"$\delta_i^{(l)} = (\sum_{j=1}^{n_{l+1}} \delta_j^{(l+1)} w_{ji}^{(l+1)})\, f'(z_i^{(l)})$",
    taught=("hidden_lines", "hidden_delta"),
)
def minus():
    """An equals sign is read as a minus, and the sum runs over the wrong index: coded so, every other layer is
    negated."""
    return -delta2, delta2


@erratum(
    "S3-E19",
    r"$\delta^{(b)} = ((W^{(b+1)})^T \delta^{(b+1)}) \circ f'(z_i^{(b)})$",
    r"$\delta^{(l)} = ((W^{(l+1)})^T \delta^{(l+1)}) \odot f'(z^{(l)})$",
    taught=("hidden_lines", "hidden_delta"),
)
def one_slope():
    """An index is left over in the vector form: with it, all units would share the slope of one."""
    return (W3.T @ delta3) * tanh_prime(z2[0, 0]), delta2


@erratum(
    "S3-E20",
    r"the $\delta^{(l+1)}$ in layer $L+1$ is calculated by $\delta^{(l)}$ in layer $l$",
    r"$\delta^{(l)}$ is calculated from $\delta^{(l+1)}$",
    taught=("order",),
)
def backwards():
    """The statement is reversed: the delta of a layer comes from the one after it, which is why it goes back."""
    return np.array([1, 2]), np.array([2, 1])


@erratum(
    "S3-E21",
    r"$\frac{\partial b_i^{(l)}}{\partial E} = \frac{\partial z_i^{(l)}}{\partial E} "
    r"\frac{\partial b_i^{(l)}}{\partial z_i^{(l)}}$, its letters misread",
    r"$\frac{\partial E}{\partial b_i^{(l)}} = \frac{\partial E}{\partial z_i^{(l)}} "
    r"\frac{\partial z_i^{(l)}}{\partial b_i^{(l)}} = \delta_i^{(l)}$",
    taught=("batch_step",),
)
def upside_down():
    """Every fraction stands on its head."""
    return 1 / delta3, delta3


@erratum(
    "S3-E22",
    r"$W^{(i)} = W^{(i)} - \frac hN \sum \frac{\partial E_{(i)}}{\partial W^{(i)}}$, "
    r"$b^{(l)} = b^{(l)} - \frac MN \sum \frac{\partial E_{(l)}}{\partial L_{(l)}}$",
    r"$W^{(l)} \leftarrow W^{(l)} - \frac\eta N \sum_{i=1}^N \frac{\partial E_{(i)}}{\partial W^{(l)}}$, "
    r"$b^{(l)} \leftarrow b^{(l)} - \frac\eta N \sum_{i=1}^N \frac{\partial E_{(i)}}{\partial b^{(l)}}$",
    taught=("batch_step", "gradient_descent_step"),
)
def layers_and_samples():
    """One letter for samples and layers, so that the gradients of different layers, of unlike shapes, are added up."""
    gradients = [delta2 @ a1.T, delta3 @ a2.T]
    return lambda: W3 - 0.1 / 3 * sum(gradients), W3 - 0.1 / 3 * DELTA3 @ A2.T


@erratum(
    "S3-E23",
    r"$L$, the number of layers; $\nabla_w \omega E$",
    r"$L$ counts the input too, so there are $L - 1$ weight matrices; $\nabla_{W^{(L)}} E$",
    taught=("right_letters",),
)
def counting():
    """Layers are counted with the input among them: taken for the number of weight matrices, L is one too many."""
    return 3, 2


def _entry(column, number):
    """Return an entry of a column, counted from 1; raises ValueError where it has not so many."""
    if number > len(column):
        raise ValueError(f"a column of {len(column)} has no entry {number}")
    return column[number - 1, 0]
