"""Lesson 3: what comes out of nn.RNN, and in which shape."""

from __future__ import annotations

from string import Template

from seqviz.lessons.lesson import Found, Lesson, by_choice, traced
from seqviz.lessons.sizes import Sizes
from seqviz.lessons.snippet import run

_CODE = Template("""\
import torch
from torch import nn

torch.manual_seed($seed)
rnn = nn.RNN($input, $hidden, $layers$both)
x = torch.randn($steps, $batch, $input)
output, hidden = rnn(x)
print("output", tuple(output.shape))
print("hidden", tuple(hidden.shape))
""")


def snippet(sizes: Sizes) -> str:
    return _CODE.substitute(
        seed=sizes.seed,
        input=sizes.input,
        hidden=sizes.hidden,
        layers=sizes.layers,
        both=", bidirectional=True" if sizes.both else "",
        steps=sizes.steps,
        batch=sizes.batch,
    )


def find(sizes: Sizes) -> Found:
    names = run(snippet(sizes)).names
    output, hidden = tuple(names["output"].shape), tuple(names["hidden"].shape)
    steps, batch, features = tuple(names["x"].shape)
    options = {
        "a": (hidden, output),  # the two taken for each other
        "b": (output, hidden),
        "c": ((steps, batch, features), (sizes.layers, batch, features)),
        "d": (output[::2], hidden[::2]),  # the batch left out
    }
    truth = next(key for key, shapes in options.items() if shapes == (output, hidden))
    numbers = {f"{key}_output": str(shapes[0]) for key, shapes in options.items()}
    numbers |= {f"{key}_hidden": str(shapes[1]) for key, shapes in options.items()}
    return Found(truth, numbers | {"output": str(output), "hidden": str(hidden)},
                 {"": traced(names["rnn"], names["x"])})  # fmt: skip


LESSON = Lesson(
    "shapes",
    "choice",
    Sizes(input=10, hidden=20, steps=5),
    ("steps", "batch", "input", "hidden", "layers", "both"),
    snippet,
    find,
    by_choice,
    options=("a", "b", "c", "d"),
)
