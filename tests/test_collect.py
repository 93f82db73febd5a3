"""Submissions are taken back in whatever form they come; whose they are comes from the roster, and nothing is lost."""

import getpass
import hashlib
import io
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest

from grader import roster
from grader.collect import collect
from grader.course import CourseError
from tests.small_course import LOST_FACTOR, ROOM, small_course, work

NBGRADER = """id,first_name,last_name,email,lms_user_id
ada,Ada,Lovelace,ada@example.org,101
blaise,Blaise,Pascal,blaise@example.org,102
emilie,Émilie,du Châtelet,emilie@example.org,103
ada2,Ada,Byron,byron@example.org,104
"""
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,01-linear-regression (77),Final Score
    Points Possible,,,,,20.0,
"Lovelace, Ada",101,S1,ada,A,,
"Pascal, Blaise",102,S2,blaise,A,,
"du Châtelet, Émilie",103,S3,emilie,B,,
"Student, Test",999,,,A,,
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum Grade
Participant 555101,Ada Lovelace,ada@example.org,Submitted,,20.00
Participant 555102,Blaise Pascal,blaise@example.org,Submitted,,20.00
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return small_course(tmp_path_factory.mktemp("small") / "course-root")


@pytest.fixture
def course(released, tmp_path):
    shutil.copytree(released.root, tmp_path / "course-root")
    return type(released)(tmp_path / "course-root")


@pytest.fixture
def people(tmp_path):
    return reading(tmp_path, NBGRADER)


def reading(folder, text, encoding="utf-8"):
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return roster.read(path)


def zipped(path, members, time=(2026, 11, 2, 9, 0, 0)):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, time), data)
    return path


def lying(course):
    """Return {student: {file: text}} of what lies in course/submitted/."""
    found = {}
    for path in sorted((course.folder / "submitted").glob(f"*/{ROOM}/*")):
        found.setdefault(path.parts[-3], {})[path.name] = path.read_text(encoding="utf-8", errors="replace")
    return found


def said(taken):
    return {t.student or t.sender: "; ".join(t.notes) for t in taken}


# --- the roster ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [NBGRADER, CANVAS], ids=["nbgrader", "canvas"])
def test_a_roster_is_read_as_nbgrader_or_canvas_write_it(tmp_path, text):
    people = reading(tmp_path, text)
    assert [s.id for s in people.students][:3] == ["ada", "blaise", "emilie"]
    assert people.find("whatever", "102").id == "blaise"
    assert people.find("duchatelet emilie").last == "du Châtelet"
    assert people.find("Student, Test") is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_roster_of_a_spreadsheet_is_read(tmp_path, encoding):
    people = reading(tmp_path, NBGRADER.replace(",", ";"), encoding)
    assert people.find("Émilie du Châtelet").id == "emilie"


def test_a_grading_worksheet_of_moodle_is_a_roster(tmp_path):
    people = reading(tmp_path, MOODLE)
    assert people.find("Ada Lovelace", "555101") == roster.Student(
        "ada", "Ada", "Lovelace", "ada@example.org", "555101"
    )


