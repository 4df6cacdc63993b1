"""Which cell is open: from the field `selected` and the player's step to a place in the Trace."""

from __future__ import annotations

from dataclasses import dataclass

from pages.state.schema import Settings
from seqviz.types import Trace

ORIGINAL, CHANGED, DIFFERENCE = 0, 1, 2  # the player's runs on Explore
PREDICTION = -1  # the layer of a prediction's cells, as the player has it; "p" in a link


@dataclass(frozen=True)
class Selection:
    """A unit and the step the player stands at. step counts what was read, 0 to T; t counts the
    input from 0 and is None at step 0, where there is only h_0. Of a prediction, layer is
    PREDICTION and unit one of the head's K outputs."""

    run: int
    layer: int
    direction: int
    unit: int
    step: int
    t: int | None

    @property
    def is_prediction(self) -> bool:
        """Whether it is an output of the head and no unit of a layer."""
        return self.layer == PREDICTION


def cell(text: str) -> tuple[int, int, int, int] | None:
    """Run, layer, direction and unit, all from 0, of the field `selected`."""
    if not text:
        return None
    parts = text.replace("p", str(PREDICTION)).split(".")
    layer, direction, unit, run = (int(part) for part in [*parts, "0"][:4])
    return run, layer, direction, unit


def cell_text(run: int, layer: int, direction: int, unit: int) -> str:
    """The field `selected` for a cell."""
    place = "p" if layer == PREDICTION else layer
    return f"{place}.{direction}.{unit}" + (f".{run}" if run else "")


def selected(settings: Settings, trace: Trace) -> Selection | None:
    """The open cell, or None when none is chosen or the network no longer has it."""
    chosen = cell(settings.selected)
    if chosen is None:
        return None
    run, layer, direction, unit = chosen
    layers, directions, steps, hidden = trace.h.shape
    if layer == PREDICTION:
        if trace.head is None or unit >= len(trace.head.names):
            return None
    elif layer >= layers or direction >= directions or unit >= hidden:
        return None
    step = steps if settings.step is None else min(settings.step, steps)
    t = None if step == 0 else steps - step if direction else step - 1
    return Selection(run, layer, direction, unit, step, t)
