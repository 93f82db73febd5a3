"""The site's pages of prose: README.md in parts, and the other documents where they lie in the repository.

Pages keep their paths, so that a link between two documents holds on the site as it does in the repository.
"""

import os
import re

from grader.course import CourseError

TABLES = ["docs/errata.md", "docs/mistakes.md"]
GUIDES = ["instructors", "one-teacher", "hub", "scale"]  # in the order in which they are needed; others follow
ELSEWHERE = ["SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "helpers/data/README.md"]
LINK = re.compile(r"\[((?:[^\[\]]|!\[[^\]]*\]\([^)]*\))*)\]\((?!\w+:|[/#])([^)\s#]+)(#[^)\s]*)?\)")


def parts(readme):
    """Return the parts of README.md by title; the one before the first title is called ``lead``."""
    lead, *sections = re.split(r"^## (.+)\n", readme, flags=re.M)
    return {"lead": lead, **dict(zip(sections[::2], sections[1::2], strict=True))}


def guides(root):
    """Return the instructor's documents in docs/, in order."""
    names = [path.stem for path in (root / "docs").glob("*.md") if f"docs/{path.name}" not in TABLES]
    first = {name: place for place, name in enumerate(GUIDES)}
    return [f"docs/{name}.md" for name in sorted(names, key=lambda name: (first.get(name, len(first)), name))]


def pages(root, course_map):
    """Return {path on the site: (path in the repository, text)} of every page of prose."""
    readme = parts((root / "README.md").read_text(encoding="utf-8"))
    start, table = re.split(r"\n(?=\| notebook )", readme["lead"])
    intro, start = re.split(r"\n(?=```sh)", start)
    students = f"## Start\n\n{start}\n{readme['If you are a student']}"
    documents = {name: (name, (root / name).read_text(encoding="utf-8")) for name in documents_of(root)}
    return documents | {
        "index.md": ("README.md", f"{intro}\n{course_map(table)}\n{students}"),
        "instructor.md": ("README.md", f"# For instructors\n{readme['If you are an instructor']}"),
        "contributor.md": ("README.md", f"# For contributors\n{readme['If you are a contributor']}"),
    }


def documents_of(root):
    return [*TABLES, *guides(root), *ELSEWHERE]


def settled(root, home, text, known):
    """Return the text with its links into the repository settled for the site, and the files to bring along.

    A notebook is its derivation's page; a document has a page of its own; any other file is brought along, to download;
    a folder cannot be shown, so that its link is only its words. Raises CourseError
    for a link that leads to nothing.
    """
    files = set()

    def settle(found):
        words, link, anchor = found[1], found[2], found[3] or ""
        target = os.path.normpath(os.path.join(os.path.dirname(home), link))
        if not (root / target).exists():
            raise CourseError(f"{home} leads to {link}, which is not there")
        if target.startswith(("notebooks", "solutions")):
            name = os.path.basename(target)
            return f"[{words}](/{f'derivations/{name}' if name.endswith('.ipynb') else 'index.md'})"
        if target == "README.md":
            return f"[{words}](/index.md)"
        if (root / target).is_dir():
            return words
        files.update({target} - set(known))
        return f"[{words}](/{target}{anchor})"

    return LINK.sub(settle, text), files
