"""Run a released notebook as it is, and print {exercise: the state of its verdict}: for the leak scan.

python -I untouched.py FOLDER_OF_HELPERS NOTEBOOK
"""

import contextlib
import io
import json
import sys
from pathlib import Path


def main(folder, notebook):
    sys.path.insert(0, folder)
    import helpers
    from helpers import checking, verdict

    if not Path(helpers.__file__).is_relative_to(folder):
        raise SystemExit(f"another helpers was imported: {helpers.__file__}")
    states, check = {}, checking.check

    def noted(assignment, exercise, function):
        found = check(assignment, exercise, function)
        states[exercise] = found.state
        return found

    checking.check = helpers.check = noted
    verdict._display = lambda found: None
    space = {"__name__": "__main__"}
    for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and _matters(cell):
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                exec("".join(cell["source"]), space)
    print(json.dumps(states))


def _matters(cell):
    """Return whether a cell is an exercise, its check, or nothing but imports."""
    lines = "".join(cell["source"]).splitlines()
    own = cell["metadata"].get("nbgrader", {})
    return own.get("solution") or own.get("grade") or any(line.startswith(("import ", "from ")) for line in lines)


if __name__ == "__main__":
    main(*sys.argv[1:])
