"""A trace equals PyTorch: loops of nn.*Cell for every state, the fused kernels bit for bit."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch import nn
from torch.nn.utils import parametrizations

from seqviz.errors import SeqvizError
from seqviz.rnn import tracing
from seqviz.rnn.model import build, recurrent_class
from seqviz.rnn.tracing import trace
from seqviz.types import GATES, MODES, InputSequence, RNNSpec

CELLS = {
    "RNN_TANH": lambda i, h, bias: nn.RNNCell(i, h, bias),
    "RNN_RELU": lambda i, h, bias: nn.RNNCell(i, h, bias, nonlinearity="relu"),
    "GRU": nn.GRUCell,
    "LSTM": nn.LSTMCell,
}
EXACT = {"rtol": 1e-6, "atol": 1e-6}
SPECS = st.builds(
    RNNSpec,
    mode=st.sampled_from(MODES),
    input_size=st.integers(1, 5),
    hidden_size=st.integers(1, 6),
    num_layers=st.integers(1, 3),
    bias=st.booleans(),
    bidirectional=st.booleans(),
    seed=st.integers(0, 1000),
)


def example(spec, steps, seed=0):
    """x (T, I), h_0 and c_0 (D*L, H), all different from zero."""
    generator = torch.Generator().manual_seed(seed)
    rows = spec.num_layers * spec.num_directions
    sizes = [(steps, spec.input_size), (rows, spec.hidden_size), (rows, spec.hidden_size)]
    return [torch.randn(size, generator=generator) for size in sizes]


def cell_with(rnn, mode, end):
    """nn.RNNCell, GRUCell or LSTMCell with one layer's and direction's weights, in double."""
    weights = {
        name.removesuffix(end): value.detach().double()
        for name, value in rnn.named_parameters()
        if name.endswith(end)
    }
    hidden, reads = weights["weight_hh"].shape[1], weights["weight_ih"].shape[1]
    cell = CELLS[mode](reads, hidden, "bias_ih" in weights).double()
    cell.load_state_dict(weights)
    return cell


def gates_of(cell, mode, x, h):
    """The activated gates before one step, from the equations on PyTorch's pages, one by one."""
    letters = GATES[mode]
    size = cell.hidden_size
    zero = torch.zeros(size * max(1, len(letters)), dtype=torch.float64)
    b_ih = cell.bias_ih if cell.bias else zero
    b_hh = cell.bias_hh if cell.bias else zero
    gates = {}
    for k, letter in enumerate(letters):
        rows = slice(k * size, (k + 1) * size)
        from_x = cell.weight_ih[rows] @ x + b_ih[rows]
        from_h = cell.weight_hh[rows] @ h + b_hh[rows]
        if letter == "n":
            gates[letter] = torch.tanh(from_x + gates["r"] * from_h)
        else:
            squash = torch.tanh if letter == "g" else torch.sigmoid
            gates[letter] = squash(from_x + from_h)
    return gates


def walk(rnn, spec, x, h_0, c_0):
    """Every quantity by a loop of cells in float64: {name: (L, D, T, H)}, and the output."""
    steps = len(x)
    found = {
        name: np.zeros((spec.num_layers, spec.num_directions, steps, spec.hidden_size))
        for name in spec.quantities
    }
    layer_input = x.double()
    for layer in range(spec.num_layers):
        for direction in range(spec.num_directions):
            end = f"_l{layer}" + "_reverse" * direction
            cell = cell_with(rnn, spec.mode, end)
            row = layer * spec.num_directions + direction
            h, c = h_0[row].double(), c_0[row].double()
            for t in reversed(range(steps)) if direction else range(steps):
                step = gates_of(cell, spec.mode, layer_input[t], h)
                if spec.mode == "LSTM":
                    h, c = cell(layer_input[t][None], (h[None], c[None]))
                    h, c = h[0], c[0]
                    step["c"] = c
                else:
                    h = cell(layer_input[t][None], h[None])[0]
                for name, value in {**step, "h": h}.items():
                    found[name][layer, direction, t] = value.detach().numpy()
        layer_input = torch.cat(list(torch.from_numpy(found["h"][layer])), dim=-1)
    return found, layer_input.numpy()


def run(rnn, x, h_0, c_0):
    """output (T, D*H) and the last states (D*L, H) of PyTorch's own call."""
    start = (h_0[:, None], c_0[:, None]) if rnn.mode == "LSTM" else h_0[:, None]
    with torch.inference_mode():
        output, last = rnn(x[:, None], start)
    states = last if rnn.mode == "LSTM" else (last,)
    return output[:, 0].float().numpy(), [state[:, 0].float().numpy() for state in states]


