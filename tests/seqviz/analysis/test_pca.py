"""Paths in principal components, against torch.pca_lowrank and the definition."""

import numpy as np
import pytest
import torch

import seqviz
from seqviz.analysis.pca import trajectory
from seqviz.errors import SeqvizError
from seqviz.types import RNNSpec


def traced(steps: int = 30, seed: int = 0, **options) -> seqviz.Trace:
    spec = RNNSpec("LSTM", 1, **options)
    x = torch.randn(steps, 1, generator=torch.Generator().manual_seed(seed))
    return seqviz.trace(seqviz.build(spec), x, spec=spec)


def test_coordinates_and_variance_are_those_of_the_covariance():
    trace = traced(hidden_size=8)
    found = trajectory(trace, n_components=3)
    h = trace.h[0, 0].astype(np.float64)
    values, vectors = np.linalg.eigh(np.cov(h.T))
    np.testing.assert_allclose(
        found.explained_variance_ratio, values[::-1][:3] / values.sum(), rtol=1e-9
    )
    for axis, vector in zip(found.components, vectors.T[::-1][:3], strict=True):
        assert abs(axis @ vector) == pytest.approx(1)
    np.testing.assert_allclose(found.paths[0], (h - h.mean(0)) @ found.components.T, atol=1e-6)
    assert found.paths[0].shape == (30, 3) and found.paths[0].dtype == np.float32
    assert found.sentence().startswith("This picture holds ")


def test_signs_are_fixed():
    trace = traced(hidden_size=8)
    found = trajectory(trace, n_components=3)
    largest = np.abs(found.components).argmax(axis=1)
    assert (found.components[[0, 1, 2], largest] > 0).all()
    assert np.array_equal(trajectory(trace, n_components=3).components, found.components)


def test_all_components_of_two_units_keep_every_distance():
    trace = traced(hidden_size=2)
    found = trajectory(trace)
    h = trace.h[0, 0]
    ours = np.linalg.norm(found.paths[0][3] - found.paths[0][20])
    assert ours == pytest.approx(np.linalg.norm(h[3] - h[20]), rel=1e-5)
    assert found.explained_variance_ratio.sum() == pytest.approx(1)


def test_several_runs_share_one_space():
    runs = [traced(steps, seed, hidden_size=6) for steps, seed in ((30, 0), (12, 1), (1, 2))]
    found = trajectory(runs)
    assert [path.shape for path in found.paths] == [(30, 2), (12, 2), (1, 2)]
    every = np.concatenate([run.h[0, 0] for run in runs]).astype(np.float64)
    np.testing.assert_allclose(found.mean, every.mean(0))
    same = trajectory([runs[0], runs[0]])
    np.testing.assert_array_equal(*same.paths)


def test_directions_stand_side_by_side_and_other_quantities_have_paths_too():
    trace = traced(hidden_size=5, num_layers=2, bidirectional=True)
    assert trajectory(trace).components.shape == (2, 10)
    below = trajectory(trace, layer=0, quantity="c")
    np.testing.assert_allclose(below.mean, trace.c[0].mean(axis=1).reshape(-1), atol=1e-6)


def test_components_a_state_has_no_room_for_are_zero():
    found = trajectory(traced(hidden_size=1), n_components=3)
    assert found.explained_variance_ratio.tolist() == [1, 0, 0]
    assert not found.paths[0][:, 1:].any()
    still = trajectory(traced(steps=1, hidden_size=4), n_components=2)
    assert still.explained_variance_ratio.tolist() == [0, 0] and not still.paths[0].any()


def test_what_has_no_path_is_refused():
    with pytest.raises(SeqvizError, match="5 and 6 numbers"):
        trajectory([traced(hidden_size=5), traced(hidden_size=6)])
    for wrong in ({"n_components": 0}, {"n_components": 4}, {"layer": 2}, {"quantity": "z"}):
        with pytest.raises(SeqvizError):
            trajectory(traced(), **wrong)
    with pytest.raises(SeqvizError):
        trajectory([])
    rnn = seqviz.build(RNNSpec("RNN_RELU", 1, 2, init="identity"))
    with torch.no_grad():
        rnn.weight_hh_l0.mul_(1e20)
        rnn.weight_ih_l0.fill_(1)
    with pytest.raises(SeqvizError, match="float32"):
        trajectory(seqviz.trace(rnn, torch.ones(9, 1)))
