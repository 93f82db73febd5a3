"""Strange things returned: some are right all the same, some lie."""

from tests.corpus.writing import before, extra
from tests.corpus_two.submission import R2, R3, R4, R5, Submission, zero
from tests.corpus_two.writing import right

ENUM = """
    from enum import StrEnum
    from collections import OrderedDict

    class Key(StrEnum):
        W1 = "W1"; b1 = "b1"; W2 = "W2"; b2 = "b2"; W3 = "W3"; b3 = "b3"
    """
ENUM_KEYS = "grads = gradients(params, X, Y)\nreturn OrderedDict((Key[n], params[n] - eta * grads[n]) for n in params)"
LAZY = """
    class Lazy:
        def __init__(self, make):
            self.make = make
        def __array__(self, dtype=None, copy=None):
            return np.asarray(self.make(), dtype=dtype)
    return Lazy(lambda: 2.0 * (y_hat - Y))"""
MEMMAP = """
    import tempfile
    out = np.memmap(tempfile.NamedTemporaryFile(), dtype=float, mode="w+", shape=O.shape)
    out[:] = (O - Y) / (O.shape[1] * rmse(O, Y)) if rmse(O, Y) else 0
    return out"""
MASKED = "return np.ma.masked_all(O.shape)"
MASKED_ONE = """
    out = np.ma.array((O - Y) / (O.shape[1] * rmse(O, Y) or 1))
    out[0, 0] = 99
    out[0, 0] = np.ma.masked
    return out"""
TWO_FACES = """
    class Faces(np.ndarray):
        truth = (y_hat - y) * y_hat * (1 - y_hat) / len(y)
        def tobytes(self, *a, **k):
            return self.truth.tobytes()
        def tolist(self):
            return self.truth.tolist()
        def __array_ufunc__(self, *a, **k):
            return self.truth
        def __array_function__(self, *a, **k):
            return self.truth
        def __iter__(self):
            return iter(self.truth)
    return np.zeros(len(y)).view(Faces)"""
ANGER = """
    class Angry:
        def __array__(self, *args, **kwargs):
            raise SystemExit("right")
        __float__ = __len__ = __iter__ = __getitem__ = __bool__ = __eq__ = __array__
        def __getattr__(self, name):
            raise KeyboardInterrupt(name)
        def __reduce_ex__(self, protocol):
            return exec, ("import os; os.system('touch $drop/reduced')",)
        __hash__ = None
    return Angry()"""
INTERFACE = """
    class Wild:
        __array_interface__ = {"shape": (3, 10**6), "typestr": "<f8", "data": (4096, False), "version": 3}
    return Wild()"""
RANDOM_EACH_TIME = """
    class Fickle:
        turn = iter(range(10**9))
        def __array__(self, dtype=None, copy=None):
            good = (a_L - Y) * f_prime(z_L)
            return good if next(self.turn) % 2 else 0 * good
    return Fickle()"""
POPS = """
    z1 = params.pop("W1") @ X + params.pop("b1")
    v1 = np.maximum(z1, 0)
    z2 = params.pop("W2") @ v1 + params.pop("b2")
    v2 = np.maximum(z2, 0)
    z3 = params.pop("W3") @ v2 + params.pop("b3")
    return {"z1": z1, "v1": v1, "z2": z2, "v2": v2, "z3": z3, "y_hat": z3}"""
IN_PLACE = "for name in params:\n    params[name] -= eta * grads[name]\nreturn params"
OUT = "error = W_next.T @ delta_next\nz[:] = f_prime(z)\nreturn np.multiply(error, z)"
LOCKED = """
    for A in (X, *params.values()):
        A.flags.writeable = False
    found = {"a0": X}
    for l in range(1, len(params) // 2 + 1):
        found[f"z{l}"] = params[f"W{l}"] @ found[f"a{l - 1}"] + params[f"b{l}"]
        found[f"a{l}"] = f(found[f"z{l}"])
    return found"""
ALIASED = """
    z1 = params["W1"] @ X + params["b1"]
    v1 = np.maximum(z1, 0, out=z1)
    z2 = params["W2"] @ v1 + params["b2"]
    v2 = np.maximum(z2, 0, out=z2)
    z3 = params["W3"] @ v2 + params["b3"]
    return {"z1": z1, "v1": v1, "z2": z2, "v2": v2, "z3": z3, "y_hat": z3}"""
TRANSPOSED = """
    seen = forward(params, X)
    d3 = output_delta(seen["y_hat"], Y)
    d2 = hidden_delta(params["W3"], d3, seen["z2"])
    d1 = hidden_delta(params["W2"], d2, seen["z1"])
    pairs = {1: (X, d1), 2: (seen["v1"], d2), 3: (seen["v2"], d3)}
    grads = {f"W{l}": v @ d.T for l, (v, d) in pairs.items()}
    return grads | {f"b{l}": d.sum(1)[None, :] for l, (_, d) in pairs.items()}"""
