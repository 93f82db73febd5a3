"""Notebook 02: the backward pass is the derivative, wrong answers are wrong as the derivation says, right ones pass."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import answers, build, check, complex_step_gradient, mistakes, relu_network
from helpers.answers.relu_network import WORKED_EXAMPLE, Right
from helpers.numerical import relative_error

ROOM = "02-relu-network"
TOLERANCE = 1e-12  # right code stays under 1e-14; the mistakes are off by more than 1e-3
TABLE_3_6 = {
    *("half", "sign", "noT", "noMask", "f", "wrongMask", "ge", "outerT", "zforv", "v2forv1", "reluOut", "b1forb2"),
    *("mean", "biasMean", "inPlace", "star"),
}


def problem(seed, sizes=(4, 5, 3, 2), N=6):
    rng = np.random.default_rng(seed)
    params = relu_network.init(rng, sizes)
    return params, rng.standard_normal((sizes[0], N)), rng.standard_normal((sizes[3], N))


def gradient_of(params, X, Y):
    return relu_network.backward(params, relu_network.forward(params, X, Y)[1])


def worst_error(grads, exact):
    assert grads.keys() == exact.keys()
    return max(relative_error(grads[name], exact[name]) for name in exact)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.tuples(*[st.integers(1, 5)] * 4), st.integers(1, 7))
def test_backward_is_the_derivative_of_forward_by_complex_step(seed, sizes, N):
    params, X, Y = problem(seed, sizes, N)
    exact = complex_step_gradient(lambda p: relu_network.forward(p, X, Y)[0], params)
    assert exact["b3"].any(), "a gradient of zeros would make this test vacuous"
    assert worst_error(gradient_of(params, X, Y), exact) < TOLERANCE


def test_backward_is_the_derivative_of_forward_by_sympy():
    """Probe A with a symbol for every parameter: the exact rational derivative of a piecewise polynomial."""
    numbers, x, y = WORKED_EXAMPLE.values()
    symbols = {
        name: sympy.Matrix(*W.shape, lambda i, j, name=name: sympy.Symbol(f"{name}_{i}{j}", real=True))
        for name, W in numbers.items()
    }
    v = sympy.Matrix(x)
    for l in (1, 2, 3):
        z = symbols[f"W{l}"] * v + symbols[f"b{l}"]
        v = z if l == 3 else z.applyfunc(lambda entry: sympy.Piecewise((entry, entry > 0), (0, True)))
    loss = ((v - sympy.Matrix(y)).T * (v - sympy.Matrix(y)))[0]
    point = {s: int(n) for name in numbers for s, n in zip(symbols[name], numbers[name].ravel(), strict=True)}
    grads = gradient_of(*WORKED_EXAMPLE.values())
    for name, matrix in symbols.items():
        exact = [float(sympy.diff(loss, symbol).subs(point)) for symbol in matrix]
        assert exact == grads[name].ravel().tolist(), name


@pytest.mark.parametrize("seed", range(5))
def test_backward_is_the_derivative_of_forward_by_autograd(seed):
    def loss(params):
        v = X
        for l in (1, 2, 3):
            z = anp.dot(params[f"W{l}"], v) + params[f"b{l}"]
            v = anp.where(z > 0, z, 0.0) if l < 3 else z
        return anp.sum((v - Y) ** 2)

    params, X, Y = problem(seed)
    assert worst_error(gradient_of(params, X, Y), autograd.grad(loss)(params)) < TOLERANCE


def test_probe_a_by_hand():
    params, X, Y = WORKED_EXAMPLE.values()
    loss, cache = relu_network.forward(params, X, Y)
    assert loss == 4
    assert cache.z[1].ravel().tolist() == [6, -2]
    assert cache.v[1].ravel().tolist() == [6, 0]
    assert cache.z[2].ravel().tolist() == cache.v[2].ravel().tolist() == [5, 20]
    assert cache.v[3].ravel().tolist() == [-6]
    assert {name: grad.tolist() for name, grad in relu_network.backward(params, cache).items()} == {
        "W1": [[-4, -8, 4], [0, 0, 0]],
        "b1": [[-4], [0]],
        "W2": [[48, 0], [-24, 0]],
        "b2": [[8], [-4]],
        "W3": [[20, 80]],
        "b3": [[4]],
    }
    assert Right().output_delta(np.array([[-6]]), Y).tolist() == [[4]]
    assert (params["W2"].T @ [[8], [-4]]).tolist() == [[-4], [20]]
    assert Right().hidden_delta(params["W2"], np.array([[8], [-4]]), cache.z[1]).tolist() == [[-4], [0]]


def test_the_printed_example_has_the_printed_numbers():
    """The source's own example, all ones: right, and blind to most mistakes, so that it is no case of ours."""
    sizes = (3, 2, 2, 1)
    params = {f"W{l}": np.ones((sizes[l], sizes[l - 1])) for l in (1, 2, 3)}
    params |= {f"b{l}": np.ones((sizes[l], 1)) for l in (1, 2, 3)}
    X, Y = np.array([[1.0], [2.0], [-1.0]]), np.array([[0.0]])
    loss, cache = relu_network.forward(params, X, Y)
    grads = relu_network.backward(params, cache)
    assert loss == 225
    assert [cache.v[l].ravel().tolist() for l in (1, 2, 3)] == [[3, 3], [7, 7], [15]]
    assert grads["W3"].tolist() == [[210, 210]]
    assert grads["b3"].tolist() == [[30]]
    assert grads["W2"].tolist() == [[90, 90], [90, 90]]
    assert grads["b2"].tolist() == [[30], [30]]
    assert grads["W1"].tolist() == [[60, 120, -60]] * 2
    assert grads["b1"].tolist() == [[60], [60]]
    assert (params["W1"].T @ grads["b1"]).tolist() == [[120]] * 3


