"""Lesson 5: the sample network, run and stepped; why output[-1] is hidden."""

from __future__ import annotations

from string import Template

from seqviz.lessons.lesson import Found, Judgement, Lesson, traced
from seqviz.lessons.sizes import Sizes
from seqviz.lessons.snippet import run

_CODE = Template("""\
import torch
from torch import nn

input_size, hidden_size, sequence_length, batch_size = 3, $hidden, $steps, 1
torch.manual_seed($seed)
rnn = nn.RNN(input_size, hidden_size)
x = torch.randn(sequence_length, batch_size, input_size)

output, hidden = rnn(x)  # all steps at once
h = torch.zeros(1, batch_size, hidden_size)
for t in range(sequence_length):  # the same, step by step
    _, h = rnn(x[t : t + 1], h)
    print("step", t + 1, h.detach().flatten())
print("output[-1]", output[-1].detach().flatten())
print("hidden    ", hidden.detach().flatten())
print("equal:", torch.equal(output[-1], hidden[0]))
""")


def snippet(sizes: Sizes) -> str:
    return _CODE.substitute(seed=sizes.seed, hidden=sizes.hidden, steps=sizes.steps)


def find(sizes: Sizes) -> Found:
    """The truth is the column of the heatmap that holds hidden."""
    names = run(snippet(sizes)).names
    run_of = traced(names["rnn"], names["x"])
    hidden = names["hidden"].detach().numpy()[0, 0]
    columns = [run_of.h_0[0, 0], *run_of.h[0, 0]]
    column = max(k for k, states in enumerate(columns) if abs(states - hidden).max() < 1e-6)
    numbers = {"column": str(column), "steps": str(sizes.steps), "hidden": str(sizes.hidden)}
    return Found(str(column), numbers, {"": run_of})


def judge(found: Found, answer: str) -> Judgement:
    """The first column is h_0, those in between are earlier rows of output."""
    if answer == found.truth:
        return Judgement(True, "right")
    return Judgement(False, "start" if answer == "0" else "between")


LESSON = Lesson(
    "sample_network",
    "cell",
    Sizes(input=3, hidden=5, steps=4),
    ("seed", "hidden", "steps"),
    snippet,
    find,
    judge,
    seen=None,
)
