"""How far the states of two runs part, step by step, and the sentence that says it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seqviz.analysis.overflow import overflow_step
from seqviz.types import FloatArray, Trace

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Difference:
    """h_A - h_B over the steps both runs have.

    values: (L, D, T, H) float32, or None when the shapes do not agree. norms: (T,) float64,
    ‖h_A - h_B‖ over all layers, directions and units at each step. relative: norms divided by
    the mean length of the states of both runs, 0 for equal states. NaN where either run left the
    range of float32. note: "" or why there is less than a whole comparison.
    """

    values: FloatArray | None
    norms: Floats
    relative: Floats
    note: str = ""


def difference(a: Trace, b: Trace) -> Difference:
    """Subtract two runs state by state, over the steps both have."""
    steps = min(len(a), len(b))
    shape_a, shape_b = ((*one.h.shape[:2], one.h.shape[3]) for one in (a, b))  # (L, D, H)
    if shape_a != shape_b:
        nowhere = np.full(steps, np.nan)
        return Difference(None, nowhere, nowhere, _shapes_differ(a, b))
    h_a, h_b = (one.h[:, :, :steps].astype(np.float64) for one in (a, b))
    with np.errstate(invalid="ignore"):  # infinity - infinity: said in the note instead
        values = h_a - h_b
    values[~(np.isfinite(h_a) & np.isfinite(h_b))] = np.nan
    norms = _norms(values)
    lengths = np.concatenate([_norms(h_a), _norms(h_b)])
    known = lengths[np.isfinite(lengths)]
    typical = float(known.mean()) if len(known) else 0.0
    relative = norms / typical if typical > 0 else norms
    # two float32 of opposite sign may lie further apart than float32 reaches
    limit = float(np.finfo(np.float32).max)
    clipped = np.clip(values, -limit, limit).astype(np.float32)
    return Difference(clipped, norms, relative, _note(a, b))


def sentence(gap: Difference, *, names: tuple[str, str] = ("A", "B"), level: float = 0.01) -> str:
    """One plain sentence saying where two runs part and when, if ever, they meet again.

    level: the share of the states' mean length that counts as "the same", 0.01 for 1 %.
    """
    if gap.values is None:
        return gap.note
    who = f"the states of {names[0]} and {names[1]}"
    together = "in all layers together " if len(gap.values) > 1 else ""
    known = np.isfinite(gap.relative)
    ending = f" ({gap.note})" if gap.note else ""
    if not known.any():
        return _ended(f"There is no step at which {who} can be compared{ending}")
    steps = np.flatnonzero(known)
    if not gap.relative[steps].any():
        return _ended(f"From first to last step {who} are identical{ending}")
    return _ended(_course(gap.relative, steps, who, level, together) + ending)


def _course(
    relative: Floats, steps: NDArray[np.intp], who: str, level: float, together: str
) -> str:
    """What the relative differences do at the steps that have one. together: of which layers."""
    share, values = f"{100 * level:g} % of their average length", relative[steps]
    peak = int(values.argmax())
    most = f"{together}at most {_percent(values[peak])}, at step {steps[peak] + 1}"
    apart = steps[values >= level]
    if not len(apart):
        return f"At no step do {who} differ by {share} ({most})"
    first, last, end = int(apart[0]) + 1, int(apart[-1]) + 1, int(steps[-1]) + 1
    parted = f"{who[0].upper()}{who[1:]} part at step {first} and"
    if last == end:
        now = f"{_percent(relative[end - 1])} of their average length"
        return f"{parted} still differ by {now} at step {end}, the last compared ({most})"
    if first > 1:
        return f"{parted} differ by less than {share} again after step {last} ({most})"
    count = f"{last} step{'' if last == 1 else 's'}"
    return f"After {count} {who} differ by less than {share} ({most})"


def _percent(share: float) -> str:
    value = 100 * share
    if value >= 1e6:
        return f"{value:.1e} %"
    return f"{value:.0f} %" if value >= 10 else f"{value:.2g} %"


def _ended(text: str) -> str:
    return f"{text}."


def _norms(values: Floats) -> Floats:
    """Length over layers, directions and units at each step: (L, D, T, H) -> (T,)."""
    return np.asarray(np.sqrt((values**2).sum(axis=(0, 1, 3))))


def _shapes_differ(a: Trace, b: Trace) -> str:
    return (
        f"The states have different shapes, {a.h.shape} and {b.h.shape} as (L, D, T, H), "
        "so they cannot be subtracted."
    )


def _note(a: Trace, b: Trace) -> str:
    notes = []
    if len(a) != len(b):
        notes.append(f"only the first {min(len(a), len(b))} steps exist in both")
    for name, one in (("first", a), ("second", b)):
        step = overflow_step(one)
        if step is not None:
            notes.append(f"the {name} run left the range of float32 at step {step}")
    return "; ".join(notes)
