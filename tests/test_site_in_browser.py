"""The site as a reader meets it: built, served by any server of files, in a browser without a network."""

import re
import shutil
from contextlib import contextmanager
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import nbformat
import pytest

from grader.course import CourseError
from grader.site.__main__ import NPM, build
from helpers.answers import ROOMS
from tests.conftest import served

pytestmark = pytest.mark.slow

DERIVATIONS = [f"derivations/{name}" for name in ROOMS]
KINDS = ["index", DERIVATIONS[0], "docs/errata", "docs/mistakes", "reference/models", "instructor", "SECURITY"]
KINDS += [pytest.param(name, marks=pytest.mark.long) for name in DERIVATIONS[1:]]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1300, "height": 900}
# Of an equation, MathJax shows the eye glyphs and a screen reader MathML; that is its own affair, and takes long.
SERIOUS = """async () => {
    const {violations} = await axe.run({exclude: ["mjx-container"]}, {resultTypes: ["violations"]});
    return violations.filter(({impact}) => ["serious", "critical"].includes(impact))
        .map(({id, nodes}) => id + ": " + nodes.slice(0, 3).map(({html}) => html.slice(0, 200)).join("; "));
}"""
UNFOLD = "document.querySelectorAll('details').forEach((fold) => (fold.open = true))"
# The tables of wrong answers, over a hundred, are all of one make: those of the first derivation stand for them.
SHORTEN = "document.querySelectorAll('#the-library-of-wrong-answers > section ~ section').forEach((e) => e.remove())"


@pytest.fixture(scope="module")
def site(root, tmp_path_factory):
    if not (find_spec("sphinx") and (NPM / "axe-core").is_dir()):
        pytest.skip("the tools that build the site are missing: make site sets them up")
    folder = tmp_path_factory.mktemp("dist") / "site"
    build(root, folder)
    return folder


@pytest.fixture(scope="module")
def address(site):
    with served(site) as address:
        yield address


@contextmanager
def visit(chromium, address, name, **context):
    """Open a page for a new reader; afterwards nothing may have been asked of anybody else, nor failed."""
    page = chromium.new_page(**context)
    asked, trouble = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("response", lambda response: response.status < 400 or trouble.append(response.url))
    page.goto(f"{address}/{name}.html")
    settle(page)
    yield page
    page.close()
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert trouble == []


def settle(page):
    """Wait until the mathematics stands."""
    page.wait_for_load_state("load")
    page.evaluate("window.MathJax?.startup?.promise")


class Links(HTMLParser):
    """What a page leads to, what it loads, and the places on it."""

    def __init__(self, path):
        super().__init__()
        self.leads, self.loads, self.places = [], [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.places.add(attrs.get("id"))
        if tag == "a" and "href" in attrs:
            self.leads.append(attrs["href"])
        elif tag in ("script", "link", "img", "iframe", "source"):
            self.loads += [attrs[key] for key in ("src", "href") if attrs.get(key)]


@pytest.fixture(scope="module")
def links(site):
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    return {path.relative_to(site).as_posix(): Links(path) for path in pages}


def test_every_link_leads_to_a_page_and_to_a_place_on_it(site, links):
    broken = []
    for page, found in links.items():
        for link in found.leads + found.loads:
            url = urlsplit(urljoin(f"//site/{page}", link))
            if url.netloc == "site" and not url.path.startswith("/lite/"):  # held by test_lite.py
                path = unquote(url.path.lstrip("/")) or page
                if not (site / path).is_file() or (url.fragment and unquote(url.fragment) not in links[path].places):
                    broken.append((page, link))
    assert broken == []


def test_no_page_style_or_font_comes_from_elsewhere(site, links):
    assert [(page, link) for page, found in links.items() for link in found.loads if "//" in link] == []
    for path in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)[\s\"']*(https?:)?//", path.read_text(encoding="utf-8")), path


def test_a_reader_walks_the_map_and_finds_mathematics_and_an_answer_to_unfold(chromium, address, root):
    with visit(chromium, address, "index", viewport=DESK) as page:
        entries = page.locator("#the-map h3 a.reference")
        assert entries.count() == len(ROOMS)
        for place, name in enumerate(ROOMS):
            entries.nth(place).click()
            settle(page)
            assert page.url.endswith(f"{name}.html")
            numbers = page.locator("mjx-assistive-mml mlabeledtr > mtd:first-child").all_text_contents()
            assert [number.strip("()") for number in numbers] == tags(root, name)
            assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
            unfold(page, name)
            page.go_back()


def tags(root, name):
    """Return the numbers of a derivation's equations, in their order."""
    released = nbformat.read(root / "notebooks" / name / f"{name}.ipynb", 4)
    return re.findall(r"\\tag\{(.+?)\}", "".join(cell.source for cell in released.cells))


def unfold(page, name):
    """Unfold the first answer of a derivation with the keyboard, and fold it again."""
    folds = page.locator("details:has(> summary:has-text('Show an answer'))")
    assert folds.count() > 5
    assert page.locator("details[open]").count() == 0, name
    verdict = folds.first.locator(".verdict")
    assert not verdict.is_visible()
    folds.first.locator("summary").press("Enter")
    verdict.wait_for()
    assert "right" in verdict.inner_text()
    folds.first.locator("summary").press("Enter")
    assert not verdict.is_visible()


def test_the_search_finds_the_page_of_a_word(chromium, address):
    with visit(chromium, address, "index", viewport=DESK) as page:
        page.keyboard.press("Control+k")
        page.keyboard.type("sunspots")
        page.keyboard.press("Enter")
        page.locator("#search-results li a", has_text="A tiny RNN").first.wait_for()


def test_the_notebook_of_a_derivation_is_there_to_download(chromium, address, root):
    name = f"{next(iter(ROOMS))}.ipynb"
    with visit(chromium, address, DERIVATIONS[0], viewport=DESK) as page:
        with page.expect_download() as download:
            page.get_by_role("link", name="the notebook").click()
        assert download.value.suggested_filename == name
        got = Path(download.value.path()).read_bytes()
    assert got == (root / "notebooks" / Path(name).stem / name).read_bytes()


@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", PHONE)], ids=["light-desk", "dark-phone"])
@pytest.mark.parametrize("name", KINDS)
def test_a_page_has_no_serious_barrier_and_does_not_scroll_sideways(chromium, address, name, scheme, size):
    with visit(chromium, address, name, viewport=size, color_scheme=scheme) as page:
        page.evaluate(UNFOLD)
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.evaluate(SHORTEN)
        page.add_script_tag(path=NPM / "axe-core" / "axe.min.js")
        assert page.evaluate(SERIOUS) == []


def test_a_site_that_cannot_be_built_leaves_the_old_one_as_it_is(root, site, tmp_path):
    course, old = tmp_path / "course", tmp_path / "site"
    course.mkdir()
    for path in root.iterdir():
        (course / path.name).symlink_to(path)
    (course / "CHANGELOG.md").unlink()
    (course / "CHANGELOG.md").write_text("[a page](docs/nothing.md)")
    shutil.copytree(site / "docs", old)
    with pytest.raises(CourseError, match=r"CHANGELOG\.md leads to docs/nothing\.md"):
        build(course, old)
    assert (old / "errata.html").is_file()
