"""Trainings that have come to their end, kept for whoever asks for the same recipe."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from seqviz.limits import MAX_KEPT_TRAINING_BYTES, MAX_KEPT_TRAININGS
from seqviz.training.run import Run, Weights
from seqviz.training.scheduling.follower import Training


class Finished:
    """The newest MAX_KEPT_TRAININGS of them, by digest, as far as MAX_KEPT_TRAINING_BYTES reach."""

    def __init__(self) -> None:
        self._trainings: OrderedDict[str, tuple[Training, int]] = OrderedDict()

    def get(self, digest: str) -> Training | None:
        """The training of a recipe, which then counts as the newest."""
        if digest not in self._trainings:
            return None
        self._trainings.move_to_end(digest)
        return self._trainings[digest][0]

    def add(self, training: Training) -> None:
        self._trainings[training.digest] = training, nbytes(training.run)
        self._trainings.move_to_end(training.digest)
        while len(self) > MAX_KEPT_TRAININGS or self.nbytes > MAX_KEPT_TRAINING_BYTES:
            self._trainings.popitem(last=False)

    def __len__(self) -> int:
        return len(self._trainings)

    @property
    def nbytes(self) -> int:
        return sum(size for _, size in self._trainings.values())


def nbytes(run: Run) -> int:
    """Bytes of a run's arrays."""

    def of(every: Iterable[Weights]) -> int:
        return sum(array.nbytes for arrays in every for array in arrays.values())

    curves = run.loss.nbytes + run.accuracy.nbytes + run.gradient_norm.nbytes
    return of(run.kept.values()) + of(run.optimizer) + of((run.weights, run.last_good)) + curves
