"""Notebook 05: the right answers, and the problems that they are tried on.

(5.1)   sgm(u) = 1 / (1 + e^-u)
(5.2)   sgm'(u) = sgm(u) (1 - sgm(u))
(5.3)   z_t = w_x x_t + w_h h_{t-1} + b1,   h_t = sgm(z_t),   h_0 given
(5.4)   y'_t = sgm(w h_t + b2)
(5.5)   E_t = 1/2 (y_t - y'_t)^2
(5.6)   Loss = 1/T sum_{t=1..T} E_t
(5.7)   delta^y_t = dLoss/d(w h_t + b2) = 1/T (y'_t - y_t) y'_t (1 - y'_t)
(5.8)   dLoss/dw = sum_t delta^y_t h_t,   dLoss/db2 = sum_t delta^y_t
(5.9)   dE_i/dtheta = sum_{k=1..i} dE_i/dy'_i dy'_i/dh_i dh_i/dh_k d+h_k/dtheta   (d+: h_{k-1} held fixed)
(5.10)  d+h_t/dw_x = h_t (1 - h_t) x_t,   d+h_t/dw_h = h_t (1 - h_t) h_{t-1},   d+h_t/db1 = h_t (1 - h_t)
(5.11)  dh_i/dh_k = prod_{j=k+1..i} h_j (1 - h_j) w_h
(5.12)  dLoss/dh_t = w delta^y_t + w_h delta^h_{t+1},   delta^h_t = dLoss/dz_t = h_t (1 - h_t) dLoss/dh_t,
        delta^h_{T+1} = 0
(5.13)  dLoss/dw_x = sum_t delta^h_t x_t,   dLoss/dw_h = sum_t delta^h_t h_{t-1},   dLoss/db1 = sum_t delta^h_t
(5.14)  dLoss/db1 = dLoss/dw_x + 1/h_1 dLoss/dw_h   where x = (1, 0) and h_0 = 0
"""

import numpy as np

from helpers.answers import graded

# Probe B of the derivation. Unlike the numbers of its source, it hides nothing: no 1, no h_0 = 0, no x_2 = 0.
WORKED_EXAMPLE = {
    "params": {"w": 1.5, "w_x": -0.8, "w_h": 0.6, "b1": 0.2, "b2": -0.4},
    "x": np.array([0.5, -1.0]),
    "y": np.array([1.0, 0.25]),
    "h0": 0.3,
    "y_hat": np.array([0.58, 0.69]),
}
# Its states and predictions to one digit, so that the way back can be done on paper without rounding.
BY_HAND = {"h": np.array([0.3, 0.5, 0.8]), "y_hat": np.array([0.6, 0.7])}

# What cannot show in the weight w of one step alone, whose hidden state is given as a number.
ONE_STEP = {"int", "noLossHalf", "twoSteps", "N2", "onlyLast", "lastOnly", "hfor_hprev", "noH0", "noX", "xBefore"}
ONE_STEP |= {"yforh#yforhBefore", "hprevforh", "hprevforhBack"}
# What cannot show in the second of two hidden states, where there is no output.
STATES_ALONE = {"int", "trunc#truncOne", "yforh", "hprevforh", "wforwh"}


