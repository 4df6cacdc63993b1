"""Run a network over a sequence and keep every state and gate on the way.

Each layer runs once in PyTorch's fused kernel; then all gates of all steps come from one
batched product with the previous states. Only LSTM's c needs a recurrence of its own, and that
is one elementwise scan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from seqviz.errors import SeqvizError
from seqviz.rnn.head import predict
from seqviz.rnn.model import parameter_names, spec_of, suffix, with_weights
from seqviz.types import FloatArray, InputSequence, Model, RNNSpec, Trace

# private; for the promise that an LSTM's trace costs at most twice rnn(x), see _linear
_ONEDNN_LINEAR = (
    getattr(torch.ops.mkldnn, "_linear_pointwise", None)
    if torch.backends.mkl.is_available()
    else None
)


def trace(
    rnn: nn.RNNBase | Model,
    x: InputSequence | ArrayLike | Tensor,
    h_0: ArrayLike | Tensor | None = None,
    c_0: ArrayLike | Tensor | None = None,
    *,
    spec: RNNSpec | None = None,
    labels: Sequence[str] = (),
    weights: Mapping[str, FloatArray] | None = None,
    states: Tensor | None = None,
) -> Trace:
    """Every hidden state, cell state and gate of rnn while it reads x.

    rnn: any nn.RNN, nn.GRU or nn.LSTM, in any floating dtype; it is only read, and dropout is
    off. Or a Model, whose head, if it has one, gives the Trace's prediction (T, K). x: an
    InputSequence, or numbers of shape (T, I), (T, 1, I), or (1, T, I) when rnn.batch_first. h_0,
    c_0: (D*L, H) or (D*L, 1, H), zeros when None. spec: what rnn was built from, when known.
    labels: a name for each step. weights: rnn's own as read-only arrays that never change, where
    the caller has them: the Trace then holds these, not a copy. states: every layer's output,
    (L, T, D*H), where the caller knows it: no layer is run then.

    Returns a Trace; its h equals rnn(x)'s to the last bit of float32 in the layers' own kernel.
    Raises SeqvizError when shapes do not fit, x is not finite, or rnn uses projections.
    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
    """
    head = None
    if isinstance(rnn, Model):
        spec, head = spec or rnn.spec, rnn.head
        rnn = with_weights(rnn.spec, rnn.weights)
    spec = spec or spec_of(rnn)
    names = tuple(labels) or (x.labels if isinstance(x, InputSequence) else ())
    values = _steps(rnn, x.x if isinstance(x, InputSequence) else x)
    if values.shape[1] != spec.input_size:
        raise SeqvizError(
            f"The sequence has {values.shape[1]} features a step and the network reads "
            f"{spec.input_size}: set input_size to {values.shape[1]}."
        )
    layers, directions, hidden = spec.num_layers, spec.num_directions, spec.hidden_size
    first_h = _initial(h_0, "h_0", spec)
    first_c = _initial(c_0, "c_0", spec) if spec.mode == "LSTM" else None
    steps = values.shape[0]
    if names and len(names) != steps:
        raise SeqvizError(f"There are {len(names)} labels for {steps} steps: give one for each.")
    shape = (layers, directions, steps, hidden)
    h = np.empty(shape, np.float32)
    c = np.empty(shape, np.float32) if spec.mode == "LSTM" else None
    gates = {name: np.empty(shape, np.float32) for name in spec.gates}
    # by attribute: a tied or parametrized weight is missing from named_parameters
    held = {name: getattr(rnn, name).detach().to("cpu") for name in parameter_names(spec)}

    with torch.inference_mode():
        layer_input = values  # (T, I), then (T, D*H)
        for layer in range(layers):
            start = slice(layer * directions, (layer + 1) * directions)
            state = first_h[start].to(layer_input.dtype)  # (D, H)
            memory = None if first_c is None else first_c[start].to(layer_input.dtype)
            if states is None:
                out = _one_layer(spec, layer, layer_input, held, state, memory)  # (T, D*H)
            else:
                out = states[layer]
            by_direction = out.view(steps, directions, hidden).transpose(0, 1)  # (D, T, H)
            h[layer] = by_direction.float().numpy()
            for direction in range(directions):
                at = layer, direction
                previous = _shifted(by_direction[direction], state[direction], direction)
                into = [torch.from_numpy(gates[name][at]) for name in spec.gates]
                _fill_gates(into, spec, held, suffix(*at), layer_input, previous)
                if c is not None and memory is not None:
                    read = slice(None, None, -1 if direction else 1)  # views, in reading order
                    i, f, g = (gates[name][at][read] for name in "ifg")
                    _scan_c(i, f, g, memory[direction].float().numpy(), out=c[at][read])
            layer_input = out

    last = [h[layer, d, 0 if d else -1] for layer in range(layers) for d in range(directions)]
    output = np.concatenate(list(h[-1]), axis=-1)  # (T, D*H)
    return Trace(
        spec=spec,
        x=_frozen(values),
        h=_read_only(h),
        c=None if c is None else _read_only(c),
        gates=MappingProxyType({name: _read_only(value) for name, value in gates.items()}),
        h_0=_frozen(first_h.view(layers, directions, hidden)),
        c_0=None if first_c is None else _frozen(first_c.view(layers, directions, hidden)),
        weights=weights or MappingProxyType({name: _frozen(w) for name, w in held.items()}),
        output=_read_only(output),
        h_n=_read_only(np.stack(last)),
        labels=names or tuple(str(t + 1) for t in range(steps)),
        head=head,
        prediction=None if head is None else predict(head, output),
    )


def _steps(rnn: nn.RNNBase, x: ArrayLike | Tensor) -> Tensor:
    """x as (T, I) in the network's dtype, whatever way round it came."""
    values = x.detach().cpu() if isinstance(x, Tensor) else _tensor(x, "x")
    values = values.to(next(rnn.parameters()).dtype)
    if values.ndim == 3:
        batch = 0 if rnn.batch_first else 1
        if values.shape[batch] != 1:
            raise SeqvizError(
                f"x has a batch of {values.shape[batch]} sequences: trace one of them, "
                f"x[{'0' if batch == 0 else ':, 0'}]."
            )
        values = values.squeeze(batch)
    if values.ndim != 2 or 0 in values.shape:
        raise SeqvizError(f"x has shape {tuple(values.shape)}: give it as (T, I) or (T, 1, I).")
    if not torch.isfinite(values).all():
        raise SeqvizError("x holds NaN or infinity: every value must be a finite number.")
    return values


