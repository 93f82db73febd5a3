"""What a fork publishes, and where: all addresses follow from its name on GitHub, OWNER/REPO.

GitHub's workflows know that name (GITHUB_REPOSITORY); elsewhere there is none, and nothing links to anywhere.
"""

import os
import re
from urllib.parse import quote

from grader.course import CourseError

BRANCH = "student"  # holds the student bundle, unpacked: what Colab and Binder open


def repository():
    """Return OWNER/REPO, or None where nothing is known to be published. Raises CourseError for another form."""
    name = os.environ.get("GITHUB_REPOSITORY") or None
    if name and not re.fullmatch(r"[\w-]+/[\w.-]+", name):
        raise CourseError(f"GITHUB_REPOSITORY is OWNER/REPO, not {name}")
    return name


def wheel_address(wheel):
    """Return the address of the bundle's wheel, or None."""
    known = repository()
    return known and f"https://raw.githubusercontent.com/{known}/{BRANCH}/{wheel}"


def open_it(name, lite="lite"):
    """Return links that open a notebook where nothing has to be installed, as HTML; ``lite`` is where the pages lie."""
    places = {"in the browser": f"{lite}/lab/index.html?path={name}.ipynb"}
    if known := repository():
        path = f"notebooks/{name}/{name}.ipynb"
        places["in Colab"] = f"https://colab.research.google.com/github/{known}/blob/{BRANCH}/{path}"
        places["on Binder"] = f"https://mybinder.org/v2/gh/{known}/{BRANCH}?labpath={quote(path, safe='')}"
    return ", ".join(f'<a class="reference external" href="{url}">{words}</a>' for words, url in places.items())
