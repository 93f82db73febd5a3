r"""The errata of the source derivation of notebook 03."""

import numpy as np

from helpers.errata import erratum

# A generic point: 2 inputs, 3 and 2 tanh units, 2 outputs, 3 samples; the probe of the derivation.
W1, B1 = np.array([[-0.12, -0.19], [0.48, -0.72], [0.9, -0.99]]), np.array([[-0.51], [0.23], [0.07]])
W2, B2 = np.array([[-0.82, 0.61, -0.34], [0.04, 0.26, -0.54]]), np.array([[-0.98], [0.88]])
W3, B3 = np.array([[-0.97, 1.0], [-0.93, 0.78]]), np.array([[-0.79], [0.94]])
X = np.array([[0.94, -0.78, 0.56], [-0.28, -0.02, 0.32]])
Y = np.array([[1.0, -0.97, 0.85], [-0.65, 0.39, -0.1]])
ALPHA = 0.1

I1 = W1 @ X + B1
H1 = np.tanh(I1)
I2 = W2 @ H1 + B2
H2 = np.tanh(I2)
O = W3 @ H2 + B3
L = np.sqrt(np.sum((O - Y) ** 2) / 3)
DO = (O - Y) / (3 * L)
DH2 = W3.T @ DO
DI2 = DH2 * (1 - H2**2)
DI1 = (W2.T @ DI2) * (1 - H1**2)
DATA = {
    "W3": DO @ H2.T,
    "b3": DO.sum(axis=1, keepdims=True),
    "W2": DI2 @ H1.T,
    "b2": DI2.sum(axis=1, keepdims=True),
    "W1": DI1 @ X.T,
    "b1": DI1.sum(axis=1, keepdims=True),
}
GRADS = {key: DATA[key] + ALPHA * A for key, A in {"W3": W3, "b3": B3, "W2": W2, "b2": B2, "W1": W1, "b1": B1}.items()}


@erratum(
    "S0-E1",
    r"$\frac{\partial L}{\partial o} = \frac1L (o - y)$",
    r"$\frac{\partial L}{\partial O} = \frac{1}{N L} (O - Y)$",
    taught=["lost_samples", "root_derivation"],
)
def lost_1_over_n():
    """The 1/N under the root gets lost on the way through it: N times too large, which one sample alone hides."""
    return (O - Y) / L, DO


@erratum(
    "S0-E2",
    r"$\frac{\partial Loss}{\partial \beta_o} = \frac{\partial L}{\partial o} + \beta_o \alpha$",
    r"$\frac{\partial Loss}{\partial \beta_o} = \sum_n \frac{\partial L}{\partial o_n} + \beta_o \alpha$",
    taught=["one_for_all", "weight_derivation"],
    where="3.4 One root over everybody",
)
def missing_sums():
    """All gradients are written for one sample, though L couples the samples: the sums over them are missing."""
    return DO + ALPHA * B3, GRADS["b3"]


@erratum(
    "S0-E3",
    r"$i$ for the input, for a sample, for a row and, as $i_2$, for a pre-activation",
    r"$x$ for the input, $n$ for a sample, $(r, c)$ for an entry, $z$ for a pre-activation",
    taught=["read_the_board"],
)
def one_letter_for_four():
    """One letter has four meanings: who reads $i_2$ as the input of sample 2 has the wrong thing in $f'$."""
    return 1 - np.tanh(X[:, [1]]) ** 2, 1 - H2[:, [1]] ** 2


@erratum(
    "S0-E4",
    r"$i_1$, $i_2$ are used and never defined",
    r"$i_1 = W_{i,1} x + \beta_1$, $i_2 = W_{1,2} h_1 + \beta_2$, $h_k = f(i_k)$",
    taught=["read_the_board"],
)
def undefined_pre_activations():
    """The pre-activations are used and never defined; taken for the activations, they give another derivative."""
    return DH2 * (1 - np.tanh(H2) ** 2), DI2


@erratum(
    "S0-E5",
    r"$\dots + \frac{\partial L}{\partial \beta_o^{(x)}} \cdot \alpha$",
    r"$\dots + \frac{\partial R}{\partial \beta_o^{(x)}} \cdot \alpha$",
    taught=["wrong_symbol"],
)
def l_for_r():
    """L stands where R belongs: at its word there is no decay, and the rest is multiplied by 1 + alpha."""
    return (1 + ALPHA) * DO[:, :1], DO[:, :1] + ALPHA * B3


@erratum(
    "S0-E6",
    r"the gradients of $W_{2,o}$, $\beta_o$, $W_{1,2}$",
    r"those of $\beta_2$, $W_{i,1}$, $\beta_1$ as well, by way of $h_1$ and $i_1$",
    taught=["gradients"],
)
def unfinished():
    """The derivation stops in the middle: three of the six gradients are missing."""
    return {key: GRADS[key] for key in ("W3", "b3", "W2")}, GRADS


@erratum(
    "S0-E7",
    r"$\frac{\partial Loss}{\partial h_2} = \dots$, and further on $\frac{\partial L}{\partial h_2}$ for the same",
    r"$\frac{\partial L}{\partial h_2}$ for everything in between; $\partial Loss$ for parameters",
    taught=["loss_or_L"],
)
def loss_or_l():
    """Loss and L are used as if they were the same: so they are for activations, but not for parameters."""
    return DATA["W2"], GRADS["W2"]


@erratum(
    "S0-E8",
    r"$f$, $f'$ are not specified",
    r"$f$ acts on each entry by itself, and $f'$ is taken at $i_1$, $i_2$",
    taught=["read_the_board"],
)
def unspecified_activation():
    """With a function of the whole vector, such as softmax, the product of entries is not the derivative."""
    s = np.exp(I2[:, 0]) / np.sum(np.exp(I2[:, 0]))
    return DH2[:, 0] * s * (1 - s), (np.diag(s) - np.outer(s, s)) @ DH2[:, 0]


@erratum(
    "S0-E9",
    r"$\frac{\partial L}{\partial L^2} = \frac{1}{2L}$, with no word on $L = 0$",
    r"$\frac{\partial L}{\partial O} = 0$ where $L = 0$, by convention",
    taught=["d_rmse"],
    where="3.10 A gradient that never gets small",
)
def perfect_fit():
    """At a perfect fit the derivative of the root divides by zero: a convention is needed."""
    with np.errstate(all="ignore"):
        return (O - O) / (3 * np.sqrt(np.sum((O - O) ** 2) / 3)), np.zeros(O.shape)


@erratum(
    "S0-E10",
    r"$\frac1N$, with $N$ not defined",
    r"$N$ is the number of samples",
    taught=["read_the_board", "rmse"],
)
def undefined_n():
    """N is not defined: taken for the number of all entries it makes L too small."""
    return np.sqrt(np.mean((O - Y) ** 2)), L


@erratum(
    "S0-E11",
    r"$y^{(x)}$ and $W^{(x,y)}$",
    r"$y$ for the target, $(r, c)$ for an entry",
    taught=["read_the_board"],
)
def target_and_index():
    """The letter y is a target and an index: who reads the target into the factor of W has another gradient."""
    return DO @ Y.T + ALPHA * W3, GRADS["W3"]


@erratum(
    "S0-E12",
    r"`&=&` outside `aligned`, a `\\` at the start of each display, `\bold`",
    r"`&=` inside `aligned`, `\mathbf` or `\boldsymbol`",
    spelling=True,
)
def not_typeset():
    """The formulas are marked up in a way that MathJax does not typeset."""