class Right:
    """The graded functions of notebook 05."""

    @graded("sgm(u)")
    def sgm(self, u):
        return 1 / (1 + np.exp(-u))

    def sgm_prime(self, value):
        """Return the slope of the sigmoid from its value."""
        return value * (1 - value)

    @graded(
        "sgm'(u)",
        kind="derivation",
        alone=True,
        given={"s": "1/(1 + exp(-u))"},
        lines=3,
        hides={"mirrored", "int"},  # the slope is symmetric; u is no integer
    )
    def slope_derivation(self, u):
        return float(self.sgm_prime(self.sgm(u)))

    def z(self, params, x_t, h_before):
        return params["w_x"] * x_t + params["w_h"] * h_before + params["b1"]

    def h_t(self, params, x_t, h_before):
        return self.sgm(self.z(params, x_t, h_before))

    def states(self, params, x, h0):
        h = [h0]
        for x_t in x:
            h.append(self.h_t(params, x_t, h[-1]))
        return np.array(h)

    def output_z(self, params, h):
        return params["w"] * h[1:] + params["b2"]

    def predictions(self, params, h):
        return self.sgm(self.output_z(params, h))

    def run(self, params, x, h0):
        h = self.states(params, x, h0)
        return h, self.predictions(params, h)

    @graded("{}")
    def forward(self, params, x, h0):
        h, y_hat = self.run(params, x, h0)
        return {"h": h, "y_hat": y_hat}

    def residual(self, y_hat, y):
        return y_hat - y

    def errors(self, y_hat, y):
        return self.residual(y_hat, y) ** 2 / 2

    def share(self, T):
        """Return the weight of one step's error in the loss."""
        return 1 / T

    @graded("loss", hides={"sign"})  # a square has no sign
    def loss(self, y_hat, y):
        return float(self.share(len(y)) * np.sum(self.errors(y_hat, y)))

    @graded("{}", alone=True)
    def put_right(self):
        return {"E": 3, "front": 2, "theta": 4, "y_dash": 1, "y_1": 2, "rounded": 0.868, "never_given": 3}

    @graded(
        "dE/dw",
        kind="derivation",
        alone=True,
        given={"u": "w*h + b2", "y_hat": "1/(1 + exp(-u))"},
        lines=3,
        hides=ONE_STEP,
    )
    def output_derivation(self, w, h, b2, y):
        return self.one_step(w, h, b2, y)

    def one_step(self, w, h, b2, y):
        """Return dE/dw of one step, whose loss is its error."""
        params, h = {"w": w, "b2": b2}, np.array([np.nan, h])
        y_hat = self.predictions(params, h)
        return float((self.output_delta(y_hat, np.array([y])) * self.immediate(np.zeros(1), h, y_hat)["w"])[0])

    def output_slope(self, y_hat):
        return self.sgm_prime(y_hat)

    @graded("delta_y")
    def output_delta(self, y_hat, y):
        return self.share(len(y)) * self.residual(y_hat, y) * self.output_slope(y_hat)

    @graded("spot", alone=True, hides=ONE_STEP)
    def printed_sign(self, w, b2, h_1, y_1):
        return {"factor": 2, "repair": self.one_step(w, h_1, b2, y_1), "loss": 1}

    def hidden_slope(self, h):
        return self.sgm_prime(h[1:])

    def through_w(self, params, delta_y):
        return params["w"] * delta_y

    def carry(self, params, q, dh, t):
        """Return what comes back to the state of step t from the step after it."""
        return params["w_h"] * q[t + 1] * dh[t + 1]

    def through_time(self, params, q, own):
        """Return dLoss/dh_t for each step, from the part of it that comes from the step's own output."""
        q, dh = np.append(q, 0.0), np.zeros(len(own) + 1)
        for t in reversed(range(len(own))):
            dh[t] = own[t] + self.carry(params, q, dh, t)
        return dh[:-1]

    def last_state(self, params, x, h, name):
        """Return the derivative of the last state by a parameter that acts through the states."""
        q, own = self.hidden_slope(h), np.eye(len(h) - 1)[-1]
        factor = self.immediate(x, h, h[1:])[name]
        return float(np.sum(q * self.through_time(params, q, own) * factor))

    @graded(
        "dh_2/dw_x",
        kind="derivation",
        alone=True,
        given={
            "h_1": "1/(1 + exp(-(w_x*x_1 + w_h*h_0 + b1)))",
            "h_2": "1/(1 + exp(-(w_x*x_2 + w_h*h_1 + b1)))",
            "q_1": "h_1*(1 - h_1)",
            "q_2": "h_2*(1 - h_2)",
        },
        lines=3,
        hides=STATES_ALONE | {"noH0", "hfor_hprev"},
    )
    def two_paths(self, w_x, w_h, b1, x_1, x_2, h_0):
        params = {"w_x": w_x, "w_h": w_h, "b1": b1, "w": np.nan}
        h_1 = self.h_t(params, x_1, h_0)
        h = np.array([h_0, h_1, self.h_t(params, x_2, h_1)])
        return self.last_state(params, np.array([x_1, x_2]), h, "w_x")

    @graded("spot", alone=True, hides=STATES_ALONE | {"noX", "xBefore"})
    def total_or_immediate(self, w_h, h):
        q_1, q_2 = h[1] * (1 - h[1]), h[2] * (1 - h[2])
        literal = q_2 * h[1] + 2 * q_2 * w_h * q_1 * h[0]
        repair = self.last_state({"w_h": w_h, "w": np.nan}, np.zeros(2), h, "w_h")
        return {"factor": 4, "literal": literal, "repair": repair, "parameters": 3}

    @graded("delta_h")
    def hidden_delta(self, params, h, delta_y):
        q = self.hidden_slope(h)
        return q * self.through_time(params, q, self.through_w(params, delta_y))

    def immediate(self, x, h, y_hat):
        """Return the derivative of its own step's pre-activation by each parameter, in the order of computation."""
        ones = np.ones(len(x))
        return {"w": h[1:], "b2": ones, "w_x": x, "w_h": h[:-1], "b1": ones}

    def over_time(self, terms):
        return float(np.sum(terms))

    def collected(self, x, h, y_hat, delta_y, delta_h):
        """Return the gradient of each parameter from the deltas, in the order of computation."""
        return {
            name: self.over_time((delta_y if name in ("w", "b2") else delta_h) * factor)
            for name, factor in self.immediate(x, h, y_hat).items()
        }

    @graded("d{}", builds_on={"forward"})
    def gradients(self, params, x, y, h0):
        h, y_hat = self.run(params, x, h0)
        delta_y = self.output_delta(y_hat, y)
        return self.collected(x, h, y_hat, delta_y, self.hidden_delta(params, h, delta_y))

    @graded("spot", alone=True, hides={"twoSteps"})  # there are two
    def copied_lines(self, dE):
        mended = {f"d{name}": self.share(2) * self.over_time(dE[name]) for name in ("w_x", "w_h", "b2", "b1")}
        return {"lines": np.array([2, 3, 6])} | mended

    @graded("spot", alone=True)
    def wrong_sigmoid(self, u):
        return {"line": 1, "repair": self.sgm(u), "caught_by": 3}

    def per_state(self, dw_h, h_1):
        return dw_h / h_1

    @graded("db1", kind="formula", alone=True)
    def implied_db1(self, dw_x, dw_h, h_1):
        return float(dw_x + self.per_state(dw_h, h_1))

    @graded("{}", alone=True)
    def blind_spots(self):
        return {"invisible": np.array([1, 2, 4, 6, 7])}

    @graded("{}", alone=True, hides={"int", "twoSteps", "trunc#truncOne"})  # no integers, and two steps
    def by_hand(self):
        params, x, y = (WORKED_EXAMPLE[name] for name in ("params", "x", "y"))
        h, y_hat = BY_HAND.values()
        delta_y = self.output_delta(y_hat, y)
        delta_h = self.hidden_delta(params, h, delta_y)
        grads = self.collected(x, h, y_hat, delta_y, delta_h)
        return {"delta_y": delta_y, "delta_h": delta_h} | {f"d{name}": grads[name] for name in grads}

    @graded("d{}", builds_on={"forward", "gradients"})
    def truncated_gradients(self, params, x, y, h0):
        h, y_hat = self.run(params, x, h0)
        delta_y = self.output_delta(y_hat, y)
        q = self.hidden_slope(h)
        delta_h = q * self.through_w(params, delta_y)
        return self.collected(x, h, y_hat, delta_y, delta_h)


