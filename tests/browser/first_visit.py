"""What a first visit to Explore shows, computed here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import seqviz
from seqviz import sharing, strokes

STEPS, UNITS = 60, 16


def first_visit(**changes: Any) -> seqviz.Trace:
    """The trace of what a first visit shows, with changes to the network."""
    values = sharing.defaults()
    spec = seqviz.RNNSpec(values["cell"], 1, values["hidden_size"], values["num_layers"])
    rnn = seqviz.build(replace(spec, seed=values["seed"], **changes))
    return seqviz.trace(rnn, strokes.curve(strokes.unpack_levels(values["curve"]), STEPS))
