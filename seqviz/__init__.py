"""See inside recurrent networks: build one, feed it a sequence, keep every state."""

from seqviz.data.generators import generate
from seqviz.errors import SeqvizError
from seqviz.figures.heatmap import animate, heatmap
from seqviz.figures.training.training_film import training_film
from seqviz.rnn.model import build, constructor, num_parameters
from seqviz.rnn.tracing import trace
from seqviz.training.recipe import Recipe
from seqviz.training.tasks import TASKS
from seqviz.training.training import train
from seqviz.types import InputSequence, Model, RNNSpec, Trace

__all__ = [
    "InputSequence",
    "Model",
    "RNNSpec",
    "Recipe",
    "SeqvizError",
    "TASKS",
    "Trace",
    "animate",
    "build",
    "constructor",
    "generate",
    "heatmap",
    "num_parameters",
    "trace",
    "train",
    "training_film",
]
