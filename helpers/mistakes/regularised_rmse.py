"""Notebook 03: the mistakes of table 1.5 of the derivation, and those of its forward pass and its small functions."""

import numpy as np

from helpers.answers.regularised_rmse import Right


class no1N(Right):
    """The data part is too large, by the number of samples: the 1/N under the root has got lost on the way."""

    tag = "no1/N"
    equation = "3.7"
    hints = (
        "Hand in every sample twice. L stays the same; should its gradient change?",
        "Differentiate the square of L first, 1/N included. Is that factor still there after you divide by the root?",
    )
    says = {"d_rmse": "Too large, by the number of samples: the 1/N under the root has got lost on the way."}

    def d_mean_square(self, O, Y):
        return super().d_mean_square(O, Y) * O.shape[1]


class sum_(Right):
    """Under the root stands a sum over the samples, not a mean: every further sample makes L larger."""

    tag = "sum"
    equation = "3.3"
    hints = (
        "What does the M in RMSE stand for?",
        "Hand in every sample twice. Should L grow, or stay the same?",
    )
    says = {
        "d_rmse": "The root that is divided by is that of a sum over the samples: L is the root of a mean.",
        "gradients": "In the data part the root that is divided by is that of a sum over the samples, not of a mean.",
    }

    def mean_square(self, O, Y):
        return super().mean_square(O, Y) * O.shape[1]


class outside(Right):
    """The root was taken before the mean: L itself is divided by N, where only what stands under the root should be."""

    equation = "3.3"
    hints = (
        "In which order do root, mean and square come, reading RMSE from left to right?",
        "Hand in every sample twice. Should L shrink, or stay the same?",
    )
    says = {
        "d_rmse": "Too large by the root of N: the 1/N in the L below the line stands outside the root, or is lost.",
        "gradients": "The data part is too large by the root of N: in L the 1/N stands outside the root, or is lost.",
    }

    def mean_square(self, O, Y):
        return super().mean_square(O, Y) / O.shape[1]


class halfInside(Right):
    """There is a ½ under the root: this L is the root of the mean square itself."""

    equation = "3.3"
    hints = (
        "Many losses carry a ½ in front of the square. Does this one?",
        "One sample, one output unit, a residual of 3. What should L be?",
    )
    says = {
        "d_rmse": "The root that is divided by has a ½ under it: L is the root of the mean square itself.",
        "gradients": "In the data part the root that is divided by has a ½ under it: L has none.",
    }

    def mean_square(self, O, Y):
        return super().mean_square(O, Y) / 2


class mse(Right):
    """The root has been forgotten: this belongs to the mean squared error, the square of L."""

    equation = "3.6"
    hints = (
        "What does the R in RMSE do to the mean of the squares?",
        "L is a root: its derivative is that of the mean square times one more factor, which depends on L. Which?",
    )
    says = {
        "d_rmse": "The root has been forgotten: this is the gradient of the mean squared error, the square of L.",
        "gradients": "The root has been forgotten: the data part is that of the mean squared error, the square of L.",
    }

    def root(self, square):
        return square

    def d_root(self, O, Y):
        return 1.0


class mseBelow(Right):
    """The data part is divided by the square of L: the root has been forgotten below the line."""

    tag = "mse"
    equation = "3.6"
    hints = (
        "Which power of L stands below the line, and which do you have there?",
        "Multiply all residuals by ten. Should dL/dO shrink, or stay the same?",
    )
    says = {"d_rmse": "Divided by the square of L: the root has been forgotten below the line."}

    def d_root(self, O, Y):
        L = self.rmse(O, Y)
        return super().d_root(O, Y) / L if L else 0.0


class lostL(Right):
    """The division by L is missing in the data part: the derivative of a root has the root below the line."""

    equation = "3.6"
    hints = (
        "What is the derivative of the square root of u, with respect to u?",
        "Multiply all residuals by ten. Should dL/dO grow, or stay the same?",
    )
    says = {"d_rmse": "The division by L is missing: the derivative of a root has the root below the line."}

    def d_root(self, O, Y):
        return 0.5


