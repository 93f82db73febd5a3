"""Print how long one verdict takes, for each exercise: a right answer, a named mistake, and one without a name."""

import time

import numpy as np

from helpers import answers, reference
from helpers.asking import Answer
from helpers.judging import judge

ROUNDS = 15


def main():
    print(f"{'exercise':45} {'right':>8} {'named':>8} {'unnamed':>8}   ms, median of {ROUNDS}")
    for assignment in answers.ROOMS:
        for name in reference.exercises(assignment):
            times = [_median(assignment, name, pick) for pick in (_right, _named, _unnamed)]
            print(f"{assignment + ' ' + name:45} " + " ".join(f"{t:8.1f}" for t in times))


def _median(assignment, name, pick):
    return 1000 * float(np.median([_once(assignment, name, pick) for _ in range(ROUNDS)]))


def _once(assignment, name, pick):
    start = time.perf_counter()
    exercise = reference.load(assignment, name)
    judge(exercise, [pick(case) for case in exercise.cases])
    return time.perf_counter() - start


def _right(case):
    return Answer(value=case.right)


def _named(case):
    last = list(case.wrong.values())[-1]
    return Answer(error="stops") if reference.stops(last) else Answer(value=last)


def _unnamed(case):
    def spoil(value):
        return {k: spoil(v) for k, v in value.items()} if isinstance(value, dict) else np.asarray(value) * 1.2345 + 0.1

    return Answer(value=spoil(case.right))


if __name__ == "__main__":
    main()
