"""Somebody's own weights in the session: what was found in the file, and what is used of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch

from pages.state.files.upload import Upload
from pages.state.session import Session
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_WEIGHT_BYTES
from seqviz.rnn import cost
from seqviz.types import Head, InputSequence
from seqviz.weights import recurrent_layers
from seqviz.weights.embeddings import Embedding, embeddings_of, find_embeddings
from seqviz.weights.files import read_weights
from seqviz.weights.recurrent_layers import FoundLayers, RecurrentModule

STAND_IN_STEPS = 60


@dataclass(frozen=True)
class Weights:
    """found: the layers in use, of the last file that would do. embeddings: matrices in it that
    one of them may read. head: what turns a layer's states into answers, where the file says so.
    notes: what to know about it. problem: why the newest file will not do. file: the one in use.
    """

    digest: str = ""
    found: FoundLayers | None = None
    embeddings: tuple[Embedding, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str | None = None
    file: Upload | None = None
    head: Head | None = None


def weights(session: Session) -> Weights:
    """What the newest file of weights holds; its first layer is run at once."""
    before = session.cache.get("weights", None, Weights)
    upload = session.files.get("weights")
    if upload is None or upload.digest == before.digest:
        return before
    try:
        held = read_weights(upload.name, upload.data, MAX_WEIGHT_BYTES)
        found = recurrent_layers.find(held.tensors)
        embeddings = find_embeddings(held.tensors, found.modules)
        now = Weights(upload.digest, found, embeddings, tuple(held.notes), None, upload, held.head)
        for name in ("own_layer", "own_encoder"):
            session.begin_anew(name)
        session.set(own_layer=0 if found.modules else None, own_encoder=None, own_search=None)
    except SeqvizError as error:  # the file before stays in use
        now = replace(before, digest=upload.digest, notes=(), problem=str(error))
    session.cache.put("weights", None, now)
    return now


def chosen_place(session: Session) -> int | None:
    """Which of the layers found is in use, or None when the network is the one from Build."""
    found, place = weights(session).found, session.options.get("own_layer")
    if found is None or type(place) is not int or not 0 <= place < len(found.modules):
        return None  # a widget that shows another file's layers may say anything
    return place


def chosen_module(session: Session) -> RecurrentModule | None:
    """The layer in use, or None when the network is the one from Build."""
    found, place = weights(session).found, chosen_place(session)
    if found is None or place is None:
        return None
    module = found.modules[place]
    if module.needs_nonlinearity:
        module = module.with_nonlinearity(session.options.get("own_nonlinearity", "tanh"))
    return module


def head_of(session: Session, module: RecurrentModule) -> Head | None:
    """The head in the module's file, where it reads the module's states."""
    head, spec = weights(session).head, module.spec
    states = spec.num_directions * spec.hidden_size
    return head if head is not None and head.weight.shape[1] == states else None


def readable(
    session: Session, module: RecurrentModule, sequence: InputSequence | None
) -> tuple[InputSequence | None, str | None]:
    """A sequence the module can read: the one on screen, or a stand-in and why it stands there."""
    if sequence is None:
        return None, None
    embeddings = embeddings_of(module, weights(session).embeddings)
    encoder = "".join(
        f"through {one.name} with an alphabet of {len(one.matrix):,} symbols"
        for one in embeddings[:1]
    )
    misfit = recurrent_layers.misfit(module, sequence, encoder)
    if misfit is None:
        return _affordable(module, sequence)
    instead = stand_in(module)
    return instead, f"{misfit} Until then it reads {instead.name}."


def _affordable(
    module: RecurrentModule, sequence: InputSequence
) -> tuple[InputSequence, str | None]:
    """As much of the sequence from its first step on as can be afforded, and why not all of it."""
    most = cost.affordable_steps(module.spec)
    if len(sequence) <= most:
        return sequence, None
    part = replace(sequence, x=sequence.x[:most], labels=sequence.labels[:most])
    whole = cost.cost(module.spec, len(sequence))
    return part, (
        f"All {len(sequence):,} steps would take this network {whole}, so it reads the first "
        f"{most:,}: choose a shorter sequence, or a stride, for others."
    )


def stand_in(module: RecurrentModule) -> InputSequence:
    """torch.randn(60, 1, input_size) with seed 0, for a network that reads many features."""
    size = module.spec.input_size
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(STAND_IN_STEPS, 1, size, generator=generator)[:, 0]
    return InputSequence(x.numpy(), name=f"torch.randn({STAND_IN_STEPS}, 1, {size})")


def network(session: Session, module: RecurrentModule) -> torch.nn.RNNBase:
    """The module ready to run, built once. Read it, never train it."""
    return session.cache.get(
        "own network", module.digest, lambda: recurrent_layers.to_module(module, shared=True)
    )
