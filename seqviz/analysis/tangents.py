"""Push changes of chosen inputs through all layers of a traced network, forward in time.

A network that reads one way is carried step by step, all layers jointly: the tangents of inputs
not read yet are zero and cost nothing. Above the first layer of a bidirectional network every
state depends on every input, so there each layer is finished before the next.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from seqviz.analysis.jacobians import (
    StepJacobian,
    Tangents,
    advance,
    entering,
    reading_order,
    step_jacobians,
)
from seqviz.analysis.progress import Progress
from seqviz.types import Trace

Sink = Callable[[int, int, slice, Tensor], None]
"""Called with tau, direction, a slice of the inputs' positions, h's tangents (inputs, k, H)."""

_BYTES = 128_000_000  # of tangents held at once
_GONE = 1e-30  # smaller influences count as none: below this float32 slows down, then ends
_CHECK_EVERY = 16


def propagate(
    trace: Trace,
    inputs: NDArray[np.intp],
    basis: Tensor,
    sink: Sink,
    *,
    top: int,
    progress: Progress,
    dtype: torch.dtype = torch.float32,
) -> None:
    """Feed sink the tangents of layer top's h for changes of x at inputs along basis.

    inputs: (C,) t's, rising. basis: (I, k). Each tau may be reported several times, with other
    inputs, directions or groups of basis columns: sum the squares. What is not reported is zero.
    """
    with torch.inference_mode():
        if trace.spec.bidirectional and top > 0:
            _dense(trace, inputs, basis, sink, top, progress, dtype)
        else:
            for direction in range(trace.spec.num_directions):
                part = progress.part(direction, trace.spec.num_directions)
                _causal(trace, inputs, basis, sink, top, direction, part, dtype)
        progress(1.0)


def _causal(
    trace: Trace,
    inputs: NDArray[np.intp],
    basis: Tensor,
    sink: Sink,
    top: int,
    direction: int,
    progress: Progress,
    dtype: torch.dtype,
) -> None:
    numbers = trace.spec.hidden_size * (4 if trace.spec.mode == "LSTM" else 2) * (top + 1)
    row = numbers * dtype.itemsize * basis.shape[1]
    width = max(1, _BYTES // row)
    chunks = [slice(at, at + width) for at in range(0, len(inputs), width)]
    for index, chunk in enumerate(chunks):
        part = progress.part(index, len(chunks))
        first = chunk.start
        # the reverse direction reads the chunk's inputs from last to first
        reads = inputs[chunk][::-1] if direction else inputs[chunk]
        last = first + len(reads)

        def place(
            tau: int, start: int, stop: int, h: Tensor, first: int = first, last: int = last
        ) -> None:
            if direction:
                sink(tau, direction, slice(last - stop, last - start), h.flip(0))
            else:
                sink(tau, direction, slice(first + start, first + stop), h)

        _run_chunk(trace, reads, basis, place, top, direction, part, dtype)


def _run_chunk(
    trace: Trace,
    reads: NDArray[np.intp],
    basis: Tensor,
    place: Callable[[int, int, int, Tensor], None],
    top: int,
    direction: int,
    progress: Progress,
    dtype: torch.dtype,
) -> None:
    """Carry the tangents of the chosen inputs, in reading order, from the first one to the end."""
    order = reading_order(len(trace), direction)
    order = order[int(np.flatnonzero(order == reads[0])[0]) :]
    per_layer = [
        step_jacobians(trace, layer, direction, order, basis=None if layer else basis, dtype=dtype)
        for layer in range(top + 1)
    ]
    k, hidden = basis.shape[1], trace.spec.hidden_size
    states = [_zeros(trace, len(reads) * k, dtype) for _ in range(top + 1)]
    start = stop = 0  # inputs whose tangents are alive
    for count, (tau, steps) in enumerate(zip(order, zip(*per_layer, strict=True), strict=True)):
        new = stop < len(reads) and reads[stop] == tau
        stop += int(new)
        live = slice(start * k, stop * k)
        _step_layers(states, steps, live, k if new else 0)
        if start < stop:
            place(int(tau), start, stop, states[top].h[live].view(stop - start, k, hidden))
        if count % _CHECK_EVERY == _CHECK_EVERY - 1:
            start += _gone(states, live) // k
            progress(count / len(order))
        if start == len(reads):
            return


def _step_layers(
    states: list[Tangents], steps: tuple[StepJacobian, ...], live: slice, new: int
) -> None:
    """One step of all layers, in place; the last `new` live rows are inputs read just now."""
    below: Tensor | None = None
    for state, step in zip(states, steps, strict=True):
        c = None if state.c is None else state.c[live]
        after = advance(step, Tangents(state.h[live], c), below)
        if below is None and new:
            arrived = entering(step)
            after.h[-new:] = arrived.h
            if after.c is not None and arrived.c is not None:
                after.c[-new:] = arrived.c
        _write(state, live, after)
        below = after.h


def _gone(states: list[Tangents], live: slice) -> int:
    """How many of the oldest live rows no layer feels any more."""
    peak = _peak(states, live)
    alive = torch.nonzero(~(peak < _GONE))  # NaN stays alive
    return int(alive[0]) if len(alive) else len(peak)


def _peak(states: list[Tangents], live: slice) -> Tensor:
    """The largest entry of each live row over all states."""
    held = [part[live] for state in states for part in (state.h, state.c) if part is not None]
    return torch.stack([part.abs().amax(dim=1) for part in held]).amax(dim=0)


def _dense(
    trace: Trace,
    inputs: NDArray[np.intp],
    basis: Tensor,
    sink: Sink,
    top: int,
    progress: Progress,
    dtype: torch.dtype,
) -> None:
    steps, wide = len(trace), trace.spec.hidden_size * trace.spec.num_directions
    rows = max(1, _BYTES // (steps * wide * dtype.itemsize * min(top, 2)))
    columns = min(basis.shape[1], rows)
    width = max(1, rows // columns)
    pieces = [
        (slice(at, at + width), basis[:, column : column + columns])
        for column in range(0, basis.shape[1], columns)
        for at in range(0, len(inputs), width)
    ]
    for index, (chunk, some) in enumerate(pieces):
        reads, part = inputs[chunk], progress.part(index, len(pieces))
        below: _Changes | None = None
        for layer in range(top):
            above = _Changes(steps, len(reads) * some.shape[1], wide, dtype)
            done = part.part(layer, top + 1)
            _run_layer(trace, layer, reads, some, below, above.store, done, dtype)
            below = above

        def report(
            tau: int,
            direction: int,
            live: slice,
            h: Tensor,
            first: int = chunk.start,
            k: int = some.shape[1],
        ) -> None:
            touched = slice(first + live.start // k, first + live.stop // k)
            sink(tau, direction, touched, h.view(-1, k, h.shape[1]))

        done = part.part(top, top + 1)
        _run_layer(trace, top, reads, some, below, report, done, dtype)


class _Changes:
    """The tangents of one layer's output at every step, and which of its rows are not zero."""

    def __init__(self, steps: int, count: int, wide: int, dtype: torch.dtype) -> None:
        self.h = torch.zeros(steps, count, wide, dtype=dtype)
        self.live = [slice(0, 0)] * steps

    def store(self, tau: int, direction: int, live: slice, h: Tensor) -> None:
        hidden = h.shape[1]
        self.h[tau, live, direction * hidden : (direction + 1) * hidden] = h
        self.live[tau] = _union(self.live[tau], live)


