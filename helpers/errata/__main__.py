"""The list of errata: what the five source derivations print, and what is right. ``python -m helpers.errata``."""

from pathlib import Path

from helpers.errata import SOURCES, errata

PAGE = Path(__file__).resolve().parents[2] / "docs" / "errata.md"

HEAD = """# The errata of the five source derivations

This course follows five sets of lecture notes, and keeps what was printed in them, mistakes included: finding those is
a good part of the exercises. Below stands all that was found, so **do not read on before you have done the notebook.**

* **S1-E7** is the seventh erratum of the source S1; the number stays the same for ever.
* **printed** and **right** are quoted as they stand on the page and as they must stand there.
* **taught in** names the exercise in which you find it yourself, or the section that tells of it. *Spelling* marks what
  is mere spelling or typesetting; everything else is proved in the tests: the printed form, taken at its word, stops
  with an error or gives other numbers than the right one.
"""


def page():
    """Return the page as Markdown: a section with a table for each source, in the order of the notebooks."""
    return HEAD + "".join(f"\n## {SOURCES[name]} · {name}\n\n{_table(name)}" for name in SOURCES)


def _table(assignment):
    rows = ["| | printed | right | what is the matter | taught in |", "|---|---|---|---|---|"]
    for entry in errata(assignment):
        rows.append(f"| {entry.id} | {entry.printed} | {entry.right} | {entry.matter} | {_taught(assignment, entry)} |")
    return "\n".join(rows) + "\n"


def _taught(assignment, entry):
    exercises = ", ".join(f"`{name}`" for name in entry.taught)
    places = [exercises, f"*{entry.where}*" if entry.where else "", "*spelling*" if entry.spelling else ""]
    return "; ".join(filter(None, places))


def main():
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
