"""What the invented class wrote in notebook 03."""

from grader.invented_class.kinds import all_but, only

_NO_1_OVER_N = "L = rmse(O, Y)\nreturn (O - Y) / L if L > 0 else np.zeros(O.shape)"
_LOOPS = {
    "rmse": "total = sum(float((O[:, n] - Y[:, n]) @ (O[:, n] - Y[:, n])) for n in range(O.shape[1]))\n"
    "return (total / O.shape[1]) ** 0.5",
    "penalty": "return 0.5 * sum(float(value) ** 2 for A in params.values() for value in A.ravel())",
}
_WEIGHTS_ALONE = "return sum(np.sum(params[key]**2) for key in ('W1', 'W2', 'W3')) / 2"


def _gradients(bias="delta.sum(axis=1, keepdims=True)", decay="alpha * params['b' + str(l)]", slope="1 - fed[l] ** 2"):
    """Return gradients in the notebook's form, with one of its parts replaced."""
    return (
        "v = forward(params, X)\n"
        "fed = {1: X, 2: v['a1'], 3: v['a2']}\n"
        "delta, grads = d_rmse(v['O'], Y), {}\n"
        "for l in (3, 2, 1):\n"
        "    grads['W' + str(l)] = delta @ fed[l].T + alpha * params['W' + str(l)]\n"
        f"    grads['b' + str(l)] = {bias} + {decay}\n"
        "    if l > 1:\n"
        f"        delta = params['W' + str(l)].T @ delta * ({slope})\n"
        "return grads"
    )


STUDENTS = {
    "ada": all_but(),
    "blaise": all_but(**_LOOPS),
    "carl": all_but(d_rmse=_NO_1_OVER_N),
    "dorothy": all_but(d_rmse=_NO_1_OVER_N, penalty=_WEIGHTS_ALONE, gradients=_gradients(decay="0")),
    "emmy": all_but(d_rmse="return (O - Y) / (O.shape[1] * rmse(O, Y))"),
    "florence": all_but(rmse="return np.sqrt(np.mean((O - Y) ** 2))"),
    "galileo": all_but(
        d_rmse=_NO_1_OVER_N, lost_samples="line = 3\nrepair = (O - Y) / np.sqrt(np.sum((O - Y) ** 2) / O.shape[1])"
    ),
    "hypatia": all_but(gradients=_gradients(bias="delta.mean(axis=1, keepdims=True)")),
    "isaac": all_but(
        gradients=_gradients(slope="1 - np.tanh(fed[l]) ** 2"), wrong_symbol="line = 4\nrepair = dO + alpha"
    ),
    "lise": only("forward", "rmse", "penalty", "loss", "read_the_board", "root_derivation", "d_rmse"),
    "maria": only(),
}
