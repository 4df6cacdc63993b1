"""Find the recurrent layers in somebody's state_dict, by names and shapes alone.

Which name is which parameter, parameter_names tells. The ratio of rows to columns of weight_hh
tells the cell: 4 blocks are an LSTM, 3 a GRU, 1 an RNN.
Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FEATURES, MAX_WEIGHT_INPUTS, MAX_WEIGHT_LAYERS, MAX_WEIGHT_UNITS
from seqviz.rnn.model import suffix, with_weights
from seqviz.types import FloatArray, InputSequence, RNNSpec
from seqviz.weights.parameter_names import groups, layer_of
from seqviz.weights.weight_norm import folded

_MODES_BY_BLOCKS = {1: ("RNN_TANH", "RNN_RELU"), 3: ("GRU",), 4: ("LSTM",)}


@dataclass(frozen=True, eq=False)
class RecurrentModule:
    """One recurrent layer (or stack of layers) found in a state_dict.

    prefix: where it sits ("decoder.gru"), "" at the top. mode_candidates: what its shapes allow,
    one cell or, for a plain RNN, two. spec: init "given", mode the first candidate until chosen.
    weights: float32, read-only, by nn.RNNBase's names ("weight_ih_l0"), a cell's too.
    """

    prefix: str
    mode_candidates: tuple[str, ...]
    spec: RNNSpec
    weights: Mapping[str, FloatArray]

    @property
    def needs_nonlinearity(self) -> bool:
        """True for a plain RNN until with_nonlinearity says tanh or relu: no weight tells."""
        return len(self.mode_candidates) > 1

    def with_nonlinearity(self, name: str) -> RecurrentModule:
        """The same layer read as RNN (tanh) or RNN (ReLU); name is "tanh" or "relu"."""
        mode = f"RNN_{name.upper()}"
        if mode not in _MODES_BY_BLOCKS[1]:
            raise SeqvizError(f"Unknown nonlinearity {name!r}: choose tanh or relu.")
        if not self.spec.mode.startswith("RNN_"):
            raise SeqvizError(f"A {self.spec.mode} has no nonlinearity to choose: run it as it is.")
        return replace(self, mode_candidates=(mode,), spec=replace(self.spec, mode=mode))

    @cached_property
    def digest(self) -> str:
        """A short fingerprint of spec and weights, to key caches with."""
        hasher = hashlib.blake2b(repr((self.mode_candidates, self.spec)).encode(), digest_size=12)
        for name, value in self.weights.items():
            hasher.update(name.encode())
            hasher.update(value.data)
        return hasher.hexdigest()


@dataclass(frozen=True, eq=False)
class FoundLayers:
    """What find saw: the layers that can run, and a sentence for each that cannot."""

    modules: tuple[RecurrentModule, ...]
    problems: tuple[str, ...]


def find(tensors: Mapping[str, Tensor]) -> FoundLayers:
    """Every recurrent layer among named tensors, in their order.

    tensors: a state_dict, whole or in part, of any floating dtype; tensors with other names are
    passed over. A layer that cannot run (a half is missing, shapes disagree, projections, NaN,
    integers, or above MAX_WEIGHT_UNITS, MAX_WEIGHT_INPUTS, MAX_WEIGHT_LAYERS) becomes a problem
    and hides no other.
    """
    modules, problems = [], []
    for place, parts in groups(tensors).items():
        try:
            modules.append(_module(place.prefix, parts))
        except SeqvizError as error:
            problems.append(str(error))
    if not modules and not problems:
        problems.append(
            "No recurrent layer is in this file: it needs names like weight_ih_l0 and "
            "weight_hh_l0, as nn.RNN, nn.GRU and nn.LSTM save them."
        )
    return FoundLayers(tuple(modules), tuple(problems))


def describe(module: RecurrentModule) -> str:
    """One line: "decoder.gru: GRU, 2 layers, input_size 256, hidden_size 256, bidirectional"."""
    spec = module.spec
    names = {"RNN_TANH": "RNN (tanh)", "RNN_RELU": "RNN (ReLU)"}
    cell = "RNN" if module.needs_nonlinearity else names.get(spec.mode, spec.mode)
    parts = [
        f"{_place(module.prefix)}: {cell}",
        f"{spec.num_layers} layer{'' if spec.num_layers == 1 else 's'}",
        f"input_size {spec.input_size}",
        f"hidden_size {spec.hidden_size}",
        *(["bidirectional"] if spec.bidirectional else []),
        *([] if spec.bias else ["no bias"]),
    ]
    return ", ".join(parts)


def summary(found: FoundLayers) -> str:
    """How many layers of which cells were found: "10,000 recurrent layers: 9,998 GRU, 2 LSTM"."""
    cells = Counter(module.spec.mode.split("_")[0] for module in found.modules)
    kinds = ", ".join(f"{count:,} {cell}" for cell, count in cells.most_common())
    count = len(found.modules)
    return f"{count:,} recurrent layer{'' if count == 1 else 's'}: {kinds}"


def misfit(module: RecurrentModule, sequence: InputSequence, encoder: str = "") -> str | None:
    """Why the layer cannot read the sequence, and what it can, in a sentence; None if it fits.

    encoder: how a text may be brought to its width, where there is an embedding.
    """
    reads, has = module.spec.input_size, sequence.input_size
    if reads == has:
        return None
    features = f"{reads:,} feature{'' if reads == 1 else 's'}"
    typed = f"Type {encoder or f'with an alphabet of {reads:,} symbols'}"
    ways = [] if reads == 1 and not encoder else [typed]
    if reads <= MAX_FEATURES:
        table = f"a table with {reads} numeric column{'' if reads == 1 else 's'}"
        ways = ["Draw a curve" if reads == 1 else f"Generate with {features}", table, *ways]
    listed = f"{', '.join(ways[:-1])} or {ways[-1]}" if len(ways) > 1 else ways[0]
    return f"This network reads {features} a step and the sequence has {has:,}: use {listed}."


def to_module(module: RecurrentModule, *, shared: bool = False) -> nn.RNNBase:
    """The torch.nn module with these weights, in eval mode, on the CPU, float32.

    shared: with the same numbers in memory rather than a copy, to run and never to train, where
    the weights are views that `find` made.
    Raises SeqvizError while an RNN's nonlinearity has not been chosen.
    """
    if module.needs_nonlinearity:
        raise SeqvizError(
            f"{_place(module.prefix)} is a plain RNN and its weights do not tell its "
            "nonlinearity: choose tanh or relu."
        )
    if not shared or any(view.base is None for view in module.weights.values()):
        return with_weights(module.spec, module.weights)
    numbers = {name: np.asarray(view.base) for name, view in module.weights.items()}  # see _seen
    return with_weights(module.spec, numbers, shared=True)


def _place(prefix: str) -> str:
    """The prefix as a sentence shows it: it came from a stranger's file."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in prefix[:80])
    return printable or "top level"


