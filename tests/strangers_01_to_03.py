"""Answers by somebody who had not seen the library: notebooks 01 to 03. Lists of (assignment, function, words, answer)."""

import numpy as np

A1, A2, A3 = "01-linear-regression", "02-relu-network", "03-regularised-rmse"
RIGHT, WRONG = [], []


def right(a, f, what):
    return lambda fn: RIGHT.append((a, f, what, fn)) or fn


def wrong(a, f, what):
    return lambda fn: WRONG.append((a, f, what, fn)) or fn


# ============================================================ 01, right
@right(A1, "predict", "double loop over samples and features, filled array")
def _(W, X):
    out = np.zeros((1, X.shape[1]))
    for n in range(X.shape[1]):
        for j in range(X.shape[0]):
            out[0, n] += W[j, 0] * X[j, n]
    return out


right(A1, "predict", "rows inside, result is a transposed view")(lambda W, X: (X.T @ W).T)
right(A1, "predict", "broadcast product and sum over axis 0, keepdims")(lambda W, X: (W * X).sum(axis=0, keepdims=True))
right(A1, "predict", "bias split off, plain nested list returned")(
    lambda W, X: [[float(W[0, 0]) + sum(float(W[j, 0] * X[j, n]) for j in range(1, len(W))) for n in range(X.shape[1])]]
)
right(A1, "total_cost", "squared norm by np.vdot")(lambda W, X, y: float(np.vdot(W.T @ X - y, W.T @ X - y)))
right(A1, "total_cost", "r @ r.T taken out of the 1x1 matrix")(lambda W, X, y: ((y - W.T @ X) @ (y - W.T @ X).T).item())
right(A1, "total_cost", "expanded quadratic form, numpy 0-d scalar")(
    lambda W, X, y: (W.T @ (X @ X.T) @ W - 2 * W.T @ (X @ y.T) + y @ y.T)[0, 0]
)


@right(A1, "total_cost", "python loop over samples")
def _(W, X, y):
    c = 0.0
    for x, t in zip(X.T, y.ravel()):
        c += (np.dot(W.ravel(), x) - t) ** 2
    return c


@right(A1, "gradient_entry", "loop over samples, minus outside")
def _(W, X, y, j):
    s = 0
    for n in range(X.shape[1]):
        s += (y[0, n] - W[:, 0] @ X[:, n]) * X[j, n]
    return float(-2 * s)


@right(A1, "gradient_entry", "exact central difference of the quadratic, h = 1")
def _(W, X, y, j):
    e = np.zeros(W.shape)
    e[j] = 1.0
    J = lambda V: np.sum((V.T @ X - y) ** 2)
    return (J(W + e) - J(W - e)) / 2


right(A1, "gradient_entry", "row of the normal-equation form")(
    lambda W, X, y, j: float(2 * (X[j] @ X.T @ W[:, 0] - X[j] @ y[0]))
)
right(A1, "gradient", "normal-equation form 2(XX^T W - Xy^T)")(lambda W, X, y: 2 * (X @ X.T @ W - X @ y.T))
right(A1, "gradient", "einsum")(lambda W, X, y: np.einsum("jn,kn->jk", X, 2.0 * (np.einsum("jk,jn->kn", W, X) - y)))
right(A1, "gradient", "float32 inside")(
    lambda W, X, y: 2 * X.astype(np.float32) @ (W.astype(np.float32).T @ X.astype(np.float32) - y.astype(np.float32)).T
)
right(A1, "gradient", "sum of single-sample gradients")(
    lambda W, X, y: sum(2 * X[:, [n]] * (W.T @ X[:, [n]] - y[:, [n]]) for n in range(X.shape[1]))
)
right(A1, "gradient", "entry by entry, nested list")(
    lambda W, X, y: [[float(np.sum(2 * (W.T @ X - y) * X[j]))] for j in range(X.shape[0])]
)
right(A1, "gradient_descent", "while loop, halves inside: W + eta*2*X*(y-out)")(
    lambda W, X, y, eta, steps: _gd_while(W, X, y, eta, steps)
)


def _gd_while(W, X, y, eta, steps):
    W = np.array(W, dtype=float)
    while steps > 0:
        W += 2 * eta * X @ (y - W.T @ X).T
        steps -= 1
    return W


@right(A1, "gradient_descent", "affine map W <- (I - 2 eta XX^T) W + 2 eta X y^T, recursion")
def gd_affine(W, X, y, eta, steps):
    if steps == 0:
        return W * 1.0
    M, c = np.eye(X.shape[0]) - 2 * eta * X @ X.T, 2 * eta * X @ y.T
    return M @ gd_affine(W, X, y, eta, steps - 1) + c


