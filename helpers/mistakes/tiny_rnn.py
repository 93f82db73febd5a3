"""Notebook 05: the mistakes of table 5.4 of the derivation, and those of its small functions."""

import numpy as np

from helpers.answers.tiny_rnn import Right


class sgmMinus(Right):
    """The sigmoid leaves the interval from 0 to 1: a sign in its denominator is wrong."""

    equation = "5.1"
    hints = (
        "What should the sigmoid give at 0, and what for very large u?",
        "A gradient check cannot find this: the wrong function obeys the same rule for its slope. Look at values.",
    )

    def sgm(self, u):
        return 1 / (1 - np.exp(-np.asarray(u)))


class mirrored(Right):
    """The sigmoid is mirrored: it falls where it should rise."""

    equation = "5.1"
    hints = ("Which way should the sigmoid go as u grows?", "Look at the sign of u in the exponent.")

    def sgm(self, u):
        return super().sgm(-u)


class prime(Right):
    """The slope of the sigmoid stands where the sigmoid itself belongs."""

    equation = "5.1"
    hints = ("What should come out at 0: a half, or a quarter?", "The slope is used on the way back, not forward.")

    def sgm(self, u):
        value = super().sgm(u)
        return value * (1 - value)


class brackets(Right):
    """The sigmoid exceeds 1: brackets are missing, and only 1 is divided by 1."""

    equation = "5.1"
    hints = ("In what order does Python work out a fraction and a sum?", "Put brackets around the whole denominator.")

    def sgm(self, u):
        return 1 / 1 + np.exp(-u)


class tanh(Right):
    """The hyperbolic tangent stands where the sigmoid belongs: it runs from -1 to 1, the sigmoid from 0 to 1."""

    equation = "5.1"
    hints = ("Can the sigmoid be negative?", "Compare the values at 0. The two functions are related, not equal.")

    def sgm(self, u):
        return np.tanh(u)

    def sgm_prime(self, value):
        return 1 - value**2


class int_(Right):
    """The decimals are cut off where the input holds integers: the result was written into an integer array."""

    tag = "int"
    equation = "5.1"
    hints = (
        "What is the dtype of np.zeros_like(x) when x is an array of ints?",
        "Make room with np.zeros and a shape, or collect the numbers in a list.",
    )

    def sgm(self, u):
        return _as_stored_in(u, super().sgm(u))

    def run(self, params, x, h0):
        h, y_hat = super().run(params, x, h0)
        return h, _as_stored_in(x, y_hat)


class intStates(Right):
    """The hidden states lose their decimals where x holds integers: they were written into an integer array."""

    tag = "int"
    equation = "5.3"
    hints = int_.hints

    def h_t(self, params, x_t, h_before):
        return _as_stored_in(x_t, super().h_t(params, x_t, h_before))


class intBoth(Right):
    """The decimals are cut off where x holds integers: states and predictions were written into integer arrays."""

    tag = "int"
    equation = "5.3"
    hints = int_.hints

    def run(self, params, x, h0):
        h, y_hat = super().run(params, x, h0)
        return np.append(h[0], _as_stored_in(x, h[1:])), _as_stored_in(x, y_hat)


class intDelta(Right):
    """The deltas are cut down to zero where x holds integers: they were written into an integer array."""

    tag = "int"
    equation = "5.12"
    hints = int_.hints

    def immediate(self, x, h, y_hat):
        factors = super().immediate(x, h, y_hat)
        lost = np.asarray(x).dtype.kind == "i"
        return factors | {name: 0 * factors[name] for name in ("w_x", "w_h", "b1") if lost}


class noBiasFwd(Right):
    """The bias b1 is missing from the hidden states."""

    equation = "5.3"
    hints = ("How many terms has a pre-activation of the hidden unit?", "Set x and h0 to zero. What is left of z?")

    def z(self, params, x_t, h_before):
        return super().z(params | {"b1": 0.0}, x_t, h_before)


class noBiasOut(Right):
    """The bias b2 is missing from the predictions."""

    tag = "noBiasFwd"
    equation = "5.4"
    hints = ("What shifts the output when the hidden state is zero?", "There are two biases, one for each sigmoid.")

    def output_z(self, params, h):
        return super().output_z(params | {"b2": 0.0}, h)


