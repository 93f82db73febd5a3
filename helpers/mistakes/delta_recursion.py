"""Notebook 04: the mistakes of table 4.4 of the derivation, and those of the forward pass and the descent.

An answer is explained by the first mistake that agrees wherever it is not right, so what goes wrong in the biases
alone stands before what goes wrong in the same way everywhere.
"""

import numpy as np

from helpers.activations import sigmoid_prime
from helpers.answers.delta_recursion import Right


class f(Right):
    """The activation stands where its derivative belongs: every delta is multiplied by f, not by f'."""

    equation = "4.7"
    hints = (
        "A sigmoid unit close to 1 hardly reacts to its z. Should its delta be large or small?",
        "The chain rule asks how fast the activation changes with z, not how large it is.",
    )

    def output_slope(self, a_L, z_L, f_prime):
        return a_L

    def slope_functions(self, f, f_prime):
        return f, f


class fHidden(Right):
    """In the hidden layers the activation stands where its derivative belongs: the output's delta has it right."""

    tag = "f"
    equation = "4.10"
    hints = f.hints

    def slope_functions(self, f, f_prime):
        return f_prime, f


class fOutput(Right):
    """At the output the activation stands where its derivative belongs; the hidden layers have it right."""

    tag = "f"
    equation = "4.7"
    hints = f.hints

    def output_slope(self, a_L, z_L, f_prime):
        return a_L


class fp_a(Right):
    """f' is evaluated at the activation: it belongs at z, so here the activation is applied twice."""

    tag = "fp(a)"
    equation = "4.7"
    hints = (
        "Which quantity goes into f in the forward pass?",
        "f' wants the same argument as f. It applies the activation by itself, if it needs it.",
    )

    def output_slope(self, a_L, z_L, f_prime):
        return f_prime(a_L)

    def slope_point(self, z, a, l):
        return a[l]


class fp_aHidden(Right):
    """In the hidden layers f' is evaluated at the activation: it belongs at z, as at the output."""

    tag = "fp(a)"
    equation = "4.10"
    hints = fp_a.hints

    def slope_point(self, z, a, l):
        return a[l]


class fp_aOutput(Right):
    """At the output f' is evaluated at the activation: it belongs at z, as in the hidden layers."""

    tag = "fp(a)"
    equation = "4.7"
    hints = fp_a.hints

    def output_slope(self, a_L, z_L, f_prime):
        return f_prime(a_L)


class zforfp(Right):
    """z itself stands where the derivative of the activation at z belongs."""

    equation = "4.8"
    hints = (
        "How much does the activation change when z grows by a little?",
        "f_prime is a function: what do you have to do with it to get numbers?",
    )

    def output_slope(self, a_L, z_L, f_prime):
        return z_L

    def hidden_slope(self, z, f_prime):
        return z


class zforfpOutput(Right):
    """At the output z itself stands where the derivative of the activation at z belongs."""

    tag = "zforfp"
    equation = "4.7"
    hints = zforfp.hints

    def output_slope(self, a_L, z_L, f_prime):
        return z_L


class zforfpHidden(Right):
    """In the hidden layers z itself stands where the derivative of the activation at z belongs."""

    tag = "zforfp"
    equation = "4.10"
    hints = zforfp.hints

    def hidden_slope(self, z, f_prime):
        return z


class sigmoidPrime(Right):
    """Right for the sigmoid alone: its derivative is built in, and the one that is handed over is not used."""

    equation = "4.7"
    hints = (
        "Which of your arguments never appears in the function?",
        "With tanh or ReLU, where would your function learn that the activation is another one?",
    )

    def output_slope(self, a_L, z_L, f_prime):
        return sigmoid_prime(z_L)

    def hidden_slope(self, z, f_prime):
        return sigmoid_prime(z)


class sigmoidPrimeFromA(Right):
    """Right for the sigmoid alone: its slope is made from the activation, and the given f' is not used."""

    tag = "sigmoidPrime"
    equation = "4.7"
    hints = sigmoidPrime.hints

    def output_slope(self, a_L, z_L, f_prime):
        return a_L * (1 - a_L)


