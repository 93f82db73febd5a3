"""Submissions a minute with one worker and with two, and the memory of one more."""

import json
import sys
import time

from grader.course import Course
from grader.release import release
from tests.bench import invented, measured
from tests.conftest import ROOT, copy_course

ROUNDS = 3


def scaling(folder, size):
    """Return the figures; ``size`` students hand in all five assignments, and are graded again and again."""
    course = copy_course(folder)
    made = invented.Class(course, max(4, size // 4), seed=2)
    for room in course.assignments:
        release(course, room)
        for student in made.kinds:
            path = course.submitted(student, room)
            path.parent.mkdir(parents=True)
            path.write_text(made.notebook(student, room), encoding="utf-8")
    speeds, peaks = {1: [], 2: []}, {1: [], 2: []}
    for _ in range(ROUNDS):
        for workers in speeds:
            speeds[workers].append(steady(course.root, workers))
            peaks[workers].append(peak(course.root, workers))
    return {
        "scaling_1_to_2": measured.spread(two / one for one, two in zip(speeds[1], speeds[2], strict=True)),
        "worker_mb": measured.spread(two - one for one, two in zip(peaks[1], peaks[2], strict=True)),
    }


def peak(root, workers):
    """Return megabytes of all processes together, at their peak."""
    command = [sys.executable, "-m", "grader", "grade", "--again", "--workers", str(workers)]
    return measured.run(command, root, PYTHONPATH=str(ROOT)).peak


def steady(root, workers):
    """Return submissions a second between the first that is done and the last, so without what starts up."""
    command = [sys.executable, "-m", "tests.bench.scaling", str(root), str(workers)]
    return measured.last_line(command)


def main(root, workers):
    from grader.grading import grade

    times, course = [], Course(root)
    grade(course, course.assignments, lambda record: times.append(time.monotonic()), workers=int(workers), again=True)
    skip = 2 * int(workers)  # done while others still started
    print(json.dumps((len(times) - skip - 1) / (times[-1] - times[skip])))


if __name__ == "__main__":
    main(*sys.argv[1:])