def _tensor(values: ArrayLike, name: str) -> Tensor:
    try:
        return torch.from_numpy(np.array(values, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise SeqvizError(f"{name} is not an array of numbers: {error}.") from error


def _initial(values: ArrayLike | Tensor | None, name: str, spec: RNNSpec) -> Tensor:
    """h_0 or c_0 as (D*L, H)."""
    shape = (spec.num_layers * spec.num_directions, spec.hidden_size)
    if values is None:
        return torch.zeros(shape)
    state = values.detach().cpu() if isinstance(values, Tensor) else _tensor(values, name)
    if state.ndim == 3 and state.shape[1] == 1:
        state = state[:, 0]  # (D*L, 1, H) -> (D*L, H)
    if state.shape != shape:
        raise SeqvizError(
            f"{name} has shape {tuple(state.shape)} and this network needs {shape}, one row per "
            "layer and direction."
        )
    if not torch.isfinite(state.float()).all():  # float: a Trace is float32
        raise SeqvizError(f"{name} holds NaN or infinity: every value must be a finite number.")
    return state


def _one_layer(
    spec: RNNSpec,
    layer: int,
    layer_input: Tensor,
    weights: dict[str, Tensor],
    h_0: Tensor,
    c_0: Tensor | None,
) -> Tensor:
    """The states of one layer, (T, D*H), from the kernel nn.RNN, nn.GRU and nn.LSTM call.

    Calling it directly saves building a module per layer, which costs more than a short sequence.
    """
    flat = [
        weights[name + suffix(layer, direction)]
        for direction in range(spec.num_directions)
        for name in ("weight_ih", "weight_hh", *(("bias_ih", "bias_hh") if spec.bias else ()))
    ]
    kernel = {"RNN_TANH": torch.rnn_tanh, "RNN_RELU": torch.rnn_relu, "GRU": torch.gru}
    batched = layer_input[:, None]  # (T, 1, K): the kernels want a batch axis
    # has_biases, num_layers, dropout, train, bidirectional, batch_first
    options = (spec.bias, 1, 0.0, False, spec.bidirectional, False)
    if c_0 is not None:
        return torch.lstm(batched, (h_0[:, None], c_0[:, None]), flat, *options)[0][:, 0]
    return kernel[spec.mode](batched, h_0[:, None], flat, *options)[0][:, 0]


def _shifted(h: Tensor, initial: Tensor, direction: int) -> Tensor:
    """The state each step started from: h (T, H) moved by one step in reading order."""
    # reverse direction: the previous state is at t + 1
    parts = [h[1:], initial[None]] if direction else [initial[None], h[:-1]]
    return torch.cat(parts)


def _fill_gates(
    into: list[Tensor], spec: RNNSpec, weights: dict[str, Tensor], end: str, x: Tensor, h: Tensor
) -> None:
    """Write every gate's values at all steps at once into its (T, H), in PyTorch's order.

    end: the layer's and direction's suffix. x (T, K) is what they read, h (T, H) the state each
    step started from.
    """
    if not spec.gates:
        return
    w_ih, w_hh = weights[f"weight_ih{end}"], weights[f"weight_hh{end}"]
    b_ih, b_hh = weights.get(f"bias_ih{end}"), weights.get(f"bias_hh{end}")
    if spec.mode == "GRU":
        x_r, x_z, x_n = _linear(x, w_ih, b_ih).chunk(3, dim=-1)  # (T, H)
        h_r, h_z, h_n = _linear(h, w_hh, b_hh).chunk(3, dim=-1)
        r, z, n = into
        torch.sigmoid(x_r + h_r, out=r)
        torch.sigmoid(x_z + h_z, out=z)
        _tanh(torch.addcmul(x_n, r, h_n), out=n)  # x_n + r * h_n, rounded once
        return
    both = None if b_ih is None or b_hh is None else b_ih + b_hh
    sums = _linear(x, w_ih, both).add_(_linear(h, w_hh, None))  # (T, 4*H)
    for gate, values, part in zip(spec.gates, into, sums.chunk(4, dim=-1), strict=True):
        (_tanh if gate == "g" else torch.sigmoid)(part, out=values)


def _linear(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """nn.functional.linear, x (T, K) and weight (M, K): (T, M), by oneDNN where it would be MKL's.

    MKL takes twice the time on AMD's processors. This is the operator torch.compile puts in a
    Linear's place.
    """
    if _ONEDNN_LINEAR is None or x.dtype != torch.float32:
        return nn.functional.linear(x, weight, bias)
    result: Tensor = _ONEDNN_LINEAR(x, weight, bias, "none", [], "")  # nothing after the product
    return result


def _tanh(values: Tensor, *, out: Tensor) -> None:
    """torch.tanh into float32, within its last digit; NumPy's takes a tenth of the time."""
    if values.dtype != torch.float32:
        torch.tanh(values, out=out)
        return
    with np.errstate(all="ignore"):  # as PyTorch says nothing of what has overflowed
        np.tanh(values.numpy(), out=out.numpy())


def _scan_c(i: FloatArray, f: FloatArray, g: FloatArray, c_0: FloatArray, out: FloatArray) -> None:
    """Fill out (T, H) with LSTM's c at every step; the gates are (T, H), all in reading order.

    c_t is linear in c_{t-1}, so blocks of about sqrt(T) steps are scanned side by side from zero,
    and what each inherits from the one before is added afterwards: 2 sqrt(T) NumPy calls, not T.
    """
    steps, hidden = f.shape
    width = max(1, int(steps**0.5))
    blocks = steps // width if steps // width > 1 else 0
    c = c_0
    if blocks:
        shape = (blocks, width, hidden)
        in_blocks = [values[: blocks * width].reshape(shape) for values in (i, f, g, out)]
        c = _scan_blocks(in_blocks, c_0)
    for t in range(blocks * width, steps):
        c = f[t] * c + i[t] * g[t]
        out[t] = c


def _scan_blocks(in_blocks: Sequence[FloatArray], c_0: FloatArray) -> FloatArray:
    """Fill out, the last of i, f, g and out, all (blocks, width, H), with c; the last c (H,)."""
    i, f, g, out = in_blocks
    c = np.zeros_like(out[:, 0])  # every block as if it began with nothing
    for k in range(out.shape[1]):
        c = f[:, k] * c + i[:, k] * g[:, k]
        out[:, k] = c
    # what is left of a block's first c; in float64, since rounding would add up along the block
    kept = torch.from_numpy(f.astype(np.float64)).cumprod(dim=1).numpy()
    inherited = np.empty_like(kept[:, :1])
    last = c_0.astype(np.float64)
    for block in range(len(out)):
        inherited[block] = last
        last = out[block, -1] + kept[block, -1] * last
    kept *= inherited
    out += kept
    return last.astype(np.float32)


def _frozen(values: Tensor) -> FloatArray:
    return _read_only(values.float().numpy().copy())


def _read_only(values: FloatArray) -> FloatArray:
    values.flags.writeable = False
    return values
