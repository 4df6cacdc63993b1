"""The networks that specs describe, and their weights for who looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import torch

from seqviz.rnn import model
from seqviz.types import FloatArray, RNNSpec, frozen


# Not st.cache_resource: hashing its arguments takes longer than building a small network.
@lru_cache(maxsize=8)
def network(spec: RNNSpec) -> torch.nn.RNNBase:
    """The module of a spec. Shared between sessions: read it, never train it."""
    return model.build(spec)


class WeightsOf(Mapping[str, FloatArray]):
    """The weights of a spec's network by its state_dict's names: read-only copies.

    They are held by nobody. A trace of each visitor would hold more of them than of states, and
    few visitors look: for these the network is built again, in a millisecond.
    """

    def __init__(self, spec: RNNSpec) -> None:
        self.spec = spec

    def __getitem__(self, name: str) -> FloatArray:
        if name not in model.parameter_names(self.spec):
            raise KeyError(name)
        return frozen(getattr(network(self.spec), name).detach())

    def __iter__(self) -> Iterator[str]:
        return iter(model.parameter_names(self.spec))

    def __len__(self) -> int:
        return len(model.parameter_names(self.spec))
