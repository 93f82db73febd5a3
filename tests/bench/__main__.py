"""Grade one class with stock nbgrader and with ``grader grade``, in turn, and say how they compare.

make bench              40 students, 200 submissions: about an hour
make bench SIZE=small   5 students, 25 submissions: ten minutes
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from rich.progress import Progress

from grader.release import release
from tests import ledger
from tests.bench import invented, measured, stock
from tests.bench.database import database_figures
from tests.bench.growth import growth
from tests.bench.scaling import scaling
from tests.conftest import ROOT, copy_course

SIZES = {"small": 5, "full": 40}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="full")
    size = SIZES[parser.parse_args().size]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Progress() as bar:
        folder = Path(folder)
        ours, theirs, kinds = hand_out(folder, size)
        rooms = ours.assignments
        task = bar.add_task("stock and ours, in turn", total=len(rooms))
        rounds = []
        for number, room in enumerate(rooms):
            rounds.append(compare(ours, theirs, room, ours_first=bool(number % 2)))
            bar.advance(task)
        figures = ratios(rounds, size)
        figures["grade_differences"] = differences(ours, theirs, kinds)
        bar.update(task, description="workers, growth, database")
        figures |= scaling(folder / "scaling", size) | growth(folder / "growth", size) | database_figures(folder / "db")
    write(figures, rounds, size)
    return 0


def hand_out(folder, size):
    """Return a course of ours and one of stock's with the same submissions, and {student: kind}."""
    ours, theirs = copy_course(folder / "ours"), stock.stock_course(folder / "stock")
    for room in ours.assignments:
        release(ours, room)
        release(theirs, room)
    made = invented.Class(ours, size)
    for student in made.kinds:
        for room in ours.assignments:
            text = made.notebook(student, room)
            for course in (ours, theirs):
                path = course.submitted(student, room)
                path.parent.mkdir(parents=True)
                path.write_text(text, encoding="utf-8")
    return ours, theirs, made.kinds


def compare(ours, theirs, room, ours_first):
    """Return {who: what grading and feedback of one assignment took}, and the bare limit in CPU seconds."""
    from grader.hidden import ensure_hidden_cases

    hidden = ensure_hidden_cases(room, ours.root)
    python = [sys.executable, "-m"]

    def by_stock():
        graded = measured.run([*python, "nbgrader", "autograde", room], theirs.root, BACKPROP_HIDDEN_CASES=str(hidden))
        pages = measured.run([*python, "nbgrader", "generate_feedback", room], theirs.root)
        return graded, pages

    def by_us():
        return measured.run([*python, "grader", "grade", room], ours.root, PYTHONPATH=str(ROOT))

    took = {}
    for who, how in [("ours", by_us), ("stock", by_stock)][:: 1 if ours_first else -1]:
        took[who] = how()
    bare = measured.last_line([*python, "tests.bench.bare", str(ours.root), room])
    return took | {"room": room, "bare": bare}


def ratios(rounds, size):
    """Return the figures that compare, each with its value in the middle and its least and greatest."""
    found = {
        "throughput_ratio": [sum(t.wall for t in r["stock"]) / r["ours"].wall for r in rounds],
        "cpu_ratio": [sum(t.cpu for t in r["stock"]) / r["ours"].cpu for r in rounds],
        "limit_ratio": [r["ours"].cpu / r["bare"]["all"] for r in rounds],
        "limit_ratio_graded_cells": [r["ours"].cpu / r["bare"]["graded"] for r in rounds],
        "submissions_per_minute": [60 * size / r["ours"].wall for r in rounds],
        "cpu_per_submission_s": [r["ours"].cpu / size for r in rounds],
        "stock_cpu_per_submission_s": [sum(t.cpu for t in r["stock"]) / size for r in rounds],
        "peak_mb": [r["ours"].peak for r in rounds],
        "stock_peak_mb": [max(t.peak for t in r["stock"]) for r in rounds],
        "stock_feedback_s": [r["stock"][1].wall / size for r in rounds],
    }
    figures = {name: measured.spread(values) for name, values in found.items()}
    figures["throughput_ratio"]["whole_class"] = of_all(rounds, "wall")
    figures["cpu_ratio"]["whole_class"] = of_all(rounds, "cpu")
    bare = sum(r["bare"]["all"] for r in rounds)
    figures["limit_ratio"]["whole_class"] = round(sum(r["ours"].cpu for r in rounds) / bare, 2)
    return figures


def of_all(rounds, what):
    """Return how many times as much stock took as we did, over all assignments."""
    stock_s = sum(getattr(taken, what) for r in rounds for taken in r["stock"])
    return round(stock_s / sum(getattr(r["ours"], what) for r in rounds), 2)


def differences(ours, theirs, kinds):
    """Return how many marks differ, and of how many, over all submissions that both have graded."""
    mine, other = ledger.every_score(ours), ledger.every_score(theirs)
    pairs = [(mine[key], other.get(key), key) for key in mine]
    differing = [key for one, two, key in pairs if one != two]
    return {"differ": len(differing), "of": len(pairs), "which": [" ".join(map(str, key)) for key in differing[:20]]}


def write(figures, rounds, size):
    about = {"date": date.today().isoformat(), "students": size, "assignments": len(rounds)}
    about |= {"python": platform.python_version(), "processors": os.cpu_count(), "system": platform.system()}
    out = ROOT / "dist" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"about": about} | figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"about": about} | figures, indent=1))
    print(f"{time.strftime('%H:%M')}  written to {out.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
