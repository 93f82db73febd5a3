"""What has been checked so far, in a file on this machine: nothing is sent, and no account is needed.

The file is ``~/.backprop-by-hand/progress.json``, in a browser ``.backprop-by-hand/progress.json`` beside the
notebooks; BACKPROP_PROGRESS names another, or ``off``. Only what a person checks counts: a notebook that a program
runs (nbgrader, nbval) leaves it alone.
"""

import json
import os
import sys
import time
from contextlib import suppress
from html import escape
from pathlib import Path

from helpers import reference
from helpers.verdict import STATES

VARIABLE, SESSION = (
    "BACKPROP_PROGRESS",
    "JPY_SESSION_NAME",
)  # the second is set where Jupyter runs a notebook for somebody
PAUSE = 15 * 60  # seconds; who checks nothing for longer was away
NOT_YET = ("·", "inherit")  # sign and colour of what was never checked
LEFT = ' style="text-align:left"'  # JupyterLab sets tables to the right, as numbers are
COLUMNS = {"exercise": LEFT, "last verdict": LEFT, "checks": "", "minutes": "", "mistakes on the way": LEFT}
HEAD = "".join(f"<th{style}>{name}</th>" for name, style in COLUMNS.items())


def note(assignment, verdict):
    """Remember a verdict; return (how often this exercise was checked, minutes of work on it), or (0, 0.0).

    The time from one check to the next is that of the later one's exercise; pauses of more than a quarter of an hour
    are left out.
    """
    path = _path()
    if path is None:
        return 0, 0.0
    told = _read(path)
    room = told.setdefault(assignment, {})
    entry = room.setdefault(verdict.exercise, {"attempts": 0, "minutes": 0.0, "mistakes": {}})
    now, before = time.time(), told.get("last", 0.0)
    if 0 < now - before <= PAUSE:
        entry["minutes"] = round(entry["minutes"] + (now - before) / 60, 2)
    told["last"] = now
    if verdict.state != "not attempted":
        entry["attempts"] += 1
    if verdict.mistake:
        entry["mistakes"][verdict.mistake] = entry["mistakes"].get(verdict.mistake, 0) + 1
    entry["state"] = verdict.state
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(json.dumps(told, indent=1), encoding="utf-8")
        new.replace(path)
    return entry["attempts"], entry["minutes"]


def progress():
    """Return what is right, what is open, and the mistakes made on the way: a table in a notebook, text elsewhere."""
    path = _path(anywhere=True)
    return Progress(_read(path) if path else {})


class Progress:
    """The state of every exercise, as it was last checked."""

    def __init__(self, told):
        self.rooms = {a: {name: told.get(a, {}).get(name) for name in reference.exercises(a)} for a in _names()}

    def __repr__(self):
        lines = []
        for assignment, entries in self.rooms.items():
            lines.append(f"{assignment}: {_right(entries)} of {len(entries)} right")
            lines += [f"  {_sign(entry)} {name}{_about(entry)}" for name, entry in entries.items() if entry]
        return "\n".join(lines)

    def _repr_html_(self):
        parts = []
        for assignment, entries in self.rooms.items():
            right, of = _right(entries), len(entries)
            begun = any(entries.values()) and right < of
            rows = "".join(_row(name, entry) for name, entry in entries.items())
            parts.append(
                f"<details{' open' if begun else ''}><summary>"
                f'<progress value="{right}" max="{of}" aria-label="{right} of {of} right"></progress> '
                f"<strong>{escape(assignment)}</strong> {right} of {of} right</summary>"
                f"<table><tr>{HEAD}</tr>{rows}</table></details>"
            )
        return "".join(parts)


def _row(name, entry):
    entry = entry or {}
    state = entry.get("state", "open")
    sign, colour = STATES.get(state, NOT_YET)
    verdict = f'<span aria-hidden="true" style="color:{colour}">{sign}</span> {escape(state)}'
    cells = [f"<code>{escape(name)}</code>", verdict, entry.get("attempts") or ""]
    cells += [round(entry["minutes"]) if entry.get("minutes", 0) >= 1 else "", escape(_mistakes(entry))]
    return f"<tr>{''.join(f'<td{s}>{cell}</td>' for s, cell in zip(COLUMNS.values(), cells, strict=True))}</tr>"


def _about(entry):
    times = f", checked {entry['attempts']} times" if entry["attempts"] > 1 else ""
    mistakes = _mistakes(entry)
    return f": {entry.get('state', 'open')}{times}{f' (on the way: {mistakes})' if mistakes else ''}"


def _mistakes(entry):
    return ", ".join(f"{tag} {times}x" if times > 1 else tag for tag, times in entry.get("mistakes", {}).items())


def _sign(entry):
    return STATES.get((entry or {}).get("state"), NOT_YET)[0]


def _right(entries):
    return sum((entry or {}).get("state") == "right" for entry in entries.values())


def _names():
    return reference.assignments()


def _path(anywhere=False):
    """Return where the progress is kept; None where it is off, or nobody works here.

    anywhere  also where a program runs the notebook
    """
    named = os.environ.get(VARIABLE)
    if named:
        return None if named == "off" else Path(named)
    if sys.platform == "emscripten":
        return Path.cwd() / ".backprop-by-hand" / "progress.json"
    if not anywhere and not os.environ.get(SESSION):
        return None
    with suppress(RuntimeError):
        return Path.home() / ".backprop-by-hand" / "progress.json"
    return None


def _read(path):
    """Return what the file tells; nothing where it is damaged, which is then kept beside it."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return told if isinstance(told, dict) and _is_whole(told) else _set_aside(path)
    except FileNotFoundError:
        return {}
    except OSError:
        return {}
    except ValueError:
        return _set_aside(path)


def _is_whole(told):
    rooms = [room for name, room in told.items() if name != "last"]
    entries = [entry for room in rooms if isinstance(room, dict) for entry in room.values()]
    whole = all(isinstance(e, dict) and {"attempts", "minutes", "mistakes"} <= e.keys() for e in entries)
    return whole and all(isinstance(room, dict) for room in rooms) and isinstance(told.get("last", 0.0), int | float)


def _set_aside(path):
    with suppress(OSError):
        path.replace(path.with_suffix(".damaged"))
    return {}
