"""A verdict on one answer: what it says, and how it looks in JupyterLab and elsewhere."""

from dataclasses import asdict, dataclass
from html import escape

MIME = "application/vnd.backprop.verdict+json"

# state -> (sign, colour of the bar). The sign and the words carry the meaning; the colour only repeats it.
STATES = {
    "not attempted": ("○", "#8a8f98"),
    "error": ("!", "#b35900"),
    "wrong type or shape": ("▭", "#b35900"),
    "changed its argument": ("↺", "#b35900"),
    "wrong": ("✗", "#c0392b"),
    "right in another convention": ("≈", "#2471a3"),
    "right": ("✓", "#1e7b4f"),
}


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
    hint      one step further, or None
    replay    the code of the case, or None
    """

    exercise: str
    state: str
    mistake: str | None = None
    where: str | None = None
    message: str = ""
    hint: str | None = None
    replay: str | None = None

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
        lines += [f"  Hint: {self.hint}"] if self.hint else []
        lines += [f'  The same case again: helpers.replay("{self.replay}")'] if self.replay else []
        return "\n".join(lines)

    __repr__ = __str__

    def _title(self):
        return f"{self.state} ({self.mistake})" if self.mistake else self.state

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": str(self), "text/html": self._html(), MIME: asdict(self)}

    def _html(self):
        sign, colour = STATES[self.state]
        parts = [f'<strong><span aria-hidden="true" style="color:{colour}">{sign}</span> '
                 f"<code>{escape(self.exercise)}</code>: {escape(self._title())}</strong>"]
        parts += [f'<div style="white-space:pre-wrap">{escape(self.message)}</div>'] if self.message else []
        if self.hint:
            parts.append(f"<details><summary>A hint</summary>{escape(self.hint)}</details>")
        if self.replay:
            parts.append(f'<small>The same case again: <code>helpers.replay("{escape(self.replay)}")</code></small>')
        return (f'<div role="status" class="verdict" style="border-left:4px solid {colour};padding:.4em .9em;'
                f'margin:.2em 0;max-width:60em;line-height:1.45">{"".join(parts)}</div>')


def _display(verdict):
    """Show the verdict as a rich display where there is IPython, as text elsewhere."""
    try:
        from IPython import get_ipython
    except ImportError:
        get_ipython = _nothing
    if get_ipython() is None:
        if verdict.passed:
            print(verdict)
    else:
        from IPython.display import display

        display(verdict)


def _nothing():
    return None
