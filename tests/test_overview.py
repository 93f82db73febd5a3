"""A feedback page begins with what was found, shows no hidden case, and what it quotes stays text."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from grader.overview import with_overview
from grader.pages import safe_markdown
from helpers.verdict import Verdict

ROOM = "01-linear-regression"


def made(name, verdict, score, points=3.0):
    own = {"grade": True, "solution": False, "grade_id": f"{name}-check", "score": score, "points": points}
    output = new_output("display_data", data=verdict._repr_mimebundle_())
    source = f'check("{ROOM}", "{name}", {name}).require()'
    return new_code_cell(source, outputs=[output], metadata={"nbgrader": own}, execution_count=1)


def overview(*cells):
    return with_overview(new_notebook(cells=list(cells))).cells[0].source


def test_each_exercise_has_a_line_with_marks_mistake_place_what_is_carried_and_the_case():
    message = "Exactly half of what it should be.\ndW[0]: yours is 1"
    half = Verdict("gradient", "wrong", "half", "dW", message, replay=f"{ROOM[:2]}-gradient-1")
    step = Verdict("gradient_descent", "wrong", "half", "W", "Half a step.", carried="gradient")
    text = overview(
        made("predict", Verdict("predict", "right"), 1, 1),
        made("gradient", half, 0),
        made("gradient_descent", step, 3),
    )
    right, first, second = text.splitlines()[4:7]
    assert right == "| [predict](#predict-check) | 1 / 1 | ✓ **right** |"
    assert first == (
        "| [gradient](#gradient-check) | 0 / 3 | ✗ **wrong** (`half`) Exactly half of what it should be. "
        'First wrong: `dW`. The same case again: `replay("01-gradient-1")`. |'
    )
    assert "3 / 3" in second and "Carried forward from `gradient`" in second


def test_a_line_leads_to_the_answer_and_says_where_a_person_commented_on_it():
    def line(comment):
        own = {"grade": False, "solution": True, "grade_id": "gradient", "comment": comment}
        stub = new_code_cell("def gradient(): ...", metadata={"nbgrader": own})
        return overview(stub, made("gradient", Verdict("gradient", "right"), 3)).splitlines()[4]

    assert line("No response.") == line(None) == "| [gradient](#comment-gradient) | 3 / 3 | ✓ **right** |"
    assert line("Nicely done") == (
        "| [gradient](#comment-gradient) | 3 / 3 | ✓ **right** [Your instructor's comment](#comment-gradient). |"
    )


def test_a_line_of_the_students_code_is_left_to_the_verdict():
    stopped = Verdict("gradient", "error", message="ValueError: no such axis, in line 3 of its cell:\n    np.sum(X, 7)")
    assert "in line 3 of its cell. |" in overview(made("gradient", stopped, 0))


def test_the_code_of_a_hidden_case_is_not_shown():
    hidden = Verdict("gradient", "wrong", None, "dW", "Another case gives something else.", replay="01-gradient-h2")
    assert "replay" not in overview(made("gradient", hidden, 0))


def test_what_a_message_quotes_stays_text():
    odd = Verdict("gradient", "error", message="<img src=x onerror=alert(1)> | [a](javascript:b) $\\href{x}{y}$ `c`")
    text = overview(made("gradient", odd, 0))
    assert len(text.splitlines()[4].split(" | ")) == 3, "a bar in it is no column"
    html = safe_markdown(text)
    assert "<img" not in html and "javascript:" not in html.replace("](javascript:b)", "")


def test_cells_of_ours_that_were_not_run_are_left_out_and_the_students_stay():
    ours, shown = new_code_cell("plots.neuron()"), new_code_cell("print(1)", execution_count=2)
    prose, verdict = new_markdown_cell("# Title"), made("predict", Verdict("predict", "right"), 1, 1)
    kept = with_overview(new_notebook(cells=[prose, ours, shown, verdict])).cells[1:]
    assert [cell.source for cell in kept] == ["# Title", "print(1)", verdict.source]


def test_a_notebook_without_tests_has_no_overview():
    assert with_overview(new_notebook(cells=[new_markdown_cell("# A")])).cells[0].source == "# A"