def test_a_name_that_two_students_have_finds_neither(people):
    assert people.find("ada").id == "ada"
    assert people.find("Ada Lovelace").id == "ada"
    twice = roster.Roster([*people.students, roster.Student("ada3", "Ada", "Lovelace")])
    assert twice.find("Ada Lovelace") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no student"),
        ("name,marks\nAda,3\n", "names no student"),
        (NBGRADER + "ada,Ada,Again,,\n", "several lines for ada"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_in_one_line(tmp_path, text, why):
    with pytest.raises(CourseError, match=why) as refused:
        reading(tmp_path, text)
    assert "\n" not in str(refused.value)


# --- the forms -------------------------------------------------------------------------------------


def test_moodles_zip_is_taken_with_folders_and_without(course, people, tmp_path):
    text = work(course)
    taken = collect(
        course,
        zipped(
            tmp_path / "moodle.zip",
            {
                f"Ada Lovelace_555101_assignsubmission_file_/{ROOM}.ipynb": text,
                f"Blaise Pascal_555102_assignsubmission_file_{ROOM}.ipynb": work(course, gradient=LOST_FACTOR),
                "Émilie du Châtelet_555103_assignsubmission_file/my homework.ipynb": text,
                "Émilie du Châtelet_555103_assignsubmission_file/data.csv": "1,2",
            },
        ),
        people,
    )
    assert {t.student for t in taken} == {"ada", "blaise", "emilie"}
    assert lying(course) == {
        "ada": {f"{ROOM}.ipynb": text},
        "blaise": {f"{ROOM}.ipynb": work(course, gradient=LOST_FACTOR)},
        "emilie": {"my homework.ipynb": text, "data.csv": "1,2"},
    }


def test_canvas_zip_is_taken_late_ones_are_said_and_the_last_attempt_counts(course, people, tmp_path):
    first, second = work(course, gradient=LOST_FACTOR), work(course)
    members = {
        f"lovelaceada_101_9001_{ROOM}.ipynb": first,
        f"lovelaceada_101_9002_{ROOM}-1.ipynb": second,
        f"pascalblaise_LATE_102_9003_{ROOM}-2.ipynb": second,
        "duchateletemilie_103_9004_submission.zip": b"",
    }
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(f"work/{ROOM}.ipynb", second)
    members["duchateletemilie_103_9004_submission.zip"] = inner.getvalue()
    notes = said(collect(course, zipped(tmp_path / "canvas.zip", members), people))
    assert "handed in 2 times" in notes["ada"]
    assert notes["blaise"] == "late, says the LMS"
    assert lying(course)["ada"] == {f"{ROOM}.ipynb": second} == lying(course)["blaise"]
    assert (course.submitted("emilie", ROOM).parent / "submission.zip").read_bytes() == inner.getvalue()
    assert [path.read_text() for path in (course.folder / "earlier" / "ada").rglob("*.ipynb")] == [first]


def test_a_folder_is_taken_whatever_its_layout(course, people, tmp_path):
    text = work(course)
    for name in [f"submitted/ada/{ROOM}/x.ipynb", f"{ROOM}/blaise@example.org/x.ipynb", "Emilie du Chatelet/a/x.ipynb"]:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    collect(course, tmp_path / "in", people)
    assert lying(course) == {who: {"x.ipynb": text} for who in ("ada", "blaise", "emilie")}


def test_single_files_are_matched_by_the_student_their_name_mentions(course, people, tmp_path):
    for name in ("HW1 Ada Lovelace final.ipynb", "blaise_notebook(2).ipynb"):
        path = tmp_path / name
        path.write_text(work(course), encoding="utf-8")
        collect(course, path, people)
    assert set(lying(course)) == {"ada", "blaise"}


def test_a_zip_of_one_student_is_matched_by_its_own_name(course, people, tmp_path):
    collect(course, zipped(tmp_path / "Blaise Pascal.zip", {f"{ROOM}.ipynb": work(course), "data.csv": "1"}), people)
    assert set(lying(course)["blaise"]) == {f"{ROOM}.ipynb", "data.csv"}


def test_without_a_roster_students_are_called_what_their_files_are_called(course, tmp_path):
    collect(course, zipped(tmp_path / "in.zip", {f"Ada Lovelace_5_assignsubmission_file_/{ROOM}.ipynb": work(course)}))
    assert set(lying(course)) == {"Ada-Lovelace"}


@pytest.mark.slow
def test_nbgraders_exchange_is_collected(course, tmp_path):
    from grader.collect import from_exchange
    from grader.lab import _make_folders

    _make_folders(course.folder)
    course.api.generate_assignment(ROOM)
    assert course.api.release_assignment(ROOM)["success"]
    home = tmp_path / "ada" / ROOM
    home.mkdir(parents=True)
    (home / f"{ROOM}.ipynb").write_text(work(course), encoding="utf-8")
    exchange = f"--Exchange.root={course.folder / 'exchange'}"
    submit = [sys.executable, "-m", "nbgrader", "submit", ROOM, "--course=backprop", exchange]
    subprocess.run(submit, cwd=tmp_path / "ada", check=True, capture_output=True)
    assert [(t.student, t.assignment) for t in from_exchange(course)] == [(getpass.getuser(), ROOM)]
    assert from_exchange(course) == []


# --- nothing is lost -------------------------------------------------------------------------------


def test_what_the_roster_does_not_know_is_listed_and_kept(course, people, tmp_path):
    members = {f"{who}/{ROOM}.ipynb": work(course, essay=who) for who in ("ada", "stranger", "Ada")}
    taken = collect(course, zipped(tmp_path / "in.zip", members), people)
    assert "nobody of this name" in said(taken)["stranger"]
    assert (course.folder / "unmatched" / "stranger" / f"{ROOM}.ipynb").read_text() == members[f"stranger/{ROOM}.ipynb"]


def test_a_damaged_notebook_goes_with_the_assignment_of_its_batch(course, people, tmp_path):
    members = {"ada/a.ipynb": work(course), "blaise/b.ipynb": work(course)[:500], "emilie/notes.pdf": b"%PDF"}
    notes = said(collect(course, zipped(tmp_path / "in.zip", members), people))
    assert set(lying(course)) == {"ada", "blaise", "emilie"}
    assert notes["emilie"] == "no notebook among notes.pdf"


def test_what_says_not_which_assignment_it_is_goes_where_one_is_told(course, people, tmp_path):
    path = zipped(
        tmp_path / "in.zip", {"ada/x.ipynb": b"", "blaise/x.ipynb": nbformat.writes(nbformat.v4.new_notebook())}
    )
    assert all("which assignment" in note for note in said(collect(course, path, people)).values())
    notes = said(collect(course, path, people, only=ROOM))
    assert "empty files" in notes["ada"]
    assert set(lying(course)) == {"ada", "blaise"}


def test_taking_the_same_again_changes_nothing_and_a_later_one_keeps_the_earlier(course, people, tmp_path):
    first, second = ({f"ada/{ROOM}.ipynb": work(course, essay=essay)} for essay in ("one", "two"))
    collect(course, zipped(tmp_path / "a.zip", first), people)
    assert said(collect(course, zipped(tmp_path / "a.zip", first), people)) == {"ada": "as before"}
    notes = said(collect(course, zipped(tmp_path / "b.zip", second), people))
    assert notes == {"ada": f"replaces what was there, now in course/earlier/ada/{ROOM}"}
    assert lying(course)["ada"] == {f"{ROOM}.ipynb": second[f"ada/{ROOM}.ipynb"]}


def test_every_file_of_a_batch_is_somewhere_afterwards(course, people, tmp_path):
    """Whoever sent it, whatever it is called, and where two have one name."""
    members = {
        f"ada/{ROOM}.ipynb": work(course, essay="a"),
        "ada/again.ipynb": work(course, essay="b"),
        "ada/deep/er/again.ipynb": work(course, essay="c"),
        "../../blaise/../x.ipynb": work(course, essay="d"),
        "nobody/x.ipynb": work(course, essay="e"),
        "blaise/x\n?.txt": b"f",
        f"byronada_LATE_104_3_{ROOM}-1.ipynb": work(course, essay="g"),
        f"byronada_104_2_{ROOM}.ipynb": work(course, essay="h"),
        "loose.ipynb": work(course, essay="i"),
    }
    collect(course, zipped(tmp_path / "in.zip", members), people)
    there = {hashlib.sha256(p.read_bytes()).digest() for p in course.folder.rglob("*") if p.is_file()}
    data = {name: text if isinstance(text, bytes) else text.encode() for name, text in members.items()}
    assert [name for name, text in data.items() if hashlib.sha256(text).digest() not in there] == []
    assert not (course.folder / "collecting").exists()


def test_a_file_too_large_costs_nobody_else_anything(course, people, tmp_path, monkeypatch):
    monkeypatch.setattr("grader.intake.LARGEST", 200_000)
    members = {f"ada/{ROOM}.ipynb": work(course), "blaise/bomb.ipynb": b"0" * 300_000}
    notes = said(collect(course, zipped(tmp_path / "in.zip", members), people))
    assert set(lying(course)) == {"ada", "blaise"}
    assert "too large, left out: bomb.ipynb" in notes["blaise"]


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: None, "is not there"),
        (lambda path: path.write_bytes(b"PK\x03\x04 cut off"), "is neither a zip nor a folder nor a notebook"),
        (lambda path: path.mkdir(), "nothing was handed in"),
        (lambda path: zipped(path, {}), "nothing was handed in"),
    ],
)
def test_what_is_no_batch_is_refused_in_one_line(course, tmp_path, make, why):
    make(tmp_path / "in.zip")
    with pytest.raises(CourseError, match=why) as refused:
        collect(course, tmp_path / "in.zip")
    assert "\n" not in str(refused.value)
