"""Formgrader's listings: our answers are nbgrader's, and in a class of four thousand they come at once."""

import json
import shutil
import time
from urllib.request import urlopen

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import text

from grader.database import add_indexes
from grader.formgrader import Listings, SubmissionListings
from tests.conftest import copy_course
from tests.invented_gradebook import invent
from tests.test_browser import serve

SUBMISSIONS = "select s.student_id, s.timestamp from submitted_assignment s join assignment a on a.id = s.assignment_id"
SCORES = """
select s.student_id, sum(coalesce(g.manual_score + coalesce(g.extra_credit, 0.0),
g.auto_score + coalesce(g.extra_credit, 0.0), 0.0)) from grade g
join submitted_notebook n on n.id = g.notebook_id join submitted_assignment s on s.id = n.assignment_id
join assignment a on a.id = s.assignment_id where a.name = :assignment group by s.student_id"""
ROOM = "01-room"


def rows(url, query):
    with Gradebook(url) as gradebook:
        return [tuple(row) for row in gradebook.db.execute(text(query), {"assignment": ROOM})]


def lay_out(folder, url, graded):
    """Make the folders of what was handed in for the first assignment, and of what ``graded(number)`` says was graded.

    Returns the folder of what was handed in.
    """
    for number, (student, stamp) in enumerate(rows(url, f"{SUBMISSIONS} where a.name = :assignment")):
        submitted = folder / "submitted" / student / ROOM
        submitted.mkdir(parents=True)
        if stamp:
            (submitted / "timestamp.txt").write_text(f"{stamp[:19]} UTC\n")
        if graded(number):
            autograded = folder / "autograded" / student / ROOM
            autograded.mkdir(parents=True)
            for name in (ROOM, "extra"):
                (autograded / f"{name}.ipynb").write_text("{}")
    return folder / "submitted"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class of forty: some were graded, some are not yet, some handed in again, some are in no gradebook."""
    course = copy_course(tmp_path_factory.mktemp("class") / "course-root")
    (course.root / "source" / ROOM).mkdir()
    invent(course.config.CourseDirectory.db_url, students=40)
    submitted = lay_out(course.folder, course.config.CourseDirectory.db_url, graded=lambda number: number % 5)
    stamps = sorted(submitted.glob("*/*/timestamp.txt"))
    stamps[2].write_text("2027-01-01 10:00:00.123456 UTC")
    stamps[4].write_text("2027-01-01 10:00:00 Europe/Berlin")
    stamps[6].unlink()
    for stranger in ("stranger/01-room", "stranger/02-room", ".hidden/01-room", "no-work"):
        (submitted / stranger).mkdir(parents=True)
    (submitted / "a-file").write_text("")
    (next(course.folder.glob("autograded/*/*/extra.ipynb"))).unlink()
    return course


LISTINGS = {
    "assignments": lambda api: api.get_assignments(),
    "submissions": lambda api: api.get_submissions(ROOM),
    "submissions of another": lambda api: api.get_submissions("02-room"),
    "notebooks": lambda api: api.get_notebook_submissions(ROOM, ROOM),
    "other notebooks": lambda api: api.get_notebook_submissions(ROOM, "extra"),
    "students": lambda api: api.get_students(),
}


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_says_what_nbgraders_says(course, name):
    def listed(kind):
        return LISTINGS[name](kind(CourseDirectory(config=course.config), config=course.config))

    expected = listed(NbGraderAPI)
    assert listed(SubmissionListings if name.startswith("submissions") else Listings) == expected
    assert len(expected) > 5


def test_a_class_without_folders_has_nobodys_work(course, tmp_path):
    (tmp_path / "source").mkdir()
    shutil.copy(course.database, tmp_path)
    empty = CourseDirectory(root=str(tmp_path), db_url=f"sqlite:///{tmp_path}/gradebook.db")
    assert Listings(empty).get_submitted_students(ROOM) == set()
    assert Listings(empty).get_autograded_students(ROOM) == set()


@pytest.mark.slow
def test_four_thousand_students_are_listed_at_once(root, tmp_path):
    """By a real server, over HTTP: in 0.7 s where nothing else runs; nbgrader's own answer took 7 s."""
    (tmp_path / "course").mkdir()
    url = f"sqlite:///{tmp_path}/course/gradebook.db"
    invent(url, students=4000, assignments=1, cells=6, missing=0)
    with Gradebook(url) as gradebook:
        add_indexes(gradebook.engine)
    lay_out(tmp_path / "course", url, graded=lambda number: True)
    with serve(root, tmp_path, instructor=True) as (address, _):
        found, seconds = quicker(address(f"formgrader/api/submissions/{ROOM}"))
        assert {row["student"]: row["score"] for row in found} == dict(rows(url, SCORES))
        assert len(found) == 3999
        for listing in (f"submitted_notebooks/{ROOM}/{ROOM}", "students", "assignments"):
            seconds |= quicker(address(f"formgrader/api/{listing}"))[1]
    assert max(seconds.values()) < 2, seconds


def quicker(url):
    """Return what an address answers, and {address: seconds} of the quicker of two answers."""
    took = []
    for _ in range(2):
        start = time.perf_counter()
        with urlopen(url, timeout=60) as answer:
            found = json.load(answer)
        took.append(time.perf_counter() - start)
    return found, {url: min(took)}
