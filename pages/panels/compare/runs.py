"""Which runs Compare sets side by side: the checked values on screen -> runs, and their traces."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from pages.panels.compare.second_sequence import two_sequences
from pages.panels.shared.names import CELLS
from pages.state import own_weights
from pages.state.networks import network
from pages.state.schema import Settings
from pages.state.session import Session
from pages.state.setup import Setup, answered
from pages.state.training.training_run import Trained, nearest
from seqviz.analysis import representation_similarity as alike
from seqviz.analysis import trace_difference
from seqviz.analysis.trace_difference import Floats
from seqviz.data import order
from seqviz.errors import SeqvizError
from seqviz.figures.step_distances import shown_steps
from seqviz.rnn import model, tracing
from seqviz.rnn.initial_state import initial_state
from seqviz.types import FloatArray, InputSequence, RNNSpec, Trace
from seqviz.weights.embeddings import Embedding
from seqviz.weights.recurrent_layers import RecurrentModule

LETTERS = "ABC"
FORGET_BIASES = (0.0, 1.0, 3.0)
COMPARED_INITS = ("default", "orthogonal", "identity")
KEEPS_NETWORK = ("order", "sequences", "training")
MAX_PARAMETERS = 6_000_000  # a little more than the largest network of Build has


@dataclass(frozen=True)
class ComparedRun:
    """One network reading one sequence. title: what sets it apart, in a word or two.

    module: somebody's own weights, or None for the network that spec describes. h_0 and c_0 are
    (L*D, H), or None for zeros. encoder: the embedding that gave the sequence, None for one-hot.
    trained: where the module's weights come from, of trained ones.
    """

    title: str
    spec: RNNSpec
    sequence: InputSequence
    module: RecurrentModule | None = None
    h_0: FloatArray | None = None
    c_0: FloatArray | None = None
    encoder: Embedding | None = None
    trained: Trained | None = None

    @property
    def network(self) -> tuple[RNNSpec, str]:
        """What tells its network from another."""
        return self.spec, self.module.digest if self.module else ""

    @property
    def units(self) -> Hashable:
        """What tells its units from another's: checkpoints of one training have the same."""
        return self.network if self.trained is None else self.trained.recipe.path

    @property
    def identity(self) -> tuple[Hashable, ...]:
        """What tells its trace from another's."""
        start, cell = (None if one is None else one.tobytes() for one in (self.h_0, self.c_0))
        return *self.network, self.sequence.digest, start, cell


@dataclass(frozen=True)
class Comparison:
    """Runs named A, B, C from the first on. notes: what to know about them, a sentence each.

    problem: why there is only the first run, or None.
    """

    runs: tuple[ComparedRun, ...]
    notes: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def one_network(self) -> bool:
        """Whether unit k is the same unit in all runs: one network, one training, or one run."""
        return len({run.units for run in self.runs}) == 1

    @property
    def sequences(self) -> list[InputSequence]:
        """The different sequences, in the order of the runs."""
        return list({run.sequence.digest: run.sequence for run in self.runs}.values())

    @property
    def quantities(self) -> tuple[str, ...]:
        """What every run can show."""
        shared = set.intersection(*(set(run.spec.quantities) for run in self.runs))
        return tuple(name for name in self.runs[0].spec.quantities if name in shared)


class Distance(NamedTuple):
    """Two runs of one network compared. norms: ‖h_A - h_B‖, (T,)."""

    norms: Floats
    sentence: str


Runs = tuple[list[ComparedRun], list[str]]


def comparison(setup: Setup) -> Comparison:
    """The runs of the chosen preset, from the network and the sequence on screen."""
    assert setup.sequence is not None
    settings = setup.settings
    preset = settings.compare
    new = preset not in KEEPS_NETWORK
    first = _new_network(setup, settings) if new else _own(setup)
    try:
        runs, notes = _PRESETS[preset](first, settings)
        for run in runs if new else ():
            _check_size(run.spec)
        runs, start = _started(setup, runs, settings)
    except SeqvizError as error:
        return Comparison((replace(_own(setup), title="on screen"),), problem=str(error))
    if new and setup.trained is not None:
        notes.append(
            "These networks are untrained: only order, sequences and training run the trained one."
        )
    elif new and setup.module is not None:
        notes.append(
            "These networks have your network's sizes and PyTorch's weights: only order and "
            "sequences run your own weights."
        )
    if setup.changes:
        notes.append("The changes made in Hands on are left out here.")
    return Comparison(tuple(runs), (*notes, *start))


