"""The second of two sequences that Compare runs through one network: a text or a generator's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from pages.state import typed_text
from pages.state.schema import Settings, parameter_name
from seqviz.data import generators
from seqviz.types import FloatArray, InputSequence


def two_sequences(
    sequence: InputSequence, settings: Settings, matrix: FloatArray | None = None
) -> tuple[InputSequence, InputSequence, list[str]]:
    """The sequence and another one that the same network can read, and what to know about them.

    matrix: the embedding through which the first was read, None for one-hot.
    Raises SeqvizError when the second text will not do.
    """
    if sequence.kind != "text":
        other, notes = second_sequence(sequence, settings)
        return sequence, other, notes
    typed = typed_text.encode(settings, settings.other_text, matrix)
    one, other = one_vocabulary(sequence, typed)
    if one is sequence:
        return one, other, []
    return one, other, [
        f"Both texts are one-hot over the {one.input_size} symbols they have together, so this "
        f"network's input_size is {one.input_size}."
    ]  # fmt: skip


def one_vocabulary(one: InputSequence, other: InputSequence) -> tuple[InputSequence, InputSequence]:
    """Two one-hot texts over the symbols of both, those of the first text first."""
    new = [name for name in other.feature_names if name not in one.feature_names]
    names = (*one.feature_names, *new)
    place = [names.index(name) for name in other.feature_names]
    x = np.zeros((len(other), len(names)), np.float32)  # (T, I)
    x[:, place] = other.x
    second = replace(other, x=x, feature_names=names)
    if not new:
        return one, second
    wider = np.pad(one.x, ((0, 0), (0, len(new))))
    return replace(one, x=wider, feature_names=names), second


def second_sequence(sequence: InputSequence, settings: Settings) -> tuple[InputSequence, list[str]]:
    """The chosen generator's sequence of the same shape, or torch.randn where it has another."""
    steps, seed = len(sequence), settings.other_seed
    source = generators.SOURCES[settings.other_source]
    if source.key == "randn":
        return _noise(sequence, seed), []
    named = {p.name: settings.get(parameter_name(source.key, p.name)) for p in source.parameters}
    named |= {name: value for name, value in (("steps", steps), ("seed", seed)) if name in named}
    if "position" in named:
        named["position"] = min(named["position"], steps)
    made = generators.generate(source.key, **named)
    if made.x.shape == sequence.x.shape:
        return made, []
    why = f"{source.label} gives {_shape(made)} and the first sequence is {_shape(sequence)}"
    return _noise(sequence, seed), [f"{why}, so the second is torch.randn."]


def _shape(sequence: InputSequence) -> str:
    steps, features = sequence.x.shape
    return f"{steps:,} × {features}"


def _noise(sequence: InputSequence, seed: int) -> InputSequence:
    steps, features = sequence.x.shape
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(steps, 1, features, generator=generator)[:, 0]  # (T, I)
    return InputSequence(x.numpy(), name=f"torch.randn({steps}, 1, {features})")
