"""What `Train it yourself` opens learns, with nothing moved, what its use shows."""

import numpy as np
import pytest

from seqviz.applications.pitch.curves import drawn
from seqviz.applications.pitch.voices import CONTOURS
from seqviz.applications.registry import APPLICATIONS
from seqviz.data.drawing import TOP, gesture, parse_strokes
from seqviz.rnn.tracing import trace
from seqviz.training.judgement import judge
from seqviz.training.run import begin
from seqviz.training.segment import advance

BY_HAND = {
    "rising": lambda t: 0.2 + 0.6 * t,
    "falling": lambda t: 0.85 - 0.7 * t,
    "flat": lambda t: 0.5 + 0 * t,
    "down–up": lambda t: 0.8 - 0.6 * np.sin(np.pi * t),
    "up–down": lambda t: 0.2 + 0.6 * np.sin(np.pi * t),
}


def _trained(key):
    recipe = APPLICATIONS[key].nearby_recipe()
    return advance(begin(recipe), recipe.iterations)


def _stroke(height):
    t = np.linspace(0, 1, 30)
    points = np.stack([TOP * (0.15 + 0.7 * t), TOP * height(t), 1200 * t], axis=-1)
    return parse_strokes([points.tolist()])


@pytest.fixture(scope="module")
def pitch():
    return _trained("pitch")


def test_the_weather_is_foretold_better_than_by_repeating_it():
    judged = judge(_trained("weather"))
    assert judged.loss < 0.75 * judged.baselines[0].loss


def test_a_drawn_contour_is_told_from_the_others(pitch):
    assert judge(pitch).accuracy >= 0.9


@pytest.mark.parametrize("contour", BY_HAND)
def test_a_contour_by_hand_is_known(pitch, contour):
    read = trace(pitch.model, gesture(_stroke(BY_HAND[contour]), pitch.recipe.steps))
    assert read.head.names[read.prediction[-1].argmax()] == contour


def test_most_digits_are_known():
    assert judge(_trained("handwriting")).accuracy >= 0.85


def test_drawn_contours_stay_on_the_pad_and_go_where_they_say():
    for k in range(50):
        strokes, contour = drawn(k)
        assert contour == CONTOURS[k % 5]
        (points,) = parse_strokes(strokes)
        assert strokes == (points,)  # nothing had to be clamped or put in order
        first, middle, last = (points[i][1] for i in (0, 20, -1))
        if contour == "rising":
            assert last > first
        if contour == "up–down":
            assert max(point[1] for point in points[5:-5]) > max(first, last) - 40
