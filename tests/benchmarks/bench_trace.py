"""What keeping every state and gate costs: `trace` against `rnn(x)` alone.

One thread, inference mode, default weights, one feature. The two are timed in turn, so that a
busy machine slows both alike; the figures are ratios of medians.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import torch
from report import Row

import seqviz
from seqviz.types import MODES, RNNSpec


def measure() -> list[Row]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [*large(), *small(), *linear()]
    finally:
        torch.set_num_threads(before)


def large() -> list[Row]:
    goals = {"LSTM": 2.0}
    return [
        Row(f"trace / rnn(x), {mode}, T=1000 H=128 L=2", ratio(RNNSpec(mode, 1, 128, 2), 1000),
            "×", goals.get(mode, 1.5))
        for mode in MODES
    ]  # fmt: skip


def small() -> list[Row]:
    return [
        Row(f"trace / rnn(x), {mode}, T=200 H=64", ratio(RNNSpec(mode, 1, 64), 200), "×", 3.0)
        for mode in MODES
    ]


def linear() -> list[Row]:
    """Twice the steps, twice the time: 2 means linear, 4 quadratic."""
    rows = []
    for mode in MODES:
        half, one, two = medians([tracing(RNNSpec(mode, 1, 128, 2), T) for T in (500, 1000, 2000)])
        rows.append(Row(f"trace, {mode}, T=1000 / T=500", one / half, "×", 2.5))
        rows.append(Row(f"trace, {mode}, T=2000 / T=1000", two / one, "×", 2.5))
    return rows


def ratio(spec: RNNSpec, steps: int) -> float:
    rnn = seqviz.build(spec)
    x = torch.randn(steps, spec.input_size)

    def alone() -> None:
        with torch.inference_mode():
            rnn(x)

    whole, part = medians([tracing(spec, steps), alone])
    return whole / part


def tracing(spec: RNNSpec, steps: int) -> Callable[[], object]:
    rnn = seqviz.build(spec)
    x = torch.randn(steps, spec.input_size)
    return lambda: seqviz.trace(rnn, x, spec=spec)


def medians(works: list[Callable[[], object]]) -> list[float]:
    """Seconds each takes, the works run in turn: at least 15 times each and for two seconds."""
    for work in works:
        work()  # warms up
    took: list[list[float]] = [[] for _ in works]
    began = time.perf_counter()
    while len(took[0]) < 15 or time.perf_counter() - began < 2:
        for times, work in zip(took, works, strict=True):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in took]