class timesL(Right):
    """The data part is multiplied by L: the derivative of a root has the root below the line."""

    equation = "3.6"
    hints = (
        "What is the derivative of the square root of u, with respect to u?",
        "Multiply all residuals by ten. Should dL/dO grow, or stay the same?",
    )
    says = {
        "d_rmse": "Multiplied by L, where it should be divided: the derivative of a root has the root below the line."
    }

    def d_root(self, O, Y):
        return self.rmse(O, Y) / 2


class two(Right):
    """The data part is exactly twice what it should be: the ½ that comes from the root is missing."""

    equation = "3.6"
    hints = (
        "Two factors of two meet here. Where does each of them come from?",
        "One comes from the square, above the line. What does the root bring to cancel it?",
    )
    says = {"d_rmse": "Exactly twice what it should be: the ½ that comes from the root is missing."}

    def d_root(self, O, Y):
        return 2 * super().d_root(O, Y)


class half(Right):
    """The data part is exactly half of what it should be: the 2 that comes down from the square is missing."""

    equation = "3.7"
    hints = (
        "Two factors of two meet here. Where does each of them come from?",
        "One comes from the root, below the line; the other from the square, above it. What is left of the two?",
    )
    says = {"d_rmse": "Exactly half of what it should be: the 2 that comes down from the square is missing."}

    def d_mean_square(self, O, Y):
        return super().d_mean_square(O, Y) / 2


class sign(Right):
    """The sign of the data part is wrong: the residual is target minus output somewhere."""

    equation = "3.7"
    hints = (
        "If an output is above its target, should L grow or shrink when that output grows?",
        "Differentiate the square of o - y with respect to o, and then that of y - o. Why are they the same?",
    )
    says = {"d_rmse": "The sign is wrong: the residual is target minus output somewhere."}

    def d_mean_square(self, O, Y):
        return -super().d_mean_square(O, Y)


class perElement(Right):
    """The mean runs over all entries, the output units as well: N counts the samples alone."""

    equation = "3.3"
    hints = (
        "How many samples are there, and how many numbers does the output hold?",
        "The squares of one sample's output units are added up; only the samples are averaged.",
    )

    def mean_square(self, O, Y):
        return super().mean_square(O, Y) / O.shape[0]

    def d_mean_square(self, O, Y):
        return super().d_mean_square(O, Y) / O.shape[0]


class perElementBelow(Right):
    """The L that is divided by is a mean over all entries, the output units as well: N counts the samples alone."""

    tag = "perElement"
    equation = "3.8"
    hints = (
        "The L below the line is that of (3.3). How many terms does its mean have?",
        "The squares of one sample's output units are added up; only the samples are averaged.",
    )

    def d_root(self, O, Y):
        return super().d_root(O, Y) * np.sqrt(O.shape[0])


class perElementAbove(Right):
    """The data part is divided by the number of all entries, the output units as well: N counts the samples alone."""

    tag = "perElement"
    equation = "3.7"
    hints = (
        "How many samples are there, and how many numbers does the output hold?",
        "By which of the two is the mean square in L divided?",
    )

    def d_mean_square(self, O, Y):
        return super().d_mean_square(O, Y) / O.shape[0]


class meanRMSE(Right):
    """A root was taken of each sample alone, and then the mean: L is one root over all samples together."""

    equation = "3.3"
    hints = (
        "How many roots are there in the definition of L?",
        "The gradient of one sample contains L. Which samples does that L depend on?",
    )
    says = {
        "d_rmse": "Each sample is divided by its own root: L is one root over all samples together.",
        "gradients": "In the data part each sample is divided by its own root: L is one root over all of them.",
    }

    def rmse(self, O, Y):
        one = super().rmse
        return float(np.mean([one(O[:, [n]], Y[:, [n]]) for n in range(O.shape[1])]))

    def d_rmse(self, O, Y):
        one = super().d_rmse
        return np.hstack([one(O[:, [n]], Y[:, [n]]) for n in range(O.shape[1])]) / O.shape[1]


