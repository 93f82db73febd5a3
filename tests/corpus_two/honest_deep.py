"""Right answers in styles of their own, notebooks 04 and 05: full marks."""

from tests.corpus.writing import before, extra, whole
from tests.corpus_two.submission import R4, R5, Submission
from tests.corpus_two.writing import move, right

ACCUMULATED = """
    from itertools import accumulate
    L = len(params) // 2
    layer = lambda za, l: ((z := params[f"W{l}"] @ za[1] + params[f"b{l}"]), f(z))
    pairs = list(accumulate(range(1, L + 1), layer, initial=(None, X)))
    return {"a0": X} | {f"{k}{l}": pairs[l]["za".index(k)] for l in range(1, L + 1) for k in "za"}"""
BY_ENTRY = """
    out = np.empty(z.shape)
    for (j, n), z_jn in np.ndenumerate(z):
        out[j, n] = sum(W_next[k, j] * delta_next[k, n] for k in range(len(W_next))) * f_prime(z_jn)
    return out"""
BY_SAMPLE = """
    def of_one(x, y):
        a, z = [x], [None]
        for l in range(1, L + 1):
            z.append(params[f"W{l}"].dot(a[-1]) + params[f"b{l}"][:, 0])
            a.append(f(z[-1]))
        delta, one = (a[-1] - y) * f_prime(z[-1]), {}
        for l in reversed(range(1, L + 1)):
            one[f"W{l}"], one[f"b{l}"] = np.outer(delta, a[l - 1]), delta.reshape(-1, 1)
            delta = delta.dot(params[f"W{l}"]) * f_prime(z[l - 1]) if l > 1 else None
        return one

    L, N = sum(name.startswith("W") for name in params), X.shape[1]
    total = dict.fromkeys(params, 0.0)
    for x, y in zip(X.T, Y.T):
        total = {name: total[name] + entry / N for name, entry in of_one(x, y).items()}
    return total"""
LAYERS = """
    from dataclasses import dataclass, field


    @dataclass
    class Layer:
        W: np.ndarray
        b: np.ndarray
        f: callable = field(repr=False)
        slope: callable = field(repr=False)

        def __call__(self, a):
            self.a, self.z = a, self.W @ a + self.b
            return self.f(self.z)

        def back(self, error):
            delta = error * self.slope(self.z)
            self.dW, self.db = delta @ self.a.T, delta.sum(1, keepdims=True)
            return self.W.T @ delta


    class Stack(list):
        def __call__(self, a):
            for layer in self:
                a = layer(a)
            return a"""
STACKED = """
    stack = Stack(Layer(params[f"W{l}"], params[f"b{l}"], f, f_prime) for l in range(1, len(params) // 2 + 1))
    error = (stack(X) - Y) / X.shape[1]
    for layer in stack[::-1]:
        error = layer.back(error)
    return {f"{k}{l}": getattr(layer, "d" + k) for l, layer in enumerate(stack, 1) for k in "Wb"}"""
VECTORISED = """
    return np.einsum("kj,kn,jn->jn", W_next, delta_next, np.vectorize(f_prime, otypes=[float])(z))"""
FASTER = """
    def total_error(outputs, targets):
        "The same in one product, which is faster."
        r = (outputs - targets).ravel()
        return 0.5 * (r @ r) / targets.shape[1]"""
WRAPPED = """
    import functools

    def counted(g):
        @functools.wraps(g)
        def inner(*args, **kwargs):
            inner.calls += 1
            return g(*args, **kwargs)
        inner.calls = 0
        return inner"""
NAMED = 'print(f"with {f_prime.__name__}: {f_prime(np.zeros(1))}")\n'
STABLE = """
    u = np.asarray(u, dtype=float)
    out = np.empty_like(u)
    out[u >= 0] = 1 / (1 + np.exp(-u[u >= 0]))
    e = np.exp(u[u < 0])
    out[u < 0] = e / (1 + e)
    return out[()]"""
HALF_TANH = "return np.exp(-np.logaddexp(0.0, -u))"
SCALAR = """
    from math import exp

    @np.vectorize
    def sgm(u):
        return 1 / (1 + exp(-u)) if u > 0 else exp(u) / (1 + exp(u))"""
STATES = """
    def states(h):
        yield h
        for x_t in x:
            h = sgm(params["w_x"] * x_t + params["w_h"] * h + params["b1"])
            yield h

    h = np.fromiter(states(h0), dtype=float, count=len(x) + 1)
    return dict(h=h, y_hat=sgm(params["w"] * h[1:] + params["b2"]))"""
BACK_IN_TIME = """
    def delta(t):
        if t == len(delta_y):
            return []
        later = delta(t + 1)
        from_later = params["w_h"] * later[0] if later else 0
        return [(params["w"] * delta_y[t] + from_later) * h[t + 1] * (1 - h[t + 1]), *later]

    return delta(0)"""
