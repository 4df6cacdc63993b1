"""All that is set on screen as what it means: the network, what it reads, where it starts."""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass, replace

import streamlit as st
import torch

from pages.state import input_sequence, own_weights, typed_text
from pages.state.networks import WeightsOf, network
from pages.state.schema import Settings
from pages.state.session import Session
from pages.state.training import first_network, training_run
from pages.state.training.training_run import Trained
from seqviz.errors import SeqvizError
from seqviz.rnn import cost, intervened_run, interventions, tracing
from seqviz.rnn.head import predict
from seqviz.rnn.initial_state import initial_state
from seqviz.rnn.interventions import Intervention
from seqviz.types import FloatArray, Head, InputSequence, RNNSpec, Trace
from seqviz.weights.embeddings import Embedding
from seqviz.weights.recurrent_layers import RecurrentModule


@dataclass(frozen=True)
class Setup:
    """sequence: None while the pad is empty. problem: one sentence when the newest input will not
    do; sequence is then the one before. module: the weights, where they are not those that spec
    describes: somebody's own, or trained ones. trained: where they come from, of trained ones.
    head: what turns its states into answers, None where it was trained for nothing known.
    note: what the network reads instead of the sequence from Feed, and why, where it cannot read
    that one. encoder: the embedding
    through which it reads texts, None for one-hot. capacity: steps a sequence
    being drawn may still get. data: see input_sequence.Reading.
    """

    settings: Settings
    spec: RNNSpec
    sequence: InputSequence | None
    h_0: FloatArray | None = None
    c_0: FloatArray | None = None
    live: bool = False
    problem: str | None = None
    wave: FloatArray | None = None
    data: str = ""
    module: RecurrentModule | None = None
    trained: Trained | None = None
    head: Head | None = None
    target: FloatArray | None = None
    note: str | None = None
    encoder: Embedding | None = None
    changes: tuple[Intervention, ...] = ()

    @property
    def quantity(self) -> str:
        """What the heatmaps show: h where this cell has no such gate."""
        quantity = self.settings.quantity
        return quantity if quantity in self.spec.quantities else "h"

    @property
    def capacity(self) -> int:
        return self.settings.steps if self.settings.feed == "draw" and not self.note else 0

    @property
    def shapes(self) -> dict[str, torch.Size]:
        """x, output and h_n as PyTorch prints their shapes; {} without a sequence."""
        if self.sequence is None:
            return {}
        steps, features = self.sequence.x.shape
        directions, spec = self.spec.num_directions, self.spec
        return {
            "x": torch.Size((steps, 1, features)),
            "output": torch.Size((steps, 1, directions * spec.hidden_size)),
            "h_n": torch.Size((directions * spec.num_layers, 1, spec.hidden_size)),
        }

    @property
    def own(self) -> RecurrentModule | None:
        """Somebody's own weights, where they are in use."""
        return None if self.trained is not None else self.module

    @property
    def identity(self) -> Hashable:
        """What tells one trace from another: a spec does not know somebody's own weights, and
        weights do not know the head."""
        assert self.sequence is not None
        start = None if self.h_0 is None else self.h_0.tobytes()
        weights = self.module.digest if self.module else ""
        head = self.head.digest if self.head else ""
        return self.spec, weights, head, self.sequence.digest, start


def current(session: Session, *, wait: bool = True) -> Setup:
    """The setup that the settings ask for. wait: for a network that a link lets train again."""
    reading = input_sequence.read(session)
    settings = session.settings
    sequence, problem = reading.sequence, reading.problem
    module, note, target = own_weights.chosen_module(session), None, None
    head = own_weights.head_of(session, module) if module is not None else None
    trained = None if module is not None else training_run.trained(session, wait=wait)
    if trained is not None and trained.run is first_network.run():
        trained = trained if first_network.reads(sequence) else None  # nobody here has trained it
    if module is not None:
        sequence, note = own_weights.readable(session, module, sequence)
    elif trained is not None:
        module, head = trained.module, trained.head
        try:
            sequence, note = training_run.readable(session, trained, sequence)
        except SeqvizError as error:
            problem = problem or str(error)
            sequence = training_run.shown_example(session, trained.recipe).sequence
        known = training_run.shown_example(session, trained.recipe)
        target = known.target if sequence is known.sequence else None
    encoder = None
    if settings.feed == "type":
        with suppress(SeqvizError):  # of the alphabet, which reading has said
            encoder = typed_text.encoder(session)
    spec = module.spec if module else network_spec(settings, sequence)
    h_0, c_0 = None, None
    try:
        h_0, c_0 = initial_state(spec, settings.h_0, settings.h_0_values)
    except SeqvizError as error:
        problem = problem or str(error)
    changes = interventions.parse(settings.changes)
    if sequence is not None:
        changes = tuple(c for c in changes if interventions.fits(spec, len(sequence), c))
    return Setup(
        settings=settings,
        spec=spec,
        sequence=sequence,
        h_0=h_0,
        c_0=c_0,
        live=session.pad.live and note is None,
        problem=problem,
        wave=reading.wave if note is None else None,
        data=reading.data,
        module=module,
        trained=trained,
        head=head,
        target=target,
        note=note,
        encoder=encoder,
        changes=changes,
    )


def network_spec(settings: Settings, sequence: InputSequence | None) -> RNNSpec:
    """The network of Build, which reads this sequence."""
    return RNNSpec(
        mode=settings.cell,
        input_size=sequence.input_size if sequence else 1,
        hidden_size=settings.hidden_size,
        num_layers=settings.num_layers,
        bias=settings.bias,
        bidirectional=settings.bidirectional,
        init=settings.init,
        forget_bias=settings.forget_bias if settings.cell == "LSTM" else None,
        seed=settings.seed,
    )


def trace(session: Session, setup: Setup) -> Trace | None:
    """The trace of setup, or None without a sequence; the same object while nothing changes."""
    sequence = setup.sequence
    if sequence is None:
        return None
    weights = setup.module.weights if setup.module else WeightsOf(setup.spec)

    def make() -> Trace:
        rnn = module_of(session, setup)
        start = setup.h_0, setup.c_0
        read = tracing.trace(rnn, sequence, *start, spec=setup.spec, weights=weights)
        return answered(read, setup.head)

    price = cost.cost(setup.spec, len(sequence))
    if setup.module is None or not price.is_felt or session.cache.holds("trace", setup.identity):
        return session.cache.get("trace", setup.identity, make)
    with st.spinner(f"Reading {len(sequence):,} steps, {price}"):
        return session.cache.get("trace", setup.identity, make)


def answered(trace: Trace, head: Head | None) -> Trace:
    """The trace with what the network's head answers at every step."""
    if head is None:
        return trace
    return replace(trace, head=head, prediction=predict(head, trace.output))


def changed(session: Session, setup: Setup) -> Trace | None:
    """The trace with the changes of Hands on in force, or None without any."""
    plain = trace(session, setup)
    if plain is None or not setup.changes:
        return None
    key = (setup.identity, setup.changes)
    with st.spinner("Running the changed network", show_time=True):
        return session.cache.get("changed", key, lambda: intervened_run.run(plain, setup.changes))


def module_of(session: Session, setup: Setup) -> torch.nn.RNNBase:
    """The network of setup as PyTorch runs it."""
    return own_weights.network(session, setup.module) if setup.module else network(setup.spec)
