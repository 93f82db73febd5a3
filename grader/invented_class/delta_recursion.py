"""What the invented class wrote in notebook 04."""

from grader.invented_class.kinds import all_but, only

_SLOPE_LOST = "return W_next.T @ delta_next * z"
_BY_SAMPLES = (
    "N = X.shape[1]\n"
    "grads = {name: np.zeros(array.shape) for name, array in params.items()}\n"
    "for n in range(N):\n"
    "    cache, L = forward(params, X[:, [n]], f), len(params) // 2\n"
    "    delta = output_delta(cache[f'a{L}'], Y[:, [n]], cache[f'z{L}'], f_prime)\n"
    "    for l in range(L, 0, -1):\n"
    "        grads[f'W{l}'] += delta @ cache[f'a{l - 1}'].T / N\n"
    "        grads[f'b{l}'] += delta / N\n"
    "        if l > 1:\n"
    "            delta = hidden_delta(params[f'W{l}'], delta, cache[f'z{l - 1}'], f_prime)\n"
    "return grads"
)


def _backprop(delta="output_delta(c[f'a{L}'], Y, c[f'z{L}'], f_prime)", W="W{l}", total="/ N", input_="a{l - 1}"):
    """Return a backprop, right but for what is given."""
    return (
        "c, L, N = forward(params, X, f), len(params) // 2, X.shape[1]\n"
        f"delta, grads = {delta}, {{}}\n"
        "for l in range(L, 0, -1):\n"
        f"    grads[f'W{{l}}'] = delta @ c[f'{input_}'].T {total}\n"
        f"    grads[f'b{{l}}'] = delta.sum(axis=1, keepdims=True) {total}\n"
        "    if l > 1:\n"
        f"        delta = hidden_delta(params[f'{W}'], delta, c[f'z{{l - 1}}'], f_prime)\n"
        "return grads"
    )


STUDENTS = {
    "ada": all_but(),
    "blaise": all_but(backprop=_BY_SAMPLES),
    # the sum over samples, not divided: the most common mistake of this class
    "carl": all_but(backprop=_backprop(total="")),
    "dorothy": all_but(backprop=_backprop(total=""), total_error="return float(np.sum((a_L - Y)**2) / 2)"),
    "hypatia": all_but(
        backprop=_backprop(total=""),
        output_derivation="lines = [sp.diff((f(z) - y)**2 / 2, z), 2 * (a - y) * f_prime(z), (a - y) * f_prime(z)]",
    ),
    # no f' at the output, as with a cross-entropy; carried into backprop
    "emmy": all_but(output_delta="return a_L - Y"),
    # the sign of y - a, carried into backprop
    "florence": all_but(output_delta="return (Y - a_L) * f_prime(z_L)"),
    # weights not transposed: an error, but in the square case
    "galileo": all_but(hidden_delta="return (W_next @ delta_next) * f_prime(z)"),
    # z for f'(z)
    "isaac": all_but(hidden_delta=_SLOPE_LOST, hidden_derivation="lines = [(w_1*d_1 + w_2*d_2) * z] * 4"),
    # flat biases, and parameters that are written into
    "johannes": all_but(
        backprop=_backprop().replace("axis=1, keepdims=True", "axis=1"),
        gradient_descent_step="for name in params:\n    params[name] -= eta * grads[name]\nreturn params",
    ),
    # every layer's own weights on the way back, and the notes' order of the deltas
    "katherine": all_but(backprop=_backprop(W="W{l - 1}"), order="return list(range(1, L + 1))"),
    "lise": only("forward", "right_letters", "total_error", "output_derivation", "output_delta", "hidden_delta"),
    "maria": only(),
    "niels": all_but(),
}
