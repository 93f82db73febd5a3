"""The tiny recurrent network: its backward pass by three oracles, its probes, its identities and its mistakes."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import answers, check, complex_step_gradient, mistakes, tiny_rnn
from helpers.numerical import relative_error

ROOM = "05-tiny-rnn"
TOLERANCE = 1e-12  # right code stays under 1e-14; the mistakes are off by more than 1e-3
PROBE_B = {
    "params": {"w": 1.5, "w_x": -0.8, "w_h": 0.6, "b1": 0.2, "b2": -0.4},
    "x": np.array([0.5, -1.0]),
    "y": np.array([1.0, 0.25]),
    "h0": 0.3,
}


def problem(seed, T=3):
    rng = np.random.default_rng(seed)
    inputs = {"x": rng.standard_normal(T), "y": rng.uniform(-0.5, 1.5, T), "h0": rng.uniform(-1, 1)}
    return {"params": tiny_rnn.init(rng)} | inputs


def gradients(params, x, y, h0):
    return tiny_rnn.backward(params, tiny_rnn.forward(params, x, y, h0)[1])


def exact_gradients(params, x, y, h0):
    return complex_step_gradient(lambda p: tiny_rnn.forward(p, x, y, h0)[0], params)


def worst(ours, theirs):
    assert ours.keys() == theirs.keys()
    return max(relative_error(ours[name], theirs[name]) for name in ours)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 9))
def test_backward_is_the_derivative_of_forward_by_complex_step(seed, T):
    """Next to the largest of the sums that make a gradient, since terms of both signs may cancel."""
    inputs = problem(seed, T)
    exact, grads = exact_gradients(**inputs), gradients(**inputs)
    assert grads.keys() == inputs["params"].keys()
    assert any(exact.values()), "a gradient of zeros would make this test vacuous"
    delta_y, delta_h = tiny_rnn.deltas(inputs["params"], tiny_rnn.forward(**inputs)[1])
    for name, derivative in grads.items():
        assert np.shape(derivative) == ()
        deltas = delta_y if name in ("w", "b2") else delta_h
        scale = max(abs(exact[name]), np.max(np.abs(deltas)))
        assert abs(derivative - exact[name]) < TOLERANCE * scale


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_backward_is_the_derivative_of_forward_by_autograd(seed, T):
    inputs = problem(seed, T)

    def loss(params):
        h, total = inputs["h0"], 0.0
        for x_t, y_t in zip(inputs["x"], inputs["y"], strict=True):
            h = 1 / (1 + anp.exp(-(params["w_x"] * x_t + params["w_h"] * h + params["b1"])))
            total = total + (y_t - 1 / (1 + anp.exp(-(params["w"] * h + params["b2"])))) ** 2 / 2
        return total / T

    assert np.isclose(loss(inputs["params"]), tiny_rnn.forward(**inputs)[0], rtol=1e-14)
    expected = autograd.grad(loss)(inputs["params"])
    scale = max(map(abs, expected.values()))
    for name, derivative in gradients(**inputs).items():
        assert abs(derivative - expected[name]) < TOLERANCE * scale


def symbolic_loss(x, y, h0):
    """Return the symbols of the parameters, the loss and h_1, for sympy's numbers or symbols."""
    symbols = dict(zip(tiny_rnn.NAMES, sympy.symbols("w w_x w_h b1 b2", real=True), strict=True))
    w, w_x, w_h, b1, b2 = symbols.values()
    h = [h0]
    for x_t in x:
        h.append(1 / (1 + sympy.exp(-(w_x * x_t + w_h * h[-1] + b1))))
    parts = [(y_t - 1 / (1 + sympy.exp(-(w * h_t + b2)))) ** 2 / 2 for y_t, h_t in zip(y, h[1:], strict=True)]
    return symbols, sum(parts) / len(parts), h[1]


