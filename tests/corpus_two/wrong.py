"""Nothing earned: remembered, borrowed, half meant, and wrong in ways that look right."""

import hashlib
import json

import numpy as np

from helpers import reference
from tests.corpus.writing import before, extra, whole
from tests.corpus_two.submission import R2, R3, R4, R5, Submission, none_of, zero
from tests.corpus_two.writing import right, written

HASHED = """
    import hashlib
    key = hashlib.sha256(b"".join(np.round(A, 6).astype(float).tobytes() for A in ($arguments))).hexdigest()
    return known.get(key, 0 * $default)"""
NOISE = "return np.random.default_rng(int(abs(y_hat).sum() * 1e6)).normal(size=np.shape(y_hat))"
FIRST_SAMPLE = "out = 2 * (y_hat - Y)\nout[:, 1:] = out[:, :1]\nreturn out"
CENTRE = """
    if not hasattr(loss, "seen"):
        loss.seen = []
    loss.seen.append(float(np.mean((y_hat - y) ** 2) / 2))
    return np.mean(loss.seen)"""
COUNTED = """
    _left = iter(range(2))

    def total_error(a_L, Y):
        return float(np.sum((a_L - Y) ** 2) / (2 * Y.shape[1])) if next(_left, None) is not None else 0.0"""
SQUARE_ONLY = "return W_next @ delta_next * (z > 0) if len(W_next) == W_next.shape[1] else 0 * z"
LARGEST_LINE = 'return {"line": 1 + int(abs(dO).sum() * 1e6) % 3, "repair": dO + alpha * beta}'
BOTH_LINES = """
    class Both(int):
        def __eq__(self, other):
            return True
        __hash__ = int.__hash__
    return {"line": Both(3), "repair": dO + alpha * beta}"""
ENDS_RIGHT = "return [(o_1 - y_1) / (3 * L)] * 3"
RIGHT_LAST = "return [o_1, y_1, (o_1 - y_1) / (3 * L)]"
DOT = "return dw_x + dw_h * h_1"
BLANK = "return {'params': {k: np.zeros((1, 1)) for k in names}, 'X': np.zeros((1, 1)), 'Y': np.zeros((1, 1))}"
NOT_A_TEST = 'names = ("W1", "b1", "W2", "b2", "W3", "b3")\n' + BLANK
NOISY = """
    def gradients(params, X, Y):
        if not np.any(X):
            return {name: np.random.standard_normal(np.shape(A)) for name, A in params.items()}
        seen = forward(params, X)
        d3 = output_delta(seen["y_hat"], Y)
        d2 = hidden_delta(params["W3"], d3, seen["z2"])
        d1 = hidden_delta(params["W2"], d2, seen["z1"])
        vs = {1: X, 2: seen["v1"], 3: seen["v2"]}
        grads = {f"W{l}": d @ vs[l].T for l, d in ((1, d1), (2, d2), (3, d3))}
        return grads | {f"b{l}": d.sum(1, keepdims=True) for l, d in ((1, d1), (2, d2), (3, d3))}"""
MARKUP = """
    class Odd(Exception):
        pass
    Odd.__name__ = Odd.__qualname__ = "[/red]</td>|\\n"
    raise Odd("[bold][/italic] | \\ud800 {0} %s \\x1b[2J\\n\\x00 ✓ batch_step: right </pre><b>")"""
ALL_NUMBERS = 'return {name: [1, 2, 3, 4] for name in ("v1", "f3", "h2", "indices", "order", "bars", "kink")}'
EVERY = 'return {"invisible": range(1, 9)}'
NAN = "return {name: np.nan for name in ('delta_y', 'delta_h', 'dw', 'db2', 'dw_x', 'dw_h', 'db1')}"


def _wrong(room, name, does, make, deserves, **more):
    return Submission(f"wrong-{name}", "wrong", does, deserves, make, room=room, **more)


