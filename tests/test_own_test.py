"""What the data of a student's own test expose is what the library's mistakes really show on them."""

import time
from pathlib import Path

import numpy as np
import pytest

from helpers import build, check, own_test, reference
from helpers.answers.relu_network import DESIGN, WORKED_EXAMPLE, Right
from helpers.mistakes import relu_network as library

ROOM = "02-relu-network"
# The class of a tag that is meant: where there are several, the one that the derivation's table calls by it.
CLASSES = {tag: getattr(library, tag) for tag in DESIGN} | {
    "noT": library.noTInLayer1,
    "outerT": library.outerTInLayer2,
}
SHAPES = {"W1": (2, 3), "b1": (2, 1), "W2": (2, 2), "b2": (2, 1), "W3": (1, 2), "b3": (1, 1)}
ALL_ONES = {
    "params": {name: np.ones(shape) for name, shape in SHAPES.items()},
    "X": np.array([[1], [2], [-1]]),
    "Y": np.array([[0]]),
}
GOOD = {"params": WORKED_EXAMPLE["params"], "X": np.array([[1, -1], [2, 0], [-1, 1]]), "Y": np.array([[-8, 7]])}


def really_exposed(data):
    """Return {tag: whether the library's mistake has other gradients on the data than the right answers, or stops}."""
    right = Right().gradients(**data)
    wrong = {tag: build.output(cls, "gradients", data) for tag, cls in CLASSES.items()}
    return {tag: reference.stops(made) or own_test.tell_apart(made, right) for tag, made in wrong.items()}


def exposed(data):
    return own_test.exposed(data, DESIGN)


DRAWS = {
    "zeros and ones": lambda rng, shape: rng.integers(-1, 2, shape).astype(float),
    "all ones": lambda rng, shape: np.ones(shape),
    "small integers": lambda rng, shape: rng.integers(-3, 4, shape).astype(float),
    "one decimal": lambda rng, shape: rng.standard_normal(shape).round(1),
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "of all sizes": lambda rng, shape: rng.standard_normal(shape) * 10.0 ** rng.integers(-6, 3),
}


def design(rng, draw):
    """Return random data of a test: often with equal sizes or samples, symmetric weights, no bias, or no residual."""
    n = rng.integers(1, 4, 4) if rng.random() < 0.6 else np.full(4, rng.integers(1, 4))
    N, params = rng.integers(1, 4), {}
    for l in (1, 2, 3):
        W, b = draw(rng, (n[l], n[l - 1])), draw(rng, (n[l], 1))
        params[f"W{l}"] = W + W.T if n[l] == n[l - 1] and rng.random() < 0.2 else W
        params[f"b{l}"] = b * rng.choice([0, 1, 1, 1]) + rng.choice([0, 0, 0, 3])
    X, Y = draw(rng, (n[0], N)), draw(rng, (n[3], N))
    X = np.repeat(X[:, :1], N, axis=1) if rng.random() < 0.1 else X
    near = rng.choice([1, 0, 1e-11], p=[0.8, 0.1, 0.1])
    return {"params": params, "X": X, "Y": Y if near == 1 else Right().forward(params, X)["y_hat"] + near * Y}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_what_is_exposed_is_what_the_librarys_mistakes_show(draw):
    rng = np.random.default_rng(3)
    for _ in range(100):
        data = design(rng, draw)
        assert exposed(data) == really_exposed(data), data


def test_every_mistake_is_seen_on_some_designs_and_hidden_on_others():
    """Else the test above would prove little: over all kinds of data, each mistake is seen and missed many times."""
    rng, seen = np.random.default_rng(4), []
    for k in range(300):
        seen.append(list(really_exposed(design(rng, list(DRAWS.values())[k % len(DRAWS)])).values()))
    count = np.sum(seen, axis=0)
    assert np.all((count > 15) & (count < 295)), dict(zip(DESIGN, count.tolist(), strict=True))