class meanRMSEBelow(Right):
    """The L that is divided by is a mean of one root for each sample: L is one root over all samples together."""

    tag = "meanRMSE"
    equation = "3.8"
    hints = (
        "The L below the line is that of (3.3). How many roots are there in it?",
        "Is the mean of two roots the root of the mean?",
    )

    def d_root(self, O, Y):
        L = np.mean([self.rmse(O[:, [n]], Y[:, [n]]) for n in range(O.shape[1])])
        return 1 / (2 * L) if L else 0.0


class noY(Right):
    """The targets do not enter: this is the result for targets of zero."""

    equation = "3.3"
    hints = ("What should L be when every output hits its target?", "The residual is not the output alone.")

    def residual(self, O, Y):
        return super().residual(O, Y) + Y


class cost(Right):
    """The sign of the residual is lost: above the target and below it, the pull is the same."""

    equation = "3.7"
    hints = (
        "Below the target and above it: should the two pull the same way?",
        "The derivative of a square is negative where its base is negative. Is yours?",
    )

    def d_mean_square(self, O, Y):
        return np.abs(super().d_mean_square(O, Y))


class int_(Right):
    """The decimals are cut off where the arguments hold integers: the result was written into an integer array."""

    tag = "int"
    equation = "3.8"
    hints = (
        "What is the dtype of an array that np.zeros_like makes from an array of ints?",
        "Make room with np.zeros and a shape, or build the result in one expression.",
    )

    def d_rmse(self, O, Y):
        return _as_stored_in(O, super().d_rmse(O, Y))

    def gradients(self, params, X, Y, alpha):
        grads = super().gradients(params, X, Y, alpha)
        return {key: _as_stored_in(params[key], grad) for key, grad in grads.items()}


class noRegBias(Right):
    """The biases are not penalised: in this loss R holds them as well as the weights."""

    equation = "3.4"
    hints = (
        "Which six arrays does the sum in R run over?",
        "Many texts leave the biases out of the penalty. What does the definition here say?",
    )

    def penalised(self, params):
        return [key for key in super().penalised(params) if key.startswith("W")]


class noReg(Right):
    """The penalty is missing: this is what you get without regularisation."""

    equation = "3.5"
    hints = (
        "Change alpha. What should happen to your result, and what does?",
        "Loss has two terms. Which of them have you not used?",
    )

    def strength(self, alpha, X):
        return 0.0


class reg2(Right):
    """The penalty counts twice: the ½ in front of the squares in R is missing."""

    equation = "3.4"
    hints = (
        "What stands in front of the sum in R?",
        "The ½ is there for a reason: what is left when you differentiate half a square?",
    )
    says = {
        "penalty": "Exactly twice what it should be: the ½ in front of the squares is missing.",
        "gradients": "The decay is twice what it should be: in R, the ½ takes away the 2 of the square.",
    }

    def half_square(self, A):
        return super().half_square(A) * 2

    def decay(self, params, key):
        return super().decay(params, key) * 2


class regHalf(Right):
    """The decay is half of what it should be: the ½ of R is still there after differentiating."""

    equation = "3.12"
    hints = (
        "What is the derivative of half a square?",
        "Two factors meet when you differentiate R: one in front, one that comes down from the square.",
    )

    def decay(self, params, key):
        return super().decay(params, key) / 2


class regNotDiff(Right):
    """The squares of the parameters stand in the gradient: the penalty has not been differentiated."""

    equation = "3.12"
    hints = (
        "Should the decay pull a negative parameter the same way as a positive one?",
        "What is the derivative of half a square?",
    )

    def decay(self, params, key):
        return super().decay(params, key) ** 2 / 2


class alphaAlone(Right):
    """Alpha alone is added to the gradient: the parameter that it should multiply is missing."""

    equation = "3.12"
    hints = (
        "Should a large parameter be pulled harder than a small one?",
        "What is left of half a square when you differentiate it: a constant?",
    )

    def decay(self, params, key):
        return np.ones(params[key].shape) if key in self.penalised(params) else super().decay(params, key)