def _module(prefix: str, parts: Mapping[str, Tensor]) -> RecurrentModule:
    place = _place(prefix)
    try:
        parts = folded(parts)
    except SeqvizError as error:
        raise SeqvizError(f"{place}: {error}") from error
    _check_names(place, parts)
    last = max(layer_of(name) for name in parts)
    bidirectional = any(name.endswith("_reverse") for name in parts)
    modes, spec = _spec(place, parts, last + 1, bidirectional)
    for name, shape in _shapes(spec, len(parts["weight_hh_l0"]) // spec.hidden_size):
        if tuple(parts[name].shape) != shape:
            cell = modes[0].split("_")[0]
            raise SeqvizError(
                f"{place}: {name} has shape {tuple(parts[name].shape)} where this {cell} with "
                f"hidden_size {spec.hidden_size} needs {shape}, so save the layer again."
            )
    weights = {}
    for name, _ in _shapes(spec, 1):
        weights[name] = _seen(parts[name])
        if not np.isfinite(weights[name]).all():
            raise SeqvizError(
                f"{place}: {name} holds NaN or infinity, so choose a checkpoint from before the "
                "training diverged."
            )
    return RecurrentModule(prefix, modes, spec, MappingProxyType(weights))


def _seen(tensor: Tensor) -> FloatArray:
    """A copy as float32 that cannot be written to; its base can, since torch reads no others."""
    view = tensor.detach().to("cpu", torch.float32, copy=True).contiguous().numpy()[...]
    view.flags.writeable = False
    return view


def _check_names(place: str, parts: Mapping[str, Tensor]) -> None:
    """Every layer and direction has both weights, and biases are everywhere or nowhere."""
    projections = [name for name in parts if name.startswith("weight_hr")]
    if projections:
        raise SeqvizError(
            f"{place} uses projections ({projections[0]}), so h and c differ in size: choose an "
            "LSTM with proj_size=0."
        )
    layers = {layer_of(name) for name in parts}
    if max(layers) >= MAX_WEIGHT_LAYERS:
        raise SeqvizError(
            f"{place} has {max(layers) + 1} layers and seqviz draws {MAX_WEIGHT_LAYERS}: save "
            "fewer of them."
        )
    absent = sorted(set(range(max(layers))) - layers)
    if absent:
        raise SeqvizError(
            f"{place} has layer {max(layers)} but no layer {absent[0]}: save the whole layer's "
            "state_dict()."
        )
    directions = [0, 1] if any(name.endswith("_reverse") for name in parts) else [0]
    biased = any(name.startswith("bias") for name in parts)
    for layer in sorted(layers):
        for direction in directions:
            _check_half(place, parts, suffix(layer, direction), biased)
    numbers = [name for name, tensor in parts.items() if not tensor.is_floating_point()]
    if numbers:
        dtype = str(parts[numbers[0]].dtype).removeprefix("torch.")
        raise SeqvizError(
            f"{place}: {numbers[0]} holds {dtype} numbers, so upload the weights as float32, "
            "float16 or bfloat16, from before quantisation."
        )


def _check_half(place: str, parts: Mapping[str, Tensor], end: str, biased: bool) -> None:
    """One layer in one direction has all of its parameters; end is their suffix."""
    kinds = ("weight_ih", "weight_hh", *(("bias_ih", "bias_hh") if biased else ()))
    missing = [kind + end for kind in kinds if kind + end not in parts]
    if not missing:
        return
    present = [kind + end for kind in reversed(kinds) if kind + end in parts]
    if present:
        reason = f"has {present[0]} but no {missing[0]}"
    else:
        reason = f"is bidirectional in another layer and has no {missing[0]}"
    raise SeqvizError(f"{place} {reason}: save the whole layer's state_dict().")


def _spec(
    place: str, parts: Mapping[str, Tensor], layers: int, bidirectional: bool
) -> tuple[tuple[str, ...], RNNSpec]:
    """The cells whose shapes these are, and the network, from layer 0's two weights."""
    w_ih, w_hh = parts["weight_ih_l0"], parts["weight_hh_l0"]  # (G*H, I), (G*H, H)
    if w_ih.ndim != 2 or w_hh.ndim != 2 or not w_ih.numel() or not w_hh.numel():
        raise SeqvizError(
            f"{place}: weight_ih_l0 and weight_hh_l0 have shapes {tuple(w_ih.shape)} and "
            f"{tuple(w_hh.shape)}, and both must be matrices with numbers in them."
        )
    rows, hidden = w_hh.shape
    modes = _MODES_BY_BLOCKS.get(rows // hidden, ())
    if rows % hidden or not modes:
        raise SeqvizError(
            f"{place}: weight_hh_l0 has shape {(rows, hidden)}, and its rows must be 1 (RNN), 3 "
            "(GRU) or 4 (LSTM) times its columns."
        )
    for what, size, most in (
        ("hidden_size", hidden, MAX_WEIGHT_UNITS),
        ("input_size", w_ih.shape[1], MAX_WEIGHT_INPUTS),
    ):
        if size > most:
            raise SeqvizError(
                f"{place} has {what} {size} and seqviz reads up to {most}: choose a smaller layer."
            )
    return modes, RNNSpec(
        mode=modes[0],
        input_size=w_ih.shape[1],
        hidden_size=hidden,
        num_layers=layers,
        bias="bias_ih_l0" in parts,
        bidirectional=bidirectional,
        init="given",
    )


def _shapes(spec: RNNSpec, blocks: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every parameter with the shape it needs, in PyTorch's order; blocks of H rows each."""
    rows = blocks * spec.hidden_size
    for layer in range(spec.num_layers):
        reads = spec.hidden_size * spec.num_directions if layer else spec.input_size
        for direction in range(spec.num_directions):
            end = suffix(layer, direction)
            yield f"weight_ih{end}", (rows, reads)
            yield f"weight_hh{end}", (rows, spec.hidden_size)
            if spec.bias:
                yield f"bias_ih{end}", (rows,)
                yield f"bias_hh{end}", (rows,)
