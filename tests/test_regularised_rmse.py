"""Notebook 03: the model against three oracles, its singular point, and what its check lets pass."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import answers, check, complex_step_gradient, load, mistakes, numerical_gradient, reference
from helpers.answers.regularised_rmse import Right
from helpers.comparing import compare
from helpers.numerical import relative_error
from helpers.regularised_rmse import backward, forward, init

ROOM = "03-regularised-rmse"
TOLERANCE = 1e-12
SIZES = st.lists(st.integers(1, 5), min_size=4, max_size=4)


def problem(seed, sizes=(3, 4, 5, 2), N=6, alpha=0.3):
    """Return inputs with no unit saturated: there 1 - tanh^2 cancels, and the last digits of a derivative are noise."""
    rng = np.random.default_rng(seed)
    params = {key: np.clip(A, -1, 1) for key, A in init(rng, sizes).items()}
    return params, rng.uniform(-1, 1, (sizes[0], N)), rng.uniform(-2, 2, (sizes[3], N)), alpha


def derived(params, X, Y, alpha):
    return backward(params, forward(params, X, Y, alpha)[1])


def worst(ours, exact):
    assert ours.keys() == exact.keys()
    return max(relative_error(ours[key], exact[key]) for key in exact)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(0, 10**6), SIZES, st.integers(1, 7), st.floats(-1, 1))
def test_backward_is_the_derivative_of_forward_by_complex_step(seed, sizes, N, alpha):
    params, X, Y, alpha = problem(seed, sizes, N, alpha)
    exact = complex_step_gradient(lambda p: forward(p, X, Y, alpha)[0], params)
    assert all(grad.any() for grad in exact.values()), "a gradient of zeros would make this test vacuous"
    assert worst(derived(params, X, Y, alpha), exact) < TOLERANCE


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(0, 10**6), SIZES, st.integers(1, 7), st.floats(-1, 1))
def test_backward_is_the_derivative_of_forward_by_autograd(seed, sizes, N, alpha):
    params, X, Y, alpha = problem(seed, sizes, N, alpha)

    def loss(p):
        h = anp.tanh(anp.dot(p["W2"], anp.tanh(anp.dot(p["W1"], X) + p["b1"])) + p["b2"])
        r = anp.dot(p["W3"], h) + p["b3"] - Y
        return anp.sqrt(anp.mean(anp.sum(r**2, axis=0))) + alpha * sum(anp.sum(A**2) for A in p.values()) / 2

    assert worst(derived(params, X, Y, alpha), autograd.grad(loss)(params)) < TOLERANCE


def test_backward_is_the_derivative_of_forward_by_sympy():
    """Sizes 2-1-2-2, N = 2: the symbolic derivative at rational numbers, to 30 digits."""
    params, X, Y, alpha = problem(3, (2, 1, 2, 2), 2, 0.25)
    theta = {
        key: sympy.Matrix(*A.shape, lambda i, j, key=key: sympy.Symbol(f"{key}_{i}_{j}")) for key, A in params.items()
    }
    a, y = (sympy.Matrix(*A.shape, lambda i, n, A=A: sympy.Rational(A[i, n])) for A in (X, Y))
    for l in (1, 2, 3):
        z = theta[f"W{l}"] * a + theta[f"b{l}"] * sympy.ones(1, 2)
        a = z.applyfunc(sympy.tanh)
    R = sum(entry**2 for A in theta.values() for entry in A) / 2
    loss = sympy.sqrt(sum(entry**2 for entry in z - y) / 2) + sympy.Rational(alpha) * R
    point = {theta[key][at]: sympy.Rational(A[at]) for key, A in params.items() for at in np.ndindex(A.shape)}
    exact = {
        key: np.array(A.applyfunc(lambda t: sympy.diff(loss, t).evalf(30, subs=point)).tolist(), dtype=float)
        for key, A in theta.items()
    }
    assert worst(derived(params, X, Y, alpha), exact) < 1e-14


PROBE = {
    "params": {
        "W1": [[-0.12, -0.19], [0.48, -0.72], [0.9, -0.99]],
        "b1": [[-0.51], [0.23], [0.07]],
        "W2": [[-0.82, 0.61, -0.34], [0.04, 0.26, -0.54]],
        "b2": [[-0.98], [0.88]],
        "W3": [[-0.97, 1.0], [-0.93, 0.78]],
        "b3": [[-0.79], [0.94]],
    },
    "X": [[0.94, -0.78, 0.56], [-0.28, -0.02, 0.32]],
    "Y": [[1.0, -0.97, 0.85], [-0.65, 0.39, -0.1]],
    "alpha": 0.1,
}
PROBED = {
    "W3": [[-0.120652698224, 0.150891700617], [-0.469024882491, 0.648316044817]],
    "b3": [[-0.076325206244], [0.970911326741]],
    "W2": [[0.217587321679, -0.05570400778, -0.034060644671], [-0.147172068929, 0.100275453648, -0.026379396849]],
    "b2": [[-0.74421167453], [0.408027044452]],
    "W1": [[-0.045763174662, -0.025068835339], [0.099336774675, -0.079622314291], [0.076286335225, -0.096908952207]],
    "b1": [[0.371848172542], [-0.242086601274], [0.041180419508]],
}


def test_the_numbers_of_the_derivation_come_out_to_all_their_digits():
    probe = reference.decode(PROBE)
    loss, cache = forward(**probe)
    assert [f"{v:.12f}" for v in (cache.L, loss)] == ["2.263908066026", "2.818153066026"]
    assert f"{Right().penalty(probe['params']):.12g}" == "5.54245"
    for grads in (backward(probe["params"], cache), Right().gradients(**probe)):
        assert list(grads) == list(PROBED)
        assert {key: grad.round(12).tolist() for key, grad in grads.items()} == PROBED


def test_the_graded_functions_agree_with_the_model():
    for seed in range(5):
        params, X, Y, alpha = problem(seed)
        loss, cache = forward(params, X, Y, alpha)
        right = Right()
        assert right.loss(params, X, Y, alpha) == pytest.approx(loss, rel=1e-14)
        assert right.rmse(cache.a[3], Y) == pytest.approx(cache.L, rel=1e-14)
        exact = complex_step_gradient(lambda O, Y=Y: np.sqrt(np.sum((O - Y) ** 2) / 6), cache.a[3])
        assert relative_error(right.d_rmse(cache.a[3], Y), exact) < TOLERANCE
        assert worst(right.gradients(params, X, Y, alpha), derived(params, X, Y, alpha)) < 1e-14


def test_the_cases_agree_with_the_complex_step_of_the_model():
    for case in reference.load(ROOM, "gradients").cases:
        params, X, Y, alpha = case.inputs.values()
        exact = complex_step_gradient(lambda p, X=X, Y=Y, alpha=alpha: forward(p, X, Y, alpha)[0], params)
        assert max(relative_error(case.right[key], exact[key]) for key in exact) < TOLERANCE


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 9))
def test_the_gradient_at_the_output_has_length_one_over_root_n(seed, units, N):
    """And its product with the residual is L: the gradient of any norm."""
    O, Y = np.random.default_rng(seed).standard_normal((2, units, N))
    dO = Right().d_rmse(O, Y)
    assert np.linalg.norm(dO) == pytest.approx(1 / np.sqrt(N), rel=TOLERANCE)
    assert np.sum(dO * (O - Y)) == pytest.approx(Right().rmse(O, Y), rel=TOLERANCE)


@pytest.mark.parametrize("eta", [0.3, 3.0, 30.0])
def test_a_step_at_the_outputs_changes_L_by_eta_over_N_and_may_go_over_the_tip(eta):
    right, (O, Y) = Right(), np.random.default_rng(17).standard_normal((2, 2, 5))
    after = right.rmse(O - eta * right.d_rmse(O, Y), Y)
    assert after == pytest.approx(abs(right.rmse(O, Y) - eta / 5), rel=TOLERANCE)


def test_the_example_for_paper_comes_out_in_numbers_for_paper():
    found = Right().by_hand()
    assert found["O"].round(9).tolist() == [[7, -7, 6, -5], [-15, 13, -13, 9]]
    assert found["L"] == pytest.approx(3, rel=TOLERANCE)
    assert (12 * found["dO"]).round(9).tolist() == [[-3, -1, 2, -2], [3, -1, 2, 2]]
    assert found["delta2"].round(9).tolist() == [[-4.8, 0.3, -1.25, -3.2]]
    assert found["dW3"].round(9).tolist() == [[1.1], [-1.8]]
    assert found["db3"] == pytest.approx(np.array([[-7 / 30], [1 / 5]]), rel=TOLERANCE)


def test_the_sea_is_61_years_of_12_months():
    sea = load("el-nino-1950-2010")
    assert sea["year"].tolist() == list(range(1950, 2011))
    months = np.array([values for name, values in sea.items() if name != "year"])
    assert months.shape == (12, 61)
    assert 18 < months.min() < months.max() < 30


def test_every_sample_handed_in_twice_changes_nothing():
    params, X, Y, alpha = problem(4)
    twice = derived(params, np.hstack([X, X]), np.hstack([Y, Y]), alpha)
    assert worst(twice, derived(params, X, Y, alpha)) < TOLERANCE


def test_the_batch_gradient_is_the_mean_over_samples_weighted_by_their_roots():
    """dL = 1/(N L) sum of L_n dL_n: not the mean of the single gradients."""
    params, X, Y, _ = problem(5)
    _, whole = forward(params, X, Y, 0)
    singles = [forward(params, X[:, [n]], Y[:, [n]], 0)[1] for n in range(6)]
    for key, grad in backward(params, whole).items():
        parts = [backward(params, single)[key] for single in singles]
        weighted = sum(single.L * part for single, part in zip(singles, parts, strict=True)) / (6 * whole.L)
        assert relative_error(weighted, grad) < TOLERANCE
        assert relative_error(sum(parts) / 6, grad) > 1e-3


def test_alpha_adds_its_multiple_of_each_parameter_and_nothing_else():
    params, X, Y, _ = problem(6)
    without, with_decay = derived(params, X, Y, 0.0), derived(params, X, Y, 0.7)
    assert (
        worst({key: with_decay[key] - without[key] for key in params}, {k: 0.7 * A for k, A in params.items()})
        < TOLERANCE
    )


@pytest.mark.filterwarnings("error")
def test_at_a_perfect_fit_only_the_decay_is_left():
    params, X, Y, alpha = problem(7)
    Y = forward(params, X, Y, alpha)[1].a[3]
    for grads in (derived(params, X, Y, alpha), Right().gradients(params, X, Y, alpha)):
        assert all(np.array_equal(grads[key], alpha * params[key]) for key in params)
    assert not Right().d_rmse(Y, Y.copy()).any()


def test_the_kink_at_a_perfect_fit_is_that_of_a_norm():
    """One-sided differences in a bias of the output are +1 and -1; the central difference, like ours, is 0."""
    params, X, Y, _ = problem(8)
    Y = forward(params, X, Y, 0)[1].a[3]

    def loss(b3):
        return forward(params | {"b3": b3}, X, Y, 0)[0]

    step = 1e-6 * np.eye(2)[:, [0]]
    assert loss(params["b3"] + step) / 1e-6 == pytest.approx(1, abs=1e-6)
    assert loss(params["b3"] - step) / 1e-6 == pytest.approx(1, abs=1e-6)
    assert np.max(np.abs(numerical_gradient(loss, params["b3"]))) < 1e-9


def test_near_a_perfect_fit_the_gradient_is_not_small():
    Y = np.random.default_rng(9).standard_normal((2, 3))
    assert np.linalg.norm(Right().d_rmse(Y + 1e-9, Y)) == pytest.approx(1 / np.sqrt(3), rel=1e-6)


def test_arguments_are_left_alone():
    params, X, Y, alpha = problem(10)
    for array in (*params.values(), X, Y):
        array.flags.writeable = False
    derived(params, X, Y, alpha)
    right = Right()
    right.gradients(params, X, Y, alpha)
    right.loss(params, X, Y, alpha)
    right.d_rmse(Y, -Y)


@pytest.mark.parametrize("key", ["W1", "b1", "W2", "b2", "W3", "b3"])
@pytest.mark.parametrize("wrong", [2.0, -1.0, 1 + 1e-9], ids="times {}".format)
def test_the_oracle_can_fail(wrong, key):
    params, X, Y, alpha = problem(11)
    exact = complex_step_gradient(lambda p: forward(p, X, Y, alpha)[0], params)
    grads = derived(params, X, Y, alpha)
    assert worst(grads, exact) < TOLERANCE
    assert worst(grads | {key: wrong * grads[key]}, exact) > TOLERANCE


TABLE_1_5 = {
    *("no1/N", "mse", "lostL", "half", "sign", "perElement", "meanRMSE", "biasMean", "noRegBias", "noReg", "reg2"),
    *("regHalf", "regPerSample", "noT", "outerT", "no_fp", "f", "fp(h)"),
}


def test_every_row_of_the_derivations_table_is_in_the_library():
    assert {mistakes.tag_of(cls) for cls in mistakes.mistakes(ROOM)} >= TABLE_1_5


def by_the_book(params, X, Y, alpha, f=np.tanh, fp=lambda z, h: 1 - h**2, bias=1.0, decay=1.0, transposed=False):
    """Return the gradients of section 1.3 and the data part alone, with f' and the factors of b and of decay given."""
    W1, b1, W2, b2, W3, b3 = (params[key] for key in ("W1", "b1", "W2", "b2", "W3", "b3"))
    I1 = W1 @ X + b1
    I2 = W2 @ f(I1) + b2
    E = W3 @ f(I2) + b3 - Y
    D3 = E / np.sqrt(X.shape[1]) / np.linalg.norm(E)
    D2 = (W3 if transposed else W3.T) @ D3 * fp(I2, f(I2))
    D1 = (W2 if transposed else W2.T) @ D2 * fp(I1, f(I1))
    deltas = ((3, D3, f(I2)), (2, D2, f(I1)), (1, D1, X))
    data = {f"W{l}": np.einsum("in,jn->ij", D, h) for l, D, h in deltas}
    data |= {f"b{l}": bias * D.sum(1)[:, None] for l, D, _ in deltas}
    return {key: data[key] + decay * alpha * params[key] for key in data}, data, E