class regPerSample(Right):
    """The penalty is counted once for each sample: it belongs to the parameters, and counts once."""

    equation = "3.5"
    hints = (
        "How many times does R stand in Loss, whatever the number of samples?",
        "Hand in every sample twice. Should the decay double, or stay the same?",
    )

    def strength(self, alpha, X):
        return super().strength(alpha, X) * X.shape[1]


class regOverN(Right):
    """The penalty is divided by the number of samples: it belongs to the parameters, and there is no mean in it."""

    equation = "3.5"
    hints = (
        "Over what does the 1/N in L run, and does R run over it too?",
        "Hand in every sample twice. Should the penalty shrink, or stay the same?",
    )

    def strength(self, alpha, X):
        return super().strength(alpha, X) / X.shape[1]


class regSign(Right):
    """The penalty is subtracted: it should make large parameters dearer, not cheaper."""

    equation = "3.5"
    hints = (
        "Should Loss grow or shrink when all parameters grow and L stays the same?",
        "Loss has two terms. Which sign stands between them?",
    )

    def strength(self, alpha, X):
        return -super().strength(alpha, X)


class regInside(Right):
    """The penalty stands under the root: the root is that of L alone, and the penalty is added after it."""

    equation = "3.5"
    hints = (
        "At a perfect fit, how should Loss depend on alpha: as alpha, or as its root?",
        "Work out L first. What is left to do then?",
    )

    def loss(self, params, X, Y, alpha):
        _, a = self.activations(params, X)
        square = self.mean_square(a[3], Y) + self.strength(alpha, X) * self.penalty(params)
        return float(self.root(square))


class dLforR(Right):
    """What alpha multiplies is the gradient of L once more: it should be the gradient of R."""

    equation = "3.12"
    hints = (
        "Loss has two terms. Which of them does alpha stand in front of?",
        "Where L does not depend on a parameter at all, what pulls on that parameter? Does your result say so?",
    )

    def penalised_gradient(self, dL, strength, decay):
        return dL + strength * dL


class noAlpha(Right):
    """The penalty comes in at full strength: alpha has been forgotten."""

    equation = "3.5"
    hints = (
        "With alpha = 0, what should be left?",
        "R is there. What stands in front of it?",
    )

    def strength(self, alpha, X):
        return 1.0


class noSquare(Right):
    """The penalty holds absolute values where squares belong: this pulls small and large parameters alike."""

    equation = "3.4"
    hints = (
        "Is a parameter that is twice as large to cost twice as much, or four times?",
        "How does the derivative of half a square grow with its base?",
    )
    says = {"penalty": "Absolute values have been added up, where half of each square belongs."}

    def half_square(self, A):
        return np.sum(np.abs(A))

    def decay(self, params, key):
        return np.sign(super().decay(params, key))


class notSquared(Right):
    """The penalty adds up the lengths of the arrays: R adds up the squares of these lengths."""

    tag = "noSquare"
    equation = "3.4"
    hints = (
        "Is a parameter that is twice as large to cost twice as much, or four times?",
        "A norm has a root in it. What does R do with the norm?",
    )

    def half_square(self, A):
        return np.sqrt(2 * super().half_square(A)) / 2


class regMean(Right):
    """The penalty of each array is a mean over its entries: R is a sum of squares, with no mean in it."""

    equation = "3.4"
    hints = (
        "Is there any division in R besides that by two?",
        "Two arrays with the same entries, one twice as long: should they cost the same?",
    )

    def half_square(self, A):
        return super().half_square(A) / A.size

    def decay(self, params, key):
        return super().decay(params, key) / params[key].size


class noBiasFwd(Right):
    """The biases do not enter the forward pass: the pre-activations are products alone."""

    equation = "3.1"
    hints = (
        "What does the network put out when every weight is zero?",
        "A pre-activation has two terms. Which one is missing?",
    )

    def pre_activation(self, W, a, b):
        return super().pre_activation(W, a, b) - b


class noAct(Right):
    """The hidden layers are linear: tanh has not been applied to their pre-activations."""

    equation = "3.2"
    hints = (
        "What lies between z and a in a hidden layer?",
        "Three linear layers in a row are one linear layer. What makes this network more than that?",
    )

    def activate(self, l, z):
        return z

    def d_activate(self, l, z):
        return np.ones(z.shape)


