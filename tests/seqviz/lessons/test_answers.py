"""Answers as text: there and back, and nothing else gets in."""

import numpy as np
import pytest

from seqviz.lessons.answers import (
    LONGEST,
    Answer,
    packed_sketch,
    parse,
    salvaged,
    sketch,
    written,
)

GIVEN = {1: Answer("b", True), 2: Answer("-0.685"), 6: Answer("s9950250000", True)}


def test_answers_survive_the_way():
    assert written(GIVEN) == "1rb_2c-0.685_6rs9950250000"
    assert parse(written(GIVEN)) == GIVEN
    assert parse("") == {}


def test_the_longest_answers_fit():
    every = {n: Answer("s" + "99" * 20 if n == 6 else "-100.0001", True) for n in range(1, 10)}
    assert len(written(every)) <= LONGEST


@pytest.mark.parametrize(
    "text", ["1", "1rb_", "0rb", "1xb", "1rbb", "1rb_1rc", "2c1e9", "2c1.23456", "6rs9", "<b>", "_"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError):
        parse(text)


@pytest.mark.parametrize(
    "text, good",
    [
        ("1rb_2c0.8", "1rb_2c0.8"),
        ("v1:1rb_2c0.8_nonsense", "2c0.8"),
        ("1rb_1rc", "1rb"),
        ("", ""),
        ("<script>", ""),
        ("1rb_" * 10_000, "1rb"),
    ],
)
def test_what_can_be_read_of_old_or_broken_progress_is_kept(text, good):
    assert salvaged(text) == good and written(parse(good)) == good


def test_a_sketch_is_kept_to_a_hundredth():
    drawn = np.linspace(1, 0, 20)
    assert np.abs(sketch(packed_sketch(drawn), 20) - drawn).max() <= 0.0051
    assert sketch("s9900", 4).tolist() == [1, 0, 0, 0]
    with pytest.raises(ValueError):
        sketch("9900", 4)
