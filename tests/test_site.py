"""The site: its pages as Sphinx gets them. How they look in a browser is in test_site_in_browser.py."""

import re

import nbformat
import pytest

from grader.course import CourseError
from grader.site import pages, prose, reference
from helpers.answers import ROOMS


@pytest.fixture(scope="module")
def tree(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    pages.write(root, folder)
    return folder


def notebook(folder, name):
    return nbformat.read(folder / f"{name}.ipynb", 4)


def tagged(page, tag):
    return [cell for cell in page.cells if tag in cell.metadata.get("tags", [])]


@pytest.fixture(scope="module", params=ROOMS)
def three(request, root, tree):
    """The page of a derivation, and the notebooks it is made of: the worked one and the released one."""
    name = request.param
    return (
        notebook(tree / "derivations", name),
        notebook(root / "solutions" / name, name),
        notebook(root / "notebooks" / name, name),
    )


def graded(worked):
    return [cell for cell in worked.cells if cell.metadata.get("nbgrader", {}).get("solution")]


def test_a_page_has_the_prose_of_the_released_notebook_in_its_order(three):
    page, _, released = three
    prose_of = [[cell.source for cell in each.cells if cell.cell_type == "markdown"] for each in (page, released)]
    assert [text for text in prose_of[0] if not text.startswith(":::{admonition}")] == prose_of[1]


def test_every_graded_exercise_stands_as_released_and_has_one_answer_folded_with_its_verdict(three):
    page, worked, released = three
    wanted = graded(worked)
    stubs = {cell.id: cell.source for cell in released.cells}
    assert [cell.source for cell in tagged(page, "exercise")] == [stubs[cell.id] for cell in wanted]
    answers = tagged(page, "answer")
    assert [cell.source for cell in answers] == [cell.source for cell in wanted]
    for cell, answer in zip(wanted, answers, strict=True):
        assert "hide-cell" in answer.metadata.tags
        assert answer.metadata.mystnb.code_prompt_show == f"Show an answer: {cell.id}"
        assert [list(output.data) for output in answer.outputs] == [["text/html"]]
        assert f"<code>{cell.id}</code> right" in answer.outputs[0].data["text/html"]


def test_no_answer_shows_before_it_is_unfolded(three):
    page, worked, _ = three
    open_code = "\n".join(cell.source for cell in page.cells if "hide-cell" not in cell.metadata.get("tags", []))
    assert not [cell.id for cell in graded(worked) if cell.source in open_code]


def test_every_numbered_equation_is_followed_by_its_verification_folded(three):
    page, worked, _ = three
    tags = re.findall(r"\\tag\{(.+?)\}", "\n".join(cell.source for cell in worked.cells))
    folds = [cell.metadata.mystnb.code_prompt_show for cell in tagged(page, "verification")]
    assert tags
    assert folds == [f"Show how ({tag}) is verified" for tag in tags]
    assert all(cell.outputs for cell in tagged(page, "verification"))


def test_a_figure_is_a_file_with_its_description_and_no_loop_leaves_its_bar(three):
    page, worked, _ = three
    figures = [cell for cell in page.cells if "image/png" in str(cell.get("outputs"))]
    described = [cell for cell in worked.cells if "image/png" in str(cell.get("outputs"))]
    assert len(figures) == len(described) > 2
    assert all(len(cell.metadata.mystnb.image.alt) > 40 for cell in figures)
    assert "<progress" not in nbformat.writes(page)
    assert all(len(output.data) == 1 for cell in figures for output in cell.outputs if "data" in output)


def test_the_map_has_the_five_pictures_in_order_and_says_what_each_needs_and_how_long_it_takes(tree):
    text = (tree / "index.md").read_text()
    assert re.findall(r"\]\(/pictures/(.+?)\.png\)\]\(/derivations/(.+?)\.ipynb\)", text) == [(n, n) for n in ROOMS]
    for words in ("You derive **", "**You need**", "**It takes**"):
        assert text.count(words) == len(ROOMS), words
    assert all((tree / "pictures" / f"{name}.png").read_bytes().startswith(b"\x89PNG") for name in ROOMS)


def test_the_map_says_the_contents_of_the_readme_once(root, tree):
    """Whatever README.md says to whom stands on one of three pages."""
    text = "".join((tree / f"{name}.md").read_text() for name in ("index", "instructor", "contributor"))
    for paragraph in re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", (root / "README.md").read_text()).split("\n\n"):
        if not paragraph.startswith(("|", "## ", "![")):
            assert re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).count(paragraph.strip()) == 1, paragraph


