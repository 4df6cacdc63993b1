"""One place that says whether a network has a layer, direction, unit or step, and what to choose.

All indices count from 0, as the axes of a Trace do, and errors count as the arguments do; a layer
may also be counted from the last one, -1.
"""

from __future__ import annotations

from operator import index

from seqviz.errors import SeqvizError
from seqviz.types import RNNSpec, Trace


def checked_layer(spec: RNNSpec, layer: int) -> int:
    """layer from 0 to L - 1, where -1 means the last. SeqvizError when there is none."""
    layers = spec.num_layers
    counted = _whole("layer", layer)
    if not -layers <= counted < layers:
        raise SeqvizError(f"layer is {layer}: {_choice(layers)}, or -1 for the last.")
    return counted % layers


def checked_direction(spec: RNNSpec, direction: int) -> int:
    """direction, 0 or 1. SeqvizError when the network does not read that way."""
    counted = _whole("direction", direction)
    if not 0 <= counted < spec.num_directions:
        only = "" if spec.bidirectional else ", since only a bidirectional network has a second one"
        raise SeqvizError(f"direction is {direction}: {_choice(spec.num_directions)}{only}.")
    return counted


def checked_unit(spec: RNNSpec, unit: int) -> int:
    """unit from 0 to H - 1. SeqvizError when there is none."""
    return _within("unit", unit, spec.hidden_size)


def checked_feature(spec: RNNSpec, feature: int) -> int:
    """feature of x from 0 to I - 1. SeqvizError when there is none."""
    return _within("feature", feature, spec.input_size)


def checked_step(steps: int, t: int) -> int:
    """t from 0 to steps - 1. SeqvizError when the sequence has no such step."""
    return _within("t", t, steps)


def checked_cell(
    trace: Trace, layer: int, direction: int, unit: int, t: int
) -> tuple[int, int, int, int]:
    """(layer, direction, unit, t) of a value in the trace. SeqvizError when there is none."""
    return (
        checked_layer(trace.spec, layer),
        checked_direction(trace.spec, direction),
        checked_unit(trace.spec, unit),
        checked_step(len(trace), t),
    )


def _within(name: str, value: int, size: int) -> int:
    counted = _whole(name, value)
    if not 0 <= counted < size:
        raise SeqvizError(f"{name} is {value}: {_choice(size)}.")
    return counted


def _whole(name: str, value: int) -> int:
    try:
        return index(value)
    except TypeError as error:
        raise SeqvizError(f"{name} is {value!r:.40}: give a whole number.") from error


def _choice(size: int) -> str:
    return "choose 0" if size == 1 else f"choose one from 0 to {size - 1}"
