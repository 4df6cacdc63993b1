"""What a lesson's controls set: the numbers that are written into its snippet."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

BOUNDS = MappingProxyType(
    {
        "seed": (0, 9999),
        "input": (1, 64),
        "hidden": (1, 64),
        "steps": (2, 60),
        "batch": (1, 16),
        "layers": (1, 4),
    }
)
"""Lowest and highest of each whole number."""
BIAS_BOUNDS = -2.0, 6.0


@dataclass(frozen=True)
class Sizes:
    """seed: of torch.manual_seed. input, hidden, layers: of the network. steps, batch: of x.
    both: in both directions. bias: of the forget gate.
    """

    seed: int = 0
    input: int = 1
    hidden: int = 16
    steps: int = 20
    batch: int = 1
    layers: int = 1
    both: bool = False
    bias: float = 3.0