# ============================================================ 01, wrong
wrong(A1, "predict", "forgets the bias (skips feature 0)")(lambda W, X: W[1:].T @ X[1:])
wrong(A1, "predict", "shape: returns (N,) instead of (1, N)")(lambda W, X: (W.T @ X)[0])
wrong(A1, "predict", "shape: returns the column (N, 1)")(lambda W, X: X.T @ W)
wrong(A1, "predict", "adds the bias twice")(lambda W, X: W.T @ X + W[0])
wrong(A1, "total_cost", "mean over the samples instead of the sum")(lambda W, X, y: float(np.mean((W.T @ X - y) ** 2)))
wrong(A1, "total_cost", "a half in front")(lambda W, X, y: float(0.5 * np.sum((W.T @ X - y) ** 2)))
wrong(A1, "total_cost", "square of the sum, not sum of the squares")(lambda W, X, y: float(np.sum(W.T @ X - y) ** 2))
wrong(A1, "total_cost", "absolute values instead of squares")(lambda W, X, y: float(np.abs(W.T @ X - y).sum()))
wrong(A1, "total_cost", "norm without the square (root taken)")(lambda W, X, y: float(np.linalg.norm(W.T @ X - y)))
wrong(A1, "total_cost", "y as a column: broadcast to an N x N table")(
    lambda W, X, y: float(np.sum((W.T @ X - y.T) ** 2))
)
wrong(A1, "gradient_entry", "factor 2 missing")(lambda W, X, y, j: float(np.sum((W.T @ X - y) * X[j])))
wrong(A1, "gradient_entry", "x_j forgotten (chain rule stops at out)")(
    lambda W, X, y, j: float(2 * np.sum(W.T @ X - y))
)
wrong(A1, "gradient_entry", "multiplies by W_j instead of x_j")(
    lambda W, X, y, j: float(2 * np.sum(W.T @ X - y) * W[j, 0])
)
wrong(A1, "gradient_entry", "index shifted: takes feature j-1")(
    lambda W, X, y, j: float(2 * np.sum((W.T @ X - y) * X[j - 1]))
)
wrong(A1, "gradient_entry", "sums residuals and features separately, then multiplies")(
    lambda W, X, y, j: float(2 * np.sum(W.T @ X - y) * np.sum(X[j]))
)
wrong(A1, "gradient_entry", "only the first sample")(lambda W, X, y, j: float(2 * (W.T @ X - y)[0, 0] * X[j, 0]))


@wrong(A1, "gradient_entry", "g overwritten in the loop: only the last sample")
def _(W, X, y, j):
    for n in range(X.shape[1]):
        g = 2 * (W[:, 0] @ X[:, n] - y[0, n]) * X[j, n]
    return float(g)


wrong(A1, "gradient_entry", "predicts with w_j x_j only")(
    lambda W, X, y, j: float(2 * np.sum((W[j, 0] * X[j] - y) * X[j]))
)
wrong(A1, "gradient", "sign: y - out")(lambda W, X, y: 2 * X @ (y - W.T @ X).T)
wrong(A1, "gradient", "divided by N (mean)")(lambda W, X, y: 2 * X @ (W.T @ X - y).T / X.shape[1])
wrong(A1, "gradient", "divided by the number of features instead of nothing")(
    lambda W, X, y: 2 * X @ (W.T @ X - y).T / X.shape[0]
)
wrong(A1, "gradient", "shape: row (1, d+1)")(lambda W, X, y: 2 * (W.T @ X - y) @ X.T)
wrong(A1, "gradient", "forgets - y")(lambda W, X, y: 2 * X @ (W.T @ X).T)
wrong(A1, "gradient", "residual squared (power rule not applied)")(lambda W, X, y: 2 * X @ ((W.T @ X - y) ** 2).T)
wrong(A1, "gradient", "two at once: factor 2 missing and mean over N")(lambda W, X, y: X @ (W.T @ X - y).T / X.shape[1])
wrong(A1, "gradient", "two at once: wrong sign and factor 2 missing")(lambda W, X, y: X @ (y - W.T @ X).T)


@wrong(A1, "gradient", "bias entry left zero")
def _(W, X, y):
    g = 2.0 * X @ (W.T @ X - y).T
    g[0] = 0
    return g


wrong(A1, "gradient", "subtracts the mean of y instead of each y")(lambda W, X, y: 2 * X @ (W.T @ X - y.mean()).T)


def _descend(step, extra=0, grad=lambda W, X, y: 2 * X @ (W.T @ X - y).T):
    def gd(W, X, y, eta, steps):
        for _ in range(steps + extra):
            W = step(W, eta, grad(W, X, y))
        return W

    return gd


wrong(A1, "gradient_descent", "climbs: plus instead of minus")(_descend(lambda W, e, g: W + e * g))
wrong(A1, "gradient_descent", "one step too few")(_descend(lambda W, e, g: W - e * g, -1))
wrong(A1, "gradient_descent", "one step too many")(_descend(lambda W, e, g: W - e * g, 1))
wrong(A1, "gradient_descent", "learning rate forgotten")(_descend(lambda W, e, g: W - g))
wrong(A1, "gradient_descent", "factor 2 missing in the step")(_descend(lambda W, e, g: W - e * g / 2))
wrong(A1, "gradient_descent", "starts at zero instead of the given W")(
    lambda W, X, y, eta, steps: _descend(lambda W, e, g: W - e * g)(np.zeros(W.shape), X, y, eta, steps)
)


@wrong(A1, "gradient_descent", "gradient computed once, before the loop")
def _(W, X, y, eta, steps):
    g = 2 * X @ (W.T @ X - y).T
    for _ in range(steps):
        W = W - eta * g
    return W


