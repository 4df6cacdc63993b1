"""How many steps an RNN remembers: a half, one percent, and the factor it forgets by each step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from seqviz.analysis.forgetting import steps_until, within
from seqviz.analysis.influence import Influence, influence, plan
from seqviz.analysis.progress import Progress
from seqviz.errors import SeqvizError
from seqviz.rnn.model import spec_of
from seqviz.rnn.tracing import trace
from seqviz.types import Head

Floats = NDArray[np.float64]

_FLOOR = 1e-20  # below this share of the start, rounding bends the curve


@dataclass(frozen=True, eq=False)
class Horizon:
    """How influence decays with distance, for a network as it is, over several inputs.

    curve, low, high: (T,) influence after k steps relative to k = 0: median over the runs, and
    the 10 % and 90 % quantiles; NaN where nothing is known. half, hundredth: (runs,) steps after
    which influence stays at or below 1/2 and 1/100; inf when it does not within T steps. factors:
    (runs,) per-step factors, fitted to the logarithm of the curve's tail; 0 when influence ends
    at once, NaN when it cannot be measured. notice: "" or what was left out.
    """

    curve: Floats
    low: Floats
    high: Floats
    half: Floats
    hundredth: Floats
    factors: Floats
    notice: str = ""

    @property
    def factor(self) -> float:
        """Mean per-step factor over the runs that have one, else NaN."""
        known = self.factors[np.isfinite(self.factors)]
        return float(known.mean()) if len(known) else float("nan")

    @property
    def factor_std(self) -> float:
        """Standard deviation of the per-step factor over the runs; 0 for one run."""
        known = self.factors[np.isfinite(self.factors)]
        return float(known.std(ddof=1)) if len(known) > 1 else 0.0

    def sentence(self) -> str:
        """What is forgotten when, then the factor of a step, with how sure they are."""
        steps, runs = len(self.curve), len(self.half)
        over = f"{runs} random inputs" if runs > 1 else "1 input"
        if np.isnan(self.factor):
            return (
                f"Influence cannot be measured here: the states left the range of float32 ({over})."
            )
        return (
            f"The network forgets half of an input {_within(self.half, steps)} and 99 % "
            f"{_within(self.hundredth, steps)}. Each step multiplies its influence by "
            f"{self.factor:.3f} ± {self.factor_std:.3f} ({over})."
        )


def horizon(
    rnn: nn.RNNBase,
    *,
    steps: int = 100,
    runs: int = 8,
    layer: int = -1,
    seed: int = 0,
    head: Head | None = None,
    progress: Callable[[float], None] | None = None,
) -> Horizon:
    """Measure rnn's memory on runs sequences of steps draws from N(0, 1), h_0 = 0.

    For a bidirectional network, influence on later states is what counts. head: measure the
    influence on what it answers, before softmax, in place of the state. The same seed gives the
    same figures, and the global random state is left alone. Raises SeqvizError when steps is below
    2 or runs below 1.
    """
    if steps < 2 or runs < 1:
        raise SeqvizError("Measuring a horizon takes at least 2 steps and 1 run.")
    spec, report = spec_of(rnn), Progress(progress)
    generator = torch.Generator().manual_seed(seed)
    measured = []
    for run in range(runs):
        x = torch.randn(steps, spec.input_size, generator=generator)
        traced = replace(trace(rnn, x, spec=spec), head=head)
        answer = head is not None
        affordable = plan(traced, layer=layer, runs=runs, answer=answer)
        measured.append(
            influence(
                traced,
                layer=layer,
                t_stride=affordable.stride,
                directions=affordable.directions,
                answer=answer,
                progress=report.part(run, runs),
            )
        )
    return horizon_of(measured)


def horizon_of(measured: Sequence[Influence]) -> Horizon:
    """The same figures from influences already computed, all of the same T, one a run."""
    if not measured or len({len(one.norms) for one in measured}) > 1:
        raise SeqvizError("A horizon needs at least one run, and all of the same length.")
    curves = np.stack([_relative(one.by_lag()) for one in measured])  # (runs, T)
    low, middle, high = _quantiles(curves)
    return Horizon(
        curve=middle,
        low=low,
        high=high,
        half=np.array([steps_until(curve, 0.5) for curve in curves]),
        hundredth=np.array([steps_until(curve, 0.01) for curve in curves]),
        factors=np.array([fitted_factor(curve) for curve in curves]),
        notice=measured[0].notice,
    )


def fitted_factor(curve: Floats) -> float:
    """exp of the slope of ln curve over its tail, the last three quarters above rounding."""
    lags = np.arange(len(curve))
    usable = (lags >= 1) & np.isfinite(curve)
    usable[usable] = curve[usable] > _FLOOR
    if usable.sum() < 2:
        return float("nan") if np.isnan(curve[0]) else 0.0
    tail = usable & (lags >= int(lags[usable].max()) // 4)
    fitted = tail if tail.sum() >= 2 else usable
    x, y = lags[fitted].astype(np.float64), np.log(curve[fitted])
    x -= x.mean()
    return float(np.exp((x @ y) / (x @ x)))


def _relative(curve: Floats) -> Floats:
    start = curve[0]
    if not 0 < start < np.inf:
        return np.full(len(curve), np.nan)
    with np.errstate(over="ignore"):
        return np.asarray(curve / start)


def _quantiles(curves: Floats) -> tuple[Floats, Floats, Floats]:
    """10 %, 50 % and 90 % over the runs at each lag, of those that are numbers: each (T,)."""
    quantiles = np.full((3, curves.shape[1]), np.nan)
    for lag, column in enumerate(curves.T):
        known = column[~np.isnan(column)]
        if len(known):
            quantiles[:, lag] = np.quantile(known, [0.1, 0.5, 0.9])
    return quantiles[0], quantiles[1], quantiles[2]


def _within(counts: Floats, steps: int) -> str:
    if not np.isfinite(counts).any():
        return f"not within the {steps} steps measured"
    low, middle, high = (float(np.quantile(counts, q, method="inverted_cdf")) for q in (0, 0.5, 1))
    if low == high:
        return within(low)
    most = f"{high:.0f}" if np.isfinite(high) else f"more than {steps}"
    typical = f"{middle:.0f}" if np.isfinite(middle) else f"more than {steps}"
    return f"within {typical} steps ({low:.0f} to {most})"
