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
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

INK, GREY, PALE, BLUE, ORANGE = "#222222", "#767676", "#e6ecf4", "#17477d", "#e07b00"
PIXELS_PER_INCH = 96  # as a browser sees it, so that a point of font size is a point on the screen
SHARPNESS = 2  # image pixels per screen pixel

# From matplotlib's defaults, so that a figure does not depend on what a student has set.
course_style = style.context(["default", {
    "font.size": 11, "mathtext.fontset": "cm", "axes.spines.top": False, "axes.spines.right": False,
    "axes.edgecolor": INK, "text.color": INK, "axes.labelcolor": INK, "legend.frameon": False,
}])


# --- linear regression -----------------------------------------------------------------------------


@course_style
def neuron(features=2):
    """Show the linear neuron: inputs x_0 = 1, x_1 .. x_d, weights W_0 .. W_d, their sum out, and its cost against y."""
    gap, radius = 0.95, 0.36
    figure, ax = _board(7.2, max(gap * (features + 1) + 0.35, 2.9))
    middle = figure.get_figheight() / 2
    total, error = (3.0, middle), (5.2, middle)
    for j in range(features + 1):
        at = (0.85, middle + gap * (features / 2 - j))
        bias = {"ls": "--"} if j == 0 else {"ls": "-"}
        ax.add_patch(Circle(at, radius, fc=PALE if j else "white", ec=INK, lw=1.5, **bias))
        _write(ax, *at, f"$x_{{{j}}}$" if j else "$x_0=1$")
        _arrow(ax, at, total, radius, radius, f"$W_{{{j}}}$", **bias)
    ax.add_patch(Circle(total, radius, fc=PALE, ec=INK, lw=1.5))
    _write(ax, *total, r"$\Sigma$", size=20)
    _arrow(ax, total, error, radius, 0.65)
    _write(ax, 3.93, middle + 0.2, "$out$")
    ax.add_patch(FancyBboxPatch((4.55, middle - 0.3), 1.3, 0.6, "round,pad=0,rounding_size=0.08", fc=PALE, ec=INK, lw=1.5))
    _write(ax, *error, "$(out-y)^2$")
    _write(ax, 5.2, middle - 1.1, "$y$")
    _arrow(ax, (5.2, middle - 1.1), error, 0.2, 0.3)
    _arrow(ax, error, (6.8, middle), 0.65, 0.3)
    _write(ax, 6.8, middle, "$cost$")
    inputs = ", ".join(f"x{j} with weight W{j}" for j in range(1, features + 1))
    show(figure, f"A linear neuron. Its inputs: x0, which is always 1, with weight W0, the bias (dashed); {inputs}. "
                 "The sum of input times weight is out. With the target y it gives the cost, (out - y) squared.")


@course_style
def matrix_shapes():
    """Show dW = 2 X r^T drawn to scale: (d+1, N) times (N, 1) gives (d+1, 1), and one sample is a column of X."""
    rows, N, cell, sample = 3, 8, 0.36, 2
    figure, ax = _board(7.2, 3.9)
    middle = 2.15
    _matrix(ax, 0.7, middle, (rows, 1), cell, "$dW$", r"$(d{+}1)\times 1$")
    _write(ax, 1.5, middle, "$=$", size=20)
    _write(ax, 1.95, middle, "$2$", size=20)
    x = _matrix(ax, 2.25, middle, (rows, N), cell, "$X$", r"$(d{+}1)\times N$", marked=(slice(None), sample))
    for left, top in x[0]:
        _write(ax, left + cell / 2, top - cell / 2, "$1$", size=12)
    r = _matrix(ax, 5.5, middle, (N, 1), cell, "$r^T$", r"$N\times 1$", marked=(sample, 0))
    _write(ax, x[0, sample, 0] + cell / 2, x[0, 0, 1] + 0.2, "one sample", size=11)
    ax.text(r[sample, 0, 0] + cell + 0.12, r[sample, 0, 1] - cell / 2, "its residual", va="center")
    show(figure, "dW = 2 X r^T as boxes drawn to scale: X, (d+1) x N, wide, its first row all ones, times r^T, N x 1, tall, "
                 "gives dW, (d+1) x 1, a short column. One column of X is marked as one sample, "
                 "and the entry of r^T that it meets as its residual.")


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
    show(figure, f"{title + '. ' if title else ''}{_in_words(ylabel)} against {_in_words(xlabel)} for {len(x)} points, with the line "
                 f"{_short(bias)} {'-' if slope < 0 else '+'} {_short(abs(slope))} x; the residuals, thin vertical segments, "
                 f"run from {_short(r.min())} to {_short(r.max())}, and their squares add up to {_short(r @ r)}.")