class bswap(Right):
    """The two biases are mixed up in the forward pass."""

    equation = "5.3"
    hints = ("Which bias shifts the hidden unit, and which the output?", "Number the sigmoids in order of computation.")

    def run(self, params, x, h0):
        return super().run(params | {"b1": params["b2"], "b2": params["b1"]}, x, h0)


class bswapLabels(Right):
    """The gradients of the two biases stand under each other's names."""

    tag = "bswap"
    equation = "5.13"
    hints = ("Which of the two biases acts through time?", "One bias has the sum of the output deltas. Which one?")

    def gradients(self, params, x, y, h0):
        grads = super().gradients(params, x, y, h0)
        return grads | {"b1": grads["b2"], "b2": grads["b1"]}


class wforwh(Right):
    """The weight w stands where w_h belongs: the way back through time uses the output's weight."""

    equation = "5.11"
    hints = (
        "Which weight leads from one hidden state to the next?",
        "Draw the arrows of two steps and write its weight on each. Walk them backwards.",
    )

    def carry(self, params, q, dh, t):
        return super().carry(params | {"w_h": params["w"]}, q, dh, t)


class whforw(Right):
    """The weight w_h stands where w belongs: between the hidden state and the output."""

    tag = "wforwh"
    equation = "5.12"
    hints = ("Which weight leads from the hidden state to the output?", wforwh.hints[1])

    def through_w(self, params, delta_y):
        return super().through_w(params | {"w": params["w_h"]}, delta_y)


class wSwap(Right):
    """The weights w and w_h have changed places on the way back."""

    tag = "wforwh"
    equation = "5.12"
    hints = wforwh.hints

    def carry(self, params, q, dh, t):
        return super().carry(params | {"w_h": params["w"]}, q, dh, t)

    def through_w(self, params, delta_y):
        return super().through_w(params | {"w": params["w_h"]}, delta_y)


class wSwapForward(Right):
    """The weights w and w_h have changed places in the forward pass."""

    tag = "wforwh"
    equation = "5.3"
    hints = ("Which weight leads from one hidden state to the next, and which to the output?", wforwh.hints[1])

    def run(self, params, x, h0):
        return super().run(params | {"w": params["w_h"], "w_h": params["w"]}, x, h0)


class xhSwap(Right):
    """The weights w_x and w_h have changed places in the hidden state."""

    equation = "5.3"
    hints = (
        "Which weight multiplies the input, and which the state before?",
        "The index of a weight says what it multiplies. Read your pre-activation term by term.",
    )

    def z(self, params, x_t, h_before):
        return super().z(params | {"w_x": params["w_h"], "w_h": params["w_x"]}, x_t, h_before)


class noRecurrence(Right):
    """The hidden state does not remember: the state before it does not enter."""

    equation = "5.3"
    hints = ("Does your second state change when the first one does?", "Three terms make up z: which one is missing?")

    def z(self, params, x_t, h_before):
        return super().z(params | {"w_h": 0.0}, x_t, h_before)


class h0Always(Right):
    """Every step starts from h_0: the hidden state is not handed on."""

    equation = "5.3"
    hints = ("Which state does the second step start from?", "What does your loop do with the state it has just made?")

    def states(self, params, x, h0):
        return np.append(h0, self.h_t(params, x, h0))


class noH0(Right):
    """The given first state is ignored: the recursion starts from zero."""

    equation = "5.3"
    hints = ("Where does h0 enter your function?", "The first step needs a state before it, and it is given.")

    def states(self, params, x, h0):
        return super().states(params, x, 0.0)


class noH0Term(Right):
    """The first step's share of the gradient of w_h is missing: the state before it is h_0, and not zero."""

    tag = "noH0"
    equation = "5.13"
    hints = ("Which state does w_h multiply in the first step?", "Count the terms of this sum: is there one per step?")

    def immediate(self, x, h, y_hat):
        factors = super().immediate(x, h, y_hat)
        return factors | {"w_h": factors["w_h"] * (np.arange(len(x)) > 0)}


class zforh(Right):
    """The hidden unit has no sigmoid: its pre-activation is handed on."""

    equation = "5.3"
    hints = ("Can a hidden state be larger than one?", "There are two sigmoids in each step. Where is the first?")

    def h_t(self, params, x_t, h_before):
        return self.z(params, x_t, h_before)