def trace(session: Session, slot: str, run: ComparedRun, quantity: str = "h") -> Trace:
    """The run's trace with h and the quantity shown, and nothing else; the last one a slot is kept.

    Three whole ones may weigh 300 MB.
    """

    def make() -> Trace:
        rnn = own_weights.network(session, run.module) if run.module else network(run.spec)
        whole = tracing.trace(rnn, run.sequence, run.h_0, run.c_0, spec=run.spec)
        whole = answered(whole, run.trained.head if run.trained else None)
        gates = {quantity: whole.gates[quantity]} if quantity in whole.gates else {}
        return replace(whole, gates=gates, c=whole.c if quantity == "c" else None, weights={})

    return session.cache.get(f"compare {slot}", (run.identity, quantity), make)


def distance(session: Session, compared: Comparison, traces: list[Trace], k: int) -> Distance:
    """How far the states of run k lie from those of the first."""
    a, b = compared.runs[0], compared.runs[k]

    def make() -> Distance:
        difference = trace_difference.difference(traces[0], traces[k])
        said = trace_difference.sentence(difference, names=("A", LETTERS[k]))
        return Distance(difference.norms, said)

    return session.cache.get(f"distance {k}", (a.identity, b.identity), make)


def similarity(
    session: Session, compared: Comparison, traces: list[Trace], pair: tuple[int, int], layer: int
) -> str:
    """How far two networks tell the same steps apart, in a sentence."""
    a, b = pair
    key = (compared.runs[a].identity, compared.runs[b].identity, layer)

    def make() -> str:
        found = alike.representation_similarity(traces[a], traces[b], layer=layer)
        return alike.sentence(found, (LETTERS[a], LETTERS[b]))

    return session.cache.get(f"similarity {a} {b}", key, make)


def step_distances(session: Session, run: ComparedRun, trace: Trace, k: int, layer: int) -> Floats:
    """The distance of run k's states at any two of the steps that a square has room for."""

    def make() -> Floats:
        at = shown_steps(len(trace))
        return np.asarray(alike.distance_matrix(alike.layer_states(trace, layer)[at]).numpy())

    return session.cache.get(f"step distances {k}", (run.identity, layer), make)


# ---- where runs start ----------------------------------------------------------------------------


def _own(setup: Setup) -> ComparedRun:
    """What is on screen: the network, or somebody's own weights."""
    assert setup.sequence is not None
    state = setup.h_0, setup.c_0
    return ComparedRun(
        "", setup.spec, setup.sequence, setup.module, *state, setup.encoder, setup.trained
    )


def _new_network(setup: Setup, settings: Settings) -> ComparedRun:
    """The same, with weights that can be made anew: a network as large as somebody's own."""
    run = _own(setup)
    if run.module is None:
        return run
    spec = replace(run.spec, init="default", seed=settings.seed)
    return replace(run, spec=spec, module=None, trained=None)


def _check_size(spec: RNNSpec) -> None:
    count = model.num_parameters(spec)
    if count > MAX_PARAMETERS:
        raise SeqvizError(
            f"{model.constructor(spec)} would have {count:,} parameters, more than seqviz builds: "
            "compare orders or sequences with a network this large."
        )


def _started(setup: Setup, runs: list[ComparedRun], settings: Settings) -> Runs:
    """The runs with their h_0: the same one where they have the same shape."""
    started, misfits = [], []
    for run in runs:
        spec = replace(run.spec, seed=setup.spec.seed)  # chance in h_0 is no part of a comparison
        try:
            h_0, c_0 = initial_state(spec, settings.h_0, settings.h_0_values)
        except SeqvizError:
            h_0, c_0 = None, None
            misfits.append(run.title)
        started.append(replace(run, h_0=h_0, c_0=c_0))
    if not misfits:
        return started, []
    note = f"h_0 starts at zeros for {' and '.join(misfits)}: the values typed do not fit."
    return started, [note]