def test_backward_is_the_derivative_of_forward_by_sympy():
    """T = 3 at a rational point, to 30 digits."""
    x, y, h0 = (
        [sympy.Rational(n, 4) for n in (3, -5, 2)],
        [sympy.Rational(n, 8) for n in (7, -3, 9)],
        sympy.Rational(-3, 8),
    )
    symbols, loss, _ = symbolic_loss(x, y, h0)
    params = dict(zip(tiny_rnn.NAMES, (1.25, -0.75, 1.5, 0.25, -0.5), strict=True))
    point = {symbols[name]: sympy.Rational(value) for name, value in params.items()}
    exact = {name: float(sympy.diff(loss, symbol).subs(point).evalf(30)) for name, symbol in symbols.items()}
    assert worst(exact, gradients(params, np.array(x, float), np.array(y, float), float(h0))) < 1e-13


def test_probe_b_to_all_printed_digits():
    loss, cache = tiny_rnn.forward(**PROBE_B)
    expected = {
        "w": 0.011909951159,
        "w_x": -0.020429984724,
        "w_h": 0.000739288865,
        "b1": -0.005250989390,
        "b2": -0.003469666244,
    }
    assert np.allclose(cache.h, [0.3, 0.49500016666, 0.785329671871], rtol=0, atol=5e-12)
    assert np.allclose(cache.y_hat, [0.584797735418, 0.685247723586], rtol=0, atol=5e-13)
    assert loss == pytest.approx(0.090458375350, abs=5e-13, rel=0)
    assert tiny_rnn.backward(PROBE_B["params"], cache) == pytest.approx(expected, abs=5e-13, rel=0)
    dh0 = PROBE_B["params"]["w_h"] * tiny_rnn.deltas(PROBE_B["params"], cache)[1][0]
    assert dh0 == pytest.approx(-0.010272389646, abs=5e-13, rel=0)


def test_the_derivative_by_the_first_state_is_w_h_delta_h_1():
    inputs = problem(3, 4)
    exact = complex_step_gradient(lambda h0: tiny_rnn.forward(**(inputs | {"h0": h0}))[0], np.array(inputs["h0"]))
    delta_h = tiny_rnn.deltas(inputs["params"], tiny_rnn.forward(**inputs)[1])[1]
    assert relative_error(inputs["params"]["w_h"] * delta_h[0], exact) < TOLERANCE


ONES = dict.fromkeys(tiny_rnn.NAMES, 1.0)
IMPULSE = np.array([1.0, 0.0])

# Table 5.6 of the derivation: targets, then Loss, dw, dw_x, dw_h, db2, db1 where all parameters are 1 and h_0 = 0.
REGENERATED = [
    ((1, 1), 0.008852, -0.0134168, -0.0008907, -0.0007841, -0.0153479, -0.0017809),
    ((1, 0), 0.191948, 0.0368679, -0.0001923, 0.0050755, 0.0426037, 0.0055701),
    ((0, 1), 0.192703, 0.0371386, 0.0051356, -0.0007841, 0.0420495, 0.0042455),
    ((0, 0), 0.375799, 0.0874234, 0.0058341, 0.0050755, 0.1000011, 0.0115965),
    ((0.5, 0.5), 0.067325, 0.0370033, 0.0024717, 0.0021457, 0.0423266, 0.0049078),
    ((1, 0.5), 0.037900, 0.0117255, -0.0005415, 0.0021457, 0.0136279, 0.0018946),
    ((0.7, 0.7), 0.013936, 0.0168352, 0.0011267, 0.0009738, 0.0192568, 0.0022323),
    ((0.91, 0.53), 0.028704, 0.0147670, -0.0000201, 0.0019699, 0.0170551, 0.0022165),
]


@pytest.mark.parametrize(("targets", "loss", "dw", "dw_x", "dw_h", "db2", "db1"), REGENERATED)
def test_the_regenerated_table(targets, loss, dw, dw_x, dw_h, db2, db1):
    found, cache = tiny_rnn.forward(ONES, IMPULSE, np.array(targets))
    assert found == pytest.approx(loss, abs=5.1e-7, rel=0)
    expected = {"w": dw, "b2": db2, "w_x": dw_x, "w_h": dw_h, "b1": db1}
    assert tiny_rnn.backward(ONES, cache) == pytest.approx(expected, abs=5.1e-8, rel=0)