@course_style
def descent(cost, path, best, labels=("$W_0$", "$W_1$")):
    """Show contours of ``cost`` over (W_0, W_1), gradient descent's ``path``, a list of (2, 1), and ``best`` (2, 1).

    cost is a function of a (2, 1) array; its contours are evenly spaced in the square root above the best.
    """
    path, best = np.reshape(path, (-1, 2)), np.ravel(best)
    low, high = _window(path, best)
    u, v = np.linspace(low, high, 81).T
    surface = np.array([[cost(np.array([[a], [b]])) for a in u] for b in v])
    at = [cost(W.reshape(2, 1)) for W in (path[0], path[-1], best)]
    levels = at[2] + (surface.max() - at[2]) * np.linspace(0, 1, 13) ** 2
    shades = [str(lightness) for lightness in np.linspace(1, 0.5, 12)]
    figure, ax = _axes(*labels)
    filled = ax.contourf(u, v, surface, levels, colors=shades)
    ax.contour(u, v, surface, levels, colors=GREY, linewidths=0.5)
    bar = figure.colorbar(filled, label="cost", ticks=levels[::3], format=_thousands)
    bar.minorticks_off()
    steps = len(path) - 1
    ax.plot(*path.T, ".-", color=BLUE, lw=1.2, ms=6, label=f"gradient descent, {steps} steps")
    ax.plot(*path[0], "s", color=BLUE, ms=9, label="start")
    ax.plot(*best, "*", color=ORANGE, mec="white", ms=18, zorder=4, label="least squares")
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    figure.legend(loc="outside upper center", ncols=3)
    show(figure, f"Contours of the cost over {_in_words(labels[0])} and {_in_words(labels[1])}. Gradient descent goes in {steps} steps "
                 f"from {_point(path[0])}, cost {_short(at[0])}, to {_point(path[-1])}, cost {_short(at[1])}. "
                 f"Least squares, the star, is at {_point(best)}, cost {_short(at[2])}.")


@course_style
def cost_by_step(costs, floor=None):
    """Show the cost after each step of gradient descent, the first before any step, and the least cost ``floor``."""
    costs = np.ravel(costs)
    figure, ax = _axes("step", "cost")
    ax.plot(costs, ".-", color=BLUE, lw=1.2, ms=7, label="gradient descent")
    if floor is not None:
        ax.axhline(floor, color=ORANGE, lw=2, ls="--", label="least squares")
    if len(costs) > 50:
        ax.set_xscale("symlog", linthresh=1)
        ax.set_xlim(-0.1, len(costs))
        ax.xaxis.set_major_formatter(_thousands)
    if costs.min() > 0 and costs.max() > 100 * costs.min():
        ax.set_yscale("log")
    else:
        ax.yaxis.set_major_formatter(_thousands)
    ax.legend()
    below = "" if floor is None else f"; the least possible cost, a dashed line, is {_short(floor)}"
    show(figure, f"The cost by step of gradient descent: {_short(costs[0])} at the start, {_short(costs[1])} after one step, "
                 f"{_short(costs[-1])} after {len(costs) - 1}{below}.")


# --- one figure, one description -------------------------------------------------------------------


