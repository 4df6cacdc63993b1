"""Same spec, same network: PyTorch's own weights, the other inits, and what is said of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import traced
from torch import nn

from seqviz.errors import SeqvizError
from seqviz.rnn.model import (
    build,
    constructor,
    match_parameters,
    num_parameters,
    parameter_names,
    recurrent_class,
    spec_of,
    suffix,
    with_weights,
)
from seqviz.rnn.tracing import trace
from seqviz.types import INITS, MODES, RNNSpec

SPECS = st.builds(
    RNNSpec,
    mode=st.sampled_from(MODES),
    input_size=st.integers(1, 9),
    hidden_size=st.integers(1, 9),
    num_layers=st.integers(1, 4),
    bias=st.booleans(),
    bidirectional=st.booleans(),
    init=st.sampled_from([name for name in INITS if name != "given"]),
    forget_bias=st.none() | st.floats(-10, 10),
    seed=st.integers(0, 2**31 - 1),
)


def from_torch(spec):
    """What somebody gets who types the constructor after torch.manual_seed."""
    with torch.random.fork_rng():
        torch.manual_seed(spec.seed)
        return eval(constructor(spec), {"nn": nn})


def same_weights(first, second):
    first, second = first.state_dict(), second.state_dict()
    return list(first) == list(second) and all(torch.equal(first[k], second[k]) for k in first)


def recurrent_blocks(spec):
    """Each gate's H x H block of weight_hh."""
    named = build(spec).named_parameters()
    recurrent = [weight.detach() for name, weight in named if name.startswith("weight_hh")]
    assert len(recurrent) == spec.num_layers * spec.num_directions
    return [block for weight in recurrent for block in weight.split(spec.hidden_size)]


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("mode", MODES)
def test_default_weights_are_those_of_manual_seed_and_the_constructor(
    mode, layers, bias, bidirectional
):
    spec = RNNSpec(mode, 3, 7, layers, bias, bidirectional, seed=layers)
    assert same_weights(build(spec), from_torch(spec))


@given(SPECS)
@settings(max_examples=30)
def test_any_spec_builds_what_its_constructor_says(spec):
    state = torch.get_rng_state()
    module = build(spec)
    assert torch.equal(torch.get_rng_state(), state)
    expected = from_torch(spec)
    assert type(module) is type(expected) and module.mode == expected.mode == spec.mode
    assert (module.training, module.batch_first, module.dropout) == (False, False, 0)
    shapes = {name: value.shape for name, value in module.state_dict().items()}
    assert shapes == {name: value.shape for name, value in expected.state_dict().items()}
    assert parameter_names(spec) == tuple(shapes)
    assert num_parameters(spec) == sum(value.numel() for value in module.parameters())
    assert all(torch.isfinite(value).all() for value in module.parameters())
    assert all(value.requires_grad and value.is_leaf for value in module.parameters())
    assert same_weights(module, build(spec))
    assert spec_of(module) == replace(spec, init="given", forget_bias=None, seed=0)


@pytest.mark.parametrize("init", ["default", "orthogonal", "identity", "xavier"])
def test_the_global_generator_is_neither_read_nor_changed(init):
    spec = RNNSpec("LSTM", 2, 4, init=init)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        first, untouched = build(spec), torch.rand(3)
        torch.manual_seed(1)
        assert torch.equal(torch.rand(3), untouched)
        torch.manual_seed(2)
        assert same_weights(build(spec), first)


def test_threads_that_build_at_once_get_the_same_weights():
    specs = [RNNSpec(mode, 3, 24, 2, init=init) for mode in MODES for init in INITS[:4]]
    expected = [build(spec) for spec in specs]
    start = Barrier(2)

    def build_all(_):
        start.wait()
        return [build(spec) for spec in specs]

    with ThreadPoolExecutor(2) as pool:
        for built in pool.map(build_all, range(2)):
            assert all(map(same_weights, built, expected))


def test_seeds_differ():
    assert not same_weights(build(RNNSpec(seed=0)), build(RNNSpec(seed=1)))


@pytest.mark.parametrize("mode", MODES)
def test_orthogonal_blocks(mode):
    spec = RNNSpec(mode, 3, 12, 2, bidirectional=True, init="orthogonal", seed=4)
    blocks = list(recurrent_blocks(spec))
    assert len(blocks) == 4 * max(1, len(spec.gates))
    for q in blocks:
        torch.testing.assert_close(q.T @ q, torch.eye(12), rtol=0, atol=1e-5)
    assert not torch.equal(blocks[0], blocks[-1])


@pytest.mark.parametrize("mode", MODES)
def test_identity_blocks_and_no_biases(mode):
    spec = RNNSpec(mode, 3, 12, 2, bidirectional=True, init="identity")
    assert all(torch.equal(block, torch.eye(12)) for block in recurrent_blocks(spec))
    biases = [value for name, value in build(spec).named_parameters() if "bias" in name]
    assert len(biases) == 8 and not any(value.any() for value in biases)


@pytest.mark.parametrize("mode", MODES)
def test_xavier_blocks_fill_their_bound(mode):
    spec = RNNSpec(mode, 30, 60, init="xavier")
    for name, weight in build(spec).named_parameters():
        if name.startswith("weight"):
            for block in weight.detach().split(60):
                bound = (6 / sum(block.shape)) ** 0.5  # Glorot and Bengio 2010
                largest = block.abs().max().item()
                assert 0.97 * bound < largest <= bound
                assert abs(block.mean().item()) < 0.05 * bound


