"""Drawings to learn from, each made when it is first asked for, and batches of them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from seqviz.applications.fitting import Asked
from seqviz.applications.handwriting.digits import DIGITS
from seqviz.applications.handwriting.generator import drawing, scribble
from seqviz.data.drawing import Strokes, gesture
from seqviz.types import FloatArray

STEPS = 40
CLASSES = tuple(DIGITS)
LEARNED = 3000
"""Drawings to learn from, every tenth of the same digit."""
SCALE = np.array([10.0, 10.0, 1.0], np.float32)
"""What dx, dy and pen_up are multiplied by, so that they are about as large as each other."""

_UNFINISHED, _NO_DIGIT, _NOISE = 0.3, 0.06, 0.3  # shares, and deviations


def labelled(k: int) -> tuple[Strokes, str]:
    """The k-th drawing and its digit. Below LEARNED they are learned from, from there on not."""
    digit = CLASSES[k % len(CLASSES)]
    return drawing(digit, np.random.default_rng((k, 0))), digit


def unfinished(strokes: Strokes, share: float) -> Strokes:
    """The first share of a drawing's points, one at least."""
    left = max(1, round(share * sum(len(stroke) for stroke in strokes)))
    parts = []
    for stroke in strokes:
        parts.append(stroke[:left])
        left -= len(stroke)
        if left <= 0:
            break
    return tuple(parts)


@lru_cache(maxsize=4 * LEARNED)
def _shown(k: int, by: str, kind: str) -> FloatArray:
    """What the network reads of the k-th drawing, of its beginning, or of the k-th scribble."""
    generator = np.random.default_rng((k, 1))
    if kind == "scribble":
        return gesture(scribble(generator), STEPS, by).x
    strokes, _ = labelled(k)
    if kind == "unfinished":
        strokes = unfinished(strokes, generator.uniform(0.25, 0.9))
    return gesture(strokes, STEPS, by).x


def batch(generator: torch.Generator, count: int = 64) -> Asked:
    """count drawings, each in another size, turn and proportion each time, with noise added.

    Half of them go by time and half by arc length; some are unfinished, and some are scribbles,
    for which all digits should be equally likely.
    """
    chosen = torch.randint(LEARNED, (count,), generator=generator).tolist()
    by = torch.rand(count, generator=generator) < 0.5
    lot = torch.rand(count, generator=generator)
    kinds = [
        "scribble" if n < _NO_DIGIT else "unfinished" if n < _NO_DIGIT + _UNFINISHED else "whole"
        for n in lot.tolist()
    ]
    ways = ["time" if one else "arc length" for one in by.tolist()]
    shown = [_shown(*one) for one in zip(chosen, ways, kinds, strict=True)]
    x = torch.from_numpy(np.stack(shown, axis=1) * SCALE)  # (T, N, 3)
    x = deformed(x, generator)
    y = torch.eye(len(CLASSES))[[k % len(CLASSES) for k in chosen]]
    y[[kind == "scribble" for kind in kinds]] = 1 / len(CLASSES)
    weight = torch.linspace(0.1, 1.0, STEPS)[:, None].expand(STEPS, count)  # the end counts most
    return Asked(x, y, weight)


def deformed(x: Tensor, generator: torch.Generator) -> Tensor:
    """Drawings (T, N, 3), each in another size, turn and proportion, with noise added."""
    moves = torch.einsum("nij,tnj->tni", _deformations(x.shape[1], generator), x[..., :2])
    noise = torch.randn(moves.shape, generator=generator)
    moves = moves + _NOISE * moves.std(dim=0, keepdim=True) * noise
    return torch.cat([moves, x[..., 2:]], dim=-1)


def _deformations(count: int, generator: torch.Generator) -> Tensor:
    """Another size, turn and proportion for each drawing: (N, 2, 2)."""
    size, turn, wide = torch.randn(3, count, generator=generator) * torch.tensor(
        [[0.3], [0.12], [0.12]]
    )
    cos, sin = turn.cos(), turn.sin()
    rows = [torch.stack([wide.exp() * cos, -sin]), torch.stack([sin, (-wide).exp() * cos])]
    matrices: Tensor = torch.stack(rows) * size.exp()
    return matrices.permute(2, 0, 1)
