"""The cases keep the fixture rules, and what is generated from the library is current."""

import json

import numpy as np
import pytest

from helpers import answers, build, mistakes, reference
from helpers.asking import Answer
from helpers.judging import judge
from helpers.mistakes import kill_table

EXERCISES = [(assignment, name) for assignment in answers.ROOMS for name in reference.exercises(assignment)]
SEEDS = [build.VISIBLE_SEED, 1, 2, 3]


def arrays(value, name=""):
    """Yield (name, array) for every array of numbers in an input, with those inside dicts."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from arrays(entry, key)
    elif not callable(value):
        yield name, np.asarray(value)


@pytest.mark.parametrize("assignment", answers.ROOMS)
@pytest.mark.parametrize(("suffix", "make"), [("", build.build), ("-pairs", build.pairs)], ids=["cases", "pairs"])
def test_the_reference_outputs_are_what_the_library_makes(assignment, suffix, make):
    kept = json.loads((build.VISIBLE / f"{assignment}{suffix}.json").read_text(encoding="utf-8"))
    made = json.loads(json.dumps(make(assignment, build.VISIBLE_SEED)))
    assert build.settled(made, kept) == kept, "run  make cases  and commit it"


def test_the_kill_table_is_current():
    assert kill_table.PAGE.read_text(encoding="utf-8") == kill_table.page(), "run  make mistakes  and commit it"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("assignment", answers.ROOMS)
def test_no_two_weights_or_biases_are_equal_and_none_is_zero_or_one(assignment, seed):
    """A bias of zero, or two that are equal, hides every mistake about biases; a weight of one hides a lost weight."""
    for description, problem in build.drawn(assignment, seed).items():
        if "integer" in description:
            continue
        for name, array in arrays(problem.get("params", {"W": problem["W"]} if "W" in problem else {})):
            entries = array.ravel().tolist()
            assert len(set(entries)) == len(entries), (description, name)
            assert not {0, 1} & set(entries), (description, name)


NETS = ["02-relu-network", "03-regularised-rmse", "04-delta-recursion"]


def sizes(problem):
    """Return the layer sizes of a problem's net, the inputs first, and the number of its samples."""
    weights = [array for name, array in problem["params"].items() if name.startswith("W")]
    return [weights[0].shape[1], *(W.shape[0] for W in weights)], problem["X"].shape[1]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("assignment", NETS)
def test_a_net_has_no_two_sizes_alike_one_is_square_and_no_size_is_the_number_of_samples(assignment, seed):
    """Equal sizes let a wrong transpose fit; a square net lets it give numbers; two samples make 1/N a half."""
    nets = [sizes(problem) for problem in build.drawn(assignment, seed).values() if "params" in problem]
    assert any(len(set(layers)) == len(layers) >= 4 and N not in layers for layers, N in nets)
    assert any(len(set(layers)) == 1 for layers, N in nets)
    assert all(N == 1 or N not in layers for layers, N in nets)
    assert 2 not in [N for _, N in nets]


@pytest.mark.parametrize("assignment", answers.ROOMS)
def test_there_is_one_sample_alone_a_square_case_and_integers(assignment):
    text = " ".join(build.drawn(assignment, build.VISIBLE_SEED))
    assert "alone" in text or "one step" in text
    assert "integer" in text


@pytest.mark.parametrize(("assignment", "name"), EXERCISES)
def test_the_right_outputs_are_finite_and_not_all_zero(assignment, name):
    outputs = [case.right for case in reference.load(assignment, name).cases]
    values = [array for output in outputs for _, array in arrays(output)]
    assert all(np.all(np.isfinite(value)) for value in values)
    assert any(np.any(value) for value in values)


@pytest.mark.parametrize(("assignment", "name"), EXERCISES)
def test_every_mistake_but_those_that_say_why_shows_on_some_case(assignment, name):
    """``hides`` names only mistakes that exist, and that the exercise could make."""
    method = answers.exercises(answers.room(assignment).Right)[name]
    classes = mistakes.mistakes(assignment)
    tags = {mistakes.tag_of(cls) for cls in classes} | {f"{mistakes.tag_of(cls)}#{cls.__name__}" for cls in classes}
    assert method.hides <= tags


def test_random_wrong_answers_get_no_name():
    """2,000 answers of the right shape: another factor, another shift, noise, a spoilt entry."""
    rng = np.random.default_rng(7)
    loaded = [reference.load(*exercise) for exercise in EXERCISES]
    for k in range(2000):
        exercise = loaded[k % len(loaded)]
        spoil = SPOILS[k // len(loaded) % len(SPOILS)](rng)
        verdict = judge(exercise, [Answer(value=spoilt(case.right, spoil)) for case in exercise.cases])
        assert not verdict.passed
        assert verdict.mistake is None, f"{exercise.name}: {verdict}"


def spoilt(value, spoil):
    return (
        {key: spoilt(entry, spoil) for key, entry in value.items()}
        if isinstance(value, dict)
        else spoil(np.array(value))
    )


def another_factor(rng):
    factor = rng.uniform(-3, 3)
    return lambda array: factor * array + 0.01


def another_shift(rng):
    shift = rng.uniform(-3, 3)
    return lambda array: array + shift


def noise(rng):
    return lambda array: array + rng.standard_normal(array.shape)


def nonsense(rng):
    return lambda array: rng.standard_normal(array.shape)


def a_spoilt_entry(rng):
    def spoil(array):
        array = array.astype(float)
        array.flat[rng.integers(array.size)] += rng.uniform(1, 2)
        return array

    return spoil


SPOILS = [another_factor, another_shift, noise, nonsense, a_spoilt_entry]
