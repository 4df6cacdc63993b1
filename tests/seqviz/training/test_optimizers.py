"""LBFGS is torch.optim's to the last bit, and leaves the compiler where it is."""

import subprocess
import sys

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


TEACHES = """
import sys
from seqviz.applications.handwriting.examples import labelled
from seqviz.applications.handwriting.handwriting import Handwriting
from seqviz.applications.handwriting.taught import taught
taught(Handwriting().model(), {"star": [labelled(k)[0] for k in range(5)]})
print("torch._dynamo" in sys.modules)
"""


def test_a_gesture_is_learned_without_the_compiler():
    """Its import takes the server some seconds, and stays in its memory."""
    told = subprocess.run([sys.executable, "-c", TEACHES], capture_output=True, text=True)
    assert told.stdout == "False\n", told.stderr