DUAL = """
    class Dual:
        "a + b e, with e^2 = 0"
        def __init__(self, a, b=0.0):
            self.a, self.b = a, b
        def __add__(self, other):
            other = other if isinstance(other, Dual) else Dual(other)
            return Dual(self.a + other.a, self.b + other.b)
        def __mul__(self, other):
            other = other if isinstance(other, Dual) else Dual(other)
            return Dual(self.a * other.a, self.a * other.b + self.b * other.a)
        __radd__, __rmul__ = __add__, __mul__
        def squash(self):
            s = 1 / (1 + np.exp(-self.a))
            return Dual(s, s * (1 - s) * self.b)"""
FORWARD_MODE = """
    found = {}
    for name in params:
        p = {key: Dual(value, float(key == name)) for key, value in params.items()}
        h, total = Dual(h0), Dual(0.0)
        for x_t, y_t in zip(x, y):
            h = (p["w_x"] * x_t + p["w_h"] * h + p["b1"]).squash()
            miss = (p["w"] * h + p["b2"]).squash() + -y_t
            total = total + miss * miss
        found[name] = total.b / (2 * len(x))
    return found"""
SENSITIVITIES = """
    h, by = h0, np.zeros(3)
    grads = dict.fromkeys(["w", "w_x", "w_h", "b1", "b2"], 0.0)
    for t in range(len(x)):
        new = sgm(params["w_x"] * x[t] + params["w_h"] * h + params["b1"])
        by = new * (1 - new) * (np.array([x[t], h, 1.0]) + params["w_h"] * by)
        h, out = new, sgm(params["w"] * new + params["b2"])
        d = (out - y[t]) * out * (1 - out) / len(x)
        grads["w"] += d * h
        grads["b2"] += d
        for key, entry in zip(("w_x", "w_h", "b1"), d * params["w"] * by):
            grads[key] += entry
    return grads"""
GREEK = "δ, ŷ = (y_hat - y), y_hat\nσʹ = ŷ * (1 - ŷ)\nreturn δ * σʹ / δ.size"
UNCHANGED = """
    e = sp.exp(-u)
    first = sp.Derivative(1 / (1 + e), u)
    return (first.doit(), sp.UnevaluatedExpr(e) / (1 + e) ** 2, sp.factor(s - s**2))"""
FORMULA = 'total = sp.symbols("unused")\nreturn sp.Add(dw_x, sp.Mul(dw_h, sp.Pow(h_1, -1))) + 0 * total'


def _honest(room, name, does, make):
    return Submission(f"fair-{name}", "honest", does, {}, make, room=room)


HONEST_DEEP = [
    _honest(R4, "accumulate", "itertools.accumulate with a walrus in a lambda", right(forward=ACCUMULATED)),
    _honest(R4, "by-entry", "one entry after the other: f_prime is called with single numbers", right(
        hidden_delta=BY_ENTRY)),
    _honest(R4, "by-sample", "one sample after the other, as vectors, on nobody else's functions", right(
        backprop=BY_SAMPLE)),
    _honest(R4, "dataclass", "a dataclass per layer and a subclass of list, in a cell of their own", right(
        extra("all-samples", LAYERS), backprop=STACKED)),
    _honest(R4, "vectorize", "np.vectorize of the function that is passed", right(hidden_delta=VECTORISED)),
    _honest(R4, "improved-later", "total_error is written anew at the end, faster and as right", right(
        extra("deep-figure", FASTER))),
    _honest(R4, "counted", "a decorator that counts, with functools.wraps and attributes", right(
        extra("imports", WRAPPED), before("output_delta", "@counted"), before("backprop", "@counted"))),
    _honest(R4, "names-of-f", "prints the name of the function that is passed, and its value at zero", right(
        output_delta=NAMED + "return (a_L - Y) * f_prime(z_L)")),
    _honest(R4, "order-array", "the list of layers as an array of integers, counted down", right(
        order="return np.arange(L)[::-1] + 1")),
    _honest(R4, "moved", "the step stands far above, and output_delta below backprop, where it is called", right(
        move("gradient_descent_step", "imports"), move("output_delta-check", "hides"), move("output_delta", "hides"))),
    _honest(R5, "stable", "a sigmoid that never overflows, by masks; a number stays one", right(sgm=STABLE)),
    _honest(R5, "logaddexp", "a sigmoid by logaddexp", right(sgm=HALF_TANH)),
    _honest(R5, "vectorize-scalar", "@np.vectorize: an object in place of a function", right(whole("sgm", SCALAR))),
    _honest(R5, "fromiter", "the states from a generator, by np.fromiter", right(forward=STATES)),
    _honest(R5, "recursion-in-time", "recursion over the steps, which returns a list", right(
        hidden_delta=BACK_IN_TIME)),
    _honest(R5, "dual-numbers", "forward mode by dual numbers: no back-propagation, and right", right(
        extra("gradients-goal", DUAL), gradients=FORWARD_MODE)),
    _honest(R5, "sensitivities", "real-time recurrent learning: all derivatives carried forward", right(
        gradients=SENSITIVITIES)),
    _honest(R5, "letters", "a delta, a hat and a prime as letters of Python", right(output_delta=GREEK)),
    _honest(R5, "lines-in-a-tuple", "a tuple of lines, with sympy's own ways to leave things as they are", right(
        slope_derivation=UNCHANGED)),
    _honest(R5, "formula-built", "a formula put together by sympy's classes", right(implied_db1=FORMULA)),
]  # fmt: skip
