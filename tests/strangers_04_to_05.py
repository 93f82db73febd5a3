"""Answers by somebody who had not seen the library: notebooks 04 and 05. Lists of (assignment, function, words, answer)."""

import numpy as np

RIGHT, WRONG = [], []


def right(a, f, d):
    return lambda fn: RIGHT.append((a, f, d, fn)) or fn


def wrong(a, f, d):
    return lambda fn: WRONG.append((a, f, d, fn)) or fn


A, B = "04-delta-recursion", "05-tiny-rnn"


# ------------------------------------------------------------------ 04 right
def fwd(p, X, f):
    L = len(p) // 2
    z = {}
    a = {0: np.asarray(X)}
    for l in range(1, L + 1):
        z[l] = p[f"W{l}"] @ a[l - 1] + p[f"b{l}"]
        a[l] = f(z[l])
    return L, z, a


@right(A, "output_delta", "loop over samples and entries")
def _(a_L, Y, z_L, f_prime):
    D = np.zeros(np.shape(a_L))
    fp = f_prime(z_L)
    for i in range(D.shape[0]):
        for n in range(D.shape[1]):
            D[i, n] = (a_L[i][n] - Y[i][n]) * fp[i][n]
    return D


@right(A, "output_delta", "a diagonal Jacobian for every sample")
def _(a_L, Y, z_L, f_prime):
    cols = [np.diag(f_prime(z_L)[:, n]) @ (a_L[:, n] - Y[:, n]) for n in range(a_L.shape[1])]
    return np.stack(cols, axis=1)


@right(A, "output_delta", "minus (Y - a), result as a list of lists")
def _(a_L, Y, z_L, f_prime):
    return (-(Y - a_L) * f_prime(z_L)).tolist()


@right(A, "output_delta", "float32 inside, rows, a transposed view back")
def _(a_L, Y, z_L, f_prime):
    e = np.asarray(a_L, np.float32).T - np.asarray(Y, np.float32).T
    return (e * f_prime(np.asarray(z_L, np.float32)).T).T


@right(A, "hidden_delta", "einsum of all three factors")
def _(W_next, delta_next, z, f_prime):
    return np.einsum("ki,kn,in->in", W_next, delta_next, f_prime(z))


@right(A, "hidden_delta", "triple loop")
def _(W_next, delta_next, z, f_prime):
    out = []
    g = f_prime(z)
    for i in range(z.shape[0]):
        out.append([])
        for n in range(z.shape[1]):
            s = 0.0
            for k in range(len(W_next)):
                s += W_next[k, i] * delta_next[k, n]
            out[i].append(s * g[i, n])
    return np.array(out)


@right(A, "hidden_delta", "rows: (delta^T W) * f^T, transposed at the end")
def _(W_next, delta_next, z, f_prime):
    return (np.dot(delta_next.T, W_next) * f_prime(z.T)).T


@right(A, "hidden_delta", "Jacobian W diag(f) of each sample, transposed")
def _(W_next, delta_next, z, f_prime):
    out = np.empty(z.shape)
    g = f_prime(z)
    for n in range(z.shape[1]):
        out[:, n] = (W_next @ np.diag(g[:, n])).T @ delta_next[:, n]
    return out


@right(A, "backprop", "1/N inside the first delta")
def _(params, X, Y, f, f_prime):
    L, z, a = fwd(params, X, f)
    g = {}
    d = (a[L] - Y) / X.shape[1] * f_prime(z[L])
    for l in range(L, 0, -1):
        g[f"W{l}"] = d @ a[l - 1].T
        g[f"b{l}"] = d.sum(1)[:, None]
        if l > 1:
            d = params[f"W{l}"].T @ d * f_prime(z[l - 1])
    return g


@right(A, "backprop", "average of single-sample gradients, outer products")
def _(params, X, Y, f, f_prime):
    g = {k: np.zeros(np.shape(v)) for k, v in params.items()}
    N = X.shape[1]
    for n in range(N):
        L, z, a = fwd(params, X[:, n : n + 1], f)
        d = (a[L] - Y[:, [n]]) * f_prime(z[L])
        for l in reversed(range(1, L + 1)):
            g["W%d" % l] += np.outer(d, a[l - 1]) / N
            g["b%d" % l] += d / N
            if l != 1:
                d = (params["W%d" % l].T @ d) * f_prime(z[l - 1])
    return g


