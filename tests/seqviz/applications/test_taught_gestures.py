"""A gesture taught by five drawings is known beside the digits, and no digit is forgotten."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from digits_by_hand import BY_HAND
from refusals import refused

from seqviz.applications.answer import Answer
from seqviz.applications.handwriting.examples import CLASSES, LEARNED, labelled
from seqviz.applications.handwriting.handwriting import Handwriting
from seqviz.applications.handwriting.taught import EXAMPLES, MOST_GESTURES, check_names, taught
from seqviz.data.drawing import parse_strokes
from seqviz.rnn.tracing import trace

USE = Handwriting()
STAR = [(900, 500), (2048, 3600), (3200, 500), (500, 2500), (3600, 2500), (900, 500)]
ZIGZAG = [(400, 3000), (1200, 1000), (2000, 3000), (2800, 1000), (3600, 3000)]


def drawn(corners, k):
    """The k-th drawing of a shape: another size and turn, its corners a little elsewhere."""
    generator = np.random.default_rng(k)
    turn, size = generator.normal(0, 0.1), generator.uniform(0.7, 1.1)
    rotation = size * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    ends = (np.array(corners, float) - 2048) @ rotation.T + 2048
    ends += generator.normal(0, 60, ends.shape)
    shares = np.linspace(0, len(ends) - 1, 12 * len(ends))
    points = np.column_stack([np.interp(shares, np.arange(len(ends)), one) for one in ends.T])
    points = np.clip(points + generator.normal(0, 8, points.shape), 0, 4095).astype(int)
    times = np.cumsum(generator.integers(8, 20, len(points)))
    rows = np.column_stack([points, times]).tolist()
    return parse_strokes([[tuple(row) for row in rows]])


@pytest.fixture(scope="module")
def network():
    five = {
        name: [drawn(corners, k) for k in range(EXAMPLES)]
        for name, corners in (("star", STAR), ("zigzag", ZIGZAG))
    }
    return taught(USE.model(), five)


def best(network, strokes):
    return Answer(trace(network, USE.read(strokes))).best


@pytest.mark.parametrize(("name", "corners"), [("star", STAR), ("zigzag", ZIGZAG)])
def test_drawings_it_was_not_taught_with_are_recognised(network, name, corners):
    answers = [best(network, drawn(corners, 100 + k)) for k in range(40)]
    assert np.mean([answer == name for answer in answers]) >= 0.95


def test_no_digit_is_forgotten(network):
    held_out = [labelled(LEARNED + k) for k in range(100)]
    assert np.mean([best(network, strokes) == digit for strokes, digit in held_out]) >= 0.97
    assert np.mean([best(network, strokes) == digit for digit, strokes in BY_HAND]) >= 0.9


def test_only_the_head_is_new_and_the_same_drawings_give_the_same(network):
    model = USE.model()
    assert all(np.array_equal(network.weights[k], v) for k, v in model.weights.items())
    assert network.head.names == (*CLASSES, "star", "zigzag")
    assert network.head.weight.shape == (12, model.spec.hidden_size)
    star = {"star": [drawn(STAR, k) for k in range(EXAMPLES)]}
    state = torch.random.get_rng_state()
    first, second = taught(model, star), taught(model, star)
    assert np.array_equal(first.head.weight, second.head.weight)
    assert torch.equal(state, torch.random.get_rng_state())


def test_what_cannot_be_taught():
    star = [drawn(STAR, k) for k in range(EXAMPLES)]
    assert "4 drawings" in refused(taught, USE.model(), {"star": star[:4]})
    for name in ("7", " "):
        assert "is taken" in refused(taught, USE.model(), {name: star})
    names = [str(k) for k in range(100, 101 + MOST_GESTURES)]
    assert "at most" in refused(check_names, names)


TEACHES = """
import sys
from seqviz.applications.handwriting.examples import labelled
from seqviz.applications.handwriting.handwriting import Handwriting
from seqviz.applications.handwriting.taught import taught
taught(Handwriting().model(), {"star": [labelled(k)[0] for k in range(5)]})
print("torch._dynamo" in sys.modules)
"""


def test_a_gesture_is_learned_without_the_compiler():
    """Its import takes the server some seconds, and stays in its memory."""
    told = subprocess.run([sys.executable, "-c", TEACHES], capture_output=True, text=True)
    assert told.stdout == "False\n", told.stderr
