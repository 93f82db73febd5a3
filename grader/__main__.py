"""The commands of the instructor; the Makefile calls them. Run them in the folder of the course."""

import argparse
import os
import sys
import time
from collections import Counter

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from grader import desk
from grader.course import Course, CourseError
from grader.engine import warm_up
from grader.sandbox import SandboxError
from grader.summary import summary

console = Console(highlight=False)


def main(argv=None):
    """Run one command; return its exit status. A CourseError or SandboxError is one line on stderr and status 1."""
    arguments = _parser().parse_args(argv)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        if "desk" in arguments:
            return arguments.desk(Course(), arguments) or 0
        return arguments.command(arguments) or 0
    except (CourseError, SandboxError) as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What was graded is in the gradebook.", file=sys.stderr)
        return 130


def _parser():
    parser = argparse.ArgumentParser(prog="grader", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, function, text in [
        ("release", _release, "source/ -> notebooks/"),
        ("solutions", _solutions, "source/ -> solutions/, worked and executed"),
        ("grade", _grade, "grade whatever lies in course/submitted/"),
        ("regrade", _regrade, "grade again what a change of ours touches; first --preview"),
        ("demo", _demo, "hand in an invented class and grade it"),
    ]:
        command = commands.add_parser(name, help=text)
        command.add_argument("assignments", nargs="*", metavar="assignment", help="all of them where none is named")
        command.set_defaults(command=function)
        if function in (_grade, _demo, _regrade):
            _add_options(command)
        if function is _regrade:
            command.add_argument("--preview", action="store_true", help="say whose mark would change, write nothing")
    desk.add_commands(commands)
    canary = commands.add_parser("canary", help="try the sandbox, and say in one line whether it holds")
    canary.set_defaults(command=_canary)
    lab = commands.add_parser("lab", help="open JupyterLab")
    lab.add_argument("--instructor", action="store_true", help="with nbgrader's panels, on the whole course")
    lab.add_argument("--allow-root", action="store_true", help="run as root, where that is harmless")
    lab.set_defaults(command=_lab)
    return parser


def _add_options(command):
    command.add_argument("--again", action="store_true", help="grade also what has not changed since it was graded")
    command.add_argument("--workers", type=_count, metavar="N", help="judge N submissions at once (one a processor)")
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="grade on the workers of a dask scheduler, such as tcp://10.0.0.5:8786"
    )
    command.add_argument(
        "--no-sandbox", action="store_true", help="run student code with your rights: in a throw-away machine alone"
    )


