"""A recipe's network as PyTorch has it: a recurrent module and nn.Linear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor, nn

from seqviz.rnn.model import build, empty
from seqviz.training.recipe import Recipe
from seqviz.training.task import Batch
from seqviz.training.tasks import TASKS
from seqviz.types import FloatArray, Head, Model


class _Blank(nn.Linear):
    """nn.Linear without its first random weights. (skip_init does the same over the "meta" device,
    whose first use imports SymPy: a second or two.)"""

    def reset_parameters(self) -> None:
        pass


class Network(nn.Module):
    """rnn (nn.RNN, nn.GRU or nn.LSTM) and head (nn.Linear) that answers from its last layer.

    The head's first weights are those of nn.Linear, drawn from generator: the same bits as
    `torch.manual_seed(seed); nn.Linear(D*H, K)` where the generator is fresh from that seed.
    Without a generator nothing is drawn: its state_dict has to be loaded.
    """

    def __init__(self, recipe: Recipe, generator: torch.Generator | None = None) -> None:
        super().__init__()
        task = TASKS[recipe.task]
        self.rnn = (build if generator is not None else empty)(recipe.spec).train()
        states = recipe.spec.num_directions * recipe.spec.hidden_size
        outputs = len(task.outputs(recipe.data))
        self.head = _head(states, outputs, generator)
        self.last_step, self.truncation = task.last_step, recipe.truncation

    def forward(self, batch: Batch) -> Tensor:
        """What to compare with batch.y: (T - first, N, K), or (N, K) of the last step."""
        output = self._read(batch)  # (T, N, D*H)
        asked = output[-1] if self.last_step else output[batch.first :]
        answers: Tensor = self.head(asked)
        return answers

    def _read(self, batch: Batch) -> Tensor:
        if self.rnn.bidirectional and batch.lengths is not None:
            # the reverse direction has to begin at each sequence's own end
            packed = nn.utils.rnn.pack_padded_sequence(batch.x, batch.lengths, enforce_sorted=False)
            output, _ = nn.utils.rnn.pad_packed_sequence(
                self.rnn(packed)[0], total_length=len(batch.x)
            )
            return output
        if self.truncation is None or self.truncation >= len(batch.x):
            return self.rnn(batch.x)[0]  # type: ignore[no-any-return]
        outputs, state = [], None
        for part in batch.x.split(self.truncation):
            output, state = self.rnn(part, state)
            state = tuple(s.detach() for s in state) if type(state) is tuple else state.detach()
            outputs.append(output)
        return torch.cat(outputs)


def _head(states: int, outputs: int, generator: torch.Generator | None) -> nn.Linear:
    head = _Blank(states, outputs)
    if generator is not None:
        bound = states**-0.5  # as nn.Linear.reset_parameters, both
        nn.init.uniform_(head.weight, -bound, bound, generator=generator)
        nn.init.uniform_(head.bias, -bound, bound, generator=generator)
    return head


def untrained_head(recipe: Recipe) -> Head:
    """The head with which a recipe's training begins, where the task draws its own data."""
    task, generator = TASKS[recipe.task], torch.Generator().manual_seed(recipe.seed)
    names = task.outputs(recipe.data)
    states = recipe.spec.num_directions * recipe.spec.hidden_size
    head = _head(states, len(names), generator).requires_grad_(False)
    activation = "softmax" if task.classes else "identity"
    return Head(head.weight.numpy(), head.bias.numpy(), activation, names)


def model_of(recipe: Recipe, weights: Mapping[str, FloatArray]) -> Model:
    """The trained network for anybody's data: weights by the names of Network's state_dict."""
    task, spec = TASKS[recipe.task], recipe.spec
    weights = task.in_data_units(recipe, weights)
    return Model(
        # "given": these weights can no longer be built from a seed
        replace(spec, init="given", forget_bias=None, seed=0),
        {name[4:]: value for name, value in weights.items() if name.startswith("rnn.")},
        Head(
            weights["head.weight"],
            weights["head.bias"],
            "softmax" if task.classes else "identity",
            task.outputs(recipe.data),
        ),
    )