def test_the_batch_gradient_is_the_sum_over_its_samples():
    params, X, Y = problem(7)
    parts = [gradient_of(params, X[:, [i]], Y[:, [i]]) for i in range(X.shape[1])]
    summed = {name: sum(part[name] for part in parts) for name in params}
    assert worst_error(gradient_of(params, X, Y), summed) < TOLERANCE


def test_each_hidden_layer_is_in_balance():
    """f'(z) z = f(z) for a ReLU, so <W, dW> + <b, db> of a hidden layer equals <W, dW> of the next one."""
    params, X, Y = problem(8)
    grads = gradient_of(params, X, Y)
    inner = {name: np.sum(params[name] * grads[name]) for name in params}
    assert inner["W1"] + inner["b1"] == pytest.approx(inner["W2"], rel=1e-12)
    assert inner["W2"] + inner["b2"] == pytest.approx(inner["W3"], rel=1e-12)


def test_forward_and_backward_leave_their_arguments_alone():
    params, X, Y = problem(9)
    for array in (*params.values(), X, Y):
        array.flags.writeable = False
    loss, cache = relu_network.forward(params, X, Y)
    for array in (*cache.z.values(), *cache.v.values()):
        array.flags.writeable = False
    first, second = (relu_network.backward(params, cache) for _ in range(2))
    assert worst_error(first, second) == 0
    assert relu_network.forward(params, X, Y)[0] == loss


def test_init_gives_the_boards_shapes_from_its_generator_alone():
    params = relu_network.init(np.random.default_rng(3), (4, 5, 3, 2))
    shapes = {name: array.shape for name, array in params.items()}
    assert shapes == {"W1": (5, 4), "b1": (5, 1), "W2": (3, 5), "b2": (3, 1), "W3": (2, 3), "b3": (2, 1)}
    assert worst_error(params, relu_network.init(np.random.default_rng(3), (4, 5, 3, 2))) == 0


@pytest.mark.parametrize("model", [gradient_of, Right().gradients], ids=["model", "answers"])
def test_at_a_z_of_exactly_zero_no_error_passes(model):
    params, X, Y = WORKED_EXAMPLE.values()
    at_the_kink = params | {"b1": np.array([[-5], [1]])}
    assert (at_the_kink["W1"] @ X + at_the_kink["b1"]).tolist() == [[0], [-2]]
    grads = model(at_the_kink, X, Y)
    assert not grads["W1"].any()
    assert not grads["b1"].any()
    assert grads["b3"].any()


def test_at_a_perfect_fit_every_gradient_is_zero():
    params, X, _ = problem(11)
    perfect = relu_network.forward(params, X, 0)[1].v[3]
    assert not any(grad.any() for grad in gradient_of(params, X, perfect).values())