def problems(rng):
    """Return {description: inputs}, drawn from ``rng`` by the fixture rules; an exercise takes what it names.

    One step, two, three and five, since 1/T is a half for two and nothing for one; no parameter, input or state is
    0, 1 or equal to another; pre-activations and residuals of both signs. ``y_hat`` is drawn for the loss alone.
    """
    formulas = {"slope_derivation": {}}  # takes numbers, no arrays
    return {
        "three steps": _draw(rng, 3),
        "two steps": _draw(rng, 2),
        "five steps": _draw(rng, 5),
        "one step alone": _draw(rng, 1),
        "three steps of integers": _draw(rng, 3, integer=True),
        "the worked example": WORKED_EXAMPLE,
        "a row of numbers": {"u": _apart(rng, 5)} | formulas,
        "a single number": {"u": float(_apart(rng, 1)[0])},
        "a table of numbers": {"u": _apart(rng, 6).reshape(2, 3)} | formulas,
        "integers": {"u": np.array([-3, 2, -1, 4])} | formulas,
    }


def _draw(rng, T, integer=False):
    while True:
        values = _apart(rng, 5)
        params = dict(zip(["w", "w_x", "w_h", "b1", "b2"], values.tolist(), strict=True))
        x = rng.choice([-3, -2, 2, 3], T, replace=False) if integer else _apart(rng, T)
        y = rng.choice([-2, -1, 2, 3], T, replace=False) if integer else rng.uniform(-0.9, 1.9, T).round(2)
        h0, y_hat = round(rng.uniform(0.2, 0.8), 2), rng.uniform(0.1, 0.9, T).round(2)
        if _generic(params, x, y, h0, y_hat):
            problem = {"params": params, "x": x, "y": y, "h0": h0, "y_hat": y_hat}
            return problem if integer else problem | _parts(**problem)