@wrong(A1, "gradient_descent", "updates entries one after the other with the already changed W")
def _(W, X, y, eta, steps):
    W = W.astype(float)
    for _ in range(steps):
        for j in range(len(W)):
            W[j, 0] -= eta * 2 * np.sum((W.T @ X - y) * X[j])
    return W


# ============================================================ 02, helpers of the students
def fwd(p, X, act=lambda z: np.maximum(z, 0), last=lambda z: z):
    c = {"v0": X}
    for l in (1, 2, 3):
        c["z%d" % l] = p["W%d" % l] @ c["v%d" % (l - 1)] + p["b%d" % l]
        c["v%d" % l] = (act if l < 3 else last)(c["z%d" % l])
    return c


def pack(c, **ch):
    d = {"z1": c["z1"], "v1": c["v1"], "z2": c["z2"], "v2": c["v2"], "z3": c["z3"], "y_hat": c["v3"]}
    d.update(ch)
    return d


# ============================================================ 02, right
right(A2, "forward", "np.where relu")(lambda p, X: pack(fwd(p, X, lambda z: np.where(z > 0, z, 0.0))))
right(A2, "forward", "(z + |z|)/2 as relu")(lambda p, X: pack(fwd(p, X, lambda z: (z + abs(z)) / 2)))
right(A2, "forward", "nested lists as values")(lambda p, X: {k: v.tolist() for k, v in pack(fwd(p, X)).items()})


@right(A2, "forward", "rows inside, transposed views out")
def _(p, X):
    z1 = X.T.dot(p["W1"].T) + p["b1"].T
    v1 = z1.clip(min=0)
    z2 = v1.dot(p["W2"].T) + p["b2"].T
    v2 = z2.clip(min=0)
    z3 = v2.dot(p["W3"].T) + p["b3"].T
    return dict(z1=z1.T, v1=v1.T, z2=z2.T, v2=v2.T, z3=z3.T, y_hat=z3.T)


@right(A2, "forward", "bias absorbed: ones row appended to the input, extra key v0")
def _(p, X):
    aug = lambda l, v: np.hstack([p["W%d" % l], p["b%d" % l]]) @ np.vstack([v, np.ones((1, v.shape[1]))])
    z1 = aug(1, X)
    v1 = z1 * (z1 > 0)
    z2 = aug(2, v1)
    v2 = z2 * (z2 > 0)
    z3 = aug(3, v2)
    return {"v0": X, "z1": z1, "v1": v1, "z2": z2, "v2": v2, "z3": z3, "y_hat": z3}


right(A2, "output_delta", "minus two times (Y - y_hat)")(lambda y_hat, Y: -2 * (Y - y_hat))
right(A2, "output_delta", "difference added to itself, list of rows")(lambda y_hat, Y: [list(r + r) for r in y_hat - Y])
right(A2, "hidden_delta", "np.heaviside(z, 0)")(
    lambda W_next, delta_next, z: np.heaviside(z, 0) * (W_next.T @ delta_next)
)
right(A2, "hidden_delta", "product, then entries with z <= 0 set to zero")(
    lambda W_next, delta_next, z: np.where(z <= 0, 0, np.dot(delta_next.T, W_next).T)
)
right(A2, "hidden_delta", "einsum and a mask from relu's output")(
    lambda W_next, delta_next, z: np.einsum("ki,kn->in", W_next, delta_next) * (np.maximum(z, 0) != 0).astype(float)
)


@right(A2, "hidden_delta", "triple loop with an if")
def _(W_next, delta_next, z):
    d = np.zeros(z.shape)
    for i in range(z.shape[0]):
        for n in range(z.shape[1]):
            if z[i, n] > 0:
                for k in range(W_next.shape[0]):
                    d[i, n] += W_next[k, i] * delta_next[k, n]
    return d


right(A2, "hidden_delta", "diagonal Jacobian per sample, stacked")(
    lambda W_next, delta_next, z: np.column_stack(
        [np.diag((z[:, n] > 0) * 1.0) @ W_next.T @ delta_next[:, n] for n in range(z.shape[1])]
    )
)


def net_grads(p, X, Y, out=lambda e: 2 * e, mask=lambda z: z > 0, m1=None, m2=None, W3=None, W2=None, c=None, sb=None):
    c = c or fwd(p, X)
    sb = sb or (lambda d: d.sum(axis=1, keepdims=True))
    d3 = out(c["v3"] - Y)
    d2 = (m2(c) if m2 else mask(c["z2"])) * ((p["W3"].T if W3 is None else W3) @ d3)
    d1 = (m1(c) if m1 else mask(c["z1"])) * ((p["W2"].T if W2 is None else W2) @ d2)
    return {"W1": d1 @ c["v0"].T, "b1": sb(d1), "W2": d2 @ c["v1"].T, "b2": sb(d2), "W3": d3 @ c["v2"].T, "b3": sb(d3)}