def expected_gradients(params, X, Y, alpha):
    """Return {tag: gradients} as table 1.5 says, from formulas that the library does not use."""
    right, data, E = by_the_book(params, X, Y, alpha)
    n_o, N = E.shape
    L = np.linalg.norm(E) / np.sqrt(N)

    def scaled(data_factor, decay=1.0):
        return {key: data_factor * data[key] + decay * alpha * params[key] for key in data}

    def with_fp(fp):
        return by_the_book(params, X, Y, alpha, fp=fp)[0]

    return {
        "no1/N": scaled(N),
        "mse": scaled(2 * L),
        "lostL": scaled(L),
        "half": scaled(0.5),
        "sign": scaled(-1),
        "perElement": scaled(1 / np.sqrt(n_o)),
        "sum": scaled(1 / np.sqrt(N)),
        "outside": scaled(np.sqrt(N)),
        "biasMean": by_the_book(params, X, Y, alpha, bias=1 / N)[0],
        "noRegBias": right | {key: data[key] for key in ("b1", "b2", "b3")},
        "noReg": data,
        "reg2": scaled(1, 2),
        "regHalf": scaled(1, 0.5),
        "regPerSample": scaled(1, N),
        "noAlpha": scaled(1, 1 / alpha),
        "no_fp": with_fp(lambda z, h: 1.0),
        "f": with_fp(lambda z, h: h),
        "fp(h)": with_fp(lambda z, h: np.cosh(h) ** -2),
        "zSquared": with_fp(lambda z, h: 1 - z * z),
        "noAct": by_the_book(params, X, Y, alpha, f=lambda z: z, fp=lambda z, h: 1.0)[0],
        "noY": by_the_book(params, X, 0 * Y, alpha)[0],
    }


