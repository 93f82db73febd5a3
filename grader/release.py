"""source/ -> notebooks/ for students, and source/ -> solutions/, worked and executed."""

import hashlib
import shutil
from itertools import count

import nbformat
from nbgrader.utils import compute_checksum

from grader.course import CONFIG, CourseError, succeed


def release(course, assignment):
    """Write the student's copy of an assignment, and enter it into the gradebook; return what was set aside, if any."""
    kept = _set_aside(course, assignment)
    course.gradebook().close()  # if there is trouble with it, here is where that is said
    succeed(course.api.generate_assignment(assignment), f"releasing {assignment}")
    return kept


def release_if_changed(course, assignment):
    """Release an assignment unless its source, and the gradebook, are as they were at its last release."""
    source = (course.root / "source" / assignment / f"{assignment}.ipynb").read_bytes()
    config = (course.root / CONFIG).read_bytes()
    mark = _path(course, "release_directory", assignment).with_name(".released-from")
    state = hashlib.sha256(source + config).hexdigest()
    known = mark.is_file() and mark.read_text(encoding="ascii") == state
    if _in_gradebook(course, assignment) and known:
        return
    release(course, assignment)
    mark.write_text(state, encoding="ascii")


def _in_gradebook(course, assignment):
    with course.gradebook() as gb:
        return any(found.name == assignment and found.notebooks for found in gb.assignments)


def solutions(course, assignment):
    """Write the worked and executed copy of an assignment.

    Raises CourseError when a cell of it fails: nbgrader itself would not notice.
    """
    from nbgrader.converters import GenerateSolution
    from nbgrader.utils import capture_log, temp_attrs

    with temp_attrs(course.api.coursedir, assignment_id=assignment):
        succeed(
            capture_log(GenerateSolution(coursedir=course.api.coursedir, parent=course.api)), f"solving {assignment}"
        )
    path = _path(course, "solution_directory", assignment)
    if failed := [cell.id for cell in nbformat.read(path, 4).cells if _fails(cell)]:
        raise CourseError(f"solving {assignment} failed: there are errors in its cells {', '.join(failed)}")


def _fails(cell):
    return any(output.output_type == "error" for output in cell.get("outputs", ()))


def _path(course, directory, assignment):
    return course.root / course.config.CourseDirectory[directory] / assignment / f"{assignment}.ipynb"


def _set_aside(course, assignment):
    """Copy a notebook that somebody has worked in to course/kept/ before it is replaced; return the copy's path."""
    path = _path(course, "release_directory", assignment)
    if not path.exists() or not _worked_in(path):
        return None
    kept = course.folder / "kept"
    kept.mkdir(exist_ok=True)
    names = (kept / f"{assignment}-{number}.ipynb" for number in count(1))
    return shutil.copy(path, next(name for name in names if not name.exists()))


def _worked_in(path):
    """Return whether a cell was run or an exercise changed; a notebook that cannot be read counts as worked in."""
    try:
        cells = nbformat.read(path, 4).cells
    except Exception:  # nbformat raises many kinds on damaged files
        return True
    return any(cell.get("execution_count") or _changed(cell) for cell in cells)


def _changed(cell):
    """Return whether a cell is not as nbgrader released it, by the checksum that it put there."""
    released = cell.metadata.get("nbgrader", {}).get("checksum")
    return released is not None and released != compute_checksum(cell)
