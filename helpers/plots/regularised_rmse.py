"""The figures of notebook 03."""

from itertools import pairwise

import numpy as np
from matplotlib.patches import Circle, Rectangle

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
    in_words,
    node,
    short,
    show,
    write,
)

STYLES = [("-", "o"), ("--", "s"), ("-.", "^"), (":", "D"), ((0, (5, 1)), "v")]  # told apart without their hue
SHADES = [BLUE, ORANGE, INK, GREY, MARK]


@course_style
def network(params):
    """Show the net of ``params`` W1 b1 W2 b2 W3 b3: its layers, the error L at its end, and R, of the parameters."""
    sizes = [params["W1"].shape[1], *(params[f"W{l}"].shape[0] for l in (1, 2, 3))]
    figure, ax = board(8.4, max(sizes) * 0.85 + 1.65)
    middle, places = 1.15 + max(sizes) * 0.425, (0.6, 2.3, 4.0, 5.7)
    centres = [[(x, middle + 0.85 * ((n - 1) / 2 - i)) for i in range(n)] for x, n in zip(places, sizes, strict=True)]
    for before, after in pairwise(centres):
        for start in before:
            for end in after:
                ax.plot(*zip(start, end, strict=True), color=GREY, lw=0.9, zorder=0)
    for l, centres_of_layer in enumerate(centres):
        label, fill = (r"$\tanh$", PALE) if l in (1, 2) else ("", "white")
        for at in centres_of_layer:
            node(ax, at, label, Circle(at, 0.3), fc=fill, size=11)
        names = ["$X$", "$z_1, a_1$", "$z_2, a_2$", "$O = z_3$"]
        write(ax, (places[l], middle + 0.425 * max(sizes) + 0.2), f"{names[l]}   {sizes[l]}", size=13)
    for l in (1, 2, 3):
        write(ax, (places[l] - 0.85, 1.0), f"$W_{l}, b_{l}$", size=13)
        arrow(ax, (places[l] - 0.85, 0.85), (places[l] - 0.85, 0.5), 0, 0, ls="--")
    node(
        ax, (3.15, 0.27), r"$R$: half the sum of all their squares", Rectangle((0.9, 0.04), 4.5, 0.46), "white", size=13
    )
    error = (7.4, middle)
    node(ax, error, "$L$", Circle(error, 0.36))
    arrow(ax, (6.1, middle), error, 0, 0.36)
    write(ax, (7.4, middle + 1.0), "$Y$")
    arrow(ax, (7.4, middle + 1.0), error, 0.2, 0.36)
    node(ax, (7.4, 0.27), r"$L + \alpha R$", Rectangle((6.75, 0.04), 1.3, 0.46))
    arrow(ax, error, (7.4, 0.5), 0.36, 0)
    arrow(ax, (5.4, 0.27), (6.75, 0.27), 0, 0, ls="--")
    show(
        figure,
        f"A network in four columns: {sizes[0]} inputs X; {sizes[1]} tanh units; {sizes[2]} tanh units; {sizes[3]} "
        "linear outputs O. Every unit feeds every unit of the next column. O and the targets Y give the error L. "
        "From below, all weights and biases W1 b1 W2 b2 W3 b3 feed R, half the sum of their squares. L and R meet in "
        "the loss, L + alpha R.",
    )


@course_style
def pulls(O, Y, together, alone):
    """Show how long each sample's column is in two gradients (n, N): that of L, and the mean of the single ones."""
    lengths = np.linalg.norm(O - Y, axis=0)
    both = [np.linalg.norm(G, axis=0) for G in (together, alone)]
    at = np.arange(len(lengths))
    figure, ax = axes("sample, and the length of its residual", r"length of its column of the gradient")
    ax.bar(at - 0.2, both[0], 0.38, color=BLUE, label="one root over all samples: $L$")
    ax.bar(at + 0.2, both[1], 0.38, color="white", edgecolor=ORANGE, hatch="//", lw=1.5, label="a root for each sample")
    ax.set_xticks(at, [f"{k + 1}:  {lengths[k]:.2f}" for k in at])
    ax.legend(loc="upper left")
    told = "; ".join(
        f"sample {k + 1}, residual {short(lengths[k])}: {short(both[0][k])} and {short(both[1][k])}" for k in at
    )
    show(
        figure,
        "How hard each sample pulls at the outputs, with one root over all samples and with a root for each sample: "
        f"{told}. With one root the pull is in proportion to the residual; with a root each, all pull alike.",
    )


@course_style
def kink(rmse, d_rmse):
    """Show L of one sample with one output unit against its residual, beside the square of L, and both slopes."""
    r, zero = np.linspace(-1.5, 1.5, 121), np.zeros((1, 1))
    L = np.array([rmse(np.array([[value]]), zero) for value in r])
    slopes = np.array([d_rmse(np.array([[value]]), zero)[0, 0] for value in r])
    figure, ax = axes("residual $o - y$", "")
    ax.plot(r, L, color=BLUE, lw=2.5, label="$L$")
    ax.plot(r, L**2, color=GREY, lw=1.5, ls="--", label="$L^2$, without the root")
    ax.plot(r[r < 0], slopes[r < 0], color=ORANGE, lw=2.5, ls="-.", label=r"$\partial L / \partial o$")
    ax.plot(r[r > 0], slopes[r > 0], color=ORANGE, lw=2.5, ls="-.")
    ax.plot(0, slopes[r == 0][0], "o", color=ORANGE, ms=8, zorder=4)
    ax.axhline(0, color=INK, lw=0.8)
    ax.legend()
    show(
        figure,
        "L of one sample against its residual is a V with its tip at 0; its square, dashed, is a parabola. "
        f"The slope of L is {short(slopes[0])} to the left of the tip, {short(slopes[-1])} to the right, however near, "
        f"and at the tip, a dot, it is set to {short(slopes[r == 0][0])}.",
    )


