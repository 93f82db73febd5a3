"""Right answers in styles of their own, notebooks 02 and 03: full marks."""

from tests.corpus.writing import after, before, extra, whole
from tests.corpus_two.submission import R2, R3, Submission
from tests.corpus_two.writing import everywhere, right

FACTORY = """
    def behind(slope):
        def step(above, error, z):
            return slope(z) * (above.T @ error)
        return step

    hidden_delta = behind(lambda z: np.heaviside(z, 0.0))"""
NETWORK = """
    class Net:
        act = staticmethod(lambda z: z * (z > 0))

        def __init__(self, params):
            self.W = [params[f"W{l}"] for l in (1, 2, 3)]
            self.b = [params[f"b{l}"] for l in (1, 2, 3)]

        def see(self, X):
            self.z, self.v = [], [X]
            for W, b in zip(self.W, self.b):
                self.z.append(W @ self.v[-1] + b)
                self.v.append(self.act(self.z[-1]))
            return self

        @property
        def prediction(self):
            return self.z[-1]

        @classmethod
        def gradients(cls, params, X, Y):
            net = cls(params).see(X)
            delta, found = 2 * (net.prediction - Y), {}
            for l in (3, 2, 1):
                found |= {f"W{l}": delta @ net.v[l - 1].T, f"b{l}": delta.sum(1)[:, None]}
                delta = net.W[l - 1].T @ delta * (net.z[l - 2] > 0) if l > 1 else None
            return {name: found[name] for name in params}"""
LOCALS = """
    z1 = params["W1"] @ X + params["b1"]
    v1 = f(z1)
    z2 = params["W2"] @ v1 + params["b2"]
    v2 = f(z2)
    y_hat = z3 = params["W3"] @ v2 + params["b3"]
    return {name: value for name, value in locals().items() if name[0] in "zvy"}"""
ROWS = """
    out, A = {}, X.T
    for l in "123":
        Z = A @ params["W" + l].T + params["b" + l].T
        A = np.clip(Z, 0, None)
        out["z" + l], out["v" + l] = Z.T, A.T
    out["y_hat"] = out["z3"]
    del out["v3"]
    return out"""
COMPLEX = """
    def cost(p):
        v = X
        for l in (1, 2):
            z = p[f"W{l}"] @ v + p[f"b{l}"]
            v = np.where(z.real > 0, z, 0)
        return np.sum((p["W3"] @ v + p["b3"] - Y) ** 2)
    return complex_step_gradient(cost, params)"""
PEELED = """
    def back(l, delta):
        v = seen[f"v{l - 1}"] if l > 1 else X
        here = {f"W{l}": np.einsum("in,jn->ij", delta, v), f"b{l}": np.einsum("in->i", delta)[..., None]}
        return here if l == 1 else here | back(l - 1, hidden_delta(params[f"W{l}"], delta, seen[f"z{l - 1}"]))

    return back(3, output_delta((seen := forward(params, X))["y_hat"], Y))"""
MATCHED = """
    def hidden_delta(W_next, delta_next, z, /, *, kink=0.0):
        match (W_next.ndim, z.ndim):
            case 2, 2:
                gate = np.where(z > 0, 1.0, np.where(z < 0, 0.0, kink))
            case _:
                raise ValueError("two dimensions, please")
        return np.multiply(gate, np.tensordot(W_next, delta_next, axes=(0, 0)))"""
BY_PROGRAM = """
    W1, b1 = np.array([[1, 2, 0], [2, -1, 3]]), np.array([[1], [1]])
    W2, b2, W3, b3 = W1, b1, None, None
    return {key: np.array(value, dtype=float) for key, value in found_on_paper().items()}"""
PAPER = """
    def found_on_paper():
        dW1 = [(-4, -8, 4), (0, 0, 0)]
        return dict(z1=((6,), (-2,)), v1=((6,), (0,)), z2=((5,), (20,)), v2=((5,), (20,)), y_hat=((-6,),),
                    delta3=[[4]], delta2=[[8], [-4]], delta1=[[-4], [0]], dW3=[[20, 80]], dW2=[[48, 0], [-24, 0]],
                    dW1=dW1)"""