# ---- the presets: the first run and the values on screen -> all runs -----------------------------


def _cells(first: ComparedRun, settings: Settings) -> Runs:
    return [
        replace(first, title=CELLS[mode], spec=_with_mode(first.spec, mode))
        for mode in _modes(first.spec)
    ], []


def _parameters(first: ComparedRun, settings: Settings) -> Runs:
    runs = [
        replace(first, title=CELLS[mode], spec=model.match_parameters(first.spec, mode))
        for mode in _modes(first.spec)
    ]
    sizes = [
        f"{run.title} with hidden_size {run.spec.hidden_size} has "
        f"{model.num_parameters(run.spec):,} parameters"
        for run in runs
    ]
    return runs, [f"{', '.join(sizes)}."]


def _modes(spec: RNNSpec) -> tuple[str, str, str]:
    return (spec.mode if spec.mode.startswith("RNN_") else "RNN_TANH"), "GRU", "LSTM"


def _with_mode(spec: RNNSpec, mode: str) -> RNNSpec:
    return replace(spec, mode=mode, forget_bias=spec.forget_bias if mode == "LSTM" else None)


def _order(first: ComparedRun, settings: Settings) -> Runs:
    sequence = first.sequence
    how = settings.reorder
    if how == "reversed":
        other = order.reversed_order(sequence)
    elif how == "shuffled":
        other = order.shuffled(sequence, settings.shuffle_seed)
    else:
        other = order.swapped(sequence, min(settings.swap_at, len(sequence) - 1) - 1)
    return [replace(first, title="original"), replace(first, title=how, sequence=other)], []


def _seeds(first: ComparedRun, settings: Settings) -> Runs:
    seeds = first.spec.seed, settings.other_seed
    return [
        replace(first, title=f"seed {seed}", spec=replace(first.spec, seed=seed)) for seed in seeds
    ], []


def _inits(first: ComparedRun, settings: Settings) -> Runs:
    return [
        replace(first, title=init, spec=replace(first.spec, init=init)) for init in COMPARED_INITS
    ], []


def _forget_bias(first: ComparedRun, settings: Settings) -> Runs:
    lstm = replace(first.spec, mode="LSTM", bias=True)
    notes = [] if first.spec.bias else ["A forget-gate bias needs bias=True: these have it."]
    return [
        replace(first, title=f"bias {value:g}", spec=replace(lstm, forget_bias=value))
        for value in FORGET_BIASES
    ], notes


def _sequences(first: ComparedRun, settings: Settings) -> Runs:
    one, other, notes = two_sequences(
        first.sequence, settings, None if first.encoder is None else first.encoder.matrix
    )
    if first.module is not None and one.input_size != first.spec.input_size:
        raise SeqvizError(
            f"Both texts together have {one.input_size} different symbols and your network reads "
            f"{first.spec.input_size}: type the second text with the first one's symbols."
        )
    spec = replace(first.spec, input_size=one.input_size)
    runs = [
        replace(first, title=title, spec=spec, sequence=sequence)
        for title, sequence in (("first", one), ("second", other))
    ]
    return runs, notes


def _training(first: ComparedRun, settings: Settings) -> Runs:
    """Two checkpoints of one training: the untrained network and the trained one, at first."""
    if first.trained is None:
        raise SeqvizError(
            "This compares checkpoints of a training, and the network on stage is untrained: "
            "train one on Train, then come back."
        )
    run = first.trained.run
    both = nearest(run, settings.other_checkpoint), nearest(run, settings.checkpoint)
    runs = [
        replace(
            first,
            title=f"iteration {one.iteration:,}" if one.iteration else "untrained",
            spec=one.module.spec,
            module=one.module,
            trained=one,
        )
        for one in both
    ]
    return runs, []


_PRESETS: Mapping[str, Callable[[ComparedRun, Settings], Runs]] = {
    "cells": _cells,
    "parameters": _parameters,
    "order": _order,
    "sequences": _sequences,
    "seeds": _seeds,
    "inits": _inits,
    "forget bias": _forget_bias,
    "training": _training,
}
