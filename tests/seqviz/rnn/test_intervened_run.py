"""Changed runs against loops of PyTorch's own cells."""

import time

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from seqviz.errors import SeqvizError
from seqviz.rnn.intervened_run import run
from seqviz.rnn.interventions import (
    change_input,
    clamp,
    silence,
)
from seqviz.rnn.model import build, suffix
from seqviz.rnn.tracing import trace
from seqviz.types import GATES, MODES, RNNSpec, Trace

T, INPUT, HIDDEN = 7, 3, 5
SHAPES = [(1, False, True), (2, False, False), (3, False, True), (2, True, True), (3, True, False)]


def make(mode: str, layers: int, bidirectional: bool, bias: bool) -> tuple[nn.RNNBase, Trace]:
    spec = RNNSpec(mode, INPUT, HIDDEN, layers, bias, bidirectional, seed=5)
    generator = torch.Generator().manual_seed(1)
    states = (layers * spec.num_directions, HIDDEN)
    x, h_0, c_0 = (
        torch.randn(*shape, generator=generator) for shape in ((T, INPUT), states, states)
    )
    module = build(spec)
    return module, trace(module, x, h_0, c_0)


def cell_of(traced: Trace, layer: int, d: int) -> nn.RNNCellBase:
    """PyTorch's own cell with the trace's weights; for LSTM and GRU."""
    spec, end = traced.spec, suffix(layer, d)
    reads = traced.weights[f"weight_ih{end}"].shape[1]
    kind = nn.LSTMCell if spec.mode == "LSTM" else nn.GRUCell
    cell = kind(reads, HIDDEN, bias=spec.bias)
    names = ["weight_ih", "weight_hh"] + (["bias_ih", "bias_hh"] if spec.bias else [])
    cell.load_state_dict({n: torch.from_numpy(traced.weights[n + end].copy()) for n in names})
    return cell


def saturate(cell: nn.RNNCellBase, gate: str, mode: str, value: float, unit: int | None) -> None:
    """Make PyTorch's own gate constant: no weights, and the bias whose activation is value."""
    start = GATES[mode].index(gate) * HIDDEN
    rows = slice(start, start + HIDDEN) if unit is None else slice(start + unit, start + unit + 1)
    bend = torch.atanh if gate in "gn" else torch.logit
    with torch.no_grad():
        cell.weight_ih[rows], cell.weight_hh[rows] = 0.0, 0.0
        cell.bias_ih[rows] = bend(torch.tensor(value, dtype=torch.float64)).float()
        cell.bias_hh[rows] = 0.0


def hush(unit: int | None, *states: Tensor | None) -> None:
    for state in states:
        if unit is not None and state is not None:
            state[unit] = 0.0


def loop(
    traced: Trace, quiet: dict[tuple[int, int], int], held: tuple[str, float, int | None] | None
) -> np.ndarray:
    """h (L, D, T, H) from cells alone; quiet: silenced unit by (layer, d); held: in layer 0."""
    spec = traced.spec
    reads: Tensor = torch.from_numpy(traced.x.copy())
    h_all = np.empty_like(traced.h)
    with torch.inference_mode():
        for layer in range(spec.num_layers):
            for d in range(spec.num_directions):
                cell = cell_of(traced, layer, d)
                if held and (layer, d) == (0, 0):
                    saturate(cell, held[0], spec.mode, *held[1:])
                h = torch.from_numpy(traced.h_0[layer, d].copy())
                c = None if traced.c_0 is None else torch.from_numpy(traced.c_0[layer, d].copy())
                hush(quiet.get((layer, d)), h, c)
                for t in reversed(range(T)) if d else range(T):
                    if c is None:
                        h = cell(reads[t], h)
                    else:
                        h, c = cell(reads[t], (h, c))
                    hush(quiet.get((layer, d)), h, c)
                    h_all[layer, d, t] = h.numpy()
            reads = torch.from_numpy(np.concatenate(list(h_all[layer]), axis=-1))
    return h_all


def equal(first: Trace, second: Trace) -> None:
    for name in first.spec.quantities:
        np.testing.assert_allclose(first.quantity(name), second.quantity(name), atol=1e-6)
    np.testing.assert_allclose(first.output, second.output, atol=1e-6)
    np.testing.assert_allclose(first.h_n, second.h_n, atol=1e-6)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", SHAPES)
def test_without_changes_the_run_is_the_trace(mode: str, shape: tuple[int, bool, bool]) -> None:
    _, traced = make(mode, *shape)
    again = run(traced, ())
    for name in traced.spec.quantities:
        assert np.array_equal(again.quantity(name), traced.quantity(name))
    assert not again.h.flags.writeable


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("t", (0, 3, T - 1))
def test_a_changed_input_is_the_trace_of_the_changed_sequence(
    mode: str, shape: tuple[int, bool, bool], t: int
) -> None:
    module, traced = make(mode, *shape)
    changed = run(traced, [change_input(t, 1, 2.5)])
    x = traced.x.copy()
    x[t, 1] = 2.5
    rows = (-1, HIDDEN)
    c_0 = None if traced.c_0 is None else traced.c_0.reshape(rows)
    expected = trace(module, x, traced.h_0.reshape(rows), c_0)
    equal(changed, expected)
    assert np.array_equal(changed.x, x)
    assert traced.x[t, 1] != np.float32(2.5)


