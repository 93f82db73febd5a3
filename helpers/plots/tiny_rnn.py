"""The figures of notebook 05."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

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
    node,
    short,
    show,
    write,
)

RADIUS = 0.36
STYLES = [("o", "-"), ("s", "--"), ("^", "-."), ("D", ":"), ("v", "-"), ("P", "--")]
NAMES = {"w": "$w$", "w_x": "$w_x$", "w_h": "$w_h$", "b1": "$b_1$", "b2": "$b_2$"}


@course_style
def network(params):
    """Show the network folded up, its five ``params`` (floats) on their arrows: x_t, h_t with its loop, y'_t, E_t."""
    figure, ax = board(7.2, 2.35)
    x, h, out, error = (0.7, 1.0), (3.0, 1.0), (5.1, 1.0), (6.65, 1.0)
    label = {name: f"{NAMES[name]} $= {short(params[name])}$" for name in NAMES}
    node(ax, x, "$x_t$", Circle(x, RADIUS))
    node(ax, h, "$h_t$", Circle(h, RADIUS))
    node(ax, out, "$y'_t$", Circle(out, RADIUS))
    node(ax, error, "$E_t$", Rectangle((error[0] - 0.3, 0.7), 0.6, 0.6), fc="white")
    for start, end, name in [(x, h, "w_x"), (h, out, "w")]:
        arrow(ax, start, end, RADIUS, RADIUS)
        write(ax, ((start[0] + end[0]) / 2, 1.2), label[name], 12)
    arrow(ax, out, error, RADIUS, 0.3)
    _bow(ax, (3.22, 1.28), (2.78, 1.28), 2.6)
    write(ax, (3.0, 2.05), f"{label['w_h']}, one step later", 12)
    for at, name in [(h, "b1"), (out, "b2")]:
        arrow(ax, (at[0], 0.1), at, 0.15, RADIUS, ls="--")
        write(ax, (at[0] + 0.65, 0.3), label[name], 12)
    write(ax, (6.65, 0.2), "$y_t$")
    arrow(ax, (6.65, 0.2), error, 0.18, 0.3)
    numbers = ", ".join(f"{name} = {short(params[name])}" for name in NAMES)
    show(
        figure,
        "The network folded up. The input x_t leads with weight w_x to the hidden state h_t, and that with weight w to "
        "the prediction y'_t, which meets the target y_t in the error E_t. A loop leads from h_t back to itself, with "
        f"weight w_h, one step later. The biases b1 and b2 are dashed. The five numbers are {numbers}.",
    )


@course_style
def unrolled(T=3):
    """Show the same network unrolled over T steps: a column for each step, the state handed on from left to right."""
    figure, ax = board(1.9 * T + 2.1, 4.0)
    states = [(0.7 + 1.9 * t, 1.9) for t in range(T + 1)]
    node(ax, states[0], "$h_0$", Circle(states[0], RADIUS), fc="white", ls="--")
    for t in range(1, T + 1):
        _step(ax, states[t], t)
        arrow(ax, states[t - 1], states[t], RADIUS, RADIUS, "$w_h$")
    show(
        figure,
        f"The network unrolled over {T} steps, a column for each. From h0, given and dashed, an arrow with weight "
        f"w_h leads to h1, and so on to h{T}. Into each state comes its input with w_x, and out of it goes the "
        "prediction with w, to the error of that step. The letters on the arrows are the same in every column.",
    )


