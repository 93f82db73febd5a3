"""Notebook 01: the mistakes of table 2.4 of the derivation, and two of its descent."""

import numpy as np

from helpers.answers.linear_regression import Right


class half(Right):
    """Exactly half of what it should be: the 2 that comes down from the square is missing."""

    equation = "1.5"
    hints = (
        "What is the derivative of r² with respect to r?",
        "Multiply one sample's derivative out by hand, d/dW of (W x - y)², and count the factors.",
    )
    says = {
        "total_cost": "The cost is exactly half. Many texts put ½ in front of the square; this cost has none.",
        "gradient_descent": "Each step is half as long as it should be: the 2 of the square is missing.",
    }

    def total_cost(self, W, X, y):
        return super().total_cost(W, X, y) / 2

    def gradient(self, W, X, y):
        return super().gradient(W, X, y) / 2


class sign(Right):
    """The sign is wrong: the residual is y - out somewhere, and should be out - y."""

    equation = "1.5"
    hints = (
        "If out is too large, should the derivative with respect to the bias be positive or negative?",
        "Differentiate (out - y)² and (y - out)² with respect to out. Why are the results the same?",
    )
    says = {"gradient_descent": "You walk uphill: W moves along the gradient, and should move against it."}

    def residual(self, W, X, y):
        return -super().residual(W, X, y)


class mean(Right):
    """Divided by the number of samples: this cost is a sum, not a mean."""

    equation = "1.4"
    hints = (
        "Read the definition of the total cost again: what stands in front of the sum?",
        "Hand in every sample twice. Should this cost double, or stay the same?",
    )

    def total_cost(self, W, X, y):
        return super().total_cost(W, X, y) / X.shape[1]

    def gradient(self, W, X, y):
        return super().gradient(W, X, y) / X.shape[1]


class byFeatures(Right):
    """Divided by the number of features: this cost is a sum, and the features are not what it runs over."""

    equation = "1.4"
    hints = (
        "Which of the two sizes of X does your division use?",
        "Read the definition of the total cost again: is there any division in it?",
    )

    def total_cost(self, W, X, y):
        return super().total_cost(W, X, y) / X.shape[0]

    def gradient(self, W, X, y):
        return super().gradient(W, X, y) / X.shape[0]


class noX(Right):
    """The factor x_j, from the inside of the square, is missing: every entry comes out the same."""

    equation = "1.6"
    hints = (
        "How much does out change when W_j grows by one?",
        "The chain rule has two factors here. Which one depends on j?",
    )
    says = {
        "two_samples": "The factor x, from the inside of the square, is missing: this is the derivative by the bias."
    }

    def gradient(self, W, X, y):
        return np.full(W.shape, 2.0 * np.sum(self.residual(W, X, y)))


class WforX(Right):
    """The weight W_j stands where the feature x_j belongs, in the factor from the inside of the square."""

    equation = "1.6"
    hints = (
        "How much does out change when W_j grows by one: by a weight, or by a feature?",
        "In a product of W_j and x_j, which of the two is left when you differentiate by the other?",
    )

    def gradient(self, W, X, y):
        return 2 * W * np.sum(self.residual(W, X, y))


class sumsApart(Right):
    """Residuals and features were added up apart and then multiplied: each sample's two belong together."""

    equation = "1.8"
    hints = (
        "Is a sum of products the product of the sums?",
        "Which comes first for one sample: the multiplication by its feature, or the sum over samples?",
    )

    def gradient(self, W, X, y):
        return 2 * np.sum(X, axis=1, keepdims=True) * np.sum(self.residual(W, X, y))


class biasZero(Right):
    """The bias gets no gradient: entry 0 is zero, and the rest is right."""

    equation = "1.1"
    hints = ("Which feature does the bias multiply?", "The bias is W_0, and x_0 = 1 for every sample: row 0 of X.")

    def gradient(self, W, X, y):
        return _with_bias(super().gradient(W, X, y), 0)


class biasMean(Right):
    """The bias is treated differently: entry 0 is a mean over the samples, the others are sums."""

    equation = "1.8"
    hints = (
        "Is there any reason to treat row 0 of X unlike the other rows?",
        "Look for a mean where the formula has a sum.",
    )

    def gradient(self, W, X, y):
        dW = super().gradient(W, X, y)
        return _with_bias(dW, dW[0] / X.shape[1])


class noBiasFwd(Right):
    """The bias is missing from the prediction: W_0 does not enter out."""

    equation = "1.1"
    hints = (
        "How many weights are there, and how many of them does your sum use?",
        "With x_0 = 1 the sum over j starts at 0, not at 1.",
    )

    def predict(self, W, X):
        return W[1:].T @ X[1:]