@course_style
def falls(runs, closer):
    """Show L at each step of a few descents, {label: L at each step}, and again the steps of the range ``closer``."""
    figure, ax = axes("step", "$L$")
    ax.remove()
    figure.set_figwidth(8.4)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    told = []
    for (label, values), colour, (line, marker) in zip(runs.items(), SHADES, STYLES, strict=False):
        left.semilogy(values, color=colour, lw=1.4, ls=line, label=label)
        part = values[closer.start : closer.stop]
        right.plot(closer, part, color=colour, lw=1.4, ls=line, marker=marker, ms=4)
        told.append(
            f"{label}: from {_two(values[0])} to {_two(values[-1])}, in between {', '.join(map(_two, part[:4]))}"
        )
    left.axvspan(closer.start, closer.stop, color=PALE, zorder=0)
    left.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    left.set(xlabel="step", ylabel="$L$")
    left.legend()
    right.set(xlabel="step", ylim=(0, None), title="the shaded steps, closer")
    right.title.set_size(12)
    plain = in_words("; ".join(told))
    show(
        figure,
        f"L at each of {len(values) - 1} steps, on a scale of powers of ten, and closer from step {closer.start} on. "
        f"{plain}.",
    )


@course_style
def path(alphas, path, errors, references):
    """Show errors and weights against alpha, on a scale of powers of ten.

    path        params at each alpha
    errors      {label: the error at each alpha}
    references  {label: an error that does not depend on alpha}
    """
    figure, ax = axes(r"$\alpha$", "error $L$")
    figure.set_figheight(7.2)
    ax.remove()
    top, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    for (label, values), colour, (line, marker) in zip(errors.items(), SHADES, STYLES, strict=False):
        top.semilogx(alphas, values, color=colour, ls=line, marker=marker, lw=2, label=label)
    for (label, value), line in zip(references.items(), (":", "-."), strict=False):
        top.axhline(value, color=GREY, lw=1.5, ls=line, label=label)
    top.set(ylabel="error $L$", ylim=(0, None))
    top.legend(fontsize=10)
    for key, colour, line in (("W1", GREY, "-"), ("W2", ORANGE, "--"), ("W3", BLUE, "-.")):
        below.semilogx(alphas, [params[key].ravel() for params in path], color=colour, ls=line, lw=1)
        below.plot([], [], color=colour, ls=line, label=f"${key[0]}_{key[1]}$")
    below.axhline(0, color=INK, lw=0.8)
    below.set(xlabel=r"$\alpha$", ylabel="each weight")
    below.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    below.legend(fontsize=10, ncols=3)
    told = "; ".join(f"{label} {', '.join(map(_two, values))}" for label, values in errors.items())
    lines = "; ".join(f"{label} {_two(value)}" for label, value in references.items())
    largest = [_two(max(np.abs(params[f"W{l}"]).max() for l in (1, 2, 3))) for params in path]
    show(
        figure,
        f"Errors and weights against alpha. At alpha = {', '.join(map(_two, alphas))}: {told}. "
        f"For comparison: {lines}. Below, every weight: the largest are {', '.join(largest)} in size.",
    )


@course_style
def effects(alphas, effects, names, line):
    """Show how much the output moves with each input, (len(alphas), n), and beside it the weights of a line."""
    figure, ax = axes(r"$\alpha$", "effect on the output")
    for k, (name, colour, (style, marker)) in enumerate(zip(names, SHADES, STYLES, strict=False)):
        ax.semilogx(alphas, effects[:, k], color=colour, ls=style, marker=marker, lw=1.8, label=name)
        ax.plot(0.38, line[k], marker=marker, color=colour, ms=9, mfc="white", mew=2)
    ax.axhline(0, color=INK, lw=0.8)
    ax.axvline(0.27, color=GREY, lw=0.8, ls=":")
    ax.set_xlim(min(alphas) * 0.8, 0.55)
    ticks = [alpha for alpha in (0.001, 0.01, 0.1) if alpha >= min(alphas)]
    ax.set_xticks([*ticks, 0.38], [*(f"{tick:g}" for tick in ticks), "line"])
    ax.minorticks_off()
    figure.legend(loc="outside upper center", ncols=5)
    told = "; ".join(
        f"{name} {', '.join(map(_two, effects[:, k]))}, line {_two(line[k])}" for k, name in enumerate(names)
    )
    show(figure, f"The mean effect of each input on the output, at alpha = {', '.join(map(_two, alphas))}: {told}.")


def _two(number):
    """Return the number to two significant digits: a descent of thousands of steps is no more alike everywhere."""
    return "0" if abs(number) < 1e-4 else f"{float(f'{number:.2g}'):g}"