def test_the_sources_example_exposes_four_of_fourteen():
    """As the derivation says: of the wrong programs only those of half, sign, f and v2forv1 show."""
    assert {tag for tag, seen in exposed(ALL_ONES).items() if seen} == {"half", "sign", "f", "v2forv1"}
    assert exposed(ALL_ONES) == really_exposed(ALL_ONES)
    assert len(DESIGN) == 14


def test_one_sample_by_hand_hides_three():
    assert {tag for tag, seen in exposed(WORKED_EXAMPLE).items() if not seen} == {"mean", "biasMean", "ge"}


def test_one_good_design_exposes_all():
    assert all(exposed(GOOD).values())
    assert all(really_exposed(GOOD).values())


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_the_gradients_of_a_complex_step_are_the_right_ones(draw):
    rng = np.random.default_rng(5)
    for _ in range(50):
        data = design(rng, draw)
        assert not own_test.tell_apart(own_test.gradients(**data), Right().gradients(**data))


# --- the data --------------------------------------------------------------------------------------


def spoilt(**changes):
    """Return the good design with entries changed, X and Y among them; None takes one away."""
    named = GOOD["params"] | {"X": GOOD["X"], "Y": GOOD["Y"]} | changes
    named = {name: entry for name, entry in named.items() if entry is not None}
    return {"params": {n: e for n, e in named.items() if n not in "XY"}, **{n: named[n] for n in "XY" if n in named}}


DAMAGED = {
    "a list": ([1, 2], "params, X and Y"),
    "None": (None, "params, X and Y"),
    "a word": ("all ones", "params, X and Y"),
    "an array": (np.ones((3, 3)), "params, X and Y"),
    "flat": (GOOD["params"] | {"X": GOOD["X"], "Y": GOOD["Y"]}, "params, X and Y"),
    "params in a list": ({"params": [1], "X": 1, "Y": 2}, "params, X and Y"),
    "no Y": (spoilt(Y=None), "Y is missing"),
    "no W2, b2": (spoilt(W2=None, b2=None), "W2, b2 are missing"),
    "a layer too many": (spoilt(W4=np.ones((1, 1))), "no place for W4"),
    "a number for a name": (GOOD | {7: 1}, "no place for 7"),
    "None inside": (spoilt(X="None"), "X is a str"),
    "strings inside": (spoilt(W1=[["a", "b", "c"], ["d", "e", "f"]]), "W1 is a list"),
    "ragged rows": (spoilt(W2=[[1, 2], [3]]), "W2 is a list"),
    "truth values": (spoilt(W2=[[True, False], [True, True]]), "W2 is a list"),
    "complex": (spoilt(W3=[[1j, 2]]), "W3 is a list"),
    "a function": (spoilt(b3=len), "b3 is a builtin"),
    "nan": (spoilt(b3=[[np.nan]]), "b3 contains nan"),
    "infinite": (spoilt(b3=[[np.inf]]), "b3 contains inf"),
    "one axis": (spoilt(b1=[1, 1]), "b1 has shape (2,)"),
    "three axes": (spoilt(X=np.ones((3, 1, 1))), "X has shape (3, 1, 1)"),
    "a plain number": (spoilt(b3=4), "b3 has shape ()"),
    "no samples": (spoilt(X=np.ones((3, 0)), Y=np.ones((1, 0))), "X has shape (3, 0)"),
    "many samples": (spoilt(X=np.ones((3, 10**5)), Y=np.ones((1, 10**5))), "at most 10"),
    "huge numbers": (spoilt(W1=1e300 * np.ones((2, 3))), "W1 contains 1e+300"),
    "huge integers": (spoilt(b3=[[10**30]]), "b3 is a list"),
    "W2 for other layers": (spoilt(W2=np.ones((2, 3))), "W2 has shape (2, 3); with the others"),
    "b as a row": (spoilt(b1=[[1, 1]]), "b1 has shape (1, 2)"),
    "X in rows": (spoilt(X=GOOD["X"].T), "X has shape (2, 3)"),
    "Y of other samples": (spoilt(Y=np.ones((1, 5))), "Y has shape (1, 5)"),
}


