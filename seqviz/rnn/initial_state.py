"""Where a network starts: h_0 and c_0 as zeros, at random, or typed."""

from __future__ import annotations

import numpy as np
import torch

from seqviz.errors import SeqvizError
from seqviz.types import FloatArray, RNNSpec

MEANWHILE = "; until then the network starts from zeros."


def initial_state(
    spec: RNNSpec, kind: str, text: str
) -> tuple[FloatArray | None, FloatArray | None]:
    """h_0 and c_0, each (L*D, H), or None for zeros.

    random: torch.randn from a generator seeded like the network, h_0 first, then c_0. typed: one
    number, H numbers (the same for each layer and direction) or L*D*H; c_0 is then zeros.
    Raises SeqvizError for any other count or for what is not a number.
    """
    rows, hidden = spec.num_layers * spec.num_directions, spec.hidden_size
    if kind == "zeros" or (kind == "typed" and not text.strip()):  # nothing typed yet
        return None, None
    if kind == "random":
        generator = torch.Generator().manual_seed(spec.seed)
        h_0, c_0 = (torch.randn(rows, hidden, generator=generator).numpy() for _ in range(2))
        return h_0, c_0 if spec.mode == "LSTM" else None
    try:
        with np.errstate(over="ignore"):  # what float32 cannot hold is refused below
            numbers = np.array(text.replace(",", " ").split(), dtype=np.float32)
    except ValueError as error:
        raise SeqvizError(
            f"h_0 takes numbers separated by commas or spaces, such as 0.5, -1, 0{MEANWHILE}"
        ) from error
    if not np.isfinite(numbers).all():
        raise SeqvizError(f"h_0 takes finite numbers: leave out nan and inf{MEANWHILE}")
    if numbers.size not in (1, hidden, rows * hidden):
        raise SeqvizError(
            f"h_0 has {numbers.size} numbers: type 1 for all units, {hidden} for one a unit, or "
            f"{rows * hidden} for one a unit of each layer and direction{MEANWHILE}"
        )
    filled = np.broadcast_to(
        numbers.reshape(-1, 1 if numbers.size == 1 else hidden), (rows, hidden)
    )
    return np.ascontiguousarray(filled), None
