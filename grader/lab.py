"""Start JupyterLab for a student (on notebooks/) or for an instructor (on the course, with formgrader).

The settings are the JSON files in the folder lab/ beside this file: they come before the user's own
~/.jupyter, which is never written to, and are the same whether the course was installed by pip or conda.
"""

import os
import subprocess
import sys
from pathlib import Path

SETTINGS = Path(__file__).resolve().with_name("lab")


def lab(instructor=False, root=".", browser=True, extra=()):
    """Become the JupyterLab server; on Windows, run it and return its exit code.

    root     the course: where nbgrader_config.py lies
    browser  whether to open a web browser
    extra    more arguments for ``jupyter lab``
    """
    root = Path(root).resolve()
    if reason := _refusal(instructor, root, extra):
        print(reason, file=sys.stderr)
        return 1
    if instructor:
        _make_folders(root)
    command = [sys.executable, "-m", "jupyterlab", *arguments(instructor, root, browser), *extra]
    print(f"Starting JupyterLab on {root if instructor else root / 'notebooks'}; Ctrl-C here ends it.", flush=True)
    if sys.platform == "win32":
        return subprocess.call(command, cwd=root, env=environment(instructor))
    os.chdir(root)
    os.execve(sys.executable, command, environment(instructor))


def arguments(instructor, root, browser=True):
    """Return the arguments of ``jupyter lab``: its folder, and a memory of open tabs that is this course's own."""
    role = "instructor" if instructor else "student"
    folder = root if instructor else root / "notebooks"
    return [f"--ServerApp.root_dir={folder}", f"--LabApp.workspaces_dir={root / 'course' / 'lab' / role}",
            f"--ExtensionApp.open_browser={browser}"]


def environment(instructor):
    """Return the environment with our settings before the user's own."""
    mine = [SETTINGS / ("instructor" if instructor else "student"), SETTINGS / "common"]
    theirs = os.environ.get("JUPYTER_CONFIG_PATH")
    paths = [*map(str, mine), *([theirs] if theirs else [])]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def without(texts):
    """Return a logging filter that drops the messages which contain one of ``texts``; the settings name it."""
    return lambda record: not any(text in record.getMessage() for text in texts)


def _refusal(instructor, root, extra):
    """Return why JupyterLab cannot start here and how to go on, or None."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in extra:
        return "JupyterLab does not run as root: log in as an ordinary user, or, inside a container, say"
    if not (root / "notebooks").is_dir():
        return f"There is no folder notebooks in {root}: start this in the folder of the course, or make release first."
    return None


def _make_folders(root):
    """Make the gradebook's folder and the exchange; formgrader hides its buttons where the exchange is missing."""
    exchange = root / "course" / "exchange"
    exchange.mkdir(parents=True, exist_ok=True)
    exchange.chmod(0o777)
