"""What torch itself says of a step, to judge closed forms by."""

import numpy as np
import torch
from torch import nn

from seqviz.types import Trace

CELLS = {
    "RNN_TANH": nn.RNNCell,
    "RNN_RELU": lambda *size, **options: nn.RNNCell(*size, nonlinearity="relu", **options),
    "GRU": nn.GRUCell,
    "LSTM": nn.LSTMCell,
}


def cell_of(trace: Trace, layer: int = 0, direction: int = 0) -> nn.Module:
    """One layer and direction of a traced network as torch's own cell, in float64."""
    spec, end = trace.spec, f"_l{layer}{'_reverse' if direction else ''}"
    reads = trace.layer_input(layer).shape[1]
    cell = CELLS[spec.mode](reads, spec.hidden_size, bias=spec.bias, dtype=torch.float64)
    with torch.no_grad():
        for name, parameter in cell.named_parameters():
            parameter.copy_(torch.tensor(trace.weights[name + end]))
    return cell


def state_jacobian(
    trace: Trace, start: int = 0, stop: int | None = None, layer: int = 0, direction: int = 0
) -> np.ndarray:
    """∂h_stop/∂h_start by autograd, (H, H); for LSTM of (h, c), (2H, 2H). Steps as they are read.

    The layer's input is held fixed; 0 is the initial state.
    """
    order = list(range(len(trace)))[:: -1 if direction else 1][start:stop]
    cell, lstm = cell_of(trace, layer, direction), trace.c is not None
    inputs = torch.tensor(trace.layer_input(layer)).double()  # (T, K)

    def run(state: torch.Tensor) -> torch.Tensor:
        state = state.split(trace.spec.hidden_size) if lstm else state
        for t in order:
            state = cell(inputs[t], state)
        return torch.cat(state) if lstm else state

    begun = [trace.before(name)[layer, direction, order[0]] for name in ("h", "c")[: 1 + lstm]]
    first = torch.tensor(np.concatenate(begun)).double()
    return torch.autograd.functional.jacobian(run, first).numpy()