def test_where_all_units_are_dead_only_the_output_bias_learns():
    params, X, Y = problem(12)
    dead = params | {"b2": np.full_like(params["b2"], -1e3)}
    moving = {name for name, grad in gradient_of(dead, X, Y).items() if grad.any()}
    assert moving == {"b3"}


@pytest.mark.parametrize("wrong", [2.0, -1.0, 1 + 1e-9], ids="times {}".format)
def test_the_oracle_can_fail(wrong):
    params, X, Y = problem(10)
    exact = complex_step_gradient(lambda p: relu_network.forward(p, X, Y)[0], params)
    grads = gradient_of(params, X, Y)
    for name in params:
        assert worst_error(grads | {name: wrong * grads[name]}, exact) > TOLERANCE


@pytest.mark.parametrize("seed", range(3))
def test_the_right_answers_agree_with_the_model(seed):
    """On all cases, also where one z is exactly 0: the complex step takes the same side there."""
    for inputs in answers.cases(answers.room(ROOM), "gradients", answers.room(ROOM).problems(_rng(seed))).values():
        params, X, Y = inputs.values()
        exact = complex_step_gradient(lambda p, X=X, Y=Y: relu_network.forward(p, X, Y)[0], params)
        right = Right().gradients(**inputs)
        assert list(right) == ["W3", "b3", "W2", "b2", "W1", "b1"]
        assert worst_error(right, exact) < TOLERANCE
        _, cache = relu_network.forward(params, X, Y)
        seen = Right().forward(params, X)
        assert list(seen) == ["z1", "v1", "z2", "v2", "z3", "y_hat"]
        for l in (1, 2, 3):
            assert np.array_equal(seen[f"z{l}"], cache.z[l])
            assert np.array_equal(seen[f"v{l}" if l < 3 else "y_hat"], cache.v[l])


@pytest.mark.parametrize("seed", range(10))
def test_the_cases_obey_the_fixture_rules(seed):
    *drawn, by_hand = answers.room(ROOM).problems(_rng(seed)).items()
    assert by_hand[1]["params"] is WORKED_EXAMPLE["params"]
    for description, inputs in drawn:
        params, X, Y = inputs["params"], inputs["X"], inputs["Y"]
        sizes = [X.shape[0], *(params[f"b{l}"].shape[0] for l in (1, 2, 3))]
        assert len(set(sizes)) == (1 if description == "layers of 3 units, 4 samples" else 4)
        assert X.shape[1] not in {2, *sizes}
        entries = np.concatenate([array.ravel() for array in params.values()])
        assert np.all(np.abs(entries) > 0.1) and np.all(np.abs(entries - 1) > 0.05)
        seen = Right().forward(params, X)
        z = np.concatenate([seen["z1"].ravel(), seen["z2"].ravel(), inputs["hidden_delta"]["z"].ravel()])
        if "integers" in description:
            assert np.sum(z == 0) == 2, "one in the network, one in hidden_delta's own z"
            assert all(array.dtype.kind == "i" for array in (*params.values(), X, inputs["hidden_delta"]["z"]))
        else:
            assert len(np.unique(np.abs(entries))) == entries.size
            assert np.min(np.abs(z)) > 0.01
        for signs in (seen["z1"], seen["z2"], seen["y_hat"], seen["y_hat"] - Y, inputs["hidden_delta"]["z"]):
            assert signs.min() < 0 < signs.max()


def _rng(seed):
    return np.random.default_rng(seed)


def wrong(tag, name, inputs, which=0):
    """Return the output of the mistake ``tag``, or of its second or third class."""
    classes = [cls for cls in mistakes.mistakes(ROOM) if mistakes.tag_of(cls) == tag]
    return build.output(classes[which], name, inputs)


def case(name, description="layers of 3 units, 4 samples", seed=3):
    module = answers.room(ROOM)
    return answers.cases(module, name, module.problems(_rng(seed)))[description]


def named(D3, D2, D1, V2, V1, X):
    """Return all six gradients from the deltas and what each layer was fed with, sample by sample."""
    pairs = {"3": (D3, V2), "2": (D2, V1), "1": (D1, X)}
    grads = {}
    for l, (D, V) in pairs.items():
        grads["W" + l] = sum(np.outer(D[:, n], V[:, n]) for n in range(D.shape[1]))
        grads["b" + l] = sum(D[:, [n]] for n in range(D.shape[1]))
    return grads


