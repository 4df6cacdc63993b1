"""The Jacobians of one step of one layer, in closed form from the gates a Trace keeps.

A cell is h_t = F(h_{t-1}, x_t), or for LSTM (h, c)_t = F((h, c)_{t-1}, x_t). What is pushed
through them are tangents, one a row: row j of h is the change of h along direction j, so a whole
batch of directions advances with one (N, H) @ (H, H) product a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from seqviz.rnn.model import suffix
from seqviz.types import Trace

_BLOCK_BYTES = 8_000_000  # Jacobians of several steps are built at once, in blocks of this size


class Factored(NamedTuple):
    """Sum over gates of diag(scale) W_gate, plus diag(diagonal), left unmultiplied.

    weight: (gates*H, K), scales: (gates, H), diagonal: (H,) or None. With fewer tangents than
    units, pushing them through the gates one by one is cheaper than building the (H, K) matrix.
    """

    weight: Tensor
    scales: Tensor
    diagonal: Tensor | None = None

    def dense(self) -> Tensor:
        """The (H, K) matrix it stands for."""
        gates, hidden = self.scales.shape
        blocks = self.weight.view(gates, hidden, -1)
        matrix = (self.scales[:, :, None] * blocks).sum(dim=0)
        return matrix if self.diagonal is None else matrix + torch.diag(self.diagonal)


Matrix = Tensor | Factored


class StepJacobian(NamedTuple):
    """The derivatives of one step, each a matrix or its factors.

    RNN, GRU: dh_t = h_h dh_{t-1} + h_x dx_t, with h_h (H, H) and h_x (H, K).
    LSTM: dc_t = forget * dc_{t-1} + c_h dh_{t-1} + c_x dx_t, then
    dh_t = unveil * dc_t + h_h dh_{t-1} + h_x dx_t; here h_h and h_x are the path through the
    output gate alone, and unveil = o (1 - tanh(c)^2), (H,).
    """

    h_h: Matrix
    h_x: Matrix
    c_h: Matrix | None = None
    c_x: Matrix | None = None
    forget: Tensor | None = None
    unveil: Tensor | None = None


class Tangents(NamedTuple):
    """N changes of a layer's state: h (N, H), and c (N, H) for LSTM, else None."""

    h: Tensor
    c: Tensor | None


def reading_order(steps: int, direction: int) -> NDArray[np.intp]:
    """The t of each step in the order the direction reads them, (T,)."""
    order = np.arange(steps)
    return order[::-1].copy() if direction else order


