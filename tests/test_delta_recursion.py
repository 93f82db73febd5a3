"""Notebook 04: the model against three oracles, its reference outputs, its mistakes, and right answers in disguise."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import activations, answers, check, complex_step_gradient, delta_recursion, load, mistakes, reference
from helpers.numerical import numerical_gradient, relative_error

ROOM = "04-delta-recursion"
TOLERANCE = 1e-12  # right code stays under 1e-14; the mistakes are off by more than 1e-3
PAIRS = {name: (getattr(activations, name), getattr(activations, f"{name}_prime")) for name in ("sigmoid", "tanh")}
PAIRS["relu"] = (activations.relu, activations.relu_prime)


def problem(seed, sizes=(3, 4, 2), N=5):
    rng = np.random.default_rng(seed)
    params = delta_recursion.init(rng, sizes)
    return params, rng.standard_normal((sizes[0], N)), rng.standard_normal((sizes[-1], N))


def gradient(params, X, Y, f, f_prime):
    return delta_recursion.backward(params, delta_recursion.forward(params, X, Y, f, f_prime)[1])


def worst_error(ours, exact):
    assert ours.keys() == exact.keys()
    return max(relative_error(ours[name], exact[name]) for name in exact)


# Three oracles that share no line with backward


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10**6),
    st.lists(st.integers(1, 5), min_size=2, max_size=5),
    st.integers(1, 6),
    st.sampled_from(sorted(PAIRS)),
)
def test_backward_is_the_derivative_of_forward_by_complex_step(seed, sizes, N, name):
    params, X, Y = problem(seed, sizes, N)
    exact = complex_step_gradient(lambda p: delta_recursion.forward(p, X, Y, *PAIRS[name])[0], params)
    grads = gradient(params, X, Y, *PAIRS[name])
    assert {key: grad.shape for key, grad in grads.items()} == {key: p.shape for key, p in params.items()}
    assert name == "relu" or exact["W1"].any(), "a gradient of zeros would make this test vacuous"
    assert worst_error(grads, exact) < TOLERANCE


def test_backward_is_the_derivative_of_forward_by_sympy():
    """1-2-1, N = 2, a symbol for every parameter and a polynomial for f: an exact identity."""
    params = {
        "W1": np.array(sympy.symbols("u:2")).reshape(2, 1),
        "b1": np.array(sympy.symbols("c:2")).reshape(2, 1),
        "W2": np.array(sympy.symbols("w:2")).reshape(1, 2),
        "b2": np.array([[sympy.Symbol("e")]]),
    }
    X, Y = np.array([[2, -3]]), np.array([[4, -7]])
    loss, cache = delta_recursion.forward(params, X, Y, lambda z: z**2, lambda z: 2 * z)
    grads = delta_recursion.backward(params, cache)
    for name, array in params.items():
        for index, symbol in np.ndenumerate(array):
            assert sympy.expand(sympy.diff(loss, symbol) - grads[name][index]) == 0


def test_backward_is_the_derivative_of_forward_by_sympy_to_30_digits():
    """Sigmoid, 2-3-1, N = 2, at a rational point."""
    f = np.vectorize(lambda z: 1 / (1 + sympy.exp(-z)), otypes=[object])
    f_prime = np.vectorize(lambda z: sympy.exp(-z) / (1 + sympy.exp(-z)) ** 2, otypes=[object])
    rational = np.vectorize(lambda v: sympy.Rational(round(100 * v), 100), otypes=[object])
    params, X, Y = problem(4, (2, 3, 1), 2)
    symbols = {name: np.array(sympy.symbols(f"{name}_:{array.size}")) for name, array in params.items()}
    shaped = {name: symbols[name].reshape(array.shape) for name, array in params.items()}
    loss, cache = delta_recursion.forward(shaped, rational(X), rational(Y), f, f_prime)
    grads = delta_recursion.backward(shaped, cache)
    point = {s: v for n in params for s, v in zip(symbols[n], rational(params[n]).ravel(), strict=True)}
    for name in params:
        for symbol, ours in zip(symbols[name], grads[name].ravel(), strict=True):
            exact = sympy.diff(loss, symbol).evalf(40, subs=point)
            assert abs(ours.evalf(40, subs=point) - exact) < 1e-30 * abs(exact)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("sizes", [(4, 3), (3, 5, 2), (2, 4, 3, 5), (3, 5, 2, 4, 6)])
def test_backward_is_the_derivative_of_a_forward_in_autograd(name, sizes):
    f = {"sigmoid": lambda z: 1 / (1 + anp.exp(-z)), "tanh": anp.tanh, "relu": lambda z: anp.maximum(z, 0)}[name]
    params, X, Y = problem(11, sizes, 7)

    def loss(p):
        a = X
        for l in range(1, len(sizes)):
            a = f(anp.dot(p[f"W{l}"], a) + p[f"b{l}"])
        return anp.mean(anp.sum((Y - a) ** 2, axis=0)) / 2

    assert loss(params) == pytest.approx(delta_recursion.forward(params, X, Y, *PAIRS[name])[0], rel=1e-14)
    assert worst_error(gradient(params, X, Y, *PAIRS[name]), autograd.grad(loss)(params)) < TOLERANCE


@pytest.mark.parametrize("wrong", [2.0, -1.0, 1 + 1e-9], ids="times {}".format)
@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_the_oracle_can_fail(name, wrong):
    params, X, Y = problem(10)
    exact = complex_step_gradient(lambda p: delta_recursion.forward(p, X, Y, *PAIRS["tanh"])[0], params)
    grads = gradient(params, X, Y, *PAIRS["tanh"])
    assert worst_error(grads | {name: wrong * grads[name]}, exact) > TOLERANCE


# Numbers and identities of the derivation

# Sigmoid, 2-3-2, mean over 3 samples. The derivation calls the input layer 1: its W2 b2 W3 b3 are W1 b1 W2 b2 here.
PROBE = {
    "params": {
        "W1": np.array([[-0.87, 0.98], [-0.99, 0.92], [-0.76, 0.52]]),
        "b1": np.array([[-0.59], [0.81], [-0.95]]),
        "W2": np.array([[-0.21, 0.5, -0.73], [0.91, -0.99, 0.98]]),
        "b2": np.array([[0.21], [0.09]]),
    },
    "X": np.array([[1.0, -0.92, 0.76], [-0.53, 0.25, 0.05]]),
    "Y": np.array([[0.94, -1.0, 0.96], [-0.83, 0.63, -0.36]]),
    "f": activations.sigmoid,
    "f_prime": activations.sigmoid_prime,
}
PROBE_GRADIENT = {
    "W2": [[0.067098295792, 0.084765908744, 0.050525145736], [0.026235877946, 0.06962261393, 0.023521619965]],
    "b2": [[0.065424930519], [0.175476210617]],
    "W1": [[0.028003423284, -0.007317743422], [-0.051182577938, 0.015631558764], [0.046983715473, -0.012814918844]],
    "b1": [[0.016417488969], [-0.041771260125], [0.00301589014]],
}


def test_the_reference_probe_to_all_its_digits():
    loss, _ = delta_recursion.forward(*PROBE.values())
    assert round(loss, 12) == 0.859708844874
    for grads in (gradient(*PROBE.values()), answers.room(ROOM).Right().backprop(**PROBE)):
        assert {name: grad.round(12).tolist() for name, grad in grads.items()} == PROBE_GRADIENT


def test_the_loss_is_half_the_square_of_the_residual():
    """Residual (3, 4): 12.5, where the norm without its square would give 2.5. A second sample of (0, 0) halves it."""
    params = {"W1": np.eye(2), "b1": np.zeros((2, 1))}
    X = np.array([[1.0, 5.0], [2.0, 7.0]])
    Y = X - np.array([[3.0, 0.0], [4.0, 0.0]])
    assert delta_recursion.forward(params, X[:, :1], Y[:, :1], *PAIRS["relu"])[0] == 12.5
    assert delta_recursion.forward(params, X, Y, *PAIRS["relu"])[0] == 6.25


def test_the_batch_gradient_is_the_mean_of_its_samples():
    params, X, Y = problem(7, (3, 5, 2, 4), 6)
    whole = gradient(params, X, Y, *PAIRS["tanh"])
    parts = [gradient(params, X[:, [i]], Y[:, [i]], *PAIRS["tanh"]) for i in range(6)]
    assert worst_error(whole, {name: sum(part[name] for part in parts) / 6 for name in whole}) < TOLERANCE


def test_handing_in_every_sample_twice_changes_nothing():
    params, X, Y = problem(8)
    twice = gradient(params, np.hstack([X, X]), np.hstack([Y, Y]), *PAIRS["sigmoid"])
    assert worst_error(twice, gradient(params, X, Y, *PAIRS["sigmoid"])) < TOLERANCE


def test_backward_agrees_with_the_component_formulas():
    """delta_j[l] = sum_k delta_k[l+1] w_kj[l+1] f'(z_j[l]) and dE/dw_ij[l] = delta_i[l] a_j[l-1], index by index."""
    params, X, Y = problem(9, (3, 2, 4), 1)
    _, cache = delta_recursion.forward(params, X, Y, *PAIRS["tanh"])
    a, W2 = cache.a, params["W2"]
    delta2 = [(a[2][k, 0] - Y[k, 0]) * (1 - a[2][k, 0] ** 2) for k in range(4)]
    delta1 = [sum(delta2[k] * W2[k, j] * (1 - a[1][j, 0] ** 2) for k in range(4)) for j in range(2)]
    exact = {
        "W1": [[delta1[i] * X[j, 0] for j in range(3)] for i in range(2)],
        "b1": [[d] for d in delta1],
        "W2": [[delta2[i] * a[1][j, 0] for j in range(2)] for i in range(4)],
        "b2": [[d] for d in delta2],
    }
    assert worst_error(delta_recursion.backward(params, cache), exact) < TOLERANCE