@pytest.mark.parametrize(("data", "words"), DAMAGED.values(), ids=DAMAGED)
def test_damaged_data_get_one_clear_line(data, words):
    line = own_test.problem(data)
    assert words in line
    assert line.endswith(".")
    assert "\n" not in line
    assert len(line) < 160


@pytest.mark.parametrize("data", [ALL_ONES, WORKED_EXAMPLE, GOOD], ids=["all ones", "by hand", "good"])
def test_good_data_have_no_problem_and_are_left_alone(data):
    lists = {"params": {name: array.tolist() for name, array in data["params"].items()}}
    lists |= {name: data[name].tolist() for name in "XY"}
    assert own_test.problem(data) is own_test.problem(lists) is None
    assert exposed(lists) == exposed(data)
    for array in (*data["params"].values(), data["X"], data["Y"]):
        array.flags.writeable = False
    assert exposed(data) == exposed(lists)


# --- the verdict -----------------------------------------------------------------------------------


class TestVerdict:
    def test_a_good_design_is_right(self):
        verdict = check(ROOM, "own_test", lambda: GOOD)
        assert (verdict.state, verdict.share) == ("right", 1)

    def test_the_sources_example_earns_its_share_and_is_told_what_it_hides_in_words(self):
        verdict = check(ROOM, "own_test", lambda: ALL_ONES)
        assert verdict.state == "wrong"
        assert verdict.share == pytest.approx(4 / 14)
        assert "4 of 14" in verdict.message
        assert {line.removeprefix("– ") for line in verdict.message.splitlines()[1:]} == {
            f"{words} ({tag})" for tag, words in DESIGN.items() if tag not in ("half", "sign", "f", "v2forv1")
        }

    @pytest.mark.parametrize(("data", "words"), DAMAGED.values(), ids=DAMAGED)
    def test_damaged_data_are_told(self, data, words):
        verdict = check(ROOM, "own_test", lambda: data)
        assert verdict.state == "wrong type or shape"
        assert words in verdict.message
        assert not verdict.share

    def test_an_error_in_it_is_told(self):
        verdict = check(ROOM, "own_test", lambda: {"X": 1 / 0})
        assert (verdict.state, verdict.share) == ("error", None)

    def test_it_does_not_matter_what_the_students_own_gradients_are(self):
        """So that the mark is the same at home, in plain nbgrader and outside, where one slip costs once."""
        for gradients in (lambda params, X, Y: params, None, library.half().gradients):
            assert not check(ROOM, "gradients", gradients).passed
            assert check(ROOM, "own_test", lambda: GOOD).state == "right"
            assert check(ROOM, "own_test", lambda: ALL_ONES).share == pytest.approx(4 / 14)

    def test_the_largest_data_are_judged_at_once(self):
        rng, n = np.random.default_rng(6), own_test.MOST
        params = {f"W{l}": rng.standard_normal((n, n)) for l in (1, 2, 3)}
        params |= {f"b{l}": rng.standard_normal((n, 1)) for l in (1, 2, 3)}
        data = {"params": params, "X": rng.standard_normal((n, n)), "Y": rng.standard_normal((n, n))}
        started = time.process_time()
        assert check(ROOM, "own_test", lambda: data).share == pytest.approx(13 / 14)  # only z = 0 is not there
        assert time.process_time() - started < 4  # 0.4 s in quiet


def test_a_students_copy_holds_no_backward_pass():
    """Every mistake is right gradients on other data: no transposed weights meet an error here."""
    source = Path(own_test.__file__).read_text(encoding="utf-8")
    assert "@" not in source
    assert "einsum" not in source
    assert "dot(" not in source