def test_db1_is_dw_x_plus_dw_h_over_h_1_by_sympy_for_all_targets_and_parameters():
    """x = (1, 0) and h_0 = 0: an exact identity, (5.14)."""
    symbols, loss, h_1 = symbolic_loss(IMPULSE.astype(int).tolist(), sympy.symbols("y_1 y_2", real=True), 0)
    by = {name: sympy.diff(loss, symbol) for name, symbol in symbols.items()}
    assert sympy.simplify(by["b1"] - by["w_x"] - by["w_h"] / h_1) == 0


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from([-2.0, -1.0, 0.5, 1.0, 7.0]))
def test_db1_is_dw_x_plus_dw_h_over_h_1_with_any_factor_in_front_of_the_loss(seed, factor):
    inputs = problem(seed, 2) | {"x": IMPULSE, "h0": 0.0}
    cache = tiny_rnn.forward(**inputs)[1]
    grads = {name: factor * value for name, value in tiny_rnn.backward(inputs["params"], cache).items()}
    terms = grads["w_x"], grads["w_h"] / cache.h[1]
    assert abs(grads["b1"] - sum(terms)) < TOLERANCE * max(map(abs, terms))


def test_the_five_printed_gradients_break_the_identity_however_they_were_rounded():
    """Printed: dw_x = 0.001122, dw_h = 0.0020, db1 = 0.00215, each rounded or cut off; h_1 = sgm(2)."""
    h_1 = 1 / (1 + np.exp(-2))
    lowest = 0.0011215 + 0.00195 / h_1
    highest = 0.001123 + 0.0021 / h_1
    assert 0.00333 < lowest < highest < 0.00351
    assert lowest > 1.5 * 0.00216


def test_the_wrong_sigmoid_passes_every_gradient_check():
    """1/(1 - e^-u) obeys g' = g (1 - g) too: the network with it is consistent, and only its outputs tell."""
    from helpers.mistakes.tiny_rnn import sgmMinus

    wrong, right = sgmMinus(), answers.room(ROOM).Right()
    inputs = PROBE_B

    def loss(params):
        y_hat = wrong.forward(params, inputs["x"], inputs["h0"])["y_hat"]
        return np.mean((y_hat - inputs["y"]) ** 2 / 2)

    assert worst(wrong.gradients(**inputs), complex_step_gradient(loss, inputs["params"])) < TOLERANCE
    for name in ("sgm", "forward", "gradients"):
        assert check(ROOM, name, getattr(wrong, name)).mistake == "sgmMinus"
        assert check(ROOM, name, getattr(right, name)).passed


def test_forward_and_backward_leave_their_arguments_alone():
    inputs = problem(9)
    for name in ("x", "y"):
        inputs[name].flags.writeable = False
    before = dict(inputs["params"])
    _, cache = tiny_rnn.forward(**inputs)
    for array in (cache.h, cache.y_hat):
        array.flags.writeable = False
    tiny_rnn.backward(inputs["params"], cache)
    assert inputs["params"] == before


def test_a_saturated_network_sends_nothing_back_and_gives_no_nan():
    params = dict(zip(tiny_rnn.NAMES, (800.0, 3.0, 2.0, 900.0, 50.0), strict=True))
    grads = gradients(params, np.array([1.0, 2.0]), np.array([0.5, 0.5]), 0.0)
    assert all(value == 0 for value in grads.values())


def test_the_gradient_vanishes_where_every_prediction_hits_its_target():
    inputs = problem(5, 4)
    inputs["y"] = tiny_rnn.forward(**inputs)[1].y_hat
    assert tiny_rnn.forward(**inputs)[0] == 0
    assert not any(gradients(**inputs).values())


@pytest.mark.parametrize("T", [1, 2, 3, 5])
def test_the_five_brackets_of_the_derivation_are_the_recursion(T):
    """dE_i/dtheta as the sum over k with immediate partial derivatives, (5.9) to (5.11), for any T."""
    inputs = problem(11, T)
    assert worst(gradients(**inputs), by_paths(**inputs, count=lambda i, k: 1)) < TOLERANCE