def wrong_class(tag):
    return next(cls for cls in mistakes.mistakes(ROOM) if mistakes.tag_of(cls) == tag)


@pytest.mark.parametrize("tag", expected_gradients(*problem(12)))
def test_the_wrong_gradients_stand_to_the_right_ones_as_the_derivation_says(tag):
    inputs = problem(12)
    wrong = wrong_class(tag)().gradients(*inputs)
    expected = expected_gradients(*inputs)[tag]
    assert worst(wrong, {key: expected[key] for key in wrong}) < TOLERANCE


def test_mean_rmse_is_the_gradient_of_another_loss():
    params, X, Y, alpha = problem(13)

    def loss(p):
        roots = [forward(p, X[:, [n]], Y[:, [n]], 0)[1].L for n in range(6)]
        return sum(roots) / 6 + alpha * Right.penalty(Right(), params)

    exact = complex_step_gradient(loss, params)
    wrong = wrong_class("meanRMSE")().gradients(params, X, Y, alpha)
    assert worst({key: wrong[key] - alpha * params[key] for key in params}, exact) < TOLERANCE


def test_a_lost_transpose_stops_with_an_error_unless_the_layers_are_square():
    with pytest.raises(ValueError, match="matmul"):
        wrong_class("noT")().gradients(*problem(14))
    inputs = problem(14, (3, 3, 3, 3), 5)
    expected = by_the_book(*inputs, transposed=True)[0]
    wrong = wrong_class("noT")().gradients(*inputs)
    assert worst(wrong, {key: expected[key] for key in wrong}) < TOLERANCE


