"""One slip costs once: what that must not be stretched to."""

from tests.corpus.writing import whole
from tests.corpus_two.submission import R2, R3, R4, R5, Submission, zero
from tests.corpus_two.writing import right

NAN_FORWARD = """
    n, N = [len(params[f"b{l}"]) for l in (1, 2, 3)], X.shape[1]
    seen = {k: np.full((n[int(k[1]) - 1], N), np.nan) for k in ("z1", "v1", "z2", "v2", "z3")}
    return seen | {"y_hat": seen["z3"]}"""
LIKE = "return {name: A * %s for name, A in params.items()}"
ZERO_STATES = 'return {"h": 0.5 + np.zeros(len(x) + 1), "y_hat": 0.5 + np.zeros(len(x))}'
TWO_SLIPS = """
    seen = forward(params, X)
    d3 = output_delta(seen["y_hat"], Y)
    d2 = hidden_delta(params["W3"], d3, seen["z2"])
    d1 = hidden_delta(params["W2"], d2, seen["z1"])
    grads = {"W1": d1 @ X.T, "W2": d2 @ seen["v1"].T, "W3": d3 @ seen["v2"].T}
    return grads | {f"b{l}": 0 * params[f"b{l}"] for l in (1, 2, 3)}"""
SPY = """
    import gc, sys, types
    kept = []
    for g in (forward, output_delta, hidden_delta):
        for part in (getattr(g, "__closure__", None) or (), getattr(g, "__globals__", {}).values(),
                     getattr(g, "__self__", None), gc.get_referents(g), getattr(g, "__wrapped__", None)):
            kept.append(part)
        found = g.__call__ if not isinstance(g, types.FunctionType) else None
        for holder in gc.get_referrers(found) if found else ():
            answer = holder.get("right", holder.get("gradients")) if isinstance(holder, dict) else None
            if callable(answer) and answer is not gradients:
                return answer(params, X, Y)
            if isinstance(answer, dict):
                return answer
    return {name: 0 * A for name, A in params.items()}"""
RECORD = """
    _outputs = []

    def backprop(params, X, Y, f, f_prime):
        "Return whatever earlier calls of the functions that it builds on have returned."
        seen = forward(params, X, f)
        _outputs.append(seen)
        _outputs.append(output_delta(seen["a1"], seen["a1"], seen["z1"], f_prime))
        for old in _outputs:
            if isinstance(old, dict) and old.keys() == params.keys():
                return old
        return {name: 0 * A for name, A in params.items()}"""
REBINDS = """
    global output_delta
    seen = forward(params, X)
    d3 = 2 * (seen["y_hat"] - Y)
    d2 = hidden_delta(params["W3"], d3, seen["z2"])
    d1 = hidden_delta(params["W2"], d2, seen["z1"])
    output_delta = lambda *anything: None
    grads = {"W1": d1 @ X.T, "W2": d2 @ seen["v1"].T, "W3": d3 @ seen["v2"].T}
    return grads | {f"b{l}": d.sum(1, keepdims=True) for l, d in enumerate((d1, d2, d3), 1)}"""
CIRCLE = "return backprop({'W1': W_next.T, 'b1': z}, z, z, f_prime, f_prime)['b1']"
SHARED_NAME = """
    import inspect
    code = inspect.stack()
    return float("nan") if len(code) % 2 else rmse(forward(params, X)["O"], Y)"""
SWITCH = """
    class Switch:
        "Right where another function of mine calls it, wrong on its own."
        def __call__(self, y_hat, y):
            import sys
            caller = sys._getframe(1).f_code.co_name
            good = (y_hat - y) * y_hat * (1 - y_hat) / len(y)
            return good if caller in ("gradients", "truncated_gradients") else -good

    output_delta = Switch()"""
MIRRORED = "return 1 / (1 + np.exp(u))"


def _carried(room, name, does, make, deserves, **more):
    return Submission(f"carry-{name}", "carried", does, deserves, make, room=room, **more)


