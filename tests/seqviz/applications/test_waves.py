"""A drawn curve is foretold better than a line foretells it, and goes on by itself."""

import math

import numpy as np
import pytest
from refusals import refused

import seqviz
from seqviz.applications.registry import APPLICATIONS
from seqviz.types import InputSequence

ONE = APPLICATIONS["waves"]


def drawn(steps=60):
    """The curve of a first visit: two slow waves, then a faster one."""
    t = np.arange(steps) / steps
    slow, fast = np.sin(2 * math.pi * 1.6 * t), np.sin(2 * math.pi * 7 * t)
    late = 0.25 * slow + 0.55 * fast * (t - 0.5) / 0.5
    return InputSequence(np.where(t < 0.62, 0.62 * slow, late)[:, None])


def test_the_curve_of_a_first_visit_is_foretold():
    sequence = drawn()
    x = sequence.x[:, 0]
    answers = seqviz.trace(ONE.model(), sequence).prediction[:, 0]
    error = np.square(answers[1:-1] - x[2:]).mean()
    line = np.square(2 * x[1:-1] - x[:-2] - x[2:]).mean()
    assert error == pytest.approx(0.0036, abs=0.0003)
    assert error < 0.6 * line < np.square(x[1:-1] - x[2:]).mean() / 3


def test_it_goes_on_as_a_wave():
    following = ONE.continuation(drawn(), 30)
    assert following.shape == (30,) and 0.4 < np.abs(following).max() < 1.1
    crossings = (np.diff(np.sign(following)) != 0).sum()
    assert 4 <= crossings <= 8  # of a period near 9 steps, as the fast wave's


def test_many_waves_grow_flat_after_some_60_steps_as_it_says():
    sines = [np.sin(2 * math.pi * np.arange(60) / period) for period in (8, 12, 16, 20, 30)]
    ahead = [ONE.continuation(InputSequence(size * x), 90) for size in (0.5, 0.9) for x in sines]
    late = [np.ptp(x[60:]) / np.ptp(x[:30]) for x in ahead]
    assert "many grow flat after some 60 steps" in ONE.cannot
    assert sum(share < 0.5 for share in late) >= len(late) / 2


def test_what_it_cannot_read_is_refused():
    assert "2 features" in refused(ONE.continuation, InputSequence(np.zeros((4, 2))))