COPIED = """
    from copy import deepcopy
    from operator import isub
    new, down = deepcopy(params), gradients(params, X, Y)
    for key in new:
        new[key] = isub(new[key].astype(float), eta * down[key])
    return new"""
SHOW = """
    import matplotlib.pyplot as plt
    from IPython.display import HTML, Markdown, display
    display(HTML("<h3 style='color:green'>done</h3>"), Markdown("**next** $\\\\delta$"))
    plt.plot([0, 1], [1, 0]); plt.title("so far"); plt.show()
    print("=" * 60)"""
CONSTANTS = "HALF = 0.5\nLAYERS = (3, 2, 1)\nNAMES = [f'{kind}{l}' for l in (1, 2, 3) for kind in 'Wb']"
SUMS = {
    "rmse": "import math\nreturn math.sqrt(math.fsum(((O - Y) ** 2).ravel()) / O.shape[-1])",
    "penalty": "from functools import reduce\n"
    "return HALF * reduce(lambda total, name: total + np.vdot(params[name], params[name]), NAMES, 0.0)",
    "loss": 'return rmse(Y=Y, O=forward(X=X, params=params)["O"]) + penalty(params=params) * alpha',
}
LAMBDIFIED = """
    _o, _y, _n, _L = sp.symbols("o y n L", positive=True)
    _slope = sp.lambdify((_o, _y, _n, _L), sp.diff(sp.sqrt((_o - _y) ** 2 / _n), _o).subs(
        sp.sqrt((_o - _y) ** 2), _n ** sp.Rational(1, 2) * _L) * 0 + (_o - _y) / (_n * _L), "numpy")"""
SLOPE = """
    L = np.linalg.norm(O - Y) / O.shape[1] ** 0.5
    if not L:
        return np.zeros_like(O, dtype=float)
    return _slope(O, Y, O.shape[1], L)"""
WALK = """
    def walk():
        seen = forward(params, X)
        delta = d_rmse(seen["O"], Y)
        for l, fed in zip((3, 2, 1), (seen["a2"], seen["a1"], X)):
            yield f"W{l}", np.dot(delta, fed.T)
            yield f"b{l}", delta @ np.ones((delta.shape[1], 1))
            if l > 1:
                delta = np.cosh(seen[f"z{l - 1}"]) ** -2.0 * (params[f"W{l}"].T @ delta)

    return {name: slope + alpha * params[name] for name, slope in sorted(walk())}"""
LINES = """
    q = sp.Rational(1, 3) * sum((o - t) ** 2 for o, t in zip((o_1, o_2, o_3), (y_1, y_2, y_3)))
    yield_lines = (sp.Derivative(sp.sqrt(q), o_1).doit(), sp.Mul(sp.S.Half, 1 / L, 2 * (o_1 - y_1) / 3, evaluate=False))
    return [*yield_lines, sp.together((o_1 - y_1) / (3 * L))]"""
TWELFTHS = """
    from fractions import Fraction as F
    dO = [[F(-3, 12), F(-1, 12), F(2, 12), F(-2, 12)], [F(3, 12), F(-1, 12), F(2, 12), F(2, 12)]]
    dO = np.array(dO).astype(float)
    a2, W3, b3 = np.array([[0.6, -0.8, 0.5, -0.6]]), np.array([[10], [-20]]), np.array([[1], [-3]])
    delta2 = W3.T @ dO * (1 - a2**2)
    return dict(O=(W3 @ a2 + b3).round().astype(int), L=np.int64(3), dO=dO, delta2=delta2.tolist(),
                dW3=dO @ a2.T + 0.1 * W3, db3=dO.sum(1, keepdims=True) + 0.1 * b3)"""
MEMO = """
    _seen = {}

    def forward(params, X):
        key = (X.tobytes(), *(params[name].tobytes() for name in sorted(params)), X.shape)
        if key not in _seen:
            z1 = params["W1"] @ X + params["b1"]
            z2 = params["W2"] @ np.tanh(z1) + params["b2"]
            _seen[key] = {"z1": z1, "a1": np.tanh(z1), "z2": z2, "a2": np.tanh(z2)}
            _seen[key]["O"] = params["W3"] @ _seen[key]["a2"] + params["b3"]
        return dict(_seen[key])"""