def show(figure, alt):
    """Show the figure once, described by ``alt``; outside Jupyter print ``alt`` alone.

    JupyterLab 4.6 and nbconvert's default template give an image/png no alt, so what they show is HTML, whose <img> has one.
    The image/png beside it is for readers that drop HTML: LaTeX, and nbconvert's classic template, which knows its alt.
    """
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(alt)
        return
    from IPython.display import display

    png, width = b64encode(_png(figure)).decode(), round(figure.get_figwidth() * PIXELS_PER_INCH)
    html = f'<img src="data:image/png;base64,{png}" alt="{escape(alt)}" width="{width}">'
    display({"text/html": html, "image/png": png, "text/plain": alt}, raw=True,
            metadata={"image/png": {"alt": alt, "width": width}})


def _png(figure):
    """Return the figure as PNG bytes, the same in every run: no date, no version."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=SHARPNESS * PIXELS_PER_INCH, metadata={"Software": None})
    return buffer.getvalue()


def _short(number):
    """Return the number to three significant digits, the same on every machine: 1,190,000."""
    return f"{float(f'{number:.3g}') + 0.0:,.10g}"


def _point(W):
    return f"({', '.join(_short(w) for w in W)})"


def _in_words(label):
    return label.translate({ord(sign): None for sign in "$_{}\\"})


def _thousands(value, position):
    return _short(value)


# --- drawing ---------------------------------------------------------------------------------------


def _axes(xlabel, ylabel, title=None):
    figure = Figure(figsize=(6.6, 4.2), layout="constrained")
    ax = figure.add_subplot()
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title or "")
    return figure, ax


def _window(path, best):
    """Return the lower and upper corner of the picture: path and best with a margin, but a path that runs away is cut."""
    reach = 3 * np.abs(path[0] - best).max() or 1.0
    points = np.vstack([path[np.isfinite(path).all(axis=1)], best, best - reach / 30, best + reach / 30])
    points = np.clip(points, best - reach, best + reach)
    low, high = points.min(axis=0), points.max(axis=0)
    return low - 0.2 * (high - low), high + 0.2 * (high - low)


def _board(width, height):
    """Return a figure and its empty axes, measured in inches."""
    figure = Figure(figsize=(width, height))
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    return figure, ax


def _write(ax, x, y, text, size=15, **kwargs):
    ax.text(x, y, text, ha="center", va="center", size=size, **kwargs)


def _arrow(ax, start, end, before, after, text=None, ls="-"):
    """Draw an arrow from ``before`` off one point to ``after`` off another, ``text`` on its line."""
    start, end = np.array(start), np.array(end)
    along = (end - start) / np.linalg.norm(end - start)
    head = {"arrowstyle": "-|>", "mutation_scale": 15, "color": INK, "lw": 1.5, "ls": ls, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end - after * along, start + before * along, arrowprops=head)
    if text:
        _write(ax, *(0.55 * start + 0.45 * end), text, bbox={"fc": "white", "ec": "none", "pad": 2})


def _matrix(ax, left, middle, shape, cell, name, shape_name, marked=None):
    """Draw a matrix as cells, the ``marked`` ones in orange, its name and shape below; return the cells' upper left corners."""
    rows, columns = shape
    top = middle + rows * cell / 2
    corners = np.array([[(left + k * cell, top - i * cell) for k in range(columns)] for i in range(rows)])
    colours = np.full(shape, PALE, dtype=object)
    if marked is not None:
        colours[marked] = "#f0a648"
    for corner, colour in zip(corners.reshape(-1, 2), colours.ravel(), strict=True):
        ax.add_patch(Rectangle(corner, cell, -cell, fc=colour, ec="white", lw=1))
    ax.add_patch(Rectangle((left, top), columns * cell, -rows * cell, fc="none", ec=INK, lw=1.5))
    _write(ax, left + columns * cell / 2, top - rows * cell - 0.2, name, size=16)
    _write(ax, left + columns * cell / 2, top - rows * cell - 0.5, shape_name, size=13)
    return corners
