"""What an untrained network makes of a first visit's curve, computed here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import seqviz
from pages.state import schema
from seqviz.data import drawing, drawing_payload

STEPS, UNITS = 60, 16


def first_visit(**changes: Any) -> seqviz.Trace:
    """The trace of what `visit()` shows, a tanh network, with changes to it."""
    values = schema.Settings()
    spec = seqviz.RNNSpec("RNN_TANH", 1, values.hidden_size, values.num_layers)
    rnn = seqviz.build(replace(spec, seed=values.seed, **changes))
    return seqviz.trace(rnn, drawing.curve(drawing_payload.unpack_levels(values.curve), STEPS))