def _parts(params, x, y, h0, y_hat):
    """Return the inputs of the exercises on parts of the network: {exercise: inputs}."""
    h, predicted = Right().run(params, x, h0)
    parts = {
        "hidden_delta": {"params": params, "h": h.round(3), "delta_y": (Right().output_delta(predicted, y)).round(4)}
    }
    if len(x) < 2:
        return parts
    step = {"w": params["w"], "b2": params["b2"]}
    return parts | {
        "slope_derivation": {"u": float(x[0])},
        "output_derivation": step | {"h": round(h[1], 2), "y": float(y[0])},
        "printed_sign": step | {"h_1": round(h[1], 2), "y_1": float(y[0])},
        "two_paths": {name: params[name] for name in ("w_x", "w_h", "b1")}
        | {"x_1": float(x[0]), "x_2": float(x[1]), "h_0": h0},
        "total_or_immediate": {"w_h": params["w_h"], "h": h[:3].round(3)},
        "copied_lines": {"dE": _each_error(params, x[:2], y[:2], h0)},
        "implied_db1": {"dw_x": float(x[0]), "dw_h": float(x[1]), "h_1": round(h[1], 2)},
    }


def _each_error(params, x, y, h0):
    """Return {parameter: [dE_1, dE_2]}, each the derivative of one step's error."""
    right = Right()
    both = right.gradients(params, x, y, h0)  # the mean of the two
    first = right.gradients(params, x[:1], y[:1], h0)
    return {name: np.array([first[name], 2 * both[name] - first[name]]).round(5) for name in both}


def _apart(rng, count):
    """Return numbers of both signs, away from 0, from 1 and, sign or no sign, from each other."""
    while True:
        values = rng.uniform(-2.5, 2.5, count).round(2)
        sizes = np.sort(np.append(np.abs(values), [0, 1]))
        if np.all(np.diff(sizes) > 0.08) and (count == 1 or values.min() < 0 < values.max()):
            return values


def _generic(params, x, y, h0, y_hat):
    """Return whether nothing here is special enough to hide a mistake."""
    if abs(params["w"]) < 0.5 or abs(params["w_h"]) < 1.2:
        return False
    right = Right()
    h, predicted = right.run(params, x, h0)
    pre = np.append([right.z(params, *pair) for pair in zip(x, h[:-1], strict=True)], right.output_z(params, h))
    return (
        _both_signs(pre)
        and np.all(np.abs(pre) > 0.1)
        and all(_off(residual, y) for residual in (predicted - y, y_hat - y))
        and np.all(h[1:] * (1 - h[1:]) > 0.08)
        and np.all(np.abs(np.append(np.diff(h), h[1:] - predicted)) > 0.03)
        and _stays_finite(params, x, h0)
    )


def _stays_finite(params, x, h0):
    """Return whether even a sigmoid without a bound, 1 + e^-u, leads to numbers: infinities cannot be compared."""
    loose = Right()
    loose.sgm = lambda u: 1 + np.exp(-u)
    with np.errstate(over="ignore"):
        return np.all(np.abs(np.concatenate(loose.run(params, x, h0))) < 1e6)


def _off(residual, y):
    """Return whether the residuals are away from 0 and of both signs, and the targets away from 0."""
    return np.all(np.abs(residual) > 0.1) and np.all(np.abs(y) > 0.1) and (len(y) == 1 or _both_signs(residual))


def _both_signs(values):
    return values.min() < 0 < values.max()
