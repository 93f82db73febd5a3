"""A new instructor with nothing but the docs: bundle out, thirty mixed submissions back, graded, mended, exported."""

import csv
import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest

from grader.demo import answered, right_answers
from grader.invented_class import CUT_OFF, students
from tests.conftest import ROOT, copy_course

ROOM = "01-linear-regression"
DOCS = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")


def commands():
    """Return the command of each block of the docs, in order, but for the clone."""
    blocks = re.findall(r"```sh\n(.*?)```", DOCS, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if not line.startswith("git clone")]


def as_grader(line):
    """Return what a line of the docs runs of ours: a make target's recipe, or itself."""
    if line.startswith("grader "):
        return shlex.split(line)[1:]
    words = shlex.split(line)
    done = subprocess.run([*words[:1], "-n", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=True)
    (recipe,) = [text for text in done.stdout.splitlines() if text.strip().startswith("grader ")]
    return shlex.split(recipe)[1:]


def test_the_docs_have_one_command_for_each_step():
    assert [as_grader(line)[0] for line in commands()] == [
        *("bundle", "collect", "grade", "report", "regrade", "regrade", "export", "export")
    ]
    assert as_grader("make preview") == ["regrade", "--preview"]


@pytest.mark.parametrize("message", re.findall(r"^\*\*([^*]+)\*\*|(?<=\*\* and )\*\*([^*]+)\*\*", PAGE, re.MULTILINE))
def test_each_message_of_the_troubleshooting_page_is_one_that_we_say(message):
    text = next(filter(None, message))
    sources = [*(ROOT / "grader").rglob("*.py"), *(ROOT / "helpers").glob("*.py"), ROOT / "Makefile"]
    said = " ".join(re.sub(r'"\s*\n\s*f?"', "", path.read_text(encoding="utf-8")) for path in sources)
    elsewhere = "No module named 'helpers'"  # Python says this
    assert text == elsewhere or text in said


def mixed(course, path):
    """Write a Canvas download of thirty submissions and their roster; return {login: what it is}."""
    right = right_answers(course, ROOM)
    released = nbformat.read(course.root / "dist" / "student" / "notebooks" / ROOM / f"{ROOM}.ipynb", 4)
    texts = {name: answered(released, answers(right)) for name, answers in students(ROOM).items()}
    texts = {name: text[: len(text) // 2] if name in CUT_OFF else text for name, text in texts.items()}
    good = answered(released, right)
    texts |= {f"right{k}": good for k in range(10)}
    texts |= {"empty": "", "notes": "no notebook at all", "untouched": nbformat.writes(released)}
    forms = {
        "right1": f"LATE_{{n}}_{{m}}_{ROOM}.ipynb",
        "right2": "{n}_{m}_homework one.ipynb",
        "notes": "{n}_{m}_notes.txt",
    }
    roster = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{ROOM} (4711)"]]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (login, text) in enumerate(texts.items(), 100):
            form = forms.get(login, f"{{n}}_{{m}}_{ROOM}.ipynb").format(n=number, m=number + 5000)
            archive.writestr(f"{login}family_{form}", text)
            roster.append([f"Family, {login}", str(number), "", login, "A", ""])
        archive.writestr(f"right0family_100_9999_{ROOM}-1.ipynb".replace("100", roster[-13][1]), good + "\n")
        archive.writestr(f"strangerperson_999_9998_{ROOM}.ipynb", good)
        copied = good.replace('"metadata": {', '"metadata": {"copied": true, ', 1)
        archive.writestr("right3family_{}_9997_work.zip".format({r[3]: r[1] for r in roster}["right3"]), zipped(copied))
    with (course.folder / "roster.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(roster)
    return list(texts)


def zipped(text):
    import io

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(f"my work/{ROOM}.ipynb", text)
    return data.getvalue()


@pytest.mark.slow
@pytest.mark.long
def test_a_new_instructor_goes_through_the_docs_with_thirty_mixed_submissions(tmp_path):
    course = copy_course(tmp_path / "course-root")
    for other in course.assignments:
        if other != ROOM:
            shutil.rmtree(course.root / "source" / other)
    said = []

    def run(line):
        done = subprocess.run(
            [sys.executable, "-m", "grader", *as_grader(line)],
            cwd=course.root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        said.append(" ".join(done.stdout.split()))

    bundle, collect, grade, report, preview, regrade, canvas, moodle = commands()
    run(bundle)
    who = mixed(course, course.root / "submissions.zip")
    run(collect)
    for words in ("right1, 01-linear-regression: late", "strangerperson", "1 could not be matched", "empty files"):
        assert words in said[-1], words
    run(grade)
    told = json.loads((course.folder / "report.json").read_text(encoding="utf-8"))
    records = {record["student"]: record for record in told}
    assert set(records) == set(who), "everybody of the roster, and nobody else"
    human = {student for student, record in records.items() if record["outcome"] == "needs a human"}
    assert {"empty", "notes", *(CUT_OFF & set(who))} == human - {"right3"}
    assert all(records[f"right{k}"]["marks"] == records["ada"]["points"] for k in range(10) if f"right{k}" not in human)
    page = (course.folder / "report.html").read_text(encoding="utf-8")
    assert "Misconceptions" in page and "emmy" not in page
    run(report)
    config = course.root / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + '\nc.MarkVerdicts.shares = {"right in another convention": 1.0, "changed its argument": 0.5}\n'
    )
    marks = {student: record["marks"] for student, record in records.items()}
    run(preview)
    assert re.search(r"[1-9]\d* marks would change \([1-9]\d* up, 0 down\)", said[-1]), said[-1]
    assert {r["student"]: r["marks"] for r in json.loads((course.folder / "report.json").read_text())} == marks
    run(regrade)
    after = {r["student"]: r["marks"] for r in json.loads((course.folder / "report.json").read_text())}
    assert sum(after.values()) > sum(marks.values())
    run(canvas)
    lines = list(csv.DictReader((course.folder / "canvas.csv").open(encoding="utf-8")))[1:]
    out = {line["SIS Login ID"]: line[f"{ROOM} (4711)"] for line in lines}
    assert {s: "" if s in human else f"{after[s]:.10g}" for s in who} == out
    run(moodle)
    assert len(list(csv.DictReader((course.folder / "moodle.csv").open(encoding="utf-8")))) == len(who)
