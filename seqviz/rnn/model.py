"""RNNSpec -> the torch.nn module it describes, the same one every time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from seqviz.errors import SeqvizError
from seqviz.types import GATES, FloatArray, RNNSpec

_CLASSES: dict[str, Any] = {
    "RNN_TANH": nn.RNN,
    "RNN_RELU": nn.RNN,
    "GRU": nn.GRU,
    "LSTM": nn.LSTM,
}
_BLANK: dict[Any, Any] = {
    kind: type(kind.__name__, (kind,), {"reset_parameters": lambda self: None})
    for kind in (nn.RNN, nn.GRU, nn.LSTM)
}
FORGET = 1  # position of f in PyTorch's gate order i f g o


def build(spec: RNNSpec) -> nn.RNNBase:
    """The network spec describes, in eval mode, on the CPU, float32.

    With init "default" the weights are, bit for bit, those of `torch.manual_seed(spec.seed)`
    followed by the constructor; the other inits then draw on from the same generator. The global
    random state is neither read nor changed, so threads may build at the same time.

    orthogonal: each gate's H x H block of weight_hh. identity: each such block is the identity
    and all biases are 0 (Le et al. 2015). xavier: weight_ih and each block of weight_hh, uniform.
    Raises SeqvizError for init "given", whose weights only their owner has.
    Source: https://docs.pytorch.org/docs/stable/nn.init.html
    """
    if spec.init == "given":
        raise SeqvizError("These weights came from outside: upload them again to rebuild.")
    module = empty(spec)
    generator = torch.Generator().manual_seed(spec.seed)
    with torch.no_grad():
        bound = spec.hidden_size**-0.5  # as nn.RNNBase.reset_parameters
        for parameter in module.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)
        _reinitialise(module, spec, generator)
        _set_forget_bias(module, spec)
    return module.eval()


def with_weights(
    spec: RNNSpec, weights: Mapping[str, FloatArray], *, shared: bool = False
) -> nn.RNNBase:
    """The network of spec with these weights, keyed by state_dict names: eval mode, CPU, float32.

    shared: it keeps the arrays themselves, which are then writable ones, and cannot be trained.
    No random numbers are drawn. Raises KeyError when a weight is missing.
    """
    module = empty(spec)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if shared:
                parameter.requires_grad_(False).data = torch.from_numpy(weights[name])
            else:
                parameter.copy_(torch.tensor(weights[name]))
    return module.eval()


def constructor(spec: RNNSpec) -> str:
    """The call as PyTorch writes it: "nn.LSTM(1, 16, num_layers=2)"."""
    options = []
    if spec.mode == "RNN_RELU":
        options.append("nonlinearity='relu'")
    if spec.num_layers != 1:
        options.append(f"num_layers={spec.num_layers}")
    if not spec.bias:
        options.append("bias=False")
    if spec.bidirectional:
        options.append("bidirectional=True")
    arguments = ", ".join([str(spec.input_size), str(spec.hidden_size), *options])
    return f"nn.{spec.mode.split('_')[0]}({arguments})"


def num_parameters(spec: RNNSpec) -> int:
    """How many numbers the network learns, from the formula on PyTorch's page."""
    gates = max(1, len(GATES[spec.mode]))
    total = 0
    for layer in range(spec.num_layers):
        reads = spec.input_size if layer == 0 else spec.hidden_size * spec.num_directions
        rows = gates * spec.hidden_size
        per_direction = rows * (reads + spec.hidden_size + (2 if spec.bias else 0))
        total += per_direction * spec.num_directions
    return total


def spec_of(module: nn.RNNBase) -> RNNSpec:
    """The spec of a module somebody else built; its init is "given".

    Raises SeqvizError for projections (proj_size > 0), which have no H x H recurrence to show.
    """
    if not isinstance(module, nn.RNNBase):
        raise SeqvizError(
            f"seqviz traces nn.RNN, nn.GRU and nn.LSTM, not {type(module).__name__}: "
            "pass the recurrent layer itself, for example model.lstm."
        )
    if module.proj_size:
        raise SeqvizError(
            f"This LSTM has proj_size={module.proj_size}, so h and c differ in size: "
            "trace an LSTM with proj_size=0."
        )
    return RNNSpec(
        mode=module.mode,
        input_size=module.input_size,
        hidden_size=module.hidden_size,
        num_layers=module.num_layers,
        bias=module.bias,
        bidirectional=module.bidirectional,
        init="given",
    )


