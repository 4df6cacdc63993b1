"""A trained head and the states of a network -> what the network answers at every step."""

from __future__ import annotations

import json

import torch
from torch import nn

from seqviz.errors import SeqvizError
from seqviz.types import FloatArray, Head, frozen


def predict(head: Head, output: FloatArray) -> FloatArray:
    """activation(weight h + bias) for the last layer's states.

    output: (T, D*H), as in a Trace. Returns (T, K) float32, read-only: probabilities that sum to
    1 at each step where the activation is softmax, else values in the data's own unit.
    """
    states, weight, bias = (torch.tensor(part) for part in (output, head.weight, head.bias))
    with torch.inference_mode():
        sums = nn.functional.linear(states, weight, bias)  # (T, K)
        return frozen(sums.softmax(dim=-1) if head.activation == "softmax" else sums)


def described(head: Head) -> str:
    """What a head's weights do not tell, as JSON: for a file's metadata."""
    return json.dumps({"activation": head.activation, "names": head.names})


def from_description(weight: FloatArray, bias: FloatArray, description: str) -> Head:
    """The head of which `described` gave the description. Raises SeqvizError for another."""
    try:
        about = json.loads(description)
        return Head(weight, bias, str(about["activation"]), tuple(map(str, about["names"])))
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise SeqvizError("The file's description of its head cannot be read.") from error
