"""Marks go out as Canvas and Moodle read them, and come back into the lines that they belong to."""

import csv
import io

import pytest
from nbgrader.api import Grade, Gradebook

from grader.course import CourseError
from grader.lms import CanvasCsv, MoodleCsv
from tests.invented_gradebook import invent

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,{room} (4711),Final Score
    Points Possible,,,,,20.00,(read only)
"Lovelace, Ada",101,S1,student-0000,A,7,50
"Pascal, Blaise",102,S2,student-0001,B,,
"Stranger, A",199,S9,nobody,B,3,
"""
WORKSHEET = """Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Feedback comments
Participant 11,Ada Lovelace,student-0000,a@example.org,Submitted,,100.00,good
Participant 12,Blaise Pascal,student-0001,b@example.org,Submitted,55,100.00,
"""


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    url = invent(f"sqlite:///{tmp_path_factory.mktemp('gradebook')}/gradebook.db", 4, 3, cells=4, missing=0)
    with Gradebook(url) as gradebook:
        room = "01-room"
        for grade in gradebook.db.query(Grade):
            grade.needs_manual_grade = False
        wait = gradebook.find_submission(room, "student-00001").notebooks[0].grades[0]
        wait.needs_manual_grade = True
        gradebook.db.commit()
        yield gradebook


def exported(exporter, gradebook, folder, like=None):
    exporter.to = str(folder / "out.csv")
    if like:
        (folder / "like.csv").write_text(like, encoding="utf-8")
        exporter.like = str(folder / "like.csv")
    exporter.export(gradebook)
    return list(csv.DictReader(io.StringIO((folder / "out.csv").read_text(encoding="utf-8"))))


def names(gradebook):
    return sorted(assignment.name for assignment in gradebook.assignments)[:2], sorted(s.id for s in gradebook.students)


def score(gradebook, room, student):
    """Return a submission's score as nbgrader itself adds it up, less what is taken off for being late."""
    submission = gradebook.find_submission(room, student)
    return max(0.0, submission.score - submission.late_submission_penalty)


def canvas(gradebook):
    rooms, students = names(gradebook)
    return CANVAS.format(room=rooms[0]).replace("student-0000", students[0]).replace("student-0001", students[1])


def test_canvas_own_csv_is_filled_in_and_nothing_else_in_it_changes(gradebook, tmp_path):
    (room, other), students = names(gradebook)
    lines = exported(CanvasCsv(), gradebook, tmp_path, canvas(gradebook))
    was = list(csv.DictReader(io.StringIO(canvas(gradebook))))
    ada, blaise, stranger = lines[1:]
    assert float(ada[f"{room} (4711)"]) == score(gradebook, room, students[0])
    assert float(ada[other]) == score(gradebook, other, students[0])
    assert blaise[f"{room} (4711)"] == "", "it waits for a human"
    assert (stranger[f"{room} (4711)"], stranger[other]) == ("3", "")
    assert float(lines[0][f"{room} (4711)"]) == gradebook.find_assignment(room).max_score
    ours = {f"{room} (4711)", *(assignment.name for assignment in gradebook.assignments)}
    for line, before in zip(lines, was, strict=True):
        assert {k: v for k, v in line.items() if k not in ours} == {k: v for k, v in before.items() if k not in ours}


def test_what_canvas_gets_fills_in_the_same_again(gradebook, tmp_path):
    first = exported(CanvasCsv(), gradebook, tmp_path, canvas(gradebook))
    assert exported(CanvasCsv(), gradebook, tmp_path, (tmp_path / "out.csv").read_text()) == first


def test_without_canvas_own_csv_each_student_has_a_line_with_the_login(gradebook, tmp_path):
    (room, _), students = names(gradebook)
    points, *lines = exported(CanvasCsv(), gradebook, tmp_path)
    assert points["Student"].strip() == "Points Possible"
    by_id = {line["SIS Login ID"]: line for line in lines}
    assert sorted(by_id) == students
    assert float(by_id[students[0]][room]) == score(gradebook, room, students[0])


def test_moodles_gradebook_gets_a_column_for_each_assignment(gradebook, tmp_path):
    rooms, students = names(gradebook)
    lines = exported(MoodleCsv(), gradebook, tmp_path)
    by_id = {line["ID number"]: line for line in lines}
    assert sorted(by_id) == students
    for room in rooms:
        assert float(by_id[students[2]][room]) == score(gradebook, room, students[2])


def test_moodles_worksheet_is_filled_in_on_its_own_scale(gradebook, tmp_path):
    (room, _), students = names(gradebook)
    text = WORKSHEET.replace("student-0000", students[0]).replace("student-0001", students[1])
    ada, blaise = exported(MoodleCsv(assignment=[room]), gradebook, tmp_path, text)
    most = gradebook.find_assignment(room).max_score
    assert float(ada["Grade"]) == pytest.approx(100 * score(gradebook, room, students[0]) / most)
    assert (ada["Feedback comments"], blaise["Grade"]) == ("good", "55"), "what waits is as it was"


def test_a_worksheet_is_of_one_assignment(gradebook, tmp_path):
    with pytest.raises(CourseError, match="say which"):
        exported(MoodleCsv(), gradebook, tmp_path, WORKSHEET)


@pytest.mark.parametrize("exporter", [CanvasCsv, MoodleCsv])
def test_a_csv_of_something_else_is_refused_and_nothing_written(gradebook, tmp_path, exporter):
    with pytest.raises(CourseError, match="lacks its columns"):
        exported(exporter(), gradebook, tmp_path, "a,b\n1,2\n")
    assert not (tmp_path / "out.csv").exists()