class biasTwice(Right):
    """The bias enters the prediction twice: the row of ones in X brings it in already."""

    equation = "1.1"
    hints = (
        "What does W_0 multiply in the sum over the features?",
        "With all features zero but x_0 = 1, what should out be?",
    )

    def predict(self, W, X):
        return super().predict(W, X) + W[0]


class strayj(Right):
    """The residual of entry j uses W_j x_j alone, where it needs the whole sum over the features."""

    equation = "1.8"
    hints = (
        "The residual is one number for each sample. Does it depend on j?",
        "Two different indices have been called j: the one you differentiate by and the one you sum over.",
    )

    def gradient(self, W, X, y):
        return 2 * np.sum(X * (W * X - y), axis=1, keepdims=True)


class broadcast(Right):
    """A column minus a row has become a whole table: every prediction is compared with every target."""

    equation = "1.4"
    hints = (
        "Print the shape of your residual. How many numbers should it hold?",
        "(N, 1) minus (1, N) is (N, N), and numpy says nothing. Keep out and y both as rows.",
    )

    def total_cost(self, W, X, y):
        return float(np.sum((self.predict(W, X).T - y) ** 2))

    def gradient(self, W, X, y):
        table = self.predict(W, X).T - y  # (N, N)
        return 2 * np.sum(X @ table, axis=1, keepdims=True)


class squareOfSum(Right):
    """The residuals were added up first and then squared: too high and too low cancel each other."""

    equation = "1.4"
    hints = (
        "One prediction is 3 too high, another 3 too low. What should they cost together?",
        "Does the square stand inside the sum, or outside?",
    )

    def total_cost(self, W, X, y):
        return float(np.sum(self.residual(W, X, y)) ** 2)


class root(Right):
    """A root has been taken: this is the length of the residual, and the cost is the square of it."""

    equation = "1.4"
    hints = (
        "A residual of 3 and one of 4: what should they cost together?",
        "What is the difference between a norm and a sum of squares?",
    )

    def total_cost(self, W, X, y):
        return super().total_cost(W, X, y) ** 0.5


class noY(Right):
    """The targets do not enter: this is the result for y = 0."""

    equation = "1.3"
    hints = ("What should the cost be when every prediction hits its target?", "The residual is out - y, not out.")

    def residual(self, W, X, y):
        return super().residual(W, X, y) + y


class lastOnly(Right):
    """Only the last sample counts: the sum over samples is overwritten instead of added up."""

    equation = "1.8"
    hints = ("What is left of the earlier samples after your loop?", "Look for = where you mean +=.")
    says = {"two_samples": "Sample A is missing: only sample B counts here."}

    def total_cost(self, W, X, y):
        return super().total_cost(W, X[:, -1:], y[:, -1:])

    def gradient(self, W, X, y):
        return super().gradient(W, X[:, -1:], y[:, -1:])


class firstOnly(Right):
    """Only the first sample counts: the others must be added to it."""

    tag = "lastOnly"
    equation = "1.8"
    hints = ("Which samples does your result depend on?", "Does your function return before its loop has ended?")
    says = {"two_samples": "Sample B is missing: only sample A counts here."}

    def total_cost(self, W, X, y):
        return super().total_cost(W, X[:, :1], y[:, :1])

    def gradient(self, W, X, y):
        return super().gradient(W, X[:, :1], y[:, :1])


class int_(Right):
    """The decimals are cut off where W holds integers: the result was written into an integer array."""

    tag = "int"
    equation = "1.9"
    hints = (
        "What is the dtype of np.zeros_like(W) when W is an array of ints?",
        "Make room with np.zeros(W.shape), or build the result in one expression.",
    )

    def gradient(self, W, X, y):
        return _as_stored_in(W, super().gradient(W, X, y))

    def gradient_descent(self, W, X, y, eta, steps):
        for _ in range(steps):
            W = _as_stored_in(W, W - eta * Right.gradient(self, W, X, y))
        return W


class cost(Right):
    """The sign of the residual is lost: |r| stands where r belongs."""

    equation = "1.5"
    hints = (
        "Below the target and above it: should the two pull the same way?",
        "The derivative of r² is negative where r is negative. Is yours?",
    )
    says = {"total_cost": "Absolute values are added up where squares belong."}

    def total_cost(self, W, X, y):
        return float(np.sum(np.abs(self.residual(W, X, y))))

    def gradient(self, W, X, y):
        return 2 * X @ np.abs(self.residual(W, X, y)).T