def test_an_outer_product_the_wrong_way_round_is_transposed_where_the_layers_are_square():
    params, X, Y, alpha = problem(15, (3, 3, 3, 3), 5)
    right, data, _ = by_the_book(params, X, Y, alpha)
    expected = {key: data[key].T + alpha * params[key] if key[0] == "W" else right[key] for key in right}
    wrong = wrong_class("outerT")().gradients(params, X, Y, alpha)
    assert worst(wrong, {key: expected[key] for key in wrong}) < TOLERANCE


def test_a_lost_1_over_n_hides_at_one_sample_alone_and_half_a_gradient_does_not():
    one = problem(16, N=1)
    assert worst(wrong_class("no1/N")().gradients(*one), derived(*one)) < TOLERANCE
    assert worst(wrong_class("half")().gradients(*one), derived(*one)) > 0.01


def by_loops(params, X, Y, alpha):
    """One sample, one unit, one weight at a time."""
    N, grads = X.shape[1], {key: alpha * np.array(A, float) for key, A in params.items()}
    h, squares = {}, 0.0
    for n in range(N):
        h[0, n] = X[:, n]
        for l in (1, 2, 3):
            z = [sum(w * v for w, v in zip(row, h[l - 1, n], strict=True)) for row in params[f"W{l}"]]
            z = [v + b[0] for v, b in zip(z, params[f"b{l}"], strict=True)]
            h[l, n] = z if l == 3 else [np.tanh(v) for v in z]
        squares += sum((o - y) ** 2 for o, y in zip(h[3, n], Y[:, n], strict=True))
    for n in range(N):
        delta = [(o - y) / (N * (squares / N) ** 0.5) for o, y in zip(h[3, n], Y[:, n], strict=True)]
        for l in (3, 2, 1):
            for i, d in enumerate(delta):
                grads[f"b{l}"][i, 0] += d
                for j, v in enumerate(h[l - 1, n]):
                    grads[f"W{l}"][i, j] += d * v
            back = [sum(params[f"W{l}"][i, j] * d for i, d in enumerate(delta)) for j in range(len(h[l - 1, n]))]
            delta = [(1 - v**2) * d for v, d in zip(h[l - 1, n], back, strict=True)] if l > 1 else []
    return grads


