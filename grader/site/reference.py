"""The reference of ``helpers``: a page for what notebooks call, one for the models, one for the figures."""

import re

from helpers.answers import ROOMS

PAGES = {
    "notebooks": ("What a notebook calls", ["helpers", "helpers.verdict", "helpers.activations"]),
    "models": ("The models", [f"helpers.{room}" for room in ROOMS.values()]),
    "figures": ("The figures", [f"helpers.plots.{room}" for room in ROOMS.values()]),
}
SIGNS = re.compile(r"\*\w+\*|[\\*`|_]")
MODULE = """\
## `{name}`

```{{eval-rst}}
.. automodule:: {name}
```
"""


def pages():
    """Return {path on the site: text} of the pages from which Sphinx makes the reference."""
    return {
        f"reference/{page}.md": "\n".join([f"# {title}", "", *(MODULE.format(name=name) for name in names)])
        for page, (title, names) in PAGES.items()
    }


def paragraphs(lines):
    """Return a docstring as reStructuredText: prose as prose, whatever is laid out in columns as it stands."""
    blocks = "\n".join(lines).strip("\n").split("\n\n")
    return "\n\n".join(_as_it_stands(block) if _laid_out(block) else _prose(block) for block in blocks).splitlines()


def _laid_out(block):
    return block.startswith(" ") or any("  " in line.strip() or line.startswith("---") for line in block.splitlines())


def _as_it_stands(block):
    return ".. code-block:: text\n\n" + "\n".join(f"    {line}" for line in block.splitlines())


def _prose(block):
    """Return the words with every sign escaped that would be markup, except in ``code`` and in one *word*."""
    words = block.split("``")
    return "``".join(word if odd % 2 else SIGNS.sub(_escaped, word) for odd, word in enumerate(words))


def _escaped(sign):
    return sign[0] if len(sign[0]) > 1 else f"\\{sign[0]}"