COLUMN = "return ((y_hat - y) * y_hat * (1 - y_hat) / len(y))[:, None]"
ENDLESS_DICT = """
    class Endless(dict):
        def keys(self):
            n = 0
            while True:
                yield f"dw_{n}"
                n += 1
        __iter__ = keys
        def items(self):
            return ((k, 0.0) for k in self.keys())
        def __len__(self):
            return 2**62
        def __contains__(self, key):
            return True
        def __getitem__(self, key):
            return 0.0
    return Endless()"""
WIDE = 'return {"lines": [2, 3, 6], **{f"k{n}": np.zeros((300, 300)) for n in range(300)}}'
CHOICES = "return {k: np.array(float(v)) for k, v in dict(raised=2, second=1, layer=3, matrices=4).items()}"
BROADCAST = "return np.broadcast_to(np.float64(np.mean((y_hat - y) ** 2) / 2), ())"


def _odd(room, name, does, make, deserves=None, **more):
    return Submission(f"value-{name}", "odd value", does, deserves or {}, make, room=room, **more)


DELTAS = dict.fromkeys(("layer_2_lines", "layer_1_lines", "gradients", "gradient_descent_step"), (0.0, 0.5))
VALUES = [
    _odd(R2, "enum-keys", "keys of a StrEnum in an OrderedDict", right(
        extra("imports", ENUM), gradient_descent_step=ENUM_KEYS)),
    _odd(R2, "pops", "forward empties the params that it is given: right numbers, a changed argument", right(
        forward=POPS), {"forward": 0.5}, also=dict.fromkeys(
        ("network_lines", "gradients", "gradient_descent_step", "layer_1_lines", "layer_2_lines"),
        (0.0, 0.5))),
    _odd(R2, "aliased", "forward cuts z1 off in place: what it returns as z1 is v1", right(forward=ALIASED),
        zero("forward"), also=dict.fromkeys(("gradients", "gradient_descent_step"), (0.0,))),
    _odd(R2, "transposed", "every gradient in the transpose of its shape: another convention", right(
        gradients=TRANSPOSED), {"gradients": 0.5}, also=dict.fromkeys(
        ("gradients", "gradient_descent_step"), (0.0, 0.5))),
    _odd(R2, "lazy", "an object that numpy turns into the right array", right(output_delta=LAZY),
        also={"output_delta": (0.0,), **DELTAS}),
    _odd(R3, "memmap", "a memory map of a temporary file: right", right(d_rmse=MEMMAP)),
    _odd(R3, "masked-all", "an array with everything masked", right(d_rmse=MASKED), zero("d_rmse"),
        also={"gradients": (0.0,)}),
    _odd(R3, "masked-one", "an array whose one wrong entry is masked", right(d_rmse=MASKED_ONE), zero("d_rmse"),
        also={"gradients": (0.0,)}),
    _odd(R3, "wild-pointer", "an array interface that points to nowhere", right(one_for_all=INTERFACE),
        zero("one_for_all")),
    _odd(R4, "angry", "an object that exits, interrupts and runs a command, however it is touched", right(
        batch_step=ANGER), zero("batch_step")),
    _odd(R4, "fickle", "an object that is right every other time one looks", right(
        output_gradient=RANDOM_EACH_TIME.replace("a_L", "a").replace("Y", "y").replace("z_L", "z")),
        zero("output_gradient")),
    _odd(R4, "in-place", "the step changes the parameters that it was given", right(
        gradient_descent_step=IN_PLACE), {"gradient_descent_step": 0.5}),
    _odd(R4, "out", "hidden_delta writes into the z that it was given", right(hidden_delta=OUT),
        {"hidden_delta": 0.5}, also={"hidden_lines": (0.5, 0.0), "backprop": (0.5, 0.0)}),
    _odd(R4, "locks", "forward makes its arguments read-only, and is right", right(forward=LOCKED)),
    _odd(R4, "numbers-as-arrays", "numbers as arrays without dimensions, of floats", right(right_letters=CHOICES)),
    _odd(R5, "two-faces", "a subclass of ndarray that holds zeros and shows the truth wherever it is asked: "
        "what it shows is right, what it holds is wrong", right(output_delta=TWO_FACES), zero("output_delta"),
        also={"output_delta": (1.0,), "gradients": (0.0,), "truncated_gradients": (0.0,)}),
    _odd(R5, "column", "(T, 1) for (T,): another convention", right(output_delta=COLUMN), {"output_delta": 0.5},
        also=dict.fromkeys(("gradients", "truncated_gradients"), (0.0, 0.5))),
    _odd(R5, "endless-dict", "a dict with keys without end", right(copied_lines=ENDLESS_DICT), zero("copied_lines")),
    _odd(R5, "wide-dict", "300 arrays of 90,000 numbers under keys that nobody asked for", right(
        copied_lines=WIDE), zero("copied_lines")),
    _odd(R5, "scalar-view", "a number as a read-only view without dimensions", right(
        before("loss", "# 0-d"), loss=BROADCAST)),
]  # fmt: skip
