"""One value of a trace opened up: the terms, gates and states it was computed from, in float64.

Source of every equation: https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html and
the pages of nn.GRU and nn.RNN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.indices import checked_cell
from seqviz.labels import latex_text, layer_name, one_line
from seqviz.rnn.model import suffix
from seqviz.types import ACTIVATIONS, FloatArray, Trace

Array = NDArray[np.float64]

SAME = 1e-4
"""Further than this from what the equations give, a recorded value was set by an intervention."""


@dataclass(frozen=True)
class Term:
    """One product weight * value; name says whose value it is, symbol says it in LaTeX."""

    name: str
    symbol: str
    weight: float
    value: float
    product: float


@dataclass(frozen=True, eq=False)
class Terms:
    """The products a row of a weight matrix adds up: all arrays are (K,) float64.

    names: "x[3] 'e'", "h[7]", "h[7] of layer 1". symbols: the same in LaTeX.
    """

    names: tuple[str, ...]
    symbols: tuple[str, ...]
    weights: Array
    values: Array
    products: Array

    @cached_property
    def total(self) -> float:
        """The sum of all products."""
        with np.errstate(invalid="ignore"):  # inf - inf is no number
            return float(self.products.sum())

    def largest(self, k: int) -> tuple[tuple[Term, ...], tuple[int, float]]:
        """The k terms of largest |product|, then how many are left and what they add."""
        order = np.argsort(-np.abs(self.products), kind="stable")
        kept = tuple(self._term(index) for index in order[:k])
        rest = self.products[order[k:]]
        with np.errstate(invalid="ignore"):
            return kept, (len(rest), float(rest.sum()))

    def _term(self, k: int) -> Term:
        numbers = (float(part[k]) for part in (self.weights, self.values, self.products))
        return Term(self.names[k], self.symbols[k], *numbers)


@dataclass(frozen=True, eq=False)
class Gate:
    """How one gate of one unit came to its value; a plain RNN has one, named "h".

    activation: "tanh", "relu" or "sigmoid". pre_activation = from_input.total + bias_ih
    + hidden_scale * (from_hidden.total + bias_hh), where hidden_scale is r for GRU's n (PyTorch
    applies r after W_hn h + b_hn) and 1 elsewhere. computed: the activation of that.
    value: what the trace recorded, different only where an intervention set it. has_bias: False
    when the network has none (both biases are then 0).
    """

    name: str
    activation: str
    from_input: Terms
    from_hidden: Terms
    bias_ih: float
    bias_hh: float
    hidden_scale: float
    pre_activation: float
    computed: float
    value: float
    has_bias: bool

    @property
    def contributions(self) -> tuple[tuple[str, float], ...]:
        """Name and size of each part, in the order they add up to pre_activation."""
        scaled = "r·" if self.activation == "tanh" and self.name == "n" else ""
        recurrent = self.hidden_scale * self.from_hidden.total
        parts = [("W_ih x", self.from_input.total), (f"{scaled}W_hh h", recurrent)]
        if self.has_bias:
            parts.insert(1, ("b_ih", self.bias_ih))
            parts.append((f"{scaled}b_hh", self.hidden_scale * self.bias_hh))
        return tuple(parts)


@dataclass(frozen=True, eq=False)
class Step:
    """Everything one unit's value at one step was computed from.

    layer, unit, t count from 0, t in input time; direction 0 or 1. label: what the step is
    called. x: what this layer read (K,). gates in PyTorch's order. h_prev, c_prev: the unit's own
    state before; h, c: after, as recorded; h_computed, c_computed: by the equations from the
    recorded gates and states. The c's are None unless LSTM.
    """

    mode: str
    layer: int
    direction: int
    unit: int
    t: int
    label: str
    x: Array
    gates: tuple[Gate, ...]
    h_prev: float
    c_prev: float | None
    h: float
    c: float | None
    h_computed: float
    c_computed: float | None

    def gate(self, name: str) -> Gate:
        """The gate of that letter ("h" for a plain RNN). SeqvizError if there is none."""
        for gate in self.gates:
            if gate.name == name:
                return gate
        letters = ", ".join(gate.name for gate in self.gates)
        raise SeqvizError(f"A {self.mode} has no gate {name!r}: choose one of {letters}.")


def step(
    trace: Trace,
    layer: int,
    direction: int,
    unit: int,
    t: int,
    feature_names: Sequence[str] = (),
) -> Step:
    """How the value of one unit at one step came to be.

    layer, unit, t count from 0 (t in input time), direction is 0 or 1. feature_names: what the
    I features of x are called, when they have names worth showing.

    Costs one row of each weight matrix, whatever T is. Raises SeqvizError when there is no such
    cell.
    """
    layer, direction, unit, t = checked_cell(trace, layer, direction, unit, t)
    with np.errstate(all="ignore"):  # a ReLU network may have left the range of float32
        return _open(trace, layer, direction, unit, t, tuple(feature_names))


def _open(
    trace: Trace, layer: int, direction: int, unit: int, t: int, feature_names: tuple[str, ...]
) -> Step:
    at = (layer, direction, t, unit)
    reads = _reads(trace, layer, t, feature_names)
    before = _state_before(trace, layer, direction, t)
    gates: dict[str, Gate] = {}
    for position, letter in enumerate(trace.spec.gates or ("h",)):
        row = position * trace.spec.hidden_size + unit
        scale = gates["r"].value if letter == "n" else 1.0
        gate = _gate(trace, letter, row, suffix(layer, direction), reads, before, scale)
        gates[letter] = replace(gate, value=float(trace.quantity(letter)[at]))
    c_prev = None
    if trace.c is not None and trace.c_0 is not None:
        c_prev = float(_before(trace.c, trace.c_0, layer, direction, t)[unit])
    c = None if trace.c is None else float(trace.c[at])
    own = float(before.values[unit])
    c_computed, h_computed = _combine(gates, own, c_prev, c)
    return Step(
        mode=trace.spec.mode,
        layer=layer,
        direction=direction,
        unit=unit,
        t=t,
        label=trace.labels[t],
        x=reads.values,
        gates=tuple(gates.values()),
        h_prev=own,
        c_prev=c_prev,
        h=float(trace.h[at]),
        c=c,
        h_computed=h_computed,
        c_computed=c_computed,
    )


def _gate(
    trace: Trace, letter: str, row: int, end: str, reads: _Source, before: _Source, scale: float
) -> Gate:
    """One gate of one unit but for what the trace recorded; row is its place in weight_ih."""
    w_ih, w_hh = (trace.weights[f"weight_{k}{end}"][row].astype(np.float64) for k in ("ih", "hh"))
    b_ih, b_hh = (
        float(trace.weights[f"bias_{k}{end}"][row]) if trace.spec.bias else 0.0
        for k in ("ih", "hh")
    )
    from_input = Terms(reads.names, reads.symbols, w_ih, reads.values, w_ih * reads.values)
    from_hidden = Terms(before.names, before.symbols, w_hh, before.values, w_hh * before.values)
    sum_of_all = from_input.total + b_ih + scale * (from_hidden.total + b_hh)
    activation = ACTIVATIONS.get(letter, "relu" if trace.spec.mode == "RNN_RELU" else "tanh")
    computed = activate(activation, sum_of_all)
    return Gate(
        name=letter,
        activation=activation,
        from_input=from_input,
        from_hidden=from_hidden,
        bias_ih=b_ih,
        bias_hh=b_hh,
        hidden_scale=scale,
        pre_activation=sum_of_all,
        computed=computed,
        value=computed,
        has_bias=trace.spec.bias,
    )


def activate(activation: str, value: float) -> float:
    """tanh, relu or sigmoid of a number, without overflow."""
    if activation == "tanh":
        return math.tanh(value)
    if activation == "relu":
        return value if value > 0 or math.isnan(value) else 0.0
    return 0.5 * (1.0 + math.tanh(0.5 * value))  # sigmoid


def _combine(
    gates: dict[str, Gate], h_prev: float, c_prev: float | None, c: float | None
) -> tuple[float | None, float]:
    """(c, h) by PyTorch's equations, from the gates and states that were recorded."""
    if c_prev is not None and c is not None:
        i, f, g, o = (gates[letter].value for letter in "ifgo")
        return f * c_prev + i * g, o * math.tanh(c)
    if "z" in gates:
        z, n = gates["z"].value, gates["n"].value
        return None, (1 - z) * n + z * h_prev
    return None, gates["h"].computed