def by_paths(params, x, y, h0, count):
    """Return the gradients as a double sum over i and k, where path (i, k) is counted ``count(i, k)`` times."""
    h = tiny_rnn.forward(params, x, y, h0)[1].h
    y_hat = 1 / (1 + np.exp(-(params["w"] * h[1:] + params["b2"])))
    T, q, delta_y = len(x), h * (1 - h), (y_hat - y) * y_hat * (1 - y_hat) / len(x)
    grads = {"w": np.sum(delta_y * h[1:]), "w_x": 0.0, "w_h": 0.0, "b1": 0.0, "b2": np.sum(delta_y)}
    for i in range(1, T + 1):
        for k in range(1, i + 1):
            to_h_k = delta_y[i - 1] * params["w"] * np.prod([params["w_h"] * q[j] for j in range(k + 1, i + 1)])
            for name, own in {"w_x": x[k - 1], "w_h": h[k - 1], "b1": 1.0}.items():
                grads[name] += count(i, k) * to_h_k * q[k] * own
    return grads


@pytest.mark.parametrize("wrong", [2.0, -1.0, 1 + 1e-9], ids="times {}".format)
def test_the_oracle_can_fail(wrong):
    inputs = problem(10)
    spoilt = {name: wrong * value for name, value in gradients(**inputs).items()}
    assert worst(spoilt, exact_gradients(**inputs)) > TOLERANCE


TABLE_5_4 = {"sign", "noLossHalf", "trunc", "double", "onlyLast", "hfor_hprev", "no_w", "no_wh", "wforwh", "bswap"}
TABLE_5_4 |= {"f", "fp(h)", "noOutFp", "yforh"}


def test_every_row_of_the_derivations_table_is_in_the_library():
    """The two rows without an id are called sgmMinus and offByOne."""
    assert {mistakes.tag_of(cls) for cls in mistakes.mistakes(ROOM)} >= TABLE_5_4 | {"sgmMinus", "offByOne"}


def wrong_by_formula(params, x, y, h0):
    """Return {class: gradients} from table 5.4, column 'wrong vs right', without the library."""
    right, T = by_paths(params, x, y, h0, lambda i, k: 1), len(x)
    _, _, h, y_hat = tiny_rnn.forward(params, x, y, h0)[1]
    q, s = h[1:] * (1 - h[1:]), y_hat * (1 - y_hat)
    delta_y = (y_hat - y) * s / T
    times = {"sign": -1, "noLossHalf": T, "two": 2, "half": 1 / 2, "twoSteps": T / 2, "N2": 1 / T}
    swapped = params | {"b1": params["b2"], "b2": params["b1"]}
    last = by_paths(params, x[-1:], y[-1:], h[-2], lambda i, k: 1)
    return {
        **{tag: {name: factor * value for name, value in right.items()} for tag, factor in times.items()},
        "trunc": by_paths(params, x, y, h0, lambda i, k: i == k),
        "truncOne": by_paths(params, x, y, h0, lambda i, k: i - k < 2),
        "double": by_paths(params, x, y, h0, lambda i, k: i - k + 1),
        "onlyLast": by_paths(params, x, y, h0, lambda i, k: i == T) | {"w": delta_y[-1] * h[-1], "b2": delta_y[-1]},
        "lastOnly": {name: value / T for name, value in last.items()},
        "no_wh": by_paths(params, x, y, h0, lambda i, k: params["w_h"] ** (k - i)),
        "wforwh": by_paths(params, x, y, h0, lambda i, k: (params["w"] / params["w_h"]) ** (i - k)),
        "no_w": {name: value / (1 if name in ("w", "b2") else params["w"]) for name, value in right.items()},
        "offByOne": by_paths(params, x, y, h0, lambda i, k: np.prod(q[k:i])),
        "offByOneNever": by_paths(params, x, y, h0, lambda i, k: 1 / np.prod(q[k:i])),
        "offByOneNow": by_paths(params, x, y, h0, lambda i, k: q[k - 1] / q[i - 1]),
        "no_fp": by_paths(params, x, y, h0, lambda i, k: 1 / np.prod(q[k - 1 : i])),
        "fHidden": by_paths(params, x, y, h0, lambda i, k: 1 / np.prod(1 - h[k : i + 1])),
        "noX": right | {"w_x": right["b1"]},
        "yforh": right | {"w": delta_y @ y_hat},
        "bswapLabels": right | {"b1": right["b2"], "b2": right["b1"]},
        "noH0Term": right | {"w_h": right["w_h"] - h0 * _delta_h_1(params, delta_y, q)},
    } | ({"bswap": by_paths(swapped, x, y, h0, lambda i, k: 1)})


