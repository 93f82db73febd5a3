"""What the invented class wrote in notebook 05."""

from grader.invented_class.kinds import all_but, only

_NOTHING_COMES_BACK = "return h[1:] * (1 - h[1:]) * params['w'] * delta_y"
_LOOP_WITHOUT_MEMORY = """
delta_h = []
for t in range(len(delta_y)):
    h_t = h[t + 1]
    delta_h.append(params["w"] * delta_y[t] * h_t * (1 - h_t))
return np.array(delta_h)
""".strip()
_IN_ONE_GO = """
h, y_hat = forward(params, x, h0).values()
T, carried = len(x), 0.0
grads = dict.fromkeys(["w", "w_x", "w_h", "b1", "b2"], 0.0)
for t in range(T, 0, -1):
    delta = (y_hat[t - 1] - y[t - 1]) * y_hat[t - 1] * (1 - y_hat[t - 1]) / T
    back = (delta * params["w"] + carried) * h[t] * (1 - h[t])
    carried = back * params["w_h"]
    grads["w"] += delta * h[t]
    grads["b2"] += delta
    grads["w_x"] += back * x[t - 1]
    grads["w_h"] += back * h[t - 1]
    grads["b1"] += back
return grads
""".strip()

STUDENTS = {
    "ada": all_but(),
    "blaise": all_but(gradients=_IN_ONE_GO),
    "carl": all_but(hidden_delta=_NOTHING_COMES_BACK),
    "dorothy": all_but(
        hidden_delta=_LOOP_WITHOUT_MEMORY, by_hand="delta_y = delta_h = dw = db2 = dw_x = dw_h = db1 = None"
    ),
    "emmy": all_but(
        output_delta="return (y - y_hat) * y_hat * (1 - y_hat) / len(y)",
        output_derivation="return [(y - y_hat) * y_hat * (1 - y_hat) * h] * 3",
    ),
    "florence": all_but(sgm="return 1 / (1 - np.exp(-u))", hidden_delta=_NOTHING_COMES_BACK),
    "hypatia": all_but(
        loss="return float(np.sum((y_hat - y) ** 2) / 2)", output_delta="return (y_hat - y) * y_hat * (1 - y_hat)"
    ),
    "lise": only("sgm", "slope_derivation", "forward", "loss", "put_right"),
    "maria": only(),
}
