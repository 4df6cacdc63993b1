"""A model as the bytes of a safetensors file, named as in a state_dict."""

from __future__ import annotations

import numpy as np
import safetensors.numpy

from seqviz.rnn.head import described
from seqviz.types import Model


def state_dict_bytes(model: Model) -> bytes:
    """The recurrent weights, and the head's as head.weight and head.bias where there is one, with
    what it is (see rnn/head) in the file's metadata.

    Source: https://huggingface.co/docs/safetensors
    """
    tensors = {name: np.ascontiguousarray(value) for name, value in model.weights.items()}
    about = {}  # one entry at most: of more the order changes from call to call, and the digest
    if model.head is not None:
        about["head"] = described(model.head)
        tensors["head.weight"] = np.ascontiguousarray(model.head.weight)
        tensors["head.bias"] = np.ascontiguousarray(model.head.bias)
    written: bytes = safetensors.numpy.save(tensors, about)
    return written