@right(A2, "gradients", "sum of single-sample gradients, np.outer")
def _(p, X, Y):
    g = {k: np.zeros(p[k].shape) for k in p}
    for x, y in zip(X.T, Y.T):
        z1 = p["W1"] @ x + p["b1"][:, 0]
        v1 = np.maximum(0, z1)
        z2 = p["W2"] @ v1 + p["b2"][:, 0]
        v2 = np.maximum(0, z2)
        d3 = 2 * (p["W3"] @ v2 + p["b3"][:, 0] - y)
        d2 = (d3 @ p["W3"]) * np.sign(v2)
        d1 = (d2 @ p["W2"]) * np.sign(v1)
        for l, d, v in ((1, d1, x), (2, d2, v1), (3, d3, v2)):
            g["W%d" % l] += np.outer(d, v)
            g["b%d" % l] += d[:, None]
    return g


right(A2, "gradients", "factor 2 applied at the very end, other key order")(
    lambda p, X, Y: {k: 2 * v for k, v in reversed(list(net_grads(p, X, Y, out=lambda e: e).items()))}
)
right(A2, "gradients", "mask from v instead of z, bias by a product with ones")(
    lambda p, X, Y: net_grads(
        p, X, Y, m1=lambda c: c["v1"] > 0, m2=lambda c: c["v2"] > 0, sb=lambda d: d @ np.ones((X.shape[1], 1))
    )
)
right(A2, "gradients", "nested lists as result")(lambda p, X, Y: {k: v.tolist() for k, v in net_grads(p, X, Y).items()})


@right(A2, "gradients", "rows inside, results are views")
def _(p, X, Y):
    c = {k: v.T for k, v in fwd(p, X).items()}
    D3 = 2 * c["v3"] - 2 * Y.T
    D2 = D3 @ p["W3"]
    D2[c["z2"] <= 0] = 0
    D1 = D2 @ p["W2"]
    D1[c["z1"] <= 0] = 0
    return dict(
        W1=(c["v0"].T @ D1).T,
        b1=D1.sum(0)[:, None],
        W2=(c["v1"].T @ D2).T,
        b2=D2.sum(0)[:, None],
        W3=(c["v2"].T @ D3).T,
        b3=D3.sum(0).reshape(-1, 1),
    )


# ============================================================ 02, wrong
wrong(A2, "forward", "relu on the output too")(lambda p, X: pack(fwd(p, X, last=lambda z: np.maximum(z, 0))))
wrong(A2, "forward", "no activation at all in the hidden layers")(lambda p, X: pack(fwd(p, X, act=lambda z: z)))
wrong(A2, "forward", "sigmoid instead of relu")(lambda p, X: pack(fwd(p, X, act=lambda z: 1 / (1 + np.exp(-z)))))
wrong(A2, "forward", "biases forgotten")(lambda p, X: pack(fwd({k: v * (k[0] == "W") for k, v in p.items()}, X)))
wrong(A2, "forward", "leaky relu")(lambda p, X: pack(fwd(p, X, act=lambda z: np.where(z > 0, z, 0.01 * z))))
wrong(A2, "forward", "absolute value instead of relu")(lambda p, X: pack(fwd(p, X, act=np.abs)))
wrong(A2, "forward", "relu keeps the negative part (minimum)")(
    lambda p, X: pack(fwd(p, X, act=lambda z: np.minimum(z, 0)))
)
wrong(A2, "forward", "z and v swapped in the dict")(
    lambda p, X: pack(fwd(p, X), z1=fwd(p, X)["v1"], v1=fwd(p, X)["z1"], z2=fwd(p, X)["v2"], v2=fwd(p, X)["z2"])
)


@wrong(A2, "forward", "relu in place, so the stored z1, z2 lose their negative entries")
def _(p, X):
    c = fwd(p, X)
    return pack(c, z1=c["v1"], z2=c["v2"])