@pytest.mark.parametrize("fork", ["", "someone/a-fork.of-it"])
def test_a_notebook_opens_in_the_browser_and_that_of_a_fork_in_colab_and_on_binder(root, tmp_path, monkeypatch, fork):
    monkeypatch.setenv("GITHUB_REPOSITORY", fork)
    pages.write(root, tmp_path)
    there = (tmp_path / "index.md").read_text()
    for name in ROOMS:
        page = notebook(tmp_path / "derivations", name).cells[1].source
        at = f"notebooks/{name}/{name}.ipynb"
        colab = f'"https://colab.research.google.com/github/{fork}/blob/student/{at}"'
        binder = f'"https://mybinder.org/v2/gh/{fork}/student?labpath={at.replace("/", "%2F")}"'
        for text, lite in ((page, "../lite"), (there, "lite")):
            assert f'"{lite}/lab/index.html?path={name}.ipynb"' in text
            assert [colab in text, binder in text] == [bool(fork)] * 2
        assert ("colab" in page) == ("mybinder" in page) == bool(fork)


def test_every_link_of_a_page_leads_to_a_page_or_a_file_beside_it(tree):
    for page in tree.rglob("*.md"):
        for link in re.findall(r"(?<=\]\()/([^)#\s]+)", page.read_text()):
            assert (tree / link).is_file(), (page.name, link)


@pytest.mark.parametrize(
    ("home", "link", "settled", "files"),
    [
        ("docs/scale.md", "../SECURITY.md", "/SECURITY.md", set()),
        ("README.md", "notebooks/05-tiny-rnn/05-tiny-rnn.ipynb", "/derivations/05-tiny-rnn.ipynb", set()),
        ("README.md", "solutions/", "/index.md", set()),
        ("docs/scale.md", "../README.md", "/index.md", set()),
        ("docs/scale.md", "../nbgrader_config.py", "/nbgrader_config.py", {"nbgrader_config.py"}),
        ("README.md", "CONTRIBUTING.md#style", "/CONTRIBUTING.md#style", set()),
        ("README.md", "https://nbgrader.readthedocs.io", "https://nbgrader.readthedocs.io", set()),
    ],
)
def test_a_link_of_the_repository_leads_to_the_same_on_the_site(root, home, link, settled, files):
    known = ["SECURITY.md", "CONTRIBUTING.md"]
    assert prose.settled(root, home, f"see [this]({link}).", known) == (f"see [this]({settled}).", files)


def test_a_link_to_a_folder_is_its_words(root):
    assert prose.settled(root, "README.md", "in [`tests/`](tests/corpus)", []) == ("in `tests/`", set())


def test_a_link_that_leads_nowhere_stops_the_site(root):
    with pytest.raises(CourseError, match=r"README\.md leads to docs/nothing\.md"):
        prose.settled(root, "README.md", "[words](docs/nothing.md)", [])


def test_a_new_document_of_the_instructors_is_a_page_after_those_with_a_place(tmp_path):
    (tmp_path / "docs").mkdir()
    for name in ("scale", "another", "errata", "hub"):
        (tmp_path / "docs" / f"{name}.md").touch()
    assert prose.guides(tmp_path) == ["docs/hub.md", "docs/scale.md", "docs/another.md"]


def test_every_page_is_in_the_table_of_contents(root, tree):
    listed = set(re.findall(r"^(?:.*<)?([\w/-]+)>?$", pages.contents(root), re.M))
    written = {str(page.relative_to(tree).with_suffix("")) for page in [*tree.rglob("*.md"), *tree.rglob("*/*.ipynb")]}
    assert {name for name in written if not name.startswith("notebooks/")} == listed | {"index"}


def test_the_reference_shows_formulas_as_they_stand_and_escapes_what_looks_like_markup():
    lines = ["Return W_ and a * b, the *sum*, as ``code_``.", "", "    dW = 2 X r^T        (d+1, 1)", ""]
    prose_line, *formula = reference.paragraphs(lines)
    assert prose_line == r"Return W\_ and a \* b, the *sum*, as ``code_``."
    assert formula == ["", ".. code-block:: text", "", "        dW = 2 X r^T        (d+1, 1)"]


def test_the_pages_are_the_same_from_the_same_course(root, tree, tmp_path):
    """No clock and no drawn id: a page changes when what it is made of does."""
    pages.write(root, tmp_path)
    for path in (path for path in tree.rglob("*") if path.is_file()):
        assert path.read_bytes() == (tmp_path / path.relative_to(tree)).read_bytes(), path
