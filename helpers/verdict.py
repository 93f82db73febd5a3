"""A verdict on one answer: what it says, and how it looks in JupyterLab and elsewhere."""

from dataclasses import asdict, dataclass
from html import escape

MIME = "application/vnd.backprop.verdict+json"

# state -> (sign, colour of sign and bar). The sign and the words carry the meaning; the colour only repeats it.
# Each colour has a contrast of 4.5 with JupyterLab's light background, and of 3 with its dark one.
STATES = {
    "not attempted": ("○", "#6e7681"),
    "error": ("!", "#b45f06"),
    "wrong type or shape": ("▭", "#b45f06"),
    "changed its argument": ("↺", "#b45f06"),
    "wrong": ("✗", "#d04437"),
    "right in another convention": ("≈", "#2a78b0"),
    "right": ("✓", "#23804f"),
}

# A failing ``require`` gives two outputs: the verdict, and the exception with the verdict as text, for Validate and
# for consoles. This hides the second in JupyterLab; where it is not understood, the text is shown as well.
ONCE = (
    '<style class="verdict-once">.jp-OutputArea-child:has(.verdict-once) + .jp-OutputArea-child:has('
    '> [data-mime-type="application/vnd.jupyter.stderr"]) {display: none}</style>'
)


class NotRight(AssertionError):
    """Raised by ``Verdict.require``; Jupyter shows its verdict in place of a traceback."""

    def __init__(self, verdict):
        super().__init__(f"{verdict.exercise}: {verdict.state}")
        self.verdict = verdict

    def __str__(self):
        return str(self.verdict)

    def _render_traceback_(self):
        return str(self.verdict).splitlines()


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    exercise  the graded function
    state     one of STATES
    mistake   the tag of the named mistake that explains the answer, or None
    where     the first wrong quantity, in the order of computation, or None
    message   what is the matter, in a sentence or two
    hint      a question that leads on, or None
    further   a second hint, which leads further, or None
    replay    the code of the case, or None; ``helpers.replay`` gives its inputs
    """

    exercise: str
    state: str
    mistake: str | None = None
    where: str | None = None
    message: str = ""
    hint: str | None = None
    further: str | None = None
    replay: str | None = None
    carried: str | None = None  # the earlier function that has the same mistake, which costs nothing twice
    share: float | None = None  # the share of its points that it earns, where that is not all or nothing
    attempts: int = 0  # how often this exercise was checked, this time among them; 0 where nobody counts
    minutes: float = 0.0  # of work on it
    grid: tuple = ()  # how far off each entry of ``where`` is, from 0 to 1, in rows

    @property
    def passed(self):
        return self.state == "right"

    def require(self):
        """Show the verdict; raise NotRight on anything but a pass. The last call of every test cell."""
        _display(self)
        if not self.passed:
            raise NotRight(self)

    def __str__(self):
        sign, _ = STATES[self.state]
        lines = [f"{sign} {self.exercise}: {self._title()}"]
        lines += [f"  {line}" for line in self.message.splitlines()]
        lines += [f"    {''.join('x ' if entry else '· ' for entry in row)}" for row in self.grid]
        lines += [f"  Hint: {self.hint}"] if self.hint else []
        lines += [f"  {self._again()}"] if self.replay else []
        return "\n".join(lines)

    __repr__ = __str__

    def _title(self):
        mistake = f" ({self.mistake})" if self.mistake else ""
        return f"{self.state}{mistake}{f', carried forward from {self.carried}' if self.carried else ''}"

    def _again(self):
        """Return how to see the failing case again; a hidden one (h and a number) is for the instructor to see."""
        if self.replay.rpartition("-")[2].startswith("h"):
            return f"Your instructor can replay the case: {self.replay}"
        return f'The same case again: {self.exercise}(**replay("{self.replay}"))'

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": str(self), "text/html": self._html(), MIME: self._data()}

    def _data(self):
        data = asdict(self)
        counted = data.pop("attempts"), data.pop("minutes")
        return data | (dict(zip(("attempts", "minutes"), counted, strict=True)) if counted[0] else {})

    def _html(self):
        sign, colour = STATES[self.state]
        parts = [
            f'<strong><span aria-hidden="true" style="color:{colour}">{sign}</span> '
            f"<code>{escape(self.exercise)}</code> {escape(self._title())}</strong>"
        ]
        parts += [f"<div>{_html_line(line)}</div>" for line in self.message.splitlines()]
        parts += [_html_grid(self.grid, colour)] if self.grid else []
        if self.hint:
            parts.append(_html_hints("A hint", self.hint, self.further))
        if self.replay:
            before, colon, code = self._again().partition(": ")
            parts.append(f"<small>{before}{colon}<code>{escape(code)}</code></small>")
        box = (
            f"border-left:4px solid {colour};background:color-mix(in srgb,{colour} 8%,transparent);"
            "padding:.5em .9em;margin:.2em 0;max-width:60em;line-height:1.5"
        )
        return f'<div role="status" class="verdict" style="{box}">{"".join(parts)}</div>'


def _html_hints(label, hint, further=None):
    """Return a hint to unfold, and inside it a further one."""
    inner = _html_hints("A further hint", further) if further else ""
    return f'<details><summary style="cursor:pointer">{label}</summary>{escape(hint)}{inner}</details>'


def _html_grid(grid, colour):
    """Return a small heat map: a wrong entry has a cross, and is the darker the further off it is."""
    label = f"{sum(entry > 0 for row in grid for entry in row)} of {sum(map(len, grid))} entries are wrong"
    rows = "".join(f"<div>{''.join(_html_entry(entry, colour) for entry in row)}</div>" for row in grid)
    return f'<div role="img" aria-label="{label}" style="margin:.4em 0;line-height:1.3em">{rows}</div>'


def _html_entry(entry, colour):
    fill = f"background:color-mix(in srgb,{colour} {round(15 + 55 * entry)}%,transparent)" if entry else ""
    box = "display:inline-block;vertical-align:top;width:1.6em;height:1.3em;text-align:center;border:1px solid #8888"
    return f'<span style="{box};{fill}">{"×" if entry else ""}</span>'


def _html_line(line):
    return f"<code>{escape(line.strip())}</code>" if line.startswith("    ") else escape(line)


def _display(verdict):
    """Show the verdict that ``require`` stands for: a rich display in a notebook, text elsewhere."""
    try:
        from IPython import get_ipython
    except ImportError:
        get_ipython = _nothing
    if getattr(get_ipython(), "kernel", None) is None:
        if verdict.passed:
            print(verdict)
    else:
        from IPython.display import display

        bundle = verdict._repr_mimebundle_()
        if not verdict.passed:
            bundle["text/html"] = ONCE + bundle["text/html"]
        display(bundle, raw=True)


def _nothing():
    return None
