"""Count the steps of a loop, and show how far it is."""

import sys
import time

EVERY = 0.2  # seconds between two pictures of the bar


def steps(count, what="steps"):
    """Yield 0, 1, ..., count - 1, and show a bar that fills meanwhile: ``for step in steps(2000):``.

    In a notebook the bar stays, full, under the cell; elsewhere nothing is shown.
    Raises TypeError when ``count`` is not a whole number.
    """
    count = range(count).stop
    bar = _bar(0, count, what, display_id=True)
    shown = time.monotonic()
    for step in range(count):
        if bar and time.monotonic() - shown > EVERY:
            shown = time.monotonic()
            bar.update(_bundle(step, count, what), raw=True)
        yield step
    if bar:
        bar.update(_bundle(count, count, what), raw=True)


def _bar(step, count, what, display_id):
    """Return the handle of a new bar, or None outside Jupyter."""
    ipython = sys.modules.get("IPython")
    if ipython is None or getattr(ipython.get_ipython(), "kernel", None) is None:
        return None
    from IPython.display import display

    return display(_bundle(step, count, what), raw=True, display_id=display_id)


def _bundle(step, count, what):
    html = f'<progress value="{step}" max="{count}" aria-label="{what}"></progress> {count:,} {what}'
    return {"text/plain": f"{count:,} {what}", "text/html": html}
