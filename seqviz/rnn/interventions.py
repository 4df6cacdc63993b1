"""What-if runs: one input changed, a gate held, a unit silenced, through the true recurrence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from seqviz.errors import SeqvizError
from seqviz.indices import (
    checked_direction,
    checked_feature,
    checked_layer,
    checked_step,
    checked_unit,
)
from seqviz.labels import layer_name
from seqviz.limits import MAX_INTERVENTIONS
from seqviz.types import ACTIVATIONS, RNNSpec, Trace

KINDS = ("input", "clamp", "silence")
_LARGEST_INDEX = 99_999  # five digits in a link
_LARGEST_VALUE = 3.0e38  # float32 ends at 3.4e38
_LONGEST_TEXT = MAX_INTERVENTIONS * 64


@dataclass(frozen=True)
class Intervention:
    """One change to a run. Make it with change_input, clamp or silence.

    kind "input": x[t, feature] becomes value. kind "clamp": gate of one unit (None: of all) in a
    layer and direction is value at every step. kind "silence": h (and c) of one unit (None: of
    all) is 0 at every step and before the first. Indices count from 0. What a kind does not use
    keeps its default, so that equal changes are equal values.

    Raises SeqvizError when a field is missing, out of range or not this kind's.
    """

    kind: str
    layer: int = 0
    direction: int = 0
    gate: str | None = None
    unit: int | None = None
    t: int | None = None
    feature: int | None = None
    value: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SeqvizError(f"Unknown change {self.kind!r}: choose one of {', '.join(KINDS)}.")
        changes_input = self.kind == "input"
        if changes_input != (self.t is not None) or changes_input != (self.feature is not None):
            raise SeqvizError("Give a step and a feature to change an input, and only then.")
        if changes_input and (self.layer, self.direction, self.unit) != (0, 0, None):
            raise SeqvizError("An input belongs to no layer: leave layer, direction, unit out.")
        if (self.kind == "clamp") != (self.gate is not None):
            raise SeqvizError("Give a gate to clamp one, and only then.")
        if self.kind == "silence" and self.value != 0:
            raise SeqvizError("A silenced unit is 0: leave value out.")
        for name in ("layer", "direction", "unit", "t", "feature"):
            index = getattr(self, name)
            largest = 1 if name == "direction" else _LARGEST_INDEX
            if index is not None and not (isinstance(index, int) and 0 <= index <= largest):
                raise SeqvizError(f"{name} is {index}: set it to a whole number, 0 to {largest}.")
        if not math.isfinite(self.value) or abs(self.value) > _LARGEST_VALUE:
            raise SeqvizError("The new value must be a finite number that float32 can hold.")
        self._check_gate()
        object.__setattr__(self, "value", float(self.value))

    def _check_gate(self) -> None:
        if self.gate is None:
            return
        if self.gate not in ACTIVATIONS:
            letters = ", ".join(ACTIVATIONS)
            raise SeqvizError(f"There is no gate {self.gate!r}: choose one of {letters}.")
        low = -1 if ACTIVATIONS[self.gate] == "tanh" else 0
        if not low <= self.value <= 1:
            raise SeqvizError(f"Gate {self.gate} lives between {low} and 1: clamp it in there.")


def change_input(t: int, feature: int, value: float) -> Intervention:
    """x[t, feature] becomes value; t and feature count from 0. SeqvizError as Intervention has."""
    return Intervention("input", t=t, feature=feature, value=value)


def clamp(
    gate: str, value: float, *, layer: int = 0, direction: int = 0, unit: int | None = None
) -> Intervention:
    """A gate held at value for the whole sequence, for one unit or (None) all of the layer."""
    return Intervention("clamp", layer, direction, gate, unit, value=value)


def silence(unit: int | None, *, layer: int = 0, direction: int = 0) -> Intervention:
    """h (and c) of one unit, or (None) of all, held at 0 for the whole sequence."""
    return Intervention("silence", layer, direction, unit=unit)


def check(trace: Trace, interventions: Iterable[Intervention]) -> tuple[Intervention, ...]:
    """The interventions as a tuple, once they are known to fit the trace's network and sequence.

    Raises SeqvizError when there are more than MAX_INTERVENTIONS or one names a layer, direction,
    unit, gate, step or feature the trace does not have.
    """
    changes = tuple(interventions)
    _check_count(len(changes))
    for change in changes:
        _check_fits(trace.spec, len(trace), change)
    return changes


def fits(spec: RNNSpec, steps: int, change: Intervention) -> bool:
    """Whether a network of this spec reading this many steps has what the change names."""
    try:
        _check_fits(spec, steps, change)
    except SeqvizError:
        return False
    return True


def describe(change: Intervention) -> str:
    """The change in words; layers and steps count from 1.

    "forget gate f clamped to 1 in layer 1, all units, for the whole sequence"
    """
    value = f"{change.value:g}".replace("-", "−")
    if change.kind == "input":
        assert change.t is not None
        return f"input x[{change.feature}] set to {value} at step {change.t + 1}"
    units = "all units" if change.unit is None else f"unit {change.unit}"
    where = layer_name(change.layer, change.direction)
    if change.kind == "silence":
        return f"{units} silenced (held at 0) in {where}, for the whole sequence"
    assert change.gate is not None
    held = f"{GATE_NAMES[change.gate]} {change.gate} clamped to {value}"
    return f"{held} in {where}, {units}, for the whole sequence"


GATE_NAMES = {"i": "input gate", "f": "forget gate", "g": "cell candidate", "o": "output gate"}
GATE_NAMES |= {"r": "reset gate", "z": "update gate", "n": "new gate"}


def pack(interventions: Iterable[Intervention]) -> str:
    """The changes as text that needs no escaping in a URL; "" for none.

    Raises SeqvizError when there are more than MAX_INTERVENTIONS.
    """
    changes = tuple(interventions)
    _check_count(len(changes))
    return "~".join(_packed(change) for change in changes)


def parse(text: str) -> tuple[Intervention, ...]:
    """What pack wrote. Raises SeqvizError, after a bounded read, for anything else."""
    if not text:
        return ()
    if len(text) > _LONGEST_TEXT:
        raise SeqvizError(f"A link may hold at most {MAX_INTERVENTIONS} changes: this is longer.")
    parts = text.split("~")
    _check_count(len(parts))
    return tuple(_parsed(part) for part in parts)


_INDEX = r"(?:0|[1-9][0-9]{0,4})"
_UNITS = rf"(?P<unit>a|{_INDEX})"
_WHERE = rf"(?P<layer>{_INDEX})_(?P<direction>[01])"
_VALUE = r"(?P<value>-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:e-?[0-9]{1,3})?)"
_PATTERNS = {
    "input": re.compile(rf"i_(?P<t>{_INDEX})_(?P<feature>{_INDEX})_{_VALUE}"),
    "clamp": re.compile(rf"c_{_WHERE}_(?P<gate>[a-z])_{_UNITS}_{_VALUE}"),
    "silence": re.compile(rf"s_{_WHERE}_{_UNITS}"),
}


def _packed(change: Intervention) -> str:
    units = "a" if change.unit is None else change.unit
    value = repr(change.value).replace("e+", "e")  # "+" means a space in a URL
    if change.kind == "input":
        return f"i_{change.t}_{change.feature}_{value}"
    where = f"{change.layer}_{change.direction}"
    if change.kind == "silence":
        return f"s_{where}_{units}"
    return f"c_{where}_{change.gate}_{units}_{value}"


def _parsed(text: str) -> Intervention:
    for kind, pattern in _PATTERNS.items():
        match = pattern.fullmatch(text)
        if match is None:
            continue
        fields = match.groupdict()
        unit = fields.get("unit")
        indices = {name: fields.get(name) for name in ("t", "feature")}
        return Intervention(
            kind,
            layer=int(fields.get("layer") or 0),
            direction=int(fields.get("direction") or 0),
            gate=fields.get("gate"),
            unit=None if unit in (None, "a") else int(unit),
            value=float(fields.get("value") or 0.0),
            **{name: None if index is None else int(index) for name, index in indices.items()},
        )
    raise SeqvizError("The link's changed run cannot be read: set the change up again.")


def _check_count(count: int) -> None:
    if count > MAX_INTERVENTIONS:
        raise SeqvizError(
            f"{count} changes at once: keep at most {MAX_INTERVENTIONS}, undo some first."
        )


def _check_fits(spec: RNNSpec, steps: int, change: Intervention) -> None:
    checked_layer(spec, change.layer)
    checked_direction(spec, change.direction)
    if change.unit is not None:
        checked_unit(spec, change.unit)
    if change.t is not None and change.feature is not None:
        checked_step(steps, change.t)
        checked_feature(spec, change.feature)
    if change.gate is not None and change.gate not in spec.gates:
        have = f"its gates are {', '.join(spec.gates)}" if spec.gates else "it has no gates"
        raise SeqvizError(f"A {spec.mode} has no gate {change.gate!r}, {have}: choose another.")
