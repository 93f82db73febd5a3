"""Print what the course and its tests need, without the versions: the newest of each, or what tests/oldest.txt says."""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


def unpinned(extras=("instructor", "test")):
    """Return the requirements of pyproject.toml and of these extras of it, without their versions."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    return [re.sub(r"==[\d.]+", "", line) for lines in lists for line in lines]


if __name__ == "__main__":
    print("\n".join(unpinned()))
