"""Find what turns symbols into a recurrent layer's inputs: embedding matrices in a state_dict.

nn.Embedding keeps one `weight` (V, I), a row for each symbol, and nothing else tells it from other
matrices, so a matrix is taken for one where its width is what a layer reads.
Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from torch import Tensor

from seqviz.types import FloatArray, frozen
from seqviz.weights.recurrent_layers import RecurrentModule


@dataclass(frozen=True, eq=False)
class Embedding:
    """name: in the file. matrix: (V, I) float32, read-only, a row for each symbol."""

    name: str
    matrix: FloatArray

    @cached_property
    def digest(self) -> str:
        """A short fingerprint, to key caches with."""
        return hashlib.blake2b(self.matrix.data, digest_size=12).hexdigest()


def find_embeddings(
    tensors: Mapping[str, Tensor], modules: Sequence[RecurrentModule]
) -> tuple[Embedding, ...]:
    """Every matrix that may be the embedding of one of the modules, in the order of tensors.

    Its name ends in "weight" or has "emb" in it, it has as many columns as a module reads, and
    all of its numbers are finite.
    """
    widths = {module.spec.input_size for module in modules}
    found = []
    for name, tensor in tensors.items():
        named = name == "weight" or name.endswith(".weight") or "emb" in name.lower()
        if not named or not tensor.is_floating_point() or tensor.ndim != 2 or not tensor.numel():
            continue
        if tensor.shape[1] in widths:
            matrix = frozen(tensor.detach().to("cpu").float().numpy())
            if np.isfinite(matrix).all():
                found.append(Embedding(name, matrix))
    return tuple(found)


def embeddings_of(
    module: RecurrentModule, embeddings: Sequence[Embedding]
) -> tuple[Embedding, ...]:
    """Those whose rows the module can read, the likeliest first: what is called an embedding, then
    what sits nearest to the module.
    """

    def unlikely(one: Embedding) -> tuple[bool, int]:
        shared = len(os.path.commonprefix([one.name, module.prefix]))
        return "emb" not in one.name.lower(), -shared

    fitting = [one for one in embeddings if one.matrix.shape[1] == module.spec.input_size]
    return tuple(sorted(fitting, key=unlikely))
