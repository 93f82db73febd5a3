"""The class report adds up by misconception, names nobody, needs no network, and finds what has no name yet."""

import csv
import io
import json
import re

import pytest

from grader.class_report import page, statistics
from grader.outcome import GRADED, HUMAN, Function
from grader.records import Record
from tests.small_course import LOST_FACTOR, ROOM, hand_in, small_course, work

NEW = "return 7 * X @ (predict(W, X) - y).T"


def record(student, outcome=GRADED, **functions):
    return Record(student, ROOM, outcome, [] if outcome == GRADED else ["it is cut off"], functions)


def wrong(mistake=None, carried=None, answer="a", state="wrong", **more):
    return Function(0.0, 3.0, state, mistake, "dW", carried, answer, **more)


RIGHT = Function(3.0, 3.0, "right")
OPEN = Function(0.0, 3.0, "not attempted")
CLASS = [
    record("u1", gradient=wrong("half"), gradient_entry=wrong("half")),
    record("u2", gradient=wrong("half+noX"), gradient_entry=RIGHT),
    record("u3", gradient=wrong("half+noX"), gradient_descent=wrong("half", "gradient")),
    record("u4", gradient=wrong(answer="same")),
    record("u5", gradient=wrong(answer="same")),
    record("u6", gradient=wrong(answer="other")),
    record("u7", gradient=RIGHT),
    record("u8", gradient=OPEN),
    record("u9", HUMAN),
]


@pytest.fixture(scope="module")
def room():
    return statistics.rooms(CLASS)[0]


def test_each_student_counts_once_for_a_misconception_and_nothing_for_what_is_carried(room):
    counted = {m.mistake.tag: (m.mistake.count, m.exercises) for m in room.misconceptions}
    assert counted == {"half": (3, ["gradient", "gradient_entry"]), "noX": (2, ["gradient"])}
    assert room.misconceptions[0].mistake.share == pytest.approx(3 / 8)
    assert (room.handed_in, room.graded, room.human) == (9, 8, [("u9", "it is cut off")])


def test_a_mistake_comes_with_its_comment_and_its_equation(room):
    half = room.misconceptions[0].mistake
    assert "the 2 that comes down" in half.comment
    assert (half.equation, half.hint[:4]) == ("1.5", "What")


def test_an_exercise_is_counted_by_verdict(room):
    gradient = next(e for e in room.exercises if e.name == "gradient")
    assert gradient.states == {"wrong": 6, "right": 1, "not attempted": 1}
    assert [(m.tag, m.count, m.share) for m in gradient.mistakes] == [("half", 3, 3 / 7), ("noX", 2, 2 / 7)]
    assert (gradient.unnamed, gradient.mean) == (3, 1 / 8)
    assert next(e for e in room.exercises if e.name == "gradient_descent").carried == 1
    assert [e.name for e in room.exercises] == ["gradient_entry", "gradient", "gradient_descent"], "as in the notebook"


def test_mistakes_that_travel_together_are_found(room):
    assert room.together == [("half", "noX", 2, 3, 2)]


def test_equal_answers_without_a_name_are_one_group(room):
    assert [(g.exercise, g.members) for g in room.groups] == [("gradient", ["u4", "u5"]), ("gradient", ["u6"])]


def test_checks_and_minutes_are_medians_of_those_who_say_them():
    told = [
        record(f"u{k}", gradient=wrong("half", attempts=n, minutes=m))
        for k, (n, m) in enumerate([(1, 2.0), (5, 9.0), (3, None)])
    ]
    gradient = statistics.rooms([*told, record("u9", gradient=RIGHT)])[0].exercises[0]
    assert (gradient.attempts, gradient.minutes) == (3, 5.5)


@pytest.mark.slow
def test_less_than_a_minute_is_not_called_none():
    assert [page.minutes(median) for median in (None, 0.1, 1.3)] == ["–", "< 1", "1"]


def test_the_page_of_a_graded_class(tmp_path):
    """Four graded notebooks: the mistake is named, two equal unnamed answers are shown as code, nobody is named."""
    from grader.grading import grade

    course = small_course(tmp_path / "course-root")
    remark = f"# by Zuse\n{NEW}"
    answers = {
        "zuse": {"gradient": remark},
        "noether": {"gradient": NEW},
        "hopper": {"gradient": LOST_FACTOR},
        "ada": {},
    }
    for student, changed in answers.items():
        hand_in(course, student, work(course, **changed))
    records = grade(course, [ROOM])
    html = page.write(course, records).read_text(encoding="utf-8")
    data = json.loads((course.folder / "class.json").read_text(encoding="utf-8"))
    lines = list(csv.DictReader(io.StringIO((course.folder / "report.csv").read_text(encoding="utf-8"))))
    assert "the 2 that comes down from the square is missing" in html
    assert "Equation (1.5)" in html
    assert "return 7 * X @ (predict(W, X) - y).T" in html
    assert [len(g["members"]) if isinstance(g["members"], list) else g["members"] for g in data[0]["groups"]] == [2]
    half = next(line for line in lines if line["what"] == "mistake: half")
    assert (half["exercise"], half["students"], half["share"]) == ("gradient", "1", "0.250")
    everything = html + json.dumps(data) + json.dumps(lines)
    assert not [name for name in answers if re.search(rf"\b{name}\b", everything, re.I)], "nobody is named"
    assert not re.search(r"(src|href)=[\"']?(https?:)?//|@import|url\(", html), "it needs no network"
    named = page.write(course, records, names=True).read_text(encoding="utf-8")
    assert "noether, zuse" in named