wrong(A2, "forward", "second layer fed with z1 instead of v1")(
    lambda p, X: (
        lambda c, z2: pack(
            c,
            z2=z2,
            v2=np.maximum(z2, 0),
            z3=p["W3"] @ np.maximum(z2, 0) + p["b3"],
            y_hat=p["W3"] @ np.maximum(z2, 0) + p["b3"],
        )
    )(fwd(p, X), p["W2"] @ fwd(p, X)["z1"] + p["b2"])
)
wrong(A2, "forward", "biases subtracted")(
    lambda p, X: pack(fwd({k: v if k[0] == "W" else -v for k, v in p.items()}, X))
)
wrong(A2, "output_delta", "factor 2 missing")(lambda y_hat, Y: y_hat - Y)
wrong(A2, "output_delta", "sign turned round: target minus output")(lambda y_hat, Y: 2 * (Y - y_hat))
wrong(A2, "output_delta", "divided by N")(lambda y_hat, Y: 2 * (y_hat - Y) / Y.shape[1])
wrong(A2, "output_delta", "relu' applied at the linear output")(lambda y_hat, Y: 2 * (y_hat - Y) * (y_hat > 0))
wrong(A2, "output_delta", "gives the squared error, not its derivative")(lambda y_hat, Y: (y_hat - Y) ** 2)
wrong(A2, "output_delta", "sums over the samples already (n_3, 1)")(
    lambda y_hat, Y: 2 * (y_hat - Y).sum(axis=1, keepdims=True)
)
wrong(A2, "output_delta", "two at once: sign and missing 2")(lambda y_hat, Y: Y - y_hat)
wrong(A2, "output_delta", "transposed: samples as rows")(lambda y_hat, Y: 2 * (y_hat - Y).T)
wrong(A2, "output_delta", "divided by the number of outputs and samples (np.mean habit)")(
    lambda y_hat, Y: 2 * (y_hat - Y) / Y.size
)
wrong(A2, "hidden_delta", "relu' forgotten")(lambda W_next, delta_next, z: W_next.T @ delta_next)
wrong(A2, "hidden_delta", "relu'(0) taken as 1 (z >= 0)")(
    lambda W_next, delta_next, z: (z >= 0) * (W_next.T @ delta_next)
)
wrong(A2, "hidden_delta", "relu'(0) taken as one half")(
    lambda W_next, delta_next, z: np.heaviside(z, 0.5) * (W_next.T @ delta_next)
)
wrong(A2, "hidden_delta", "relu(z) instead of relu'(z)")(
    lambda W_next, delta_next, z: np.maximum(z, 0) * (W_next.T @ delta_next)
)
wrong(A2, "hidden_delta", "mask inverted: passes where z < 0")(
    lambda W_next, delta_next, z: (z < 0) * (W_next.T @ delta_next)
)
wrong(A2, "hidden_delta", "multiplies by z itself")(lambda W_next, delta_next, z: z * (W_next.T @ delta_next))
wrong(A2, "hidden_delta", "relu applied to the delta instead of masking by z")(
    lambda W_next, delta_next, z: np.maximum(W_next.T @ delta_next, 0)
)
wrong(A2, "hidden_delta", "mask by the sign of the back-propagated value and z both")(
    lambda W_next, delta_next, z: np.where((z > 0) & (W_next.T @ delta_next > 0), W_next.T @ delta_next, 0)
)
wrong(A2, "hidden_delta", "sign function: -1 where z is negative")(
    lambda W_next, delta_next, z: np.sign(z) * (W_next.T @ delta_next)
)
wrong(A2, "hidden_delta", "W not transposed (crashes unless square)")(
    lambda W_next, delta_next, z: (z > 0) * (W_next @ delta_next)
)
wrong(A2, "hidden_delta", "mask of the first sample used for all")(
    lambda W_next, delta_next, z: (z[:, :1] > 0) * (W_next.T @ delta_next)
)
wrong(A2, "hidden_delta", "two at once: relu' forgotten and sign flipped")(
    lambda W_next, delta_next, z: -(W_next.T @ delta_next)
)
WG = lambda what, **kw: wrong(A2, "gradients", what)(lambda p, X, Y: net_grads(p, X, Y, **kw))
WG("factor 2 missing", out=lambda e: e)
WG("mean over the samples", out=lambda e: 2 * e / e.shape[1])
WG("relu' forgotten in both hidden layers", mask=lambda z: 1.0)
WG("relu' forgotten in layer 1 only", m1=lambda c: 1.0)
WG("relu' forgotten in layer 2 only", m2=lambda c: 1.0)
WG("bias gradient averaged over the samples, weights summed", sb=lambda d: d.mean(axis=1, keepdims=True))
WG("bias gradient not summed over samples: (n, N)", sb=lambda d: d)
WG("bias gradient of shape (n,)", sb=lambda d: d.sum(axis=1))
WG("sign: descent direction returned", out=lambda e: -2 * e)
WG("two at once: mean over N and no 2", out=lambda e: e / e.shape[1])
WG("relu instead of relu' as the mask", mask=lambda z: np.maximum(z, 0))
WG("relu'(0) = 1 (shows only where z is exactly 0)", mask=lambda z: z >= 0)
wrong(A2, "gradients", "weight gradients with z of the layer before instead of v")(
    lambda p, X, Y: (lambda c: net_grads(p, X, Y, c=dict(c, v1=c["z1"], v2=c["z2"])))(fwd(p, X))
)
wrong(A2, "gradients", "dW transposed (n_in, n_out)")(
    lambda p, X, Y: {k: v.T if k[0] == "W" else v for k, v in net_grads(p, X, Y).items()}
)
wrong(A2, "gradients", "bias gradients all ones (dz/db = 1, delta forgotten)")(
    lambda p, X, Y: {k: v if k[0] == "W" else np.ones(v.shape) for k, v in net_grads(p, X, Y).items()}
)
wrong(A2, "gradients", "relu' also at the output")(
    lambda p, X, Y: net_grads(p, X, Y, out=lambda e: 2 * e * (fwd(p, X)["z3"] > 0))
)
wrong(A2, "gradients", "b2 gradient taken before the mask")(
    lambda p, X, Y: (lambda g, c: dict(g, b2=(p["W3"].T @ (2 * (c["v3"] - Y))).sum(1, keepdims=True)))(
        net_grads(p, X, Y), fwd(p, X)
    )
)


