"""The figures of notebook 01."""

import numpy as np
from matplotlib.patches import Circle, Rectangle
from matplotlib.ticker import MaxNLocator

from helpers.plots.drawing import (
    BLUE,
    GREY,
    ORANGE,
    PALE,
    arrow,
    axes,
    board,
    course_style,
    in_words,
    matrix,
    node,
    short,
    show,
    write,
)


@course_style
def neuron(features=2):
    """Show the linear neuron: inputs x_0 = 1, x_1 .. x_d, weights W_0 .. W_d, their sum out, its cost against y."""
    figure, ax = board(7.2, max(0.95 * features + 1.3, 2.9))
    middle = figure.get_figheight() / 2
    total, error, radius = (3.0, middle), (5.2, middle), 0.36
    for j in range(features + 1):
        at, line = (0.85, middle + 0.95 * (features / 2 - j)), "-" if j else "--"
        node(ax, at, f"$x_{{{j}}}$" if j else "$x_0=1$", Circle(at, radius), fc=PALE if j else "white", ls=line)
        arrow(ax, at, total, radius, radius, f"$W_{{{j}}}$", ls=line)
    node(ax, total, r"$\Sigma$", Circle(total, radius), size=22)
    arrow(ax, total, error, radius, 0.65)
    write(ax, (3.93, middle + 0.2), "$out$")
    node(ax, error, "$(out-y)^2$", Rectangle((4.55, middle - 0.3), 1.3, 0.6))
    write(ax, (5.2, middle - 1.1), "$y$")
    arrow(ax, (5.2, middle - 1.1), error, 0.2, 0.3)
    arrow(ax, error, (6.8, middle), 0.65, 0.3)
    write(ax, (6.8, middle), "$cost$")
    inputs = ", ".join(f"x{j} with weight W{j}" for j in range(1, features + 1))
    show(
        figure,
        f"A linear neuron. Its inputs: x0, which is always 1, with weight W0, the bias (dashed); {inputs}. "
        "The sum of input times weight is out. With the target y it gives the cost, (out - y) squared.",
    )


@course_style
def matrix_shapes():
    """Show dW = 2 X r^T to scale: (d+1, N) times (N, 1) gives (d+1, 1), and one sample is a column of X."""
    rows, N, sample = 3, 8, 2
    figure, ax = board(7.2, 3.9)
    matrix(ax, (0.7, 2.15), (rows, 1), "$dW$", r"$(d{+}1)\times 1$")
    write(ax, (1.5, 2.15), "$=$", size=20)
    write(ax, (1.95, 2.15), "$2$", size=20)
    x = matrix(ax, (2.25, 2.15), (rows, N), "$X$", r"$(d{+}1)\times N$", marked=(slice(None), sample))
    for centre in x[0]:
        write(ax, centre, "$1$", size=12)
    r = matrix(ax, (5.5, 2.15), (N, 1), "$r^T$", r"$N\times 1$", marked=(sample, 0))
    write(ax, x[0, sample] + [0, 0.38], "one sample", size=12)
    write(ax, r[sample, 0] + [0.8, 0], "its residual", size=12)
    show(
        figure,
        "dW = 2 X r^T as boxes drawn to scale. X, (d+1) x N, is wide, and its first row is all ones; "
        "r^T, N x 1, is tall; dW, (d+1) x 1, is a short column. "
        "One column of X is marked as one sample, and the entry of r^T that it meets as its residual.",
    )


@course_style
def fit(x, y, W, xlabel, ylabel, title=None):
    """Show the points x (N,), y (N,), the line W[0] + W[1] x of W (2, 1), and each residual as a thin vertical."""
    x, y, (bias, slope) = np.ravel(x), np.ravel(y), np.ravel(W)
    out = bias + slope * x
    r = out - y
    figure, ax = axes(xlabel, ylabel, title)
    ax.plot(x, y, "o", color=BLUE, ms=6, zorder=3, label="data $y$")
    ax.axline((0, bias), slope=slope, color=ORANGE, lw=2.5, label="$out = W_0 + W_1 x$")
    ax.vlines(x, y, out, color=GREY, lw=1, label="residual $out - y$")
    ax.legend()
    show(
        figure,
        f"{title + ': ' if title else ''}{len(x)} points, {in_words(ylabel)} against {in_words(xlabel)}, "
        f"and the line {short(bias)} {'-' if slope < 0 else '+'} {short(abs(slope))} x. "
        f"The residuals, thin vertical segments, run from {short(r.min())} to {short(r.max())}; "
        f"their squares add up to {short(r @ r)}.",
    )


