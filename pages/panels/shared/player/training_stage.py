"""What the player shows of a training: an example's states and answers, loss, and the film."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pages.components.player import film, tracks
from pages.components.player.frame import frame
from pages.components.player.tracks import Track
from pages.components.player.training import thinned_curve
from pages.panels.shared.answers import answer_tracks, over_input
from pages.panels.shared.names import CELLS
from pages.panels.shared.player import player
from pages.panels.shared.sharing.recent import Recent
from pages.state.session import Session
from pages.state.setup import Setup
from pages.state.training.training_run import Trained, nearest
from seqviz.rnn import tracing
from seqviz.training.example import Example
from seqviz.training.run import Run
from seqviz.training.scheduling.schedule import Follower
from seqviz.training.task import Baseline
from seqviz.training.tasks import TASKS
from seqviz.types import InputSequence, Trace


def size_of(trace: Trace) -> int:
    """Bytes of its arrays."""
    cells = 0 if trace.c is None else trace.c.nbytes
    return trace.h.nbytes + cells + sum(gate.nbytes for gate in trace.gates.values())


_TRACES: Recent[Trace] = Recent(64 * 2**20, size_of)  # a class that trains alike shares them
_FILMS: Recent[bytes] = Recent(32 * 2**20, len)
_BASELINES: Recent[tuple[Baseline, ...]] = Recent(32)


class _Checkpoints(Mapping[int, list[Track]]):
    """Tracks by iteration, made when they are asked for: of a large network a film keeps few."""

    def __init__(self, iterations: Sequence[int], make: Callable[[int], list[Track]]) -> None:
        self._iterations, self._make = iterations, make

    def __getitem__(self, iteration: int) -> list[Track]:
        return self._make(iteration)

    def __iter__(self) -> Iterator[int]:
        return iter(self._iterations)

    def __len__(self) -> int:
        return len(self._iterations)


@dataclass(frozen=True)
class Stage:
    """What a frame takes but the run: what is read, and how it is looked at.

    target: as in Example, None for a sequence of the visitor's own. orders: see player.orders_of.
    below: as of `frame`.
    """

    sequence: InputSequence
    target: Any
    quantity: str
    checkpoint: int | None
    orders: Mapping[str, Any]
    below: int = 0

    def frame(self, follower: Follower) -> bytes:
        """All that the player shows of how far the run is now."""
        run = follower.run
        return self._frame(nearest(run, self.checkpoint), self.header(run) | self.state(follower))

    def state(self, follower: Follower) -> dict[str, Any]:
        """What else the panel says of a run that is followed."""
        return _of(follower)

    def untrained(self, run: Run) -> bytes:
        """The same before it has begun. run: of no iterations."""
        return self._frame(Trained(run, 0), self.header(run) | {"film": ""})

    def _frame(self, trained: Trained, header: Mapping[str, Any]) -> bytes:
        trace = self.read(trained)
        return frame(
            self.tracks(trace, trained),
            digest=self.sequence.digest,
            caption=tracks.caption(self.sequence),
            quantity=self.quantity,
            ends=player.common_scale(self.quantity, [trace]),
            training=header,
            below=self.below,
            **self.orders,
        )

    def read(self, trained: Trained) -> Trace:
        """The sequence as the network of one checkpoint reads it."""
        key = (trained.recipe.path, trained.iteration, self.sequence.digest)
        return _TRACES.get(key, lambda: tracing.trace(trained.model, self.sequence))

    def tracks(self, trace: Trace, trained: Trained) -> list[Track]:
        """The sequence, its states, and what is answered beside what should be."""
        recipe = trained.recipe
        return [
            tracks.input_track(self.sequence, predicted=over_input(trace, recipe)),
            *tracks.heat_tracks(trace, self.quantity),
            *answer_tracks(trace, recipe, target=self.target),
        ]

    def header(self, run: Run) -> dict[str, Any]:
        """What the panel beside the tracks says, see frame."""
        recipe = run.recipe
        return {
            "id": recipe.path,
            "state": "stopped",
            "name": f"{TASKS[recipe.task].name} · {CELLS[recipe.spec.mode]}",
            "iteration": run.iteration,
            "iterations": recipe.iterations,
            "seconds_left": None,
            "place": 0,
            "note": run.diverged or "",
            "loss": thinned_curve(run.loss),
            "accuracy": thinned_curve(run.accuracy),
            "gradient_norm": thinned_curve(run.gradient_norm),
            "clip": recipe.clip,
            "baselines": [
                {"answers": one.answers, "loss": one.loss, "accuracy": one.accuracy}
                for one in baselines(run)
            ],
            "checkpoint": self.checkpoint,
            "checkpoints": sorted({*run.kept, run.iteration}),
            "film": f"films/{self.orders['channel']}/{self.film_name(run)}",
        }

    def film_name(self, run: Run) -> str:
        """Tells this film from others; the same while it only gets longer."""
        return f"{run.recipe.path[:10]}-{self.sequence.digest[:8]}-{self.quantity}"

    def film(self, run: Run) -> bytes:
        """All checkpoints of a run, for the browser to run through."""
        wanted = sorted({*run.kept, run.iteration})
        return _FILMS.get(
            (run.recipe.path, run.iteration, self.sequence.digest, self.quantity),
            lambda: film.film(_Checkpoints(wanted, lambda at: self._at(run, at))),
        )

    def _at(self, run: Run, iteration: int) -> list[Track]:
        trained = Trained(run, iteration)
        # not kept: a film has more traces than anybody asks for again
        return self.tracks(tracing.trace(trained.model, self.sequence), trained)


def stage(session: Session, setup: Setup, shown: Example) -> Stage:
    """The stage as the page has it now."""
    return Stage(
        shown.sequence,
        shown.target,
        setup.quantity,
        session.settings.checkpoint,
        player.orders_of(session),
    )


def _of(follower: Follower) -> dict[str, Any]:
    """What else the panel says of a run that is followed."""
    return {
        "state": follower.state,
        "seconds_left": follower.seconds_left,
        "place": follower.place,
        "note": follower.problem or follower.run.diverged or follower.note or "",
    }


def baselines(run: Run) -> tuple[Baseline, ...]:
    """What the run is compared with; some take a second, so once for all of its states."""
    return _BASELINES.get(run.recipe.path, lambda: run.baselines)
