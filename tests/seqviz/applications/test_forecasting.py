"""Forecasts are judged on what was never learned from, beside baselines computed by hand."""

import numpy as np
import pytest
import torch
from refusals import refused

import seqviz
from seqviz.applications import forecasting
from seqviz.applications.forecasting import Plan, errors_along, forecast, judged, learned_network
from seqviz.applications.registry import APPLICATIONS
from seqviz.data.generators import generate
from seqviz.types import InputSequence


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(forecasting, "MOST_ITERATIONS", 30)


def columns():
    t = np.arange(120)
    noise = np.random.default_rng(0).normal(size=120)
    x = np.stack([20 + 5 * np.sin(t / 3), 1000 * noise], axis=1)
    return InputSequence(x, feature_names=("wave", "noise"))


def test_a_column_of_ones_own_is_forecast(quick):
    sequence = columns()
    result = forecast(sequence, ["wave"])
    (score,) = result.scores
    assert result.cut == 84 and result.prediction.shape == (120, 1)
    assert result.trained.model.head.names == ("wave",)
    error = np.abs(result.prediction[83:-1, 0] - sequence.x[84:, 0]).mean()
    assert score.value == pytest.approx(error, rel=1e-5) and score.on == "the last 36 of 120 steps"
    same, auto, regression = score.baselines
    wave = sequence.x[:, 0].astype(float)
    assert same.value == pytest.approx(np.abs(np.diff(wave[83:])).mean())
    slope, level = np.polyfit(wave[:83], wave[1:84], 1)
    assert auto.value == pytest.approx(np.abs(slope * wave[83:-1] + level - wave[84:]).mean())
    assert regression.value > 0 and score.value < same.value
    again = forecast(sequence, ["wave"])
    assert np.array_equal(again.prediction, result.prediction)


def test_nothing_that_is_judged_has_been_learned_from(quick):
    sequence = columns()
    other = sequence.x.copy()
    other[84:] = 7.0
    changed = InputSequence(other, feature_names=sequence.feature_names)
    one, two = (forecast(each, ["wave"]).trained for each in (sequence, changed))
    assert one.notes == two.notes and np.array_equal(one.loss, two.loss)
    assert np.array_equal(one.model.head.weight, two.model.head.weight)


def test_a_network_can_begin_by_repeating():
    sequence = generate("stocks", standardise=0)
    trained = forecasting.fit(sequence, sequence.feature_names, 84, Plan(0, repeating=True))
    prediction = seqviz.trace(trained.model, sequence).prediction
    np.testing.assert_allclose(prediction[:84], sequence.x[:84], atol=0.03)


def test_global_chance_is_left_alone(quick):
    state = torch.random.get_rng_state()
    forecast(generate("sine", steps=50), learned=40)
    assert torch.equal(torch.random.get_rng_state(), state)


def test_what_cannot_be_forecast_is_refused():
    assert "bring 40 or more" in refused(forecast, generate("sine", steps=39))
    assert "no feature 'rain'" in refused(forecast, columns(), ["rain"])
    assert "at most 48" in refused(forecast, generate("randn", steps=50, features=49))
    for learned in (5, 120, 0.0, 1.5):
        assert "leave at least one" in refused(forecast, columns(), learned=learned)


def test_the_days_are_those_of_seattle():
    sequence, cut = APPLICATIONS["weather"].sequence(), APPLICATIONS["weather"].cut()
    assert sequence.x.shape == (1461, 4) and cut == 1096
    assert sequence.labels[0] == "2012-01-01" and sequence.labels[cut] == "2015-01-01"


def test_repeating_a_price_gives_what_was_measured():
    scores = APPLICATIONS["stocks"].evaluate()
    same = [score.baselines[0].value for score in scores[1:]]
    assert same == pytest.approx([0.0204, 0.0340, 0.0310, 0.0289, 0.0584, 0.0265], abs=6e-5)


def weights_of(model):
    return {**model.weights, "head.weight": model.head.weight, "head.bias": model.head.bias}


def test_a_trained_network_is_judged_again_from_its_weights(quick):
    first = forecast(columns())
    again = judged(learned_network(weights_of(first.trained.model), columns()), columns())
    assert again.scores == first.scores and (again.targets, again.cut) == (first.targets, first.cut)
    assert np.array_equal(again.prediction, first.prediction)


def test_weights_of_another_network_are_refused(quick):
    other = weights_of(APPLICATIONS["stocks"].model())
    assert "of another network" in refused(learned_network, other, columns())


def test_where_it_goes_wrong_is_the_score_stretch_by_stretch(quick):
    sequence = columns()
    result = forecast(sequence, ["wave"])
    bars = errors_along(result, sequence)
    assert bars.groups == ("85–90", "91–96", "97–102", "103–108", "109–114", "115–120")
    deviation = sequence.x[:84, 0].astype(float).std()
    (score,) = result.scores
    network, repeating = bars.methods.values()
    assert np.mean(network) * deviation == pytest.approx(score.value)
    assert np.mean(repeating) * deviation == pytest.approx(score.baselines[0].value)
    assert np.isfinite(list(errors_along(forecast(columns()), columns()).methods.values())).all()