@right(A, "backprop", "recursive function walks in and comes back with the error")
def _(params, X, Y, f, f_prime):
    g = {}
    L = len(params) // 2
    N = np.shape(X)[1]

    def go(l, a):
        if l > L:
            return a - Y
        W = params[f"W{l}"]
        z = W @ a + params[f"b{l}"]
        d = go(l + 1, f(z)) * f_prime(z)
        g[f"b{l}"] = d.mean(axis=1, keepdims=True)
        g[f"W{l}"] = d.dot(a.T) / N
        return W.T @ d

    go(1, X)
    return g


@right(A, "backprop", "forward mode: one tangent sweep for each parameter entry")
def _(params, X, Y, f, f_prime):
    L, z, a = fwd(params, X, f)
    g = {}
    for k, P in params.items():
        g[k] = np.zeros(P.shape)
        for idx in np.ndindex(*P.shape):
            E = np.zeros(P.shape)
            E[idx] = 1
            l0 = int(k[1:])
            da = f_prime(z[l0]) * (E @ a[l0 - 1] if k[0] == "W" else E + 0 * z[l0])
            for l in range(l0 + 1, L + 1):
                da = f_prime(z[l]) * (params[f"W{l}"] @ da)
            g[k][idx] = np.mean(np.sum((a[L] - Y) * da, axis=0))
    return g


@right(A, "backprop", "augmented weights [W b] with a row of ones, rows inside")
def _(params, X, Y, f, f_prime):
    L = len(params) // 2
    N = X.shape[1]
    one = np.ones((N, 1))
    As = [np.hstack([X.T, one])]
    Z = []
    M = [np.hstack([params[f"W{l + 1}"], params[f"b{l + 1}"]]).T for l in range(L)]
    for l in range(L):
        Z.append(As[-1] @ M[l])
        As.append(np.hstack([f(Z[-1]), one]))
    D = (As[-1][:, :-1] - Y.T) * f_prime(Z[-1])
    g = {}
    for l in range(L - 1, -1, -1):
        G = D.T @ As[l] / N
        g[f"b{l + 1}"] = G[:, -1:]
        g[f"W{l + 1}"] = G[:, :-1]
        if l:
            D = (D @ M[l].T)[:, :-1] * f_prime(Z[l - 1])
    return g


@right(A, "backprop", "Jacobians da_L/dz_l of every sample with einsum")
def _(params, X, Y, f, f_prime):
    L, z, a = fwd(params, X, f)
    N = len(X[0])
    e = a[L] - Y
    g = {}
    J = np.einsum("in,ij->nij", f_prime(z[L]), np.eye(len(e)))
    for l in range(L, 0, -1):
        d = np.einsum("nki,kn->in", J, e)
        g[f"W{l}"] = np.einsum("in,jn->ij", d, a[l - 1]) / N
        g[f"b{l}"] = np.einsum("in->i", d).reshape(-1, 1) / N
        if l > 1:
            J = np.einsum("nki,ij,jn->nkj", J, params[f"W{l}"], f_prime(z[l - 1]))
    return g


@right(A, "gradient_descent_step", "copies, then -= on the copies, keys sorted")
def _(params, grads, eta):
    new = {}
    for k in sorted(params):
        new[k] = np.array(params[k], dtype=float)
        new[k] -= eta * grads[k]
    return new


