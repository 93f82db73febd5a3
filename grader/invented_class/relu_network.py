"""What the invented class wrote in notebook 02."""

from grader.invented_class.kinds import all_but, only

_ROWS_INSIDE = """
a1 = X.T @ params["W1"].T + params["b1"].T
a2 = a1.clip(0) @ params["W2"].T + params["b2"].T
a3 = a2.clip(0) @ params["W3"].T + params["b3"].T
return {"z1": a1.T, "v1": a1.clip(0).T, "z2": a2.T, "v2": a2.clip(0).T, "z3": a3.T, "y_hat": a3.T}
""".strip()
_SAMPLE_BY_SAMPLE = """
total = {name: np.zeros(array.shape) for name, array in params.items()}
seen = forward(params, X) | {"v0": X}
for n in range(X.shape[1]):
    delta = output_delta(seen["y_hat"], Y)[:, n]
    for l in (3, 2, 1):
        total[f"W{l}"] += np.outer(delta, seen[f"v{l - 1}"][:, n])
        total[f"b{l}"] += delta[:, None]
        delta = params[f"W{l}"].T @ delta * (seen[f"v{l - 1}"][:, n] > 0)
return total
""".strip()
_NOT_TRANSPOSED = "return (z > 0) * (W_next @ delta_next)"
_NO_MASK = "return W_next.T @ delta_next"
_ALL_ONES = """
ones = {"W1": (2, 3), "b1": (2, 1), "W2": (2, 2), "b2": (2, 1), "W3": (1, 2), "b3": (1, 1)}
params = {name: np.ones(shape) for name, shape in ones.items()}
X, Y = [[1], [2], [-1]], [[0]]
""".strip()
_MEAN_OF_BIASES = """
seen = forward(params, X)
d3 = output_delta(seen["y_hat"], Y)
d2 = hidden_delta(params["W3"], d3, seen["z2"])
d1 = hidden_delta(params["W2"], d2, seen["z1"])
grads = {"W1": d1 @ X.T, "W2": d2 @ seen["v1"].T, "W3": d3 @ seen["v2"].T}
return grads | {f"b{l}": d.mean(axis=1, keepdims=True) for l, d in ((1, d1), (2, d2), (3, d3))}
""".strip()

STUDENTS = {
    "ada": all_but(),
    "blaise": all_but(forward=_ROWS_INSIDE, gradients=_SAMPLE_BY_SAMPLE),
    "carl": all_but(hidden_delta=_NOT_TRANSPOSED, layer_1_lines="line = 4\nrepair = None"),
    "dorothy": all_but(own_test=_ALL_ONES, worked_numbers="b1 = w1 = dw3 = w3 = v1 = x = z2 = bias = None"),
    "emmy": all_but(
        output_delta="return 2 * (Y - y_hat)",
        weight_derivation=(
            "r = y - w_3 * f(w_2 * v_1 + b_2) - b_3\n"
            "return [sp.diff(r**2, w_2), 2 * r * w_3 * f_prime(z_2) * v_1, 2 * (y - y_hat) * w_3 * f_prime(z_2) * v_1]"
        ),
    ),
    "florence": all_but(hidden_delta=_NOT_TRANSPOSED, output_delta="return y_hat - Y"),
    "galileo": all_but(hidden_delta=_NO_MASK, network_lines="line = 3\nrepair = forward(params, x)['y_hat']"),
    "hypatia": all_but(gradients=_MEAN_OF_BIASES, board="v1, f3, h2, indices, order, bars, kink = 3, 1, 2, 2, 1, 3, 1"),
    "johannes": all_but(
        layer_1_lines=(
            "line = 3\n"
            "d2 = hidden_delta(params['W3'], output_delta(seen['y_hat'], y), seen['z2'])\n"
            "repair = hidden_delta(params['W2'].T, d2, seen['z1']) @ x.T"
        ),
        own_test="params, X, Y = {'W1': [[1, 2]], 'b1': [3]}, [1, 2], [3]",
    ),
    "lise": only("forward", "network_lines", "output_delta", "transpose_derivation", "hidden_delta"),
    "maria": only(),
}