@pytest.mark.parametrize("init", ["orthogonal", "xavier"])
def test_other_inits_change_nothing_but_their_own(init):
    default, other = (build(RNNSpec("GRU", 3, 6, init=i)) for i in ("default", init))
    kept = "bias" if init == "xavier" else "weight_ih bias"
    for name, value in default.state_dict().items():
        is_kept = any(name.startswith(start) for start in kept.split())
        assert torch.equal(value, other.state_dict()[name]) is is_kept, name


@pytest.mark.parametrize("init", ["default", "orthogonal", "identity", "xavier"])
def test_the_forget_bias_is_set_and_nothing_else(init):
    spec = RNNSpec("LSTM", 3, 5, 2, bidirectional=True, init=init, seed=9)
    plain, changed = build(spec).state_dict(), build(replace(spec, forget_bias=1.5)).state_dict()
    for name, before in plain.items():
        i, f, g, o = changed[name].split(5)
        old_i, old_f, old_g, old_o = before.split(5)
        assert torch.equal(i, old_i) and torch.equal(g, old_g) and torch.equal(o, old_o)
        if name.startswith("bias_ih"):
            assert (f == 1.5).all()
        elif name.startswith("bias_hh"):
            assert (f == 0).all()
        else:
            assert torch.equal(f, old_f)


@pytest.mark.parametrize(
    "spec", [RNNSpec("GRU"), RNNSpec("RNN_TANH"), RNNSpec("LSTM", bias=False)], ids=str
)
def test_without_a_forget_gate_or_biases_there_is_nothing_to_set(spec):
    assert same_weights(build(replace(spec, forget_bias=2.0)), build(spec))


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (RNNSpec(), "nn.RNN(1, 16)"),
        (RNNSpec("LSTM", num_layers=2), "nn.LSTM(1, 16, num_layers=2)"),
        (RNNSpec("RNN_RELU", 3, 4), "nn.RNN(3, 4, nonlinearity='relu')"),
        (
            RNNSpec("GRU", 2, 8, 3, bias=False, bidirectional=True, init="xavier", seed=5),
            "nn.GRU(2, 8, num_layers=3, bias=False, bidirectional=True)",
        ),
    ],
    ids=str,
)
def test_the_constructor_as_pytorch_writes_it(spec, text):
    assert constructor(spec) == text


@pytest.mark.parametrize(
    ("spec", "parameters"),
    [
        (RNNSpec("RNN_TANH", 1, 16), 304),  # 16 * (1 + 16 + 2)
        (RNNSpec("GRU", 3, 5, bias=False), 120),  # 3 * 5 * (3 + 5)
        (RNNSpec("LSTM", 1, 16, 2), 3_392),  # 64 * (1 + 16 + 2) + 64 * (16 + 16 + 2)
        (RNNSpec("LSTM", 64, 256, 4, bidirectional=True), 5_390_336),
    ],
    ids=str,
)
def test_literal_numbers_of_parameters(spec, parameters):
    assert num_parameters(spec) == parameters


def test_suffixes_are_those_of_torch():
    names = dict(nn.GRU(1, 1, 2, bidirectional=True).named_parameters())
    for layer in range(2):
        for direction in range(2):
            assert f"weight_hh{suffix(layer, direction)}" in names
    assert {recurrent_class(mode) for mode in MODES} == {nn.RNN, nn.GRU, nn.LSTM}


def test_weights_from_outside_cannot_be_built():
    with pytest.raises(SeqvizError, match="upload them again"):
        build(RNNSpec(init="given"))


def test_spec_of_refuses_what_has_no_square_recurrence():
    with pytest.raises(SeqvizError, match="proj_size=2.*proj_size=0"):
        spec_of(nn.LSTM(3, 4, proj_size=2))
    for other in (nn.Linear(1, 1), nn.LSTMCell(1, 1), "LSTM"):
        with pytest.raises(SeqvizError, match=f"not {type(other).__name__}"):
            spec_of(other)


@settings(max_examples=60)
@given(
    st.builds(
        RNNSpec,
        mode=st.sampled_from(MODES),
        input_size=st.integers(1, 64),
        hidden_size=st.integers(1, 256),
        num_layers=st.integers(1, 4),
        bias=st.booleans(),
        bidirectional=st.booleans(),
    ),
    st.sampled_from(MODES),
)
def test_no_other_hidden_size_has_nearer_parameters(spec, mode):
    found = match_parameters(spec, mode)
    assert found.mode == mode
    assert replace(found, mode=spec.mode, hidden_size=spec.hidden_size) == spec
    target = num_parameters(spec)

    def miss(size: int) -> int:
        return abs(num_parameters(replace(found, hidden_size=size)) - target)

    near = range(max(1, found.hidden_size - 3), found.hidden_size + 4)
    assert miss(found.hidden_size) == min(map(miss, near))
    if mode == spec.mode:
        assert found == spec


def test_an_lstm_of_16_is_an_rnn_of_33():
    spec = RNNSpec("LSTM", 1, 16)  # 4 * 16 * (1 + 16 + 2) = 1216
    found = match_parameters(spec, "RNN_TANH")
    assert found.hidden_size == 33 and num_parameters(found) == 33 * 36
    assert match_parameters(replace(spec, init="given"), "GRU").init == "default"


def test_weights_of_a_trace_rebuild_its_network_and_draw_nothing():
    run = traced("LSTM", num_layers=2, bidirectional=True)
    before = torch.random.get_rng_state()
    h_0, c_0 = (state.reshape(-1, 6) for state in (run.h_0, run.c_0))
    again = trace(with_weights(run.spec, run.weights), run.x, h_0, c_0)
    np.testing.assert_array_equal(again.h, run.h)
    assert torch.equal(before, torch.random.get_rng_state())