def last_c(traced):
    """c_n as nn.LSTM orders it, (D*L, H)."""
    return np.concatenate(
        [
            np.stack([traced.c[layer, d, 0 if d else -1] for d in range(traced.c.shape[1])])
            for layer in range(len(traced.c))
        ]
    )


@pytest.mark.parametrize("bias", [True, False], ids=["bias", "no_bias"])
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one_way", "both_ways"])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("mode", MODES)
def test_every_state_and_gate_equals_a_loop_of_cells(mode, layers, bidirectional, bias):
    spec = RNNSpec(mode, 3, 5, layers, bias, bidirectional, seed=7)
    rnn = build(spec)
    x, h_0, c_0 = example(spec, 9)
    traced = trace(rnn, x, h_0, c_0)
    found, output = walk(rnn, spec, x, h_0, c_0)
    for name in spec.quantities:
        np.testing.assert_allclose(traced.quantity(name), found[name], err_msg=name, **EXACT)
    np.testing.assert_allclose(traced.output, output, **EXACT)
    assert tuple(traced.gates) == spec.gates


@pytest.mark.parametrize("steps", [1, 2, 3, 997, 2000])
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one_way", "both_ways"])
@pytest.mark.parametrize("mode", MODES)
def test_the_fused_kernel_gives_the_same_bits(mode, bidirectional, steps):
    spec = RNNSpec(mode, 2, 6, 2, bidirectional=bidirectional, seed=1)
    rnn = build(spec)
    x, h_0, c_0 = example(spec, steps)
    traced = trace(rnn, x, h_0, c_0)
    output, last = run(rnn, x, h_0, c_0)
    np.testing.assert_array_equal(traced.output, output)
    np.testing.assert_array_equal(traced.h_n, last[0])
    if mode == "LSTM":
        np.testing.assert_allclose(last_c(traced), last[1], **EXACT)


@pytest.mark.parametrize("mode", ["GRU", "LSTM"])
def test_the_gates_are_the_same_where_pytorch_has_no_onednn(mode, monkeypatch):
    spec = RNNSpec(mode, 3, 64, 2, bidirectional=True, seed=2)
    traced = trace(build(spec), *example(spec, 300))
    monkeypatch.setattr(tracing, "_ONEDNN_LINEAR", None)
    plain = trace(build(spec), *example(spec, 300))
    for name in spec.quantities:
        np.testing.assert_allclose(
            traced.quantity(name), plain.quantity(name), err_msg=name, **EXACT
        )


def test_pytorch_still_has_the_operator_that_is_faster_than_mkl():
    assert (tracing._ONEDNN_LINEAR is not None) is torch.backends.mkl.is_available()


@pytest.mark.parametrize("bias", [True, False], ids=["bias", "no_bias"])
@pytest.mark.parametrize(("steps", "reads", "gives"), [(1, 1, 4), (7, 5, 3), (1000, 129, 512)])
def test_a_product_is_that_of_pytorchs_linear(steps, reads, gives, bias):
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(steps, reads, generator=generator)
    weight = torch.randn(gives, reads, generator=generator)
    b = torch.randn(gives, generator=generator) if bias else None
    exact = nn.functional.linear(x.double(), weight.double(), None if b is None else b.double())
    found = tracing._linear(x, weight, b)
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found, exact, rtol=1e-5, atol=1e-4)  # sums of up to 129 numbers


@given(st.data())
@settings(max_examples=60)
def test_any_network_reads_any_sequence_as_pytorch_does(data):
    spec = data.draw(SPECS)
    steps = data.draw(st.integers(1, 40))
    numbers = st.floats(-8, 8, width=32)
    x = torch.from_numpy(
        data.draw(hnp.arrays(np.float32, (steps, spec.input_size), elements=numbers))
    )
    rnn = build(spec)
    _, h_0, c_0 = example(spec, 1, seed=steps)
    traced = trace(rnn, x, h_0, c_0)
    output, last = run(rnn, x, h_0, c_0)
    np.testing.assert_array_equal(traced.output, output)
    np.testing.assert_array_equal(traced.h_n, last[0])
    before, gates = traced.before("h"), traced.gates
    if spec.mode == "LSTM":
        c = gates["f"] * traced.before("c") + gates["i"] * gates["g"]
        np.testing.assert_allclose(traced.c, c, **EXACT)
        np.testing.assert_allclose(traced.h, gates["o"] * np.tanh(traced.c), **EXACT)
    if spec.mode == "GRU":
        h = (1 - gates["z"]) * gates["n"] + gates["z"] * before
        np.testing.assert_allclose(traced.h, h, **EXACT)


