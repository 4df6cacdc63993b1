"""Eigenvalues of W_hh, how to rescale them, and the lines theory draws beside a measurement."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from seqviz.errors import SeqvizError
from seqviz.indices import checked_direction, checked_layer
from seqviz.rnn.model import spec_of, suffix
from seqviz.types import GATES, RNNSpec, Trace

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Spectrum:
    """One H x H block of weight_hh.

    name: as PyTorch's page writes it, "W_hh" for RNN, "W_hi" … "W_ho" for LSTM, "W_hr", "W_hz",
    "W_hn" for GRU. parameter: the state_dict name it is part of. eigenvalues: (H,) complex,
    largest first. rho: the spectral radius. sigma_max: the largest singular value; rho never
    exceeds it.
    """

    name: str
    parameter: str
    eigenvalues: NDArray[np.complex128]
    rho: float
    sigma_max: float


def spectra(
    source: Trace | nn.RNNBase, *, layer: int = 0, direction: int = 0
) -> tuple[Spectrum, ...]:
    """The spectrum of each gate's block of weight_hh, in PyTorch's order.

    Raises SeqvizError when the network has no such layer or direction, or holds NaN.
    """
    spec, weights = _weights(source)
    layer, direction = checked_layer(spec, layer), checked_direction(spec, direction)
    parameter = f"weight_hh{suffix(layer, direction)}"
    blocks = np.split(np.asarray(weights[parameter], np.float64), max(1, len(spec.gates)))
    names = [f"W_h{gate}" for gate in GATES[spec.mode]] or ["W_hh"]
    return tuple(_spectrum(name, parameter, w) for name, w in zip(names, blocks, strict=True))


def spectral_radius(matrix: ArrayLike) -> float:
    """The largest absolute eigenvalue of a square matrix (n, n) of finite numbers."""
    return float(np.abs(np.linalg.eigvals(np.asarray(matrix, np.float64))).max())


def rescaled(rnn: nn.RNNBase, rho: float) -> nn.RNNBase:
    """A copy of rnn whose every H x H block of weight_hh has spectral radius rho.

    Each gate's block is scaled on its own, in all layers and directions; biases and weight_ih
    stay. rho: 0 or more. Raises SeqvizError when rho is negative or not finite, or a block has
    spectral radius 0 and so cannot be scaled to another.
    """
    if not 0 <= rho < np.inf:
        raise SeqvizError(f"A spectral radius is a number from 0 up, not {rho}.")
    changed = copy.deepcopy(rnn)
    with torch.no_grad():
        for name, parameter in changed.named_parameters():
            if name.startswith("weight_hh"):
                for block in parameter.split(changed.hidden_size):
                    _rescale(block, name, rho)
    return changed


def geometric_line(factor: float, steps: int) -> Floats:
    """factor^k for k = 0 to steps, (steps + 1,), inf where it leaves float64.

    With rho it is exact for a linear orthogonal recurrence; with σ_max·γ it is the bound
    ‖∂h_{t+k}/∂h_t‖ <= (σ_max γ)^k, γ = 1 for tanh and ReLU.
    Source: Pascanu, Mikolov and Bengio 2013, https://arxiv.org/abs/1211.5063
    """
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(np.float64(factor) ** np.arange(steps + 1))


def step_bound(source: Trace | nn.RNNBase, *, layer: int = 0, direction: int = 0) -> float | None:
    """σ_max·γ, which ‖∂h_{k+1}/∂h_k‖ never exceeds: γ = 1, the steepest slope of tanh and ReLU.

    None for GRU and LSTM, whose gates this bound does not cover. Raises what spectra raises.
    Source: Pascanu, Mikolov and Bengio 2013, https://arxiv.org/abs/1211.5063
    """
    blocks = spectra(source, layer=layer, direction=direction)
    return blocks[0].sigma_max if len(blocks) == 1 else None


def _weights(source: Trace | nn.RNNBase) -> tuple[RNNSpec, Mapping[str, NDArray[np.float32]]]:
    if isinstance(source, Trace):
        return source.spec, source.weights
    named = {
        name: value.detach().cpu().float().numpy() for name, value in source.named_parameters()
    }
    return spec_of(source), named


def _spectrum(name: str, parameter: str, block: Floats) -> Spectrum:
    if not np.isfinite(block).all():
        raise SeqvizError(f"{parameter} holds NaN or infinity: load weights that are numbers.")
    values = np.asarray(np.linalg.eigvals(block), np.complex128)
    values = values[np.argsort(-np.abs(values), kind="stable")]
    largest = float(np.linalg.norm(block, 2))
    return Spectrum(name, parameter, values, float(np.abs(values[0])), largest)


def _rescale(block: Tensor, name: str, rho: float) -> None:
    now = spectral_radius(block.detach().double().numpy())
    # a nilpotent block's computed eigenvalues are rounding errors, not something to divide by
    if now <= 1e-9 * float(block.abs().max()) and rho > 0:
        raise SeqvizError(
            f"A block of {name} has spectral radius 0, so no factor makes it {rho:g}: "
            "choose another init."
        )
    block.mul_(rho / now if now > 0 else 0.0)
