"""Lesson 2: one value of one step, with pencil and paper."""

from __future__ import annotations

import math
from string import Template

import torch

from seqviz.lessons.lesson import Found, Judgement, Lesson, spoken, traced
from seqviz.lessons.sizes import Sizes
from seqviz.lessons.snippet import run
from seqviz.rnn.model import with_weights
from seqviz.types import RNNSpec

NEAR = 0.03  # what rounding while one computes may add up to

_CODE = Template("""\
import torch

torch.manual_seed($seed)
tenths = lambda *shape: torch.randint(-10, 11, shape) / 10
W_ih, W_hh = tenths(2, 1), tenths(2, 2)
b_ih, b_hh = tenths(2), tenths(2)
x, h = tenths(6, 1), tenths(2)

start = h
for x_t in x:
    h = torch.tanh(W_ih @ x_t + b_ih + W_hh @ h + b_hh)
    print(h)
""")


def snippet(sizes: Sizes) -> str:
    return _CODE.substitute(seed=sizes.seed)


def find(sizes: Sizes) -> Found:
    names = run(snippet(sizes)).names
    w, r = names["W_ih"], names["W_hh"]
    b, b_h, x, h = names["b_ih"], names["b_hh"], names["x"], names["start"]
    new, kept, bias = float(w[0] @ x[0]), float(r[0] @ h), float(b[0] + b_h[0])
    names_of = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    weights = {n: spoken(value) for n, value in zip(names_of, (w, r, b, b_h), strict=True)}
    rnn = with_weights(RNNSpec(input_size=1, hidden_size=2), weights)
    run_of = traced(rnn, x[:, None], h[None, None])
    numbers = {
        "w": _tenth(w[0, 0]), "r0": _tenth(r[0, 0]), "r1": _tenth(r[0, 1]), "b": _tenth(b[0]),
        "b_h": _tenth(b_h[0]), "x": _tenth(x[0, 0]), "h0": _tenth(h[0]), "h1": _tenth(h[1]),
        "sum": f"{new + kept + bias:.2f}", "value": f"{run_of.h[0, 0, 0, 0]:.3f}",
        "no_tanh": str(new + kept + bias), "no_state": str(math.tanh(new + bias)),
        "no_bias": str(math.tanh(new + kept)), "near": f"{NEAR:g}",
    }  # fmt: skip
    return Found(f"{run_of.h[0, 0, 0, 0]:.4f}", numbers, {"": run_of})


def judge(found: Found, answer: str) -> Judgement:
    """Wrong values that come from a known slip are named."""
    value = float(answer)
    if abs(value - float(found.truth)) <= NEAR:
        return Judgement(True, "right")
    for slip in ("no_tanh", "no_state", "no_bias"):
        if abs(value - float(found.numbers[slip])) <= NEAR:
            return Judgement(False, slip)
    if abs(value) > 1:
        return Judgement(False, "too_large")
    return Judgement(False, "other")


def offers(found: Found) -> list[float]:
    """The value and those of known slips, rounded, each once, from the smallest to the largest."""
    slips = (found.numbers[slip] for slip in ("no_tanh", "no_state", "no_bias"))
    return sorted({round(float(value), 2) for value in (found.truth, *slips)})


def _tenth(value: torch.Tensor) -> str:
    return f"{float(value):.1f}".replace("-", "\u2212")


LESSON = Lesson(
    "one_step",
    "number",
    Sizes(seed=56, hidden=2, steps=6),
    ("seed",),
    snippet,
    find,
    judge,
    number=(-3.0, 3.0, 0.01),
    offers=offers,
)