def test_the_gradient_vanishes_where_every_output_hits_its_target():
    params, X, Y = problem(12)
    _, cache = delta_recursion.forward(params, X, Y, *PAIRS["sigmoid"])
    assert not any(grad.any() for grad in gradient(params, X, cache.a[2], *PAIRS["sigmoid"]).values())


def test_a_unit_at_the_kink_passes_nothing_on():
    """ReLU'(0) = 0; a central difference across the kink gives half the slope to the right of it."""
    params = {"W1": np.array([[1.0], [1.0]]), "b1": np.array([[-2.0], [1.0]]), "W2": np.array([[3.0, 0.5]])}
    params["b2"] = np.array([[0.25]])
    X, Y = np.array([[2.0]]), np.array([[-1.0]])  # z[1] = (0, 3), z[2] = 1.75
    grads = gradient(params, X, Y, *PAIRS["relu"])
    assert grads["b1"].tolist() == [[0.0], [0.5 * 2.75]]
    central = numerical_gradient(lambda p: delta_recursion.forward(p, X, Y, *PAIRS["relu"])[0], params)
    assert central["b1"][0, 0] == pytest.approx(3 * 2.75 / 2, rel=1e-3)


def frozen(value):
    """Return a copy of arrays, or dicts of them, that cannot be written into."""
    if isinstance(value, dict):
        return {key: frozen(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray):
        value = value.copy()
        value.flags.writeable = False
    return value


def test_forward_and_backward_leave_their_arguments_alone():
    params, X, Y = map(frozen, problem(13))
    _, cache = delta_recursion.forward(params, X, Y, *PAIRS["tanh"])
    cache = cache._replace(z=frozen(cache.z), a=frozen(cache.a))
    assert delta_recursion.backward(params, cache).keys() == params.keys() == {"W1", "b1", "W2", "b2"}


@pytest.mark.parametrize("name", ["output_delta", "hidden_delta", "backprop", "gradient_descent_step"])
def test_the_right_answers_leave_their_arguments_alone(name):
    right = answers.room(ROOM).Right()
    for case in reference.load(ROOM, name).cases:
        getattr(right, name)(**frozen(case.inputs))


def test_steps_down_the_gradient_lower_the_loss():
    params, X, Y = problem(14)
    right, before = answers.room(ROOM).Right(), np.inf
    for _ in range(20):
        loss, cache = delta_recursion.forward(params, X, Y, *PAIRS["tanh"])
        assert loss < before
        before, params = loss, right.gradient_descent_step(params, delta_recursion.backward(params, cache), 0.1)


# The reference outputs


def test_the_reference_outputs_agree_with_the_model():
    """The cases' right gradients against the complex step of the model's forward pass: two independent derivations."""
    for case in reference.load(ROOM, "backprop").cases:
        p = case.inputs
        exact = complex_step_gradient(
            lambda q, p=p: delta_recursion.forward(q, p["X"], p["Y"], p["f"], p["f_prime"])[0], p["params"]
        )
        assert worst_error(case.right, {name: exact[name] for name in case.right}) < TOLERANCE
        assert worst_error(gradient(**p), exact) < TOLERANCE


def test_gradients_come_in_the_order_of_computation():
    first = reference.load(ROOM, "backprop").cases[0]
    assert list(first.right) == ["W3", "b3", "W2", "b2", "W1", "b1"]


@pytest.mark.parametrize("seed", range(5))
def test_the_cases_hide_nothing(seed):
    """The fixture rules of the derivation, 6.6, on every net that is drawn."""
    module = answers.room(ROOM)
    problems = module.problems(np.random.default_rng(seed))
    nets = [(d, len(p["params"]) // 2, p["X"].shape[1]) for d, p in problems.items()]
    assert {depth for _, depth, _ in nets} == {1, 2, 3, 4}
    assert {p["f"].__name__ for p in problems.values()} == {"sigmoid", "tanh", "relu"}
    assert [N for _, _, N in nets].count(1) == 1 and 2 not in [N for _, _, N in nets]
    for description, depth, N in nets:
        p = problems[description]
        sizes = [len(p["X"]), *(len(p["params"][f"b{l}"]) for l in range(1, depth + 1))]
        assert len(set(sizes)) == (1 if "square" in description else len(sizes))
        assert N not in sizes
        entries = np.concatenate([array.ravel() for array in p["params"].values()])
        assert len(set(entries)) == entries.size and not set(entries) & {0, 1, -1}
        z, a = module.Right().layers(p["params"], p["X"], p["f"])
        assert all(np.min(np.abs(values)) > 0.01 and values.min() < 0 < values.max() for values in z.values())
        assert (a[depth] - p["Y"]).min() < 0 < (a[depth] - p["Y"]).max()
        assert np.array_equal(p["Y"], p["Y"].round(2)) and np.array_equal(entries, entries.round(2))
    integers = problems["integers, ReLU"]
    assert {array.dtype.kind for array in [integers["X"], integers["Y"], *integers["params"].values()]} == {"i"}


# The mistakes

TABLE_4_4 = {"f", "fp(a)", "sign", "two", "minus", "noT", "Wl", "ai", "al", "outerT", "sum", "N2", "biasMean"}
TABLE_4_4 |= {"no_fpL", "no_fpH", "norm"}


def test_every_row_of_the_derivations_table_is_in_the_library():
    assert {mistakes.tag_of(cls) for cls in mistakes.mistakes(ROOM)} >= TABLE_4_4


class Square:
    """A square net of three layers with tanh, and its gradients written out once more, with a place for each slip."""

    def __init__(self):
        p = answers.room(ROOM).problems(np.random.default_rng(3))["square: as many units in every layer"]
        self.inputs = {name: p[name] for name in ("params", "X", "Y", "f", "f_prime")}
        self.Y, self.N = p["Y"], p["Y"].shape[1]
        self.W = {l: p["params"][f"W{l}"] for l in (1, 2, 3)}
        self.b = {l: p["params"][f"b{l}"] for l in (1, 2, 3)}
        self.z, self.a = self.forward()
        self.r = self.a[3] - self.Y
        self.slopes = {l: 1 - self.a[l] ** 2 for l in (1, 2, 3)}

    def forward(self, W=None, b=None, linear=(), feed="a"):
        """Return z and a; ``linear`` layers have no activation, ``feed`` is what goes into the next layer."""
        W, b = W or self.W, b or self.b
        z, a = {}, {0: self.inputs["X"]}
        for l in (1, 2, 3):
            z[l] = W[l] @ (z[l - 1] if feed == "z" and l > 1 else a[l - 1]) + b[l]
            a[l] = z[l] if l in linear else np.tanh(z[l])
        return z, a

    def delta(self, r=None, slopes=None, back="kj,kn->jn", W=None, source=(3, 2)):
        """Return the deltas, from residual, slopes, the weights' indices and the layers that each starts from."""
        r, slopes, W = self.r if r is None else r, slopes or self.slopes, W or {2: self.W[2], 3: self.W[3]}
        delta = {3: r * slopes[3]}
        for l, k in zip((2, 1), source, strict=True):
            delta[l] = np.einsum(back, W[l + 1], delta[k]) * slopes[l]
        return delta

    def chain(self, combine):
        """Return the deltas, where each hidden one is ``combine(l, the error that comes back)``."""
        delta = {3: self.r * self.slopes[3]}
        for l in (2, 1):
            delta[l] = combine(l, np.einsum("kj,kn->jn", self.W[l + 1], delta[l + 1]))
        return delta

    def grads(self, delta=None, outer="in,jn->ij", a=None, b=None):
        """Return the gradients from deltas, the outer product's indices, what stands for a[l-1], and for db."""
        delta, a = delta or self.delta(), a or self.a
        b = b or (lambda d: d.sum(axis=1, keepdims=True) / self.N)
        grads = {}
        for l in (3, 2, 1):
            grads |= {f"W{l}": np.einsum(outer, delta[l], a[l - 1]) / self.N, f"b{l}": b(delta[l])}
        return grads

    def after(self, **forward):
        """Return the gradients after a forward pass with a slip."""
        z, a = self.forward(**forward)
        delta = self.delta(a[3] - self.Y, {l: 1 - np.tanh(z[l]) ** 2 for l in z})
        return self.grads(delta, a=a)

    def times(self, factor):
        """Return the right gradients times ``factor``: a number, or a function of letter and layer."""
        factor = factor if callable(factor) else lambda letter, l, number=factor: number
        return {name: grad * factor(name[0], int(name[1:])) for name, grad in self.grads().items()}


def expected_gradients(s):
    """Return {class: gradients} of table 4.4, column 'wrong vs right', and of the other mistakes in backprop."""
    z, a, N, r = s.z, s.a, s.N, s.r
    one, zero = np.ones_like(r), {l: np.zeros((3, 1)) for l in (1, 2, 3)}
    last = np.eye(N)[-1]
    return {
        "f": s.grads(s.delta(slopes=a)),
        "fp_a": s.grads(s.delta(slopes={l: 1 / np.cosh(a[l]) ** 2 for l in z})),
        "zforfp": s.grads(s.delta(slopes=z)),
        "sigmoidPrime": s.grads(s.delta(slopes={l: 1 / (2 + 2 * np.cosh(z[l])) for l in z})),
        "sign": s.times(-1),
        "two": s.times(2),
        "half": s.times(1 / 2),
        "norm": s.grads(s.delta(r / np.sqrt(4 * np.einsum("in,in->n", r, r)))),
        "r2": s.grads(s.delta(r * r)),
        "cost": s.grads(s.delta(r * np.sign(r))),
        "noY": s.grads(s.delta(a[3])),
        "no_fpL": s.grads(s.delta(slopes=s.slopes | {3: one})),
        "no_fpH": s.grads(s.delta(slopes=s.slopes | {1: one, 2: one})),
        "noT": s.grads(s.delta(back="jk,kn->jn")),
        "onePath": s.grads(s.delta(W={l: W * np.eye(3)[:, [0]] for l, W in s.W.items()})),
        "minus": s.times(lambda letter, l: (-1) ** (3 - l)),
        "Wl": s.grads(s.delta(W={3: s.W[2], 2: s.W[1]})),
        "wrongMask": s.grads(s.delta(slopes={3: s.slopes[3], 2: s.slopes[3], 1: s.slopes[2]})),
        "stuck": s.grads(s.delta(source=(3, 3))),
        "ai": s.times(1) | {f"W{l}": s.delta()[l] * a[l - 1] @ np.ones((N, 3)) / N for l in z},
        "al": s.grads(a={l - 1: a[l] for l in z}),
        "zforv": s.grads(a={0: a[0], 1: z[1], 2: z[2]}),
        "outerT": s.grads(outer="in,jn->ji"),
        "sum_": s.times(N),
        "N2": s.times(1 / N),
        "mean": s.times(lambda letter, l: 1 / N ** (4 - l)),
        "biasMean": s.times(lambda letter, l: 1 / N if letter == "b" else 1),
        "biasPerSample": s.grads(b=lambda d: d / N),
        "biasZero": s.times(lambda letter, l: letter == "W"),
        "axis": s.grads(b=lambda d: np.ones((1, 3)) @ d / N),
        "sumAll": s.grads(b=lambda d: np.einsum("in->", d) / N),
        "lastOnly": s.grads({l: d * last for l, d in s.delta().items()}),
        "noBiasFwd": s.after(b=zero),
        "Wt": s.after(W={l: W.T for l, W in s.W.items()}),
        "noAct": s.after(linear=(1, 2)),
        "zPrev": s.after(feed="z"),
        "linearOut": s.after(linear=(3,)),
        "fHidden": s.grads(s.delta(slopes={**a, 3: s.slopes[3]})),
        "fp_aHidden": s.grads(s.delta(slopes={l: 1 / np.cosh(a[l]) ** 2 for l in (1, 2)} | {3: s.slopes[3]})),
        "fOutput": s.grads(s.delta(slopes=s.slopes | {3: a[3]})),
        "fp_aOutput": s.grads(s.delta(slopes=s.slopes | {3: 1 / np.cosh(a[3]) ** 2})),
        "zforfpOutput": s.grads(s.delta(slopes=s.slopes | {3: z[3]})),
        "zforfpHidden": s.grads(s.delta(slopes={**z, 3: s.slopes[3]})),
        "sigmoidPrimeFromA": s.grads(s.delta(slopes=s.slopes | {3: a[3] - a[3] ** 2})),
        "meanSlope": s.grads(s.delta(slopes=s.slopes | {l: s.slopes[l] @ np.ones((N, N)) / N for l in (1, 2)})),
        "fp_error": s.grads(s.chain(lambda l, error: 1 / np.cosh(error) ** 2)),
        "plus": s.grads(s.chain(lambda l, error: error + s.slopes[l])),
        "perElement": s.times(1 / 3),
        "oneLayerGrads": s.times(lambda letter, l: l == 3),
    }


def backprops():
    """Return {class: mistake} of the mistakes that show in backprop."""
    problems = answers.room(ROOM).problems(np.random.default_rng(0))
    return {cls.__name__: cls for cls in mistakes.library(ROOM, "backprop", problems).values()}


def test_the_wrong_gradients_stand_to_the_right_one_as_the_derivation_says():
    s = Square()
    library, expected = backprops(), expected_gradients(s)
    assert library.keys() - expected.keys() == {"ai_by_index", "int_"}
    for mistake, grads in expected.items():
        wrong = library[mistake]().backprop(**s.inputs)
        for name in grads:
            assert wrong[name].shape == grads[name].shape, f"{mistake}: {name}"
            assert np.allclose(wrong[name], grads[name], rtol=1e-12, atol=1e-16), f"{mistake}: {name}"


def test_an_output_delta_with_f_for_f_prime_is_wrong_by_one_over_one_minus_a():
    """S3-E10, sigmoid: f / f' = 1 / (1 - a)."""
    case = reference.load(ROOM, "output_delta").cases[0]
    assert case.inputs["f_prime"] is activations.sigmoid_prime
    assert np.allclose(case.wrong["f"], case.right / (1 - case.inputs["a_L"]), rtol=1e-12)


def test_the_wrong_deltas_stand_to_the_right_ones_as_the_derivation_says():
    for case in reference.load(ROOM, "output_delta").cases:
        r, N = case.inputs["a_L"] - case.inputs["Y"], case.inputs["Y"].shape[1]
        factors = {"sign": -1, "two": 2, "half": 0.5, "r2": r, "mean": 1 / N, "cost": np.sign(r)}
        factors["norm"] = 1 / (2 * np.sqrt((r**2).sum(axis=0)))
        for tag, factor in factors.items():
            assert np.allclose(case.wrong[tag], factor * case.right, rtol=1e-12), tag
        assert np.allclose(case.wrong["no_fpL"], r, rtol=1e-12)
    for case in reference.load(ROOM, "hidden_delta").cases:
        assert np.allclose(case.wrong["minus"], -case.right, rtol=1e-12)
        slope = case.inputs["f_prime"](case.inputs["z"])
        assert np.allclose(case.wrong["no_fpH"] * slope, case.right, rtol=1e-12)
        assert np.allclose(case.wrong["zforfp"] * slope, case.right * case.inputs["z"], rtol=1e-12)


def test_the_wrong_steps_stand_to_the_right_one_as_their_names_say():
    for case in reference.load(ROOM, "gradient_descent_step").cases:
        params, grads, eta = case.inputs.values()
        last = str(len(params) // 2)
        for name, new in case.right.items():
            old, wrong = params[name], {key: out[name] for key, out in case.wrong.items() if isinstance(out, dict)}
            assert np.allclose(new, old - eta * grads[name], rtol=1e-12)
            assert np.allclose(wrong["sign"] + new, 2 * old, rtol=1e-12)
            assert np.allclose(wrong["biasZero"], old if name[0] == "b" else new, rtol=1e-12)
            assert np.allclose(wrong["noEta"], old - grads[name], rtol=1e-12)
            assert np.allclose(wrong["stepOnly"], -eta * grads[name], rtol=1e-12)
            assert np.allclose(wrong["oneLayer"], new if name[1:] == last else old, rtol=1e-12)
            truncated = np.sign(new) * np.floor(np.abs(new))
            assert np.allclose(wrong["int"], truncated if old.dtype.kind == "i" else new, rtol=1e-12)


def test_two_mistakes_at_once_go_wrong_in_both():
    s, both = Square(), type("both", (backprops()["two"], backprops()["biasMean"]), {})
    wrong = both().backprop(**s.inputs)
    expected = s.times(lambda letter, l: 2 / s.N if letter == "b" else 2)
    assert worst_error(wrong, expected) < TOLERANCE


# Right answers in disguise


def one_sample(params, x, y, f, f_prime):
    """Lists of layers, loops over units."""
    L = len(params) // 2
    z, a = [None], [[float(v) for v in x]]
    for l in range(1, L + 1):
        W, b = params[f"W{l}"], params[f"b{l}"]
        z.append([sum(w * v for w, v in zip(W[i], a[-1], strict=True)) + b[i, 0] for i in range(len(b))])
        a.append([float(f(v)) for v in z[-1]])
    delta = [(v - t) * float(f_prime(u)) for v, t, u in zip(a[L], y, z[L], strict=True)]
    grads = {}
    for l in range(L, 0, -1):
        grads[f"W{l}"] = np.array([[d * v for v in a[l - 1]] for d in delta])
        grads[f"b{l}"] = np.array([[d] for d in delta])
        W = params[f"W{l}"]
        if l > 1:
            into = [sum(W[k, j] * delta[k] for k in range(len(delta))) for j in range(W.shape[1])]
            delta = [v * float(f_prime(u)) for v, u in zip(into, z[l - 1], strict=True)]
    return grads


def by_samples(params, X, Y, f, f_prime):
    N = X.shape[1]
    parts = [one_sample(params, X[:, i], Y[:, i], f, f_prime) for i in range(N)]
    return {name: np.mean([part[name] for part in parts], axis=0) for name in params}


def by_accumulating(params, X, Y, f, f_prime):
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    for x, y in zip(X.T, Y.T, strict=True):
        for name, part in one_sample(params, x, y, f, f_prime).items():
            grads[name] += part / X.shape[1]
    return grads


def by_rows(params, X, Y, f, f_prime):
    """The other convention inside, ours outside."""
    L, A, Z = len(params) // 2, [X.T], []
    for l in range(1, L + 1):
        Z.append(A[-1] @ params[f"W{l}"].T + params[f"b{l}"].T)
        A.append(f(Z[-1]))
    D, grads = (A[-1] - Y.T) / len(A[0]) * f_prime(Z[-1]), {}
    for l in range(L, 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = (A[l - 1].T @ D).T, D.sum(axis=0)[:, None]
        D = D @ params[f"W{l}"] * f_prime(Z[l - 2]) if l > 1 else D
    return grads


def by_two_signs(params, X, Y, f, f_prime):
    """-(Y - a) f', as the source derivation writes it, and a recursion by function calls."""
    N, L = X.shape[1], len(params) // 2

    def back(l, a):
        if l > L:
            return -(Y - a), {}
        z = params[f"W{l}"] @ a + params[f"b{l}"]
        da, grads = back(l + 1, f(z))
        delta = f_prime(z) * da
        grads |= {f"b{l}": np.mean(delta, axis=1, keepdims=True), f"W{l}": delta @ a.T / N}
        return params[f"W{l}"].T @ delta, grads

    return back(1, X)[1]


def by_einsum(params, X, Y, f, f_prime):
    L, z, a = len(params) // 2, {}, {0: X}
    for l in range(1, L + 1):
        z[l] = np.einsum("ij,jn->in", params[f"W{l}"], a[l - 1]) + params[f"b{l}"]
        a[l] = f(z[l])
    delta, grads = np.einsum("in,in->in", a[L] - Y, f_prime(z[L])), {}
    for l in range(L, 0, -1):
        grads |= {f"W{l}": np.einsum("in,jn->ij", delta, a[l - 1]) / X.shape[1]}
        grads |= {f"b{l}": np.einsum("in->i", delta)[:, np.newaxis] / X.shape[1]}
        delta = np.einsum("ij,in,jn->jn", params[f"W{l}"], delta, f_prime(z[l - 1])) if l > 1 else delta
    return grads


def by_diagonals(params, X, Y, f, f_prime):
    """f' as a diagonal matrix, sample by sample: Jacobians multiplied out."""
    L, N = len(params) // 2, X.shape[1]
    grads = dict.fromkeys(params, 0)
    for n in range(N):
        z, a = {}, {0: X[:, [n]]}
        for l in range(1, L + 1):
            z[l] = params[f"W{l}"] @ a[l - 1] + params[f"b{l}"]
            a[l] = f(z[l])
        row = (a[L] - Y[:, [n]]).T
        for l in range(L, 0, -1):
            row = row @ np.diag(f_prime(z[l])[:, 0])
            grads[f"W{l}"], grads[f"b{l}"] = grads[f"W{l}"] + row.T @ a[l - 1].T / N, grads[f"b{l}"] + row.T / N
            row = row @ params[f"W{l}"]
    return grads


def by_slopes_from_activations(params, X, Y, f, f_prime):
    """a (1 - a) for the sigmoid, 1 - a^2 for tanh, a > 0 for ReLU: the derivatives in terms of the activation."""
    slope = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a, "relu": lambda a: a > 0}[f.__name__]
    a = [X]
    for l in range(1, len(params) // 2 + 1):
        a.append(f(params[f"W{l}"] @ a[-1] + params[f"b{l}"]))
    delta, grads = (a[-1] - Y) * slope(a[-1]), {}
    for l in reversed(range(1, len(a))):
        grads[f"W{l}"], grads[f"b{l}"] = delta @ a[l - 1].T / X.shape[1], delta.mean(axis=1).reshape(-1, 1)
        delta = (params[f"W{l}"].T @ delta) * slope(a[l - 1])
    return grads


def by_bias_column(params, X, Y, f, f_prime):
    """Biases as weights of an input that is always 1."""
    L, one = len(params) // 2, np.ones((1, X.shape[1]))
    V = {l: np.hstack([params[f"W{l}"], params[f"b{l}"]]) for l in range(1, L + 1)}
    z, a = {}, {0: X}
    for l in V:
        z[l] = V[l] @ np.vstack([a[l - 1], one])
        a[l] = f(z[l])
    delta, grads = {L: (a[L] - Y) * f_prime(z[L])}, {}
    for l in range(L, 0, -1):
        dV = np.dot(delta[l], np.vstack([a[l - 1], one]).T) / one.sum()
        grads[f"W{l}"], grads[f"b{l}"] = dV[:, :-1], dV[:, -1:]
        delta[l - 1] = np.multiply(V[l][:, :-1].T @ delta[l], f_prime(z[l - 1])) if l > 1 else None
    return grads


def converted(answer, into, out=lambda value: value):
    """Return ``answer`` on inputs whose arrays were converted, its outputs converted too."""

    def other(params, X, Y, f, f_prime):
        grads = answer({name: into(array) for name, array in params.items()}, into(X), into(Y), f, f_prime)
        return {name: out(grad) for name, grad in grads.items()}

    return other


BACKPROPS = {
    "the model": gradient,
    "loops over samples": by_samples,
    "added up sample by sample": by_accumulating,
    "rows inside, 1/N first": by_rows,
    "two signs, a recursive function": by_two_signs,
    "einsum": by_einsum,
    "Jacobians": by_diagonals,
    "slopes from the activations": by_slopes_from_activations,
    "biases as weights": by_bias_column,
    "nested lists": converted(by_rows, np.asarray, lambda grad: grad.tolist()),
    "single precision": converted(by_einsum, lambda array: array.astype(np.float32)),
    "extended precision": converted(by_rows, lambda array: array.astype(np.longdouble)),
    "Fortran order": converted(by_einsum, np.asfortranarray, np.asfortranarray),
    "transposed views": converted(by_two_signs, lambda array: array.T.copy().T, lambda grad: grad.T.copy().T),
    "np.matrix": converted(by_einsum, np.asarray, np.asmatrix),
    "keys in another order": lambda **inputs: dict(sorted(by_rows(**inputs).items())),
    "more in the dict": lambda **inputs: by_rows(**inputs) | {"loss": 0.0},
    "positional": lambda *inputs: by_einsum(*inputs),
}

OUTPUT_DELTAS = {
    "two signs": lambda a_L, Y, z_L, f_prime: -(Y - a_L) * f_prime(z_L),
    "multiplied out": lambda a_L, Y, z_L, f_prime: a_L * f_prime(z_L) - Y * f_prime(z_L),
    "einsum": lambda a_L, Y, z_L, f_prime: np.einsum("in,in->in", a_L - Y, f_prime(z_L)),
    "the two factors of the square": lambda a_L, Y, z_L, f_prime: 2 * (a_L - Y) / 2 * f_prime(z_L),
    "column by column": lambda a_L, Y, z_L, f_prime: np.transpose(
        [np.diag(f_prime(z)) @ (a - y) for a, y, z in zip(a_L.T, Y.T, z_L.T, strict=True)]
    ),
    "lists": lambda a_L, Y, z_L, f_prime: [
        [(a - y) * float(f_prime(z)) for a, y, z in zip(*rows, strict=True)] for rows in zip(a_L, Y, z_L, strict=True)
    ],
    "single precision": lambda a_L, Y, z_L, f_prime: ((a_L - Y) * f_prime(z_L)).astype(np.float32),
}

HIDDEN_DELTAS = {
    "transposed twice": lambda W_next, delta_next, z, f_prime: (delta_next.T @ W_next).T * f_prime(z),
    "einsum": lambda W_next, delta_next, z, f_prime: np.einsum("kj,kn,jn->jn", W_next, delta_next, f_prime(z)),
    "a sum of outer products": lambda W_next, delta_next, z, f_prime: (
        sum(np.outer(w, d) for w, d in zip(W_next, delta_next, strict=True)) * f_prime(z)
    ),
    "tensordot": lambda W_next, delta_next, z, f_prime: np.tensordot(W_next, delta_next, (0, 0)) * f_prime(z),
    "loops": lambda W_next, delta_next, z, f_prime: [
        [sum(W_next[:, j] * delta_next[:, n]) * f_prime(z[j, n]) for n in range(z.shape[1])] for j in range(len(z))
    ],
    "Jacobians": lambda W_next, delta_next, z, f_prime: np.column_stack(
        [(W_next * f_prime(z[:, n])).T @ delta_next[:, n] for n in range(z.shape[1])]
    ),
}


def by_copying(params, grads, eta):
    new = {name: array.astype(float) for name, array in params.items()}
    for name in new:
        new[name] -= eta * grads[name]
    return new


STEPS = {
    "copied first": by_copying,
    "layer by layer": lambda params, grads, eta: {
        f"{letter}{l}": params[f"{letter}{l}"] - eta * grads[f"{letter}{l}"]
        for l in range(len(params) // 2, 0, -1)
        for letter in "Wb"
    },
    "minus the step": lambda params, grads, eta: {k: np.add(params[k], -eta * grads[k]) for k in grads},
    "lists": lambda params, grads, eta: {k: (params[k] - eta * grads[k]).tolist() for k in params},
    "positional": lambda *inputs: by_copying(*inputs),
}

DISGUISED = [
    pytest.param(name, answer, id=f"{name}-{how}")
    for name, others in {
        "backprop": BACKPROPS,
        "output_delta": OUTPUT_DELTAS,
        "hidden_delta": HIDDEN_DELTAS,
        "gradient_descent_step": STEPS,
    }.items()
    for how, answer in others.items()
]


@pytest.mark.parametrize(("name", "answer"), DISGUISED)
def test_a_right_answer_in_disguise_passes(name, answer):
    verdict = check(ROOM, name, answer)
    assert verdict.state == "right", str(verdict)


CONVENTIONS = {
    "flat biases": lambda **inputs: {
        name: grad.ravel() if name[0] == "b" else grad for name, grad in by_rows(**inputs).items()
    },
    "biases as rows": lambda **inputs: {
        name: grad.T if name[0] == "b" else grad for name, grad in by_rows(**inputs).items()
    },
}


@pytest.mark.parametrize("answer", CONVENTIONS.values(), ids=CONVENTIONS)
def test_right_gradients_in_another_layout_are_called_so(answer):
    verdict = check(ROOM, "backprop", answer)
    assert verdict.state == "right in another convention", str(verdict)


def test_a_step_that_writes_into_the_parameters_is_called_so():
    def in_place(params, grads, eta):
        for name in params:
            params[name] -= eta * grads[name]
        return params

    verdict = check(ROOM, "gradient_descent_step", in_place)
    assert verdict.state == "changed its argument", str(verdict)


# The further exercises: the lines of the source derivation, against formulas that the library does not use


def inputs_of(name):
    return [(case.inputs, case.right) for case in reference.load(ROOM, name).cases]


def test_the_output_derivation_is_the_derivative_of_one_output_unit():
    for inputs, right in inputs_of("output_derivation"):
        f, z, y = inputs["f"], inputs["z"], inputs["y"]
        assert right == pytest.approx(np.imag((f(z + 1e-30j) - y) ** 2 / 2) / 1e-30, rel=1e-12)


def test_the_hidden_derivation_is_the_derivative_through_both_outputs():
    for inputs, right in inputs_of("hidden_derivation"):
        f, z, w_1, w_2, c_1, c_2, y_1, y_2 = (inputs[k] for k in ("f", "z", "w_1", "w_2", "c_1", "c_2", "y_1", "y_2"))
        a = f(z + 1e-30j)
        E = (f(w_1 * a + c_1) - y_1) ** 2 / 2 + (f(w_2 * a + c_2) - y_2) ** 2 / 2
        assert right == pytest.approx(np.imag(E) / 1e-30, rel=1e-12)


def test_the_repaired_lines_of_the_output_layer_are_derivatives():
    """dE/dz by E's own quotient, and dE/dW from it, entry by entry."""
    f = {activations.sigmoid_prime: activations.sigmoid, activations.tanh_prime: activations.tanh}
    for name in ("lost_prime", "output_gradient"):
        for inputs, right in inputs_of(name):
            z, y, a_prev = inputs["z"], inputs["y"], inputs["a_prev"]
            delta = [np.imag((f[inputs["f_prime"]](z[i, 0] + 1e-30j) - y[i, 0]) ** 2 / 2) / 1e-30 for i in range(2)]
            dW = [[delta[i] * a_prev[j, 0] for j in range(3)] for i in range(2)]
            if name == "lost_prime":
                assert (right["line"], right["repair"]) == (3, pytest.approx(dW[0][0], rel=1e-12))
                assert right["bracket"] == pytest.approx(sum((y - inputs["a"])[:, 0] ** 2) / 2)
            else:
                assert np.allclose(right["dW"], dW, rtol=1e-12)
                assert np.allclose(right["delta"][:, 0], delta, rtol=1e-12)


def test_the_lost_term_is_the_second_of_the_two():
    for inputs, right in inputs_of("lost_term"):
        W, b, a, y, f = (inputs[key] for key in ("W", "b", "a", "y", "f"))
        terms = [(y[k, 0] - f(sum(W[k, j] * a[j, 0] for j in range(3)) + b[k, 0])) ** 2 / 2 for k in range(2)]
        assert right == {"second": 22, "term_2": pytest.approx(terms[1]), "E": pytest.approx(sum(terms))}


def test_the_numbers_for_paper_are_whole_and_those_of_the_model():
    module = answers.room(ROOM)
    params, X, Y = module.BY_HAND.values()
    grads = delta_recursion.backward(params, delta_recursion.forward(params, X, Y, module.leaky, module.leaky_prime)[1])
    right = module.Right().by_hand()
    assert np.array_equal(right["dW_1"], grads["W1"])
    assert np.array_equal(right["delta_1"], grads["b1"])
    assert np.array_equal(right["delta_2"], grads["b2"])
    assert all(np.array_equal(value, np.round(value)) for value in right.values())


def test_the_step_of_a_batch_is_the_mean_of_the_samples_steps():
    for inputs, right in inputs_of("batch_step"):
        W, b, delta, a_prev, eta = inputs.values()
        steps = [eta * np.outer(delta[:, n], a_prev[:, n]) for n in range(delta.shape[1])]
        assert np.allclose(right["W"], W - np.mean(steps, axis=0), rtol=1e-12)
        assert np.allclose(right["b"], b - eta * delta.mean(axis=1)[:, None], rtol=1e-12)


def test_the_digits_are_those_of_the_source():
    """Counts of each digit as the source gives them for its test set, and pixels of 0 to 16 parts of ink."""
    digits = load("digits")
    counts = np.bincount(digits["digit"].astype(int))
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert {len(image) for image in digits["pixels"]} == {64}
    assert set("".join(digits["pixels"])) == set("abcdefghijklmnopq")


SLIPS = {  # of one step alone, which the other has right: an answer in backprop that it makes wrong costs nothing twice
    "output_delta": {
        "f": lambda a_L, Y, z_L, f_prime: (a_L - Y) * a_L,
        "fp(a)": lambda a_L, Y, z_L, f_prime: (a_L - Y) * f_prime(a_L),
        "zforfp": lambda a_L, Y, z_L, f_prime: (a_L - Y) * z_L,
        "no_fpL": lambda a_L, Y, z_L, f_prime: a_L - Y,
        "sign": lambda a_L, Y, z_L, f_prime: (Y - a_L) * f_prime(z_L),
    },
    "hidden_delta": {
        "zforfp": lambda W_next, delta_next, z, f_prime: (W_next.T @ delta_next) * z,
        "no_fpH": lambda W_next, delta_next, z, f_prime: W_next.T @ delta_next,
        "onePath": lambda W_next, delta_next, z, f_prime: np.outer(W_next[0], delta_next[0]) * f_prime(z),
    },
}


@pytest.mark.parametrize(("name", "tag"), [(name, tag) for name, slips in SLIPS.items() for tag in slips])
def test_a_slip_in_one_step_is_carried_forward_into_backprop(name, tag):
    own = {"output_delta": OUTPUT_DELTAS["two signs"], "hidden_delta": HIDDEN_DELTAS["einsum"]}
    own[name] = SLIPS[name][tag]

    def backprop(params, X, Y, f, f_prime):
        L, N = len(params) // 2, X.shape[1]
        z, a = answers.room(ROOM).Right().layers(params, X, f)
        delta, grads = own["output_delta"](a[L], Y, z[L], f_prime), {}
        for l in range(L, 0, -1):
            grads |= {f"W{l}": delta @ a[l - 1].T / N, f"b{l}": delta.sum(axis=1, keepdims=True) / N}
            delta = own["hidden_delta"](params[f"W{l}"], delta, z[l - 1], f_prime) if l > 1 else None
        return grads

    for step, function in own.items():
        check(ROOM, step, function)
    verdict = check(ROOM, "backprop", backprop)
    assert (verdict.mistake, verdict.carried) == (tag, name), str(verdict)
