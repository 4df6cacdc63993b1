"""What a first visit to Explore shows, computed here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import seqviz
from pages.state import schema
from seqviz.data import drawing, drawing_payload

STEPS, UNITS = 60, 16


def first_visit(**changes: Any) -> seqviz.Trace:
    """The trace of what a first visit shows, with changes to the network."""
    values = schema.Settings()
    spec = seqviz.RNNSpec(values.cell, 1, values.hidden_size, values.num_layers)
    rnn = seqviz.build(replace(spec, seed=values.seed, **changes))
    return seqviz.trace(rnn, drawing.curve(drawing_payload.unpack_levels(values.curve), STEPS))