def _delta_h_1(params, delta_y, q):
    chain = [params["w_h"] ** i * np.prod(q[: i + 1]) for i in range(len(q))]
    return params["w"] * delta_y @ chain


@pytest.mark.parametrize("T", [1, 2, 3, 5])
def test_the_wrong_gradients_stand_to_the_right_ones_as_the_derivation_says(T):
    inputs = problem(21, T)
    library = {cls.__name__: cls for cls in mistakes.mistakes(ROOM)}
    for name, expected in wrong_by_formula(**inputs).items():
        assert worst(library[name]().gradients(**inputs), expected) < 1e-9, name


def test_what_hides_a_mistake_hides_it():
    """Column 'invisible when' of table 5.4."""
    library = {cls.__name__: cls() for cls in mistakes.mistakes(ROOM)}
    right, inputs = answers.room(ROOM).Right(), problem(22)
    params = inputs["params"]
    hiding = {
        "noLossHalf": problem(22, 1),
        "trunc": problem(22, 1),
        "double": inputs | {"params": params | {"w_h": 0.0}},
        "no_w": inputs | {"params": params | {"w": 1.0}},
        "no_wh": inputs | {"params": params | {"w_h": 1.0}},
        "wSwap": inputs | {"params": params | {"w": params["w_h"]}},
        "bswap": inputs | {"params": params | {"b1": params["b2"]}},
        "yforh": {"params": ONES, "x": IMPULSE, "y": np.array([0.91, 0.53]), "h0": 0.0},
    }
    for name, careless in hiding.items():
        seen = worst(library[name].gradients(**careless), right.gradients(**careless))
        assert (seen < TOLERANCE) == (name != "yforh"), name
    document = hiding["yforh"]
    wrong, good = library["trunc"].gradients(**document), right.gradients(**document)
    assert wrong["w_h"] == good["w_h"]
    assert wrong["w_x"] != good["w_x"]
    h, y_hat = right.run(ONES, IMPULSE, 0.0)
    assert h[2] == pytest.approx(y_hat[0], rel=1e-15)


def sgm(u):
    return 1 / (1 + np.exp(-u))


def states(params, x, h0):
    h = [h0]
    for x_t in x:
        h += [sgm(params["w_x"] * x_t + params["w_h"] * h[-1] + params["b1"])]
    return h


def forward(params, x, h0):
    h = np.array(states(params, x, h0))
    return {"h": h, "y_hat": sgm(params["w"] * h[1:] + params["b2"])}


def real_time(params, x, y, h0):
    """Forward in time: dh_t/dtheta goes along with h_t, and nothing runs backwards."""
    grads = dict.fromkeys(["w", "b2", "w_x", "w_h", "b1"], 0.0)
    h, dh = h0, dict.fromkeys(["w_x", "w_h", "b1"], 0.0)
    for x_t, y_t in zip(x, y, strict=True):
        own = {"w_x": x_t, "w_h": h, "b1": 1}
        h = sgm(params["w_x"] * x_t + params["w_h"] * h + params["b1"])
        dh = {name: h * (1 - h) * (own[name] + params["w_h"] * dh[name]) for name in dh}
        y_hat = sgm(params["w"] * h + params["b2"])
        delta = (y_hat - y_t) * y_hat * (1 - y_hat) / len(x)
        grads["w"] += delta * h
        grads["b2"] += delta
        for name in dh:
            grads[name] += delta * params["w"] * dh[name]
    return grads


def with_lists(params, x, y, h0):
    h = states(params, x, h0)
    dw = db2 = dw_x = dw_h = db1 = carried = 0
    for t in reversed(range(len(x))):
        y_hat = sgm(params["w"] * h[t + 1] + params["b2"])
        d = -(y[t] - y_hat) * y_hat * (1 - y_hat)
        g = (d * params["w"] + carried) * h[t + 1] * (1 - h[t + 1])
        carried = g * params["w_h"]
        dw, db2, dw_x, dw_h, db1 = dw + d * h[t + 1], db2 + d, dw_x + g * x[t], dw_h + g * h[t], db1 + g
    return {k: v / len(x) for k, v in zip(["w", "w_x", "w_h", "b1", "b2"], [dw, dw_x, dw_h, db1, db2], strict=True)}