class noOutSgm(Right):
    """The output has no sigmoid: these predictions can leave the interval from 0 to 1."""

    equation = "5.4"
    hints = ("Can a prediction be negative here?", "There are two sigmoids in each step. Where is the second?")

    def predictions(self, params, h):
        return self.output_z(params, h)


class hprevforh(Right):
    """Each prediction is made from the state before: one step too early."""

    equation = "5.4"
    hints = ("Which state does the first prediction come from?", "h has one entry more than x: h[0] is the given one.")

    def output_z(self, params, h):
        return super().output_z(params, np.append(h[0], h[:-1]))


class yforhForward(Right):
    """The prediction is fed back where the hidden state belongs."""

    tag = "yforh"
    equation = "5.3"
    hints = ("What does the network remember: its state, or its output?", "Both are sigmoids. Only one goes round.")

    def states(self, params, x, h0):
        h, before = [h0], h0
        for x_t in x:
            h.append(self.h_t(params, x_t, before))
            before = self.predictions(params, np.array(h[-2:]))[0]
        return np.array(h)


class h0Last(Right):
    """The given state h_0 stands last in h, and should stand first."""

    equation = "5.3"
    hints = ("What does h[0] hold?", "An index of -1 is the last entry in Python. Make h one entry longer than x.")

    def forward(self, params, x, h0):
        right = super().forward(params, x, h0)
        return right | {"h": np.append(right["h"][1:], right["h"][0])}


class shortH(Right):
    """The given state is missing from h: it should have one entry more than x, with h_0 first."""

    equation = "5.3"
    hints = ("How many states are there, with the one given?", "Start your list of states with h0.")

    def forward(self, params, x, h0):
        right = super().forward(params, x, h0)
        return right | {"h": right["h"][1:]}


class longY(Right):
    """There is a prediction too many: the state h_0 has none."""

    equation = "5.4"
    hints = ("How many targets are there?", "Predictions start with the first step, states one earlier.")

    def forward(self, params, x, h0):
        right = super().forward(params, x, h0)
        before = self.predictions(params, np.repeat(right["h"][0], 2))
        return right | {"y_hat": np.append(before, right["y_hat"])}


class sign(Right):
    """The sign is wrong: the residual is y - y' somewhere, and should be y' - y."""

    equation = "5.7"
    hints = (
        "If the prediction is too large, should the derivative with respect to b2 be positive or negative?",
        "Differentiate (y - y')² with respect to y'. What does the inside of the square contribute?",
    )

    def residual(self, y_hat, y):
        return -super().residual(y_hat, y)


class noY(Right):
    """The targets do not enter: this is the result for y = 0."""

    equation = "5.5"
    hints = ("What should the loss be when every prediction hits its target?", "The residual is a difference.")

    def residual(self, y_hat, y):
        return super().residual(y_hat, 0 * y)


class noLossHalf(Right):
    """A sum over the time steps where the loss is their mean: too large by their number."""

    equation = "5.6"
    hints = (
        "Read the definition of the loss again: what stands in front of the sum?",
        "The loss has two factors, one inside each step's error and one in front of the sum. You have one of them.",
    )

    def share(self, T):
        return T * super().share(T)


class twoSteps(Right):
    """Divided by two, whatever the number of steps: the mean is over all T of them."""

    equation = "5.6"
    hints = ("Where does the factor in front of the sum come from?", "It is a half only where there are two steps.")

    def share(self, T):
        return T / 2 * super().share(T)


class two(Right):
    """Exactly twice what it should be: the half in front of each squared error is missing."""

    equation = "5.5"
    hints = ("What stands in front of the square in E_t?", "The 2 of the square has to cancel against something.")

    def errors(self, y_hat, y):
        return 2 * super().errors(y_hat, y)

    def output_delta(self, y_hat, y):
        return 2 * super().output_delta(y_hat, y)


class half(Right):
    """Exactly half of what it should be: a factor 1/2 has come in twice."""

    equation = "5.5"
    hints = ("What is the derivative of half a square?", "The half of E_t is there once, and the square brings a 2.")

    def errors(self, y_hat, y):
        return super().errors(y_hat, y) / 2

    def output_delta(self, y_hat, y):
        return super().output_delta(y_hat, y) / 2


class onlyLast(Right):
    """Only the error of the last step counts: every step has a target."""

    equation = "5.6"
    hints = ("How many errors are added up in the loss?", "Each prediction along the way sends something back, too.")

    def residual(self, y_hat, y):
        return super().residual(y_hat, y) * (np.arange(len(y)) == len(y) - 1)