# ============================================================ 03, right
right(A3, "rmse", "Frobenius norm over sqrt(N)")(lambda O, Y: np.linalg.norm(O - Y) / np.sqrt(O.shape[1]))
right(A3, "rmse", "loop over samples, ** 0.5")(
    lambda O, Y: (sum(float((O[:, n] - Y[:, n]) @ (O[:, n] - Y[:, n])) for n in range(Y.shape[1])) / Y.shape[1]) ** 0.5
)
right(A3, "rmse", "mean of column sums")(lambda O, Y: float(np.sqrt(np.mean(np.sum(np.square(Y - O), axis=0)))))
right(A3, "rmse", "trace of E E^T")(lambda O, Y: np.sqrt(np.trace((O - Y) @ (O - Y).T) / len(O[0])))
right(A3, "penalty", "all parameters in one long vector")(
    lambda params: (lambda t: 0.5 * float(t @ t))(np.concatenate([v.ravel() for v in params.values()]))
)
right(A3, "penalty", "written out, half in every term")(
    lambda params: sum((np.sum(params[k] * params[k] / 2) for k in sorted(params)), 0.0)
)


def net_out(p, X):
    H1 = np.tanh(p["W1"] @ X + p["b1"])
    H2 = np.tanh(p["W2"] @ H1 + p["b2"])
    return H1, H2, p["W3"] @ H2 + p["b3"]


right(A3, "loss", "tanh by 1 - 2/(e^2z + 1), one line per layer")(lambda p, X, Y, alpha: _loss_exp(p, X, Y, alpha))


def _loss_exp(p, X, Y, alpha):
    t = lambda z: 1 - 2 / (np.exp(2 * z) + 1)
    O = p["W3"] @ t(p["W2"] @ t(p["W1"] @ X + p["b1"]) + p["b2"]) + p["b3"]
    return np.sqrt(((O - Y) ** 2).sum() / X.shape[1]) + alpha / 2 * sum(np.linalg.norm(v) ** 2 for v in p.values())


right(A3, "loss", "rows inside, penalty via vdot")(
    lambda p, X, Y, alpha: (
        float(
            np.linalg.norm(
                (np.tanh(np.tanh(X.T @ p["W1"].T + p["b1"].T) @ p["W2"].T + p["b2"].T) @ p["W3"].T + p["b3"].T) - Y.T
            )
            / len(X.T) ** 0.5
        )
        + 0.5 * alpha * float(sum(np.vdot(v, v) for v in p.values()))
    )
)


@right(A3, "d_rmse", "direction over sqrt(N), early return of zeros")
def d_early(O, Y):
    E = O - Y
    if not E.any():
        return np.zeros(E.shape)
    return E / np.linalg.norm(E) / np.sqrt(E.shape[1])


@right(A3, "d_rmse", "entry by entry, nested list, minus sign outside")
def _(O, Y):
    n, N = O.shape
    L = float(np.sqrt(sum((O[i, k] - Y[i, k]) ** 2 for i in range(n) for k in range(N)) / N))
    return [[0.0 if L == 0 else -float(Y[i, k] - O[i, k]) / (N * L) for k in range(N)] for i in range(n)]


@right(A3, "d_rmse", "chain rule kept apart: 1/(2 sqrt(m)) * 2E/N, np.divide with where")
def _(O, Y):
    E = (O - Y) * 1.0
    r = np.full(E.shape, 2 * np.sqrt((E**2).sum() / E.shape[1]))
    return np.divide(2 * E / E.shape[1], r, out=np.zeros(E.shape), where=r > 0)


@right(A3, "d_rmse", "float32 inside, transposed view of a row-wise result")
def _(O, Y):
    e = (O.T - Y.T).astype(np.float32)
    s = np.sqrt(np.float32(len(e)) * (e * e).sum())
    return (e / s if s > 0 else 0 * e).T


def reg_grads(
    p,
    X,
    Y,
    alpha,
    dO=d_early,
    t1=lambda H: 1 - H**2,
    t2=None,
    reg=lambda k, v, a: a * v,
    sb=lambda d: d.sum(axis=1, keepdims=True),
):
    H1, H2, O = net_out(p, X)
    D3 = dO(O, Y)
    D2 = (p["W3"].T @ D3) * (t2 or t1)(H2)
    D1 = (p["W2"].T @ D2) * t1(H1)
    g = {"W1": D1 @ X.T, "b1": sb(D1), "W2": D2 @ H1.T, "b2": sb(D2), "W3": D3 @ H2.T, "b3": sb(D3)}
    return {k: g[k] + reg(k, p[k], alpha) for k in g}


right(A3, "gradients", "tanh' as (1-h)(1+h), nested lists")(
    lambda p, X, Y, alpha: {k: v.tolist() for k, v in reg_grads(p, X, Y, alpha, t1=lambda H: (1 - H) * (1 + H)).items()}
)


@right(A3, "gradients", "1/cosh^2, penalty first, data part added on top")
def _(p, X, Y, alpha):
    g = {k: alpha * v for k, v in p.items()}
    I1 = p["W1"] @ X + p["b1"]
    H1 = np.tanh(I1)
    I2 = p["W2"] @ H1 + p["b2"]
    H2 = np.tanh(I2)
    D = d_early(p["W3"] @ H2 + p["b3"], Y)
    for l, prev, I in ((3, H2, I2), (2, H1, I1), (1, X, None)):
        g["W%d" % l] = g["W%d" % l] + D @ prev.T
        g["b%d" % l] = g["b%d" % l] + D @ np.ones((D.shape[1], 1))
        if l > 1:
            D = p["W%d" % l].T @ D / np.cosh(I) ** 2
    return g


