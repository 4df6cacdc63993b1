"""One cell of the heatmaps: does it exist, what is it called, what does its value read."""

from __future__ import annotations

import math

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.types import Trace


def announce(
    trace: Trace, layer: int, direction: int, unit: int, t: int, quantity: str = "h"
) -> str:
    """The selected cell as text: "layer 1, unit 7, step 18: h = 0.4213".

    Layers and steps count from 1, units from 0 as in h[..., 7]; direction 1 reads
    "layer 1 reverse". Raises SeqvizError when there is no such cell or quantity.
    """
    check_cell(trace, layer, direction, unit, t)
    value = float(trace.quantity(quantity)[layer, direction, t, unit])
    return (
        f"{layer_name(layer, direction)}, unit {unit}, step {t + 1}: {quantity} = {number(value)}"
    )


def extremes(
    trace: Trace, layer: int, direction: int, unit: int, quantity: str = "h"
) -> tuple[int, int]:
    """The steps (t_max, t_min), from 0, where a unit is largest and smallest; NaN is passed over.

    Raises SeqvizError when there is no such unit or quantity.
    """
    check_cell(trace, layer, direction, unit, 0)
    values = trace.quantity(quantity)[layer, direction, :, unit]  # (T,)
    highest = np.where(np.isnan(values), -np.inf, values)
    lowest = np.where(np.isnan(values), np.inf, values)
    return int(highest.argmax()), int(lowest.argmin())


def number(value: float, digits: int = 4) -> str:
    """value with that many decimals; more when it is small, powers of ten only when extreme."""
    if not math.isfinite(value):
        return str(value)
    size = abs(value)
    if size == 0:
        return f"{0:.{digits}f}"
    if size >= 1e7 or size < 1e-8:
        return f"{value:.{digits - 1}e}"
    if size < 10.0 ** (1 - digits):  # decimals enough for `digits` figures that say something
        return f"{value:.{digits - 1 - math.floor(math.log10(size))}f}"
    return f"{value:.{digits}f}"


def layer_name(layer: int, direction: int) -> str:
    """ "layer 1", or "layer 1 reverse": counted from 1."""
    return f"layer {layer + 1}{' reverse' if direction else ''}"


def check_cell(trace: Trace, layer: int, direction: int, unit: int, t: int) -> None:
    """Raise SeqvizError unless the trace has this layer, direction, unit and step."""
    layers, directions, steps, hidden = trace.h.shape
    if not 0 <= layer < layers:
        raise SeqvizError(f"There is no layer {layer + 1}: choose one from 1 to {layers}.")
    if not 0 <= direction < directions:
        raise SeqvizError("This network reads forwards only: choose direction 0.")
    if not 0 <= unit < hidden:
        raise SeqvizError(f"There is no unit {unit}: choose one from 0 to {hidden - 1}.")
    if not 0 <= t < steps:
        raise SeqvizError(f"There is no step {t + 1}: choose one from 1 to {steps}.")


def one_line(name: str) -> str:
    """A name on one line and at most 16 characters, spaces and controls made visible."""
    visible = "".join(character if character.isprintable() else "·" for character in name)
    visible = "␣" if visible == " " else visible
    return visible if len(visible) <= 16 else visible[:15] + "…"


_ESCAPED = {c: f"\\{c}" for c in "{}$%#&_"} | {"\\": r"\textbackslash{}"}
_ESCAPED |= {"␣": "space"}  # KaTeX's fonts have no such sign
_ESCAPED |= {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def latex_text(text: str) -> str:
    r"""text inside \text{...}, with nothing left that LaTeX would obey; "" stays ""."""
    escaped = "".join(_ESCAPED.get(character, character) for character in text)
    return rf"\text{{{escaped}}}" if escaped else ""