@course_style
def descent(cost, path, best, labels=("$W_0$", "$W_1$")):
    """Show contours of ``cost``, a function of W (2, 1); descent's ``path``, a list of W (2, 1); ``best``, a W."""
    path, best = np.reshape(path, (-1, 2)), np.ravel(best)
    steps = len(path) - 1
    figure, ax = axes(*labels)
    _contours(figure, ax, cost, best, *_window(path, best))
    ax.plot(*path.T, ".-", color=BLUE, lw=1.2, ms=6, label=f"gradient descent, {steps} steps")
    ax.plot(*path[0], "s", color=BLUE, ms=9, label="start")
    ax.plot(*best, "*", color=ORANGE, mec="white", ms=18, zorder=4, label="least squares")
    figure.legend(loc="outside upper center", ncols=3)
    start, end, star = (
        f"({short(W[0])}, {short(W[1])}), cost {short(cost(W.reshape(2, 1)))}" for W in (path[0], path[-1], best)
    )
    show(
        figure,
        f"Contours of the cost over {in_words(labels[0])} and {in_words(labels[1])}. Gradient descent goes "
        f"in {steps} steps from {start}, to {end}. Least squares, the star, is at {star}.",
    )


@course_style
def cost_by_step(costs, floor=None):
    """Show the cost at each step of gradient descent, the start being step 0, and the least cost ``floor``."""
    costs, steps = np.ravel(costs), len(costs) - 1
    finite = costs[np.isfinite(costs)]
    figure, ax = axes("step", "cost")
    ax.plot(costs, ".-", color=BLUE, lw=1.2, ms=7, label="gradient descent")
    if floor is not None:
        ax.axhline(floor, color=ORANGE, lw=2, ls="--", zorder=3, label="least squares")
    if steps > 50:
        ax.set_xscale("symlog", linthresh=1)
        ax.set_xlim(-0.1, steps * 1.05)
    else:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.xaxis.set_major_formatter("{x:,g}")
    if finite.min() > 0 and finite.max() > 100 * finite.min():
        ax.set_yscale("log")
    else:
        ax.yaxis.set_major_formatter("{x:,.10g}")
    ax.legend()
    least = "" if floor is None else f" The least possible cost, a dashed line, is {short(floor)}."
    show(
        figure,
        f"The cost at each step of gradient descent: {short(costs[0])} at the start, "
        f"{short(costs[-1])} after {steps} steps.{least}",
    )


def _window(path, best):
    """Return the picture's lower and upper corner: path and best with a margin; a path that runs away is cut."""
    reach = 3 * np.abs(path[0] - best).max() or 1.0
    points = np.vstack([path[np.isfinite(path).all(axis=1)], best, best - reach / 30, best + reach / 30])
    points = np.clip(points, best - reach, best + reach)
    low, high = points.min(axis=0), points.max(axis=0)
    return low - 0.2 * (high - low), high + 0.2 * (high - low)


def _contours(figure, ax, cost, best, low, high):
    """Fill the window with the cost, light where it is low; levels evenly spaced in its root, so a valley shows."""
    u, v = np.linspace(low, high, 81).T
    surface = np.array([[cost(np.array([[a], [b]])) for a in u] for b in v])
    least = cost(best.reshape(2, 1))
    levels = least + (surface.max() - least) * np.linspace(0, 1, 13) ** 2
    filled = ax.contourf(u, v, surface, levels, colors=[str(light) for light in np.linspace(1, 0.5, 12)])
    ax.contour(u, v, surface, levels, colors=GREY, linewidths=0.5)
    figure.colorbar(filled, label="cost", ticks=levels[::3], format=lambda level, _: short(level)).minorticks_off()
    ax.set(xlim=u[[0, -1]], ylim=v[[0, -1]])
