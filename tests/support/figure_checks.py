"""Runs to draw, and what every figure of Memory has to be for the browser."""

import json

import numpy as np
import pytest
import torch

from seqviz import InputSequence, RNNSpec, build, trace
from seqviz.analysis.spectrum import rescaled

STEPS, HIDDEN = 14, 5


def network(mode="LSTM", **fields):
    return build(RNNSpec(mode, 2, HIDDEN, 2, **{"seed": 1, **fields}))


def run(mode="LSTM", steps=STEPS, **fields):
    x = np.random.default_rng(0).normal(size=(steps, 2))
    return trace(network(mode, **fields), InputSequence(x))


def exploding(steps=200):
    """Identity weights doubled, all units active: beyond float32 after some 125 steps."""
    rnn = rescaled(build(RNNSpec("RNN_RELU", 1, HIDDEN, init="identity")), 2.0)
    with torch.no_grad():
        rnn.weight_ih_l0.abs_()
    return trace(rnn, InputSequence(np.ones(steps)))


def lines(figure):
    """Every curve by its name."""
    return {line.name: line for line in figure.data}


def drawable(figure):
    """The figure as the browser gets it: JSON, transparent, its text in the theme's ink."""
    json.loads(figure.to_json(), parse_constant=pytest.fail)
    layout = figure.layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.size >= 14
    return figure