@right(A, "gradient_descent_step", "plus (-eta) times, layer by layer, lists as result")
def _(params, grads, eta):
    out = {}
    for l in range(1, len(params) // 2 + 1):
        for s in "Wb":
            out[s + str(l)] = np.add(params[s + str(l)], np.multiply(-eta, grads[s + str(l)])).tolist()
    return out


# ------------------------------------------------------------------ 04 wrong
def w4(f, d, fn):
    WRONG.append((A, f, d, fn))


w4("output_delta", "sign turned round: Y - a", lambda a_L, Y, z_L, f_prime: (Y - a_L) * f_prime(z_L))
w4("output_delta", "no f' at the output layer", lambda a_L, Y, z_L, f_prime: a_L - Y)
w4("output_delta", "f' taken at the activation instead of z", lambda a_L, Y, z_L, f_prime: (a_L - Y) * f_prime(a_L))
w4(
    "output_delta",
    "the 2 of the square kept, the 1/2 forgotten",
    lambda a_L, Y, z_L, f_prime: 2 * (a_L - Y) * f_prime(z_L),
)
w4(
    "output_delta",
    "divided by N although delta is per sample",
    lambda a_L, Y, z_L, f_prime: (a_L - Y) * f_prime(z_L) / Y.shape[1],
)
w4(
    "output_delta",
    "the loss instead of its derivative: 1/2 error squared",
    lambda a_L, Y, z_L, f_prime: 0.5 * (a_L - Y) ** 2 * f_prime(z_L),
)
w4(
    "output_delta",
    "assumes sigmoid: a(1-a) instead of f_prime",
    lambda a_L, Y, z_L, f_prime: (a_L - Y) * a_L * (1 - a_L),
)
w4("hidden_delta", "W not transposed", lambda W_next, delta_next, z, f_prime: (W_next @ delta_next) * f_prime(z))
w4("hidden_delta", "f' forgotten", lambda W_next, delta_next, z, f_prime: W_next.T @ delta_next)
w4(
    "hidden_delta",
    "multiplied by z instead of f_prime(z)",
    lambda W_next, delta_next, z, f_prime: (W_next.T @ delta_next) * z,
)
w4(
    "hidden_delta",
    "f' applied to the error sent back, not to z",
    lambda W_next, delta_next, z, f_prime: f_prime(W_next.T @ delta_next),
)
w4(
    "hidden_delta",
    "added f' instead of multiplying",
    lambda W_next, delta_next, z, f_prime: W_next.T @ delta_next + f_prime(z),
)
w4(
    "hidden_delta",
    "f' averaged over the samples",
    lambda W_next, delta_next, z, f_prime: (W_next.T @ delta_next) * f_prime(z).mean(axis=1, keepdims=True),
)


def bp(step_last, step, W, b):  # a student's backprop in four lines, each of which may be wrong
    def backprop(params, X, Y, f, f_prime):
        L, z, a = fwd(params, X, f)
        N = X.shape[1]
        g = {}
        d = step_last(a[L], Y, z[L], f_prime, N)
        for l in range(L, 0, -1):
            g[f"W{l}"] = W(d, a, z, l, N)
            g[f"b{l}"] = b(d, N)
            if l > 1:
                d = step(params, l, d, z[l - 1], a[l - 1], f, f_prime, N)
        return g

    return backprop


sl = lambda aL, Y, zL, fp, N: (aL - Y) * fp(zL)
st = lambda p, l, d, z, a, f, fp, N: (p[f"W{l}"].T @ d) * fp(z)
gW = lambda d, a, z, l, N: d @ a[l - 1].T / N
gb = lambda d, N: d.sum(axis=1, keepdims=True) / N
w4(
    "backprop",
    "1/N forgotten",
    bp(sl, st, lambda d, a, z, l, N: d @ a[l - 1].T, lambda d, N: d.sum(axis=1, keepdims=True)),
)
w4("backprop", "1/N forgotten for the biases only", bp(sl, st, gW, lambda d, N: d.sum(axis=1, keepdims=True)))
w4("backprop", "biases: mean, and divided by N again", bp(sl, st, gW, lambda d, N: d.mean(axis=1, keepdims=True) / N))
w4(
    "backprop",
    "1/N twice: in the output delta and at the end",
    bp(lambda aL, Y, zL, fp, N: (aL - Y) * fp(zL) / N, st, gW, gb),
)
w4(
    "backprop",
    "1/N again at each layer on the way back",
    bp(sl, lambda p, l, d, z, a, f, fp, N: (p[f"W{l}"].T @ d) * fp(z) / N, gW, gb),
)
w4("backprop", "bias gradient flat, shape (n,)", bp(sl, st, gW, lambda d, N: d.sum(axis=1) / N))
w4("backprop", "bias gradient not summed over samples, shape (n, N)", bp(sl, st, gW, lambda d, N: d / N))
w4(
    "backprop",
    "z of the layer below instead of its activation",
    bp(sl, st, lambda d, a, z, l, N: d @ (z[l - 1] if l > 1 else a[0]).T / N, gb),
)
w4("backprop", "weight gradients transposed", bp(sl, st, lambda d, a, z, l, N: a[l - 1] @ d.T / N, gb))
w4("backprop", "output layer treated as linear: no f' there", bp(lambda aL, Y, zL, fp, N: aL - Y, st, gW, gb))
w4("backprop", "f' forgotten in the hidden layers", bp(sl, lambda p, l, d, z, a, f, fp, N: p[f"W{l}"].T @ d, gW, gb))
w4(
    "backprop",
    "f' at the activations in hidden layers",
    bp(sl, lambda p, l, d, z, a, f, fp, N: (p[f"W{l}"].T @ d) * fp(a), gW, gb),
)
w4(
    "backprop",
    "f instead of f' in the hidden layers",
    bp(sl, lambda p, l, d, z, a, f, fp, N: (p[f"W{l}"].T @ d) * f(z), gW, gb),
)
w4(
    "backprop",
    "mean over all outputs too: divided by N * n_L",
    bp(lambda aL, Y, zL, fp, N: (aL - Y) * fp(zL) / len(Y), st, gW, gb),
)
w4(
    "backprop",
    "two at once: sign turned round and 1/N forgotten",
    bp(lambda aL, Y, zL, fp, N: (Y - aL) * fp(zL) * N, st, gW, gb),
)
w4(
    "backprop",
    "only the last layer is trained, zeros for the others",
    lambda params, X, Y, f, f_prime: (lambda g, L: {k: v if int(k[1:]) == L else 0 * v for k, v in g.items()})(
        bp(sl, st, gW, gb)(params, X, Y, f, f_prime), len(params) // 2
    ),
)
w4(
    "gradient_descent_step",
    "goes uphill: plus",
    lambda params, grads, eta: {k: params[k] + eta * grads[k] for k in params},
)
w4(
    "gradient_descent_step",
    "learning rate forgotten",
    lambda params, grads, eta: {k: params[k] - grads[k] for k in params},
)
w4(
    "gradient_descent_step",
    "only the weights, biases never move",
    lambda params, grads, eta: {k: params[k] - eta * grads[k] if k[0] == "W" else params[k] for k in params},
)
w4(
    "gradient_descent_step",
    "returns the step alone, not the new parameters",
    lambda params, grads, eta: {k: -eta * grads[k] for k in params},
)


@wrong(A, "gradient_descent_step", "changes the caller's arrays in place")
def _(params, grads, eta):
    for k in params:
        params[k] -= eta * grads[k]
    return params


# ------------------------------------------------------------------ 05 right
S = lambda u: 1 / (1 + np.exp(-u))


def run(p, x, h0):
    h = [h0]
    y = []
    for t in range(len(x)):
        h.append(S(p["w_x"] * x[t] + p["w_h"] * h[-1] + p["b1"]))
        y.append(S(p["w"] * h[-1] + p["b2"]))
    return np.array(h, dtype=float), np.array(y)


right(B, "sgm", "by tanh")(lambda u: (1 + np.tanh(np.asarray(u) / 2)) / 2)
right(B, "sgm", "two branches with where, never overflows")(
    lambda u: np.where(np.asarray(u) > 0, 1 / (1 + np.exp(-np.abs(u))), np.exp(-np.abs(u)) / (1 + np.exp(-np.abs(u))))
)
right(B, "sgm", "e^u/(1+e^u), reciprocal of one plus")(
    lambda u: np.reciprocal(1.0 + 1.0 / np.exp(np.asarray(u, dtype=float)))
)


@right(B, "forward", "plain lists as result")
def _(params, x, h0):
    h, y = run(params, x, h0)
    return {"y_hat": [float(v) for v in y], "h": list(h)}


@right(B, "forward", "recursion in the time step, outputs in one go afterwards")
def _(params, x, h0):
    def h(t):
        return (
            [h0]
            if t == 0
            else (lambda p: p + [S(params["b1"] + p[-1] * params["w_h"] + x[t - 1] * params["w_x"])])(h(t - 1))
        )

    hs = np.array(h(len(x)), dtype=float)
    return dict(h=hs, y_hat=S(params["w"] * hs[1:] + params["b2"]))


@right(B, "forward", "arrays allocated first, dot of small vectors")
def _(params, x, h0):
    T = len(x)
    h = np.zeros(T + 1)
    h[0] = h0
    y = np.zeros(T)
    v = np.array([params["w_x"], params["w_h"], params["b1"]])
    for t in range(1, T + 1):
        h[t] = S(v @ np.array([x[t - 1], h[t - 1], 1]))
        y[t - 1] = S(params["w"] * h[t] + params["b2"])
    return {
        "h": h,
        "y_hat": y,
    }


right(B, "loss", "dot product over 2T, a numpy scalar")(
    lambda y_hat, y: np.dot(np.subtract(y, y_hat), np.subtract(y, y_hat)) / (2 * len(y))
)
right(B, "loss", "half the mean, as a 0-d array")(
    lambda y_hat, y: np.array(np.mean((np.asarray(y_hat) - np.asarray(y)) ** 2) / 2)
)
right(B, "loss", "plain sum over zip")(lambda y_hat, y: sum(0.5 * (a - b) * (a - b) for a, b in zip(y_hat, y)) / len(y))


@right(B, "gradients", "backward recursion, numpy scalars, 1/T at the end")
def _(params, x, y, h0):
    h, yh = run(params, x, h0)
    T = len(x)
    g = dict.fromkeys(params, 0.0)
    nxt = 0
    for t in range(T, 0, -1):
        dy = (yh[t - 1] - y[t - 1]) * yh[t - 1] * (1 - yh[t - 1])
        nxt = h[t] * (1 - h[t]) * (params["w"] * dy + params["w_h"] * nxt)
        for k, v in dict(w=dy * h[t], b2=dy, w_x=nxt * x[t - 1], w_h=nxt * h[t - 1], b1=nxt).items():
            g[k] += v
    return {k: v / T for k, v in g.items()}


@right(B, "gradients", "forward mode in time: carries dh/dtheta along")
def _(params, x, y, h0):
    h, yh = run(params, x, h0)
    J = np.zeros(3)
    G = np.zeros(5)
    T = len(x)
    for t in range(T):
        J = h[t + 1] * (1 - h[t + 1]) * (np.array([x[t], h[t], 1.0]) + params["w_h"] * J)
        G += (yh[t] - y[t]) * yh[t] * (1 - yh[t]) / T * np.concatenate([[h[t + 1], 1], params["w"] * J])
    return dict(zip(["w", "b2", "w_x", "w_h", "b1"], G))


@right(B, "gradients", "double sum over pairs (t, k) with products, 0-d arrays")
def _(params, x, y, h0):
    h, yh = run(params, x, h0)
    T = len(x)
    q = h * (1 - h)
    dy = (yh - np.asarray(y)) * yh * (1 - yh) / T
    gx = gh = g1 = 0
    for t in range(1, T + 1):
        for k in range(1, t + 1):
            c = dy[t - 1] * params["w"] * np.prod(q[k : t + 1]) * params["w_h"] ** (t - k)
            gx += c * x[k - 1]
            gh += c * h[k - 1]
            g1 += c
    return {k: np.array(v) for k, v in dict(w_x=gx, w_h=gh, b1=g1, w=dy @ h[1:], b2=dy.sum()).items()}


@right(B, "gradients", "one linear system for all the hidden deltas")
def _(params, x, y, h0):
    h, yh = run(params, x, h0)
    T = len(x)
    q = h[1:] * (1 - h[1:])
    dy = (yh - y) * yh * (1 - yh) / T
    d = np.linalg.solve(np.eye(T) - params["w_h"] * np.diag(q[:-1], 1), q * params["w"] * dy)
    return dict(w=float(dy @ h[1:]), w_x=float(d @ x), w_h=float(d @ h[:-1]), b1=float(d.sum()), b2=float(dy.sum()))


@right(B, "gradients", "recursive: dE_t/dz_k unrolled for each step separately")
def _(params, x, y, h0):
    h, yh = run(params, x, h0)
    T = len(x)

    def dh(t, k):
        if t == 0:
            return 0.0
        return h[t] * (1 - h[t]) * ({"w_x": x[t - 1], "w_h": h[t - 1], "b1": 1}[k] + params["w_h"] * dh(t - 1, k))

    e = [(yh[t] - y[t]) * yh[t] * (1 - yh[t]) for t in range(T)]
    g = {k: np.mean([e[t] * params["w"] * dh(t + 1, k) for t in range(T)]) for k in ("w_x", "w_h", "b1")}
    g["w"] = np.mean([e[t] * h[t + 1] for t in range(T)])
    g["b2"] = np.mean(e)
    return g


@right(B, "gradients", "keeps dLoss/dh, float32 inside")
def _(params, x, y, h0):
    p = {k: np.float32(v) for k, v in params.items()}
    h, yh = (np.float32(v) for v in run(p, np.float32(x), np.float32(h0)))
    dy = (yh - np.float32(y)) * yh * (1 - yh) / np.float32(len(x))
    dh = np.float32(0)
    dz = np.zeros_like(dy)
    for t in reversed(range(len(x))):
        dh = dh + p["w"] * dy[t]
        dz[t] = dh * h[t + 1] * (1 - h[t + 1])
        dh = p["w_h"] * dz[t]
    return {"w": dy @ h[1:], "b2": dy.sum(), "w_x": dz @ np.float32(x), "w_h": dz @ h[:-1], "b1": dz.sum()}


@right(B, "gradients", "complex step on the loss")
def _(params, x, y, h0):
    def E(p):
        h = h0
        s = 0
        for t in range(len(x)):
            h = S(p["w_x"] * x[t] + p["w_h"] * h + p["b1"])
            s = s + (S(p["w"] * h + p["b2"]) - y[t]) ** 2 / 2
        return s / len(x)

    return {k: E({**params, k: params[k] + 1e-30j}).imag / 1e-30 for k in params}


# ------------------------------------------------------------------ 05 wrong
def w5(f, d, fn):
    WRONG.append((B, f, d, fn))


w5("sgm", "sign in the exponent forgotten", lambda u: 1 / (1 + np.exp(u)))
w5("sgm", "tanh instead of the sigmoid", lambda u: np.tanh(u))
w5("sgm", "the derivative s(1-s) instead of s", lambda u: S(u) * (1 - S(u)))
w5("sgm", "brackets missing: 1/1 + exp(-u)", lambda u: 1 / 1 + np.exp(-u))


def rnn(z, o, drop=False):
    def forward(params, x, h0):
        h = [h0]
        y = []
        for t in range(len(x)):
            h.append(z(params, x[t], h[-1], h0))
            y.append(o(params, h[-1], h[-2]))
        return {"h": np.array(h[1:] if drop else h, dtype=float), "y_hat": np.array(y)}

    return forward


zz = lambda p, x, h, h0: S(p["w_x"] * x + p["w_h"] * h + p["b1"])
oo = lambda p, h, old: S(p["w"] * h + p["b2"])
w5("forward", "h0 left out of h, T entries only", rnn(zz, oo, True))
w5("forward", "always h0 instead of the previous h", rnn(lambda p, x, h, h0: zz(p, x, h0, h0), oo))
w5("forward", "linear output, no sigmoid on y_hat", rnn(zz, lambda p, h, old: p["w"] * h + p["b2"]))
w5("forward", "y_hat from the previous h (off by one)", rnn(zz, lambda p, h, old: oo(p, old, h)))
w5("forward", "no sigmoid on the hidden state", rnn(lambda p, x, h, h0: p["w_x"] * x + p["w_h"] * h + p["b1"], oo))
w5("forward", "w_x and w_h swapped", rnn(lambda p, x, h, h0: S(p["w_h"] * x + p["w_x"] * h + p["b1"]), oo))
w5("loss", "1/2 forgotten", lambda y_hat, y: np.mean((np.array(y_hat) - y) ** 2))
w5("loss", "sum instead of mean", lambda y_hat, y: 0.5 * np.sum((np.array(y_hat) - y) ** 2))
w5("loss", "squared the mean error", lambda y_hat, y: 0.5 * np.mean(np.array(y_hat) - y) ** 2)
w5("loss", "divided by 4 as in the T=2 example", lambda y_hat, y: np.sum((np.array(y_hat) - y) ** 2) / 4)


def bptt(
    dy=lambda e, yh, T: e * yh * (1 - yh) / T,
    dz=lambda p, dy, h, t, nxt: h[t + 1] * (1 - h[t + 1]) * (p["w"] * dy + p["w_h"] * nxt),
    hw=1,
    hh=0,
    sh=0,
    fin=lambda g, d, D: g,
):
    def gradients(params, x, y, h0):
        h, yh = run(params, x, h0)
        T = len(x)
        D = dy(yh - y, yh, T)
        d = np.zeros(T + 1)
        for t in range(T - 1, -1, -1):
            d[t] = dz(params, D[t], h, t, d[t + 1])
        g = dict(w=0.0, w_x=0.0, w_h=0.0, b1=0.0, b2=0.0)
        for t in range(T):
            g["w"] += D[t] * h[t + hw]
            g["b2"] += D[t]
            g["w_x"] += d[t] * x[t - sh]
            g["w_h"] += d[t] * h[t + hh]
            g["b1"] += d[t]
        return fin(g, d, D)

    return gradients


G = lambda d, **k: w5("gradients", d, bptt(**k))
G("sign turned round: y - y_hat", dy=lambda e, yh, T: -e * yh * (1 - yh) / T)
G("sum over the steps, 1/T forgotten", dy=lambda e, yh, T: e * yh * (1 - yh))
G("always 1/2 (T=2 of the example) instead of 1/T", dy=lambda e, yh, T: e * yh * (1 - yh) / 2)
G("factor 2 of the square kept", dy=lambda e, yh, T: 2 * e * yh * (1 - yh) / T)
G("no sigmoid derivative at the output", dy=lambda e, yh, T: e / T)
G("sigmoid applied once more: sgm(y)(1-sgm(y))", dy=lambda e, yh, T: e * S(yh) * (1 - S(yh)) / T)
G("nothing goes back through time", dz=lambda p, dy, h, t, nxt: h[t + 1] * (1 - h[t + 1]) * p["w"] * dy)
G("no sigmoid derivative at the hidden state", dz=lambda p, dy, h, t, nxt: p["w"] * dy + p["w_h"] * nxt)
G(
    "h' only on the output branch, not on the one from the future",
    dz=lambda p, dy, h, t, nxt: h[t + 1] * (1 - h[t + 1]) * p["w"] * dy + p["w_h"] * nxt,
)
G("w_h forgotten on the way back", dz=lambda p, dy, h, t, nxt: h[t + 1] * (1 - h[t + 1]) * (p["w"] * dy + nxt))
G("w forgotten on the way to h", dz=lambda p, dy, h, t, nxt: h[t + 1] * (1 - h[t + 1]) * (dy + p["w_h"] * nxt))
G(
    "w also on the path from the future",
    dz=lambda p, dy, h, t, nxt: h[t + 1] * (1 - h[t + 1]) * p["w"] * (dy + p["w_h"] * nxt),
)
G("h(1-h) of the step before", dz=lambda p, dy, h, t, nxt: h[t] * (1 - h[t]) * (p["w"] * dy + p["w_h"] * nxt))
G("dw with the previous h", hw=0)
G("dw_h with the h of the same step", hh=1)
G("dw_x with the x of the step before (wraps round)", sh=1)
G("b1 only from the last step", fin=lambda g, d, D: {**g, "b1": d[-2]})
G("b1 and b2 swapped", fin=lambda g, d, D: {**g, "b1": g["b2"], "b2": g["b1"]})
G(
    "two at once: 1/T forgotten and nothing goes back through time",
    dy=lambda e, yh, T: e * yh * (1 - yh),
    dz=lambda p, dy, h, t, nxt: h[t + 1] * (1 - h[t + 1]) * p["w"] * dy,
)
