"""A film's frames are the checkpoints' own traces, and it stays small."""

import json

import numpy as np
import pytest
from figure_checks import drawable
from plain_training import adding_recipe
from refusals import refused

import seqviz
from seqviz.figures import palette
from seqviz.figures.training.training_film import MAX_FILM_BYTES, MAX_FRAMES, training_film
from seqviz.training.recipe import Recipe
from seqviz.training.run import begin
from seqviz.training.segment import advance

X = np.random.default_rng(0).uniform(size=(12, 2))


@pytest.fixture(scope="module")
def run():
    return advance(begin(adding_recipe(iterations=90)), 90)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_frame_is_a_checkpoints_trace(run, theme):
    figure = drawable(training_film(run, X, layer=1, quantity="c", theme=theme))
    models = {one.iteration: one.model for one in run.checkpoints}
    names = [int(frame.name) for frame in figure.frames]
    assert names[0] == 0 and names[-1] == 90 and len(names) == MAX_FRAMES
    assert [step.label for step in figure.layout.sliders[0].steps] == [str(at) for at in names]
    for at, frame in zip(names, figure.frames, strict=True):
        states, answers, mark = frame.data
        trace = seqviz.trace(models[at], X)
        np.testing.assert_array_equal(states.z, trace.c[1, 0].T)
        np.testing.assert_array_equal(answers.z, trace.prediction.T)
        assert mark.x[0] == at
        assert mark.y[0] == pytest.approx(run.loss[max(0, at - 1)])
        assert tuple(frame.traces) == (0, 1, 4)


def test_it_opens_on_the_last_checkpoint_beside_its_baseline(run):
    figure = training_film(run, X)
    states, answers, loss, baseline, mark = figure.data
    trace = seqviz.trace(run.model, X)
    np.testing.assert_array_equal(states.z, trace.h[0, 0].T)
    np.testing.assert_array_equal(answers.z, trace.prediction.T)
    np.testing.assert_allclose(loss.y, run.loss)
    assert list(baseline.y) == [pytest.approx(1 / 6)] * 2
    assert figure.layout.yaxis3.type == "log" and mark.x[0] == 90
    assert figure.layout.xaxis3.range == (0, 90)
    assert figure.layout.yaxis2.ticktext == ("sum",)
    # one scale for all frames
    largest = max(np.abs(frame.data[0].z).max() for frame in figure.frames)
    assert (states.zmin, states.zmax) == pytest.approx((-largest, largest))


def test_classes_are_shown_from_0_to_1():
    run = advance(begin(Recipe.default("order")), 3)
    figure = training_film(run, np.eye(8)[np.arange(60) % 8])
    answers = figure.data[1]
    assert (answers.zmin, answers.zmax) == (0, 1)
    assert [tuple(stop) for stop in answers.colorscale] == palette.stops("i")
    assert figure.layout.yaxis2.ticktext == ("XX", "XY", "YX", "YY")


def test_an_untrained_run_is_a_film_of_one_frame():
    figure = training_film(begin(adding_recipe()), X)
    assert [frame.name for frame in figure.frames] == ["0"]
    json.loads(figure.to_json(), parse_constant=pytest.fail)


def test_a_large_network_shows_fewer_checkpoints():
    recipe = adding_recipe(spec=seqviz.RNNSpec("GRU", 2, 128), iterations=12)
    run = advance(begin(recipe), 12)
    figure = training_film(run, np.tile(X, (160, 1)))
    numbers = sum(frame.data[0].z.size + frame.data[1].z.size for frame in figure.frames)
    assert 2 <= len(figure.frames) < 13 and numbers * 4 <= MAX_FILM_BYTES
    assert figure.frames[-1].name == "12"


def test_what_cannot_be_filmed_is_refused_in_a_sentence(run):
    assert "set input_size to 3" in refused(training_film, run, np.zeros((4, 3)))
    assert "layer" in refused(training_film, run, X, layer=2)
    assert "no 'r'" in refused(training_film, run, X, quantity="r")
    assert "light or dark" in refused(training_film, run, X, theme="sepia")
