"""The figures of notebook 04."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.ticker import MaxNLocator

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

RADIUS = 0.33
STYLES = [("o", "-", BLUE), ("s", "--", ORANGE), ("^", ":", INK), ("D", "-.", GREY)]


@course_style
def network(params):
    """Show the net of ``params`` W1 b1 ... WL bL, every unit and weight, layers counted from 0, and as in the notes."""
    L = len(params) // 2
    sizes = [params["W1"].shape[1], *(len(params[f"W{l}"]) for l in range(1, L + 1))]
    figure, ax = board(2.4 * L + 2.2, 0.9 * max(sizes) + 1.35)
    middle = figure.get_figheight() / 2 + 0.4
    at = [[(1.1 + 2.4 * l, middle + 0.9 * ((n - 1) / 2 - j)) for j in range(n)] for l, n in enumerate(sizes)]
    for l in range(1, L + 1):
        for i, j in np.ndindex(sizes[l], sizes[l - 1]):
            arrow(ax, at[l - 1][j], at[l][i], RADIUS, RADIUS)
        write(ax, (2.4 * l - 0.1, 0.72), f"$W^{{[{l}]}},\\, b^{{[{l}]}}$", 13)
    for l, n in enumerate(sizes):
        for j in range(n):
            name = f"a_{j + 1}^{{[{l}]}}" if l else f"x_{j + 1}"
            node(ax, at[l][j], f"${name}$", Circle(at[l][j], RADIUS), fc=PALE if l else "white", size=13)
        write(ax, (at[l][0][0], 0.42), f"layer {l}", 12)
        write(ax, (at[l][0][0], 0.17), f"(notes: layer {l + 1})", 10, color=GREY)
    units = ", ".join(f"layer {l} has {n}" for l, n in enumerate(sizes))
    show(
        figure,
        f"A network of {L} layers of weights, every unit joined to all units of the next layer. Units: {units}. "
        f"Layer 0 is the input; W1 and b1 lead into layer 1, and so on up to layer {L}, the output. "
        f"The notes count one more: their input is layer 1, their output layer {L + 1}.",
    )


@course_style
def error_comes_back(units=3):
    """Show the recursion at one unit j: the deltas of the ``units`` above it come back along its outgoing weights."""
    figure, ax = board(7.2, 1.0 * units + 0.9)
    middle = figure.get_figheight() / 2 + 0.1
    own, total = (1.0, middle), (3.1, middle)
    write(ax, (1.0, 0.25), "layer $l$", 12)
    write(ax, (6.2, 0.25), "layer $l+1$", 12)
    for k in range(units):
        above = (6.2, middle + 1.0 * ((units - 1) / 2 - k))
        arrow(ax, above, total, 0.42, 0.36, f"$w_{{{k + 1}j}}$")
        node(ax, above, f"$\\delta_{{{k + 1}}}$", Circle(above, 0.42), size=17)
    arrow(ax, total, own, 0.36, 0.42)
    node(ax, total, r"$\Sigma$", Circle(total, 0.36), fc="white", size=19)
    node(ax, own, r"$\delta_j$", Circle(own, 0.42), fc=MARK, size=17)
    write(ax, (2.1, middle + 0.32), r"$\cdot f'(z_j)$", 15)
    ways = ", ".join(f"delta {k + 1} times w{k + 1}j" for k in range(units))
    show(
        figure,
        f"The way back to unit j of layer l. From the {units} units of layer l + 1 that it feeds come {ways}. "
        "They are added up, the sum is multiplied by the slope f'(z_j), and that is delta j. All arrows point back.",
    )


@course_style
def recursion_shapes(own=4, above=3, N=5):
    """Show delta[l] = (W^T delta[l+1]) * f'(z[l]) to scale, for a layer of ``own`` units under one of ``above``."""
    figure, ax = board(7.6, 2.9)
    y, cell = 1.85, 0.28
    n_l, n_above = "n_l", "n_{l+1}"
    result = matrix(ax, (0.25, y), (own, N), r"$\delta^{[l]}$", f"${n_l}\\times N$", (slice(None), 1), cell)
    write(ax, (1.9, y), "$=$", 19)
    write(ax, (2.14, y), "(", 36)
    matrix(ax, (2.3, y), (own, above), r"$(W^{[l+1]})^T$", f"${n_l}\\times {n_above}$", None, cell)
    matrix(ax, (3.55, y), (above, N), r"$\delta^{[l+1]}$", f"${n_above}\\times N$", (slice(None), 1), cell)
    write(ax, (5.12, y), ")", 36)
    write(ax, (5.42, y), r"$\odot$", 19)
    matrix(ax, (5.75, y), (own, N), r"$f'(z^{[l]})$", f"${n_l}\\times N$", (slice(None), 1), cell)
    write(ax, result[0, 1] + [0, 0.36], "one sample", 12)
    show(
        figure,
        f"The recursion as boxes drawn to scale, {own} units under {above}, {N} samples. W^T, n_l x n_(l+1), times "
        "delta of layer l+1, n_(l+1) x N, gives n_l x N; f'(z), of the same shape n_l x N, multiplies it entry by "
        "entry, and the result is delta of layer l. One column, one sample, is marked all the way through.",
    )


