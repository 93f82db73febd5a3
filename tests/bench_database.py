"""How many seconds the export and formgrader's listings take, ours and nbgrader's, in a class of any size.

    python -m tests.bench_database [STUDENTS [ASSIGNMENTS [ADDRESS]]]

The gradebook is invented, at the address of an empty database, or in a temporary file.
"""

import sys
import tempfile
import time
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from grader import listing
from grader.database import add_indexes
from grader.export import CourseCsv
from tests.invented_gradebook import invent

ROOM = "01-room"
LISTINGS = {
    "submissions of an assignment": lambda gradebook: gradebook.submission_dicts(ROOM),
    "submissions of a notebook": lambda gradebook: gradebook.notebook_submission_dicts(ROOM, ROOM),
    "students": lambda gradebook: gradebook.student_dicts(),
}


def main(students=1000, assignments=5, url=None):
    with tempfile.TemporaryDirectory() as folder:
        url = invent(url or f"sqlite:///{folder}/gradebook.db", students, assignments + 1, cells=6, missing=0)
        with Gradebook(url) as gradebook:
            took = seconds(add_indexes, gradebook.engine)
        print(f"{students} students, {assignments} assignments of 14 marks; the indexes took {took:.2f} s to make")
        print(f"{'':30} {'ours':>7} {'nbgrader':>9}")
        path = Path(folder) / "grades.csv"
        kinds = [(CourseCsv, listing.Gradebook), (CsvExportPlugin, Gradebook)]
        row("export", [seconds_on(Gradebook, url, exporter(to=str(path)).export) for exporter, _ in kinds])
        for name, listed in LISTINGS.items():
            row(name, [seconds_on(kind, url, listed) for _, kind in kinds])


def seconds_on(kind, url, do):
    with kind(url) as gradebook:
        return seconds(do, gradebook)


def seconds(do, *arguments):
    start = time.perf_counter()
    do(*arguments)
    return time.perf_counter() - start


def row(name, times):
    print(f"{name:30} {times[0]:7.2f} {times[1]:9.2f}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