@right(A3, "gradients", "sum of single-sample outer products, common factor 1/(N L) last")
def _(p, X, Y, alpha):
    H1, H2, O = net_out(p, X)
    E = O - Y
    L = np.sqrt((E**2).sum() / X.shape[1])
    s = 1 / (X.shape[1] * L) if L else 0.0
    g = {k: np.zeros(v.shape) for k, v in p.items()}
    for n in range(X.shape[1]):
        d = E[:, n]
        for l, h, low in ((3, H2[:, n], 0), (2, H1[:, n], 0), (1, X[:, n], 1)):
            g["W%d" % l] += np.multiply.outer(d, h)
            g["b%d" % l][:, 0] += d
            d = d if low else (1 - h * h) * (d @ p["W%d" % l])
    return {k: s * g[k] + alpha * p[k] for k in p}


right(A3, "gradients", "einsum row-wise over samples")(lambda p, X, Y, alpha: _ein(p, X, Y, alpha))


def _ein(p, X, Y, a):
    H1, H2, O = net_out(p, X)
    D3 = d_early(O, Y)
    D2 = np.einsum("ki,kn,in->in", p["W3"], D3, 1 - H2 * H2)
    D1 = np.einsum("ki,kn,in->in", p["W2"], D2, 1 - H1 * H1)
    g = {}
    for l, D, h in ((1, D1, X), (2, D2, H1), (3, D3, H2)):
        g["W%d" % l] = np.einsum("in,jn->ij", D, h) + a * p["W%d" % l]
        g["b%d" % l] = np.einsum("in->i", D)[:, np.newaxis] + a * p["b%d" % l]
    return g