@pytest.mark.parametrize("steps", [997, 2000])
@pytest.mark.parametrize("forget_bias", [-200.0, -10.0, 10.0, 200.0])
def test_c_stays_exact_when_f_is_near_0_or_1_for_long(forget_bias, steps):
    spec = RNNSpec("LSTM", 2, 4, bidirectional=True, forget_bias=forget_bias, seed=2)
    rnn = build(spec)
    x, h_0, c_0 = example(spec, steps)
    traced = trace(rnn, x, h_0, c_0)
    f, i, g = (traced.gates[name].astype(np.float64) for name in "fig")
    expected = np.empty(traced.c.shape)
    for direction in range(2):
        memory = c_0[direction].double().numpy()
        for t in reversed(range(steps)) if direction else range(steps):
            at = (0, direction, t)
            memory = expected[at] = f[at] * memory + i[at] * g[at]
    assert np.abs(expected).max() > (50 if forget_bias > 0 else 0.1)
    scale = max(1.0, np.abs(expected).max())
    np.testing.assert_allclose(traced.c, expected, rtol=0, atol=1e-6 * scale)
    np.testing.assert_array_equal(traced.output, run(rnn, x, h_0, c_0)[0])


def test_f_at_exactly_0_or_1_forgets_or_keeps_everything():
    x = np.ones((500, 1), np.float32)
    h_0, c_0 = np.zeros((1, 3)), np.full((1, 3), 2.0)
    kept = trace(build(RNNSpec("LSTM", 1, 3, forget_bias=200.0)), x, h_0, c_0)
    gone = trace(build(RNNSpec("LSTM", 1, 3, forget_bias=-200.0)), x, h_0, c_0)
    assert (kept.gates["f"] == 1).all() and gone.gates["f"].max() < 1e-37
    total = 2 + np.cumsum(kept.gates["i"] * kept.gates["g"], axis=2, dtype=np.float64)
    np.testing.assert_allclose(kept.c, total, rtol=1e-5)
    np.testing.assert_array_equal(gone.c, gone.gates["i"] * gone.gates["g"])


@pytest.mark.parametrize("mode", MODES)
def test_every_way_to_hand_over_x(mode):
    spec = RNNSpec(mode, 3, 4, 2, bidirectional=True, seed=3)
    rnn = build(spec)
    x, h_0, c_0 = example(spec, 12)
    expected = trace(rnn, x, h_0, c_0)
    batch_first = recurrent_class(mode)(
        3, 4, 2, bidirectional=True, batch_first=True,
        **({"nonlinearity": "relu"} if mode == "RNN_RELU" else {}),
    )  # fmt: skip
    batch_first.load_state_dict(rnn.state_dict())
    ways = [
        trace(rnn, x.numpy(), h_0.numpy(), c_0.numpy()),
        trace(rnn, x.tolist(), h_0.tolist(), c_0.tolist()),
        trace(rnn, x[:, None], h_0[:, None], c_0[:, None]),
        trace(rnn, InputSequence(x.numpy()), h_0, c_0, spec=spec),
        trace(rnn, x.double().requires_grad_(), h_0, c_0),
        trace(batch_first, x[None], h_0[:, None], c_0),
        trace(batch_first, x, h_0, c_0),
    ]
    with torch.enable_grad():
        ways.append(trace(rnn, x, h_0, c_0))
    for way in ways:
        for name in spec.quantities:
            np.testing.assert_array_equal(way.quantity(name), expected.quantity(name))
        assert way.spec.mode == mode


@pytest.mark.parametrize("mode", MODES)
def test_without_initial_states_they_are_zero(mode):
    spec = RNNSpec(mode, 2, 4, 2, bidirectional=True)
    rnn = build(spec)
    x = example(spec, 6)[0]
    traced = trace(rnn, x)
    with torch.inference_mode():
        output, _ = rnn(x[:, None])
    np.testing.assert_array_equal(traced.output, output[:, 0].numpy())
    assert not traced.h_0.any() and traced.h_0.shape == (2, 2, 4)
    assert (traced.c_0 is None) == (traced.c is None) == (mode != "LSTM")


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16], ids=str)
@pytest.mark.parametrize("mode", MODES)
def test_other_precisions(mode, dtype):
    spec = RNNSpec(mode, 3, 5, 2, bidirectional=True, seed=5)
    rnn = build(spec).to(dtype)
    x, h_0, c_0 = (values.to(dtype) for values in example(spec, 30))
    traced = trace(rnn, x, h_0, c_0)
    output, last = run(rnn, x, h_0, c_0)
    tolerance = EXACT if dtype == torch.float64 else {"rtol": 0, "atol": 0.02}
    np.testing.assert_allclose(traced.output, output, **tolerance)
    np.testing.assert_allclose(traced.h_n, last[0], **tolerance)
    if mode == "LSTM":
        np.testing.assert_allclose(last_c(traced), last[1], **tolerance)
    arrays = [traced.x, traced.output, *map(traced.quantity, spec.quantities)]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    assert next(rnn.parameters()).dtype == dtype


