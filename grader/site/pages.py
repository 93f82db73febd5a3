"""All pages of the site, written into a folder from which Sphinx makes HTML."""

import shutil
from functools import partial
from pathlib import Path

import nbformat

from grader.published import open_it
from grader.site import course_map, derivations, prose, reference
from helpers.answers import ROOMS

DRAWING = Path(__file__).parent / "how-they-build.svg"
CONTENTS = """
```{{toctree}}
:hidden:
:caption: {caption}

{entries}
```
"""


def write(root, tree):
    """Write the pages of the course in ``root`` into the folder ``tree``."""
    worked = {name: _notebook(root, "solutions", name) for name in ROOMS}
    for name, notebook in worked.items():
        _write_derivation(root, tree, name, notebook)
    drawing = DRAWING.read_text(encoding="utf-8")
    documents = prose.pages(root, partial(course_map.course_map, worked=worked, drawing=drawing))
    for path, (home, text) in documents.items():
        text, files = prose.settled(root, home, text, documents)
        _put(tree / path, text + (contents(root) if path == "index.md" else ""))
        for file in files:
            _copy(root / file, tree / file)
    for path, text in reference.pages().items():
        _put(tree / path, text)


def contents(root):
    """Return the table of contents, which stands at the side of every page."""
    guides = [path.removesuffix(".md") for path in prose.guides(root)]
    chapters = {
        "Derivations": [f"derivations/{name}" for name in ROOMS],
        "To look up": ["The errata <docs/errata>", "The kill table <docs/mistakes>", "The data <helpers/data/README>"],
        "Reference": [f"reference/{page}" for page in reference.PAGES],
        "For instructors": ["In short <instructor>", *guides, "SECURITY"],
        "For contributors": ["In short <contributor>", "CONTRIBUTING", "CHANGELOG"],
    }
    return "".join(CONTENTS.format(caption=name, entries="\n".join(pages)) for name, pages in chapters.items())


def _write_derivation(root, tree, name, worked):
    released = f"notebooks/{name}/{name}.ipynb"
    page = derivations.page(worked, _notebook(root, "notebooks", name), f"/{released}", open_it(name, "../lite"))
    _put(tree / "derivations" / f"{name}.ipynb", nbformat.writes(page))
    _copy(root / released, tree / released)
    picture, _ = course_map.picture(worked)
    _put(tree / "pictures" / f"{name}.png", picture)


def _notebook(root, folder, name):
    return nbformat.read(root / folder / name / f"{name}.ipynb", 4)


def _put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