class actOut(Right):
    """The output has gone through tanh as well: in this network the output layer is linear."""

    equation = "3.2"
    hints = (
        "Can your network put out 5?",
        "Which layers does tanh belong to: all three, or the hidden ones?",
    )

    def activate(self, l, z):
        return super().activate(min(l, 2), z)

    def d_activate(self, l, z):
        return super().d_activate(min(l, 2), z)


class fpOut(Right):
    """The delta of the output layer has a factor tanh′, but nothing is squashed there: the output is linear."""

    equation = "3.9"
    hints = (
        "How does O depend on the last pre-activation?",
        "The output layer is unlike the hidden ones in one respect. What is the derivative of the identity?",
    )

    def d_activate(self, l, z):
        return super().d_activate(min(l, 2), z)


class fpOutOfO(Right):
    """The delta of the output layer has a factor tanh′, made from O as in a hidden layer: but the output is linear."""

    tag = "fpOut"
    equation = "3.9"
    hints = fpOut.hints

    def d_activate(self, l, z):
        return super().d_activate(l, z) if l < 3 else 1 - z**2


class biasMean(Right):
    """The bias gradients hold a mean over the samples: it is a sum, as in the weights, where nobody sees it."""

    equation = "3.14"
    hints = (
        "A bias acts on every sample. What happens to its effects: are they added up, or averaged?",
        "The 1/N of this loss is in dL/dO already.",
    )

    def d_bias(self, delta):
        return super().d_bias(delta) / delta.shape[1]


class noSum(Right):
    """The bias gradients have a column for each sample: the sum over the samples is missing."""

    equation = "3.14"
    hints = (
        "What shape has a bias, and what shape has its gradient?",
        "One bias acts on all samples. What becomes of their contributions?",
    )

    def d_bias(self, delta):
        return delta


class axis(Right):
    """The bias gradients are summed over the units: the sum runs over the samples."""

    equation = "3.14"
    hints = (
        "Which axis of delta counts the samples?",
        "One number for each unit is wanted. Which of the two axes has to go?",
    )

    def d_bias(self, delta):
        return np.sum(delta, axis=0)


class keepdims(Right):
    """The bias gradients have become square tables: a flat sum and the column of decay were broadcast together."""

    equation = "3.14"
    hints = (
        "Print the shape of your sum over the samples. Is it that of the bias?",
        "(n,) plus (n, 1) is (n, n), and numpy says nothing. Which argument of np.sum keeps the column?",
    )

    def d_bias(self, delta):
        return np.sum(delta, axis=1)


class noT(Right):
    """A weight matrix is not transposed on the way back: it carries delta forwards once more."""

    equation = "3.10"
    hints = (
        "A weight matrix has a row for each unit it feeds. What must it have to take delta back?",
        "Write the sizes under the product: the result needs a row for each unit of the layer before.",
    )

    def send_back(self, W, delta):
        return W @ delta


class outerT(Right):
    """The weight gradients are transposed: a row for each unit that feeds, where it should be each unit fed."""

    equation = "3.13"
    hints = (
        "What shape has W, and what shape has its gradient?",
        "Row i, column j of W leads from unit j to unit i. Which of the two carries delta?",
    )

    def d_weights(self, delta, a):
        return super().d_weights(delta, a).T


class no_fp(Right):
    """The factor tanh′ is missing in the hidden layers: delta was sent back through the weights alone."""

    equation = "3.11"
    hints = (
        "On the way back through a hidden layer you pass its weights and one thing more. Which?",
        "Where a unit is saturated, a nudge of z changes nothing. Where does your delta say so?",
    )

    def d_activate(self, l, z):
        return np.ones(z.shape)


class no_fpInLayer1(Right):
    """The factor tanh′ is missing in the first hidden layer: the second has it, and each needs its own."""

    tag = "no_fp"
    equation = "3.11"
    hints = (
        "What do you do to the error of the second hidden layer, and not to that of the first?",
        "The first layer is hidden too. What lies between its z and its activation?",
    )

    def d_activate(self, l, z):
        return np.ones(z.shape) if l == 1 else super().d_activate(l, z)