def with_a_matrix(params, x, y, h0):
    """All the steps back through time at once: a triangular system."""
    h, y_hat = forward(params, x, h0).values()
    q = h[1:] * (1 - h[1:])
    delta_y = (y_hat - y) * y_hat * (1 - y_hat) / len(x)
    steps = np.eye(len(x)) - np.diag(params["w_h"] * q[:-1], 1)
    delta_h = np.linalg.solve(steps, q * params["w"] * delta_y)
    by_z = np.einsum("t,tk->k", delta_h, np.column_stack([x, h[:-1], np.ones(len(x))]))
    return {"w": delta_y @ h[1:], "b2": delta_y.sum(), "w_x": by_z[0], "w_h": by_z[1], "b1": by_z[2]}


def per_step_mean(params, x, y, h0):
    """One backward pass for each error E_i, and the mean of them."""
    each = []
    for i in range(1, len(x) + 1):
        h, y_hat = forward(params, x[:i], h0).values()
        e = (y_hat[-1] - y[i - 1]) * y_hat[-1] * (1 - y_hat[-1])
        g, sums = e * params["w"], np.zeros(3)
        for k in range(i, 0, -1):
            g *= h[k] * (1 - h[k])
            sums += g * np.array([x[k - 1], h[k - 1], 1])
            g *= params["w_h"]
        each.append([e * h[i], e, *sums])
    return dict(zip(["w", "b2", "w_x", "w_h", "b1"], np.mean(each, axis=0), strict=True))


def slope_by_cosh(params, x, y, h0):
    """The slope at the pre-activation, 1/(4 cosh²(u/2)), which is the slope from the activation."""
    h = np.array(states(params, x, h0))
    z, u = params["w_x"] * x + params["w_h"] * h[:-1] + params["b1"], params["w"] * h[1:] + params["b2"]
    delta_y = (sgm(u) - y) / (4 * len(x) * np.cosh(u / 2) ** 2)
    delta_h = {len(x): 0.0}
    for t in range(len(x) - 1, -1, -1):
        delta_h[t] = (params["w"] * delta_y[t] + params["w_h"] * delta_h[t + 1]) / (4 * np.cosh(z[t] / 2) ** 2)
    back = np.array([delta_h[t] for t in range(len(x))])
    return {"b1": sum(back), "w_h": sum(back * h[:-1]), "w_x": back @ x, "b2": sum(delta_y), "w": delta_y @ h[1:]}


def single(params, x, y, h0):
    small = {name: np.float32(value) for name, value in params.items()}
    return with_lists(small, x.astype(np.float32), y.astype(np.float32), np.float32(h0))


def by_class(params, x, y, h0):
    grads = gradients(params, x, y, h0)
    return {name: float(grads[name]) for name in params}


GRADIENTS = {
    "forward in time": real_time,
    "lists": with_lists,
    "a triangular system": with_a_matrix,
    "one error at a time": per_step_mean,
    "the slope by cosh": slope_by_cosh,
    "the model": gradients,
    "floats in another order": by_class,
    "0-d arrays": lambda **a: {k: np.array(v) for k, v in real_time(**a).items()},
    "numpy floats": lambda **a: {k: np.float64(v) for k, v in with_lists(**a).items()},
    "sympy floats": lambda **a: {k: sympy.Float(float(v), 17) for k, v in with_lists(**a).items()},
    "single precision": single,
    "extended precision": lambda params, x, y, h0: real_time(params, x.astype(np.longdouble), y, np.longdouble(h0)),
    "complex step": lambda **a: {k: v.item() for k, v in exact_gradients(**a).items()},
    "more than asked": lambda **a: real_time(**a) | {"h0": 0.0},
    "positional": lambda *a: with_lists(*a),
    "0-d parameters": lambda params, **a: real_time({k: np.array(v) for k, v in params.items()}, **a),
    "paths": lambda **a: by_paths(**a, count=lambda i, k: 1),
}

