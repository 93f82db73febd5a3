"""The figures: each function draws one, shows it once with a description in words, and returns None.

The description is the image's alt text and the output's plain text, so that everybody gets the figure and
two runs of a notebook can be compared. Figures differ by marker, line style and lightness; hue only repeats it.
"""

import sys
from base64 import b64encode
from html import escape
from io import BytesIO

import numpy as np
from matplotlib import style
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from matplotlib.ticker import MaxNLocator

INK, GREY, PALE, MARK, BLUE, ORANGE = "#222222", "#767676", "#e6ecf4", "#f0a648", "#17477d", "#d55e00"
PIXELS_PER_INCH = 96  # as a browser sees it, so that a point of font size is a point on the screen
SHARPNESS = 1.5  # image pixels per screen pixel; 2 is no clearer to read and makes a notebook 40 % larger

# From matplotlib's defaults, so that a figure does not depend on what a student has set.
course_style = style.context(
    [
        "default",
        {
            "font.size": 12,
            "mathtext.fontset": "cm",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": INK,
            "text.color": INK,
            "axes.labelcolor": INK,
            "legend.frameon": False,
        },
    ]
)


# --- linear regression -----------------------------------------------------------------------------


@course_style
def neuron(features=2):
    """Show the linear neuron: inputs x_0 = 1, x_1 .. x_d, weights W_0 .. W_d, their sum out, its cost against y."""
    figure, ax = _board(7.2, max(0.95 * features + 1.3, 2.9))
    middle = figure.get_figheight() / 2
    total, error, radius = (3.0, middle), (5.2, middle), 0.36
    for j in range(features + 1):
        at, line = (0.85, middle + 0.95 * (features / 2 - j)), "-" if j else "--"
        _node(ax, at, f"$x_{{{j}}}$" if j else "$x_0=1$", Circle(at, radius), fc=PALE if j else "white", ls=line)
        _arrow(ax, at, total, radius, radius, f"$W_{{{j}}}$", ls=line)
    _node(ax, total, r"$\Sigma$", Circle(total, radius), size=22)
    _arrow(ax, total, error, radius, 0.65)
    _write(ax, (3.93, middle + 0.2), "$out$")
    _node(ax, error, "$(out-y)^2$", Rectangle((4.55, middle - 0.3), 1.3, 0.6))
    _write(ax, (5.2, middle - 1.1), "$y$")
    _arrow(ax, (5.2, middle - 1.1), error, 0.2, 0.3)
    _arrow(ax, error, (6.8, middle), 0.65, 0.3)
    _write(ax, (6.8, middle), "$cost$")
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
    figure, ax = _board(7.2, 3.9)
    _matrix(ax, (0.7, 2.15), (rows, 1), "$dW$", r"$(d{+}1)\times 1$")
    _write(ax, (1.5, 2.15), "$=$", size=20)
    _write(ax, (1.95, 2.15), "$2$", size=20)
    x = _matrix(ax, (2.25, 2.15), (rows, N), "$X$", r"$(d{+}1)\times N$", marked=(slice(None), sample))
    for centre in x[0]:
        _write(ax, centre, "$1$", size=12)
    r = _matrix(ax, (5.5, 2.15), (N, 1), "$r^T$", r"$N\times 1$", marked=(sample, 0))
    _write(ax, x[0, sample] + [0, 0.38], "one sample", size=12)
    _write(ax, r[sample, 0] + [0.8, 0], "its residual", size=12)
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
    figure, ax = _axes(xlabel, ylabel, title)
    ax.plot(x, y, "o", color=BLUE, ms=6, zorder=3, label="data $y$")
    ax.axline((0, bias), slope=slope, color=ORANGE, lw=2.5, label="$out = W_0 + W_1 x$")
    ax.vlines(x, y, out, color=GREY, lw=1, label="residual $out - y$")
    ax.legend()
    show(
        figure,
        f"{title + ': ' if title else ''}{len(x)} points, {_in_words(ylabel)} against {_in_words(xlabel)}, "
        f"and the line {_short(bias)} {'-' if slope < 0 else '+'} {_short(abs(slope))} x. "
        f"The residuals, thin vertical segments, run from {_short(r.min())} to {_short(r.max())}; "
        f"their squares add up to {_short(r @ r)}.",
    )


@course_style
def descent(cost, path, best, labels=("$W_0$", "$W_1$")):
    """Show contours of ``cost``, a function of W (2, 1); descent's ``path``, a list of W (2, 1); ``best``, a W."""
    path, best = np.reshape(path, (-1, 2)), np.ravel(best)
    steps = len(path) - 1
    figure, ax = _axes(*labels)
    _contours(figure, ax, cost, best, *_window(path, best))
    ax.plot(*path.T, ".-", color=BLUE, lw=1.2, ms=6, label=f"gradient descent, {steps} steps")
    ax.plot(*path[0], "s", color=BLUE, ms=9, label="start")
    ax.plot(*best, "*", color=ORANGE, mec="white", ms=18, zorder=4, label="least squares")
    figure.legend(loc="outside upper center", ncols=3)
    start, end, star = (
        f"({_short(W[0])}, {_short(W[1])}), cost {_short(cost(W.reshape(2, 1)))}" for W in (path[0], path[-1], best)
    )
    show(
        figure,
        f"Contours of the cost over {_in_words(labels[0])} and {_in_words(labels[1])}. Gradient descent goes "
        f"in {steps} steps from {start}, to {end}. Least squares, the star, is at {star}.",
    )


