"""The corpus through the real pipeline: nothing unearned, nothing lost, nobody ungraded, nothing touched."""

import pytest

from tests.corpus import ALL
from tests.corpus_two import ALL as SECOND
from tests.security import table, try_out


def nothing_wrong(submissions, folder):
    findings, sprung = try_out(submissions, folder)
    wrong = [f for f in findings if f.unearned or f.lost or f.ungraded or f.touched]
    assert len(findings) == len(submissions)
    assert not wrong and not sprung, table(wrong, sprung)


@pytest.mark.slow
def test_an_eighth_of_both_corpora_gets_the_marks_that_it_deserves(tmp_path):
    nothing_wrong([*ALL, *SECOND][2::8], tmp_path)


@pytest.mark.long
def test_both_corpora_get_the_marks_that_they_deserve(tmp_path):
    nothing_wrong([*ALL, *SECOND], tmp_path)


@pytest.mark.slow
def test_a_finding_is_made_where_marks_are_not_as_deserved(tmp_path):
    """The judge of the corpus itself: an honest submission said to deserve nothing, a wrong one said to deserve all."""
    from dataclasses import replace

    named = {submission.name: submission for submission in ALL}
    generous = replace(named["honest-plain"], deserves={"gradient": 0})
    strict = replace(named["wrong-nothing"], deserves={})
    human = replace(named["honest-float32"], deserves="human")
    unearned, lost, ungraded = try_out([generous, strict, human], tmp_path)[0]
    assert unearned.unearned
    assert lost.lost
    assert ungraded.ungraded
