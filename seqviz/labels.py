"""One cell of the heatmaps in words: what it is called, and what its value reads."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from html import escape

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.indices import checked_cell, checked_step
from seqviz.types import FloatArray, Trace


def announce(
    trace: Trace, layer: int, direction: int, unit: int, t: int, quantity: str = "h"
) -> str:
    """The selected cell as text: "layer 1, unit 7, step 18: h = 0.4213".

    Layers and steps count from 1, units from 0 as in h[..., 7]; direction 1 reads
    "layer 1 reverse". Raises SeqvizError when there is no such cell or quantity.
    """
    layer, direction, unit, t = checked_cell(trace, layer, direction, unit, t)
    value = float(trace.quantity(quantity)[layer, direction, t, unit])
    return (
        f"{layer_name(layer, direction)}, unit {unit}, step {t + 1}: {quantity} = {number(value)}"
    )


def announce_prediction(trace: Trace, unit: int, t: int) -> str:
    """The selected output of a head as text: "prediction, step 18: e = 0.4213".

    Steps count from 1. Raises SeqvizError when there is no such output or step.
    """
    t = checked_step(len(trace), t)
    if trace.head is None or trace.prediction is None or not 0 <= unit < len(trace.head.names):
        raise SeqvizError(f"This network answers no output {unit}: choose one that its head has.")
    value, name = float(trace.prediction[t, unit]), one_line(trace.head.names[unit])
    return f"prediction, step {t + 1}: {name} = {number(value)}"


def extremes(
    trace: Trace, layer: int, direction: int, unit: int, quantity: str = "h"
) -> tuple[int, int]:
    """The steps (t_max, t_min), from 0, where a unit is largest and smallest; NaN is passed over.

    Raises SeqvizError when there is no such unit or quantity.
    """
    layer, direction, unit, _ = checked_cell(trace, layer, direction, unit, 0)
    return extremes_of(trace.quantity(quantity)[layer, direction, :, unit])


def extremes_of(values: FloatArray) -> tuple[int, int]:
    """The steps (t_max, t_min), from 0, where values (T,) are largest and smallest, but for NaN."""
    highest = np.where(np.isnan(values), -np.inf, values)
    lowest = np.where(np.isnan(values), np.inf, values)
    return int(highest.argmax()), int(lowest.argmin())


def number(value: float, digits: int = 4) -> str:
    """A measured value as every screen writes it: "0.4213", "−0.0005000", "1.235e+7".

    0, and sizes from 10^(1 - digits) up to 10^7: with that many decimals. Smaller ones, down to
    10^-8: in as many decimals as it takes to show `digits` figures. Others: a power of ten and
    digits - 1 decimals. Halves round away from zero, as toFixed and toExponential do in
    JavaScript. A minus is one (U+2212), -0 reads as 0; what is no number reads "nan", "inf" or
    "−inf".
    tests/seqviz/number_cases.json holds values and texts for every language that writes them.
    """
    # from float32, whose own arithmetic would round again
    return _plain(float(value), digits).replace("-", "−")


def _plain(value: float, digits: int) -> str:
    if not math.isfinite(value):
        return str(value)
    size = abs(value)
    if size == 0:
        return f"{0:.{digits}f}"
    if 10.0 ** (1 - digits) <= size < 1e7:
        return _fixed(value, digits)
    figures = Context(digits, ROUND_HALF_UP).create_decimal_from_float(value)
    if size < 1e-8 or size >= 1e7:
        return f"{figures:.{digits - 1}e}"
    return f"{figures:.{digits - 1 - figures.adjusted()}f}"


def _fixed(value: float, decimals: int) -> str:
    if abs(value) * 10**decimals % 1 == 0.5:  # Python rounds a half to even, JavaScript up
        half_up = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        return f"{half_up:.{decimals}f}"
    return f"{value:.{decimals}f}"


def rounded(value: float, figures: int = 2) -> str:
    """A size within a sentence: "0.42", "4.2", "440", "12,000", with so many figures and, from 1
    to ten million, no power of ten.
    """
    text = f"{value:.{figures}g}"
    return f"{float(text):,.0f}" if 1 <= abs(value) < 1e7 and "e+" in text else text


def layer_name(layer: int, direction: int) -> str:
    """ "layer 1", or "layer 1 reverse": counted from 1."""
    return f"layer {layer + 1}{' reverse' if direction else ''}"


def one_line(name: str) -> str:
    """A name on one line and at most 16 characters, spaces and controls made visible."""
    visible = "".join(character if character.isprintable() else "·" for character in name)
    visible = "␣" if visible == " " else visible
    return visible if len(visible) <= 16 else visible[:15] + "…"


def plotly_text(text: str) -> str:
    """Words for a Plotly figure, which reads a little HTML: a label stays what it is."""
    return escape(text, quote=False)


_ESCAPED = {c: f"\\{c}" for c in "{}$%#&_"} | {"\\": r"\textbackslash{}"}
_ESCAPED |= {"␣": "space"}  # KaTeX's fonts have no such sign
_ESCAPED |= {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def latex_text(text: str) -> str:
    r"""text inside \text{...}, with nothing left that LaTeX would obey; "" stays ""."""
    escaped = "".join(_ESCAPED.get(character, character) for character in text)
    return rf"\text{{{escaped}}}" if escaped else ""
