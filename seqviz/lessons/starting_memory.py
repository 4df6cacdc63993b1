"""Lesson 4: two starting memories, one input: who still knows which it was?"""

from __future__ import annotations

from string import Template

from seqviz.lessons.lesson import Found, Judgement, Lesson, percent, traced
from seqviz.lessons.sizes import Sizes
from seqviz.lessons.snippet import run

NEAR = 5.0  # percentage points

_CODE = Template("""\
import torch
from torch import nn

torch.manual_seed($seed)
rnn = nn.RNN(10, $hidden, 1)
x = torch.randn($steps, 1, 10)
zeros, random = torch.zeros(1, 1, $hidden), torch.randn(1, 1, $hidden)

a, b = rnn(x, zeros)[0], rnn(x, random)[0]  # ($steps, 1, $hidden)
left = (a - b).norm(dim=2)[:, 0] / random.norm()
for step in range(1, $steps + 1):
    print(f"after step {step}: {left[step - 1]:.1%}")
""")


def snippet(sizes: Sizes) -> str:
    return _CODE.substitute(seed=sizes.seed, hidden=sizes.hidden, steps=sizes.steps)


def find(sizes: Sizes) -> Found:
    names = run(snippet(sizes)).names
    left, at = names["left"].detach(), min(10, sizes.steps)
    share = float(left[at - 1])
    numbers = {
        "share": percent(share),
        "first": percent(float(left[0])),
        "at": str(at),
        "near": f"{NEAR:g}",
    }
    runs = {
        "random_start": traced(names["rnn"], names["x"], names["random"]),
        "zero_start": traced(names["rnn"], names["x"], names["zeros"]),
    }
    return Found(f"{100 * share:.2f}", numbers, runs)


def judge(found: Found, answer: str) -> Judgement:
    """Too much is told from far too much."""
    guess, truth = float(answer), float(found.truth)
    if abs(guess - truth) <= NEAR:
        return Judgement(True, "right")
    if guess < truth:
        return Judgement(False, "too_little")
    return Judgement(False, "all" if guess >= 50 else "some")


LESSON = Lesson(
    "starting_memory",
    "number",
    Sizes(input=10, hidden=20, steps=12),
    ("seed", "hidden", "steps"),
    snippet,
    find,
    judge,
    number=(0.0, 100.0, 1.0),
    offers=lambda _: (90, 50, 20, 5, 1, 0.1),
)