def by_rows(params, X, Y, alpha):
    """The other convention inside, ours outside: one sample is a row."""
    x, y, W, b = X.T, Y.T, {l: params[f"W{l}"].T for l in (1, 2, 3)}, {l: params[f"b{l}"].T for l in (1, 2, 3)}
    h1 = np.tanh(x @ W[1] + b[1])
    h2 = np.tanh(h1 @ W[2] + b[2])
    r = h2 @ W[3] + b[3] - y
    d3 = r / (len(x) * np.sqrt((r**2).sum(1).mean()))
    d2 = d3 @ W[3].T * (1 - h2**2)
    d1 = d2 @ W[2].T * (1 - h1**2)
    flat = {"W1": x.T @ d1, "b1": d1.sum(0), "W2": h1.T @ d2, "b2": d2.sum(0), "W3": h2.T @ d3, "b3": d3.sum(0)}
    return {key: grad.T.reshape(params[key].shape) + alpha * params[key] for key, grad in flat.items()}


def by_einsum(params, X, Y, alpha):
    h1 = np.tanh(np.einsum("ij,jn->in", params["W1"], X) + params["b1"])
    h2 = np.tanh(np.einsum("ij,jn->in", params["W2"], h1) + params["b2"])
    O = np.einsum("ij,jn->in", params["W3"], h2) + params["b3"]
    d3 = (O - Y) / np.sqrt(X.shape[1] * np.einsum("in,in->", O - Y, O - Y))
    d2 = np.einsum("ij,in,jn->jn", params["W3"], d3, 1 - h2 * h2)
    d1 = np.einsum("ij,in,jn->jn", params["W2"], d2, 1 - h1 * h1)
    data = {}
    for l, d, h in ((1, d1, X), (2, d2, h1), (3, d3, h2)):
        data |= {f"W{l}": np.einsum("in,jn->ij", d, h), f"b{l}": np.einsum("in->i", d)[:, None]}
    return {key: data[key] + alpha * params[key] for key in params}


