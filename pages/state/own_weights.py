"""Somebody's own weights in the session: what was found in the file, and what is used of it."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from pages.state.session import Session
from pages.state.upload import Upload
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_WEIGHT_BYTES
from seqviz.types import InputSequence
from seqviz.weights import recurrent_layers
from seqviz.weights.files import read_weights
from seqviz.weights.recurrent_layers import FoundLayers, RecurrentModule

STAND_IN_STEPS = 60


@dataclass(frozen=True)
class Weights:
    """found: the layers in use, of the last file that would do. file: that file. notes: what to
    know about it. problem: why the newest file will not do.
    """

    digest: str = ""
    found: FoundLayers | None = None
    notes: tuple[str, ...] = ()
    problem: str | None = None
    file: Upload | None = None


def weights(session: Session) -> Weights:
    """What the newest file of weights holds; a single layer is run at once."""
    before = session.cache.get("weights", None, Weights)
    upload = session.files.get("weights")
    if upload is None or upload.digest == before.digest:
        return before
    try:
        held = read_weights(upload.name, upload.data, MAX_WEIGHT_BYTES)
        found = recurrent_layers.find(held.tensors)
        now = Weights(upload.digest, found, tuple(held.notes), file=upload)
        session.set(own_layer=0 if len(found.modules) == 1 else None)
    except SeqvizError as error:  # the file before stays in use
        now = Weights(upload.digest, before.found, problem=str(error), file=before.file)
    session.cache.put("weights", None, now)
    return now


def chosen_module(session: Session) -> RecurrentModule | None:
    """The layer in use, or None when the network is the one from Build."""
    found = weights(session).found
    place: int | None = session.options.get("own_layer")
    if found is None or place is None or not 0 <= place < len(found.modules):
        return None
    module = found.modules[place]
    if module.needs_nonlinearity:
        module = module.with_nonlinearity(session.options.get("own_nonlinearity", "tanh"))
    return module


def fitting(
    session: Session,
    module: RecurrentModule,
    sequence: InputSequence | None,
    problem: str | None,
) -> tuple[InputSequence | None, str | None]:
    """A sequence the module can read, and what is wrong with the one on screen.

    Where input_size does not fit, the sentence says what would; the stand-in is used once asked
    for, until another sequence or layer is wanted.
    """
    misfit = None if sequence is None else recurrent_layers.misfit(module, sequence)
    if sequence is None or misfit is None:
        session.stand_in_for = None
        return sequence, problem
    if session.stand_in_for == (module.digest, sequence.digest):
        return stand_in(module), problem
    return None, misfit


def use_stand_in(session: Session, module: RecurrentModule, sequence: InputSequence) -> None:
    """Read random numbers instead of this sequence."""
    session.stand_in_for = module.digest, sequence.digest


def stand_in(module: RecurrentModule) -> InputSequence:
    """torch.randn(60, 1, input_size) with seed 0, for a network that reads many features."""
    size = module.spec.input_size
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(STAND_IN_STEPS, 1, size, generator=generator)[:, 0]
    return InputSequence(x.numpy(), name=f"torch.randn({STAND_IN_STEPS}, 1, {size})")


def network(session: Session, module: RecurrentModule) -> torch.nn.RNNBase:
    """The module ready to run, built once."""
    return session.cache.get(
        "own network", module.digest, lambda: recurrent_layers.to_module(module)
    )
