"""What a generator is: its parameters with their bounds, its numbers, and its lines of PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.types import InputSequence

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """One number a source takes, between low and high; whole when default and step are.

    name: as `generate` takes it. label and help: as a person reads them. step: how far a control
    moves. choices: when given, the number is an index into them, and their text is accepted too.
    """

    name: str
    label: str
    default: float
    low: float
    high: float
    step: float
    help: str
    choices: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """True when only whole numbers make sense."""
        return isinstance(self.default, int) and isinstance(self.step, int)

    def check(self, value: object) -> float:
        """value as an int (when whole) or a float. SeqvizError when it is not one or is outside."""
        if isinstance(value, str) and value in self.choices:
            return self.choices.index(value)
        if not isinstance(value, (int, float, np.number)) or not self.low <= value <= self.high:
            raise SeqvizError(
                f"{self.name} is {brief(value)}: set it between {self.low} and {self.high}."
            )
        number = float(value)
        if not self.whole:
            return number
        if not number.is_integer():
            raise SeqvizError(f"{self.name} is {number}: give it as a whole number.")
        return int(number)


@dataclass(frozen=True)
class Source:
    """A way to make a sequence. make and snippet take a value for every parameter, checked."""

    key: str
    label: str
    parameters: tuple[Parameter, ...]
    make: Callable[[Values], InputSequence]
    snippet: Callable[[Values], str]

    def settle(self, parameters: Values) -> dict[str, Any]:
        """A checked value for every parameter, defaults for those missing; SeqvizError if wrong."""
        names = [parameter.name for parameter in self.parameters]
        for name in parameters:
            if name not in names:
                raise SeqvizError(
                    f"{self.label} has no parameter {brief(name)}: it takes {', '.join(names)}."
                )
        values = {p.name: p.check(parameters.get(p.name, p.default)) for p in self.parameters}
        if "position" in values and values["position"] > values["steps"]:
            raise SeqvizError(
                f"position {values['position']} is after the last step, {values['steps']}: "
                "set an earlier position or more steps."
            )
        return values

    def code(self, parameters: Values = MappingProxyType({})) -> str:
        """PyTorch that assigns the same numbers to x, (T, 1, I) float32.

        It expects `import torch` above it, and imports what else it needs itself.
        """
        return self.snippet(self.settle(parameters))


def brief(value: object) -> str:
    """What a person gave, in at most 40 characters."""
    if isinstance(value, int) and abs(value) >= 10**12:
        # Python refuses to print an integer of thousands of digits
        return "too large" if value > 0 else "too small"
    return repr(value)[:40]