def assert_same(given, expected):
    assert given.keys() == expected.keys()
    for name in expected:
        assert np.shape(given[name]) == np.shape(expected[name]), name
        assert np.allclose(given[name], expected[name], rtol=1e-10, atol=1e-10), name


def test_the_wrong_gradients_stand_to_the_right_one_as_the_derivation_says():
    """Table 3.6, column 'wrong vs right', on square layers, from formulas that the library does not use."""
    inputs = case("gradients")
    P, X, Y = inputs.values()
    W1, b1, W2, b2, W3, b3 = (P[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))
    N = X.shape[1]
    Z1 = W1 @ X + b1
    V1, M1 = Z1.clip(0), 1.0 * (Z1 > 0)
    Z2 = W2 @ V1 + b2
    V2, M2 = Z2.clip(0), 1.0 * (Z2 > 0)
    O = W3 @ V2 + b3
    D3 = 2 * O - 2 * Y
    B2 = W3.T @ D3
    D2 = M2 * B2
    B1 = W2.T @ D2
    D1 = M1 * B1
    fed = V2, V1, X
    right = named(D3, D2, D1, *fed)
    below = named(D3 * (O > 0), *two_below(W3, W2, D3 * (O > 0), M2, M1), *fed)
    clipped = 2 * O.clip(0) - 2 * Y
    squared = 2 * (O - Y) ** 2
    expected = {
        "half": {k: g / 2 for k, g in right.items()},
        "sign": {k: -g for k, g in right.items()},
        "mean": {k: g / N for k, g in right.items()},
        "biasMean": {k: g / N if k[0] == "b" else g for k, g in right.items()},
        "outerT": {k: g.T if k[0] == "W" else g for k, g in right.items()},
        "noT": named(D3, M2 * (W3 @ D3), M1 * (W2 @ (M2 * (W3 @ D3))), *fed),
        "noMask": named(D3, B2, W2.T @ B2, *fed),
        "f": named(D3, V2 * B2, V1 * (W2.T @ (V2 * B2)), *fed),
        "reluDelta": named(D3, B2.clip(0), (W2.T @ B2.clip(0)).clip(0), *fed),
        "wrongMask": named(D3, M1 * B2, M1 * (W2.T @ (M1 * B2)), *fed),
        "zforv": named(D3, D2, D1, Z2, Z1, X),
        "v2forv1": named(D3, D2, D1, O, V2, V1),
        "reluOut": named(clipped, *two_below(W3, W2, clipped, M2, M1), *fed),
        "r2": named(squared, *two_below(W3, W2, squared, M2, M1), *fed),
        "noSum": right | {"b3": D3, "b2": D2, "b1": D1},
        "axis": right | {"b3": sum(D3), "b2": sum(D2), "b1": sum(D1)},
        "sumAll": right | {"b3": np.sum(D3), "b2": np.sum(D2), "b1": np.sum(D1)},
        "lastOnly": named(*(A[:, -1:] for A in (D3, D2, D1, *fed))),
    }
    assert_same(Right().gradients(**inputs), right)
    for tag, grads in expected.items():
        assert_same(wrong(tag, "gradients", inputs), grads)
    assert_same(wrong("reluOut", "gradients", inputs, which=1), below)
    assert_same(wrong("noT", "gradients", inputs, which=1), named(D3, D2, M1 * (W2 @ D2), *fed))
    assert_same(wrong("wrongMask", "gradients", inputs, which=1), named(D3, D2, M2 * B1, *fed))


def two_below(W3, W2, D3, M2, M1):
    """Return the two hidden deltas under an output delta."""
    return M2 * (W3.T @ D3), M1 * (W2.T @ (M2 * (W3.T @ D3)))