class sign(Right):
    """The sign is wrong: the residual is the target minus the output, and the minus in front of it is lost."""

    equation = "4.6"
    hints = (
        "If an output is too large, should dE/da be positive or negative?",
        "Differentiate the square of y - a with respect to a. Which inner derivative comes out?",
    )

    def residual(self, a_L, Y):
        return -super().residual(a_L, Y)


class uphill(Right):
    """You walk uphill: the parameters move along their gradients, not against them."""

    tag = "sign"
    equation = "4.14"
    hints = (
        "A parameter with a positive gradient: does E grow or shrink when that parameter grows?",
        "Take one step and look at the error before and after it.",
    )

    def step(self, gradient, eta):
        return -super().step(gradient, eta)


class two(Right):
    """Twice what it should be: the ½ in front of the squared error cancels the 2 that comes down."""

    equation = "4.6"
    hints = (
        "What stands in front of the square in this notebook's E?",
        "Two of the five derivations carry a factor from the square in their delta. Is this one of them?",
    )

    def residual(self, a_L, Y):
        return 2 * super().residual(a_L, Y)


class twoE(Right):
    """Twice what it should be: the ½ in front of the squared error is missing."""

    tag = "two"
    equation = "4.3"
    hints = (
        "Work out E for a single sample whose residual is (3, 4).",
        "Compare the factor in front of the squares with that in this notebook's E.",
    )

    def half_square(self, r):
        return 2 * super().half_square(r)


class half(Right):
    """Exactly half of what it should be: the ½ is kept, but the 2 that comes down from the square is missing."""

    equation = "4.6"
    hints = ("What is the derivative of r² with respect to r?", "Multiply that by the ½ in front. What is left?")

    def residual(self, a_L, Y):
        return super().residual(a_L, Y) / 2


class norm(Right):
    """The error is not squared: this is the gradient of half the distance, so every residual has the same length."""

    equation = "4.3"
    hints = (
        "Should a sample that is far off pull harder than one that is nearly right?",
        "The source derivation prints a norm without its exponent. What is E for the residual (3, 4)?",
    )

    def residual(self, a_L, Y):
        r = super().residual(a_L, Y)
        return r / (2 * np.linalg.norm(r, axis=0, keepdims=True))

    def half_square(self, r):
        return np.sqrt(2 * super().half_square(r)) / 2


class r2(Right):
    """The residual is still squared: the power rule takes one power away."""

    equation = "4.6"
    hints = (
        "d/dr of r² is a multiple of which power of r?",
        "Above the target and below it: should the two pull the same way?",
    )

    def residual(self, a_L, Y):
        return super().residual(a_L, Y) ** 2


class cost(Right):
    """The sign of the residual is lost: too high and too low pull the same way."""

    equation = "4.6"
    hints = (
        "Should an output that is too low be pushed the same way as one that is too high?",
        "Is there an absolute value, or a length, where a plain difference belongs?",
    )

    def residual(self, a_L, Y):
        return np.abs(super().residual(a_L, Y))


class noY(Right):
    """The targets do not enter: this is the result for Y = 0."""

    equation = "4.6"
    hints = ("What should delta be when every output hits its target?", "The residual needs both a and y.")

    def residual(self, a_L, Y):
        return super().residual(a_L, Y) + Y


class no_fpL(Right):
    """f' is missing at the output: the bare residual passes for delta, as it does with a cross-entropy loss."""

    equation = "4.7"
    hints = (
        "delta is a derivative with respect to z. What lies between the output a and its z?",
        "Here f acts on the output layer too, and the loss does not cancel its slope.",
    )

    def output_slope(self, a_L, z_L, f_prime):
        return np.ones(np.shape(z_L))


class no_fpH(Right):
    """f' is missing in the hidden layers: what comes back is dE/da, and the step from a to z is left out."""

    equation = "4.10"
    hints = (
        "What does a saturated unit, or a ReLU that is off, pass on to its own z?",
        "Going backwards you cross the next layer's weights, and then one thing more.",
    )

    def hidden_slope(self, z, f_prime):
        return np.ones(np.shape(z))


