"""The bare limit: the same cells and the same calls, executed in one warm process with nothing around them.

python -m tests.bench.bare COURSE ROOM     prints CPU seconds, those of all cells and those of the cells graded
"""

import contextlib
import io
import json
import sys
import time
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import sympy  # noqa: F401 (warm, as a worker is)

from grader.needed import needed
from grader.rebuild import Skeleton, rebuild
from helpers import reference
from helpers.asking import ask


def main(root, room):
    plt.switch_backend("Agg")
    released = Path(root) / "notebooks" / room / f"{room}.ipynb"
    spent = {"all": 0.0, "graded": 0.0}
    for path in sorted((Path(root) / "course" / "submitted").glob(f"*/{room}/{room}.ipynb")):
        skeleton = Skeleton(nbformat.read(released, 4))
        try:
            nb, _ = rebuild(json.loads(path.read_text(encoding="utf-8")), skeleton)
        except ValueError:
            continue
        chosen = needed(nb, skeleton)
        cells = [cell for cell in nb.cells if cell.cell_type == "code"]
        spent["all"] += taken(cells, room)
        spent["graded"] += taken([cell for cell in cells if cell.id in chosen], room)
    print(json.dumps(spent))


def taken(cells, room):
    """Return the CPU seconds that the cells take, and one call of each graded function on each visible case."""
    space, start = {"__name__": "__main__"}, time.process_time()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for cell in cells:
            if not cell.metadata.get("nbgrader", {}).get("grade"):
                with contextlib.suppress(BaseException):
                    exec(compile(cell.source, "cell", "exec"), space)
        for name in reference.exercises(room):
            exercise = reference.load(room, name)
            for case in exercise.cases if name in space else ():
                ask(exercise.kind, exercise.given, space[name], case.inputs, aloud=False)
    plt.close("all")
    return time.process_time() - start


if __name__ == "__main__":
    main(*sys.argv[1:])
