"""Names in a state_dict -> which recurrent parameter of which layer each one is.

nn.RNN, nn.GRU and nn.LSTM call theirs weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 (and
..._reverse); the cells leave out the "_l0". In NPZ files w_ih and b_ih are common, and a prefix set
apart by "_" or "/" instead of "." ("enc_w_ih"). A parameter under weight normalisation is kept as
two factors: weight_hh_l0_g and weight_hh_l0_v, or since PyTorch 2.0
parametrizations.weight_hh_l0.original0 and .original1.
Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from torch import Tensor

_PARAMETER = re.compile(
    r"(?:(?P<prefix>.*)(?P<separator>[._/]))?"
    r"(?P<letter>weight|bias|[wW]|[bB])_(?P<side>ih|hh|hr)"
    r"(?P<place>_l(?:0|[1-9][0-9]{0,3})(?:_reverse)?)?"
    r"(?P<factor>_g|_v|_orig)?",
    re.DOTALL,
)
_PARAMETRIZED = re.compile(
    r"(?P<module>(?:.*\.)?)parametrizations\.(?P<name>[^.]+)\.original(?P<number>[01]?)", re.DOTALL
)
FACTORS = ("_g", "_v", "_orig")
"""Ends of names that stand for a part of a parameter: length, direction, or what only the code that
trained it can turn into the parameter."""
_FACTOR_OF_NUMBER = {"0": "_g", "1": "_v", "": "_orig"}


class Place(NamedTuple):
    """Where a group of parameters sits. separator: what stands between prefix and name.
    is_cell: they belong to an nn.LSTMCell or its like rather than to layers.
    """

    prefix: str
    separator: str
    is_cell: bool


def groups(tensors: Mapping[str, Tensor]) -> dict[Place, dict[str, Tensor]]:
    """Recurrent parameters by where they sit, under nn.RNNBase's names, in their order.

    A cell's get "_l0"; a factor keeps its end, _g, _v or _orig. Other names are passed over.
    """
    found: dict[Place, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        match = _PARAMETER.fullmatch(_unparametrized(name))
        if match is None:
            continue
        kind = "weight" if match["letter"] in ("weight", "w", "W") else "bias"
        if kind == "bias" and (match["side"] == "hr" or match["factor"]):
            continue
        place = Place(match["prefix"] or "", match["separator"] or "", match["place"] is None)
        own = f"{kind}_{match['side']}{match['place'] or '_l0'}{match['factor'] or ''}"
        found.setdefault(place, {})[own] = tensor
    return found


def layer_of(name: str) -> int:
    """The layer of a parameter by its nn.RNNBase name: 1 for "weight_ih_l1_reverse"."""
    match = re.search(r"_l([0-9]+)", name)
    assert match is not None
    return int(match[1])


def _unparametrized(name: str) -> str:
    """The older name of what torch.nn.utils.parametrizations keeps; any other name as it is."""
    match = _PARAMETRIZED.fullmatch(name)
    if match is None:
        return name
    return f"{match['module']}{match['name']}{_FACTOR_OF_NUMBER[match['number']]}"
