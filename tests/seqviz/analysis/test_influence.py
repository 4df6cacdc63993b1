"""Forward influence against torch.autograd.functional.jacobian, pair by pair."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from networks import answering

import seqviz
from seqviz.analysis import influence as analysis
from seqviz.analysis.influence import Influence, influence, ordinal, plan
from seqviz.errors import SeqvizError
from seqviz.types import INITS, MODES, RNNSpec

BUILT = tuple(init for init in INITS if init != "given")


def traced(spec: RNNSpec, steps: int) -> seqviz.Trace:
    generator = torch.Generator().manual_seed(spec.seed)
    states = (spec.num_layers * spec.num_directions, spec.hidden_size)
    h_0, c_0 = (torch.randn(states, generator=generator) / 2 for _ in range(2))
    x = torch.randn(steps, spec.input_size, generator=generator)
    return seqviz.trace(seqviz.build(spec), x, h_0, c_0, spec=spec)


def judged(trace: seqviz.Trace, answer: bool = False) -> np.ndarray:
    """Frobenius norms of every ∂output_τ/∂x_t from torch's own backward passes, (T, T).

    answer: of the head's sums instead of the output.
    """
    rnn = seqviz.build(trace.spec).double()
    hidden = trace.spec.hidden_size
    state = torch.tensor(trace.h_0).double().reshape(-1, hidden)
    if trace.c_0 is not None:
        state = (state, torch.tensor(trace.c_0).double().reshape(-1, hidden))
    x = torch.tensor(trace.x).double()
    head = torch.nn.Identity()
    if answer:
        head = torch.nn.Linear(trace.output.shape[1], len(trace.head.bias)).double()
        head.weight.data = torch.tensor(trace.head.weight).double()
    whole = torch.autograd.functional.jacobian(lambda x: head(rnn(x, state)[0]), x)  # (T, K, T, I)
    return whole.pow(2).sum(dim=(1, 3)).sqrt().numpy()


def assert_near(ours: np.ndarray, judge: np.ndarray) -> None:
    assert ours.shape == judge.shape
    assert np.abs(ours - judge).max() <= 1e-5 * max(1.0, judge.max())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("init", BUILT)
def test_every_pair_is_autograds(mode, layers, bidirectional, init):
    spec = RNNSpec(mode, 2, 5, layers, init=init, bidirectional=bidirectional, seed=3)
    trace = traced(spec, steps=7)
    judge = judged(trace)
    assert_near(influence(trace).norms, judge)
    assert_near(influence(trace, t_stride=3).norms, judge[:, ::3])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_without_biases_and_with_many_features(mode, bidirectional):
    """40 features a step and 3 units: the features no unit reads are left out, exactly."""
    spec = RNNSpec(mode, 40, 3, bias=False, bidirectional=bidirectional)
    trace = traced(spec, steps=5)
    assert_near(influence(trace).norms, judged(trace))


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_small_pieces_give_the_same_norms(monkeypatch, mode, bidirectional):
    trace = traced(RNNSpec(mode, 2, 4, 2, bidirectional=bidirectional), steps=18)
    whole = influence(trace).norms
    for size in (1, 2500):
        monkeypatch.setattr("seqviz.analysis.tangents._BYTES", size)
        np.testing.assert_allclose(influence(trace).norms, whole, rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("outputs", [1, 3, 24])  # one sum, several, more than states
def test_the_influence_on_every_answer_is_autograds(mode, layers, bidirectional, outputs):
    spec = RNNSpec(mode, 2, 5, layers, bidirectional=bidirectional, seed=3)
    trace = answering(traced(spec, steps=7), outputs)
    judge, found = judged(trace, answer=True), influence(trace, answer=True)
    assert_near(found.norms, judge)
    assert_near(influence(trace, t_stride=3, answer=True).norms, judge[:, ::3])
    assert found.answer and not influence(trace).answer
    if not bidirectional:
        assert (np.triu(found.norms, 1) == 0).all()


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_small_pieces_give_the_same_answers(monkeypatch, layers, bidirectional):
    spec = RNNSpec("LSTM", 2, 4, layers, bidirectional=bidirectional)
    trace = answering(traced(spec, steps=18))
    whole = influence(trace, answer=True).norms
    for size in (1, 2500):
        monkeypatch.setattr("seqviz.analysis.tangents._BYTES", size)
        again = influence(trace, answer=True).norms
        np.testing.assert_allclose(again, whole, rtol=1e-4, atol=1e-9)


def test_directions_that_cancel_leave_nothing():
    """Two directions of opposite weight over a sequence that reads the same both ways."""
    spec = RNNSpec("GRU", 1, 3, bidirectional=True)
    rnn = seqviz.build(spec)
    with torch.no_grad():
        for name, parameter in rnn.named_parameters():
            if name.endswith("_reverse"):
                parameter.copy_(rnn.get_parameter(name.removesuffix("_reverse")))
    x = torch.tensor([1.0, 0.5, 1.0])[:, None]
    trace = answering(seqviz.trace(rnn, x, spec=spec), 1)
    weight = trace.head.weight.copy()
    weight[:, 3:] = -weight[:, :3]
    trace = replace(trace, head=replace(trace.head, weight=weight))
    norms = influence(trace, answer=True).norms
    assert norms[1, 1] < 1e-6 < norms[1, 0]


def test_an_answer_needs_a_head_that_reads_the_layer():
    trace = traced(RNNSpec("GRU", 2, 3, 2), steps=4)
    with pytest.raises(SeqvizError, match="answers nothing"):
        influence(trace, answer=True)
    with pytest.raises(SeqvizError, match="answers nothing"):
        plan(trace, answer=True)
    with pytest.raises(SeqvizError, match="last layer"):
        influence(answering(trace), layer=0, answer=True)


def test_the_answer_of_large_work_is_planned_with_its_head():
    large = traced(RNNSpec("GRU", 1, 256), steps=2000)
    state, answer = plan(large), plan(answering(large, 256), answer=True)
    assert answer.stride > state.stride > 1
    assert plan(answering(large, 1), answer=True).stride == state.stride


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_lower_layer_is_a_network_of_its_own(bidirectional):
    spec = RNNSpec("GRU", 2, 4, 3, bidirectional=bidirectional)
    trace = traced(spec, steps=6)
    for layer, found in ((1, influence(trace, layer=1)), (1, influence(trace, layer=-2))):
        weights = {name: torch.tensor(value) for name, value in trace.weights.items()}
        kept = {name: value for name, value in weights.items() if "_l2" not in name}
        lower = torch.nn.GRU(2, 4, layer + 1, bidirectional=bidirectional)
        lower.load_state_dict(kept)
        h_0 = trace.h_0[: layer + 1].reshape(-1, 4)
        whole = influence(seqviz.trace(lower, trace.x, h_0))
        np.testing.assert_allclose(found.norms, whole.norms, rtol=1e-6)
        assert found.layer == layer


def test_the_linear_regime_is_the_power_of_w():
    """tanh near 0 with orthogonal W: ‖∂h_τ/∂x_t‖ = ρ^(τ-t) ‖W_ih‖; ρ^50 at three ρ."""
    known = {0.9: 0.005154, 1.0: 1.0, 1.1: 117.39}
    for rho, expected in known.items():
        spec = RNNSpec("RNN_TANH", 1, 12, bias=False, init="orthogonal")
        rnn = seqviz.build(spec)
        with torch.no_grad():
            rnn.weight_hh_l0.mul_(rho)
        norms = influence(seqviz.trace(rnn, torch.zeros(51, 1), spec=spec)).norms
        assert norms[50, 0] / norms[0, 0] == pytest.approx(expected, rel=1e-4)


def test_what_is_past_reading_has_no_influence():
    norms = influence(traced(RNNSpec("LSTM", 1, 6), steps=9)).norms
    assert (np.triu(norms, 1) == 0).all()
    assert (np.tril(norms)[np.tril_indices(9)] > 0).all()
    assert norms.dtype == np.float32
    assert not norms.flags.writeable


@pytest.mark.parametrize("bidirectional", [False, True])
def test_faded_influence_ends_at_zero_not_in_denormals(bidirectional):
    spec = RNNSpec("GRU", 1, 6, 2, bidirectional=bidirectional)
    found = influence(traced(spec, steps=400))
    smallest = found.norms[found.norms > 0].min()
    assert smallest > 1e-38
    assert found.norms[-1, 0] == 0 and found.norms[-1, -1] > 0
    logs = found.log10()
    assert np.isnan(logs[-1, 0]) and np.isfinite(logs[-1, -1])


def test_overflow_is_nan_and_nothing_warns():
    spec = RNNSpec("RNN_RELU", 1, 6, init="identity")
    rnn = seqviz.build(spec)
    with torch.no_grad():
        rnn.weight_hh_l0.mul_(4)
    found = influence(seqviz.trace(rnn, torch.ones(100, 1), spec=spec))
    assert np.isfinite(found.norms[60]).all()
    assert np.isnan(found.norms[-1]).all()
    assert np.isfinite(found.by_lag()[50]) and not np.isinf(found.by_lag()).any()


def test_random_directions_are_right_on_average():
    trace = traced(RNNSpec("LSTM", 24, 8), steps=12)
    exact, estimate = influence(trace).norms, influence(trace, directions=12).norms
    ratio = (estimate**2).sum() / (exact**2).sum()
    assert 0.7 < ratio < 1.4
    assert influence(trace, directions=12).notice.startswith("estimated from 12 random directions")
    assert np.array_equal(influence(trace, directions=24).norms, exact)


def test_progress_runs_from_nothing_to_all():
    for spec in (RNNSpec("GRU", 1, 4, 2), RNNSpec("GRU", 1, 4, 2, bidirectional=True)):
        told: list[float] = []
        influence(traced(spec, steps=70), progress=told.append)
        assert told == sorted(told)
        assert len(told) > 3 and told[0] < 0.5 and told[-1] == 1.0


def test_small_work_is_planned_whole_and_large_work_is_thinned():
    assert plan(traced(RNNSpec("LSTM", 1, 64), steps=200)).notice == ""
    large = plan(traced(RNNSpec("LSTM", 1, 256), steps=2000))
    assert large.stride > 1 and large.directions is None
    assert large.notice == f"every {ordinal(large.stride)} input step, to answer in time"
    largest = plan(traced(RNNSpec("LSTM", 64, 256, 2, bidirectional=True), steps=500))
    assert largest.directions is not None and largest.directions < 64
    assert "random directions" in largest.notice


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("steps", "features"), [(60, 1), (200, 64), (2000, 1), (2000, 64)])
def test_the_largest_network_of_build_is_thinned_to_a_bounded_cost(mode, steps, features):
    """4 bidirectional layers of 256: at most the planned work, or the fewest columns of a map."""
    spec = RNNSpec(mode, features, 256, 4, bidirectional=True)
    names = seqviz.build(spec).state_dict()
    weights = {name: value.numpy() for name, value in names.items()}
    trace = replace(traced(replace(spec, hidden_size=2), 1), spec=spec, weights=weights,
                    labels=("",) * steps, x=np.zeros((steps, features), np.float32))  # fmt: skip
    found = plan(trace)
    columns = -(-steps // found.stride) * (found.directions or features)
    cost = columns * analysis._flops_of_a_column(trace, 3)
    assert cost <= 1.5 * analysis._FLOPS or columns <= 2 * analysis._FEWEST_COLUMNS
    assert columns >= analysis._FEWEST_COLUMNS
    assert (found.notice == "") is (columns == steps * features)
    assert steps > 60 or found.notice == ""  # what a first visit shows is exact
    eighth = plan(trace, runs=8)
    assert eighth.stride * features >= found.stride * (found.directions or features)


def test_by_lag_is_the_median_over_pairs():
    norms = np.array([[4, 0, 0], [2, 6, 0], [1, 3, 8]], np.float32)
    assert Influence(norms, np.arange(3), 0).by_lag().tolist() == [6, 2.5, 1]
    assert Influence(norms[:, ::2], np.array([0, 2]), 0).by_lag().tolist() == [6, 2, 1]
    assert Influence(norms, np.arange(3), 0).at(2).tolist() == [1, 3, 8]


def test_one_step_is_enough():
    trace = traced(RNNSpec("LSTM", 2, 3, bidirectional=True), steps=1)
    assert_near(influence(trace).norms, judged(trace))


@pytest.mark.parametrize("wrong", [{"layer": 1}, {"t_stride": 0}, {"directions": 0}])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(SeqvizError):
        influence(traced(RNNSpec("GRU"), steps=3), **wrong)


def test_ordinals():
    said = [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)]
    assert said == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th"]
