"""Which recurrent parameter a name means: PyTorch's own names, and those other people give."""

import pytest
import torch
from torch import nn

from seqviz.weights.parameter_names import Place, groups, layer_of

ONE = torch.zeros(1)


@pytest.mark.parametrize(
    ("name", "place", "parameter"),
    [
        ("weight_ih_l0", Place("", "", False), "weight_ih_l0"),
        ("a.rnn.bias_hh_l3_reverse", Place("a.rnn", ".", False), "bias_hh_l3_reverse"),
        ("a.weight_hh", Place("a", ".", True), "weight_hh_l0"),
        ("enc_w_ih", Place("enc", "_", True), "weight_ih_l0"),
        ("enc/W_hh_l1", Place("enc", "/", False), "weight_hh_l1"),
        ("dec.b_ih", Place("dec", ".", True), "bias_ih_l0"),
        ("a_weight_hr_l0", Place("a", "_", False), "weight_hr_l0"),
        ("a.weight_hh_l0_g", Place("a", ".", False), "weight_hh_l0_g"),
        ("a.weight_hh_v", Place("a", ".", True), "weight_hh_l0_v"),
        (
            "a.parametrizations.weight_hh_l0.original0",
            Place("a", ".", False),
            "weight_hh_l0_g",
        ),
        ("parametrizations.weight_ih.original1", Place("", "", True), "weight_ih_l0_v"),
        ("parametrizations.weight_ih_l0.original", Place("", "", False), "weight_ih_l0_orig"),
    ],
)
def test_a_name_means_a_place_and_a_parameter(name, place, parameter):
    assert groups({name: ONE}) == {place: {parameter: ONE}}


@pytest.mark.parametrize(
    "name",
    [
        "fc.weight", "emb_w", "w_ihh", "xw_ih", "weight_ih_l", "weight_ih_l01", "bias_hr_l0",
        "bias_ih_l0_g", "weight_ih_l0_reverse2", "parametrizations.weight_ih_l0.0._u", "",
    ],
)  # fmt: skip
def test_other_names_are_passed_over(name):
    assert groups({name: ONE}) == {}


def test_names_set_apart_in_another_way_are_another_layer():
    names = ("enc.weight_ih", "enc_w_ih", "enc.weight_ih_l0")
    assert len(groups(dict.fromkeys(names, ONE))) == 3


def test_layers_are_counted():
    state = nn.LSTM(1, 2, 12, bidirectional=True).state_dict()
    (parts,) = groups(state).values()
    assert list(parts) == list(state)
    assert {layer_of(name) for name in parts} == set(range(12))
