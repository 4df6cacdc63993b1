"""How alike two networks represent one sequence, whatever the order or number of their units.

Unit k of one network has nothing to do with unit k of another, so their states cannot be
subtracted. What can be compared is which steps lie close together in each: by the distances
between steps (RSA), and by the steps' inner products (linear CKA). Neither changes when units are
reordered, states are turned, moved, or scaled as a whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from seqviz.errors import SeqvizError
from seqviz.indices import checked_layer
from seqviz.types import Trace

FEWEST_STEPS = 3
"""Two steps have one distance, and two points always fit two others: there is nothing to learn."""
_STILL = 1e-6  # states that vary by less of their size do so by float32's rounding


@dataclass(frozen=True)
class RepresentationSimilarity:
    """One layer of two networks compared over one sequence.

    rsa: correlation of the distances between steps, -1 to 1; steps matched at random give 0 on
    average. cka: linear CKA, 0 to 1. chance: the CKA that steps matched at random would give on
    average, 0 to 1. All are NaN where nothing can be compared. steps: how many were compared.
    note: "" or what was left out, or why there is nothing to compare.
    """

    rsa: float
    cka: float
    chance: float
    steps: int
    note: str = ""


def representation_similarity(a: Trace, b: Trace, *, layer: int = -1) -> RepresentationSimilarity:
    """Compare the states of a layer, both directions side by side, over the steps of one sequence.

    layer: from 0, -1 the last. Steps at which either network left the range of float32 are left
    out. Raises SeqvizError when a layer does not exist or the runs have different lengths.
    """
    if len(a) != len(b):
        raise SeqvizError(
            f"These runs have {len(a)} and {len(b)} steps: compare networks over one sequence."
        )
    states = [layer_states(one, layer) for one in (a, b)]
    known = states[0].isfinite().all(dim=1) & states[1].isfinite().all(dim=1)  # (T,)
    x, y = (one[known] for one in states)
    left_out = len(known) - len(x)
    note = f"{left_out} steps beyond the range of float32 left out" if left_out else ""
    if len(x) < FEWEST_STEPS:
        why = f"comparing networks takes at least {FEWEST_STEPS} steps"
    elif not (_varies(x) and _varies(y)):
        why = "the states of at least one do not change from step to step"
    else:
        return RepresentationSimilarity(rsa(x, y), linear_cka(x, y), chance_cka(x, y), len(x), note)
    nothing, said = math.nan, "; ".join(filter(None, (why, note)))
    return RepresentationSimilarity(nothing, nothing, nothing, len(x), said)


def layer_states(trace: Trace, layer: int = -1) -> Tensor:
    """h of a layer, both directions side by side: (T, D*H) float64."""
    h = torch.tensor(trace.h[checked_layer(trace.spec, layer)], dtype=torch.float64)  # (D, T, H)
    return h.transpose(0, 1).flatten(1)


def distance_matrix(states: Tensor) -> Tensor:
    """Euclidean distance of every step's state to every other's: (T, width) -> (T, T)."""
    exact = "donot_use_mm_for_euclid_dist"  # products would lose small distances to rounding
    return torch.cdist(states, states, compute_mode=exact)


def rsa(x: Tensor, y: Tensor) -> float:
    """Pearson correlation of the distances between steps: (T, width), (T, other) -> -1 to 1.

    Each pair of different steps counts once. NaN when the distances of either are all the same.
    Source: Kriegeskorte, Mur and Bandettini 2008, Representational similarity analysis,
    https://doi.org/10.3389/neuro.06.004.2008, with Euclidean distances.
    """
    first, second = (_centred(torch.pdist(_unit_scale(one))[:, None]) for one in (x, y))
    lengths = torch.linalg.vector_norm(first) * torch.linalg.vector_norm(second)
    return _share((first * second).sum(), lengths)


def linear_cka(x: Tensor, y: Tensor) -> float:
    """‖YᵀX‖² / (‖XᵀX‖ ‖YᵀY‖), Frobenius, each column centred: (T, width), (T, other) -> 0 to 1.

    NaN when either is constant. Source: Kornblith et al. 2019, Similarity of neural network
    representations revisited, https://arxiv.org/abs/1905.00414, equation 7 of section 3.
    """
    x, y = (_centred(_unit_scale(one)) for one in (x, y))
    return _share(_frobenius(y.T @ x) ** 2, _frobenius(x.T @ x) * _frobenius(y.T @ y))


def chance_cka(x: Tensor, y: Tensor) -> float:
    """Linear CKA averaged over all orders of y's steps: (T, width), (T, other) -> 0 to 1.

    In closed form. The mean of ⟨XXᵀ, PYYᵀPᵀ⟩ over all permutations P is tr(XXᵀ) tr(YYᵀ) / (T - 1),
    since the rows and columns of both matrices sum to 0. NaN when either is constant.
    """
    x, y = (_centred(_unit_scale(one)) for one in (x, y))
    traces = _frobenius(x) ** 2 * _frobenius(y) ** 2
    return _share(traces / (len(x) - 1), _frobenius(x.T @ x) * _frobenius(y.T @ y))


def sentence(found: RepresentationSimilarity, names: tuple[str, str] = ("A", "B")) -> str:
    """What the numbers say, first in words. names: what the two networks are called."""
    first, second = names
    if math.isnan(found.rsa):
        return f"{first} and {second} cannot be compared: {found.note}."
    ending = f"; {found.note}" if found.note else ""
    return (
        f"{_agreement(found.rsa, first, second)} (RSA {found.rsa:.2f}, by chance 0; "
        f"linear CKA {found.cka:.2f}, by chance {found.chance:.2f}{ending})."
    )


def _agreement(rsa: float, first: str, second: str) -> str:
    if rsa >= 0.95:
        return f"{first} and {second} tell the same steps apart, almost equally far"
    if rsa >= 0.7:
        return f"Steps that {first} tells apart, {second} mostly tells apart too"
    if rsa >= 0.3:
        return f"Steps that {first} tells apart, {second} tells apart only in part"
    if rsa > -0.3:
        return f"Which steps {first} tells apart says little about {second}"
    return f"Steps that {first} tells apart lie close together for {second}"


def _varies(states: Tensor) -> bool:
    scaled = _unit_scale(states)
    return bool(_frobenius(_centred(scaled)) > _STILL * _frobenius(scaled))


def _unit_scale(states: Tensor) -> Tensor:
    """Divided by the largest value: squares of squares of 1e38 would not fit float64."""
    largest = states.abs().max() if states.numel() else torch.zeros(())
    return states / largest if largest > 0 else states


def _centred(states: Tensor) -> Tensor:
    return states - states.mean(dim=0)


def _frobenius(matrix: Tensor) -> Tensor:
    length: Tensor = torch.linalg.matrix_norm(matrix)
    return length


def _share(part: Tensor, whole: Tensor) -> float:
    return float(part / whole) if whole > 0 else math.nan
