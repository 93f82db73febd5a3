"""The rules of the house: who may import whom, one set of pins, commands that exist, links that lead somewhere."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
import yaml

from helpers import answers, reference

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("test", "hub", "site")  # each has a lock of its own, and so has each group
GROUPS = ("lite", "pyodide")
SOURCES = sorted((ROOT / "source").glob("*/*.ipynb"))


def imported(code):
    """Return the top-level names that a piece of Python imports."""
    nodes = list(ast.walk(ast.parse(code)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def notebook_code(path):
    return "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code")


def test_helpers_know_nobody_above_them():
    for path in (ROOT / "helpers").rglob("*.py"):
        names = imported(path.read_text())
        assert not names & {"grader", "nbgrader", "tests", "nbclient", "nbconvert"}, path
        assert path.parent.name == "plots" or "matplotlib" not in names, path


def test_what_a_student_imports_holds_no_answers():
    """Only the builder of the cases, which is not part of a student's copy, reaches the right and wrong answers."""
    for path in (ROOT / "helpers").glob("*.py"):
        imports = "\n".join(re.findall(r"^\s*(?:from|import) .*$", path.read_text(), re.M))
        assert path.name == "build.py" or not re.search(r"answers|mistakes", imports), path


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_imports_helpers_and_never_the_grader(path):
    assert imported(notebook_code(path)) <= {"helpers", "numpy", "sympy", "unittest"}


def test_grader_says_its_commands_before_it_imports_nbgrader():
    """Which takes seconds: a grammar of addresses, which nobody asks for, is compiled with it."""
    slow = "nbgrader", "nbformat", "jsonschema", "sqlalchemy"
    code = f"import sys, grader.__main__; print([name for name in {slow} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def pins(text):
    return dict(re.findall(r"^\s*-?\s*([A-Za-z][\w-]*)(?:\[\w+\])?==?([\d.]+)", text, re.M))


def test_environment_yml_has_the_pins_of_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = pins("\n".join(project["dependencies"] + project["optional-dependencies"]["instructor"]))
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    strings = [line for line in environment["dependencies"] if isinstance(line, str)]
    by_pip = [line for entry in environment["dependencies"] if isinstance(entry, dict) for line in entry["pip"]]
    assert pins("\n".join(strings + by_pip)) == wanted
    assert f"python{project['requires-python']}" in strings


@pytest.mark.parametrize("name", ["requirements.txt", *(f"requirements-{part}.txt" for part in EXTRAS + GROUPS)])
def test_the_lock_holds_the_pins_with_hashes_and_no_address(name):
    text = (ROOT / name).read_text()
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project, groups = settings["project"], settings["dependency-groups"]
    extras = project["optional-dependencies"]
    part = name.removesuffix(".txt").partition("-")[2]
    wanted = groups.get(part) or project["dependencies"] + extras["instructor"] + extras.get(part, [])
    assert pins("\n".join(wanted)).items() <= pins(text).items()
    assert "://" not in text
    assert "--index" not in text
    packages = re.split(r"^(?=[a-z])", text, flags=re.M)[1:]
    assert all("--hash=sha256:" in package for package in packages)


def test_the_tools_of_the_site_change_no_package_that_is_there():
    there, site = (pins((ROOT / name).read_text()) for name in ("requirements-test.txt", "requirements-site.txt"))
    assert {name: version for name, version in site.items() if there.get(name, version) != version} == {}


def test_the_lock_of_npm_holds_the_pins_with_hashes_and_no_address():
    wanted, lock = (json.loads((ROOT / "grader/site" / f"package{part}.json").read_text()) for part in ("", "-lock"))
    packages = {path.removeprefix("node_modules/"): entry for path, entry in lock["packages"].items() if path}
    versions = {name: entry["version"] for name, entry in packages.items()}
    assert (wanted["dependencies"] | wanted["devDependencies"]).items() <= versions.items()
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert "://" not in json.dumps(lock)


def test_the_readme_names_commands_that_exist():
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / ".github" / "workflows" / "publish.yml"]:
        text = page.read_text()
        assert set(re.findall(r"\bmake ([a-z][a-z-]+)\b", text)) <= targets, page