def test_the_wrong_forward_passes_are_those_of_other_networks():
    inputs = case("forward")
    P, X = inputs.values()
    right, no_bias = Right().forward(**inputs), {k: 0 * A if k[0] == "b" else A for k, A in P.items()}
    turned = {k: A.T if k[0] == "W" else A for k, A in P.items()}
    assert_same(wrong("noBiasFwd", "forward", inputs), Right().forward(no_bias, X))
    assert_same(wrong("b1forb2", "forward", inputs), Right().forward(P | {"b2": P["b1"]}, X))
    assert_same(wrong("Wᵀ", "forward", inputs), Right().forward(turned, X))
    assert_same(wrong("reluOut", "forward", inputs), right | {"y_hat": (right["z3"] + abs(right["z3"])) / 2})
    linear = P["W3"] @ (P["W2"] @ (P["W1"] @ X + P["b1"]) + P["b2"]) + P["b3"]
    for tag in ("noRelu", "zPrev"):
        assert np.allclose(wrong(tag, "forward", inputs)["y_hat"], linear, rtol=1e-12)
    assert np.array_equal(wrong("noRelu", "forward", inputs)["v1"], right["z1"])
    assert np.array_equal(wrong("zPrev", "forward", inputs)["v1"], right["v1"])


def test_ge_differs_at_an_exact_zero_alone():
    inputs = case("hidden_delta", "integers that give one z of exactly 0")
    difference = wrong("ge", "hidden_delta", inputs) - Right().hidden_delta(**inputs)
    back = inputs["W_next"].T @ inputs["delta_next"]
    assert np.array_equal(difference != 0, inputs["z"] == 0)
    assert np.allclose(difference, back * (inputs["z"] == 0), rtol=1e-12)
    assert not build.shows(
        wrong("ge", "hidden_delta", case("hidden_delta")), Right().hidden_delta(**case("hidden_delta"))
    )


def test_int_cuts_off_the_decimals():
    inputs = case("hidden_delta", "integers that give one z of exactly 0")
    given, right = wrong("int", "hidden_delta", inputs), Right().hidden_delta(**inputs)
    assert np.array_equal(given, np.sign(right) * np.floor(abs(right)))


def test_a_star_for_a_product_repeats_a_column_in_silence():
    inputs = case("hidden_delta", "the worked example, all integers")
    assert wrong("star", "hidden_delta", inputs).tolist() == [[8, 24], [0, 0]]


def test_a_missing_transpose_in_layer_1_gives_the_derivations_number():
    """W2 delta2 = (0, 28) where W2^T delta2 = (-4, 20); the dead unit hides the second entry."""
    inputs = case("hidden_delta", "the worked example, all integers")
    assert (inputs["W_next"] @ inputs["delta_next"]).tolist() == [[0], [28]]
    assert wrong("noT", "hidden_delta", inputs).tolist() == [[0], [0]]


def test_samples_summed_too_early_leave_one_column():
    inputs = case("output_delta")
    expected = 2 * (inputs["y_hat"].sum(axis=1) - inputs["Y"].sum(axis=1))[:, None]
    assert np.allclose(wrong("summed", "output_delta", inputs), expected, rtol=1e-12)


def test_weights_changed_in_place_are_off_by_the_order_of_the_learning_rate():
    inputs = case("gradient_descent_step", "layers of 4, 5, 3, 2 units, 6 samples")
    P, X, Y, eta = inputs.values()
    given, right = (build.output(c, "gradient_descent_step", inputs) for c in (_named("inPlace"), Right))
    seen, grads = Right().forward(P, X), Right().gradients(P, X, Y)
    shift = -eta * (seen["z2"] > 0) * (grads["W3"].T @ (2 * (seen["y_hat"] - Y)))  # how far delta2 is off
    assert np.array_equal(given["W3"], right["W3"])
    assert np.allclose(given["W2"] - right["W2"], -eta * shift @ seen["v1"].T, rtol=1e-9)
    assert np.allclose(given["b2"] - right["b2"], -eta * shift.sum(axis=1, keepdims=True), rtol=1e-9)
    assert build.shows(given["W1"], right["W1"])
    still = {**inputs, "eta": 0}
    assert_same(build.output(_named("inPlace"), "gradient_descent_step", still), P)


def _named(name):
    return next(cls for cls in mistakes.mistakes(ROOM) if cls.__name__ == name)


def test_every_row_of_the_derivations_table_is_in_the_library():
    assert {mistakes.tag_of(cls) for cls in mistakes.mistakes(ROOM)} >= TABLE_3_6