@pytest.mark.parametrize("mode", MODES)
def test_dropout_is_off_even_in_train_mode(mode):
    spec = RNNSpec(mode, 2, 4, 3, seed=6)
    rnn = recurrent_class(mode)(
        2, 4, 3, dropout=0.5, **({"nonlinearity": "relu"} if mode == "RNN_RELU" else {})
    ).train()
    rnn.load_state_dict(build(spec).state_dict())
    x, h_0, c_0 = example(spec, 20)
    state = torch.get_rng_state()
    first, second = trace(rnn, x, h_0, c_0), trace(rnn, x, h_0, c_0)
    assert torch.equal(torch.get_rng_state(), state) and rnn.training
    np.testing.assert_array_equal(first.h, second.h)
    np.testing.assert_array_equal(first.output, run(rnn.eval(), x, h_0, c_0)[0])


def test_the_module_is_only_read():
    spec = RNNSpec("LSTM", 2, 4)
    rnn = build(spec)
    before = {name: value.clone() for name, value in rnn.state_dict().items()}
    rnn(torch.ones(3, 1, 2))[0].sum().backward()
    gradients = [parameter.grad.clone() for parameter in rnn.parameters()]
    traced = trace(rnn, torch.ones(3, 2))
    rnn.weight_hh_l0.data.zero_()  # training on must not reach into the trace
    assert all(torch.equal(p.grad, g) for p, g in zip(rnn.parameters(), gradients, strict=True))
    assert tuple(traced.weights) == tuple(before)
    for name, value in before.items():
        np.testing.assert_array_equal(traced.weights[name], value.numpy())


def test_tied_and_parametrized_weights_are_read():
    tied = nn.GRU(3, 3, 2)
    tied.weight_hh_l1 = tied.weight_hh_l0
    normed = parametrizations.weight_norm(nn.LSTM(3, 4), "weight_hh_l0")
    for rnn in (tied, normed):
        x, h_0, c_0 = example(trace(rnn, np.zeros((1, 3))).spec, 8)
        traced = trace(rnn, x, h_0, c_0)
        np.testing.assert_allclose(traced.output, run(rnn, x, h_0, c_0)[0], **EXACT)


@pytest.mark.parametrize("mode", MODES)
def test_shapes_and_read_only_arrays(mode):
    spec = RNNSpec(mode, 3, 5, 2, bidirectional=True)
    traced = trace(build(spec), example(spec, 7)[0])
    for name in spec.quantities:
        assert traced.quantity(name).shape == (2, 2, 7, 5)
    assert traced.x.shape == (7, 3) and traced.h_0.shape == (2, 2, 5) and len(traced) == 7
    assert traced.output.shape == (7, 10) and traced.h_n.shape == (4, 5)
    assert traced.labels == tuple("1234567")
    arrays = [traced.x, traced.h_0, traced.output, traced.h_n, *traced.weights.values()]
    for array in [*arrays, *map(traced.quantity, spec.quantities)]:
        assert array.dtype == np.float32
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(TypeError):
        traced.gates["i"] = traced.h
    with pytest.raises(TypeError):
        traced.weights["weight_ih_l0"] = traced.x


def test_before_is_the_state_each_step_started_from():
    spec = RNNSpec("LSTM", 2, 3, 2, bidirectional=True)
    x, h_0, c_0 = example(spec, 5)
    traced = trace(build(spec), x, h_0, c_0)
    for name, initial in (("h", h_0), ("c", c_0)):
        before, state = traced.before(name), traced.quantity(name)
        start = initial.view(2, 2, 3).numpy()
        np.testing.assert_array_equal(before[:, 0, 0], start[:, 0])
        np.testing.assert_array_equal(before[:, 1, -1], start[:, 1])
        np.testing.assert_array_equal(before[:, 0, 1:], state[:, 0, :-1])
        np.testing.assert_array_equal(before[:, 1, :-1], state[:, 1, 1:])
    np.testing.assert_array_equal(traced.before(), traced.before("h"))
    with pytest.raises(SeqvizError, match="no state 'f'"):
        traced.before("f")
    with pytest.raises(SeqvizError, match="no state 'c'"):
        trace(build(RNNSpec("GRU")), x[:, :1]).before("c")