def links(text):
    """Return where the links and pictures of a Markdown text lead."""
    return re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"<(?:img|a)\s[^>]*?(?:src|href)=\"([^\"]+)\"", text)


def leads_nowhere(link, folder, text):
    """Return whether a link leads to no file, or to no heading of its own page; the web's addresses are let through."""
    if link.startswith(("https://", "mailto:")):
        return False
    if link.startswith("#"):
        headings = re.findall(r"^#+ (.+?)\s*$", text, re.M)
        return link[1:].lower() not in {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in headings}
    return not (folder / link.partition("#")[0]).exists()


PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "course/README.md", "helpers/data/README.md"]
PAGES += ["docs/mistakes.md", "docs/errata.md"]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_page_leads_somewhere(name):
    page = ROOT / name
    text = page.read_text(encoding="utf-8")
    assert [link for link in links(text) if leads_nowhere(link, page.parent, text)] == []


def test_every_model_of_the_course_is_there():
    assert len(answers.ROOMS) == 5
    for name in answers.ROOMS.values():
        assert {"init", "forward", "backward"} <= set(dir(import_module(f"helpers.{name}"))), name


def test_ci_calls_make_test_and_nothing_else():
    lines = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if "make" in line] == ["exec make test"]


def test_no_machine_path_is_under_version_control():
    found = subprocess.run(
        ["git", "grep", "-nIE", r"/(root|home/[a-z]+)/", "--", ".", ":!tests/test_house.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert found == ""


def test_an_old_or_missing_python_gets_one_clear_line(tmp_path):
    """make, with no Python on the PATH but one that says it is too old."""
    old = tmp_path / "bin" / "python3"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    for tool in ("sh", "make", "awk", "touch", "env"):
        where = subprocess.run(
            ["sh", "-c", f"command -v {tool}"], capture_output=True, text=True, check=True
        ).stdout.strip()
        (old.parent / tool).symlink_to(where)
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    run = subprocess.run(
        ["make", "demo"], cwd=tmp_path, env={"PATH": str(old.parent)}, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert "needs Python 3.11 or newer" in run.stderr
    assert len([line for line in run.stderr.splitlines() if not line.startswith("make")]) == 1


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
class TestNotebook:
    """What every notebook of the course keeps to."""

    def cells(self, path):
        return nbformat.read(path, 4).cells

    def prose(self, path):
        return "\n".join(cell.source for cell in self.cells(path) if cell.cell_type == "markdown")

    def test_source_holds_no_outputs_and_the_usual_kernel(self, path):
        nb = nbformat.read(path, 4)
        assert nb.metadata.kernelspec.name == "python3"
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in nb.cells)

    def test_a_graded_cells_id_is_its_grade_id(self, path):
        for cell in self.cells(path):
            assert cell.id == cell.metadata.get("nbgrader", {}).get("grade_id", cell.id)

    def test_every_numbered_equation_is_verified_below_it(self, path):
        order = []
        for cell in self.cells(path):
            order += re.findall(r"\\tag\{([\d.]+)\}", cell.source) if cell.cell_type == "markdown" else []
            for number in re.findall(r'verify\("([\d.]+)"', cell.source) if cell.cell_type == "code" else []:
                assert order[-1] == number, f"({number}) is verified away from where it stands"
                order[-1] = None
        assert order
        assert not any(order), f"not verified: {[number for number in order if number]}"

    def test_equations_are_numbered_in_order(self, path):
        numbers = re.findall(r"\\tag\{([\d.]+)\}", self.prose(path))
        assert numbers == [f"{int(path.stem[:2])}.{k}" for k in range(1, len(numbers) + 1)]

    def test_no_equation_is_verified_against_itself(self, path):
        for call in ast.walk(ast.parse(notebook_code(path))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", None) == "verify":
                _, left, right = call.args
                assert ast.unparse(left) != ast.unparse(right)

    def test_every_equation_that_a_mistake_names_is_there(self, path):
        text = self.prose(path)
        cases = json.loads((ROOT / "helpers" / "cases" / f"{path.stem}.json").read_text())
        named = {words["equation"] for exercise in cases["exercises"].values() for words in exercise["words"].values()}
        assert named <= set(re.findall(r"\\tag\{([\d.]+)\}", text))

    def test_code_cells_are_short_and_hold_one_idea(self, path):
        code = [cell.source for cell in self.cells(path) if cell.cell_type == "code"]
        lengths = [len(source.splitlines()) for source in code if "BEGIN SOLUTION" not in source]
        assert max(lengths) <= 9
        assert sorted(lengths)[len(lengths) // 2] <= 5
        for source in code:
            assert len(source.splitlines()) <= 15, source

    def test_there_is_about_a_paragraph_of_prose_for_each_code_cell(self, path):
        cells = self.cells(path)
        words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
        assert 40 <= words / sum(cell.cell_type == "code" for cell in cells) <= 110

    def test_every_figure_of_the_solution_has_alt_text(self, path):
        solution = nbformat.read(ROOT / "solutions" / path.stem / path.name, 4)
        images = [
            output
            for cell in solution.cells
            for output in cell.get("outputs", [])
            if "image/png" in output.get("data", {}) or "<img" in str(output.get("data", {}).get("text/html"))
        ]
        assert len(images) >= 4
        for output in images:
            assert len(output.data["text/plain"]) > 40
            assert "<Figure" not in output.data["text/plain"]

    def test_it_says_first_what_for_with_what_and_how_long_and_last_what_carries_over(self, path):
        first, *_, last = [cell.source for cell in self.cells(path) if cell.cell_type == "markdown"]
        for words in ("**You will**", "**You need**", "**It takes**"):
            assert words in first
        prose = self.prose(path)
        close = prose[prose.rindex("\n## ") :]
        assert last in close
        for words in ("carries over", "PyTorch", "```python", "**Where it comes from.**"):
            assert words in close

    def test_it_has_a_table_of_letters_and_a_box_for_who_is_used_to_rows(self, path):
        assert re.search(r"^\| board \| code \| shape \|", self.prose(path), re.M)
        assert re.search(r"^> \*\*Used to rows\?\*\*", self.prose(path), re.M)

    def test_the_network_is_drawn_before_the_first_exercise(self, path):
        sources = [cell.source for cell in self.cells(path)]
        picture = next(k for k, source in enumerate(sources) if re.search(r"^plots\.", source, re.M))
        assert picture < next(k for k, source in enumerate(sources) if source.startswith("### Exercise 1 "))

    def test_exercises_are_numbered_and_are_those_of_the_library_in_its_order(self, path):
        numbers = re.findall(r"^### Exercise (\d+) · \S", self.prose(path), re.M)
        graded = reference.exercises(path.stem)
        checks = re.findall(r'^check\("([\w-]+)", "(\w+)", (\w+)\)\.require\(\)$', notebook_code(path), re.M)
        assert numbers == [str(k) for k in range(1, len(graded) + 1)]
        assert checks == [(path.stem, name, name) for name in graded]

    def test_an_exercise_is_a_goal_a_stub_and_a_check(self, path):
        cells, order = self.cells(path), []
        for k, cell in enumerate(cells):
            graded = cell.metadata.get("nbgrader", {})
            order += ["goal" for _ in re.findall("^### Exercise ", cell.source, re.M) if cell.cell_type == "markdown"]
            order += ["stub"] if graded.get("solution") else ["check"] if graded.get("grade") else []
            if graded.get("grade"):
                stub = cells[k - 1]
                assert f"{stub.id}-check" == cell.id
                assert re.match(rf'def {stub.id}\(.*\):\n    """', stub.source), cell.id
        assert order == ["goal", "stub", "check"] * (len(order) // 3)

    def test_mistakes_are_to_be_found_and_lines_to_be_derived(self, path):
        asked = [reference.load(path.stem, name) for name in reference.exercises(path.stem)]
        assert sum(exercise.quantity == "spot" for exercise in asked) >= 4
        assert any(exercise.kind == "derivation" for exercise in asked)

    def test_every_link_leads_somewhere_in_each_of_its_copies(self, path):
        for folder in ("source", "notebooks", "solutions"):
            for link in links(self.prose(path)):
                assert not leads_nowhere(link, ROOT / folder / path.stem, self.prose(path)), link
