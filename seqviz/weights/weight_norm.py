"""Weight normalisation undone: length and direction -> the weight a network runs with.

w = g v / ‖v‖, with one norm for each slice of v along one axis, or one for all of it.
Source: Salimans and Kingma 2016, https://arxiv.org/abs/1602.07868, and
https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.weight_norm.html
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from seqviz.errors import SeqvizError
from seqviz.weights.parameter_names import FACTORS


def folded(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same parameters with weight_hh_l0 in place of weight_hh_l0_g and weight_hh_l0_v.

    tensors: of one recurrent module, by nn.RNNBase's names. Raises SeqvizError where a factor is
    missing or its shape does not fit, and for other parametrizations, such as spectral_norm.
    """
    result: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        own = _without_factor(name)
        if own == name:
            result.setdefault(own, tensor)
        elif name.endswith("_orig"):
            raise SeqvizError(
                f"{own} is kept in another form than weight_norm's: save the model after "
                f"torch.nn.utils.parametrize.remove_parametrizations(layer, {own!r})."
            )
        elif own not in result:
            result[own] = _product(own, tensors.get(f"{own}_g"), tensors.get(f"{own}_v"))
    return result


def _without_factor(name: str) -> str:
    for factor in FACTORS:
        if name.endswith(factor):
            return name.removesuffix(factor)
    return name


def _product(name: str, g: Tensor | None, v: Tensor | None) -> Tensor:
    """g v / ‖v‖: the axes along which g has one entry are those the norm is taken over."""
    if g is None or v is None:
        there, absent = ("_v", "_g") if g is None else ("_g", "_v")
        raise SeqvizError(
            f"{name}{there} is there but no {name}{absent}: save the whole layer's state_dict()."
        )
    if not (g.is_floating_point() and v.is_floating_point()):
        raise SeqvizError(f"{name}_g and {name}_v hold no real numbers: save them as float32.")
    axes = tuple(axis for axis in range(v.ndim) if g.ndim == 0 or g.shape[axis : axis + 1] == (1,))
    fits = g.ndim in (0, v.ndim) and all(
        size in (1, v.shape[axis]) for axis, size in enumerate(g.shape)
    )
    if not fits or v.ndim != 2 or not v.numel() or not axes:
        raise SeqvizError(
            f"{name}_g has shape {tuple(g.shape)} and {name}_v {tuple(v.shape)}, which "
            "weight_norm does not make: save the layer again."
        )
    norms = torch.linalg.vector_norm(v, dim=axes, keepdim=g.ndim > 0)
    product: Tensor = g * v / norms
    return product