class cost(Right):
    """The sign of the residual is lost: its absolute value stands in its place."""

    equation = "5.7"
    hints = (
        "Above the target and below it: should the two pull the same way?",
        "The derivative of r² is negative where r is negative. Is yours?",
    )
    says = {"loss": "Absolute values are added up where squares belong."}

    def errors(self, y_hat, y):
        return np.abs(self.residual(y_hat, y)) / 2

    def output_delta(self, y_hat, y):
        return np.abs(super().output_delta(y_hat, y))


class squareOfSum(Right):
    """The mean was taken first and then squared: errors above and below the targets cancel each other."""

    equation = "5.6"
    hints = (
        "One prediction is too high, another as much too low. Should the loss be zero?",
        "Does the square stand inside the sum, or outside?",
    )

    def loss(self, y_hat, y):
        return float((self.share(len(y)) * np.sum(self.residual(y_hat, y))) ** 2 / 2)


class f(Right):
    """The sigmoid stands where its slope belongs, in both sigmoids."""

    equation = "5.2"
    hints = (
        "What should happen to a delta where the sigmoid is nearly flat?",
        "The slope can be written with the value alone, but it is not the value.",
    )

    def sgm_prime(self, value):
        return value


class fHidden(Right):
    """The hidden state stands where the slope of its sigmoid belongs."""

    tag = "f"
    equation = "5.12"
    hints = f.hints

    def hidden_slope(self, h):
        return h[1:]


class fOutput(Right):
    """The prediction stands where the slope of its sigmoid belongs."""

    tag = "f"
    equation = "5.7"
    hints = f.hints

    def output_slope(self, y_hat):
        return y_hat


class fp_h(Right):
    """The slope is taken at the wrong place: the sigmoid is applied to something that is a sigmoid already."""

    tag = "fp(h)"
    equation = "5.2"
    hints = (
        "At which point is the slope wanted: at the pre-activation, or at the activation?",
        "The slope is made from the value of the sigmoid. Do you have that value already?",
    )

    def sgm_prime(self, value):
        return super().sgm_prime(self.sgm(value))


class fp_hHidden(Right):
    """The hidden slope is taken at the wrong place: at the hidden state, not at its pre-activation."""

    tag = "fp(h)"
    equation = "5.12"
    hints = fp_h.hints

    def hidden_slope(self, h):
        return super().hidden_slope(self.sgm(h))


class fp_hOutput(Right):
    """The output's slope is taken at the wrong place: at the prediction, not at its pre-activation."""

    tag = "fp(h)"
    equation = "5.7"
    hints = fp_h.hints

    def output_slope(self, y_hat):
        return super().output_slope(self.sgm(y_hat))


class noOutFp(Right):
    """The slope of the output's sigmoid is missing: it cancels for cross-entropy, but not for squares."""

    equation = "5.7"
    hints = (
        "Between the prediction and the weight w there is a sigmoid. Where is its derivative?",
        "A saturated output hardly moves. What should its delta be?",
    )

    def output_slope(self, y_hat):
        return np.ones(len(y_hat))


class no_fp(Right):
    """The slope of the hidden sigmoid is missing on the way back."""

    equation = "5.12"
    hints = (
        "Between h_t and w_x there is a sigmoid. Where is its derivative?",
        "A saturated hidden unit hardly moves. What should its delta be?",
    )

    def hidden_slope(self, h):
        return np.ones(len(h) - 1)


class no_fpCarry(Right):
    """What comes back from the next step has not passed the slope of this step's sigmoid; the output's part has."""

    equation = "5.12"
    hints = (
        "Two paths lead back into the state of a step. Which of them lie behind its sigmoid?",
        "Add up what comes into the state first. When is the slope due: before the sum, or after?",
    )

    def hidden_delta(self, params, h, delta_y):
        q = self.hidden_slope(h)
        return self.through_time(params, np.ones(len(q)), q * self.through_w(params, delta_y))


class slopeBefore(Right):
    """The slope of the hidden sigmoid is that of the step before: each delta needs the state of its own step."""

    equation = "5.12"
    hints = (
        "h has one entry more than x. Which entry is the state of the first step?",
        "Put the number of the step under every factor of a hidden delta. Which of them differ?",
    )

    def hidden_slope(self, h):
        return self.sgm_prime(h[:-1])


