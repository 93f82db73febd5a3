"""Export of grades and formgrader's listing, in gradebooks of 1,000 and 4,000 students with five assignments."""

from nbgrader.api import Gradebook

from grader import listing
from grader.database import add_indexes
from grader.export import CourseCsv
from tests.bench_database import ROOM, seconds_on
from tests.invented_gradebook import invent


def database_figures(folder):
    """Return seconds for export and listing; the gradebooks are made in ``folder``."""
    folder.mkdir()
    found = {}
    for students in (1000, 4000):
        url = invent(f"sqlite:///{folder}/{students}.db", students, 6, cells=6, missing=0)
        with Gradebook(url) as gradebook:
            add_indexes(gradebook.engine)
        export = CourseCsv(to=str(folder / "grades.csv")).export
        times = [seconds_on(Gradebook, url, export) for _ in range(3)]
        found[f"export_{students}_s"] = {"median": sorted(times)[1], "least": min(times), "most": max(times)}
    times = [seconds_on(listing.Gradebook, url, lambda gradebook: gradebook.submission_dicts(ROOM)) for _ in range(3)]
    return found | {"listing_4000_s": {"median": sorted(times)[1], "least": min(times), "most": max(times)}}