def recurrent_class(mode: str) -> Any:
    """nn.RNN, nn.GRU or nn.LSTM."""
    return _CLASSES[mode]


def nonlinearity(mode: str) -> dict[str, Any]:
    """The keyword that tells the two kinds of nn.RNN apart; {} for the others."""
    return {"nonlinearity": mode[4:].lower()} if mode.startswith("RNN_") else {}


def suffix(layer: int, direction: int) -> str:
    """The end of a parameter's name: "_l0", or "_l0_reverse" for direction 1."""
    return f"_l{layer}{'_reverse' if direction else ''}"


def parameter_names(spec: RNNSpec) -> tuple[str, ...]:
    """The keys of the module's state_dict, in its order."""
    kinds = ("weight_ih", "weight_hh", *(("bias_ih", "bias_hh") if spec.bias else ()))
    return tuple(
        kind + suffix(layer, direction)
        for layer in range(spec.num_layers)
        for direction in range(spec.num_directions)
        for kind in kinds
    )


def empty(spec: RNNSpec) -> nn.RNNBase:
    """The module with memory but no numbers yet: leaves out the constructor's random ones.

    (A detour over the "meta" device does the same in five times the time.)
    """
    wanted = recurrent_class(spec.mode)
    module = _BLANK[wanted](
        spec.input_size,
        spec.hidden_size,
        num_layers=spec.num_layers,
        bias=spec.bias,
        bidirectional=spec.bidirectional,
        **nonlinearity(spec.mode),
    )
    module.__class__ = wanted
    assert isinstance(module, nn.RNNBase)
    return module


def _blocks(weight: Tensor, hidden_size: int) -> tuple[Tensor, ...]:
    """Views of the gates' parts of a stacked weight (gates*H, K): each (H, K)."""
    return tuple(torch.split(weight, hidden_size))


def _reinitialise(module: nn.RNNBase, spec: RNNSpec, generator: torch.Generator) -> None:
    for name, parameter in module.named_parameters():
        recurrent = name.startswith("weight_hh")
        if spec.init == "identity" and name.startswith("bias"):
            nn.init.zeros_(parameter)
        elif spec.init == "identity" and recurrent:
            for block in _blocks(parameter, spec.hidden_size):
                nn.init.eye_(block)
        elif spec.init == "orthogonal" and recurrent:
            for block in _blocks(parameter, spec.hidden_size):
                nn.init.orthogonal_(block, generator=generator)
        elif spec.init == "xavier" and name.startswith("weight"):
            for block in _blocks(parameter, spec.hidden_size):
                nn.init.xavier_uniform_(block, generator=generator)


def _set_forget_bias(module: nn.RNNBase, spec: RNNSpec) -> None:
    """PyTorch adds two biases, b_if + b_hf: the first gets the value, the second 0."""
    if spec.mode != "LSTM" or spec.forget_bias is None or not spec.bias:
        return
    for name, parameter in module.named_parameters():
        if name.startswith("bias"):
            value = spec.forget_bias if name.startswith("bias_ih") else 0.0
            nn.init.constant_(_blocks(parameter, spec.hidden_size)[FORGET], value)


def match_parameters(spec: RNNSpec, mode: str) -> RNNSpec:
    """spec with another cell and the hidden_size that brings its parameters nearest to spec's.

    Of two sizes equally near, the smaller. Weights given from outside cannot be carried over to
    another cell, so init "given" becomes "default".
    """
    target = num_parameters(spec)
    init = "default" if spec.init == "given" else spec.init
    other = replace(spec, mode=mode, hidden_size=1, init=init)
    low, high = 1, 2
    while num_parameters(replace(other, hidden_size=high)) < target:
        low, high = high, 2 * high
    while high - low > 1:  # parameters grow with hidden_size
        middle = (low + high) // 2
        if num_parameters(replace(other, hidden_size=middle)) < target:
            low = middle
        else:
            high = middle
    sizes = [replace(other, hidden_size=size) for size in (low, high)]
    return min(sizes, key=lambda one: abs(num_parameters(one) - target))
