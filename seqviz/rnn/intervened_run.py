"""Run a traced network again, step by step, with interventions in force at every step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from seqviz.rnn.head import predict
from seqviz.rnn.interventions import Intervention, check
from seqviz.rnn.model import suffix
from seqviz.types import FloatArray, RNNSpec, Trace

Rows = slice | int


@dataclass(frozen=True)
class _Changes:
    """What is in force in one layer and direction.

    clamps: rows of the stacked gates (G*H,) and the value they are held at. silenced: rows of h.
    """

    clamps: tuple[tuple[Rows, np.float32], ...]
    silenced: tuple[Rows, ...]

    def clamp(self, gates: FloatArray) -> None:
        for rows, value in self.clamps:
            gates[rows] = value

    def silence(self, state: FloatArray) -> None:
        for rows in self.silenced:
            state[rows] = 0.0


@dataclass(frozen=True)
class _Layer:
    """One layer and direction of the new trace, written in place: h, c (T, H), h_0, c_0 (H,)."""

    h: FloatArray
    c: FloatArray | None
    gates: dict[str, FloatArray]
    h_0: FloatArray
    c_0: FloatArray | None


def run(trace: Trace, interventions: Iterable[Intervention]) -> Trace:
    """The trace of the same network and sequence with the interventions in force.

    The recurrence is walked step by step with the trace's own weights in float32; what no change
    can reach (layers below it, steps read before it) is copied, so the difference there is
    exactly 0. A silenced unit starts from 0 too, whatever h_0 holds. Later interventions win over
    earlier ones; gates of a silenced unit are shown as computed.

    Source: the equations of nn.RNN, nn.GRU and nn.LSTM. Raises SeqvizError when an intervention
    does not fit the trace.
    """
    changes = check(trace, interventions)
    x = trace.x.copy()  # (T, I)
    for change in changes:
        if change.kind == "input":
            x[change.t, change.feature] = change.value
    h, h_0 = trace.h.copy(), trace.h_0.copy()
    c = None if trace.c is None else trace.c.copy()
    c_0 = None if trace.c_0 is None else trace.c_0.copy()
    gates = {name: values.copy() for name, values in trace.gates.items()}
    with np.errstate(all="ignore"):  # a ReLU network may leave the range of float32
        for layer in range(trace.spec.num_layers):
            reads = x if layer == 0 else np.concatenate(list(h[layer - 1]), axis=-1)  # (T, K)
            moved = (reads != trace.layer_input(layer)).any(axis=1)  # (T,)
            for d in range(trace.spec.num_directions):
                at = (layer, d)
                in_force = _in_force(trace.spec, changes, layer, d)
                written = _Layer(
                    h[at],
                    None if c is None else c[at],
                    {name: values[at] for name, values in gates.items()},
                    h_0[at],
                    None if c_0 is None else c_0[at],
                )
                start = _first_reached(moved, in_force, d)
                if start is not None:
                    _read(trace, layer, d, reads, written, in_force, start)
    last = [h[n, d, 0 if d else -1] for n, d in np.ndindex(h.shape[:2])]
    output = np.concatenate(list(h[-1]), axis=-1)  # (T, D*H)
    return Trace(
        spec=trace.spec,
        x=_read_only(x),
        h=_read_only(h),
        c=None if c is None else _read_only(c),
        gates=MappingProxyType({name: _read_only(values) for name, values in gates.items()}),
        h_0=_read_only(h_0),
        c_0=None if c_0 is None else _read_only(c_0),
        weights=trace.weights,
        output=_read_only(output),
        h_n=_read_only(np.stack(last)),
        labels=trace.labels,
        head=trace.head,
        prediction=None if trace.head is None else predict(trace.head, output),
    )


def _read_only(values: FloatArray) -> FloatArray:
    values.flags.writeable = False
    return values


def _in_force(
    spec: RNNSpec, changes: tuple[Intervention, ...], layer: int, direction: int
) -> _Changes:
    clamps: list[tuple[Rows, np.float32]] = []
    silenced: list[Rows] = []
    for change in changes:
        if change.kind == "input" or (change.layer, change.direction) != (layer, direction):
            continue
        if change.gate is None:
            silenced.append(_rows(0, change.unit, spec.hidden_size))
        else:
            place = spec.gates.index(change.gate)
            rows = _rows(place, change.unit, spec.hidden_size)
            clamps.append((rows, np.float32(change.value)))
    return _Changes(tuple(clamps), tuple(silenced))


def _rows(place: int, unit: int | None, size: int) -> Rows:
    """One unit, or (None) all, in the place-th block of stacked gates."""
    return slice(place * size, (place + 1) * size) if unit is None else place * size + unit


def _first_reached(moved: np.ndarray, in_force: _Changes, direction: int) -> int | None:
    """Position, in reading order, of the first step that can differ; None if none can."""
    if in_force.clamps or in_force.silenced:
        return 0
    in_order = moved[::-1] if direction else moved
    return int(in_order.argmax()) if moved.any() else None


def _read(
    trace: Trace,
    layer: int,
    d: int,
    reads: FloatArray,
    written: _Layer,
    in_force: _Changes,
    start: int,
) -> None:
    """Walk one layer in one direction from position start on, writing into written."""
    spec, end, steps = trace.spec, suffix(layer, d), len(trace)
    w_hh = trace.weights[f"weight_hh{end}"]  # (G*H, H)
    none = np.zeros(len(w_hh), np.float32)
    b_ih, b_hh = (trace.weights.get(f"bias_{k}{end}", none) for k in ("ih", "hh"))
    from_x = reads @ trace.weights[f"weight_ih{end}"].T + b_ih  # (T, G*H)
    in_force.silence(written.h_0)
    if written.c_0 is not None:
        in_force.silence(written.c_0)
    order = range(steps - 1, -1, -1) if d else range(steps)  # reverse reads from the end
    before = order[start - 1]
    h = written.h[before] if start else written.h_0
    c = written.c_0 if not start or written.c is None else written.c[before]
    gates = np.empty((steps, len(spec.gates) * spec.hidden_size), np.float32)
    activations = _Activations(spec)
    for t in order[start:]:
        from_h = w_hh @ h + b_hh  # (G*H,)
        if written.c is not None and c is not None:
            h, c = _lstm_step(activations, from_x[t] + from_h, c, gates[t], in_force)
            written.c[t] = c
        elif spec.mode == "GRU":
            h = _gru_step(activations, from_x[t], from_h, h, gates[t], in_force)
        elif spec.mode == "RNN_RELU":
            h = np.maximum(from_x[t] + from_h, 0)
        else:
            h = np.tanh(from_x[t] + from_h)
        in_force.silence(h)
        written.h[t] = h
    walked = slice(0, steps - start) if d else slice(start, steps)
    for name, block in zip(spec.gates, np.split(gates, max(1, len(spec.gates)), 1), strict=False):
        written.gates[name][walked] = block[walked]


class _Activations:
    """sigmoid and tanh of stacked gates at once, as sigmoid(a) = tanh(a / 2) / 2 + 1 / 2."""

    def __init__(self, spec: RNNSpec) -> None:
        letters = [name in "gn" for name in spec.gates]  # those two are tanh
        tanh = np.repeat(letters, spec.hidden_size)  # (G*H,)
        self.slope = np.where(tanh, 1.0, 0.5).astype(np.float32)
        self.lift = np.where(tanh, 0.0, 0.5).astype(np.float32)

    def __call__(self, sums: FloatArray, out: FloatArray) -> None:
        """out = activated sums; both (K,), K the first rows of the stack."""
        slope = self.slope[: len(sums)]
        np.multiply(sums, slope, out=out)
        np.tanh(out, out=out)
        out *= slope
        out += self.lift[: len(sums)]


def _lstm_step(
    activations: _Activations,
    sums: FloatArray,
    c: FloatArray,
    gates: FloatArray,
    in_force: _Changes,
) -> tuple[FloatArray, FloatArray]:
    """h and c of the next step, each (H,); gates (4*H,) is filled. sums = W_i x + b + W_h h + b."""
    activations(sums, out=gates)
    in_force.clamp(gates)
    i, f, g, o = gates.reshape(4, -1)
    c = f * c + i * g
    in_force.silence(c)
    h = o * np.tanh(c)
    return h, c


def _gru_step(
    activations: _Activations,
    from_x: FloatArray,
    from_h: FloatArray,
    h: FloatArray,
    gates: FloatArray,
    in_force: _Changes,
) -> FloatArray:
    """h of the next step, (H,); gates (3*H,) is filled. from_x = W_i x + b, from_h = W_h h + b."""
    r, z, n = gates.reshape(3, -1)
    x_n, h_n = from_x[2 * len(h) :], from_h[2 * len(h) :]
    activations((from_x + from_h)[: 2 * len(h)], out=gates[: 2 * len(h)])  # r and z
    in_force.clamp(gates)  # r has to be held before n is made of it
    n[:] = np.tanh(x_n + r * h_n)
    in_force.clamp(gates)
    return (1 - z) * n + z * h
