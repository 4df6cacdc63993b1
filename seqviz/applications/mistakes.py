"""Where a use goes wrong, in numbers small enough to be kept beside its scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Confusion:
    """How often each class was taken for each.

    classes: K names. counts (K, K): a row for what was right, a column for what was answered. on:
    what was judged.
    """

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    on: str


@dataclass(frozen=True)
class ErrorBars:
    """A measure of several groups, for the network and for other methods beside it.

    measure: with its unit. groups: G names, asked: what they are. methods: by name G values each,
    the network's first.
    """

    measure: str
    asked: str
    groups: tuple[str, ...]
    methods: Mapping[str, tuple[float, ...]]
    on: str


Mistakes = Confusion | ErrorBars


def confusion(classes: Sequence[str], pairs: Sequence[tuple[str, str]], on: str) -> Confusion:
    """pairs: what was right and what was answered, one for each that was judged."""
    place = {name: k for k, name in enumerate(classes)}
    counts = [[0] * len(place) for _ in place]
    for right, answered in pairs:
        counts[place[right]][place[answered]] += 1
    return Confusion(tuple(classes), tuple(map(tuple, counts)), on)


def of_json(fields: Mapping[str, Any] | None) -> Mistakes | None:
    """What `dataclasses.asdict` and JSON have made of one."""
    if fields is None:
        return None
    if "counts" in fields:
        counts = tuple(tuple(row) for row in fields["counts"])
        return Confusion(tuple(fields["classes"]), counts, fields["on"])
    methods = {name: tuple(values) for name, values in fields["methods"].items()}
    return ErrorBars(
        fields["measure"], fields["asked"], tuple(fields["groups"]), methods, fields["on"]
    )
