"""What the figures of all notebooks are drawn with.

Each figure's function draws it, shows it once with a description in words, and returns None. The description is the
image's alt text and the output's plain text, so that everybody gets the figure and two runs of a notebook can be
compared. Figures differ by marker, line style and lightness; hue only repeats it.
"""

import sys
from base64 import b64encode
from html import escape
from io import BytesIO

import numpy as np
from matplotlib import style
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

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


def short(number):
    """Return the number to three significant digits, rounding noise as 0: the same on every machine, 1,190,000."""
    return "0" if abs(number) < 1e-9 else f"{float(f'{number:.3g}'):,.10g}"


def in_words(label):
    return label.translate({ord(sign): None for sign in "$_{}\\"})


# --- drawing ---------------------------------------------------------------------------------------


def axes(xlabel, ylabel, title=None):
    figure = Figure(figsize=(6.6, 4.2), layout="constrained")
    ax = figure.add_subplot()
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title or "")
    return figure, ax


def board(width, height):
    """Return a figure and its empty axes, measured in inches."""
    figure = Figure(figsize=(width, height))
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    return figure, ax


def write(ax, at, text, size=15, **kwargs):
    ax.text(*at, text, ha="center", va="center", size=size, **kwargs)


def node(ax, at, text, shape, fc=PALE, ls="-", size=15):
    shape.set(facecolor=fc, edgecolor=INK, linewidth=1.5, linestyle=ls)
    ax.add_patch(shape)
    write(ax, at, text, size)


def arrow(ax, start, end, before, after, text=None, ls="-"):
    """Draw an arrow from ``before`` off one point to ``after`` off another, ``text`` on its line."""
    start, end = np.array(start), np.array(end)
    along = (end - start) / np.linalg.norm(end - start)
    head = {"arrowstyle": "-|>", "mutation_scale": 15, "color": INK, "lw": 1.5, "ls": ls, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end - after * along, start + before * along, arrowprops=head)
    if text:
        write(ax, 0.55 * start + 0.45 * end, text, bbox={"fc": "white", "ec": "none", "pad": 2})


def matrix(ax, left, shape, name, shape_name, marked=None, cell=0.36):
    """Draw a matrix as cells, its left side centred at ``left``; return the cells' centres, (rows, columns, 2)."""
    (x, y), (rows, columns) = left, shape
    top = y + rows * cell / 2
    colours = np.full(shape, PALE, dtype=object)
    if marked:
        colours[marked] = MARK
    for (i, k), colour in np.ndenumerate(colours):
        ax.add_patch(Rectangle((x + k * cell, top - i * cell), cell, -cell, fc=colour, ec="white", lw=1))
    ax.add_patch(Rectangle((x, top), columns * cell, -rows * cell, fc="none", ec=INK, lw=1.5))
    write(ax, (x + columns * cell / 2, top - rows * cell - 0.2), name, size=16)
    write(ax, (x + columns * cell / 2, top - rows * cell - 0.5), shape_name, size=13)
    return np.array([[(x + (k + 0.5) * cell, top - (i + 0.5) * cell) for k in range(columns)] for i in range(rows)])
