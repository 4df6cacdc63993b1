"""Lesson 1: the same values in another order end in another state."""

from __future__ import annotations

from string import Template

from seqviz.lessons.lesson import Found, Lesson, by_choice, percent, traced
from seqviz.lessons.sizes import Sizes
from seqviz.lessons.snippet import run

SAME = 1e-3  # states that differ by less are the same, rounding aside

_CODE = Template("""\
import torch
from torch import nn

torch.manual_seed($seed)
rnn = nn.RNN(1, $hidden)
x = torch.randn($steps, 1, 1)
shuffled = x[torch.randperm($steps)]

a, b = rnn(x)[1], rnn(shuffled)[1]  # the last states
print(f"mean of x: {x.mean():.4f}, shuffled: {shuffled.mean():.4f}")
print(f"the states differ by {(a - b).norm() / a.norm():.0%} of their size")
""")


def snippet(sizes: Sizes) -> str:
    return _CODE.substitute(seed=sizes.seed, hidden=sizes.hidden, steps=sizes.steps)


def find(sizes: Sizes) -> Found:
    names = run(snippet(sizes)).names
    a, b, x, shuffled = (names[name].detach() for name in ("a", "b", "x", "shuffled"))
    share = float((a - b).norm() / a.norm())
    units = int(((a - b).abs() > SAME).sum())
    truth = "a" if share < SAME else "b" if 2 * units < sizes.hidden else "c"
    numbers = {
        "share": percent(share),
        "mean": f"{float(x.mean()):.4f}",
        "other_mean": f"{float(shuffled.mean()):.4f}",
        "units": str(units),
        "hidden": str(sizes.hidden),
        "steps": str(sizes.steps),
    }
    runs = {"in_order": traced(names["rnn"], x), "shuffled": traced(names["rnn"], shuffled)}
    return Found(truth, numbers, runs)


LESSON = Lesson(
    "order",
    "choice",
    Sizes(hidden=12, steps=16),
    ("seed", "hidden", "steps"),
    snippet,
    find,
    by_choice,
    options=("a", "b", "c"),
)
