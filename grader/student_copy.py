"""A copy of ``helpers`` that holds no answers: no right answers, no named mistakes, no backward pass.

The sandbox runs student code beside a copy that has no reference outputs either, only the inputs of the visible cases.
"""

import ast
import json
import shutil
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

HELPERS = Path(str(files("helpers")))
WORKER = Path(__file__).parent / "sandbox" / "worker.py"
PRIVATE = ("answers", "mistakes", "errata", "build.py", "__pycache__")
OLDEST = {"matplotlib": "3.9", "numpy": "2.0", "sympy": "1.13"}  # the oldest versions that the copy is tested with
WITHHELD = ("backward", "deltas")  # functions that are what the student is to write
INSTEAD = '''def {name}(*args, **kwargs):
    """Not in this copy: it is what you derive."""
    raise RuntimeError("the course's own {name} does not count as an answer: write your own")
'''


def write(folder, outputs=False):
    """Write the copy to ``folder``/helpers; return ``folder``.

    outputs  whether the visible cases keep their right and wrong outputs, so that ``check`` works
    """
    copy = Path(folder) / "helpers"
    shutil.copytree(HELPERS, copy, ignore=shutil.ignore_patterns(*PRIVATE))
    for name, text in modules().items():
        (copy / name).write_text(text, encoding="utf-8")
    if not outputs:
        _withhold_outputs(copy / "cases")
    return Path(folder)


@contextmanager
def for_sandbox():
    """Give the folder of a copy without reference outputs, with the worker that runs a notebook beside it."""
    import matplotlib
    from matplotlib import font_manager  # noqa: F401 (makes the list of fonts where there is none)

    with TemporaryDirectory(prefix="backprop-copy-") as folder:
        write(folder)
        shutil.copy(WORKER, folder)
        shutil.copytree(matplotlib.get_cachedir(), Path(folder, "matplotlib"), ignore=_all_but_fonts)
        yield Path(folder)


@cache
def modules():
    """Return {path within helpers: the text of a module of the copy}."""
    paths = [path.relative_to(HELPERS) for path in HELPERS.rglob("*.py")]
    public = [path for path in paths if not set(path.parts) & set(PRIVATE)]
    return {path: without_backward((HELPERS / path).read_text(encoding="utf-8")) for path in public}


def without_backward(text):
    """Return a module's text with its backward pass replaced by a function that says why it is not there."""
    lines = text.splitlines(keepends=True)
    nodes = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name in WITHHELD]
    for node in reversed(nodes):
        lines[node.lineno - 1 : node.end_lineno] = [INSTEAD.format(name=node.name)]
    return "".join(lines)


def _withhold_outputs(cases):
    for path in cases.glob("*.json"):
        if path.stem.endswith("-pairs"):
            path.unlink()
            continue
        data = json.loads(path.read_text(encoding="utf-8"))
        for exercise in data["exercises"].values():
            exercise["words"] = exercise["design"] = {}
            exercise["cases"] = [case | {"right": None, "wrong": {}} for case in exercise["cases"]]
        path.write_text(json.dumps(data | {"withheld": True}), encoding="utf-8")


def _all_but_fonts(folder, names):
    """Choose matplotlib's lists of fonts: with them no notebook has to make them again."""
    return [name for name in names if not name.startswith("fontlist")]