class fp_error(Right):
    """f' is applied to the error that comes back: it belongs at z, and multiplies that error."""

    tag = "fp(error)"
    equation = "4.10"
    hints = (
        "Which quantity went into f in the forward pass of this layer?",
        "The recursion has three factors. How many of them does your result depend on?",
    )

    def hidden_delta(self, W_next, delta_next, z, f_prime):
        return self.hidden_slope(self.carried_back(W_next, delta_next), f_prime)


class plus(Right):
    """f' is added to the error that comes back: the chain rule multiplies."""

    equation = "4.10"
    hints = (
        "What delta should a hidden unit have when all errors above it are zero?",
        "How do the slopes of two functions combine when one is applied to the other?",
    )

    def hidden_delta(self, W_next, delta_next, z, f_prime):
        return self.carried_back(W_next, delta_next) + self.hidden_slope(z, f_prime)


class meanSlope(Right):
    """f' was averaged over the samples: each sample has a slope of its own."""

    equation = "4.10"
    hints = (
        "Does the delta of one sample change when you add another sample to the batch?",
        "How many columns has z, and how many has your slope?",
    )

    def hidden_slope(self, z, f_prime):
        return np.mean(super().hidden_slope(z, f_prime), axis=1, keepdims=True)


class onePath(Right):
    """Only one of the units above is counted: the error comes back from all of them, and adds up."""

    equation = "4.9"
    hints = (
        "On how many ways does this unit act on E?",
        "Which index of the weights is summed in the recursion, and how far does it run?",
    )

    def carried_back(self, W_next, delta_next):
        return super().carried_back(W_next[:1], delta_next[:1])


class ahead(Right):
    """This is the order of the forward pass: here every layer would need a delta that is not there yet."""

    equation = "4.9"
    hints = (
        "Which delta can be computed from the output and the target alone?",
        "On the right of the recursion stands another delta. Is it the one of the layer before, or behind?",
    )

    def layers_in_order(self, L):
        return super().layers_in_order(L)[::-1]


class noT(Right):
    """The next layer's weights are used as they stand: on the way back they must be transposed."""

    equation = "4.10"
    hints = (
        "Write down the shapes of the two factors. Which sizes have to meet?",
        "delta of unit j adds up over the units k that j feeds. Which index of w_kj is summed?",
    )

    def carried_back(self, W_next, delta_next):
        return W_next @ delta_next


class minus(Right):
    """The sign changes with every hidden layer: there is no minus in the recursion from one delta to the one before."""

    equation = "4.9"
    hints = (
        "Where does the one minus sign of this derivation come from, and how often is that place passed?",
        "The source derivation seems to print a minus here. Which sign looks like it when it is scanned badly?",
    )
    says = dict.fromkeys(
        ("hidden_delta", "hidden_derivation", "hidden_lines"),
        "The sign is wrong: there is no minus in the recursion from one delta to the one before.",
    )

    def hidden_delta(self, W_next, delta_next, z, f_prime):
        return -super().hidden_delta(W_next, delta_next, z, f_prime)


class Wl(Right):
    """A hidden delta is carried back through its own layer's weights: it must come through the next layer's."""

    equation = "4.10"
    hints = (
        "Which weights connect a[l] with z[l+1]?",
        "Draw unit j of layer l: the arrows that leave it carry the error back, not those that arrive.",
    )

    def next_weights(self, params, l):
        return params[f"W{l}"]


class wrongMask(Right):
    """f' is evaluated at the next layer's z: each delta needs the slope of its own layer."""

    equation = "4.10"
    hints = (
        "Which layer's z does delta[l] differentiate by?",
        "Put the layer's number under every factor of the recursion. Which of them have l + 1?",
    )

    def slope_point(self, z, a, l):
        return z[l + 1]