def _count(text):
    """Return a number of workers. Raises argparse's error, which is one line."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of workers: write 1 or more")
    return int(text)


def _chosen(course, arguments):
    """Return the assignments that were named, or all of them."""
    if unknown := sorted(set(arguments.assignments) - set(course.assignments)):
        raise CourseError(f"no assignment {', '.join(unknown)} in source/; there is {', '.join(course.assignments)}")
    return arguments.assignments or course.assignments


def _bar():
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def _grading_bar():
    """Return a bar that also shows submissions a minute, the time left, and how many came out how."""
    return Progress(
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()),
        *(TextColumn("{task.fields[speed]}"), TimeRemainingColumn(), TextColumn("{task.fields[outcomes]}")),
        console=console,
    )


def _step(bar, task):
    """Return the function that moves the bar by one Record."""
    counts, start = Counter(), time.monotonic()

    def step(record):
        counts[record.outcome] += 1
        speed = f"{60 * counts.total() / max(time.monotonic() - start, 0.1):.0f} a minute, left:"
        bar.update(task, advance=1, speed=speed, outcomes=", ".join(f"{n} {outcome}" for outcome, n in counts.items()))

    return step


def _release(arguments):
    from grader import leaks
    from grader.release import release

    course = Course()
    chosen = _chosen(course, arguments)
    with _bar() as bar:
        for assignment in bar.track(chosen, description="releasing"):
            if kept := release(course, assignment):
                console.print(f"You had worked in {assignment}: your copy is kept as {kept.relative_to(course.root)}")
        bar.add_task("looking for leaks", total=None)
        if found := leaks.scan_release(course, chosen):
            raise CourseError(f"hand nothing out yet, because it would hold {'; '.join(found[:5])}")


def _solutions(arguments):
    from grader.release import solutions

    course = Course()
    with _bar() as bar:
        for assignment in bar.track(_chosen(course, arguments), description="working through"):
            solutions(course, assignment)


def _grade(arguments):
    warm_up(arguments.scheduler)
    from grader.grading import grade, submissions

    course = Course()
    chosen = _chosen(course, arguments)
    count = len(submissions(course, chosen))
    if not count:
        raise CourseError(
            "nothing to grade: put submissions into course/submitted/<student>/<assignment>/<assignment>.ipynb"
        )
    with _grading_bar() as bar:
        task = bar.add_task("grading", total=count, outcomes="", speed="")
        records = grade(course, chosen, step=_step(bar, task), **_how(arguments))
    desk.write_report(course)
    _show(records)
    if arguments.no_sandbox:
        console.print("[bold]Graded without a sandbox:[/bold] what was handed in ran with your rights")


def _how(arguments):
    how = {name: getattr(arguments, name) for name in ("workers", "again", "scheduler")}
    return how | {"sandbox": not arguments.no_sandbox}


def _regrade(arguments):
    if not arguments.preview:
        return _grade(arguments)
    warm_up(arguments.scheduler)
    from grader.grading import submissions
    from grader.preview import preview

    course = Course()
    chosen = _chosen(course, arguments)
    with _grading_bar() as bar:
        task = bar.add_task("grading a copy", total=len(submissions(course, chosen)), outcomes="", speed="")
        changes, same = preview(course, chosen, _step(bar, task), **_how(arguments))
    desk.show_changes(changes, same)


def _demo(arguments):
    from grader.demo import hand_in

    course = Course()
    chosen = _chosen(course, arguments)
    with console.status("releasing, and handing in an invented class"):
        count = hand_in(course, chosen)
    console.print(f"{count} submissions handed in to course/submitted/")
    _grade(arguments)


def _canary(arguments):
    from grader.jobs import worker
    from grader.steps import JudgeOutside

    worker(JudgeOutside(config=Course().config).limits, sandbox=True)
    console.print("The sandbox holds: the canary reached nothing, and honest code runs in it.")


def _show(records):
    """Print a table of student, marks and named mistakes, and where everything lies."""
    table = Table("student", "assignment", "marks", "what happened", title="Marks and named mistakes")
    for record in records:
        marks = f"{record.marks:g} / {record.points:g}" if record.functions else "-"
        table.add_row(record.student, record.assignment, marks, _happened(record))
    console.print(table)
    console.print(summary(records))
    console.print(
        "Class report:    course/report.html\n"
        "Feedback pages:  course/feedback/<student>/<assignment>/\n"
        "Marks:           course/grades.csv, course/report.json, and formgrader in  make lab-instructor"
    )


def _happened(record):
    named = [
        f"{name}: {f.mistake or f.state}{' (carried forward)' if f.carried else ''}"
        for name, f in record.functions.items()
        if f.state != "right"
    ]
    open_ = [name for name, f in record.functions.items() if f.state == "not attempted"]
    if record.functions and len(open_) == len(record.functions):
        named = ["nothing attempted"]
    elif len(open_) > 3:
        named = [line for line in named if "not attempted" not in line] + [f"{len(open_)} not attempted"]
    notes = [] if record.outcome == "graded" else [f"[bold]{record.outcome}[/bold]", *record.flags]
    return "\n".join(notes + named) or "all right"


def _lab(arguments):
    from grader.lab import lab

    return lab(instructor=arguments.instructor, extra=["--allow-root"] if arguments.allow_root else [])


if __name__ == "__main__":
    sys.exit(main())