def _run_layer(
    trace: Trace,
    layer: int,
    inputs: NDArray[np.intp],
    basis: Tensor,
    below: _Changes | None,
    report: Callable[[int, int, slice, Tensor], None],
    progress: Progress,
    dtype: torch.dtype,
) -> None:
    """Both directions of one layer; below is what it reads, None for x itself."""
    k, count = basis.shape[1], len(inputs) * basis.shape[1]
    read_at = {int(t): slice(at * k, at * k + k) for at, t in enumerate(inputs)}
    for direction in range(trace.spec.num_directions):
        order = reading_order(len(trace), direction)
        state, live = _zeros(trace, count, dtype), slice(0, 0)
        jacobians = step_jacobians(
            trace,
            layer,
            direction,
            order,
            basis=basis if below is None else None,
            factored=_few(trace, count),
            dtype=dtype,
        )
        for done, (tau, step) in enumerate(zip(map(int, order), jacobians, strict=True)):
            new = read_at.get(tau, slice(0, 0)) if below is None else below.live[tau]
            live = _union(live, new)
            if live.start == live.stop:
                continue
            before = Tangents(state.h[live], None if state.c is None else state.c[live])
            after = advance(step, before, None if below is None else below.h[tau, live])
            _write(state, live, after)
            if below is None and new.stop:
                _write(state, new, entering(step))
            report(tau, direction, live, state.h[live])
            if done % _CHECK_EVERY == _CHECK_EVERY - 1:
                live = _trimmed(state, live, k)
                progress((direction + done / len(order)) / trace.spec.num_directions)


def _trimmed(state: Tangents, live: slice, k: int) -> slice:
    """live without the inputs at either end whose change is gone; their rows become zero."""
    peak = _peak([state], live)
    alive = torch.nonzero(~(peak < _GONE))  # NaN stays alive
    if not len(alive):
        kept = slice(live.start, live.start)
    else:
        first, last = int(alive[0]) // k * k, int(alive[-1]) // k * k + k
        kept = slice(live.start + first, live.start + last)
    for part in (state.h, state.c):
        if part is not None:
            part[live.start : kept.start] = 0
            part[kept.stop : live.stop] = 0
    return kept


def _union(one: slice, other: slice) -> slice:
    """The smallest slice that holds both."""
    if one.start == one.stop:
        return other
    if other.start == other.stop:
        return one
    return slice(min(one.start, other.start), max(one.stop, other.stop))


def _write(state: Tangents, live: slice, values: Tangents) -> None:
    state.h[live] = values.h
    if state.c is not None and values.c is not None:
        state.c[live] = values.c


def _few(trace: Trace, count: int) -> bool:
    """Whether so few tangents are pushed that building each step's matrices would cost more."""
    return 2 * count <= trace.spec.hidden_size


def _zeros(trace: Trace, count: int, dtype: torch.dtype) -> Tangents:
    h = torch.zeros(count, trace.spec.hidden_size, dtype=dtype)
    return Tangents(h, torch.zeros_like(h) if trace.spec.mode == "LSTM" else None)