@pytest.mark.parametrize("name", ["gradients", "gradient_descent_step"])
@pytest.mark.parametrize("seed", range(3))
def test_what_hides_can_never_show(name, seed):
    for tag in answers.exercises(Right)[name].hides:
        for inputs in answers.cases(answers.room(ROOM), name, answers.room(ROOM).problems(_rng(seed))).values():
            assert not build.shows(wrong(tag, name, inputs), build.output(Right, name, inputs))


def test_two_mistakes_at_once_go_wrong_in_both():
    class both(_named("half"), _named("outerT")):
        pass

    inputs = case("gradients")
    expected = {k: g.T / 2 if k[0] == "W" else g / 2 for k, g in Right().gradients(**inputs).items()}
    assert_same(both().gradients(**inputs), expected)


def test_random_wrong_answers_get_no_name():
    rng = _rng(0)
    for scale in rng.uniform(0.6, 3, 20):
        verdict = check(ROOM, "output_delta", lambda y_hat, Y, s=scale: s * (y_hat - Y) + s)
        assert verdict.state == "wrong"
        assert verdict.mistake is None


@pytest.mark.parametrize("half_of", ["W1", "b2", "W3"])
def test_a_mistake_in_one_gradient_is_found_there(half_of):
    def answer(params, X, Y):
        grads = Right().gradients(params, X, Y)
        return grads | {half_of: grads[half_of] / 2}

    verdict = check(ROOM, "gradients", answer)
    assert (verdict.state, verdict.mistake, verdict.where) == ("wrong", "half", f"d{half_of}")


# Right answers that look different.


def forward_of(params, X):
    z1 = params["W1"] @ X + params["b1"]
    v1 = np.maximum(0, z1)
    z2 = params["W2"] @ v1 + params["b2"]
    v2 = np.maximum(0, z2)
    z3 = params["W3"] @ v2 + params["b3"]
    return {"z1": z1, "v1": v1, "z2": z2, "v2": v2, "z3": z3, "y_hat": z3}


def forward_by_entries(params, X):
    seen, v = {}, X
    for l in (1, 2, 3):
        W, b = params[f"W{l}"], params[f"b{l}"]
        z = np.zeros((W.shape[0], X.shape[1]))
        for i, n in np.ndindex(z.shape):
            z[i, n] = b[i, 0] + sum(W[i, j] * v[j, n] for j in range(W.shape[1]))
        v = z * (z > 0)
        seen |= {f"z{l}": z, f"v{l}": v} if l < 3 else {"z3": z, "y_hat": z}
    return seen


def forward_by_rows(params, X):
    """The other convention inside, ours outside, as transposed views."""
    A, seen = X.T, {}
    for l in (1, 2, 3):
        Z = A @ params[f"W{l}"].T + params[f"b{l}"].T
        A = np.where(Z < 0, 0, Z)
        seen |= {f"z{l}": Z.T, f"v{l}": A.T} if l < 3 else {"z3": Z.T, "y_hat": Z.T}
    return seen


def forward_with_a_row_of_ones(params, X):
    """The bias as a weight of a unit that is always 1."""

    def layer(l, v):
        return np.hstack([params[f"W{l}"], params[f"b{l}"]]) @ np.vstack([v, np.ones((1, v.shape[1]))])

    z1 = layer(1, X)
    z2 = layer(2, z1.clip(0))
    z3 = layer(3, z2.clip(0))
    return {"y_hat": z3, "z3": z3, "v2": z2.clip(0), "z2": z2, "v1": z1.clip(min=0), "z1": z1, "more": None}


FORWARDS = {
    "matrices": forward_of,
    "entries": forward_by_entries,
    "rows inside": forward_by_rows,
    "a row of ones": forward_with_a_row_of_ones,
    "nested lists": lambda params, X: {k: A.tolist() for k, A in forward_of(params, X).items()},
    "single precision": lambda params, X: forward_of(single(params), X.astype(np.float32)),
    "(z + |z|) / 2": lambda params, X: halved_sum(params, X),
}


def halved_sum(params, X):
    seen = forward_of(params, X)
    return seen | {f"v{l}": (seen[f"z{l}"] + abs(seen[f"z{l}"])) / 2 for l in (1, 2)}


def single(params):
    return {name: array.astype(np.float32) for name, array in params.items()}


