"""See inside recurrent networks: build one, feed it a sequence, keep every state."""

from seqviz.data.generators import generate
from seqviz.errors import SeqvizError
from seqviz.figures.heatmap import animate, heatmap
from seqviz.rnn.model import build, constructor, num_parameters
from seqviz.rnn.tracing import trace
from seqviz.types import InputSequence, RNNSpec, Trace

__all__ = [
    "InputSequence",
    "RNNSpec",
    "SeqvizError",
    "Trace",
    "animate",
    "build",
    "constructor",
    "generate",
    "heatmap",
    "num_parameters",
    "trace",
]