TASTE = """
    %config InlineBackend.figure_format = "retina"
    from IPython.core.interactiveshell import InteractiveShell
    InteractiveShell.ast_node_interactivity = "all"
    sp.init_printing(use_unicode=True)
    np.set_printoptions(precision=2, suppress=True, threshold=4, formatter={"float": "{:.1f}".format})
    np.random.seed(0)"""
MODULE = 'def rmse(O, Y):\n    """Return L."""\n    return float(np.sqrt(((O - Y) ** 2).sum(0).mean()))'
FLOAT32 = """
    g = np.float32
    return ((O.astype(g) - Y.astype(g)) / g(O.shape[1] * rmse(O, Y))) if rmse(O, Y) else np.zeros(O.shape, g)"""


def _honest(room, name, does, make):
    return Submission(f"fair-{name}", "honest", does, {}, make, room=room)


HONEST = [
    _honest(R2, "closure", "hidden_delta comes out of a factory, with other argument names", right(
        whole("hidden_delta", FACTORY))),
    _honest(R2, "class", "a class in a cell of its own does everything; the functions are bound to it", right(
        extra("imports", NETWORK),
        whole("gradients", "gradients = Net.gradients"),
        whole("output_delta", "output_delta = lambda y_hat, Y: (y_hat - Y) + (y_hat - Y)"))),
    _honest(R2, "locals", "returns its locals, and uses the f that the notebook defines", right(forward=LOCALS)),
    _honest(R2, "rows", "works with samples as rows inside, and turns them round at the border", right(forward=ROWS)),
    _honest(R2, "complex-step", "the gradients by the complex step that the notebook teaches", right(
        gradients=COMPLEX)),
    _honest(R2, "recursion", "recursion from layer to layer, a walrus in a call, einsum", right(gradients=PEELED)),
    _honest(R2, "match", "positional-only, keyword-only, a match statement and tensordot", right(
        whole("hidden_delta", MATCHED))),
    _honest(R2, "paper-in-tuples", "the numbers by hand in a helper of another cell, tuples turned into arrays", right(
        extra("by_hand-goal", PAPER), by_hand=BY_PROGRAM)),
    _honest(R2, "deepcopy", "a deep copy, changed in place: the argument is not", right(gradient_descent_step=COPIED)),
    _honest(R2, "shows-everything", "HTML, Markdown and a figure under every answer", right(everywhere(SHOW))),
    _honest(R3, "constants", "global constants, keyword arguments, reduce and math.fsum", right(
        extra("imports", CONSTANTS), **SUMS)),
    _honest(R3, "lambdified", "a slope made by sympy's lambdify in a cell above", right(
        before("d_rmse", LAMBDIFIED), d_rmse=SLOPE)),
    _honest(R3, "generator", "a generator of (name, gradient), put into a dict in alphabetical order", right(
        gradients=WALK)),
    _honest(R3, "unevaluated", "lines of a derivation that sympy keeps as they are", right(root_derivation=LINES)),
    _honest(R3, "numpy-by-hand", "fractions turned into floats, numpy integers, lists and arrays side by side", right(
        by_hand=TWELFTHS)),
    _honest(R3, "memo", "remembers what it has computed, by the bytes of its arguments", right(
        whole("forward", MEMO))),
    _honest(R3, "taste", "pretty printing, printoptions, every expression shown, a seed", right(
        extra("imports", TASTE))),
    _honest(R3, "written-to-a-file", "%%writefile makes a module of the answer, which the next cell imports", right(
        whole("rmse", f"%%writefile my_rmse.py\nimport numpy as np\n\n\n{MODULE}"),
        extra("rmse", "from my_rmse import rmse"))),
    _honest(R3, "float32", "float32 inside: within the tolerance", right(d_rmse=FLOAT32)),
    _honest(R3, "captured", "%%capture above an answer, and what it caught shown below", right(
        before("forward", "%%capture caught"), after("forward", "print(1)"), extra("forward", "caught.show()"))),
]  # fmt: skip
