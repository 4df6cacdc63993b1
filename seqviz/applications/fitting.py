"""Training of a small classifier on batches of a use's own making, the same bits every time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.applications.application import Trained
from seqviz.rnn.model import build
from seqviz.types import FloatArray, Head, Model, RNNSpec, frozen


@dataclass(frozen=True, eq=False)
class Asked:
    """N sequences and what is asked of them at every step.

    x (T, N, I). y (N, K): how likely each class should be, uniform for what belongs to none.
    weight (T, N): how much each step counts, 0 in the padding.
    """

    x: Tensor
    y: Tensor
    weight: Tensor


class Blank(nn.Linear):
    """nn.Linear without its first random weights, which would touch the global random state."""

    def reset_parameters(self) -> None:
        pass


@dataclass(frozen=True)
class Plan:
    """How long and how fast: the learning rate lr rises in a twentieth of all iterations, then
    falls to 0 along a cosine; gradients are clipped to the norm clip."""

    iterations: int
    lr: float = 5e-3
    clip: float = 1.0
    seed: int = 0
    weight_decay: float = 0.0

    def rate(self, iteration: int) -> float:
        """lr at this iteration, counted from 0."""
        rise = max(1, self.iterations // 20)
        if iteration < rise:
            return self.lr * (iteration + 1) / rise
        done = (iteration - rise) / max(1, self.iterations - rise)
        return self.lr * (1 + math.cos(math.pi * done)) / 2


def fit(
    spec: RNNSpec,
    classes: tuple[str, ...],
    sample: Callable[[torch.Generator], Asked],
    plan: Plan,
    iterations: int | None = None,
) -> Trained:
    """A network that tells classes apart at every step, after plan's iterations or fewer.

    sample: a fresh batch, drawn from the generator and from nothing else. One thread, no global
    random state; a shorter training is the beginning of the longer one.
    Source: Kingma & Ba 2015 (Adam); Loshchilov & Hutter 2017 (the cosine, and weight decay).
    """
    generator = torch.Generator().manual_seed(plan.seed)
    rnn, head = build(spec).train(), Blank(spec.hidden_size, len(classes))
    bound = spec.hidden_size**-0.5  # as nn.Linear begins
    for parameter in head.parameters():
        nn.init.uniform_(parameter, -bound, bound, generator=generator)
    parameters = [*rnn.parameters(), *head.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=plan.lr, weight_decay=plan.weight_decay)
    losses = []
    for iteration in range(plan.iterations if iterations is None else iterations):
        batch = sample(generator)
        optimizer.param_groups[0]["lr"] = plan.rate(iteration)
        optimizer.zero_grad()
        answers = head(rnn(batch.x)[0])  # (T, N, K)
        each = -(answers.log_softmax(dim=-1) * batch.y).sum(dim=-1)  # (T, N)
        loss = (each * batch.weight).sum() / batch.weight.sum()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, plan.clip)
        optimizer.step()
        losses.append(loss.item())
    weights = {name: frozen(value.detach().numpy()) for name, value in rnn.named_parameters()}
    rows, bias = (frozen(parameter.detach().numpy()) for parameter in head.parameters())
    answers_with = Head(rows, bias, "softmax", classes)
    model = Model(replace(spec, init="given", seed=0), weights, answers_with)
    return Trained(model, frozen(np.array(losses)))


def reads_unscaled(model: Model, scale: FloatArray, shift: FloatArray | None = None) -> Model:
    """A network that learned from x * scale + shift, ready for x itself; both (I,).

    Its first layer takes the scale into weight_ih and the shift into bias_ih.
    """
    weights = dict(model.weights)
    weight = weights["weight_ih_l0"]
    if shift is not None:
        weights["bias_ih_l0"] = weights["bias_ih_l0"] + weight @ shift
    weights["weight_ih_l0"] = weight * scale
    return replace(model, weights=weights)