def by_ones(params, X, Y, alpha):
    """The biases as one more column of the weights, fed with ones."""
    V = {l: np.hstack([params[f"W{l}"], params[f"b{l}"]]) for l in (1, 2, 3)}
    h = {0: np.vstack([X, np.ones(X.shape[1])])}
    for l in (1, 2):
        h[l] = np.vstack([np.tanh(V[l] @ h[l - 1]), np.ones(X.shape[1])])
    r = V[3] @ h[2] - Y
    delta, grads = r / np.linalg.norm(r) / np.sqrt(X.shape[1]), {}
    for l in (3, 2, 1):
        G = delta @ h[l - 1].T + alpha * V[l]
        grads |= {f"W{l}": G[:, :-1], f"b{l}": G[:, -1:]}
        delta = (V[l].T @ delta * (1 - h[l - 1] ** 2))[:-1]
    return grads


def by_samples(params, X, Y, alpha):
    """The weighted mean of the single gradients, and the decay once."""
    total, parts = 0, []
    for x, y in zip(X.T, Y.T, strict=True):
        single = x[:, None], y[:, None]
        L = forward(params, *single, 0)[1].L
        total += L**2
        parts.append({key: L * grad for key, grad in derived(params, *single, 0).items()})
    below = np.sqrt(len(parts) * total)
    return {key: sum(part[key] for part in parts) / below + alpha * A for key, A in params.items()}


def by_complex_step(params, X, Y, alpha):
    return complex_step_gradient(lambda p: forward(p, X, Y, alpha)[0], params)