def step_jacobians(
    trace: Trace,
    layer: int,
    direction: int = 0,
    order: Sequence[int] | NDArray[np.intp] | None = None,
    *,
    basis: Tensor | None = None,
    factored: bool = False,
    dtype: torch.dtype = torch.float32,
) -> Iterator[StepJacobian]:
    """The derivatives of each step t in order (None: all, as the direction reads them).

    basis (K, k): columns the layer's input may move along; h_x and c_x then have k columns.
    factored: leave the matrices as Factored, for when few tangents are pushed through them.
    Steps are built a few at a time, so memory stays bounded.
    Source: the equations of https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html,
    nn.GRU (r inside tanh, z keeps the old state) and nn.RNN, differentiated.
    """
    steps = reading_order(len(trace), direction) if order is None else np.asarray(order)
    end = suffix(layer, direction)
    w_hh = torch.tensor(trace.weights[f"weight_hh{end}"], dtype=dtype)
    w_ih = torch.tensor(trace.weights[f"weight_ih{end}"], dtype=dtype)
    if basis is not None:
        w_ih = w_ih @ basis.to(dtype)
    hidden = trace.spec.hidden_size
    each = hidden * (hidden + w_ih.shape[1]) * 2 * w_hh.element_size()
    width = max(1, _BLOCK_BYTES // each)
    mix = _factored if factored else _mixed
    b_hh = torch.tensor(trace.weights.get(f"bias_hh{end}", np.zeros(len(w_hh))), dtype=dtype)
    previous = trace.before("h")[layer, direction]
    previous_c = trace.before("c")[layer, direction] if trace.spec.mode == "LSTM" else None
    for at in range(0, len(steps), width):
        block = steps[at : at + width]
        value = {
            name: torch.tensor(trace.quantity(name)[layer, direction, block], dtype=dtype)
            for name in trace.spec.quantities
        }
        h_before = torch.tensor(previous[block], dtype=dtype)
        if previous_c is not None:
            c_before = torch.tensor(previous_c[block], dtype=dtype)
            yield from _lstm(mix, value, c_before, w_hh, w_ih)
        elif trace.spec.mode == "GRU":
            yield from _gru(mix, value, h_before, w_hh, w_ih, b_hh[2 * hidden :])
        else:
            slope = _rnn_slope(trace.spec.mode, value["h"])[:, None]  # (b, 1, H)
            yield from map(StepJacobian, mix(w_hh, slope), mix(w_ih, slope))


def advance(step: StepJacobian, state: Tangents, incoming: Tensor | None = None) -> Tangents:
    """The tangents after one more step; incoming (N, K) is the change of what the layer reads."""
    h = _pushed(step.h_h, state.h)  # (N, H)
    if incoming is not None:
        h += _pushed(step.h_x, incoming)
    if step.c_h is None or step.c_x is None or step.forget is None or step.unveil is None:
        return Tangents(h, None)
    assert state.c is not None
    c = _pushed(step.c_h, state.h).addcmul_(state.c, step.forget)
    if incoming is not None:
        c += _pushed(step.c_x, incoming)
    return Tangents(h.addcmul_(c, step.unveil), c)


def entering(step: StepJacobian) -> Tangents:
    """The tangents of a state that only this step's input moves: (K, H), one row a feature."""
    through_h = _dense(step.h_x).t()
    if step.c_x is None or step.unveil is None:
        return Tangents(through_h, None)
    c = _dense(step.c_x).t()
    return Tangents(through_h + c * step.unveil, c)


def all_directions(trace: Trace, dtype: torch.dtype = torch.float32) -> Tangents:
    """One tangent for each number of a layer's state: N = H, or 2H for LSTM."""
    hidden = trace.spec.hidden_size
    if trace.spec.mode != "LSTM":
        return Tangents(torch.eye(hidden, dtype=dtype), None)
    unit = torch.eye(2 * hidden, dtype=dtype)
    return Tangents(unit[:, :hidden].clone(), unit[:, hidden:].clone())


def rows(state: Tangents) -> Tensor:
    """h, or h and c side by side: (N, H) or (N, 2H)."""
    return state.h if state.c is None else torch.cat([state.h, state.c], dim=1)


def _dense(matrix: Matrix) -> Tensor:
    return matrix.dense() if isinstance(matrix, Factored) else matrix


def _pushed(matrix: Matrix, tangents: Tensor) -> Tensor:
    """tangents (N, K) through the matrix: (N, H)."""
    if not isinstance(matrix, Factored):
        return tangents @ matrix.t()
    gates, hidden = matrix.scales.shape
    by_gate = (tangents @ matrix.weight.t()).view(-1, gates, hidden)
    moved = (by_gate * matrix.scales).sum(dim=1)
    return moved if matrix.diagonal is None else moved.addcmul_(tangents, matrix.diagonal)


Mix = Callable[..., Iterable[Matrix]]


def _mixed(weight: Tensor, scales: Tensor, diagonal: Tensor | None = None) -> Tensor:
    """Matrices of a block of steps: weight (gates*H, K), scales (b, gates, H) -> (b, H, K)."""
    blocks = weight.view(scales.shape[1], scales.shape[2], -1)
    total = scales[:, 0, :, None] * blocks[0]
    for gate in range(1, len(blocks)):
        total.addcmul_(scales[:, gate, :, None], blocks[gate])
    if diagonal is not None:
        total.diagonal(dim1=1, dim2=2).add_(diagonal)
    return total


def _factored(weight: Tensor, scales: Tensor, diagonal: Tensor | None = None) -> Iterator[Factored]:
    for at, scale in enumerate(scales):
        yield Factored(weight, scale, None if diagonal is None else diagonal[at])


def _rnn_slope(mode: str, h: Tensor) -> Tensor:
    if mode == "RNN_TANH":
        return 1 - h * h
    # past an overflow there is no derivative to show
    return torch.where(h.isfinite(), (h > 0).to(h.dtype), torch.nan)


def _gru(
    mix: Mix, value: dict[str, Tensor], h_before: Tensor, w_hh: Tensor, w_ih: Tensor, b_hn: Tensor
) -> Iterator[StepJacobian]:
    r, z, n = value["r"], value["z"], value["n"]
    w_hn = w_hh[2 * r.shape[1] :]
    candidate = torch.addmm(b_hn, h_before, w_hn.t())  # W_hn h + b_hn, (b, H)
    d_n = (1 - z) * (1 - n * n)
    d_r = d_n * candidate * r * (1 - r)
    d_z = (h_before - n) * z * (1 - z)
    h_h = mix(w_hh, torch.stack([d_r, d_z, d_n * r], dim=1), z)
    return map(StepJacobian, h_h, mix(w_ih, torch.stack([d_r, d_z, d_n], dim=1)))


def _lstm(
    mix: Mix, value: dict[str, Tensor], c_before: Tensor, w_hh: Tensor, w_ih: Tensor
) -> Iterator[StepJacobian]:
    i, f, g, o = (value[name] for name in "ifgo")
    tanh_c = torch.tanh(value["c"])
    d_ifg = [g * i * (1 - i), c_before * f * (1 - f), i * (1 - g * g)]
    to_c = torch.stack(d_ifg, dim=1)  # (b, 3, H)
    to_o = (tanh_c * o * (1 - o))[:, None]  # (b, 1, H)
    output = 3 * i.shape[1]  # where o's rows begin
    return map(
        StepJacobian,
        mix(w_hh[output:], to_o),
        mix(w_ih[output:], to_o),
        mix(w_hh[:output], to_c),
        mix(w_ih[:output], to_c),
        f,
        o * (1 - tanh_c * tanh_c),
    )