@course_style
def two_paths():
    """Show T = 2 with the two ways on which w_h acts on E_2: straight into h_2, and through h_1."""
    figure, ax = board(7.2, 4.6)
    states = [(0.8, 2.1), (3.3, 2.1), (5.8, 2.1)]
    weights = [(2.05, 0.55), (4.55, 0.55)]
    node(ax, states[0], "$h_0$", Circle(states[0], RADIUS), fc="white", ls="--")
    for t in (1, 2):
        _step(ax, states[t], t, inputs=False)
        arrow(ax, states[t - 1], states[t], RADIUS, RADIUS)
        node(ax, weights[t - 1], "$w_h$", Rectangle((weights[t - 1][0] - 0.27, 0.3), 0.54, 0.5), fc=MARK)
    ax.plot([2.32, 4.28], [0.55, 0.55], color=GREY, lw=1, ls=":")
    write(ax, (3.3, 0.38), "one and the same number", 10, color=GREY)
    longer, direct = {"color": BLUE, "ls": "--"}, {"color": ORANGE, "ls": "-"}
    _way(ax, [(2.12, 0.82), (3.02, 1.78)], longer)
    _way(ax, [(3.68, 1.98), (5.42, 1.98)], longer)
    _way(ax, [(5.68, 2.48), (5.68, 2.96)], longer)
    _way(ax, [(4.62, 0.82), (5.52, 1.78)], direct)
    _way(ax, [(5.92, 2.48), (5.92, 2.96)], direct)
    write(ax, (2.2, 1.35), r"$q_1 h_0$", 14, color=BLUE)
    write(ax, (4.4, 1.72), r"$q_2 w_h$", 14, color=BLUE)
    write(ax, (5.4, 1.1), r"$q_2 h_1$", 14, color=ORANGE)
    write(ax, (1.7, 4.1), "$k = 1$: through $h_1$", 12, color=BLUE)
    write(ax, (1.9, 3.8), "$k = 2$: straight into $h_2$", 12, color=ORANGE)
    ax.plot([0.15, 0.65], [4.1, 4.1], lw=2.5, **longer)
    ax.plot([0.15, 0.65], [3.8, 3.8], lw=2.5, **direct)
    show(
        figure,
        "Two steps, unrolled, with the two ways from w_h to E2. w_h stands below each of the two states, one and the "
        "same number. Solid, k = 2: from the second w_h straight into h2, with the factor q2 h1, and on through y'2 "
        "to E2. Dashed, k = 1: from the first w_h into h1, with the factor q1 h0, then from h1 to h2, with the factor "
        "q2 w_h, and through y'2 to E2 as well. On each way, the derivative is the product of its factors.",
    )


@course_style
def sigmoids():
    """Show the sigmoid and what is left of it with a minus in the denominator, over u from -4 to 4."""
    figure, ax = axes("$u$", "")
    u = np.linspace(-4, 4, 401)
    ax.plot(u, 1 / (1 + np.exp(-u)), color=BLUE, lw=2.5, label="$1/(1 + e^{-u})$")
    for side, label in [(u[u < -0.1], None), (u[u > 0.1], "$1/(1 - e^{-u})$, as printed")]:
        ax.plot(side, 1 / (1 - np.exp(-side)), color=ORANGE, lw=2.5, ls="--", label=label)
    ax.axhline(0, color=GREY, lw=1)
    ax.axhline(1, color=GREY, lw=1, ls=":")
    ax.axvline(0, color=GREY, lw=1, ls=":")
    ax.set_ylim(-3, 4)
    ax.legend(loc="upper left")
    show(
        figure,
        "Two functions of u from -4 to 4. The sigmoid 1/(1 + e^-u), solid, rises smoothly from 0 to 1 and is 1/2 at 0. "
        "The printed one, 1/(1 - e^-u), dashed, is negative for u < 0 and above 1 for u > 0, with a pole at 0.",
    )


@course_style
def reach(ratios, titles=("balanced: $x_t = 0$", "driven: the sunspots")):
    """Show how much of a delta arrives T steps earlier: ratios = [{w_h: array over T}, ...], one panel for each."""
    figure = Figure(figsize=(7.4, 4.2), layout="constrained")
    panels = figure.subplots(1, len(ratios), sharey=True)
    shades = [str(grey) for grey in np.linspace(0.6, 0.0, len(ratios[0]))]
    lines = []
    for ax, table, title in zip(panels, ratios, titles, strict=True):
        lines = [
            ax.semilogy(
                np.arange(1, len(values) + 1), values, ls=ls, marker=marker, markevery=(2, 5), color=shade, lw=1.8, ms=6
            )[0]
            for (values, (marker, ls), shade) in zip(table.values(), STYLES, shades, strict=False)
        ]
        ax.axhline(1, color=GREY, lw=1)
        ax.set(title=title, xlabel="steps back, $T$")
    panels[0].set_ylabel(r"what is left, $|\delta^h_{t-T} / \delta^h_t|$")
    figure.legend(lines, [f"$w_h = {w_h:g}$" for w_h in ratios[0]], loc="outside upper center", ncols=len(lines))
    text = [
        f"{title.replace('$', '').replace('_', '')}: "
        + ", ".join(f"w_h = {w_h:g} leaves {_power(values[-1])}" for w_h, values in table.items())
        for title, table in zip(titles, ratios, strict=True)
    ]
    steps = len(next(iter(ratios[0].values())))
    show(figure, f"What is left of a delta after up to {steps} steps back, on a log scale. {'. '.join(text)}.")


