"""The oldest versions are stated in several places: what is promised is what is tested, and what the wheel asks for."""

import re
import tomllib
import zipfile

import pytest
import yaml

from grader.bundle import build_wheel
from grader.student_copy import OLDEST
from tests.conftest import ROOT
from tests.unpinned import unpinned

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TESTED = dict(re.findall(r"^([\w-]+)==([\d.]+)$", (ROOT / "tests" / "oldest.txt").read_text(), re.M))
WORKFLOWS = [ROOT / ".github" / "workflows" / f"{name}.yml" for name in ("test", "versions")]


def short(version):
    """Return a version without the noughts at its end: 2.0.0 is called 2.0, 0.11.0 is called 0.11."""
    major, _, rest = version.partition(".")
    return f"{major}.{re.sub(r'([.]0)+$', '', rest)}"


def test_the_readme_names_the_oldest_versions_that_are_tested():
    names, oldest = re.search(
        r"^\| (Python .*?) \|\n\|[-|]+\n\| (.*?) \|$", (ROOT / "README.md").read_text(), re.M
    ).groups()
    python = PROJECT["requires-python"].removeprefix(">=")
    promised = dict(zip(names.lower().split(" | "), oldest.split(" | "), strict=True))
    assert promised == {"python": python} | {name: short(version) for name, version in TESTED.items()}


def test_the_oldest_versions_of_all_that_the_course_needs_are_tested():
    assert TESTED.keys() == {line.partition("==")[0] for line in PROJECT["dependencies"]}


def test_what_students_are_promised_is_tested():
    assert OLDEST.items() <= {name: short(version) for name, version in TESTED.items()}.items()


@pytest.mark.slow
def test_the_wheel_of_a_student_asks_for_the_oldest_versions_that_are_tested(tmp_path):
    with zipfile.ZipFile(build_wheel(tmp_path)) as wheel:
        (metadata,) = (name for name in wheel.namelist() if name.endswith("/METADATA"))
        text = wheel.read(metadata).decode()
    asked = dict(re.findall(r"^Requires-Dist: (\w+)>=([\d.]+)$", text, re.M))
    assert asked == {name: short(TESTED[name]) for name in ("matplotlib", "numpy", "sympy")}
    assert f"\nRequires-Python: {PROJECT['requires-python']}\n" in text


def test_newest_and_oldest_start_from_the_names_alone():
    assert unpinned(extras=["postgres", "instructor"])[-3:] == [
        "psycopg[binary]",
        "pyseccomp; sys_platform == 'linux'",
        "rich",
    ]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_only_calls_make(path):
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    for job in yaml.safe_load(path.read_text())["jobs"].values():
        called = [step["run"] for step in job["steps"] if "run" in step]
        either = job.get("strategy", {}).get("matrix", {}).get("include", [{}])
        filled = [line.replace("${{ matrix.versions }}", row.get("versions", "")) for line in called for row in either]
        assert filled and {line.removeprefix("make ") for line in filled} <= targets


def test_each_week_the_newest_and_the_oldest_are_tried():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "versions.yml").read_text())
    (each,) = workflow[True]["schedule"]  # YAML reads the word on as true
    assert re.fullmatch(r"\d+ \d+ \* \* \d", each["cron"])
    rows = workflow["jobs"]["test"]["strategy"]["matrix"]["include"]
    assert {row["versions"] for row in rows} == {"newest", "oldest"}
    (old,) = (row["python"] for row in rows if row["versions"] == "oldest")
    assert f">={old}" == PROJECT["requires-python"]