class stuck(Right):
    """Every hidden layer starts from the output's delta: the recursion needs the delta of the very next layer."""

    equation = "4.10"
    hints = (
        "With three layers of weights, from which delta is the first one computed?",
        "What does your loop hand on from one turn to the next?",
    )

    def next_delta(self, delta, l):
        return delta[max(delta)]


class ai(Right):
    """Every row of a weight gradient is constant: delta of unit i is multiplied by input i, where input j belongs."""

    equation = "4.11"
    hints = (
        "w_ij leads from unit j to unit i. Which of the two activations does it multiply?",
        "The entry in row i and column j must depend on both i and j.",
    )

    def weight_gradient(self, delta, z, a, l):
        return np.sum(delta[l] * a[l - 1], axis=1, keepdims=True) * np.ones((1, len(a[l - 1])))


class ai_by_index(Right):
    """Every row of a weight gradient is constant: activation i stands in entry (i, j), where activation j belongs."""

    tag = "ai"
    equation = "4.11"
    hints = ai.hints

    def weight_gradient(self, delta, z, a, l):
        inputs = a[l - 1][np.arange(len(delta[l]))]  # IndexError where layer l is the larger one
        return np.sum(delta[l] * inputs, axis=1, keepdims=True) * np.ones((1, len(a[l - 1])))


class al(Right):
    """The weight gradient uses the layer's own activation: the weights multiply that of the layer before."""

    equation = "4.11"
    hints = (
        "What does W_l multiply in the forward pass?",
        "A gradient has the shape of the thing differentiated. Which sizes should meet in it?",
    )

    def weight_gradient(self, delta, z, a, l):
        return delta[l] @ a[l].T


class zforv(Right):
    """The weight gradients use z of the layer before: what the weights multiply is its activation."""

    equation = "4.11"
    hints = (
        "What does W_l multiply in the forward pass: z or a?",
        "In the first layer your gradient is right. What is special about its input?",
    )

    def weight_gradient(self, delta, z, a, l):
        return delta[l] @ (z[l - 1] if l > 1 else a[0]).T


class outerT(Right):
    """The weight gradients are transposed: their rows belong to the units that the weights lead to."""

    equation = "4.12"
    hints = (
        "Which shape has W, and which has your gradient? Look at a layer that is not square.",
        "In an outer product the first factor gives the rows. Which index of w_ij comes first?",
    )

    def weight_gradient(self, delta, z, a, l):
        return super().weight_gradient(delta, z, a, l).T


class mean(Right):
    """Divided by the number of samples: a delta belongs to one sample, and the mean is taken once, at the end."""

    equation = "4.5"
    hints = (
        "Does the delta of one sample change when you add another sample to the batch?",
        "The 1/N of E_total must come in exactly once. Where does this notebook put it?",
    )
    says = {"backprop": "Every delta is divided by the number of samples: the mean is taken once, at the end."}

    def output_delta(self, a_L, Y, z_L, f_prime):
        return super().output_delta(a_L, Y, z_L, f_prime) / np.shape(z_L)[1]

    def hidden_delta(self, W_next, delta_next, z, f_prime):
        return super().hidden_delta(W_next, delta_next, z, f_prime) / np.shape(z)[1]


class perElement(Right):
    """Divided by the number of output units: E adds up their squares, and only samples are ever averaged."""

    equation = "4.3"
    hints = (
        "How many terms has the squared length in E, and is there a mean over them?",
        "A mean over every entry of a table divides by rows times columns. By which of the two should you divide?",
    )

    def residual(self, a_L, Y):
        return super().residual(a_L, Y) / len(Y)

    def half_square(self, r):
        return super().half_square(r) / len(r)


class biasMean(Right):
    """The biases are averaged once more than the weights: their gradients are too small by the number of samples."""

    equation = "4.13"
    hints = (
        "Is there a reason to treat a bias unlike a weight whose input is always 1?",
        "Look for a mean where the formula has a sum.",
    )

    def bias_gradient(self, delta, l):
        return super().bias_gradient(delta, l) / delta[l].shape[1]


