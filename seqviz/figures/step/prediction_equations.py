"""The equations of a head's answer: as LaTeX with PyTorch's symbols, then with numbers; and in one
line of plain text.
"""

from __future__ import annotations

import numpy as np

from seqviz.analysis.prediction_step import PredictionStep
from seqviz.figures.step.equations import plain_factor
from seqviz.figures.step.latex_sums import latex, sum_of
from seqviz.labels import latex_text, number

RIVALS = 3  # other classes written out, the likeliest


def formula(classes: bool) -> list[str]:
    """What a head does, one equation a line: the sum, and where it answers with classes softmax.

    W (K, D*H) and b (K,) as nn.Linear has them, h_t the states of the last layer.
    """
    result = "s" if classes else r"\hat{y}"
    lines = [rf"{result}_t[k] = \sum_j W_{{kj}}\, h_t[j] + b_k"]
    if classes:
        lines.append(r"p_t[k] = \frac{e^{s_t[k]}}{\sum_m e^{s_t[m]}}")
    return lines


def with_values(opened: PredictionStep, digits: int = 4, largest: int = 2) -> list[str]:
    """The lines of formula(opened.classes) with this step's numbers.

    Of the products the `largest` are written out and named, of the other classes the likeliest
    three; the others are summed.
    """
    name = latex_text(opened.name)
    summed = sum_of(opened.from_states, (rf"b_{{{name}}}", opened.bias), digits, largest)
    result = latex(opened.total if opened.classes else opened.value, digits)
    letter = "s" if opened.classes else r"\hat{y}"
    first = rf"\begin{{aligned}} {letter}_t[{name}] &= {summed} \\ &= {result} \end{{aligned}}"
    return [first, _softmax(opened, digits)] if opened.classes else [first]


def _softmax(opened: PredictionStep, digits: int) -> str:
    """One class a line: a phone is narrow."""
    named, others = opened.rivals[:RIVALS], opened.rivals[RIVALS:]
    parts = [
        rf"{_power(opened, k, digits)}\,({latex_text(opened.names[k])})"
        for k in (opened.unit, *named)
    ]
    if others:
        with np.errstate(all="ignore"):
            left = float(np.exp(opened.sums[list(others)]).sum())
        parts.append(rf"\text{{{len(others)} more adding }} {latex(left, digits)}")
    below = r" \\ &\quad + ".join(parts)
    own, value = _power(opened, opened.unit, digits), latex(opened.value, digits)
    return (
        rf"\begin{{aligned}} p_t[{latex_text(opened.name)}] &= {own} \,\big/\, \bigl({below}"
        rf"\bigr) \\ &= {value} \end{{aligned}}"
    )


def _power(opened: PredictionStep, k: int, digits: int) -> str:
    return rf"e^{{{latex(float(opened.sums[k]), digits)}}}"


def in_one_line(opened: PredictionStep, digits: int = 4) -> str:
    """How an answer came about: "softmax(2.1034 from h + 0.2107 bias) = 0.8909"."""
    parts = ((opened.from_states.total, "from h"), (opened.bias, "bias"))
    inside = " + ".join(f"{plain_factor(size, digits)} {word}" for size, word in parts)
    if opened.classes:
        rivals = opened.rivals
        rest = f"; other sums up to {number(opened.sums[rivals[0]], digits)}" if rivals else ""
        inside = f"softmax({inside}{rest})"
    return f"{inside} = {number(opened.value)}"
