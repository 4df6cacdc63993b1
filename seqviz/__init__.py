"""See inside recurrent networks: build one, feed it a sequence, keep every state."""

from seqviz.errors import SeqvizError
from seqviz.model import build, constructor, num_parameters
from seqviz.tracing import trace
from seqviz.types import InputSequence, RNNSpec, Trace

__all__ = [
    "InputSequence",
    "RNNSpec",
    "SeqvizError",
    "Trace",
    "build",
    "constructor",
    "num_parameters",
    "trace",
]
