"""The figures of notebook 02."""

import itertools

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from matplotlib.ticker import NullFormatter

from helpers import own_test, reference
from helpers.plots.drawing import (
    BLUE,
    GREY,
    INK,
    MARK,
    ORANGE,
    PALE,
    arrow,
    axes,
    board,
    course_style,
    matrix,
    node,
    short,
    show,
    write,
)

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@course_style
def network(params, seen=None, deltas=None):
    """Show the network that ``params`` make; of one sample also v in each unit, and ``deltas[l]`` under it.

    A dead hidden unit is white and dashed.
    """
    sizes = [params["W1"].shape[1], *(len(params[f"W{l}"]) for l in (1, 2, 3))]
    rows, radius, down, across = max(sizes), 0.32, 1.0, 1.7
    figure, ax = board(7.2, down * rows + 0.65)
    middle = 0.65 + down * rows / 2
    places = [[(0.6 + across * l, middle + down * ((n - 1) / 2 - k)) for k in range(n)] for l, n in enumerate(sizes)]
    for before, after in itertools.pairwise(places):
        for start, end in itertools.product(before, after):
            arrow(ax, start, end, radius, radius)
    loss = (6.9, middle)
    for start in places[3]:
        arrow(ax, start, loss, radius, 0.25)
    write(ax, loss, "$L$", size=16)
    for l, below in enumerate(("$v^0 = x$", "$z^1 \\to v^1$", "$z^2 \\to v^2$", r"$z^3 = \hat y$")):
        write(ax, (0.6 + across * l, 0.3), below, size=14)
        write(ax, (0.6 + across * (l - 0.5), 0.3), f"$W^{l}, b^{l}$" if l else "", size=14)
        for k, at in enumerate(places[l]):
            dead = seen is not None and l in (1, 2) and not seen[f"v{l}"][k, 0] > 0
            node(ax, at, _unit(seen, l, k), Circle(at, radius), fc="white" if dead else PALE, ls="--" if dead else "-")
            if deltas and l:
                error = short(deltas[l][k, 0])
                write(ax, (at[0], at[1] - 0.45), error, size=12, color=ORANGE, weight="bold")
    _show_network(figure, sizes, seen, deltas)


def _unit(seen, l, k):
    """Return what stands in a unit: its number, or its letter."""
    if seen:
        return short(seen[("x", "v1", "v2", "y_hat")[l]][k, 0])
    return (f"$x_{k + 1}$", f"$v^1_{k + 1}$", f"$v^2_{k + 1}$", r"$\hat y$")[l]


def _show_network(figure, sizes, seen, deltas):
    words = f"A network of layers of {sizes[0]} inputs, {sizes[1]} and {sizes[2]} hidden units and {sizes[3]} output"
    words += "s" if sizes[3] > 1 else ""
    words += ". An arrow runs from every unit to every unit of the next layer; the last one feeds the loss L."
    if seen:
        names = {"x": "x", "v1": "v1", "v2": "v2", "y_hat": "the prediction"}
        words += " The numbers in the units: " + "; ".join(f"{names[n]} = {_listed(seen[n])}" for n in names) + "."
    if deltas:
        words += " The errors under them: " + "; ".join(f"delta{l} = {_listed(deltas[l])}" for l in (3, 2, 1)) + "."
    show(figure, words)


def _listed(column):
    return "(" + ", ".join(short(entry) for entry in np.ravel(column)) + ")"