def in_single_precision(params, X, Y, alpha):
    single = {key: A.astype(np.float32) for key, A in params.items()}
    grads = by_rows(single, X.astype(np.float32), Y.astype(np.float32), np.float32(alpha))
    return {key: grad.astype(np.float32) for key, grad in grads.items()}


def other_signs(params, X, Y, alpha):
    """y - o in front, minus everywhere after."""
    z, a = Right().activations(params, X)
    r = Y - a[3]
    delta, grads = -r / (X.shape[1] * np.sqrt(np.sum(r**2) / X.shape[1])), {}
    for l in (3, 2, 1):
        grads[f"W{l}"] = -(-delta @ a[l - 1].T - alpha * params[f"W{l}"])
        grads[f"b{l}"] = -(-delta.sum(1, keepdims=True) - alpha * params[f"b{l}"])
        delta = -(-(params[f"W{l}"].T) @ delta) / np.cosh(z[l - 1]) ** 2 if l > 1 else None
    return grads


def each(change):
    """Return by_rows with every gradient changed in form alone."""
    return lambda params, X, Y, alpha: {key: change(grad) for key, grad in by_rows(params, X, Y, alpha).items()}


GRADIENTS = {
    "the model": derived,
    "loops": by_loops,
    "rows inside": by_rows,
    "einsum": by_einsum,
    "biases as weights": by_ones,
    "samples": by_samples,
    "complex step": by_complex_step,
    "single precision": in_single_precision,
    "two signs and cosh": other_signs,
    "other order": lambda params, X, Y, alpha: dict(sorted(by_rows(params, X, Y, alpha).items())),
    "nested lists": each(np.ndarray.tolist),
    "Fortran order": each(np.asfortranarray),
    "a transposed view": each(lambda grad: np.ascontiguousarray(grad.T).T),
    "extended precision": each(lambda grad: grad.astype(np.longdouble)),
    "np.matrix": each(np.asmatrix),
    "read-only": each(lambda grad: np.broadcast_to(grad, grad.shape)),
    "with more in the dict": lambda params, X, Y, alpha: by_rows(params, X, Y, alpha) | {"X": X},
    "positional": lambda *a: by_rows(*a),
}


@pytest.mark.parametrize("answer", GRADIENTS.values(), ids=GRADIENTS)
def test_right_gradients_pass_however_they_are_computed(answer):
    verdict = check(ROOM, "gradients", answer)
    assert verdict.state == "right", str(verdict)


def through_L(O, Y):
    L = np.sqrt(((O - Y) ** 2).sum(axis=0).mean())
    return np.zeros(O.shape) if L == 0 else (O - Y) / (O.shape[1] * L)


def by_entries(O, Y):
    dO = np.zeros(O.shape)
    L = Right().rmse(O, Y)
    for entry in np.ndindex(O.shape):
        if L > 0:
            dO[entry] = (O[entry] - Y[entry]) / (O.shape[1] * L)
    return dO


D_RMSE = {
    "if": through_L,
    "entries": by_entries,
    "norm": lambda O, Y: (O - Y) / (np.sqrt(O.shape[1]) * (np.linalg.norm(O - Y) or 1)),
    "where": lambda O, Y: np.divide(O - Y, O.shape[1] * Right().rmse(O, Y), where=O != Y, out=0.0 * O),
    "nan_to_num": lambda O, Y: np.nan_to_num((O - Y) / (O.shape[1] * np.sqrt(np.sum((O - Y) ** 2) / O.shape[1]))),
    "a small number below": lambda O, Y: (O - Y) / (O.shape[1] * Right().rmse(O, Y) + 1e-300),
    "two signs": lambda O, Y: -through_L(Y, O),
    "lists": lambda O, Y: through_L(O, Y).tolist(),
    "single precision": lambda O, Y: through_L(O.astype(np.float32), Y.astype(np.float32)),
    "rows inside": lambda O, Y: through_L(O, Y).T.copy().T,
}


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("answer", D_RMSE.values(), ids=D_RMSE)
def test_right_gradients_at_the_output_pass_however_they_are_computed(answer):
    verdict = check(ROOM, "d_rmse", answer)
    assert verdict.state == "right", str(verdict)