@course_style
def series(year, sunspots, first_held_out):
    """Show the sunspot numbers by year, the years from ``first_held_out`` on, which are held out, shaded."""
    figure, ax = axes("year", "sunspot number")
    figure.set_size_inches(7.4, 3.2)
    ax.plot(year, sunspots, color=BLUE, lw=1.2)
    ax.axvspan(first_held_out, year[-1], color=PALE, zorder=0)
    ax.text((first_held_out + year[-1]) / 2, 205, "held out", ha="center", va="top")
    ax.set(xlim=(year[0], year[-1]), ylim=(0, 210))
    show(
        figure,
        f"The yearly sunspot number from {year[0]:.0f} to {year[-1]:.0f}: it rises and falls every eleven years or so, "
        f"between {short(sunspots.min())} and {short(sunspots.max())}, and steeper up than down. "
        f"The years from {first_held_out} on are shaded: they are held out.",
    )


@course_style
def training(runs, floor=None):
    """Show the training loss at each step, and its last three quarters enlarged: runs = {name: losses}.

    floor  (name, loss): a line to compare with
    """
    figure = Figure(figsize=(7.4, 3.9), layout="constrained")
    whole, late = figure.subplots(1, 2)
    start = len(next(iter(runs.values()))) // 4
    for (name, losses), (color, ls) in zip(runs.items(), [(BLUE, "-"), (ORANGE, "--")], strict=False):
        whole.semilogy(np.arange(len(losses)), losses, color=color, ls=ls, lw=2.5, label=name)
        late.plot(np.arange(start, len(losses)), losses[start:], color=color, ls=ls, lw=2.5)
    if floor:
        whole.axhline(floor[1], color=GREY, lw=1.5, ls=":", label=floor[0])
    whole.set(xlabel="step", ylabel="training loss")
    late.set(xlabel="step", title=f"from step {start} on")
    late.ticklabel_format(axis="y", style="plain", useOffset=False)
    figure.legend(loc="outside upper center", ncols=3)
    text = "; ".join(
        f"{name}, {short(losses[0])} at first, {short(losses[-1])} at last" for name, losses in runs.items()
    )
    level = f" {floor[0]}, a dotted line, has {short(floor[1])}." if floor else ""
    show(
        figure,
        f"The training loss over {len(losses)} steps, on a log scale: {text}.{level} Beside it, enlarged, the end.",
    )


@course_style
def forecasts(year, y, runs):
    """Show the held-out years: the truth y and the forecasts of ``runs``, {name: array}."""
    figure, ax = axes("year", "sunspot number")
    figure.set_size_inches(7.4, 4.2)
    ax.plot(year, y, "o-", color=INK, ms=4, lw=1, label="what came")
    for (name, values), (color, ls) in zip(runs.items(), [(BLUE, "-"), (ORANGE, "--")], strict=False):
        ax.plot(year, values, color=color, ls=ls, lw=2, label=name)
    figure.legend(loc="outside upper center", ncols=3)
    errors = [f"{name}: {short(np.sqrt(np.mean((values - y) ** 2)))}" for name, values in runs.items()]
    show(
        figure,
        f"The sunspot numbers of {year[0]:.0f} to {year[-1]:.0f}, which no training has seen, and the forecasts made a "
        f"year ahead. Typical errors (root of the mean square): {'; '.join(errors)}.",
    )


def _step(ax, state, t, inputs=True):
    """Draw one step of the unrolled network around its state."""
    x, y = state
    node(ax, state, f"$h_{t}$", Circle(state, RADIUS))
    if inputs:
        node(ax, (x, y - 1.4), f"$x_{t}$", Circle((x, y - 1.4), RADIUS))
        arrow(ax, (x, y - 1.4), state, RADIUS, RADIUS, "$w_x$")
    out, error = (x, y + 1.2), (x + 0.95, y + 1.2)
    node(ax, out, f"$y'_{t}$", Circle(out, RADIUS))
    arrow(ax, state, out, RADIUS, RADIUS, "$w$" if inputs else None)
    node(ax, error, f"$E_{t}$", Rectangle((error[0] - 0.27, error[1] - 0.27), 0.54, 0.54), fc="white")
    arrow(ax, out, error, RADIUS, 0.27)


def _way(ax, points, how):
    """Draw a thick arrow along a part of a path."""
    ax.annotate("", points[1], points[0], arrowprops={"arrowstyle": "-|>", "mutation_scale": 16, "lw": 2.8} | how)


def _bow(ax, start, end, height):
    """Draw an arrow that leaves a node upwards and comes back to it."""
    style = f"arc3,rad={height}"
    ax.add_patch(
        FancyArrowPatch(start, end, connectionstyle=style, arrowstyle="-|>", mutation_scale=15, color=INK, lw=1.5)
    )


def _power(number):
    """Return a number as a rounded power of ten, the same on every machine."""
    return f"about 10^{round(float(np.log10(number)))}"