@course_style
def relu():
    """Show the ReLU and its slope, both against z, side by side."""
    figure = Figure(figsize=(7.2, 2.7), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot([-3, 0, 3], [0, 0, 3], color=BLUE, lw=2.5)
    left.set(title="$f(z) = \\max(z, 0)$", xlabel="$z$", yticks=[0, 1, 2, 3])
    right.plot([-3, 0], [0, 0], [0, 3], [1, 1], color=BLUE, lw=2.5)
    right.plot(0, 0, "o", color=BLUE, ms=8)
    right.plot(0, 1, "o", mfc="white", mec=BLUE, mew=2, ms=8)
    right.set(title="$f'(z)$", xlabel="$z$", yticks=[0, 1], ylim=(-0.25, 1.4))
    right.text(-1.5, 0.12, "dead", ha="center")
    right.text(1.5, 1.12, "live", ha="center")
    show(
        figure,
        "Left, the ReLU against z: 0 up to z = 0, then a line of slope 1. Right, its slope: 0 where z is negative and "
        "the unit is dead, 1 where z is positive and it is live. At z = 0 it jumps; a full dot says that 0 holds.",
    )


@course_style
def backward_step(n=4, n_next=3, N=5):
    """Show delta^l = f'(z^l) * ((W^(l+1))^T delta^(l+1)) to scale, with all that one entry of it needs marked."""
    unit, sample, cell, letters = 1, 3, 0.28, {n: "n_l", n_next: "n_{l+1}", N: "N"}
    figure, ax = board(7.2, cell * max(n, n_next) + 1.1)
    left, middle = 0.25, cell * max(n, n_next) / 2 + 0.85
    for shape, name, marked, sign in (
        ((n, N), r"$\delta^l$", (unit, sample), "="),
        ((n, N), "$f'(z^l)$", (unit, sample), r"\odot"),
        ((n, n_next), "$(W^{l+1})^T$", (unit, slice(None)), ""),
        ((n_next, N), r"$\delta^{l+1}$", (slice(None), sample), ""),
    ):
        sizes = rf"${letters[shape[0]]}\times {letters[shape[1]]}$"
        matrix(ax, (left, middle), shape, name, sizes, marked=marked, cell=cell)
        left += shape[1] * cell + (0.5 if sign else 0.2)
        if sign:
            write(ax, (left - 0.25, middle), f"${sign}$", size=18)
    show(
        figure,
        f"Equation (2.8) as boxes drawn to scale, for {n} units in layer l, {n_next} in the next and {N} samples. "
        f"delta of layer l, {n} x {N}, equals the slope f'(z), {n} x {N}, times entry by entry the matrix product of W "
        f"transposed, {n} x {n_next}, and delta of the next layer, {n_next} x {N}. Marked: one entry of delta needs "
        "one entry of the slope, one row of W transposed and one column of the next delta.",
    )


@course_style
def exposed(**designs):
    """Show which mistakes each test exposes: a row for each mistake, a column for each of ``designs``, {name: data}."""
    words = reference.load("02-relu-network", "own_test").design
    row, column = 0.3, 1.1
    found = {name.replace("_", " "): own_test.exposed(data, words) for name, data in designs.items()}
    figure, ax = board(7.6, row * len(words) + 0.75)
    top, left = row * len(words) + 0.1, 7.5 - column * len(found)
    for k, (tag, text) in enumerate(words.items()):
        y = top - row * (k + 0.5)
        ax.text(left - 0.15, y, text, ha="right", va="center", size=11.5)
        for place, seen in enumerate(found.values()):
            x, fc = left + column * place, BLUE if seen[tag] else "white"
            ax.add_patch(Rectangle((x, y - 0.13), column - 0.1, 0.26, fc=fc, ec=GREY, lw=0.8))
            write(ax, (x + column / 2 - 0.05, y), "seen" if seen[tag] else "", size=10.5, color="white")
    for place, (name, seen) in enumerate(found.items()):
        x = left + column * (place + 0.5) - 0.05
        write(ax, (x, top + 0.42), name, size=12)
        write(ax, (x, top + 0.17), f"{sum(seen.values())} of {len(words)}", size=11)
    parts = [f"{name} shows {_score(seen, words)}" for name, seen in found.items()]
    show(figure, f"Which mistakes the numbers of a test show: {'. '.join(parts)}.")


def _score(seen, words):
    blind = [text for tag, text in words.items() if not seen[tag]]
    return f"{sum(seen.values())} of {len(words)}" + (f", but not these: {'; '.join(blind)}" if blind else "")


@course_style
def loss_by_step(losses, line):
    """Show the loss at each step of the descent, and that of the best straight line, both axes logarithmic."""
    losses, steps = np.ravel(losses), len(losses) - 1
    figure, ax = axes("step", "loss")
    ax.plot(losses, color=BLUE, lw=2, label="the network")
    ax.axhline(line, color=ORANGE, lw=2, ls="--", label="the best straight line")
    ax.set_xscale("symlog", linthresh=1)
    ax.set(yscale="log", xlim=(0, steps * 1.05))
    ax.xaxis.set_major_formatter("{x:,g}")
    ax.yaxis.set_major_formatter("{x:,g}")
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.legend()
    below = np.flatnonzero(losses < line)
    when = f" It is below that from step {_rough(below[0])} on." if below.size else " It never gets below that."
    show(
        figure,
        f"The loss at each step: {short(losses[0])} at the start, {short(losses[-1])} after {steps:,} steps. "
        f"The best straight line, dashed, has {short(line)}.{when}",
    )


def _rough(step):
    return f"{float(f'{step:.2g}'):,.10g}"


@course_style
def fit(x, y, grid, y_hat, line, ylabel):
    """Show points x, y over the year; over ``grid`` the network's ``y_hat`` and the straight ``line``, both (M,)."""
    x, y, grid, y_hat, line = map(np.ravel, (x, y, grid, y_hat, line))
    figure, ax = axes("time of the year", ylabel)
    ax.plot(x, y, ".", color=GREY, ms=4, alpha=0.6, label=f"{len(x)} weeks")
    ax.plot(grid, line, color=BLUE, lw=2.2, ls="--", label="the best straight line")
    ax.plot(grid, y_hat, color=ORANGE, lw=3, label="your network")
    _months(ax)
    ax.legend()
    high, low = grid[np.argmax(y_hat)], grid[np.argmin(y_hat)]
    show(
        figure,
        f"{len(x)} points over the year. The network's curve of straight pieces rises to {y_hat.max():.1f} in "
        f"{_month(high)}, falls to {y_hat.min():.1f} in {_month(low)} and rises again; the best straight line "
        f"only falls, from {line[0]:.1f} to {line[-1]:.1f}.",
    )


@course_style
def regions(grid, seen):
    """Show the network's prediction over the year ``grid`` (M,), and under it where each hidden unit is live.

    seen  what the forward pass saw on the grid: v1, v2, y_hat
    """
    units = {f"$v^{l}_{k + 1}$": row > 0 for l in (1, 2) for k, row in enumerate(seen[f"v{l}"])}
    kinks = sorted({grid[k] for live in units.values() for k in np.flatnonzero(np.diff(live))})
    figure = Figure(figsize=(6.6, 2.6 + 0.32 * len(units)), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[2.2, 0.32 * len(units)])
    top.plot(grid, seen["y_hat"][0], color=ORANGE, lw=3)
    top.set_ylabel("prediction")
    for row, live in enumerate(units.values()):
        bottom.fill_between(
            grid, -row - 0.38, -row + 0.38, where=live, color=BLUE if row < len(seen["v1"]) else MARK, lw=0
        )
        if not live.any():
            white = {"fc": "white", "ec": "none", "pad": 1}
            bottom.text(0.5, -row, "dead all year", ha="center", va="center", size=10, color=GREY, bbox=white)
    bottom.set_ylim(0.6 - len(units), 0.6)
    bottom.set_yticks(-np.arange(len(units)), units)
    bottom.tick_params(axis="y", length=0)
    for ax in (top, bottom):
        for kink in kinks:
            ax.axvline(kink, color=INK, lw=0.8, ls=":")
    _months(bottom)
    parts = [f"{name.translate({ord(c): None for c in '$_^'})} {_when(grid, live)}" for name, live in units.items()]
    show(
        figure,
        f"Above, the network's prediction over the year; below, where each hidden unit is live: {'; '.join(parts)}. "
        f"Dotted lines mark the {len(kinks)} places where a unit switches: there the prediction has its kinks.",
    )


def _when(grid, live):
    """Return in words where a unit is live."""
    if live.all():
        return "all year"
    if not live.any():
        return "never"
    ends = np.flatnonzero(np.diff(np.concatenate([[False], live, [False]]).astype(int)))
    spans = [f"{_month(grid[a])} to {_month(grid[b - 1])}" for a, b in ends.reshape(-1, 2)]
    return " and ".join(spans)


def _month(fraction):
    return MONTHS[min(int(12 * fraction), 11)]


def _months(ax):
    ax.set_xlim(0, 1)
    ax.set_xticks((np.arange(12) + 0.5) / 12, MONTHS)
    ax.tick_params(axis="x", length=0)