def test_layer_input_is_what_the_layer_multiplies():
    spec = RNNSpec("GRU", 2, 3, 3, bidirectional=True)
    x, h_0, _ = example(spec, 6)
    rnn = build(spec)
    traced = trace(rnn, x, h_0)
    np.testing.assert_array_equal(traced.layer_input(0), x.numpy())
    alone = nn.GRU(6, 3, bidirectional=True)
    names = [name for name in rnn.state_dict() if "_l1" in name]
    alone.load_state_dict({n.replace("_l1", "_l0"): rnn.state_dict()[n] for n in names})
    with torch.inference_mode():
        output, _ = alone(torch.tensor(traced.layer_input(1))[:, None], h_0[2:4, None])
    np.testing.assert_allclose(traced.layer_input(2), output[:, 0].numpy(), **EXACT)


def test_quantities_by_letter():
    traced = trace(build(RNNSpec("GRU")), [[1.0]])
    assert traced.quantity("z") is traced.gates["z"] and traced.quantity("h") is traced.h
    for name in ("c", "i", "", "H"):
        with pytest.raises(SeqvizError, match="choose one of h, r, z, n"):
            traced.quantity(name)


def test_labels_come_from_the_sequence_or_the_caller():
    rnn = build(RNNSpec())
    sequence = InputSequence([0.0, 1.0], labels=("a", "b"))
    assert trace(rnn, sequence).labels == ("a", "b")
    assert trace(rnn, sequence, labels=("u", "v")).labels == ("u", "v")
    with pytest.raises(SeqvizError, match="3 labels for 2 steps"):
        trace(rnn, sequence, labels=("u", "v", "w"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"x": np.zeros((5, 3))}, "3 features a step and the network reads 2: set input_size to 3"),
        ({"x": np.zeros((5, 4, 2))}, r"batch of 4 sequences: trace one of them, x\[:, 0\]"),
        ({"x": np.zeros(5)}, r"shape \(5,\): give it as \(T, I\)"),
        ({"x": np.zeros((0, 2))}, r"shape \(0, 2\)"),
        ({"x": np.zeros((5, 1, 1, 2))}, "give it as"),
        ({"x": [[0.0, np.nan]]}, "NaN or infinity"),
        ({"x": [[0.0, np.inf]]}, "NaN or infinity"),
        ({"x": [[0.0, 1e39]]}, "NaN or infinity"),  # too large for float32
        ({"x": [[0.0, 1.0], [2.0]]}, "not an array of numbers"),
        ({"x": [["a", "b"]]}, "not an array of numbers"),
        ({"x": None}, "give it as"),
        ({"h_0": np.zeros((1, 3))}, r"h_0 has shape \(1, 3\) and this network needs \(4, 3\)"),
        ({"h_0": np.zeros((4, 2, 3))}, r"h_0 has shape \(4, 2, 3\)"),
        ({"h_0": np.full((4, 3), np.nan)}, "h_0 holds NaN"),
        ({"h_0": np.full((4, 3), 1e39)}, "h_0 holds NaN or infinity"),
        ({"h_0": "zeros"}, "h_0 is not an array of numbers"),
        ({"c_0": np.zeros((4, 4))}, r"c_0 has shape \(4, 4\)"),
        ({"c_0": np.full((4, 3), np.inf)}, "c_0 holds NaN"),
    ],
    ids=str,
)
def test_what_trace_refuses(arguments, says):
    rnn = build(RNNSpec("LSTM", 2, 3, 2, bidirectional=True))
    with pytest.raises(SeqvizError, match=says) as error:
        trace(rnn, **{"x": np.zeros((5, 2)), **arguments})
    assert "\n" not in str(error.value)


def test_trace_says_which_modules_it_takes():
    batch_first = nn.GRU(2, 3, batch_first=True)
    with pytest.raises(SeqvizError, match=r"batch of 4 sequences.*x\[0\]"):
        trace(batch_first, np.zeros((4, 1, 2)))
    with pytest.raises(SeqvizError, match="proj_size=0"):
        trace(nn.LSTM(2, 3, proj_size=1), np.zeros((4, 2)))
    with pytest.raises(SeqvizError, match="not Linear: pass the recurrent layer itself"):
        trace(nn.Linear(2, 3), np.zeros((4, 2)))
