"""Lesson 7: what gates change before anything is learned."""

from __future__ import annotations

import math
from string import Template

import numpy as np

from seqviz.analysis.forgetting import steps_until
from seqviz.lessons.lesson import Found, Lesson, by_choice, spoken, traced
from seqviz.lessons.sizes import Sizes
from seqviz.lessons.snippet import run

LONGER = 4  # times: "much longer"

_CODE = Template("""\
import torch
from torch import nn

def left(rnn):  # of an impulse at step 1
    gone = rnn(x)[0] - rnn(0 * x)[0]
    size = gone.norm(dim=2)[:, 0]
    return size / size[0]

x = torch.zeros($steps, 1, 1)
x[0] = 1
networks = {}
for name, cell in {"tanh": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM, "LSTM, b_f": nn.LSTM}.items():
    torch.manual_seed($seed)
    networks[name] = cell(1, $hidden)
with torch.no_grad():  # i f g o: the second block is the forget gate's
    networks["LSTM, b_f"].bias_ih_l0[$hidden : 2 * $hidden] = $bias
    networks["LSTM, b_f"].bias_hh_l0[$hidden : 2 * $hidden] = 0

steps = 2, 5, 10
print(f"{'left at':10}", *[f"{f'step {step}':>7}" for step in steps])
for name, rnn in networks.items():
    late = left(rnn)[[step - 1 for step in steps]].tolist()
    print(f"{name:10}", *[f"{share:7.1%}" for share in late])
""")
_TITLES = {"tanh": "tanh", "GRU": "gru", "LSTM": "lstm", "LSTM, b_f": "lstm_bias"}


def snippet(sizes: Sizes) -> str:
    return _CODE.substitute(
        seed=sizes.seed, hidden=sizes.hidden, steps=sizes.steps, bias=f"{sizes.bias:g}"
    )


def find(sizes: Sizes) -> Found:
    """The truth compares how long tanh and an untrained LSTM keep half."""
    names = run(snippet(sizes)).names
    halves = {
        name: steps_until(spoken(names["left"](rnn)).astype(np.float64), 0.5)
        for name, rnn in names["networks"].items()
    }
    tanh, lstm = halves["tanh"], halves["LSTM"]
    truth = "a" if lstm >= LONGER * tanh else "c" if 2 * lstm < tanh else "b"
    keeps = 1 / (1 + math.exp(-sizes.bias))
    numbers = {
        **{_TITLES[name]: _steps(half, sizes.steps) for name, half in halves.items()},
        "bias": f"{sizes.bias:g}",
        "keeps": f"{keeps:.2f}",
        "keeps_half": f"{math.log(0.5) / math.log(keeps):.0f}",
    }
    networks = {_TITLES[name]: rnn for name, rnn in names["networks"].items()}
    runs = {title: traced(rnn, names["x"]) for title, rnn in networks.items()}
    without = {title: traced(rnn, 0 * names["x"]) for title, rnn in networks.items()}
    return Found(truth, numbers, runs, without=without)


def _steps(count: float, steps: int) -> str:
    return f"{count:.0f}" if np.isfinite(count) else f">\u2009{steps - 1}"


LESSON = Lesson(
    "gates",
    "choice",
    Sizes(steps=30),
    ("seed", "hidden", "bias"),
    snippet,
    find,
    by_choice,
    options=("a", "b", "c"),
    seen=1,
)