class biasPerSample(Right):
    """The bias gradients still have a column for each sample: they must be added up over the samples."""

    tag = "biasMean"
    equation = "4.13"
    hints = (
        "Which shape has b, and which has your gradient?",
        "One bias serves all samples. How do their wishes combine into one number?",
    )

    def bias_gradient(self, delta, l):
        return delta[l]


class biasZero(Right):
    """The biases get no gradient: theirs is zero, and that of the weights is right."""

    equation = "4.11"
    hints = (
        "Does E change when a bias does?",
        "A bias is a weight whose input is always 1. Put that into the formula for the weights.",
    )
    says = {"gradient_descent_step": "The biases stay where they are: they must take their step as the weights do."}

    def bias_gradient(self, delta, l):
        return 0 * super().bias_gradient(delta, l)

    def gradient_of(self, name, params, grads):
        return super().gradient_of(name, params, grads) * (not name.startswith("b"))


class axis(Right):
    """The bias gradients are summed over the units: one number for each sample, where one for each unit is wanted."""

    equation = "4.13"
    hints = (
        "Which index does the sum run over, and is that the rows or the columns of delta?",
        "A gradient has the shape of the thing differentiated: b is a column with one entry for each unit.",
    )

    def bias_gradient(self, delta, l):
        return delta[l].sum(axis=0, keepdims=True)


class sumAll(Right):
    """The bias gradients are one number for a whole layer: each unit has a bias of its own."""

    equation = "4.13"
    hints = (
        "Which shape has b, and which has your gradient?",
        "Over which of its two indices is delta added up, and which one must be left?",
    )

    def bias_gradient(self, delta, l):
        return np.sum(delta[l])


class sum_(Right):
    """Added up over the samples and not divided by their number: E_total is a mean."""

    tag = "sum"
    equation = "4.4"
    hints = (
        "Hand in every sample twice. Should the gradient double, or stay the same?",
        "Read the definition of E_total again: what stands in front of the sum?",
    )

    def averaged(self, total, N):
        return super().averaged(total, N) * N


class N2(Right):
    """Divided by the number of samples twice: once in delta and once more at the end."""

    equation = "4.12"
    hints = (
        "Hand in every sample twice. Should the gradient shrink?",
        "Count the places where you divide by N, or take a mean, on the way from the residual to the gradient.",
    )
    says = {"total_error": "Divided by the number of samples twice: a mean of a mean, or a mean and a division."}

    def averaged(self, total, N):
        return super().averaged(total, N) / N


class lastOnly(Right):
    """Only the last sample counts: the sum over samples is overwritten instead of added up."""

    equation = "4.4"
    hints = ("What is left of the earlier samples after your loop?", "Look for = where you mean +=.")

    def deltas(self, params, Y, z, a, slopes):
        last = np.arange(Y.shape[1]) == Y.shape[1] - 1
        return {l: delta * last for l, delta in super().deltas(params, Y, z, a, slopes).items()}


class wTwice(Right):
    """One weight stands in the sum twice, as it was printed: each input of a unit has a weight of its own."""

    equation = "4.1"
    hints = (
        "Which subscripts has the weight that leads from unit 2 to unit 2?",
        "Write the sum once more, with a subscript that counts the inputs.",
    )

    def weights_of_term(self, W):
        return W[:, [0, 0, 2]]


class noBiasFwd(Right):
    """The biases are missing from the forward pass: z is made of the weights alone."""

    equation = "4.1"
    hints = (
        "What is z when all activations of the layer before are zero?",
        "Compare your z with equation (4.1), term by term.",
    )

    def pre_activation(self, params, z, a, l):
        return super().pre_activation(params, z, a, l) - params[f"b{l}"]


class Wt(Right):
    """W is read transposed in the forward pass: each row of W belongs to one unit of its own layer."""

    tag = "Wᵀ"
    equation = "4.1"
    hints = (
        "What are the two sizes of W, and which of them is that of the layer before?",
        "In the square net both ways fit. Work out one z by hand there.",
    )

    def pre_activation(self, params, z, a, l):
        return super().pre_activation({**params, f"W{l}": params[f"W{l}"].T}, z, a, l)


