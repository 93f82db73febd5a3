"""Notebook 02: the mistakes of table 3.6 of the derivation, and those of the small functions."""

import numpy as np

from helpers.answers.relu_network import Right


class noBiasFwd(Right):
    """The biases are missing from the forward pass: no b enters any z."""

    equation = "2.1"
    hints = (
        "With an input of zeros, what should the first layer's z be?",
        "Each layer has two parameters. Which of them does your z use?",
    )

    def pre_activation(self, W, v, b):
        return super().pre_activation(W, v, 0 * b)


class biasSign(Right):
    """The biases are subtracted, where they should be added to the weighted sum."""

    equation = "2.1"
    hints = (
        "When a bias grows, should its unit become more active, or less?",
        "With an input of zeros, what is the first layer's z?",
    )

    def pre_activation(self, W, v, b):
        return super().pre_activation(W, v, -b)


class b1forb2(Right):
    """The second layer was given the first layer's bias."""

    equation = "2.1"
    hints = (
        "Which parameters belong to which layer?",
        "Read the superscripts of your second layer one by one: do they all say 2?",
    )

    def bias(self, params, l):
        return super().bias(params, 1 if l == 2 else l)


class Wt(Right):
    """W is read transposed in the forward pass: here each row of W belongs to one unit of its own layer."""

    tag = "Wᵀ"
    equation = "2.1"
    hints = (
        "What are the two sizes of each W, and which of them counts the units of the layer before?",
        "Write the shapes under each factor: one sample is a column here.",
    )

    def pre_activation(self, W, v, b):
        return super().pre_activation(W.T, v, b)


class noRelu(Right):
    """No activation: v is the same as z, so that three linear layers make one linear map."""

    equation = "2.2"
    hints = (
        "What does a unit pass on when its z is negative?",
        "Compare your v1 with your z1, entry by entry: where should they differ?",
    )

    def relu(self, z):
        return z


class sigmoid(Right):
    """The activation is a sigmoid: the hidden layers of this network have a ReLU."""

    equation = "2.2"
    hints = (
        "Can a hidden unit of your network give more than 1? Should it?",
        "What does a unit of this network pass on when its z is 5?",
    )

    def relu(self, z):
        return 1 / (1 + np.exp(-z))


class absolute(Right):
    """The absolute value stands where the ReLU belongs: units with a negative z are folded up, not switched off."""

    equation = "2.2"
    hints = (
        "What does a unit pass on when its z is -2?",
        "Draw your activation to the left of zero. Which line should it follow there?",
    )

    def relu(self, z):
        return np.abs(z)


class minimum(Right):
    """The activation keeps the negative part and drops the positive one: it should be the other way round."""

    equation = "2.2"
    hints = (
        "Which units does a ReLU switch off?",
        "What is left of a z of 5 in your v, and what of -5?",
    )

    def relu(self, z):
        return np.minimum(z, 0)


# Before zvSwap, whose z it has.
class zLost(Right):
    """The pre-activations have lost their negative entries: the activation was written over them."""

    equation = "2.2"
    hints = (
        "What is the smallest entry of your z1, and what should it be?",
        "Does your ReLU make a new array, or does it change the one that it is given?",
    )

    def forward(self, params, X):
        seen = super().forward(params, X)
        return seen | {"z1": seen["v1"], "z2": seen["v2"]}


class zvSwap(Right):
    """The pre-activations and activations of the hidden layers stand under each other's names."""

    equation = "2.2"
    hints = (
        "Which of z and v can be negative?",
        "Look at the smallest entry under each name. In which of them should it be zero?",
    )

    def forward(self, params, X):
        seen = super().forward(params, X)
        return seen | {"z1": seen["v1"], "v1": seen["z1"], "z2": seen["v2"], "v2": seen["z2"]}

    def layer_input(self, X, seen, l):
        return seen[f"z{l - 1}"] if l > 1 else X  # it is consistent: gradients are right


class zPrev(Right):
    """The next layer is fed with z, where it needs v: the activation is computed and then left unused."""

    equation = "2.1"
    hints = (
        "Which of z and v leaves a layer and enters the next one?",
        "Where is v1 used in your forward pass?",
    )

    def passed_on(self, z, v, l):
        return z


class zPrevInLayer2(Right):
    """The second layer is fed with z¹, where it needs v¹: the first activation is computed and then left unused."""

    tag = "zPrev"
    equation = "2.1"
    hints = zPrev.hints

    def passed_on(self, z, v, l):
        return z if l == 1 else super().passed_on(z, v, l)


class reluOut(Right):
    """The output went through a ReLU: the last layer is linear, and predictions may be negative."""

    equation = "2.3"
    hints = (
        "Can your network predict a negative number?",
        "Which layers have an activation, and is the last one among them?",
    )

    def output(self, z):
        return np.maximum(z, 0)