class f(Right):
    """Delta is multiplied by tanh in the hidden layers, where the derivative of tanh belongs."""

    equation = "3.11"
    hints = (
        "The chain rule asks for f or for f′?",
        "Where a unit is saturated, delta should vanish. Does yours?",
    )

    def d_activate(self, l, z):
        return np.tanh(z) if l < 3 else super().d_activate(l, z)


class fp_of_h(Right):
    """The derivative of tanh is taken at the activation: it belongs at the pre-activation, so tanh is applied twice."""

    tag = "fp(h)"
    equation = "3.11"
    hints = (
        "At which point is f′ to be evaluated?",
        "There is a form of tanh′ in terms of the activation. Does it contain another tanh?",
    )

    def d_activate(self, l, z):
        return super().d_activate(l, np.tanh(z) if l < 3 else z)


class zSquared(Right):
    """One minus the square of the pre-activation stands for tanh′: it is the activation that is squared."""

    equation = "3.11"
    hints = (
        "Can the derivative of tanh be negative?",
        "You have the right form of tanh′, and the wrong thing in it.",
    )

    def d_activate(self, l, z):
        return 1 - z**2 if l < 3 else super().d_activate(l, z)


class oneMinusH(Right):
    """One minus the activation stands for tanh′: the activation has to be squared there."""

    equation = "3.11"
    hints = (
        "Can the derivative of tanh be larger than 1?",
        "tanh is odd. Is its derivative the same at z and at -z, and is yours?",
    )

    def d_activate(self, l, z):
        return 1 - np.tanh(z) if l < 3 else super().d_activate(l, z)


class onePlusH2(Right):
    """There is a plus in tanh′, where a minus belongs: it grows where a unit saturates, and should vanish."""

    equation = "3.11"
    hints = (
        "What should the slope of tanh be where z is large?",
        "Derive tanh′ from the quotient of sinh and cosh, and watch the sign.",
    )

    def d_activate(self, l, z):
        return 1 + np.tanh(z) ** 2 if l < 3 else super().d_activate(l, z)


class sigmoidPrime(Right):
    """The derivative in the hidden layers is that of the sigmoid: here the hidden layers have tanh."""

    equation = "3.11"
    hints = (
        "Which function do these hidden units apply, and what is its derivative at zero?",
        "Derive tanh′ from the quotient of sinh and cosh.",
    )

    def d_activate(self, l, z):
        return np.tanh(z) * (1 - np.tanh(z)) if l < 3 else super().d_activate(l, z)


class zforv(Right):
    """The weight gradients hold the pre-activations of the layer before: it is its activations that are fed in."""

    equation = "3.13"
    hints = (
        "What does W multiply in the forward pass?",
        "The derivative of a product with respect to one factor is the other. Which is the other here?",
    )

    def fed(self, l, z, a):
        return z[l - 1] if l > 1 else super().fed(l, z, a)


class lastOnly(Right):
    """Only the last sample counts: the sum over the samples is overwritten instead of added up."""

    equation = "3.13"
    hints = ("What is left of the earlier samples after your loop?", "Look for = where you mean +=.")

    def d_weights(self, delta, a):
        return super().d_weights(delta[:, -1:], a[:, -1:])

    def d_bias(self, delta):
        return super().d_bias(delta[:, -1:])


class N2(Right):
    """The data part is divided by the number of samples twice: once in dL/dO and once more at the end."""

    equation = "3.13"
    hints = (
        "Hand in every sample twice. Should the gradient shrink?",
        "The 1/N of this loss is in dL/dO already. Where else do you divide by N, or take a mean?",
    )

    def d_weights(self, delta, a):
        return super().d_weights(delta, a) / delta.shape[1]

    def d_bias(self, delta):
        return super().d_bias(delta) / delta.shape[1]


def _as_stored_in(array, result):
    """Return the result as an array of this one's dtype would keep it: integers cut off the decimals."""
    return np.trunc(result) if array.dtype.kind == "i" else result
