"""Answers by people who had not seen the library: all right ones pass, no wrong one does, and no name is false."""

import numpy as np
import pytest

from helpers import check
from tests import strangers_01_to_03 as early
from tests import strangers_04_to_05 as late

RIGHT = early.RIGHT + late.RIGHT
WRONG = early.WRONG + late.WRONG

# What a stranger's words mean by the tags of the library, where they say it plainly; read and matched by a person.
MEANT = {
    "factor 2 missing": "half",
    "a half in front": "half",
    "divided by N (mean)": "mean",
    "mean over the samples": "mean",
    "sign: y - out": "sign",
    "sign turned round: target minus output": "sign",
    "sign turned round: Y - a": "sign",
    "sign turned round: y - y_hat": "sign",
    "residual squared (power rule not applied)": "r2",
    "predicts with w_j x_j only": "strayj",
    "y as a column: broadcast to an N x N table": "broadcast",
    "bias entry left zero": "biasZero",
    "forgets - y": "noY",
    "gradient computed once, before the loop": "oldGradient",
    "two at once: factor 2 missing and mean over N": "half+mean",
    "relu' forgotten": "noMask",
    "relu' forgotten in both hidden layers": "noMask",
    "relu instead of relu' as the mask": "f",
    "relu'(0) taken as 1 (z >= 0)": "ge",
    "dW transposed (n_in, n_out)": "outerT",
    "W not transposed (crashes unless square)": "noT",
    "W not transposed": "noT",
    "weight gradients with z of the layer before instead of v": "zforv",
    "relu' also at the output": "reluOut",
    "1/N forgotten: (O - Y)/L": "no1/N",
    "derivative of the root forgotten: (O - Y)/N": "lostL",
    "2(O - Y)/N, that is MSE": "mse",
    "np.mean over all entries: divides by n_o N": "perElement",
    "biases not penalised": "noRegBias",
    "penalty's gradient with 2 alpha": "reg2",
    "penalty's gradient with alpha/2": "regHalf",
    "tanh' taken at h: 1 - tanh(h)^2": "fp(h)",
    "tanh' forgotten": "no_fp",
    "no f' at the output layer": "no_fpL",
    "f' taken at the activation instead of z": "fp(a)",
    "1/N forgotten": "sum",
    "1/N twice: in the output delta and at the end": "N2",
    "f' forgotten in the hidden layers": "no_fpH",
    "nothing goes back through time": "trunc",
    "w_h forgotten on the way back": "no_wh",
    "w forgotten on the way to h": "no_w",
    "b1 and b2 swapped": "bswap",
    "no sigmoid derivative at the output": "noOutFp",
    "dw_h with the h of the same step": "hfor_hprev",
}


def named(answers):
    return [pytest.param(*answer, id=f"{answer[0][:2]} {answer[1]}: {answer[2]}") for answer in answers]


@pytest.mark.parametrize(("assignment", "name", "words", "answer"), named(RIGHT))
def test_a_strangers_right_answer_passes(assignment, name, words, answer):
    verdict = check(assignment, name, answer)
    assert verdict.passed, str(verdict)


@pytest.mark.parametrize(("assignment", "name", "words", "answer"), named(WRONG))
def test_a_strangers_wrong_answer_fails_and_is_not_misnamed(assignment, name, words, answer):
    verdict = check(assignment, name, answer)
    assert not verdict.passed
    if words in MEANT:
        assert verdict.mistake == MEANT[words], str(verdict)


def test_there_are_enough_of_them():
    assert len(RIGHT) >= 60
    assert len(WRONG) >= 200
    assert {words for _, _, words, _ in WRONG} >= MEANT.keys()


def test_a_mistake_is_named_beside_a_division_by_zero():
    """No guard at a perfect fit, and the 1/N lost: the name of the one, and a line on the other."""
    verdict = check("03-regularised-rmse", "d_rmse", lambda O, Y: (O - Y) / np.sqrt(np.sum((O - Y) ** 2) / O.shape[1]))
    assert verdict.mistake == "no1/N"
    assert "perfect fit" in verdict.message
    assert "nan" in verdict.message