class reluOutMask(Right):
    """The output is treated as a ReLU: no error comes back where the prediction is negative."""

    tag = "reluOut"
    equation = "2.6"
    hints = (
        "A prediction is -3 and its target 5. Should the network learn from that?",
        "The derivative of the last layer's activation is a factor here. Which activation has it?",
    )

    def output_delta(self, y_hat, Y):
        return super().output_delta(y_hat, Y) * (y_hat > 0)


class half(Right):
    """The 2 that comes down from the square is missing: δ³ is half of what it should be."""

    equation = "2.6"
    hints = (
        "What is the derivative of r² with respect to r?",
        "Many texts put ½ in front of the square so that the factors cancel. What stands in front of this loss?",
    )

    def output_delta(self, y_hat, Y):
        return super().output_delta(y_hat, Y) / 2


class sign(Right):
    """The sign is wrong: the residual is y - ŷ somewhere, and should be ŷ - y."""

    equation = "2.6"
    hints = (
        "If ŷ is too large, should the loss grow or shrink when ŷ grows?",
        "The square looks the same in either order. What comes down from inside it?",
    )
    says = {
        "gradient_descent_step": "You walk uphill: the parameters move along the gradient, and should move against it."
    }

    def residual(self, y_hat, Y):
        return -super().residual(y_hat, Y)


class r2(Right):
    """The residual is still squared in δ³: the power rule takes one power away."""

    equation = "2.6"
    hints = (
        "The derivative of r² is a multiple of which power of r?",
        "Can your δ³ be negative? Should it be, where ŷ is too small?",
    )

    def residual(self, y_hat, Y):
        return super().residual(y_hat, Y) ** 2


class summed(Right):
    """The samples are added up too early: δ³ has one column for each sample."""

    equation = "2.6"
    hints = (
        "Does the prediction of one sample enter the squared error of another?",
        "Differentiate with respect to one entry of z³. How many terms of the sum contain it?",
    )

    def output_delta(self, y_hat, Y):
        return super().output_delta(y_hat, Y).sum(axis=1, keepdims=True)


# Before mean: its wrong biases are those of mean, and an answer goes to the first mistake that explains it.
class biasMean(Right):
    """The biases are treated differently: their gradients are means over the samples, where sums are wanted."""

    equation = "2.10"
    hints = (
        "Is there any reason to treat b unlike W?",
        "Think of b as a weight whose input is 1 for every sample. What does the product with those ones do?",
    )

    def db(self, delta):
        return super().db(delta) / delta.shape[1]


class mean(Right):
    """There is a division by the number of samples: this loss is a sum over them, not a mean."""

    equation = "2.4"
    hints = (
        "Read the definition of the loss again: what stands in front of the sum?",
        "Hand in every sample twice. Should the gradients double, or stay the same?",
    )

    def output_delta(self, y_hat, Y):
        return super().output_delta(y_hat, Y) / Y.shape[1]


class perElement(Right):
    """There is a mean over all entries of the output: this loss adds them up, over the units and over the samples."""

    equation = "2.4"
    hints = (
        "Read the definition of the loss again: what stands in front of the sum?",
        "A mean divides by a number of terms. Is there any division in this loss?",
    )

    def output_delta(self, y_hat, Y):
        return super().output_delta(y_hat, Y) / Y.size


class noT(Right):
    """The error is sent back through W as it stands: on the way back W has to be transposed."""

    equation = "2.7"
    hints = (
        "Forward, W takes the units of a layer to those of the next. Which way does an error travel?",
        "Unit j feeds every unit i of the next layer. Write dL/dv_j as a sum, and see which index of W it runs over.",
    )

    def propagate(self, W_next, delta_next):
        return super().propagate(W_next.T, delta_next)


class noTInLayer1(Right):
    """δ¹ is wrong: W² has to be transposed there too, also where it is square and its sizes fit as it is."""

    tag = "noT"
    equation = "2.7"
    hints = (
        "You transposed W³. What is different about W²?",
        "Unit j feeds every unit i of the next layer. Write dL/dv_j as a sum, and see which index of W it runs over.",
    )

    def weights_above(self, params, l):
        W = super().weights_above(params, l)
        return W.T if l == 1 else W


class star(Right):
    """Entry by entry, where a matrix product is wanted: the sum over the units of the next layer is missing."""

    equation = "2.7"
    hints = (
        "How many units of the next layer does one hidden unit feed?",
        "The shape of your result is a warning: numpy repeats a column without a word to make sizes fit.",
    )

    def propagate(self, W_next, delta_next):
        return W_next.T * delta_next