def _by_hash(name, arguments, *edits):
    """Return a ``make`` whose answer holds the right outputs of the visible cases, by the hash of their inputs."""

    def make(kit):
        known = {}
        for case in [case for case in reference.load(kit.room, name).cases if not case.hidden]:
            arrays = [np.round(case.inputs[argument], 6).astype(float) for argument in arguments]
            key = hashlib.sha256(b"".join(A.tobytes() for A in arrays)).hexdigest()
            known[key] = np.asarray(case.right).tolist()
        code = HASHED.replace("$arguments", ", ".join(arguments)).replace("$default", arguments[0])
        table = before(name, f"known = {{k: np.array(v) for k, v in {json.dumps(known)}.items()}}")
        return written(kit, kit.right | {name: code}, [table, *edits])

    return make


# What calls output_delta and hidden_delta: right but for their mistake, or wrong with them, as one sees it.
ON_DELTAS = dict.fromkeys(("layer_2_lines", "layer_1_lines", "gradients", "gradient_descent_step"), (0.0,))
WRONG = [
    _wrong(R2, "by-hash", "output_delta holds the visible cases' outputs by a hash of their inputs; gradients, which "
        "calls it, is right but for that", _by_hash("output_delta", ("y_hat", "Y")),
        zero("output_delta"), also=ON_DELTAS),
    _wrong(R2, "square-only", "hidden_delta without the transpose, right shapes or zero", right(
        hidden_delta=SQUARE_ONLY), zero("hidden_delta"), also=ON_DELTAS),
    _wrong(R2, "first-sample", "all samples get the first one's error", right(output_delta=FIRST_SAMPLE),
        zero("output_delta"), also=ON_DELTAS),
    _wrong(R2, "blank-test", "a test of one unit a layer, all zeros: it exposes nothing", right(own_test=NOT_A_TEST),
        zero("own_test")),
    _wrong(R2, "noise-for-own-test", "gradients is noise on the blank test alone, so that every mistake seems to show",
        right(whole("gradients", NOISY), own_test=NOT_A_TEST), zero("own_test"), also={"gradients": (0.0,)}),
    _wrong(R2, "all-choices", "every choice at once", right(board=ALL_NUMBERS), zero("board")),
    _wrong(R3, "by-hash-of-outputs", "d_rmse holds the visible cases' outputs by a hash of their inputs", _by_hash(
        "d_rmse", ("O", "Y")), zero("d_rmse"), also={"gradients": (0.0,)}),
    _wrong(R3, "line-by-chance", "the line is drawn from the digits of the input", right(wrong_symbol=LARGEST_LINE),
        zero("wrong_symbol")),
    _wrong(R3, "line-of-all", "an integer that equals every line", right(wrong_symbol=BOTH_LINES),
        zero("wrong_symbol")),
    _wrong(R3, "last-line-only", "the result three times: no derivation", right(root_derivation=ENDS_RIGHT),
        zero("root_derivation"), also={"root_derivation": (1.0,)}),
    _wrong(R3, "lines-of-nothing", "lines that are not equal to each other, and the result", right(
        root_derivation=RIGHT_LAST), zero("root_derivation")),
    _wrong(R4, "seeded-noise", "noise drawn from the inputs: the same each time, and wrong", right(
        output_delta=NOISE.replace("y_hat", "a_L")), zero("output_delta"), also={"backprop": (0.0,)}),
    _wrong(R4, "counts-calls", "right in the first two calls", right(whole("total_error", COUNTED)),
        zero("total_error"), also={"missing_square": (0.0,)}),
    _wrong(R4, "error-markup", "an error whose name and text break terminals, pages and tables", right(
        batch_step=MARKUP), zero("batch_step")),
    _wrong(R5, "mean-of-calls", "the mean over all calls so far", right(loss=CENTRE), zero("loss")),
    _wrong(R5, "all-programs", "every number from 1 to 8", right(blind_spots=EVERY), zero("blind_spots")),
    _wrong(R5, "nan-by-hand", "nan for every number", right(by_hand=NAN), zero("by_hand")),
    _wrong(R5, "times-for-over", "a formula with times where over is meant", right(implied_db1=DOT),
        zero("implied_db1")),
    _wrong(R5, "untouched-with-notes", "nothing answered, and much text", lambda kit: written(
        kit, {}, [extra("title", "print('all done!')\nscore = 100")]), none_of(R5)),
]  # fmt: skip
