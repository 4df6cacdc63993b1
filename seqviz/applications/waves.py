"""The next value of waves, and of a curve somebody draws; it can go on by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from seqviz.applications.application import Application, Line, Score
from seqviz.rnn.continuation import continued
from seqviz.rnn.model import with_weights
from seqviz.training.recipe import Recipe
from seqviz.training.task import UNSEEN_SEEDS
from seqviz.training.tasks.waves import waves
from seqviz.types import FloatArray, InputSequence, RNNSpec, frozen

UNSEEN = UNSEEN_SEEDS + 1
COUNT = 1000  # waves it is judged on
LAST = 10  # values that the regression beside it reads
AHEAD = 10  # steps it goes on by itself for its second score


class WavesAhead(Application):
    key = "waves"
    name = "Waves"
    about = (
        "It reads a curve from -1 to 1, one value a step. It answers with the next value, and goes "
        "on by itself when its answers are given back to it."
    )
    cannot = (
        "It has seen sines, sums of two sines, square waves and sawtooths with periods of 6 to 40 "
        "steps and nothing else, so a turn of the hand surprises it as it surprises you. It finds "
        "out what it reads in the first period, and cannot know of a jump that was never there "
        "before. By itself it goes on with a wave much like the last one, soon out of time with "
        "it, and many grow flat after some 60 steps."
    )

    def recipe(self) -> Recipe:
        """Its network is the one of a first visit, see pages/state/schema."""
        usual = Recipe.default("waves")
        spec = RNNSpec("LSTM", 1, 16, num_layers=2, seed=3)
        return replace(usual, spec=spec, iterations=8000, lr=3e-3)

    def continuation(self, sequence: InputSequence, steps: int = 30) -> FloatArray:
        """How it goes on after a sequence of one feature: (steps,). SeqvizError as `continued`."""
        return continued(self.model(), sequence, steps)[:, 0]

    def evaluate(self) -> tuple[Score, ...]:
        """One step ahead on waves it has not seen; then on its own, on waves that do not change."""
        steps = self.recipe().steps
        generator = torch.Generator().manual_seed(UNSEEN)
        changing = waves(steps + 1, COUNT, generator).numpy()  # (T+1, N)
        steady = waves(steps + AHEAD, COUNT, generator, changing=False).numpy()
        return self._one_step(changing), self._by_itself(steady, steps)

    def _one_step(self, wave: FloatArray) -> Score:
        before, now, after = wave[:-2], wave[1:-1], wave[2:]  # nobody can know after one value
        lines = (
            Line("repeating the last value", _mean_square(after - now)),
            Line("a straight line", _mean_square(after - (2 * now - before))),
            Line(f"regression on {LAST} values", _mean_square(after - _regression(wave))),
        )
        error = _mean_square(self._answers(wave[:-1], 1)[1 : len(wave) - 1] - after)
        return Score("MSE", error, lines, f"{COUNT:,} waves, one step ahead", digits=4)

    def _by_itself(self, wave: FloatArray, steps: int) -> Score:
        asked, last = wave[steps:], wave[steps - 1]  # (AHEAD, N), (N,)
        lines = (
            Line("repeating the last value", _mean_square(asked - last)),
            Line("the mean of what was read", _mean_square(asked - wave[:steps].mean(axis=0))),
        )
        error = _mean_square(self._answers(wave[:steps], AHEAD)[-AHEAD:] - asked)
        return Score("MSE", error, lines, f"{COUNT:,} waves, {AHEAD} steps by itself", digits=4)

    def _answers(self, wave: FloatArray, ahead: int) -> FloatArray:
        """What it answers after each step of many waves at once (T, N), and after ahead - 1 of
        its own answers: (T + ahead - 1, N)."""
        model = self.model()
        assert model.head is not None
        rnn = with_weights(model.spec, model.weights)
        weight, bias = torch.tensor(model.head.weight), torch.tensor(model.head.bias)
        x, state, answers = torch.tensor(wave)[..., None], None, []
        with torch.inference_mode():
            for _ in range(ahead):
                output, state = rnn(x, state)
                answers.append(nn.functional.linear(output, weight, bias))
                x = answers[-1][-1:]
            return frozen(torch.cat(answers)[..., 0])


def _regression(wave: FloatArray) -> NDArray[np.float64]:
    """The next value by least squares from the last ones, fitted to other waves: (T - 1, N)."""
    generator = torch.Generator().manual_seed(UNSEEN + 1)
    others = waves(len(wave), COUNT, generator).numpy()

    def rows(values: FloatArray) -> NDArray[np.float32]:
        padded = np.concatenate([np.repeat(values[:1], LAST - 2, axis=0), values])
        last = np.stack([padded[k : k + len(values) - 2] for k in range(LAST)], axis=-1)
        return np.concatenate([last, np.ones_like(last[..., :1])], axis=-1)  # (T-1, N, LAST+1)

    weight, *_ = np.linalg.lstsq(
        rows(others).reshape(-1, LAST + 1).astype(np.float64), others[2:].ravel(), rcond=None
    )
    answers: NDArray[np.float64] = rows(wave) @ weight
    return answers


def _mean_square(error: NDArray[np.floating]) -> float:
    return float(np.square(error.astype(np.float64)).mean())