class noMask(Right):
    """The derivative of the activation is missing: dead units pass their error on like live ones."""

    equation = "2.8"
    hints = (
        "If z is -2 and grows a little, how much does v change?",
        "From dL/dv to dL/dz there is one more link in the chain. Which?",
    )

    def mask(self, z, dv):
        return dv


class noMaskInLayer1(Right):
    """The derivative of the activation is missing in the first layer: its dead units pass their error on."""

    tag = "noMask"
    equation = "2.8"
    hints = (
        "You masked the error of the second layer. What is different about the first?",
        "If a unit's z is -2 and grows a little, how much does its v change? Does it matter in which layer it is?",
    )

    def gate(self, seen, l):
        z = super().gate(seen, l)
        return np.ones(z.shape) if l == 1 else z


class noMaskInLayer2(Right):
    """The derivative of the activation is missing in the second layer: its dead units pass their error on."""

    tag = "noMask"
    equation = "2.8"
    hints = (
        "You masked the error of the first layer. What is different about the second?",
        "If a unit's z is -2 and grows a little, how much does its v change? Does it matter in which layer it is?",
    )

    def gate(self, seen, l):
        z = super().gate(seen, l)
        return np.ones(z.shape) if l == 2 else z


class inverted(Right):
    """The mask is inverted: dead units pass their error on, and live units do not."""

    equation = "2.5"
    hints = (
        "Which units does a small change of z reach the output through?",
        "On which side of zero does the ReLU have a slope?",
    )

    def relu_prime(self, z):
        return np.where(z < 0, 1.0, 0.0)


class oneMask(Right):
    """The first sample's mask is used for all: each sample has its own live and dead units."""

    equation = "2.8"
    hints = (
        "Is a unit that is dead for one sample dead for all of them?",
        "How many columns does your mask have, and how many has z?",
    )

    def mask(self, z, dv):
        return super().mask(z[:, :1], dv)


class zforfp(Right):
    """The pre-activation stands where the derivative of the activation at it belongs."""

    equation = "2.8"
    hints = (
        "How much does v change when a z of 5 grows a little?",
        "The chain rule multiplies slopes. Which values can the slope of a ReLU take?",
    )

    def relu_prime(self, z):
        return z


class minus(Right):
    """The sign is wrong: there is no minus on the way from one δ to the one before."""

    equation = "2.7"
    hints = (
        "Where does the one sign of this derivation come from, and is it on the way back through a layer?",
        "All weights and errors above are positive, and the unit is live. What is the sign of its δ?",
    )

    def hidden_delta(self, W_next, delta_next, z):
        return -super().hidden_delta(W_next, delta_next, z)


class f(Right):
    """The activation itself stands where its derivative belongs: errors are multiplied by v, not by 0 or 1."""

    equation = "2.8"
    hints = (
        "What is the slope of the ReLU at z = 5?",
        "The chain rule multiplies slopes. Which values can the slope of a ReLU take?",
    )

    def relu_prime(self, z):
        return np.maximum(z, 0)


class reluDelta(Right):
    """The ReLU was applied to the error: units pass it on by the sign of z, not by the sign of the error."""

    equation = "2.8"
    hints = (
        "Can the error of a live unit be negative?",
        "The slope of the ReLU is taken at a point of the forward pass. Which?",
    )

    def mask(self, z, dv):
        return np.maximum(dv, 0)


class ge(Right):
    """A unit at exactly z = 0 passes its error on: this course takes the slope of the ReLU at 0 to be 0."""

    equation = "2.5"
    hints = (
        "At z = 0 the ReLU has a kink. Which slope does the course give it there?",
        "Compare dead, live and exactly between: on which side does your comparison put 0?",
    )

    def relu_prime(self, z):
        return super().relu_prime(z) + (z == 0)


class halfAtZero(Right):
    """Half of the error passes at exactly z = 0: this course takes the slope of the ReLU at 0 to be 0."""

    tag = "ge"
    equation = "2.5"
    hints = (
        "At z = 0 the ReLU has a kink. Which slope does the course give it there?",
        "A half is a fair choice between the two sides, but not the one that is made here. Which is?",
    )

    def relu_prime(self, z):
        return super().relu_prime(z) + (z == 0) / 2


class int_(Right):
    """The decimals are cut off where z holds integers: the result was written into an integer array."""

    tag = "int"
    equation = "2.8"
    hints = (
        "What is the dtype of np.zeros_like(z) when z is an array of ints?",
        "Make room with np.zeros(z.shape), or build the result in one expression.",
    )

    def hidden_delta(self, W_next, delta_next, z):
        delta = super().hidden_delta(W_next, delta_next, z)
        return np.trunc(delta) if z.dtype.kind == "i" else delta


