"""Recurrent layers found by names and shapes alone, run as PyTorch runs them, or refused."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from seqviz.errors import SeqvizError
from seqviz.export import tables
from seqviz.rnn.tracing import trace
from seqviz.types import InputSequence
from seqviz.weights.recurrent_layers import describe, find, misfit, summary, to_module

ZOO = [
    (cell, options)
    for cell in (nn.RNN, nn.GRU, nn.LSTM)
    for options in (
        {},
        {"num_layers": 3, "bidirectional": True},
        {"num_layers": 2, "bias": False},
        {"bidirectional": True, "bias": False},
    )
]


def randn(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


def under(prefix, module):
    return {f"{prefix}.{name}": value for name, value in module.state_dict().items()}


def only(tensors):
    found = find(tensors)
    assert not found.problems
    assert len(found.modules) == 1
    return found.modules[0]


def problem(tensors):
    found = find(tensors)
    assert not found.modules
    assert len(found.problems) == 1
    sentence = found.problems[0]
    assert sentence.endswith(".") and "\n" not in sentence
    return sentence


@pytest.mark.parametrize(("cell", "options"), ZOO)
def test_a_rebuilt_network_is_bit_equal_to_the_original(cell, options):
    original = cell(3, 5, **options).eval()
    module = only(under("encoder.rnn", original))
    assert module.prefix == "encoder.rnn"
    if cell is nn.RNN:
        module = module.with_nonlinearity("tanh")
    rebuilt = to_module(module)
    assert not rebuilt.training
    assert type(rebuilt) is cell
    assert module.spec.init == "given"
    x = randn(7, 1, 3)
    with torch.no_grad():
        assert torch.equal(rebuilt(x)[0], original(x)[0])


def test_the_nonlinearity_of_a_plain_rnn_is_asked_for():
    original = nn.RNN(2, 4, nonlinearity="relu")
    module = only(original.state_dict())
    assert module.needs_nonlinearity
    assert module.mode_candidates == ("RNN_TANH", "RNN_RELU")
    with pytest.raises(SeqvizError, match="choose tanh or relu"):
        to_module(module)
    x = randn(6, 2)
    for name, equal in (("relu", True), ("tanh", False)):
        chosen = module.with_nonlinearity(name)
        assert not chosen.needs_nonlinearity
        assert chosen.digest != module.digest
        assert torch.equal(to_module(chosen)(x)[0], original(x)[0]) is equal
    with pytest.raises(SeqvizError, match="choose tanh or relu"):
        module.with_nonlinearity("gelu")
    with pytest.raises(SeqvizError, match="LSTM has no nonlinearity"):
        only(nn.LSTM(2, 4).state_dict()).with_nonlinearity("tanh")


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("cell", [nn.RNNCell, nn.GRUCell, nn.LSTMCell])
def test_a_cell_runs_as_a_layer(cell, bias):
    original = cell(3, 5, bias=bias)
    module = only(under("decoder.cell", original))
    if cell is nn.RNNCell:
        module = module.with_nonlinearity("tanh")
    x, state, expected = randn(9, 3), None, []
    with torch.no_grad():
        for step in x:
            state = original(step) if state is None else original(step, state)
            expected.append(state[0] if cell is nn.LSTMCell else state)
        output = to_module(module)(x)[0]
    assert (output - torch.stack(expected)).abs().max() <= 1e-6


@pytest.mark.parametrize("cell", [nn.GRUCell, nn.LSTMCell])
def test_a_cell_whose_names_numpy_users_write(cell):
    original = cell(3, 5)
    short = {"weight_ih": "w_ih", "weight_hh": "w_hh", "bias_ih": "b_ih", "bias_hh": "b_hh"}
    state = {f"enc_{short[name]}": value for name, value in original.state_dict().items()}
    module = only({"enc_emb": torch.zeros(9, 3), **state, "fc_w": torch.zeros(2, 5)})
    assert module.prefix == "enc"
    same = only(original.state_dict())
    for name, value in same.weights.items():
        assert np.array_equal(module.weights[name], value)


def test_rebuilding_leaves_the_global_random_state_alone():
    module = only(nn.LSTM(2, 3).state_dict())
    before = torch.random.get_rng_state()
    to_module(module)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_training_a_rebuilt_network_changes_only_that_one():
    module = only(nn.GRU(2, 3).state_dict())
    kept = module.weights["weight_ih_l0"].copy()
    with torch.no_grad():
        to_module(module).weight_ih_l0.zero_()
    assert np.array_equal(module.weights["weight_ih_l0"], kept)
    assert not module.weights["weight_ih_l0"].flags.writeable


@pytest.mark.parametrize(("cell", "options"), ZOO)
def test_a_network_on_the_same_memory_runs_the_same_and_copies_nothing(cell, options):
    original = cell(40, 50, **options).eval()
    module = only(original.state_dict())
    module = module.with_nonlinearity("tanh") if cell is nn.RNN else module
    shared, copied = to_module(module, shared=True), to_module(module)
    x = randn(7, 1, 40)
    with torch.no_grad():
        assert torch.equal(shared(x)[0], copied(x)[0])
    for name, parameter in shared.named_parameters():
        assert parameter.data_ptr() == module.weights[name].ctypes.data
        assert not parameter.requires_grad
        assert dict(copied.named_parameters())[name].data_ptr() != parameter.data_ptr()
    traced = trace(shared, x, weights=module.weights)
    assert traced.weights is module.weights
    np.testing.assert_array_equal(traced.h, trace(original, x).h)


def test_weights_stay_when_the_module_they_came_from_is_trained():
    original = nn.GRU(2, 3)
    module = only(original.state_dict())
    before = module.weights["weight_hh_l0"].copy()
    with torch.no_grad():
        original.weight_hh_l0.zero_()
    assert np.array_equal(module.weights["weight_hh_l0"], before) and before.any()


@pytest.mark.parametrize(
    ("original", "line"),
    [
        (nn.GRU(6, 4, 2), "decoder.gru: GRU, 2 layers, input_size 6, hidden_size 4"),
        (
            nn.LSTM(1, 2, bidirectional=True, bias=False),
            "decoder.gru: LSTM, 1 layer, input_size 1, hidden_size 2, bidirectional, no bias",
        ),
        (nn.RNN(1, 2), "decoder.gru: RNN, 1 layer, input_size 1, hidden_size 2"),
    ],
)
def test_describe(original, line):
    module = only(under("decoder.gru", original))
    assert describe(module) == line
    if module.needs_nonlinearity:
        assert "RNN (ReLU)" in describe(module.with_nonlinearity("relu"))


def test_describe_a_layer_without_a_prefix():
    assert describe(only(nn.LSTM(1, 2).state_dict())).startswith("top level: LSTM, 1 layer")


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 4)
        self.encoder = nn.LSTM(4, 3, 2, bidirectional=True)
        self.norm = nn.BatchNorm1d(6)  # its step counter is an integer
        self.decoder = nn.ModuleList([nn.GRU(6, 5), nn.LSTMCell(5, 2)])


def test_every_layer_of_a_model_is_found():
    found = find(Translator().state_dict())
    assert found.problems == ()
    assert [(m.prefix, m.spec.mode) for m in found.modules] == [
        ("encoder", "LSTM"),
        ("decoder.0", "GRU"),
        ("decoder.1", "LSTM"),
    ]


def test_a_broken_layer_hides_no_other():
    tensors = {**under("good", nn.GRU(2, 3)), **under("broken", nn.LSTM(2, 3))}
    del tensors["broken.weight_ih_l0"]
    found = find(tensors)
    assert [module.prefix for module in found.modules] == ["good"]
    assert len(found.problems) == 1
    assert "broken" in found.problems[0] and "weight_ih_l0" in found.problems[0]


@pytest.mark.parametrize(
    ("original", "removed", "words"),
    [
        (nn.LSTM(2, 3), ["weight_ih_l0"], "no weight_ih_l0"),
        (nn.LSTM(2, 3), ["weight_hh_l0"], "no weight_hh_l0"),
        (nn.LSTM(2, 3), ["bias_hh_l0"], "has bias_ih_l0 but no bias_hh_l0"),
        (nn.GRU(2, 3, 2), ["bias_ih_l1", "bias_hh_l1"], "no bias_ih_l1"),
        (
            nn.GRU(2, 3, 3),
            ["weight_ih_l1", "weight_hh_l1", "bias_ih_l1", "bias_hh_l1"],
            "has layer 2 but no layer 1",
        ),
        (
            nn.RNN(2, 3, 2, bias=False, bidirectional=True),
            ["weight_ih_l1_reverse", "weight_hh_l1_reverse"],
            "bidirectional in another layer and has no weight_ih_l1_reverse",
        ),
        (nn.LSTMCell(2, 3), ["weight_hh", "bias_ih", "bias_hh"], "no weight_hh_l0"),
    ],
)
def test_a_missing_part_is_named(original, removed, words):
    tensors = under("rnn", original)
    for name in removed:
        del tensors[f"rnn.{name}"]
    assert words in problem(tensors)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weight_ih_l1": torch.zeros(12, 4)}, "weight_ih_l1 has shape (12, 4)"),
        ({"bias_ih_l0": torch.zeros(12, 1)}, "bias_ih_l0 has shape (12, 1)"),
        ({"weight_ih_l0": torch.zeros(9, 2)}, "weight_ih_l0 has shape (9, 2)"),
        ({"weight_hh_l0": torch.zeros(10, 3)}, "rows must be 1 (RNN)"),
        ({"weight_hh_l0": torch.zeros(6, 3)}, "rows must be 1 (RNN)"),
        ({"weight_hh_l0": torch.zeros(12)}, "must be matrices"),
        ({"weight_hh_l0": torch.zeros(0, 0)}, "must be matrices"),
        ({"weight_ih_l0": torch.zeros(12, 0)}, "must be matrices"),
        ({"weight_hh_l1": torch.full((12, 3), torch.nan)}, "weight_hh_l1 holds NaN"),
        ({"bias_hh_l1": torch.full((12,), torch.inf)}, "bias_hh_l1 holds NaN or infinity"),
        ({"weight_ih_l0": torch.full((12, 2), 1e300, dtype=torch.float64)}, "infinity"),
        ({"weight_hh_l0": torch.zeros(12, 3, dtype=torch.int8)}, "holds int8 numbers"),
        ({"weight_hr_l0": torch.zeros(2, 3)}, "projections (weight_hr_l0)"),
        ({"weight_ih_l16": torch.zeros(12, 3)}, "17 layers"),
    ],
)
def test_what_cannot_run_is_refused_with_its_reason(change, words):
    sentence = problem({**under("rnn", nn.LSTM(2, 3, 2)), **under_names("rnn", change)})
    assert words in sentence
    assert sentence.startswith("rnn")


def under_names(prefix, tensors):
    return {f"{prefix}.{name}": value for name, value in tensors.items()}


def test_a_real_projection_is_refused():
    assert "proj_size=0" in problem(nn.LSTM(2, 4, proj_size=3).state_dict())


def test_limits_of_size():
    too_wide = {"weight_ih_l0": torch.zeros(2049, 1), "weight_hh_l0": torch.zeros(2049, 2049)}
    assert "hidden_size 2049" in problem(too_wide)
    too_many = {"weight_ih_l0": torch.zeros(3, 4097), "weight_hh_l0": torch.zeros(3, 3)}
    assert "input_size 4097" in problem(too_many)


def test_no_recurrent_layer_is_said():
    assert "No recurrent layer" in problem(nn.Linear(2, 3).state_dict())
    assert "No recurrent layer" in problem({})


def test_strange_prefixes_are_shown_harmless():
    sentence = problem({"a\nb" + "x" * 500 + ".weight_ih_l0": torch.zeros(3, 3)})
    assert sentence.startswith("a?bx") and len(sentence) < 250


def test_half_precision_is_read_as_float32():
    module = only(nn.GRU(2, 3).half().state_dict())
    assert {value.dtype for value in module.weights.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("features", "ways"),
    [
        (1, "1 feature a step and the sequence has 2: use Draw a curve or a table with 1 numeric"),
        (8, "Generate with 8 features, a table with 8 numeric columns or Type with an alphabet"),
        (256, "256 features a step and the sequence has 2: use Type with an alphabet of 256"),
    ],
)
def test_what_a_layer_cannot_read_is_said(features, ways):
    module = only(nn.GRU(features, 2).state_dict())
    assert misfit(module, InputSequence(np.ones((4, features)))) is None
    sentence = misfit(module, InputSequence(np.ones((4, 2))))
    assert ways in sentence and sentence.endswith(".") and sentence.count(". ") == 0


def test_layers_are_summed_up():
    tensors = under("a", nn.GRU(1, 2)) | under("b", nn.RNN(1, 2)) | under("c", nn.GRU(1, 3))
    assert summary(find(tensors)) == "3 recurrent layers: 2 GRU, 1 RNN"
    assert summary(find(under("a", nn.LSTM(1, 2)))) == "1 recurrent layer: 1 LSTM"


def test_saved_weights_load_into_pytorch_and_are_found_again():
    import safetensors.torch

    original = nn.LSTM(2, 3, 2, bidirectional=True)
    x = randn(5, 2)
    data = tables.safetensors(trace(original, x))
    tensors = safetensors.torch.load(data)
    other = nn.LSTM(2, 3, 2, bidirectional=True)
    other.load_state_dict(tensors)
    assert torch.equal(other(x)[0], original(x)[0])
    assert only(tensors).spec == trace(original, x).spec


def test_the_digest_follows_the_weights():
    tensors = nn.GRU(2, 3).state_dict()
    before = only(tensors).digest
    assert only(tensors).digest == before
    tensors["bias_hh_l0"] = tensors["bias_hh_l0"] + 1
    assert only(tensors).digest != before


NAMES = [
    kind + place
    for kind in ("weight_ih", "weight_hh", "weight_hr", "bias_ih", "bias_hh")
    for place in ("", "_l0", "_l1", "_l0_reverse", "_l17", "_l01", "_l9999")
]


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.builds(lambda prefix, name: prefix + name, st.sampled_from(["", "a.", "."]),
                  st.sampled_from(NAMES) | st.text(max_size=5)),
        st.builds(
            lambda shape, dtype: torch.ones(shape, dtype=dtype),
            st.lists(st.sampled_from([0, 1, 2, 3, 4, 6, 8]), max_size=3),
            st.sampled_from([torch.float32, torch.float16, torch.int8, torch.bool]),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_any_names_and_shapes_are_answered(tensors):
    found = find(tensors)
    assert found.modules or found.problems
    runs(found)


@settings(max_examples=60)
@given(
    st.sampled_from([nn.RNN(2, 3), nn.GRU(2, 3, 2), nn.LSTM(2, 3, bidirectional=True)]),
    st.lists(st.tuples(st.integers(0, 99), st.sampled_from([0, 1, 2, 3, 9, 12])), max_size=2),
)
def test_a_real_layer_with_changed_shapes_is_run_or_named_as_a_problem(module, changes):
    tensors = dict(module.state_dict())
    for place, rows in changes:
        name = list(tensors)[place % len(tensors)]
        tensors[name] = torch.ones(rows, *tensors[name].shape[1:])
    found = find(tensors)
    assert len(found.modules) + len(found.problems) == 1
    assert found.modules or changes
    runs(found)


def runs(found):
    """Every layer found is one PyTorch can run."""
    for module in found.modules:
        assert describe(module)
        ready = module.with_nonlinearity("tanh") if module.needs_nonlinearity else module
        to_module(ready)(torch.ones(2, module.spec.input_size))