@course_style
def slopes(functions):
    """Show the slopes of activations, {name: f_prime}, between -6 and 6; each with its largest value."""
    z = np.linspace(-6, 6, 241)
    figure, ax = axes("$z$", "$f'(z)$")
    largest = {}
    for (name, f_prime), (_, line, colour) in zip(functions.items(), STYLES, strict=False):
        largest[name] = short(np.max(f_prime(z)))
        ax.plot(z, f_prime(z), line, color=colour, lw=2.2, label=f"{name}, at most {largest[name]}")
    ax.set_ylim(0, 1.35)
    ax.legend(loc="upper left")
    words = ", ".join(f"{name} at most {value}" for name, value in largest.items())
    show(
        figure,
        f"The slopes f'(z) of the activations for z from -6 to 6: {words}. Those of sigmoid and tanh are bells around "
        "0 that vanish on both sides; that of ReLU is 0 on the left and 1 on the right.",
    )


@course_style
def delta_by_layer(sizes):
    """Show how large delta is in each layer, on a logarithmic scale: {name: a number for each layer, 1 first}."""
    figure, ax = axes("layer $l$", r"typical size of $\delta^{[l]}$")
    words = []
    for (name, size), (marker, line, colour) in zip(sizes.items(), STYLES, strict=False):
        layers = np.arange(1, len(size) + 1)
        ax.semilogy(layers, size, line, marker=marker, color=colour, lw=1.6, ms=6, label=name)
        words.append(f"{name} from {_power(size[-1])} in layer {len(size)} to {_power(size[0])} in layer 1")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend()
    show(
        figure,
        f"The typical size of delta in each layer, on a logarithmic scale, from the output back to the first layer: "
        f"{'; '.join(words)}.",
    )


def _power(number):
    """Return a positive number as the power of ten that is nearest: the same on every machine."""
    return f"about 10^{round(np.log10(number))}"


@course_style
def images(X, digits):
    """Show images of 8 x 8 pixels, the columns of X (64, N), each under its digit."""
    N = X.shape[1]
    columns = min(N, 10)
    rows = -(-N // columns)
    figure = Figure(figsize=(7.2, 0.98 * rows), layout="constrained")
    for k, ax in enumerate(figure.subplots(rows, columns, squeeze=False).ravel()):
        ax.axis("off")
        if k < N:
            _image(ax, X[:, k])
            ax.set_title(f"{digits[k]:.0f}", size=12, pad=3)
    show(
        figure,
        f"{N} images of handwritten digits, 8 by 8 pixels, dark ink on light paper: "
        f"{', '.join(f'{digit:.0f}' for digit in digits)}.",
    )


def _image(ax, pixels):
    ax.imshow(pixels.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)


@course_style
def accuracy_by_epoch(training, held_out, goal=0.95):
    """Show the share of images read rightly after each epoch, of those trained on and of those held out."""
    figure, ax = axes("epoch", "read rightly (%)")
    epochs = np.arange(1, len(training) + 1)
    named = {"trained on": training, "held out": held_out}
    for (name, share), (marker, line, colour) in zip(named.items(), STYLES, strict=False):
        ax.plot(epochs, 100 * np.array(share), line, marker=marker, color=colour, lw=1.6, ms=5, label=name)
    ax.axhline(100 * goal, color=GREY, lw=1.2, ls=":", label=f"{100 * goal:.0f} %")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(loc="lower right")
    show(
        figure,
        f"The share of images read rightly after each of {len(training)} epochs. Held out: "
        f"{100 * held_out[0]:.1f} % after the first, {100 * held_out[-1]:.1f} % after the last. Trained on: "
        f"{100 * training[0]:.1f} % after the first, {100 * training[-1]:.1f} % after the last. "
        f"A dotted line marks {100 * goal:.0f} %.",
    )


@course_style
def misread(X, outputs, digits, count=5):
    """Show the first ``count`` images that are read wrongly, each with its ten outputs (10, N) as bars."""
    read = outputs.argmax(axis=0)
    wrong = np.flatnonzero(read != digits)
    chosen = wrong[:count]
    figure = Figure(figsize=(7.6, 4.2), layout="constrained")
    heights = {"height_ratios": (2, 3)}
    panels = figure.subplots(2, max(len(chosen), 1), squeeze=False, sharey="row", gridspec_kw=heights)
    for k, (image, bars) in zip(chosen, panels.T, strict=False):
        _image(image, X[:, k])
        image.axis("off")
        image.set_title(f"a {digits[k]:.0f}, read as {read[k]}", size=12)
        colours = [ORANGE if d == read[k] else BLUE if d == digits[k] else GREY for d in range(10)]
        hatches = ["//" if d == digits[k] else "" for d in range(10)]
        bars.barh(range(10), outputs[:, k], color=colours, hatch=hatches, edgecolor="white", height=0.85)
        bars.axvline(0, color=INK, lw=0.8)
        bars.set(yticks=range(10), xlim=(-1, 1), xticks=(-0.8, 0.8), ylim=(9.6, -0.6), xlabel="output")
        bars.tick_params(labelsize=10)
    for ax in panels[:, len(chosen) :].ravel():
        ax.axis("off")
    words = "; ".join(
        f"a {digits[k]:.0f} read as {read[k]} (output {_tenths(outputs[read[k], k])}; "
        f"that of the {digits[k]:.0f} is {_tenths(outputs[int(digits[k]), k])})"
        for k in chosen
    )
    show(
        figure,
        f"{len(wrong)} of {len(digits)} held-out images are read wrongly. The first {len(chosen)}: {words}. Under each "
        "image, its ten outputs as bars: orange for the digit that was read, hatched for the right one.",
    )


def _tenths(number):
    return f"{round(float(number), 1) + 0.0:.1f}"  # -0.0 is 0.0
