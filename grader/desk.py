"""The instructor's desk: hand out, take back, look at what the class got wrong, grade again, put marks into the LMS."""

from collections import Counter

from rich.console import Console
from rich.table import Table

from grader.course import CourseError

console = Console(highlight=False)
MOST_LINES = 60


def add_commands(commands):
    """Add the desk's commands to a parser's; each calls a function of (Course, arguments)."""
    bundle = commands.add_parser("bundle", help="write dist/student.zip, which is what students get")
    bundle.set_defaults(desk=_bundle)
    collect = commands.add_parser("collect", help="take submissions back: a zip of the LMS, a folder, a notebook")
    collect.add_argument(
        "source", nargs="?", help="the zip, folder or notebook; nbgrader's exchange where none is named"
    )
    collect.add_argument("--roster", metavar="CSV", help="who is in the class (course/roster.csv)")
    collect.add_argument("--assignment", metavar="NAME", help="what these are, where their content does not say")
    collect.set_defaults(desk=_collect)
    report = commands.add_parser("report", help="write course/report.html: what the class got wrong")
    report.add_argument("--names", action="store_true", help="name students, where a human has to look")
    report.set_defaults(desk=_report)
    export = commands.add_parser("export", help="write the marks as an LMS reads them")
    export.add_argument("lms", choices=["canvas", "moodle", "csv"])
    export.add_argument("assignments", nargs="*", metavar="assignment", help="all of them where none is named")
    export.add_argument("--like", metavar="CSV", help="the LMS's own CSV, to be filled in (course/roster.csv)")
    export.set_defaults(desk=_export)


def _bundle(course, arguments):
    from grader.bundle import bundle

    with console.status("") as status:
        path = bundle(course, lambda what: status.update(f"{what} ..."))
    size = path.stat().st_size / 1e6
    console.print(
        f"{path.relative_to(course.root)} ({size:.1f} MB) is for students; the leak scan found nothing in it."
    )


# --- taking back -----------------------------------------------------------------------------------


def _collect(course, arguments):
    from grader import collect

    _known(course, [arguments.assignment] if arguments.assignment else [])
    roster = _roster(course, arguments.roster)
    with console.status("taking submissions back ..."):
        for assignment in course.assignments:
            _released(course, assignment)
        if arguments.source:
            taken = collect.collect(course, arguments.source, roster, arguments.assignment)
        else:
            taken = collect.from_exchange(course)
        if roster:
            _enrol(course, roster)
    _show_taken(course, taken, roster)


def _released(course, assignment):
    from grader.release import release_if_changed

    release_if_changed(course.released(), assignment)


def _roster(course, path):
    """Return the Roster of the course; None, said in a line, where there is no file."""
    from grader import roster

    usual = course.folder / "roster.csv"
    if path or usual.is_file():
        return roster.read(path or usual)
    console.print(
        "There is no course/roster.csv (the CSV that Canvas or Moodle export, or id,first_name,last_name,email): "
        "students are called what their files are called."
    )
    return None


def _enrol(course, roster):
    """Enter the students of the roster into the gradebook."""
    with course.gradebook() as gradebook:
        for s in roster.students:
            about = {"first_name": s.first, "last_name": s.last, "email": s.email, "lms_user_id": s.lms}
            gradebook.update_or_create_student(s.id, **{name: value or None for name, value in about.items()})


def _show_taken(course, taken, roster):
    placed = [t for t in taken if t.student and t.assignment]
    for assignment, count in sorted(Counter(t.assignment for t in placed).items()):
        missing = len(roster.students) - count if roster else 0
        console.print(
            f"{assignment}: {count} submissions{f'; {missing} of the roster handed in nothing' if missing else ''}"
        )
    lines = [f"{t.student or t.sender}, {t.assignment or '?'}: {note}" for t in taken for note in t.notes]
    for line in lines[:MOST_LINES]:
        console.print(f"  {line}", soft_wrap=True)
    if len(lines) > MOST_LINES:
        console.print(f"  and {len(lines) - MOST_LINES} more")
    if lost := len(taken) - len(placed):
        console.print(f"[bold]{lost} could not be matched[/bold]: they are in course/unmatched/, and named above")
    console.print("Next:  make grade")


# --- looking ---------------------------------------------------------------------------------------


def _report(course, arguments):
    path = write_report(course, arguments.names)
    console.print(f"{path.relative_to(course.root)}: open it in a browser; the same as CSV and JSON lies beside it")


def write_report(course, names=False):
    """Write the class report of all that has been graded; return its path. Raises CourseError where there is none."""
    from grader.class_report import page
    from grader.grading import submissions
    from grader.records import Records

    records = [Records(course).last(place)[0] for place in submissions(course, course.assignments)]
    if not any(records):
        raise CourseError("nothing has been graded yet: run  make grade")
    return page.write(course, [record for record in records if record], names)


def show_changes(changes, same):
    """Print whose mark would change and why."""
    marks = [change for change in changes if change.difference]
    if not changes:
        console.print(f"No mark would change, in {same} submissions. Nothing was written.")
        return
    table = Table("student", "assignment", "exercise", "mark", "verdict", "because of", title="What would change")
    for c in changes[:MOST_LINES]:
        mark = f"{_mark(c.before)} -> {_mark(c.after)}" if c.difference else _mark(c.after)
        table.add_row(
            c.student, c.assignment, c.exercise, mark, f"{_said(c.before)} -> {_said(c.after)}", ", ".join(c.because)
        )
    console.print(table)
    if len(changes) > MOST_LINES:
        console.print(f"and {len(changes) - MOST_LINES} more")
    up, down = sum(c.difference > 0 for c in marks), sum(c.difference < 0 for c in marks)
    console.print(
        f"{len(marks)} marks would change ({up} up, {down} down), {len(changes) - len(marks)} verdicts besides; "
        f"{same} submissions stay as they are. Nothing was written: to do it,  grader regrade"
    )


def _mark(function):
    return f"{function.marks:g}" if function else "-"


def _said(function):
    return "-" if not function else f"{function.state}{f' ({function.mistake})' if function.mistake else ''}"


# --- marks out -------------------------------------------------------------------------------------


def _export(course, arguments):
    from grader import lms
    from grader.export import CourseCsv

    _known(course, arguments.assignments)
    if arguments.lms == "csv":
        exporter, path = CourseCsv(config=course.config), course.folder / "grades.csv"
    else:
        exporter, path = lms.EXPORTERS[arguments.lms](config=course.config), course.folder / f"{arguments.lms}.csv"
        exporter.like = arguments.like or exporter.like or lms.like(course, arguments.lms)
    exporter.to, exporter.assignment = str(path), list(arguments.assignments)
    with course.gradebook() as gradebook:
        exporter.export(gradebook)
    filled = f", filled into {getattr(exporter, 'like', '')}" if getattr(exporter, "like", "") else ""
    console.print(f"{path.relative_to(course.root)}{filled}; what waits for a human is left empty")


def _known(course, names):
    if unknown := sorted(set(names) - set(course.assignments)):
        raise CourseError(f"no assignment {', '.join(unknown)} in source/; there is {', '.join(course.assignments)}")
