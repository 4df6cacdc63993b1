"""Handwriting: the generator's drawings and those by hand, unfinished, backwards, and scribbles."""

import numpy as np
import pytest
from digits_by_hand import BY_HAND
from refusals import refused

from seqviz.applications.handwriting.examples import CLASSES, LEARNED, labelled, unfinished
from seqviz.applications.handwriting.generator import drawing, scribble
from seqviz.applications.handwriting.handwriting import Handwriting, backwards, stand_apart
from seqviz.applications.handwriting.point_cloud import POINTS, Nearest, cloud
from seqviz.data.drawing import TOP, parse_strokes

USE = Handwriting()
HELD_OUT = [labelled(LEARNED + k) for k in range(200)]
DOT = (((2000, 2000, 0),),)


def share_right(drawings):
    return np.mean([USE.recognise(strokes).best == digit for digit, strokes in drawings])


def test_it_reads_what_it_has_not_seen():
    assert share_right([(digit, strokes) for strokes, digit in HELD_OUT]) >= 0.97


def test_it_reads_what_was_drawn_by_hand():
    assert len(BY_HAND) >= 40 and {digit for digit, _ in BY_HAND} == set(CLASSES)
    assert share_right(BY_HAND) >= 0.9


@pytest.mark.parametrize("by", ["time", "arc length"])
def test_it_reads_steps_of_both_kinds(by):
    sequence = USE.read(BY_HAND[12][1], by)
    assert sequence.x.shape == (40, 3) and sequence.kind == "gesture"


def test_it_makes_up_its_mind_while_the_pen_moves():
    doubts, right = [], []
    for share in (0.15, 0.4, 0.7, 1.0):
        answers = [(USE.recognise(unfinished(s, share)), digit) for s, digit in HELD_OUT[:100]]
        doubts.append(np.mean([answer.doubt[-1] for answer, _ in answers]))
        right.append(np.mean([answer.best == digit for answer, digit in answers]))
        sure = [answer.best == digit for answer, digit in answers if answer.sure]
        if share >= 0.7:
            assert np.mean(sure) > 0.9  # what it is sure of is right
    assert doubts == sorted(doubts, reverse=True) and right == sorted(right)
    answer = USE.recognise(HELD_OUT[0][0])
    assert answer.probabilities.shape == (40, 10) and answer.classes == CLASSES
    assert np.allclose(answer.probabilities.sum(axis=1), 1, atol=1e-5)
    assert answer.doubt.shape == (40,) and (answer.doubt <= 1 + 1e-6).all()


def test_it_reads_movement_and_the_point_cloud_a_picture():
    templates = [labelled(k) for k in range(200)]
    nearest = Nearest(*zip(*templates, strict=True))
    forth = [nearest(strokes) for _, strokes in BY_HAND]
    back = [nearest(backwards(strokes)) for _, strokes in BY_HAND]
    assert np.mean([a == b for a, b in zip(forth, back, strict=True)]) >= 0.9
    assert np.mean([a == digit for a, (digit, _) in zip(forth, BY_HAND, strict=True)]) >= 0.9
    assert share_right([(digit, backwards(strokes)) for digit, strokes in BY_HAND]) < 0.6


def test_backwards_twice_is_forwards():
    strokes = BY_HAND[-1][1]
    assert backwards(backwards(strokes)) == strokes and backwards(strokes)[0] != strokes[0]


def test_dots_and_scribbles_are_doubted():
    for strokes in (DOT, DOT * 3, (((0, 0, 0), (TOP, TOP, 0)),)):
        assert np.isfinite(USE.recognise(strokes).probabilities).all()
    assert not USE.recognise(DOT).sure
    scribbles = [USE.recognise(scribble(np.random.default_rng((k, 7)))) for k in range(60)]
    assert np.mean([not answer.sure for answer in scribbles]) >= 0.9
    assert cloud(DOT).shape == (POINTS, 2)


def test_nothing_drawn_is_refused():
    assert "pad is empty" in refused(USE.recognise, ())


@pytest.mark.parametrize("digit", CLASSES)
def test_drawings_vary_and_stay_on_the_pad(digit):
    drawings = [drawing(digit, np.random.default_rng(k)) for k in range(8)]
    assert len(set(drawings)) == 8
    points = np.concatenate([np.array(stroke) for strokes in drawings for stroke in strokes])
    assert points[:, :2].min() >= 0 and points[:, :2].max() <= TOP
    assert drawing(digit, np.random.default_rng(3)) == drawings[3]


def test_bounds_leave_no_nearer_template_out():
    drawings, digits = zip(*(labelled(k) for k in range(200)), strict=True)
    nearest = Nearest(drawings, digits)
    for strokes, _ in HELD_OUT[:8]:
        assert nearest(strokes) == digits[int(nearest.costs(strokes).argmin())]


def test_training_again_gives_the_recorded_loss():
    trained = USE.train(iterations=11)
    assert np.allclose(trained.loss[::10], USE.recorded_loss()[:2], rtol=1e-3)
    assert len(USE.recorded_loss()) == USE.plan.iterations // USE.every
    assert USE.model().spec.hidden_size == 48 and trained.model.head.names == CLASSES


def test_no_stroke_of_a_digit_stands_apart():
    assert not any(stand_apart(strokes) for strokes, _ in HELD_OUT)
    assert not any(stand_apart(drawn) for _, drawn in BY_HAND)
    assert not stand_apart(())
    assert stand_apart(
        parse_strokes([[(0, 0, 0), (0, 4000, 9)], [(2000, 0, 20), (3000, 4000, 29)]])
    )
