"""Gestures that somebody teaches: a new head on what the trained network already sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.applications.handwriting.examples import CLASSES, SCALE, STEPS, deformed, labelled
from seqviz.data.drawing import Strokes, gesture
from seqviz.errors import SeqvizError
from seqviz.rnn.model import with_weights
from seqviz.training.optimizers import LBFGS
from seqviz.types import FloatArray, Head, Model, frozen

EXAMPLES = 5  # drawings of a gesture
MOST_GESTURES = 10
_DIGITS = 200  # drawings of digits that are learned again, so that none is forgotten
_COPIES = 30  # of each drawing, each in another size, turn and proportion
_FROM = STEPS // 2  # the first step that counts: before it much may still become anything
_DECAY = 1e-4


def taught(model: Model, gestures: Mapping[str, Sequence[Strokes]]) -> Model:
    """The network with a class for each gesture beside those it has: its recurrent weights stay
    as they are, and softmax regression on its states gives a new head.

    gestures: by name EXAMPLES drawings or more. The same call always gives the same numbers; a
    second or two. Raises SeqvizError for a name that is taken, too few drawings or too many names.
    Source: on what a trained network's states are good for, Donahue et al. 2014 (DeCAF).
    """
    check_names(tuple(gestures))
    for name, drawings in gestures.items():
        if len(drawings) < EXAMPLES:
            raise SeqvizError(
                f"“{name:.40}” has {len(drawings)} drawings: draw it {EXAMPLES} times."
            )
    names = (*CLASSES, *gestures)
    generator = torch.Generator().manual_seed(0)
    known = _states(model, _digits())  # (steps, N, H)
    states, classes = [known], [torch.arange(_DIGITS) % len(CLASSES)]
    for k, drawings in enumerate(gestures.values(), start=len(CLASSES)):
        x = _copies(drawings, generator)
        states.append(_states(model, x))
        classes.append(torch.full((x.shape[1],), k))
    assert model.head is not None
    return replace(model, head=_fitted(model.head, torch.cat(states, 1), torch.cat(classes), names))


def check_names(names: Sequence[str]) -> None:
    """Raises SeqvizError for a name that is taken, or none, or one too many."""
    if len(names) > MOST_GESTURES:
        raise SeqvizError(f"{len(names)} gestures are taught: teach at most {MOST_GESTURES}.")
    for name in names:
        if name in CLASSES or not name.strip():
            raise SeqvizError(f"“{name:.40}” is taken: give the gesture a name of its own.")


@cache
def _digits() -> Tensor:
    """The first drawings it learned from, as it reads them: (T, N, 3)."""
    drawings = [labelled(k)[0] for k in range(_DIGITS)]
    return torch.from_numpy(np.stack([gesture(one, STEPS).x for one in drawings], axis=1))


def _copies(drawings: Sequence[Strokes], generator: torch.Generator) -> Tensor:
    """Each drawing by time and by arc length, as it is and deformed: (T, N, 3)."""
    ways = [gesture(one, STEPS, by).x for one in drawings for by in ("time", "arc length")]
    once = torch.from_numpy(np.stack(ways, axis=1) * SCALE)
    many = deformed(once.repeat(1, _COPIES // 2, 1), generator)
    return torch.cat([once, many], dim=1) / torch.from_numpy(SCALE)


def _states(model: Model, x: Tensor) -> Tensor:
    """What the last layer holds at the steps that count: (STEPS - _FROM, N, H)."""
    with torch.inference_mode():
        states: Tensor = with_weights(model.spec, model.weights)(x)[0][_FROM:]
    return states.clone()  # a tensor that autograd may use


def _fitted(before: Head, states: Tensor, classes: Tensor, names: tuple[str, ...]) -> Head:
    """Softmax regression with a little weight decay, from the head there was."""
    more = len(names) - len(before.bias)
    weight = nn.Parameter(_with_rows(before.weight, more))
    bias = nn.Parameter(_with_rows(before.bias, more))
    rate = torch.bincount(classes).float().reciprocal()[classes]  # each class counts alike
    # the end of a drawing counts most, as in training
    counts = torch.linspace(0.1, 1.0, len(states))[:, None] * rate / rate.sum()
    optimizer = LBFGS([weight, bias], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        chances = nn.functional.linear(states, weight, bias).log_softmax(dim=-1)  # (T, N, K)
        asked = chances.gather(2, classes.expand(len(states), -1)[..., None])[..., 0]
        value: Tensor = -(asked * counts).sum() + _DECAY * weight.square().sum()
        value.backward()
        return value

    optimizer.step(loss)
    return Head(frozen(weight.detach()), frozen(bias.detach()), "softmax", names)


def _with_rows(values: FloatArray, more: int) -> Tensor:
    """A tensor of its own with so many rows of 0 below."""
    return torch.cat([torch.tensor(values), torch.zeros(more, *values.shape[1:])])