class trunc(Right):
    """Nothing comes back through time: each state also acts on all the steps after it."""

    equation = "5.12"
    hints = (
        "On how many errors does the first hidden state act?",
        "Two arrows leave h_t: one to the output, one to the next state. Which one did you walk back?",
    )

    def through_time(self, params, q, own):
        return own


class truncOne(Right):
    """The way back through time ends after one step: it should go on to the first."""

    tag = "trunc"
    equation = "5.12"
    hints = (
        "On how many errors does the first hidden state act when there are three steps?",
        "What you hand back has to contain what was handed back to you.",
    )

    def through_time(self, params, q, own):
        slopes, arriving = np.append(q, 0.0), np.append(own, 0.0)
        return np.array([own[t] + self.carry(params, slopes, arriving, t) for t in range(len(own))])


class T2(Right):
    """Right for two steps only: later steps do not enter, and one step alone fails."""

    equation = "5.9"
    hints = (
        "Which part of your formula depends on the number of steps?",
        "Do not write the steps out one by one: start at the last and walk back in a loop.",
    )

    def gradients(self, params, x, y, h0):
        if len(x) < 2:
            raise IndexError("there is no second step")
        return super().gradients(params, x[:2], y[:2], h0)


class double(Right):
    """Paths through time are counted more than once: total derivatives stand where immediate ones belong."""

    equation = "5.9"
    hints = (
        "In the last factor, is the state before held fixed?",
        "How many paths lead from w_x in the first step to the second error? How often is each in your sum?",
    )

    def through_time(self, params, q, own):
        return super().through_time(params, q, super().through_time(params, q, own))


class notTruncated(Right):
    """The way back through time is still open: what a step does to the later errors is counted."""

    equation = "5.12"
    hints = (
        "Which of the two terms of a hidden delta comes from the step after it?",
        "Does your delta of one step change when a later target changes?",
    )

    def truncated_gradients(self, params, x, y, h0):
        return self.gradients(params, x, y, h0)


class no_w(Right):
    """The weight w is missing on the way from the output back to the hidden state."""

    equation = "5.12"
    hints = (
        "How much does the output's pre-activation change when h_t grows a little?",
        "The chain from the error to h_t has three links. Which one is yours without?",
    )

    def through_w(self, params, delta_y):
        return super().through_w(params | {"w": 1.0}, delta_y)


class wTwice(Right):
    """The weight w stands on the path from the future as well: it leads to the output, not to the next state."""

    equation = "5.12"
    hints = (
        "Which weights lie between one hidden state and the next?",
        "Two terms are added up in the slope by a state. Which of them have come through the output of this step?",
    )

    def carry(self, params, q, dh, t):
        return params["w"] * super().carry(params, q, dh, t)


class no_wh(Right):
    """The weight w_h is missing on the way back from one step to the one before."""

    equation = "5.11"
    hints = (
        "How much does z change when the state before it grows a little?",
        "From one state to the next there are two links: a weight, and a sigmoid.",
    )

    def carry(self, params, q, dh, t):
        return super().carry(params | {"w_h": 1.0}, q, dh, t)


class offByOne(Right):
    """The next step's slope is applied twice on the way back: the delta that comes back holds it already."""

    equation = "5.11"
    hints = (
        "How many slopes lie between two neighbouring pre-activations?",
        "Is what you carry a derivative by h or by z? Only one of them has passed the sigmoid.",
    )

    def carry(self, params, q, dh, t):
        return super().carry(params, q**2, dh, t)


class offByOneNever(Right):
    """A slope is missing between one step and the next: only the last sigmoid on the way back is passed."""

    tag = "offByOne"
    equation = "5.11"
    hints = (
        "How many sigmoids lie between two neighbouring hidden states?",
        "Does the slope multiply the whole bracket, or only its first term?",
    )

    def carry(self, params, q, dh, t):
        return super().carry(params, np.ones(len(q)), dh, t)


class offByOneNow(Right):
    """The slope between one step and the next is taken at the wrong step: off by one."""

    tag = "offByOne"
    equation = "5.11"
    hints = (
        "Which state's sigmoid lies between two neighbouring hidden states: the earlier, or the later?",
        "Write the time index under every factor of the product.",
    )

    def carry(self, params, q, dh, t):
        return super().carry(params, np.append(q[0], q[:-1]), dh, t)