FORWARDS = {
    "arrays": forward,
    "lists": lambda params, x, h0: {k: v.tolist() for k, v in forward(params, x, h0).items()},
    "a list of numpy floats": lambda params, x, h0: {
        "y_hat": [sgm(params["w"] * h_t + params["b2"]) for h_t in states(params, x, h0)[1:]],
        "h": states(params, x, h0),
    },
    "a tuple": lambda params, x, h0: {k: tuple(v) for k, v in forward(params, x, h0).items()},
    "z as well": lambda params, x, h0: forward(params, x, h0) | {"z": x},
    "the model": lambda params, x, h0: dict(
        zip(["h", "y_hat"], tiny_rnn.forward(params, x, 0 * x, h0)[1][2:], strict=True)
    ),
    "a reversed view": lambda params, x, h0: {k: v[::-1].copy()[::-1] for k, v in forward(params, x, h0).items()},
    "single precision": lambda params, x, h0: {k: v.astype(np.float32) for k, v in forward(params, x, h0).items()},
}

SIGMOIDS = {
    "1/(1+e^-u)": sgm,
    "e^u/(1+e^u)": lambda u: np.exp(u) / (1 + np.exp(u)),
    "tanh": lambda u: (1 + np.tanh(np.asarray(u) / 2)) / 2,
    "one minus the mirrored": lambda u: 1 - 1 / (1 + np.exp(u)),
    "logaddexp": lambda u: np.exp(-np.logaddexp(0, -np.asarray(u))),
    "vectorised math": np.vectorize(lambda u: 1 / (1 + np.e ** (-float(u)))),
    "by cases": lambda u: np.where(np.asarray(u) > 0, 1 / (1 + np.exp(-np.abs(u))), 1 - 1 / (1 + np.exp(-np.abs(u)))),
    "lists": lambda u: sgm(u).tolist(),
    "power": lambda u: (1 + np.exp(-u)) ** -1.0,
}

LOSSES = {
    "mean": lambda y_hat, y: np.mean((y_hat - y) ** 2 / 2),
    "half the mean square": lambda y_hat, y: 0.5 * np.mean((y - y_hat) ** 2),
    "dot": lambda y_hat, y: (y - y_hat) @ (y - y_hat) / (2 * len(y)),
    "a loop": lambda y_hat, y: sum((a - b) ** 2 / 2 for a, b in zip(y_hat, y, strict=True)) / len(y),
    "variance and bias": lambda y_hat, y: (np.var(y - y_hat) + np.mean(y - y_hat) ** 2) / 2,
    "norm": lambda y_hat, y: np.linalg.norm(y - y_hat) ** 2 / 2 / y.size,
    "0-d array": lambda y_hat, y: np.array(np.mean((y_hat - y) ** 2) / 2),
    "average": lambda y_hat, y: float(np.average(np.square(y_hat - y))) / 2,
}

RIGHT = [
    pytest.param(name, answer, id=f"{name}: {words}")
    for name, different in [("gradients", GRADIENTS), ("forward", FORWARDS), ("sgm", SIGMOIDS), ("loss", LOSSES)]
    for words, answer in different.items()
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_that_looks_different_passes(name, answer):
    verdict = check(ROOM, name, answer)
    assert verdict.passed, str(verdict)


def test_a_gradient_in_an_array_of_one_is_another_convention():
    verdict = check(ROOM, "gradients", lambda **a: {k: np.array([v]) for k, v in real_time(**a).items()})
    assert verdict.state == "right in another convention", str(verdict)


def test_states_in_a_column_are_another_convention():
    def column(params, x, h0):
        return {k: v[:, None] for k, v in forward(params, x, h0).items()}

    assert check(ROOM, "forward", column).state == "right in another convention"


def test_forward_in_time_with_a_mistake_is_named_as_the_recursion_with_it():
    """The verdict knows the mistake, not the way it was computed: here the carry is left out, forward in time."""

    def forgetful(params, x, y, h0):
        h = states(params, x, h0)
        parts = [real_time(params, x[[t]], y[[t]], h[t]) for t in range(len(x))]
        return {name: sum(part[name] for part in parts) / len(x) for name in parts[0]}

    assert check(ROOM, "gradients", forgetful).mistake == "trunc"