class noAct(Right):
    """The hidden layers are linear: f has not been applied to their pre-activations."""

    equation = "4.2"
    hints = ("For which layers does equation (4.2) hold?", "What is the difference between z[1] and a[1]?")

    def activation(self, f, z, is_output):
        return super().activation(f, z, is_output) if is_output else z


class zPrev(Right):
    """The next layer is fed with z, where it needs a: the activation is computed and then left unused."""

    equation = "4.1"
    hints = (
        "What leaves a neuron, and so enters the next layer: z or a?",
        "Check one unit of layer 2 by hand. Which numbers of layer 1 go into it?",
    )

    def pre_activation(self, params, z, a, l):
        return super().pre_activation(params, z, {**a, **z}, l)


class linearOut(Right):
    """The output is left linear: in this notebook f acts on every layer, the output layer too."""

    equation = "4.2"
    hints = (
        "For which layers does equation (4.2) hold?",
        "With a sigmoid, between which values must every output lie? Do yours?",
    )

    def activation(self, f, z, is_output):
        return z if is_output else super().activation(f, z, is_output)


class noEta(Right):
    """The learning rate is missing: the whole gradient is subtracted, whatever ``eta`` says."""

    equation = "4.14"
    hints = ("Which of your arguments never appears?", "With eta = 0 nothing should move. Does it?")

    def step(self, gradient, eta):
        return super().step(gradient, 1)


class stepOnly(Right):
    """This is the step alone: the new parameters are the old ones and the step together."""

    equation = "4.14"
    hints = ("Where does the walk start?", "With eta = 0 the old parameters should come back. What does yours give?")

    def moved(self, name, params, grads, eta):
        return super().moved(name, params, grads, eta) - params[name]


class oneLayer(Right):
    """Only the last layer moves: every layer takes its step, with its own gradients."""

    equation = "4.14"
    hints = (
        "Which of the new parameters differ from the old ones?",
        "Does your loop write every layer's result under that layer's name?",
    )

    def gradient_of(self, name, params, grads):
        return super().gradient_of(name, params, grads) * (name[1:] == str(len(params) // 2))


class oneLayerGrads(Right):
    """Only the last layer has a gradient: every layer before it gets zeros, and would never learn."""

    tag = "oneLayer"
    equation = "4.11"
    hints = (
        "In which layers is your gradient zero, and does E not depend on their weights?",
        "Does your loop write every layer's result under that layer's name?",
    )

    def weight_gradient(self, delta, z, a, l):
        return super().weight_gradient(delta, z, a, l) * (l == len(z))

    def bias_gradient(self, delta, l):
        return super().bias_gradient(delta, l) * (l == max(delta))


class byOrder(Right):
    """Parameters and gradients are paired by their place in the dict: only their names say what belongs together."""

    equation = "4.14"
    hints = (
        "In which order does backprop write its gradients, and in which order do the parameters stand?",
        "Look a gradient up by the name of its parameter.",
    )

    def gradient_of(self, name, params, grads):
        return list(grads.values())[list(params).index(name)]


class int_(Right):
    """The decimals are cut off where the parameters are integers: the result was written into an integer array."""

    tag = "int"
    equation = "4.12"
    hints = (
        "What is the dtype of np.zeros_like(W) when W is an array of ints?",
        "Make room with np.zeros(W.shape), or build each array in one expression.",
    )

    def stored(self, gradient, parameter):
        return _as_stored_in(parameter, super().stored(gradient, parameter))


class int_step(Right):
    """The decimals are cut off where the parameters are integers: an array of ints cannot hold a small step."""

    tag = "int"
    equation = "4.14"
    hints = (
        "What does an array of ints keep of 3 - 0.4?",
        "A copy of an array of ints is an array of ints. Build the new parameters in one expression.",
    )

    def moved(self, name, params, grads, eta):
        return _as_stored_in(params[name], super().moved(name, params, grads, eta))


def _as_stored_in(array, result):
    """Return the result as an array of that dtype would keep it: integers cut off the decimals."""
    return np.trunc(result) if array.dtype.kind == "i" else result