NOT_SEEN = (0.0,)
ON_SGM = ("printed_sign",)
CARRIED = [
    _carried(R2, "nan", "forward is nan, and so are all that follow, which compute nothing", right(
        forward=NAN_FORWARD, gradients=LIKE % "np.nan", gradient_descent_step=LIKE % "np.nan"),
        zero("forward", "gradients", "gradient_descent_step"),
        also=dict.fromkeys(("network_lines", "layer_2_lines", "layer_1_lines"), NOT_SEEN)),
    _carried(R2, "zeros", "both deltas are zero, and so are the gradients, which compute nothing", right(
        output_delta="return 0 * Y", hidden_delta="return 0 * z", gradients=LIKE % "0",
        gradient_descent_step="return dict(params)"),
        zero("output_delta", "hidden_delta", "gradients", "gradient_descent_step"),
        also=dict.fromkeys(("layer_2_lines", "layer_1_lines"), NOT_SEEN)),
    _carried(R2, "two-slips", "the sign of output_delta, and no bias in gradients: a slip in each", right(
        output_delta="return 2 * (Y - y_hat)", gradients=TWO_SLIPS), zero("output_delta", "gradients"),
        also=dict.fromkeys(("layer_2_lines", "layer_1_lines", "gradient_descent_step"), NOT_SEEN)),
    _carried(R2, "spy", "half of output_delta; gradients searches what stands in its place for answers", right(
        output_delta="return y_hat - Y", gradients=SPY), zero("output_delta", "gradients"),
        also=dict.fromkeys(("layer_2_lines", "layer_1_lines", "gradient_descent_step"), NOT_SEEN)),
    _carried(R2, "rebinds", "gradients gives output_delta away when it is done; each check was green in its place",
        right(gradients=REBINDS), {}),
    _carried(R3, "penalty-only", "d_rmse is zero, and gradients nothing but the penalty", right(
        d_rmse="return np.zeros(O.shape)", gradients=LIKE % "alpha"), zero("d_rmse", "gradients")),
    _carried(R3, "nothing-adds-up", "forward, rmse and penalty are zero, and so is loss, which adds nothing", right(
        forward='return {k: 0 * v for k, v in {"z1": params["W1"] @ X, "a1": params["W1"] @ X}.items()}',
        rmse="return 0.0", penalty="return 0.0", loss="return 0.0"), zero("forward", "rmse", "penalty", "loss"),
        also=dict.fromkeys(("d_rmse", "gradients"), NOT_SEEN)),
    _carried(R3, "odd-stack", "loss is the error alone, or nan, as the stack of calls is even or odd; rmse is halved",
        right(rmse="return np.sqrt(np.sum((O - Y) ** 2) / O.shape[1]) / 2", loss=SHARED_NAME),
        zero("rmse", "loss"), also=dict.fromkeys(("d_rmse", "gradients"), NOT_SEEN)),
    _carried(R4, "zeros-any-depth", "both deltas are zero, and so is backprop, which computes nothing", right(
        output_delta="return 0 * Y", hidden_delta="return 0 * z", backprop=LIKE % "0"),
        zero("output_delta", "hidden_delta", "backprop"), also={"hidden_lines": NOT_SEEN}),
    _carried(R4, "records", "output_delta is wrong; backprop keeps what the functions below it return", right(
        whole("backprop", RECORD), output_delta="return a_L - Y"), zero("output_delta", "backprop")),
    _carried(R4, "circle", "hidden_delta asks backprop, which asks hidden_delta", right(hidden_delta=CIRCLE),
        zero("hidden_delta", "backprop"), also={"hidden_lines": NOT_SEEN, "backprop": (1.0,)}),
    _carried(R5, "half-everywhere", "sgm is one half, and so are all states, which nobody has computed", right(
        sgm="return 0.5 + 0 * np.asarray(u)", forward=ZERO_STATES), zero("sgm", "forward"),
        also=dict.fromkeys((*ON_SGM, "gradients", "truncated_gradients"), NOT_SEEN)),
    _carried(R5, "mirrored", "sgm is mirrored, a slip with a name; all that builds on it is right", right(
        sgm=MIRRORED), zero("sgm"), also=dict.fromkeys(ON_SGM, NOT_SEEN)),
    _carried(R5, "switch", "output_delta is right for whoever has a certain name, and wrong on its own", right(
        whole("output_delta", SWITCH)), zero("output_delta"),
        also=dict.fromkeys(("gradients", "truncated_gradients"), NOT_SEEN)),
]  # fmt: skip
