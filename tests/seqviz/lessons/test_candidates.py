"""What a class may choose from: different answers, one of which is right."""

import pytest

from seqviz.lessons.candidates import candidates
from seqviz.lessons.course import LESSONS, find
from seqviz.lessons.lesson import fits


@pytest.mark.parametrize("number", range(1, 10), ids=[lesson.key for lesson in LESSONS])
def test_one_of_the_candidates_is_right(number):
    lesson, found = LESSONS[number - 1], find(number)
    answers, truth = candidates(lesson, found)
    assert 3 <= len(answers) == len(set(answers)) <= 12
    assert all(fits(lesson, answer) for answer in answers)
    assert lesson.judge(found, answers[truth]).right
    if lesson.kind in ("choice", "cell"):
        assert answers[truth] == found.truth


def test_what_known_slips_lead_to_is_among_the_values():
    answers, truth = candidates(LESSONS[1], find(2))
    meanings = {LESSONS[1].judge(find(2), answer).meaning for answer in answers}
    assert meanings == {"right", "no_tanh", "no_state", "no_bias"}
    assert sorted(answers, key=float) == list(answers)
