"""Start JupyterLab for a student (on notebooks/) or for an instructor (on the course, with formgrader).

The settings are the JSON files in the folder lab/ beside this file: they come before the user's own in
~/.jupyter, which stay as they are, and are the same whether the course was installed by pip or conda.
"""

import os
import subprocess
import sys
from pathlib import Path

from grader.course import CONFIG, CourseError

SETTINGS = Path(__file__).resolve().with_name("lab")


def lab(instructor=False, root=".", browser=True, extra=()):
    """Become the JupyterLab server; on Windows, run it and return its exit code.

    root     the folder of the course
    browser  whether to open a web browser
    extra    more arguments for ``jupyter lab``

    Raises CourseError where JupyterLab cannot start.
    """
    root = Path(root).resolve()
    folder = root if instructor else root / "notebooks"
    _check(root, folder, extra)
    if instructor:
        _make_folders(root / "course")
    role = "instructor" if instructor else "student"
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.workspaces_dir={root / 'course' / 'lab' / role}",  # the open tabs of this course alone
        f"--ExtensionApp.open_browser={browser}",
        *extra,
    ]
    print(f"Starting JupyterLab on {folder} (Ctrl-C here ends it)", flush=True)
    if sys.platform == "win32":
        return subprocess.call(command, cwd=root, env=_environment(role))
    os.chdir(root)
    os.execve(sys.executable, command, _environment(role))


def without(texts):
    """Return a logging filter that drops the messages which contain one of ``texts``; the settings name it."""
    return lambda record: not any(text in record.getMessage() for text in texts)


def _environment(role):
    """Return the environment with the settings of this role, and those of both, before the user's own."""
    theirs = os.environ.get("JUPYTER_CONFIG_PATH")
    paths = [str(SETTINGS / role), str(SETTINGS / "common"), *([theirs] if theirs else [])]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def _check(root, folder, extra):
    if not (root / CONFIG).is_file() or not folder.is_dir():
        raise CourseError(f"no {CONFIG} and notebooks/ in {root}: run this in the folder of the course")
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in extra:
        raise CourseError(
            "JupyterLab does not run as root: use an ordinary account, or, where root is harmless "
            "(a container), say  grader lab --allow-root"
        )


def _make_folders(folder):
    """Make the exchange and its folder; formgrader hides Release and Collect where the exchange is missing."""
    exchange = folder / "exchange"
    exchange.mkdir(parents=True, exist_ok=True)
    exchange.chmod(0o777)  # what nbgrader makes of it at the first release
