"""What the 10,000th submission costs beside the 10th: the same outcomes, written into a gradebook that fills up."""

import sys
import time
from dataclasses import replace
from json import dumps

from grader import feedback, jobs
from grader.course import Course
from grader.grading import Batch
from grader.release import release
from tests.bench import invented, measured
from tests.conftest import copy_course

MOST, WINDOW = 10_000, 50


def growth(folder, size):
    """Return cost, in seconds, of a submission at the beginning and at the end of 10,000, and their ratio."""
    copy_course(folder)
    command = [sys.executable, "-m", "tests.bench.growth", str(folder), str(MOST if size > 5 else MOST // 10)]
    return measured.last_line(command)


def main(root, most):
    most, course = int(most), Course(root)
    rooms = course.assignments
    made = invented.Class(course, 1)
    for room in rooms:
        release(course, room)
        path = course.submitted("student-0000", room)
        path.parent.mkdir(parents=True)
        path.write_text(made.notebook("student-0000", room), encoding="utf-8")
    batch = Batch(course, rooms, sandbox=True)
    batch.gradebook = course.gradebook()
    for room in rooms:
        batch.keys["student-0000", room] = batch._key(("student-0000", room))
    for _ in range(2):  # the second time all is warm
        judged = {room: timed(jobs.do, batch._job(("student-0000", room))) for room in rooms}
        pages = {room: timed(page_of, batch, ("student-0000", room), judged[room][0]) for room in rooms}
    taken = []
    for number in range(most):
        place = f"student-{number // len(rooms):05}", rooms[number % len(rooms)]
        batch.keys[place] = batch.keys["student-0000", place[1]]
        taken.append(timed(written, batch, place, judged[place[1]][0], pages[place[1]][0])[1])
    judging = sum(seconds for _, seconds in [*judged.values(), *pages.values()]) / len(rooms)
    first, last = (judging + sorted(t)[WINDOW // 2] for t in (taken[10 : 10 + WINDOW], taken[-WINDOW:]))
    print(dumps({"growth_10_to_10000": round(last / first, 3), "first_s": first, "last_s": last, "written": most}))


def timed(function, *arguments):
    start = time.perf_counter()
    return function(*arguments), time.perf_counter() - start


def page_of(batch, place, outcome):
    return feedback.render(batch._save(place, replace(outcome))[2])


def written(batch, place, outcome, page):
    """Save an outcome and its page as a batch does."""
    record, kept, _ = batch._save(place, replace(outcome))
    batch._finish(place, record, kept, page)


if __name__ == "__main__":
    main(*sys.argv[1:])
