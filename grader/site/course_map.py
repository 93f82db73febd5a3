"""The map of the course: its five pictures, what each derivation is about, and on which others it builds."""

import re
from base64 import b64decode

from grader.published import open_it

ROW = re.compile(r"^\| \[`[^`]+`\]\((\S+)\) \| (.+?) \| (.+?) \|$", re.M)
PICTURE = "picture"  # the cell of every notebook that draws its network
ENTRY = """\
### [{title}](/derivations/{name}.ipynb)

[![{alt}](/pictures/{name}.png)](/derivations/{name}.ipynb)

You derive **{derive}**. The pay-off: {payoff}.

{need} {time} Open the notebook {open_it}.
"""


def course_map(table, worked, drawing):
    """Return the map: ``drawing``, and under it an entry for each row of README.md's table of notebooks."""
    rows = {link.split("/")[-2]: words for link, *words in ROW.findall(table)}
    entries = [_entry(name, notebook, *rows[name]) for name, notebook in worked.items()]
    return "\n".join(["## The map", "", drawing, *entries])


def picture(notebook):
    """Return the picture of a derivation's network as bytes, and its description."""
    bundle = next(cell for cell in notebook.cells if cell.id == PICTURE).outputs[0]
    return b64decode(bundle.data["image/png"]), bundle.metadata["image/png"]["alt"]


def _entry(name, notebook, derive, payoff):
    title, *paragraphs = notebook.cells[0].source.split("\n\n")
    need, time = (next(text for text in paragraphs if text.startswith(words)) for words in ("**You need", "**It takes"))
    return ENTRY.format(
        title=title.removeprefix("# "),
        name=name,
        alt=picture(notebook)[1],
        derive=derive,
        payoff=payoff,
        need=need,
        open_it=open_it(name),
        time=time.partition(". ")[0].rstrip(".") + ".",
    )