OUTPUT_DELTAS = {
    "two signs": lambda y_hat, Y: -2 * (Y - y_hat),
    "multiplied out": lambda y_hat, Y: 2 * y_hat - 2 * Y,
    "a sum of two": lambda y_hat, Y: (y_hat - Y) + (y_hat - Y),
    "a list": lambda y_hat, Y: [
        [2 * (o - y) for o, y in zip(*rows, strict=True)] for rows in zip(y_hat, Y, strict=True)
    ],
    "one column at a time": lambda y_hat, Y: np.column_stack([2 * (o - y) for o, y in zip(y_hat.T, Y.T, strict=True)]),
    "single precision": lambda y_hat, Y: 2 * (y_hat.astype(np.float32) - Y.astype(np.float32)),
}


def hidden_by_entries(W_next, delta_next, z):
    delta = np.zeros(z.shape)
    for j, n in np.ndindex(z.shape):
        if z[j, n] > 0:
            delta[j, n] = sum(W_next[i, j] * delta_next[i, n] for i in range(len(W_next)))
    return delta


def hidden_by_index(W_next, delta_next, z):
    delta = W_next.T @ delta_next
    delta[z <= 0] = 0
    return delta


def hidden_by_diagonals(W_next, delta_next, z):
    """As on the board for one sample: diag(f'(z)) W^T delta."""
    columns = [np.diag(z[:, n] > 0) @ W_next.T @ delta_next[:, n] for n in range(z.shape[1])]
    return np.stack(columns, axis=1)


HIDDEN_DELTAS = {
    "mask times product": lambda W_next, delta_next, z: (z > 0) * (W_next.T @ delta_next),
    "mask from v": lambda W_next, delta_next, z: (W_next.T @ delta_next) * (np.maximum(z, 0) > 0),
    "sign of v": lambda W_next, delta_next, z: np.sign(np.maximum(z, 0)) * (W_next.T @ delta_next),
    "heaviside": lambda W_next, delta_next, z: np.heaviside(z, 0.0) * (W_next.T @ delta_next),
    "where": lambda W_next, delta_next, z: np.where(z > 0, W_next.T @ delta_next, 0),
    "einsum": lambda W_next, delta_next, z: np.einsum("ij,in,jn->jn", W_next, delta_next, (z > 0).astype(float)),
    "tensordot": lambda W_next, delta_next, z: np.tensordot(W_next, delta_next, (0, 0)) * (z > 0),
    "rows inside": lambda W_next, delta_next, z: ((delta_next.T @ W_next) * (z.T > 0)).T,
    "entries": hidden_by_entries,
    "an index": hidden_by_index,
    "diagonals": hidden_by_diagonals,
    "Fortran order": lambda **a: np.asfortranarray(hidden_by_index(**a)),
    "read-only list of rows": lambda *a: tuple(map(tuple, hidden_by_entries(*a))),
    "single precision": lambda W_next, delta_next, z: (
        (z > 0) * (W_next.T.astype(np.float32) @ delta_next.astype(np.float32))
    ),
}


def grads_of(params, X, Y):
    seen = forward_of(params, X)
    delta3 = 2 * (seen["y_hat"] - Y)
    delta2 = (seen["z2"] > 0) * (params["W3"].T @ delta3)
    delta1 = (seen["z1"] > 0) * (params["W2"].T @ delta2)
    return {
        "W1": delta1 @ X.T,
        "b1": delta1.sum(axis=1, keepdims=True),
        "W2": delta2 @ seen["v1"].T,
        "b2": delta2.sum(axis=1, keepdims=True),
        "W3": delta3 @ seen["v2"].T,
        "b3": delta3.sum(axis=1, keepdims=True),
    }


def grads_by_samples(params, X, Y):
    total = {name: np.zeros(array.shape) for name, array in params.items()}
    for n in range(X.shape[1]):
        for name, grad in grads_of(params, X[:, [n]], Y[:, [n]]).items():
            total[name] += grad
    return total


def grads_by_rows(params, X, Y):
    seen = forward_by_rows(params, X)
    D, grads = 2 * (seen["y_hat"].T - Y.T), {}
    for l in (3, 2, 1):
        below = seen[f"v{l - 1}"].T if l > 1 else X.T
        grads |= {f"W{l}": (below.T @ D).T, f"b{l}": D.T @ np.ones((len(D), 1))}
        D = (D @ params[f"W{l}"]) * (below > 0)
    return grads


