"""LBFGS gives the numbers of torch.optim's, to the last bit."""

import torch
from torch import nn

from seqviz.training.optimizers import LBFGS


def minimised(optimizer_class):
    """Softmax regression on numbers of its own: the weights and the loss before."""
    generator = torch.Generator().manual_seed(1)
    x, classes = torch.randn(40, 5, generator=generator), torch.arange(40) % 3
    weight = nn.Parameter(torch.zeros(3, 5))
    optimizer = optimizer_class([weight], max_iter=20, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        value = nn.functional.cross_entropy(x @ weight.T, classes)
        value.backward()
        return value

    return weight.detach(), optimizer.step(loss)


def test_lbfgs_gives_the_numbers_of_pytorchs_own():
    (mine, began), (asked, there) = minimised(LBFGS), minimised(torch.optim.LBFGS)
    assert torch.equal(mine, asked) and torch.equal(began, there) and mine.abs().max() > 0