@course_style
def cost_by_step(costs, floor=None):
    """Show the cost at each step of gradient descent, the start being step 0, and the least cost ``floor``."""
    costs, steps = np.ravel(costs), len(costs) - 1
    finite = costs[np.isfinite(costs)]
    figure, ax = _axes("step", "cost")
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
    least = "" if floor is None else f" The least possible cost, a dashed line, is {_short(floor)}."
    show(
        figure,
        f"The cost at each step of gradient descent: {_short(costs[0])} at the start, "
        f"{_short(costs[-1])} after {steps} steps.{least}",
    )


# --- one figure, one description -------------------------------------------------------------------


def show(figure, alt):
    """Show the figure once, described by ``alt``; outside Jupyter print ``alt`` alone.

    JupyterLab 4.6 and nbconvert's lab template give an image/png no alt, so they get HTML, whose <img> has one.
    The image/png beside it is for readers without HTML, such as LaTeX; its metadata carry the alt too.
    """
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(alt)
        return
    from IPython.display import display

    png, width = b64encode(_png(figure)).decode(), round(figure.get_figwidth() * PIXELS_PER_INCH)
    html = f'<img src="data:image/png;base64,{png}" alt="{escape(alt)}" width="{width}">'
    display(
        {"text/html": html, "image/png": png, "text/plain": alt},
        raw=True,
        metadata={"image/png": {"alt": alt, "width": width}},
    )


def _png(figure):
    """Return the figure as PNG bytes, the same in every run: no date, no version."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=SHARPNESS * PIXELS_PER_INCH, metadata={"Software": None})
    return buffer.getvalue()


def _short(number):
    """Return the number to three significant digits, rounding noise as 0: the same on every machine, 1,190,000."""
    return "0" if abs(number) < 1e-9 else f"{float(f'{number:.3g}'):,.10g}"


def _in_words(label):
    return label.translate({ord(sign): None for sign in "$_{}\\"})


# --- drawing ---------------------------------------------------------------------------------------


def _axes(xlabel, ylabel, title=None):
    figure = Figure(figsize=(6.6, 4.2), layout="constrained")
    ax = figure.add_subplot()
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title or "")
    return figure, ax


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
    figure.colorbar(filled, label="cost", ticks=levels[::3], format=lambda level, _: _short(level)).minorticks_off()
    ax.set(xlim=u[[0, -1]], ylim=v[[0, -1]])


def _board(width, height):
    """Return a figure and its empty axes, measured in inches."""
    figure = Figure(figsize=(width, height))
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    return figure, ax


def _write(ax, at, text, size=15, **kwargs):
    ax.text(*at, text, ha="center", va="center", size=size, **kwargs)


def _node(ax, at, text, shape, fc=PALE, ls="-", size=15):
    shape.set(facecolor=fc, edgecolor=INK, linewidth=1.5, linestyle=ls)
    ax.add_patch(shape)
    _write(ax, at, text, size)


def _arrow(ax, start, end, before, after, text=None, ls="-"):
    """Draw an arrow from ``before`` off one point to ``after`` off another, ``text`` on its line."""
    start, end = np.array(start), np.array(end)
    along = (end - start) / np.linalg.norm(end - start)
    head = {"arrowstyle": "-|>", "mutation_scale": 15, "color": INK, "lw": 1.5, "ls": ls, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end - after * along, start + before * along, arrowprops=head)
    if text:
        _write(ax, 0.55 * start + 0.45 * end, text, bbox={"fc": "white", "ec": "none", "pad": 2})


def _matrix(ax, left, shape, name, shape_name, marked=None, cell=0.36):
    """Draw a matrix as cells, its left side centred at ``left``; return the cells' centres, (rows, columns, 2)."""
    (x, y), (rows, columns) = left, shape
    top = y + rows * cell / 2
    colours = np.full(shape, PALE, dtype=object)
    if marked:
        colours[marked] = MARK
    for (i, k), colour in np.ndenumerate(colours):
        ax.add_patch(Rectangle((x + k * cell, top - i * cell), cell, -cell, fc=colour, ec="white", lw=1))
    ax.add_patch(Rectangle((x, top), columns * cell, -rows * cell, fc="none", ec=INK, lw=1.5))
    _write(ax, (x + columns * cell / 2, top - rows * cell - 0.2), name, size=16)
    _write(ax, (x + columns * cell / 2, top - rows * cell - 0.5), shape_name, size=13)
    return np.array([[(x + (k + 0.5) * cell, top - (i + 0.5) * cell) for k in range(columns)] for i in range(rows)])
