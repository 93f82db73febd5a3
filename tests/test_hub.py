"""A week of a class on the hub of docs/hub.md, in a browser: released, fetched, handed in, graded, given back."""

import json
import os
import pwd
import shutil

import nbformat
import pytest

from grader.course import Course
from grader.demo import answered, right_answers
from tests.conftest import ROOT
from tests.hub import BIN, class_of_two, hub_of
from tests.test_browser import WAIT

pytestmark = pytest.mark.long

ASSIGNMENT = "01-linear-regression"
HALF = "return X @ (W.T @ X - y).T"


def missing():
    """Return what keeps a hub from running here, or None."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "only root can make the accounts of a class"
    if lacking := [tool for tool in ("useradd", "runuser", "unshare", "bwrap") if not shutil.which(tool)]:
        return f"no {', '.join(lacking)} here"
    if lacking := [tool for tool in ("jupyterhub", "configurable-http-proxy") if not (BIN / tool).exists()]:
        return f"no {' and no '.join(lacking)} in this environment: make hub installs them"


class Desk:
    """A person's JupyterLab in the browser, and one of nbgrader's panels in it."""

    def __init__(self, chromium, address, name, password, panel):
        self.page = chromium.new_context(viewport={"width": 1300, "height": 900}).new_page()
        self.page.set_default_timeout(WAIT)
        self.page.goto(f"{address}/hub/login")
        self.page.fill("#username_input", name)
        self.page.fill("#password_input", password)
        self.page.click("#login_submit")
        self.page.locator("#jp-top-panel .lm-MenuBar-item").first.wait_for()
        self.page.get_by_text("Nbgrader", exact=True).click()
        self.page.locator(".lm-Menu").get_by_text(panel, exact=True).wait_for()
        self.menu = self.page.locator(".lm-Menu .lm-Menu-itemLabel:visible").all_inner_texts()
        self.page.get_by_text(panel, exact=True).click()

    def press(self, column):
        """Press a button of formgrader's on the assignment, and close the dialog that says that it worked."""
        frame = self.page.frame_locator("#formgrader iframe")
        frame.locator(f"td.{column} a").first.click()
        frame.locator("#success-modal, #error-modal").wait_for()
        assert frame.locator("#error-modal").count() == 0, frame.locator("#error-modal").inner_text()
        frame.locator("#success-modal .modal-footer button").click()
        frame.locator("#success-modal").wait_for(state="detached")

    def move(self, button, start, end):
        """Press a button in one list of assignments, and wait until the assignment is in another."""
        self.page.locator(f"#{start}_assignments_list").get_by_role("button", name=button, exact=True).click()
        self.page.locator(f"#{end}_assignments_list").get_by_text(ASSIGNMENT, exact=True).first.wait_for()


def work(them, name, **answers):
    """Write a student's answers into the notebook that they fetched, as that student."""
    path = them.home(name) / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    text = answered(nbformat.read(path, 4), right_answers(Course(ROOT), ASSIGNMENT) | answers)
    path.write_text(text, encoding="utf-8")
    assert path.stat().st_uid == pwd.getpwnam(name).pw_uid


class Week:
    """What everybody did, in this order, and what they saw of it."""

    def __init__(self, chromium, them, address):
        self.them, self.address = them, address
        self.command(them.teacher, "grader", "release", ASSIGNMENT)
        self.teacher = Desk(chromium, address, them.teacher, them.passwords[them.teacher], "Formgrader")
        self.teacher.press("release")
        self.students = {}
        for name, answers in {them.right: {}, them.wrong: {"gradient": HALF}}.items():
            desk = self.students[name] = Desk(chromium, address, name, them.passwords[name], "Assignment List")
            desk.move("Fetch", "released", "fetched")
            work(them, name, **answers)
            desk.move("Submit", "fetched", "submitted")
        self.teacher.press("collect")
        self.command(them.teacher, "grader", "grade", ASSIGNMENT)
        self.teacher.press("release-feedback")
        for desk in self.students.values():
            desk.page.locator("#refresh_assignments_list").click()
            desk.page.get_by_text("(feedback available to fetch)").wait_for()
            desk.page.get_by_role("button", name="Fetch Feedback").click()
            desk.page.get_by_text("(view feedback)").wait_for()

    def command(self, name, program, *arguments):
        result = self.them.do(name, BIN / program, *arguments)
        assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def week(chromium):
    if why := missing():
        pytest.skip(why)
    with class_of_two() as them, hub_of(them) as (address, _):
        yield Week(chromium, them, address)


def test_each_student_gets_the_marks_of_their_own_work(week):
    report = json.loads((week.them.course / "course/report.json").read_text())
    records = {record["student"]: record for record in report}
    right, wrong = records[week.them.right], records[week.them.wrong]
    assert records.keys() == week.students.keys()
    assert right["marks"] == right["points"]
    assert wrong["marks"] < wrong["points"]
    assert wrong["functions"]["gradient"]["mistake"] == "half"
    assert {right["outcome"], wrong["outcome"]} == {"graded"}


def test_each_student_has_their_own_page_and_no_other(week):
    course = Course(week.them.course)
    for name in week.students:
        pages = list(week.them.home(name).glob(f"{ASSIGNMENT}/feedback/*/*.html"))
        assert [page.read_text() for page in pages] == [course.feedback(name, ASSIGNMENT).read_text()]


def test_formgrader_shows_both_submissions_in_its_frame(week):
    frame = week.teacher.page.frame_locator("#formgrader iframe")
    assert frame.get_by_role("link", name=ASSIGNMENT).is_visible()
    assert frame.locator("td.num-submissions").first.inner_text().strip() == "2"


def test_a_student_finds_the_list_of_assignments_and_no_panel_of_the_teacher_s(week):
    assert [desk.menu for desk in week.students.values()] == [["Assignment List"]] * 2


def test_a_student_does_not_get_into_the_teacher_s_server(week):
    page = week.students[week.them.right].page.context.new_page()
    assert page.goto(f"{week.address}/user/{week.them.teacher}/lab").status == 403


PRIVATE = {
    "the other's notebook": lambda them: them.home(them.wrong) / ASSIGNMENT / f"{ASSIGNMENT}.ipynb",
    "the other's submission": lambda them: them.course / "course/submitted" / them.wrong / ASSIGNMENT,
    "what was handed in": lambda them: them.exchange / "backprop/inbound",
    "the pages of all": lambda them: them.exchange / "backprop/feedback",
    "the gradebook": lambda them: them.course / "course/gradebook.db",
    "the hidden cases": lambda them: them.course / "course/hidden",
    "the source": lambda them: them.course / "source",
    "the hub's secrets": lambda them: them.folder / "hub",
}


@pytest.mark.parametrize("what", PRIVATE)
def test_a_student_cannot_read(week, what):
    path = PRIVATE[what](week.them)
    assert path.exists()
    program = ["ls"] if path.is_dir() else ["cat"]
    assert "Permission denied" in week.them.do(week.them.right, *program, path).stderr


def test_a_student_reads_what_was_released_and_their_own(week):
    for path in [week.them.exchange / "backprop/outbound" / ASSIGNMENT, week.them.home(week.them.right)]:
        assert week.them.do(week.them.right, "ls", path).returncode == 0


def test_a_student_cannot_put_another_folder_in_the_place_of_the_course_s(week):
    result = week.them.do(week.them.right, "mv", week.them.exchange / "backprop", week.them.exchange / "aside")
    assert "not permitted" in result.stderr
    assert week.them.do(week.them.right, "mkdir", week.them.exchange / "another").returncode == 0