def test_the_perfect_fit_accepts_zeros_and_refuses_nan():
    case = next(case for case in reference.load(ROOM, "d_rmse").cases if case.description == "a perfect fit")
    assert case.right.shape == case.inputs["O"].shape
    assert not case.right.any()
    verdict = check(ROOM, "d_rmse", lambda O, Y: (O - Y) / (O.shape[1] * np.sqrt(np.sum((O - Y) ** 2) / O.shape[1])))
    assert not verdict.passed
    assert "nan" in verdict.message
    assert compare(case.right + 0.0, case.right).alike
    assert not compare(case.right + 1e-9, case.right).alike
    assert not compare(case.right * np.nan, case.right).alike


NUMBERS = {
    ("rmse", "norm"): lambda O, Y: np.linalg.norm(O - Y) / np.sqrt(O.shape[1]),
    ("rmse", "mean of sums"): lambda O, Y: np.sqrt(np.mean(np.sum((Y - O) ** 2, axis=0))),
    ("rmse", "trace"): lambda O, Y: np.sqrt(np.trace((O - Y).T @ (O - Y)) / O.shape[1]),
    ("rmse", "sum of means"): lambda O, Y: np.sum(np.mean((O - Y) ** 2, axis=1)) ** 0.5,
    ("rmse", "single precision"): lambda O, Y: np.float32(np.linalg.norm(O - Y) / np.sqrt(O.shape[1])),
    ("rmse", "loops"): lambda O, Y: sum((o - y) ** 2 / O.shape[1] for o, y in zip(O.flat, Y.flat, strict=True)) ** 0.5,
    ("penalty", "norm"): lambda params: sum(np.linalg.norm(A) ** 2 for A in params.values()) / 2,
    ("penalty", "one long vector"): lambda params: 0.5 * np.sum(np.hstack([A.ravel() for A in params.values()]) ** 2),
    ("penalty", "vdot"): lambda params: np.array(sum(0.5 * np.vdot(A, A) for A in params.values())),
    ("loss", "the model"): lambda params, X, Y, alpha: forward(params, X, Y, alpha)[0],
    ("loss", "keywords"): lambda **inputs: forward(**inputs)[0],
    ("loss", "python float"): lambda params, X, Y, alpha: float(forward(params, X, Y, alpha)[0]),
}


@pytest.mark.parametrize(("name", "answer"), [(n, a) for (n, _), a in NUMBERS.items()], ids=map(" by ".join, NUMBERS))
def test_right_numbers_pass_however_they_are_computed(name, answer):
    verdict = check(ROOM, name, answer)
    assert verdict.state == "right", str(verdict)


def test_flat_bias_gradients_are_another_convention():
    def flat(params, X, Y, alpha):
        return {key: grad.ravel() if key[0] == "b" else grad for key, grad in by_rows(params, X, Y, alpha).items()}

    assert check(ROOM, "gradients", flat).state == "right in another convention"


@pytest.mark.parametrize("seed", range(20))
def test_every_draw_of_the_cases_keeps_the_fixture_rules(seed):
    drawn = answers.room(ROOM).problems(np.random.default_rng(seed))
    nets = [case for case in drawn.values() if "params" in case]
    assert {case["X"].shape[1] for case in nets} >= {1}
    assert any(case["X"].dtype.kind == "i" for case in nets)
    for case in nets:
        values = np.abs(np.concatenate([case["params"][key].ravel() for key in ("W1", "b1", "W2", "b2")]))
        sizes = {n for A in case["params"].values() for n in A.shape} - {1}
        assert len(set(values)) == values.size
        assert np.all(np.abs(values - 1) > 0.01)
        assert np.all(values > 0.01)
        assert case["X"].shape[1] not in sizes | {2}
        assert case["alpha"] > 0
        assert case["Y"].shape[0] > 1
