"""Two runs side by side: fair sizes, other orders of a sequence, and how far the states part."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from seqviz.errors import SeqvizError
from seqviz.model import num_parameters
from seqviz.overflow import overflow_step
from seqviz.types import FloatArray, InputSequence, RNNSpec, Trace

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


def match_parameters(spec: RNNSpec, mode: str) -> RNNSpec:
    """spec with another cell and the hidden_size that brings its parameters nearest to spec's.

    Of two sizes equally near, the smaller. Weights given from outside cannot be carried over to
    another cell, so init "given" becomes "default".
    """
    target = num_parameters(spec)
    init = "default" if spec.init == "given" else spec.init
    other = replace(spec, mode=mode, hidden_size=1, init=init)
    low, high = 1, 2
    while num_parameters(replace(other, hidden_size=high)) < target:
        low, high = high, 2 * high
    while high - low > 1:  # parameters grow with hidden_size
        middle = (low + high) // 2
        if num_parameters(replace(other, hidden_size=middle)) < target:
            low = middle
        else:
            high = middle
    sizes = [replace(other, hidden_size=size) for size in (low, high)]
    return min(sizes, key=lambda one: abs(num_parameters(one) - target))


def reversed_order(sequence: InputSequence) -> InputSequence:
    """The same steps, last first; labels go with their steps."""
    return _reordered(sequence, np.arange(len(sequence))[::-1], "reversed")


def shuffled(sequence: InputSequence, seed: int = 0) -> InputSequence:
    """The same steps in a random order, always the same one for a seed (0 or more)."""
    if seed < 0:
        raise SeqvizError(f"seed is {seed}: set it to 0 or more.")
    order = np.random.default_rng(seed).permutation(len(sequence))
    return _reordered(sequence, order, f"shuffled, seed {seed}")


def swapped(sequence: InputSequence, t: int) -> InputSequence:
    """The same steps with those at indices t and t + 1 changing places."""
    if not 0 <= t < len(sequence) - 1:
        raise SeqvizError(
            f"Swap a step between 1 and {len(sequence) - 1} with the one after it, not {t + 1}."
            if len(sequence) > 1
            else "A sequence of one step has no neighbours to swap: make it longer."
        )
    order = np.arange(len(sequence))
    order[[t, t + 1]] = t + 1, t
    return _reordered(sequence, order, f"steps {t + 1} and {t + 2} swapped")


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
    shown = np.clip(values, -limit, limit).astype(np.float32)
    return Difference(shown, norms, relative, _note(a, b))


def sentence(found: Difference, *, names: tuple[str, str] = ("A", "B"), level: float = 0.01) -> str:
    """One plain sentence saying where two runs part and when, if ever, they meet again.

    level: the share of the states' mean length that counts as "the same", 0.01 for 1 %.
    """
    if found.values is None:
        return found.note
    who = f"the states of {names[0]} and {names[1]}"
    known = np.isfinite(found.relative)
    ending = f" ({found.note})" if found.note else ""
    if not known.any():
        return _ended(f"There is no step at which {who} can be compared{ending}")
    steps = np.flatnonzero(known)
    if not found.relative[steps].any():
        return _ended(f"From first to last step {who} are identical{ending}")
    return _ended(_course(found.relative, steps, who, level) + ending)


def _course(relative: Floats, steps: NDArray[np.intp], who: str, level: float) -> str:
    """What the relative differences do at the steps that have one."""
    share, values = f"{100 * level:g} %", relative[steps]
    peak = int(values.argmax())
    most = f"at most {_percent(values[peak])}, at step {steps[peak] + 1}"
    apart = steps[values >= level]
    if not len(apart):
        return f"At no step do {who} differ by {share} ({most})"
    first, last, end = int(apart[0]) + 1, int(apart[-1]) + 1, int(steps[-1]) + 1
    parted = f"{who[0].upper()}{who[1:]} part at step {first} and"
    if last == end:
        now = _percent(relative[end - 1])
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


def _reordered(sequence: InputSequence, order: NDArray[np.intp], how: str) -> InputSequence:
    return replace(
        sequence,
        x=sequence.x[order],
        labels=tuple(sequence.labels[int(t)] for t in order),
        name=f"{sequence.name} ({how})",
    )


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