# ============================================================ 03, wrong
wrong(A3, "rmse", "root forgotten (MSE)")(lambda O, Y: float(((O - Y) ** 2).sum() / O.shape[1]))
wrong(A3, "rmse", "np.mean over all entries: divides by n_o N")(lambda O, Y: float(np.sqrt(np.mean((O - Y) ** 2))))
wrong(A3, "rmse", "1/N forgotten")(lambda O, Y: float(np.sqrt(((O - Y) ** 2).sum())))
wrong(A3, "rmse", "1/N outside the root")(lambda O, Y: float(np.sqrt(((O - Y) ** 2).sum()) / O.shape[1]))
wrong(A3, "rmse", "mean of the norms instead of root of the mean square")(
    lambda O, Y: float(np.mean(np.linalg.norm(O - Y, axis=0)))
)
wrong(A3, "rmse", "divides by n_o (rows taken for samples)")(lambda O, Y: float(np.sqrt(((O - Y) ** 2).sum() / len(O))))
wrong(A3, "rmse", "a half inside the root")(lambda O, Y: float(np.sqrt(0.5 * ((O - Y) ** 2).sum() / O.shape[1])))
wrong(A3, "penalty", "half forgotten")(lambda params: float(sum((v**2).sum() for v in params.values())))
wrong(A3, "penalty", "biases left out")(
    lambda params: 0.5 * float(sum((v**2).sum() for k, v in params.items() if k[0] == "W"))
)
wrong(A3, "penalty", "norms not squared")(lambda params: 0.5 * float(sum(np.linalg.norm(v) for v in params.values())))
wrong(A3, "penalty", "L1: absolute values")(lambda params: float(sum(np.abs(v).sum() for v in params.values())))
wrong(A3, "penalty", "mean of squares per matrix")(
    lambda params: 0.5 * float(sum((v**2).mean() for v in params.values()))
)
wrong(A3, "penalty", "spectral norm (np.linalg.norm(.,2)) instead of Frobenius")(
    lambda params: 0.5 * float(sum(np.linalg.norm(v, 2) ** 2 for v in params.values()))
)
wrong(A3, "penalty", "two at once: half forgotten and biases left out")(
    lambda params: float(sum((v**2).sum() for k, v in params.items() if k[0] == "W"))
)
_rm = lambda O, Y: float(np.sqrt(((O - Y) ** 2).sum() / O.shape[1]))
_pen = lambda p: 0.5 * float(sum((v**2).sum() for v in p.values()))
wrong(A3, "loss", "penalty forgotten")(lambda p, X, Y, alpha: _rm(net_out(p, X)[2], Y))
wrong(A3, "loss", "alpha forgotten")(lambda p, X, Y, alpha: _rm(net_out(p, X)[2], Y) + _pen(p))
wrong(A3, "loss", "tanh on the output too")(lambda p, X, Y, alpha: _rm(np.tanh(net_out(p, X)[2]), Y) + alpha * _pen(p))
wrong(A3, "loss", "penalty divided by N")(
    lambda p, X, Y, alpha: _rm(net_out(p, X)[2], Y) + alpha * _pen(p) / X.shape[1]
)
wrong(A3, "loss", "penalty counted once for every sample")(
    lambda p, X, Y, alpha: _rm(net_out(p, X)[2], Y) + X.shape[1] * alpha * _pen(p)
)
wrong(A3, "loss", "penalty subtracted")(lambda p, X, Y, alpha: _rm(net_out(p, X)[2], Y) - alpha * _pen(p))
wrong(A3, "loss", "penalty put under the root")(
    lambda p, X, Y, alpha: float(np.sqrt(_rm(net_out(p, X)[2], Y) ** 2 + alpha * _pen(p)))
)
wrong(A3, "loss", "no activation in the hidden layers")(
    lambda p, X, Y, alpha: alpha * _pen(p) + _rm(p["W3"] @ (p["W2"] @ (p["W1"] @ X + p["b1"]) + p["b2"]) + p["b3"], Y)
)
WD = lambda what, f: wrong(A3, "d_rmse", what)(lambda O, Y: f((O - Y) * 1.0, O.shape[1], _rm(O, Y) or 1.0))
WD("1/N forgotten: (O - Y)/L", lambda E, N, L: E / L)
WD("derivative of the root forgotten: (O - Y)/N", lambda E, N, L: E / N)
WD("2(O - Y)/N, that is MSE", lambda E, N, L: 2 * E / N)
WD("inner factor 2 forgotten: half of the right value", lambda E, N, L: E / (2 * N * L))
WD("half of the root forgotten: twice the right value", lambda E, N, L: 2 * E / (N * L))
WD("sign: Y - O", lambda E, N, L: -E / (N * L))
WD("divided by L squared", lambda E, N, L: E / (N * L**2))
WD("multiplied by L instead of divided", lambda E, N, L: E * L / N)
WD("sqrt(N) for N: (O - Y)/(sqrt(N) L)", lambda E, N, L: E / (np.sqrt(N) * L))
WD("every sample normalised by its own length", lambda E, N, L: E / (N * np.linalg.norm(E, axis=0)))
WD("divides by n_o N L", lambda E, N, L: E / (E.size * L))
WD("two at once: sign and 1/N forgotten", lambda E, N, L: -E / L)
WD("transposed", lambda E, N, L: (E / (N * L)).T)
wrong(A3, "d_rmse", "no care for the perfect fit: 0/0 gives nan there")(
    lambda O, Y: (O - Y) / (O.shape[1] * np.sqrt(((O - Y) ** 2).sum() / O.shape[1]))
)
WR = lambda what, **kw: wrong(A3, "gradients", what)(lambda p, X, Y, alpha: reg_grads(p, X, Y, alpha, **kw))
WR("penalty's gradient forgotten", reg=lambda k, v, a: 0)
WR("biases not penalised", reg=lambda k, v, a: a * v * (k[0] == "W"))
WR("penalty's gradient with 2 alpha", reg=lambda k, v, a: 2 * a * v)
WR("penalty's gradient with alpha/2", reg=lambda k, v, a: a / 2 * v)
WR("penalty's gradient alpha v^2 / 2 (not differentiated)", reg=lambda k, v, a: a / 2 * v**2)
WR("penalty subtracted", reg=lambda k, v, a: -a * v)
WR("alpha forgotten", reg=lambda k, v, a: v)
WR("alpha added without the weight", reg=lambda k, v, a: a)
WR("tanh' = 1 - h", t1=lambda H: 1 - H)
WR("tanh' = h(1 - h), the sigmoid's", t1=lambda H: H * (1 - H))
WR("tanh' taken at h: 1 - tanh(h)^2", t1=lambda H: 1 - np.tanh(H) ** 2)
WR("tanh' forgotten", t1=lambda H: 1.0)
WR("tanh' forgotten in the first hidden layer only", t1=lambda H: 1.0, t2=lambda H: 1 - H**2)
WR("tanh itself instead of tanh'", t1=lambda H: H)
WR("tanh' with plus: 1 + h^2", t1=lambda H: 1 + H**2)
WR("sign of the data part", dO=lambda O, Y: -d_early(O, Y))
WR("1/N forgotten in the output delta", dO=lambda O, Y: d_early(O, Y) * O.shape[1])
WR("MSE delta 2(O-Y)/N", dO=lambda O, Y: 2 * (O - Y) / O.shape[1])
WR("plain delta O - Y", dO=lambda O, Y: O - Y)
WR("tanh' at the linear output", dO=lambda O, Y: d_early(O, Y) * (1 - O**2))
WR("bias gradient averaged over samples", sb=lambda d: d.mean(axis=1, keepdims=True))
WR("two at once: biases not penalised and 2 alpha", reg=lambda k, v, a: 2 * a * v * (k[0] == "W"))
WR("penalty divided by N", dO=d_early, reg=None)
WRONG[-1] = (
    A3,
    "gradients",
    "penalty divided by N",
    lambda p, X, Y, alpha: reg_grads(p, X, Y, alpha, reg=lambda k, v, a: a * v / X.shape[1]),
)
wrong(A3, "gradients", "divided by N once more at the end")(
    lambda p, X, Y, alpha: {
        k: v + alpha * p[k] for k, v in ((k, g / X.shape[1]) for k, g in reg_grads(p, X, Y, 0).items())
    }
)
