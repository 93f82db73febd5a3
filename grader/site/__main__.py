"""Build the site: its pages in a folder that goes away, from them HTML into dist/site/."""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.course import CourseError
from grader.site import pages

HERE = Path(__file__).parent
NPM = Path(sys.prefix) / "npm" / "node_modules"
MATHJAX = ["LICENSE", "es5/tex-chtml-full.js", "es5/output/chtml/fonts"]  # 2 of its 24 MB are what the pages use


def build(root, site):
    """Build the site of the course in ``root`` into the folder ``site``, in place of what was there.

    Raises CourseError when a tool is missing or Sphinx has so much as a warning; then the old site stays.
    """
    if not (find_spec("sphinx") and (NPM / "mathjax").is_dir()):
        raise CourseError("the tools that build the site are missing: make site sets them up")
    with TemporaryDirectory() as folder:
        tree, html = Path(folder) / "pages", Path(folder) / "html"
        pages.write(root, tree)
        _run_sphinx(tree, html)
        _copy_mathjax(html / "_static" / "mathjax")
        shutil.rmtree(site, ignore_errors=True)
        shutil.copytree(html, site)


def _run_sphinx(tree, html):
    from sphinx.cmd.build import build_main

    options = ["-q", "-W", "--keep-going", "-j", "auto", "-c", str(HERE), "-d", str(tree.parent / "doctrees")]
    if build_main([*options, str(tree), str(html)]):
        raise CourseError("the site was not built: Sphinx says why above")


def _copy_mathjax(folder):
    for name in MATHJAX:
        source, target = NPM / "mathjax" / name, folder / name.removeprefix("es5/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)


def main():
    """Build dist/site/; return the exit status. A CourseError is one line on stderr and status 1."""
    site = Path("dist", "site")
    try:
        build(Path.cwd(), site)
    except CourseError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{site / 'index.html'} is the map of the course: open it in a browser")
    return 0


if __name__ == "__main__":
    sys.exit(main())