class absolute(Right):
    """This is the derivative of |r|, not of r²: only the sign of the residual is left."""

    tag = "cost"
    equation = "1.5"
    hints = (
        "Does a sample that is far off pull harder than one that is nearly right?",
        "The outer derivative is 2r. Where has r gone?",
    )

    def gradient(self, W, X, y):
        return X @ np.sign(self.residual(W, X, y)).T


class r2(Right):
    """The residual is still squared: the power rule takes one power away."""

    equation = "1.5"
    hints = ("d/dr of r² is a multiple of which power of r?", "A gradient that can never be negative cannot be right.")

    def gradient(self, W, X, y):
        return 2 * X @ (self.residual(W, X, y) ** 2).T


class axis(Right):
    """Summed over the wrong axis: one number for each sample, where one for each weight is wanted."""

    equation = "1.8"
    hints = (
        "Which index does the sum run over, and is that the rows or the columns of X?",
        "A gradient has the shape of the thing differentiated: W.",
    )

    def gradient(self, W, X, y):
        return 2 * np.sum(X * self.residual(W, X, y), axis=0)


class Xt(Right):
    """X is read with samples as rows: here one sample is a column."""

    tag = "Xᵀ"
    equation = "1.2"
    hints = (
        "What are the two sizes of X, and which of them counts samples?",
        "Write the shapes under each factor: (d+1, N) times what gives (d+1, 1)?",
    )

    def predict(self, W, X):
        return (X @ W).T

    def gradient(self, W, X, y):
        return 2 * X.T @ self.residual(W, X, y).T


class oneStep(Right):
    """Only one step was taken, whatever ``steps`` says."""

    equation = "1.10"
    hints = ("What does your loop do on its second turn?", "Use the new W, not the first one, for the next gradient.")

    def gradient_descent(self, W, X, y, eta, steps):
        return super().gradient_descent(W, X, y, eta, 1)


class oldGradient(Right):
    """Every step uses the gradient at the first W: it must be computed again after each step."""

    equation = "1.10"
    hints = ("The slope changes as you walk. Where do you look at it?", "The gradient belongs inside the loop.")

    def gradient_descent(self, W, X, y, eta, steps):
        return W - steps * eta * self.gradient(W, X, y)


class offByOneStep(Right):
    """One step too few was taken."""

    equation = "1.10"
    hints = (
        "How often does your loop turn when ``steps`` is 3?",
        "With steps = 1, W should move. Does yours?",
    )

    def gradient_descent(self, W, X, y, eta, steps):
        return super().gradient_descent(W, X, y, eta, steps - 1)


class oneTooMany(Right):
    """One step too many was taken."""

    tag = "offByOneStep"
    equation = "1.10"
    hints = (
        "How often does your loop turn when ``steps`` is 3?",
        "With steps = 0, W should stay where it is. Does yours?",
    )

    def gradient_descent(self, W, X, y, eta, steps):
        return super().gradient_descent(W, X, y, eta, steps + 1)


class noEta(Right):
    """The learning rate is missing: the whole gradient is subtracted, whatever ``eta`` says."""

    equation = "1.10"
    hints = ("Which of your arguments never appears?", "With eta = 0 nothing should move. Does it?")

    def gradient_descent(self, W, X, y, eta, steps):
        return super().gradient_descent(W, X, y, 1, steps)


class fromZero(Right):
    """The walk starts from zero: it should start from the W that is given."""

    equation = "1.10"
    hints = ("Where does the walk start?", "With eta = 0 the given W should come back. What does yours give?")

    def gradient_descent(self, W, X, y, eta, steps):
        return super().gradient_descent(np.zeros(W.shape), X, y, eta, steps)


class inPlace(Right):
    """The entries moved one after the other, each seeing the new ones: a step takes all slopes at the old W."""

    equation = "1.10"
    hints = (
        "At which W is the second entry of the gradient taken?",
        "Does the order in which you go through the entries matter? Should it?",
    )

    def gradient_descent(self, W, X, y, eta, steps):
        W = np.array(W, dtype=float)
        for _ in range(steps):
            for j in range(len(W)):
                W[j] -= eta * self.gradient(W, X, y)[j]
        return W


def _with_bias(dW, value):
    """Return dW with entry 0 replaced."""
    dW = np.array(dW, dtype=float)
    dW[0] = value
    return dW


def _as_stored_in(W, result):
    """Return the result as an array of W's dtype would keep it: integers cut off the decimals."""
    return np.trunc(result) if W.dtype.kind == "i" else result
