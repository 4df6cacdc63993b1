"""A network of one direction read one step at a time, for who makes the next input from the answer.

For a single step torch.lstm has more to prepare than to compute: nn.LSTMCell's own function takes a
sixth of the time.
Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html and its like.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from seqviz.types import Trace

_CELLS: dict[str, Any] = {
    "RNN_TANH": torch.rnn_tanh_cell,
    "RNN_RELU": torch.rnn_relu_cell,
    "GRU": torch.gru_cell,
    "LSTM": torch.lstm_cell,
}


class Cells:
    """The layers of rnn, which go on from where a trace of it ends."""

    def __init__(self, rnn: nn.RNNBase, read: Trace) -> None:
        self.cell, self.is_lstm = _CELLS[rnn.mode], read.c is not None
        self.weights = rnn.all_weights  # of each layer W_ih, W_hh and the biases, if any
        self.h = [torch.tensor(h[-1:]) for h in read.h[:, 0]]  # L of (1, H)
        self.c = [] if read.c is None else [torch.tensor(c[-1:]) for c in read.c[:, 0]]

    def read(self, x: Tensor) -> Tensor:
        """One step, (1, I): the last layer's state after it, (1, H)."""
        for layer, weights in enumerate(self.weights):
            h = self.h[layer]
            if self.is_lstm:
                self.h[layer], self.c[layer] = self.cell(x, [h, self.c[layer]], *weights)
            else:
                self.h[layer] = self.cell(x, h, *weights)
            x = self.h[layer]
        return x