def grads_by_einsum(params, X, Y):
    seen, D, grads = forward_of(params, X) | {"v0": X}, 2 * (forward_of(params, X)["y_hat"] - Y), {}
    for l in (3, 2, 1):
        grads |= {f"W{l}": np.einsum("in,jn->ij", D, seen[f"v{l - 1}"]), f"b{l}": np.einsum("in->i", D).reshape(-1, 1)}
        D = np.einsum("ij,in->jn", params[f"W{l}"], D) * (seen[f"v{l - 1}"] > 0)
    return grads


def grads_by_the_mean(params, X, Y):
    N = X.shape[1]
    return {name: N * (grad / N) for name, grad in grads_of(params, X, Y).items()}


def grads_by_complex_step(params, X, Y):
    return complex_step_gradient(lambda p: relu_network.forward(p, X, Y)[0], params)


GRADIENTS = {
    "matrices": grads_of,
    "samples": grads_by_samples,
    "rows inside, mask from v": grads_by_rows,
    "einsum": grads_by_einsum,
    "mean times N": grads_by_the_mean,
    "complex step": grads_by_complex_step,
    "the model": lambda params, X, Y: relu_network.backward(params, relu_network.forward(params, X, Y)[1]),
    "nested lists": lambda **a: {name: grad.tolist() for name, grad in grads_of(**a).items()},
    "single precision": lambda params, X, Y: grads_of(single(params), X.astype(np.float32), Y.astype(np.float32)),
    "Fortran order": lambda *a: {name: np.asfortranarray(grad) for name, grad in grads_of(*a).items()},
    "more in the dict": lambda *a: grads_of(*a) | {"X": "not asked for"},
}

STEPS = {
    "from gradients": lambda params, X, Y, eta: {k: A - eta * grads_of(params, X, Y)[k] for k, A in params.items()},
    "sample by sample": lambda params, X, Y, eta: {
        k: A - sum(eta * grads_of(params, X[:, [n]], Y[:, [n]])[k] for n in range(X.shape[1]))
        for k, A in params.items()
    },
    "a copy written into": lambda params, X, Y, eta: written_into_a_copy(params, X, Y, eta),
}


def written_into_a_copy(params, X, Y, eta):
    new = {name: array.astype(float) for name, array in params.items()}
    for name, grad in grads_of(params, X, Y).items():
        new[name] -= eta * grad
    return new


RIGHT = [
    pytest.param(name, answer, id=f"{name}-{how}")
    for name, given in {
        "forward": FORWARDS,
        "output_delta": OUTPUT_DELTAS,
        "hidden_delta": HIDDEN_DELTAS,
        "gradients": GRADIENTS,
        "gradient_descent_step": STEPS,
    }.items()
    for how, answer in given.items()
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_that_looks_different_is_right(name, answer):
    verdict = check(ROOM, name, answer)
    assert verdict.state == "right", str(verdict)


CONVENTIONS = {
    "flat biases": lambda *a: {k: g.ravel() if k[0] == "b" else g for k, g in grads_of(*a).items()},
    "biases as rows": lambda *a: {k: g.T if k[0] == "b" else g for k, g in grads_of(*a).items()},
}


@pytest.mark.parametrize("answer", CONVENTIONS.values(), ids=CONVENTIONS)
def test_right_biases_in_another_layout_are_called_so(answer):
    verdict = check(ROOM, "gradients", answer)
    assert verdict.state == "right in another convention", str(verdict)


def test_rows_for_hidden_delta_are_another_convention():
    assert check(ROOM, "hidden_delta", lambda *a: hidden_by_index(*a).T).state == "right in another convention"


def test_an_update_written_into_the_arguments_is_told():
    def step(params, X, Y, eta):
        for name, grad in grads_of(params, X, Y).items():
            params[name][...] = params[name] - eta * grad
        return params

    assert "changed its argument" in str(check(ROOM, "gradient_descent_step", step))


def test_a_visible_case_of_a_function_whose_name_begins_with_h_is_the_students_to_replay():
    verdict = check(ROOM, "hidden_delta", lambda W_next, delta_next, z: W_next.T @ delta_next)
    assert 'hidden_delta(**replay("02-hidden_delta-1"))' in str(verdict)