class wrongMask(Right):
    """δ² is masked with the first layer's z: every layer asks its own units which of them are live."""

    equation = "2.8"
    hints = (
        "Which z stands between v² and the rest of the network below it?",
        "Do layers 1 and 2 have the same number of units? Check the shape of your mask.",
    )

    def gate(self, seen, l):
        return super().gate(seen, 1)


class wrongMaskInLayer1(Right):
    """δ¹ is masked with the second layer's z: every layer asks its own units which of them are live."""

    tag = "wrongMask"
    equation = "2.8"
    hints = (
        "Which z stands between v¹ and the input?",
        "Do layers 1 and 2 have the same number of units? Check the shape of your mask.",
    )

    def gate(self, seen, l):
        return super().gate(seen, 2)


class outerT(Right):
    """The weights' gradients come out transposed: a gradient has the shape of the thing differentiated."""

    equation = "2.9"
    hints = (
        "Which unit belongs to a row of W, the one that sends or the one that receives?",
        "Entry i, j of dW belongs to the weight from unit j to unit i. Which factor carries i?",
    )

    def dW(self, delta, v):
        return super().dW(delta, v).T


class outerTInLayer2(Right):
    """The gradient of W² comes out transposed: where W² is square, its shape does not tell."""

    tag = "outerT"
    equation = "2.9"
    hints = (
        "Entry i, j of dW² belongs to the weight from unit j to unit i. Which factor carries i?",
        "Compare with your gradient of W³, whose shape leaves no choice.",
    )

    def gradients(self, params, X, Y):
        grads = super().gradients(params, X, Y)
        return grads | {"W2": grads["W2"].T}


class zforv(Right):
    """The weights' gradients use the z of the layer before, where its v is what the weights multiply."""

    equation = "2.9"
    hints = (
        "What does W² multiply in the forward pass?",
        "Should a weight change when the unit that feeds it is dead?",
    )

    def layer_input(self, X, seen, l):
        return seen[f"z{l - 1}"] if l > 1 else X


class v2forv1(Right):
    """The weights' gradients use the layer's own v, where the v of the layer before belongs."""

    equation = "2.9"
    hints = (
        "Two layers meet at W². Which of them does its δ come from, and which its v?",
        "Entry i, j of dW belongs to the weight from unit j to unit i: where does unit j stand?",
    )

    def layer_input(self, X, seen, l):
        return seen["y_hat" if l == 3 else f"v{l}"]


class noSum(Right):
    """The biases' gradients still have a column for each sample: b has one column, which serves all of them."""

    equation = "2.10"
    hints = (
        "A bias is used once for each sample. What becomes of its separate effects on the loss?",
        "A gradient has the shape of the thing differentiated. What is the shape of b?",
    )

    def db(self, delta):
        return delta


class axis(Right):
    """The biases' gradients are summed over the wrong axis: over the units, where the samples are wanted."""

    equation = "2.10"
    hints = (
        "Which index does the sum run over, and is that the rows or the columns of δ?",
        "One bias for each unit: which axis has to survive?",
    )

    def db(self, delta):
        return delta.sum(axis=0)


class sumAll(Right):
    """The biases' gradients are one number for a whole layer: each unit has a bias of its own."""

    equation = "2.10"
    hints = (
        "How many biases does a layer have, and how many numbers does your sum give?",
        "np.sum adds up everything unless it is told what to sum over.",
    )

    def db(self, delta):
        return delta.sum()


class biasOnes(Right):
    """The biases' gradients are all one: that is how z depends on b, and the way from z to the loss is missing."""

    equation = "2.10"
    hints = (
        "You have dz/db. Which factor of the chain rule comes before it?",
        "Should a bias change when every prediction hits its target?",
    )

    def db(self, delta):
        return np.ones((len(delta), 1))


class lastOnly(Right):
    """Only the last sample counts: the sum over samples is overwritten instead of added up."""

    equation = "2.9"
    hints = ("What is left of the earlier samples after your loop?", "Look for = where you mean +=.")

    def gradients(self, params, X, Y):
        return super().gradients(params, X[:, -1:], Y[:, -1:])


class inPlace(Right):
    """The weights were changed before the error passed through them: all gradients belong to the old parameters."""

    equation = "2.12"
    hints = (
        "At which parameters is the gradient of a step taken?",
        "Which weights does δ² pass through, and have they already moved by then?",
    )

    def gradient_descent_step(self, params, X, Y, eta):
        seen, moved = self.forward(params, X), {}
        delta = self.output_delta(seen["y_hat"], Y)
        for l in (3, 2, 1):
            if l < 3:
                delta = self.hidden_delta(self.weights_above(moved, l), delta, self.gate(seen, l))
            moved[f"W{l}"] = params[f"W{l}"] - eta * self.dW(delta, self.layer_input(X, seen, l))
            moved[f"b{l}"] = params[f"b{l}"] - eta * self.db(delta)
        return moved
