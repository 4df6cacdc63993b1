"""Traces to test with: of a network over noise, of one with a head, and of one that leaves the
range of float32."""

from dataclasses import replace

import torch
from torch import nn

from seqviz.rnn.head import predict
from seqviz.rnn.model import build
from seqviz.rnn.tracing import trace
from seqviz.types import Head, RNNSpec, Trace


def traced(mode: str, steps: int = 12, *, labels: str = "", **fields) -> Trace:
    """A network reading standard normal numbers, from an h_0 (and c_0) that are not zero.

    fields: of RNNSpec; 2 features and 6 units unless said otherwise. labels: a letter a step.
    """
    spec = RNNSpec(mode, **{"input_size": 2, "hidden_size": 6, **fields})
    generator = torch.Generator().manual_seed(6)
    x = torch.randn(steps, spec.input_size, generator=generator)
    states = (spec.num_layers * spec.num_directions, spec.hidden_size)
    h_0, c_0 = (torch.randn(states, generator=generator) / 2 for _ in range(2))
    return trace(build(spec), x, h_0, c_0, spec=spec, labels=tuple(labels))


def answering(
    trace: Trace, outputs: int = 3, activation: str = "softmax", names: tuple[str, ...] = ()
) -> Trace:
    """The trace with a head over its last layer and what that answers."""
    generator = torch.Generator().manual_seed(8)
    states = trace.output.shape[1]
    weight, bias = (
        torch.randn(*shape, generator=generator) for shape in ((outputs, states), (outputs,))
    )
    head = Head(weight.numpy(), bias.numpy(), activation, names)
    return replace(trace, head=head, prediction=predict(head, trace.output))


def overflowing(steps: int = 8, weight: float = 3e19, hidden_size: int = 1, **options) -> Trace:
    """A ReLU network with every parameter this large, reading ones: infinite after a few steps."""
    module = nn.RNN(1, hidden_size, nonlinearity="relu")
    for parameter in module.parameters():
        nn.init.constant_(parameter, weight)
    return trace(module, torch.ones(steps, 1), **options)
