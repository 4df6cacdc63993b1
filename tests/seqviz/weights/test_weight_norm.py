"""Layers trained under weight normalisation run as PyTorch runs them, in each way it saves them."""

import warnings

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, parametrize

from seqviz.weights.recurrent_layers import find, to_module

X = torch.randn(7, 1, 3, generator=torch.Generator().manual_seed(1))


def old_style(layer, name, dim):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # it is how older checkpoints were made
        nn.utils.weight_norm(layer, name, dim)


def new_style(layer, name, dim):
    parametrizations.weight_norm(layer, name, dim)


def trained(layer, normalise, dim, names):
    """The layer with normalised parameters whose lengths and directions have moved apart."""
    for name in names:
        normalise(layer, name, dim)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.mul_(1 + torch.rand(parameter.shape, generator=generator))
    return layer.eval()


@pytest.mark.parametrize("normalise", [old_style, new_style])
@pytest.mark.parametrize("dim", [0, 1, None])
@pytest.mark.parametrize("cell", [nn.GRU, nn.LSTM])
def test_a_folded_layer_is_the_trained_one(normalise, dim, cell):
    layer = cell(3, 4, 2, bidirectional=True)
    names = [name for name, _ in layer.named_parameters() if name.startswith("weight")]
    trained(layer, normalise, dim, names)
    state = {f"rnn.{name}": value for name, value in layer.state_dict().items()}
    found = find(state)
    assert not found.problems
    with torch.no_grad():
        expected = layer(X)[0]
        assert (to_module(found.modules[0])(X)[0] - expected).abs().max() <= 1e-6


def test_only_the_recurrent_weight_may_be_normalised():
    layer = trained(nn.LSTM(3, 4), new_style, 0, ["weight_hh_l0"])
    (module,) = find(layer.state_dict()).modules
    with torch.no_grad():
        assert (to_module(module)(X)[0] - layer(X)[0]).abs().max() <= 1e-6


def test_a_normalised_cell():
    cell = trained(nn.GRUCell(3, 4), old_style, 0, ["weight_ih", "weight_hh"])
    (module,) = find(cell.state_dict()).modules
    h = torch.zeros(1, 4)
    with torch.no_grad():
        for x in X:
            h = cell(x, h)
        assert (to_module(module)(X)[0][-1] - h).abs().max() <= 1e-6


def problem(state):
    found = find(state)
    assert not found.modules
    (sentence,) = found.problems
    assert sentence.endswith(".")
    return sentence


def test_half_of_a_parameter_is_named():
    state = dict(trained(nn.GRU(3, 4), old_style, 0, ["weight_hh_l0"]).state_dict())
    del state["weight_hh_l0_g"]
    assert "weight_hh_l0_v is there but no weight_hh_l0_g" in problem(state)


@pytest.mark.parametrize("shape", [(5, 1), (12, 4), (1, 1, 1), (12,), (0, 1)])
def test_a_length_of_another_shape_is_named(shape):
    state = dict(trained(nn.GRU(3, 4), old_style, 0, ["weight_hh_l0"]).state_dict())
    state["weight_hh_l0_g"] = torch.ones(shape)
    assert "weight_norm does not make" in problem(state)


def test_a_direction_of_length_0_is_no_number():
    state = dict(trained(nn.GRU(3, 4), old_style, 0, ["weight_hh_l0"]).state_dict())
    state["weight_hh_l0_v"] = torch.zeros(12, 4)
    assert "weight_hh_l0 holds NaN" in problem(state)


def test_other_parametrizations_say_how_to_save_them():
    for parametrise in (parametrizations.spectral_norm, parametrizations.orthogonal):
        layer = nn.GRU(4, 4)
        parametrise(layer, "weight_hh_l0")
        assert "remove_parametrizations(layer, 'weight_hh_l0')" in problem(layer.state_dict())
        parametrize.remove_parametrizations(layer, "weight_hh_l0")
        assert not find(layer.state_dict()).problems