class reversed_(Right):
    """The hidden deltas are in the order of the way back: the last step's stands first."""

    tag = "reversed"
    equation = "5.13"
    hints = (
        "Your loop runs from the last step to the first. In which order does it collect?",
        "Each delta has to meet the input of its own step.",
    )

    def hidden_delta(self, params, h, delta_y):
        return super().hidden_delta(params, h, delta_y)[::-1]


class hfor_hprev(Right):
    """The state after the step stands where the state before it belongs."""

    equation = "5.10"
    hints = ("Which state does w_h multiply in z_t?", "The states start with h_0: compare the indices in the sum.")

    def immediate(self, x, h, y_hat):
        return super().immediate(x, h, y_hat) | {"w_h": h[1:]}


class yforh(Right):
    """The prediction stands where the hidden state belongs: w multiplies the state."""

    equation = "5.8"
    hints = (
        "What does the weight w multiply in the forward pass?",
        "In the example of the source the two are equal. Try it with other numbers.",
    )

    def immediate(self, x, h, y_hat):
        return super().immediate(x, h, y_hat) | {"w": y_hat}


class yforhBefore(Right):
    """The prediction of the step before stands where the hidden state belongs."""

    tag = "yforh"
    equation = "5.8"
    hints = yforh.hints

    def immediate(self, x, h, y_hat):
        return super().immediate(x, h, y_hat) | {"w": np.append(h[1], y_hat[:-1])}


class hprevforhBack(Right):
    """The state before the step stands where the state after it belongs: w multiplies the new one."""

    tag = "hprevforh"
    equation = "5.8"
    hints = ("Which state does the prediction come from?", "The states start with h_0: compare the indices in the sum.")

    def immediate(self, x, h, y_hat):
        return super().immediate(x, h, y_hat) | {"w": h[:-1]}


class noX(Right):
    """The input is missing: the gradients of w_x and b1 come out the same."""

    equation = "5.10"
    hints = ("How much does z change when w_x grows by one?", "The bias has a factor 1 there. What has w_x?")

    def immediate(self, x, h, y_hat):
        return super().immediate(x, h, y_hat) | {"w_x": np.ones(len(x))}


class xBefore(Right):
    """The gradient of w_x pairs each delta with the input of the step before: x has no entry for a step 0."""

    equation = "5.13"
    hints = (
        "h has one entry more than x. Does the same index mean the same step in both?",
        "Which input goes into the first hidden state, and at which place does it stand in x?",
    )

    def immediate(self, x, h, y_hat):
        return super().immediate(x, h, y_hat) | {"w_x": np.roll(x, 1)}


class lastOnly(Right):
    """One step's term is left of the sum over time: it is overwritten instead of added up."""

    equation = "5.13"
    hints = ("What is left of the other steps after your loop?", "Look for = where you mean +=.")

    def over_time(self, terms):
        return super().over_time(terms[-1:])


class firstOnly(Right):
    """Only the first step's term is left of the sum over time: it is overwritten instead of added up."""

    tag = "lastOnly"
    equation = "5.13"
    hints = lastOnly.hints

    def over_time(self, terms):
        return super().over_time(terms[:1])


class N2(Right):
    """The mean over the time steps was taken twice: in the deltas and again in the sums."""

    equation = "5.8"
    hints = ("How often is the loss divided by T?", "The share of each step is in its delta already.")

    def over_time(self, terms):
        return super().over_time(terms) / len(terms)


class perStateTimes(Right):
    """The state multiplies where it should divide: what is wanted of the second step is its bare delta."""

    equation = "5.14"
    hints = (
        "Of which two factors is the gradient of w_h made, when only the second step counts?",
        "You know the product and one factor. How do you get the other?",
    )

    def per_state(self, dw_h, h_1):
        return dw_h * h_1


class perStateOne(Right):
    """The gradient of w_h is taken for a bare delta: the state that it was multiplied by is still in it."""

    equation = "5.14"
    hints = perStateTimes.hints

    def per_state(self, dw_h, h_1):
        return dw_h


def _as_stored_in(like, result):
    """Return the result as an array of that dtype would keep it: integers cut off the decimals."""
    return np.trunc(result) if np.asarray(like).dtype.kind == "i" else result
