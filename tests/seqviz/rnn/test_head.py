"""A Model is traced as its module is; its head answers as nn.Linear and softmax do."""

import pickle

import numpy as np
import pytest
import torch
from refusals import refused
from torch import nn

from seqviz.rnn.intervened_run import run
from seqviz.rnn.interventions import Intervention
from seqviz.rnn.tracing import trace
from seqviz.types import Head, Model

X = torch.randn(9, 2, generator=torch.Generator().manual_seed(1))


def parts(kind=nn.LSTM, activation="identity", **options):
    """A module, its nn.Linear, and both as a Model."""
    module, linear = kind(2, 4, **options), nn.Linear(4 * (2 if options else 1), 3)
    weights = {name: value.detach().numpy() for name, value in module.named_parameters()}
    spec = trace(module, X).spec
    head = Head(linear.weight.detach().numpy(), linear.bias.detach().numpy(), activation)
    return module, linear, Model(spec, weights, head)


@pytest.mark.parametrize("options", [{}, {"bidirectional": True, "num_layers": 2}])
@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
def test_a_model_is_traced_as_its_module(kind, options):
    module, linear, model = parts(kind, **options)
    run, judge = trace(model, X), trace(module, X)
    assert np.array_equal(run.h, judge.h) and np.array_equal(run.output, judge.output)
    assert judge.prediction is None and judge.head is None
    with torch.inference_mode():
        answers = linear(module(X)[0]).numpy()
    assert run.prediction.shape == (9, 3)
    np.testing.assert_allclose(run.prediction, answers, atol=1e-6)


def test_classes_are_answered_with_probabilities():
    module, linear, model = parts(activation="softmax")
    with torch.inference_mode():
        answers = nn.functional.softmax(linear(module(X)[0]), dim=-1).numpy()
    np.testing.assert_allclose(trace(model, X).prediction, answers, atol=1e-6)


def test_a_model_without_a_head_answers_nothing():
    _, _, model = parts()
    bare = Model(model.spec, model.weights)
    assert trace(bare, X).prediction is None
    assert np.array_equal(trace(bare, X).h, trace(model, X).h)


def test_a_model_outlives_pickling_and_cannot_be_written_to():
    _, _, model = parts()
    again = pickle.loads(pickle.dumps(model))
    assert np.array_equal(trace(again, X).prediction, trace(model, X).prediction)
    assert again.spec == model.spec and again.head.names == ("y0", "y1", "y2")
    with pytest.raises(ValueError):
        model.weights["weight_hh_l0"][0, 0] = 1


def test_a_changed_run_answers_from_its_changed_states():
    _, _, model = parts(activation="softmax")
    original = trace(model, X)
    changed = X.clone()
    changed[3, 1] = 2.0
    after = run(original, [Intervention("input", t=3, feature=1, value=2.0)])
    np.testing.assert_allclose(after.prediction, trace(model, changed).prediction, atol=1e-6)
    assert np.array_equal(after.prediction[:3], original.prediction[:3])
    assert not np.allclose(after.prediction[3], original.prediction[3])


def test_what_does_not_fit_together_is_refused():
    _, _, model = parts()
    assert "softmax" in refused(Head, [[1.0]], [0.0], "relu")
    assert "K rows" in refused(Head, [[1.0]], [0.0, 0.0])
    wrong = Head(np.zeros((3, 5)), np.zeros(3))
    assert "reads 5 states" in refused(Model, model.spec, model.weights, wrong)