@dataclass(frozen=True, eq=False)
class _Source:
    """A vector that weights multiply, and what its entries are called: all of length K."""

    values: Array
    names: tuple[str, ...]
    symbols: tuple[str, ...]


def _reads(trace: Trace, layer: int, t: int, feature_names: tuple[str, ...]) -> _Source:
    """What a layer reads at step t, without copying the rest of the sequence."""
    if layer:
        pairs = [(d, k) for d in range(trace.h.shape[1]) for k in range(trace.h.shape[3])]
        names = tuple(f"h[{k}] of {layer_name(layer - 1, d)}" for d, k in pairs)
        letters = ("h", r"\overleftarrow{h}")
        symbols = tuple(f"{letters[d]}^{{({layer})}}_t[{k}]" for d, k in pairs)
        below = trace.h[layer - 1, :, t].reshape(-1)  # (D, H) -> (D*H,)
        return _Source(np.asarray(below, np.float64), names, symbols)
    size = trace.spec.input_size
    given = feature_names if len(feature_names) == size else ("",) * size
    visible = ["" if name == f"x{k}" else one_line(name) for k, name in enumerate(given)]
    names = tuple(f"x[{k}] '{name}'" if name else f"x[{k}]" for k, name in enumerate(visible))
    symbols = tuple(f"x_t[{latex_text(name) or k}]" for k, name in enumerate(visible))
    return _Source(np.asarray(trace.x[t], np.float64), names, symbols)


def _state_before(trace: Trace, layer: int, direction: int, t: int) -> _Source:
    values = _before(trace.h, trace.h_0, layer, direction, t)
    when = "t+1" if direction else "t-1"
    names = tuple(f"h[{k}]" for k in range(len(values)))
    return _Source(values, names, tuple(f"h_{{{when}}}[{k}]" for k in range(len(values))))


def _before(state: FloatArray, initial: FloatArray, layer: int, direction: int, t: int) -> Array:
    """The state (H,) a step started from."""
    previous = t + 1 if direction else t - 1  # reverse direction: the previous state is at t + 1
    inside = 0 <= previous < state.shape[2]
    row = state[layer, direction, previous] if inside else initial[layer, direction]
    return np.asarray(row, np.float64)
