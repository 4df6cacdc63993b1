"""What a teacher would say of a trace: its shapes, its last output, and a summary in words."""

from __future__ import annotations

import numpy as np
import torch

from seqviz.labels import number
from seqviz.types import FloatArray, RNNSpec, Trace

SHOWN = 6  # numbers of output[-1] before the rest becomes "..."


def last_lines(trace: Trace) -> list[str]:
    """The lesson's last lines as PyTorch prints them: shapes, output[-1], whether it is h_n[-1].

    The comparison is made, not assumed: with two directions h_n[-1] is the reverse direction's
    state after reading down to the first step, while output[-1] stands at the last step.
    """
    steps, width = trace.output.shape
    call = "output, (h_n, c_n)" if trace.spec.mode == "LSTM" else "output, h_n"
    arguments = "x, (h_0, c_0)" if trace.spec.mode == "LSTM" else "x, h_0"
    x_shape = torch.Size((steps, 1, trace.x.shape[1]))
    output_shape = torch.Size((steps, 1, width))
    h_n_shape = torch.Size((len(trace.h_n), 1, trace.h_n.shape[1]))
    return [
        f"{call} = rnn({arguments})"
        f"  # x {_size(x_shape)}  output {_size(output_shape)}  h_n {_size(h_n_shape)}",
        f"output[-1]  # tensor([[{_numbers(trace.output[-1])}]])",
        f"output[-1] == h_n[-1]  # {_comparison(trace)}",
    ]


def what_is_seen(spec: RNNSpec, steps: int, weights: str, ahead: int = 0) -> str:
    """What a heatmap of this network is, in words for somebody who has never seen one.

    weights: a sentence on where the network's own come from. ahead: columns after the steps, in
    which it goes on by itself.
    """
    units = "1 hidden unit" if spec.hidden_size == 1 else f"{spec.hidden_size:,} hidden units"
    row = f"Each row is the {units[2:]}" if spec.hidden_size == 1 else f"Each row is one of {units}"
    column = "the column is the only step" if steps == 1 else f"each column one of {steps:,} steps"
    return f"{row}, {column}{f' and {ahead:,} ahead' if ahead else ''}. {weights}"


def prediction_misses(
    by: float, repeating: float, learned: int = 0, goes_on: bool = False, fades: bool = False
) -> str:
    """How good a prediction of the next value is, beside the one that takes no network, and where
    it is drawn. learned: the steps before those it is judged on. goes_on: beyond the last one.
    fades: so far beyond that waves grow flat."""
    ahead = "; dashed, it goes on by itself" if goes_on else ""
    fading = ", where many waves grow flat after some 60 steps" if ahead and fades else ""
    where = f" after the {learned:,} steps it has learned from" if learned else ""
    return (
        f": its prediction misses by {number(by, 2)} on average{where}, repeating the last value "
        f"by {number(repeating, 2)}. The coloured line over x is its prediction"
        f"{ahead}{fading}."
    )


def in_words(trace: Trace, quantity: str = "h") -> str:
    """The picture in a few sentences, for those who do not see it. Markdown."""
    values = trace.quantity(quantity)
    low, high = _place(trace, values, values.argmin()), _place(trace, values, values.argmax())
    spec = trace.spec
    layers = f"{spec.num_layers} layer{'s' * (spec.num_layers > 1)}"
    directions = " in two directions" if spec.bidirectional else ""
    return (
        f"{len(trace)} step{'s' * (len(trace) > 1)} through {layers} of "
        f"{spec.hidden_size} units{directions}. "
        f"{quantity} runs from {number(values.min())} ({low}) to {number(values.max())} ({high}). "
        f"{_change(values)}"
    )


def _comparison(trace: Trace) -> str:
    hidden = trace.spec.hidden_size
    if not trace.spec.bidirectional:
        same = bool(np.array_equal(trace.output[-1], trace.h_n[-1]))
        return f"{same}, {f'all {hidden} values' if hidden > 1 else 'the only value'}"
    first = bool(np.array_equal(trace.output[-1, :hidden], trace.h_n[-2]))
    last = bool(np.array_equal(trace.output[0, hidden:], trace.h_n[-1]))
    return (
        f"shapes differ: forward ends at the last step, output[-1][:, :{hidden}] == h_n[-2] is "
        f"{first}; reverse ends at the first, output[0][:, {hidden}:] == h_n[-1] is {last}"
    )


def _numbers(values: FloatArray) -> str:
    text = ", ".join(f"{value:.4f}" for value in values[:SHOWN])
    return text + (", ..." if len(values) > SHOWN else "")


def _size(shape: torch.Size) -> str:
    return str(tuple(shape))


def _place(trace: Trace, values: FloatArray, flat: np.intp) -> str:
    layer, direction, t, unit = (int(k) for k in np.unravel_index(flat, values.shape))
    reverse = " reverse" if direction else ""
    label = "" if trace.labels[t] == str(t + 1) else f", “{trace.labels[t]}”"
    return f"layer {layer + 1}{reverse}, unit {unit}, step {t + 1}{label}"


def _change(values: FloatArray) -> str:
    """How much the top layer moves from one step to the next, and where most."""
    top = values[-1, 0]  # (T, H)
    if len(top) < 2:
        return "One step only, so nothing changes."
    moved = np.linalg.norm(np.diff(top, axis=0), axis=1)  # (T-1,)
    t = int(moved.argmax())
    return (
        f"The last layer changes most from step {t + 1} to step {t + 2}, by {number(moved[t])} "
        f"(median {number(np.median(moved))})."
    )
