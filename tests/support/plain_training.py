"""The judge of training: a loop as anybody writes it in PyTorch, from the global random state."""

from contextlib import contextmanager

import torch
from torch import nn

from seqviz.training.recipe import Recipe
from seqviz.types import RNNSpec


@contextmanager
def global_seed(seed):
    """torch.manual_seed for as long as this lasts."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield


def adding_recipe(mode="LSTM", **changes):
    """The adding problem, small: 12 steps, batches of 8."""
    spec = RNNSpec(mode, input_size=2, hidden_size=5, num_layers=2, seed=3)
    settings = {"steps": 12, "iterations": 23, "batch_size": 8, "lr": 2e-2, "seed": 7}
    return Recipe("adding", **{"spec": spec, **settings, **changes})


def plain_adding(recipe):
    """rnn, head, losses and gradient norms after training on the adding problem."""
    kinds = {"LSTM": nn.LSTM, "GRU": nn.GRU, "RNN_TANH": nn.RNN}
    optimizers = {"Adam": torch.optim.Adam, "SGD": torch.optim.SGD, "RMSprop": torch.optim.RMSprop}
    with global_seed(recipe.spec.seed):
        rnn = kinds[recipe.spec.mode](2, recipe.spec.hidden_size, recipe.spec.num_layers)
    losses, norms = [], []
    with global_seed(recipe.seed):
        head = nn.Linear(recipe.spec.hidden_size, 1)
        parameters = [*rnn.parameters(), *head.parameters()]
        optimizer = optimizers[recipe.optimizer](parameters, lr=recipe.lr)
        T, N = recipe.steps, recipe.batch_size
        for _ in range(recipe.iterations):
            values = torch.rand(T, N)
            first = torch.randint(0, T // 2, (N,))
            second = torch.randint(T // 2, T, (N,))
            markers, target = torch.zeros(T, N), torch.zeros(N, 1)
            for n in range(N):
                markers[first[n], n] = markers[second[n], n] = 1
                target[n] = values[first[n], n] + values[second[n], n]
            optimizer.zero_grad()
            output, _ = rnn(torch.stack([values, markers], dim=2))
            loss = nn.functional.mse_loss(head(output[-1]), target)
            loss.backward()
            limit = float("inf") if recipe.clip is None else recipe.clip
            norms.append(nn.utils.clip_grad_norm_(parameters, limit).item())
            optimizer.step()
            losses.append(loss.item())
    return rnn, head, losses, norms