@pytest.mark.parametrize("mode", ("RNN_TANH", "LSTM", "GRU"))
def test_what_a_change_cannot_reach_does_not_move_by_a_bit(mode: str) -> None:
    _, traced = make(mode, 2, False, True)
    changed = run(traced, [change_input(4, 0, 9.0)])
    assert np.array_equal(changed.h[:, :, :4], traced.h[:, :, :4])
    assert not np.array_equal(changed.h[0, 0, 4], traced.h[0, 0, 4])
    above = run(traced, [silence(2, layer=1)])
    assert np.array_equal(above.h[0], traced.h[0])


@pytest.mark.parametrize("mode", ("LSTM", "GRU"))
@pytest.mark.parametrize("shape", SHAPES)
def test_silence_equals_a_loop_of_cells(mode: str, shape: tuple[int, bool, bool]) -> None:
    _, traced = make(mode, *shape)
    layer, d = shape[0] - 1, int(shape[1])
    changed = run(traced, [silence(3), silence(1, layer=layer, direction=d)])
    if (layer, d) == (0, 0):
        changed = run(traced, [silence(3)])
    quiet = {(layer, d): 1, (0, 0): 3}
    np.testing.assert_allclose(changed.h, loop(traced, quiet, None), atol=1e-6)
    assert (changed.h[0, 0, :, 3] == 0).all()
    if changed.c is not None and changed.c_0 is not None:
        assert (changed.c[0, 0, :, 3] == 0).all()
        assert changed.c_0[0, 0, 3] == 0


@pytest.mark.parametrize("mode", ("RNN_TANH", "RNN_RELU"))
def test_silence_in_a_plain_rnn_equals_the_network_without_that_unit(mode: str) -> None:
    """A unit nobody hears might as well not exist: cut its columns and compare the others."""
    module, traced = make(mode, 2, True, True)
    changed = run(traced, [silence(2, direction=1)])
    deaf = {name: value.clone() for name, value in module.state_dict().items()}
    deaf["weight_hh_l0_reverse"][:, 2] = 0.0
    for d in (0, 1):
        deaf[f"weight_ih{suffix(1, d)}"][:, HIDDEN + 2] = 0.0
    module.load_state_dict(deaf)
    h_0 = traced.h_0.copy()
    h_0[0, 1, 2] = 0.0
    expected = trace(module, traced.x, h_0.reshape(-1, HIDDEN))
    others = [k for k in range(HIDDEN) if k != 2]
    np.testing.assert_allclose(changed.h[0, 1][:, others], expected.h[0, 1][:, others], atol=1e-6)
    np.testing.assert_allclose(changed.h[1], expected.h[1], atol=1e-6)
    assert (changed.h[0, 1, :, 2] == 0).all()


@pytest.mark.parametrize(
    ("mode", "gate"), [(mode, gate) for mode in ("LSTM", "GRU") for gate in GATES[mode]]
)
@pytest.mark.parametrize("unit", (None, 2))
@pytest.mark.parametrize("shape", [(1, False, True), (2, True, True)])
def test_clamp_equals_a_loop_of_cells(
    mode: str, gate: str, unit: int | None, shape: tuple[int, bool, bool]
) -> None:
    _, traced = make(mode, *shape)
    changed = run(traced, [clamp(gate, 0.75, unit=unit)])
    expected = loop(traced, {}, (gate, 0.75, unit))
    np.testing.assert_allclose(changed.h, expected, atol=1e-6)
    held = changed.gates[gate][0, 0] if unit is None else changed.gates[gate][0, 0, :, unit]
    assert (held == np.float32(0.75)).all()


def test_forget_gate_at_1_and_input_gate_at_0_keep_c_for_ever() -> None:
    _, traced = make("LSTM", 1, False, True)
    changed = run(traced, [clamp("f", 1.0), clamp("i", 0.0)])
    assert changed.c is not None and changed.c_0 is not None
    assert (changed.c[0, 0] == changed.c_0[0, 0]).all()


def test_the_later_change_wins() -> None:
    _, traced = make("GRU", 1, False, True)
    changed = run(traced, [clamp("z", 1.0), clamp("z", 0.0, unit=1)])
    assert (changed.gates["z"][0, 0, :, 1] == 0).all()
    assert (changed.gates["z"][0, 0, :, 0] == 1).all()
    assert (changed.h[0, 0, :, 0] == changed.h_0[0, 0, 0]).all()  # z = 1 copies the state


def test_an_exploding_network_runs_through_without_a_warning() -> None:
    module = nn.RNN(1, 2, nonlinearity="relu")
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(1e10)
    changed = run(trace(module, torch.ones(9, 1)), [silence(1)])
    assert np.isinf(changed.h[0, 0, -1, 0])
    assert changed.h[0, 0, -1, 1] == 0


def test_changes_that_do_not_fit_are_refused_in_a_sentence() -> None:
    _, lstm = make("LSTM", 1, False, True)
    _, plain = make("RNN_TANH", 1, False, True)
    for change in (
        silence(HIDDEN),
        silence(0, layer=1),
        silence(0, direction=1),
        clamp("z", 0.5),
        change_input(T, 0, 1.0),
        change_input(0, INPUT, 1.0),
    ):
        with pytest.raises(SeqvizError, match="choose"):
            run(lstm, [change])
    with pytest.raises(SeqvizError, match="has no gates"):
        run(plain, [clamp("f", 1.0)])
    with pytest.raises(SeqvizError, match="at most 8"):
        run(lstm, [silence(0)] * 9)


def test_a_long_wide_sequence_is_a_matter_of_seconds() -> None:
    traced = trace(build(RNNSpec("LSTM", 1, 256)), torch.zeros(2000, 1))
    started = time.perf_counter()
    run(traced, [clamp("f", 1.0)])
    assert time.perf_counter() - started < 5
