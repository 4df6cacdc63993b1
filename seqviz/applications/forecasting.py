"""One step ahead in a sequence of numbers: trained on its first part, judged on the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from seqviz.applications.application import Line, Score, Trained
from seqviz.applications.mistakes import ErrorBars
from seqviz.errors import SeqvizError
from seqviz.rnn.model import build, empty
from seqviz.rnn.tracing import trace
from seqviz.training.optimizers import Optimizer
from seqviz.training.scaling import Scaling
from seqviz.types import FloatArray, Head, InputSequence, Model, RNNSpec, frozen

SHORTEST = 40  # steps of a sequence, below which there is too little to learn and to judge
LEARNED_FROM = 0.7  # of a sequence, where nobody says otherwise
STRETCHES = 6  # of the judged part, to show where it goes wrong
HELD_BACK = 1 / 3  # of the learned part, to choose how to train
MOST_ITERATIONS, EVERY = 300, 10
PLANNING = 0.7  # of the time
HIDDEN, WINDOW, BATCH, LR, CLIP = 48, 30, 32, 5e-3, 1.0
CLOSED, SMALL = -5.0, 0.1  # of a unit that carries a value


@dataclass(frozen=True)
class Plan:
    """How to train: for how many iterations, and whether from weights that repeat the present
    value or from PyTorch's own."""

    iterations: int
    repeating: bool


@dataclass(frozen=True, eq=False)
class Forecast:
    """A network trained for one sequence.

    targets: the features it answers with. cut: steps it learned from, the first ones.
    prediction (T, K): after each step the next one's values. scores: one for each target.
    """

    trained: Trained
    targets: tuple[str, ...]
    cut: int
    prediction: FloatArray
    scores: tuple[Score, ...]


def forecast(
    sequence: InputSequence,
    targets: Sequence[str] = (),
    learned: float | int = LEARNED_FROM,
    *,
    measure: str = "MAE",
    tell: Callable[[float], None] = lambda _: None,
) -> Forecast:
    """Train a GRU to answer with the next step of any sequence, and judge it on the rest.

    targets: names of the features to answer with, all without. learned: the steps to learn from,
    as a whole number or as a share below 1. measure: "MAE" or "RMSE". tell: is told the fraction
    done, 0 to 1, and may raise to end it. Some seconds; the same call always gives the same
    numbers. How it trains is chosen on the last third of the learned part, then it learns from all
    of that part.

    Raises SeqvizError when the sequence is too short or has no such feature.
    """
    chosen = _targets(sequence, targets)
    cut = _cut(sequence, learned)
    plan = choose_plan(sequence, chosen, cut, lambda done: tell(PLANNING * done))
    trained = fit(sequence, chosen, cut, plan, lambda done: tell(PLANNING + (1 - PLANNING) * done))
    return _judged(trained, sequence, chosen, cut, measure)


def learned_network(weights: Mapping[str, FloatArray], sequence: InputSequence) -> Model:
    """The network that `forecast` has trained for all features of the sequence, from its
    state_dict (see weights/written).

    Raises SeqvizError when these are the weights of another network.
    """
    targets = _targets(sequence, ())
    spec = RNNSpec("GRU", sequence.input_size, HIDDEN, init="given")
    shapes = {name: tuple(value.shape) for name, value in empty(spec).state_dict().items()}
    shapes |= {"head.weight": (len(targets), HIDDEN), "head.bias": (len(targets),)}
    if {name: value.shape for name, value in weights.items()} != shapes:
        raise SeqvizError("These are the weights of another network: train one for this sequence.")
    head = Head(weights["head.weight"], weights["head.bias"], "identity", targets)
    recurrent = {name: value for name, value in weights.items() if not name.startswith("head.")}
    return Model(spec, recurrent, head)


def judged(model: Model, sequence: InputSequence) -> Forecast:
    """What `forecast` gave for this sequence, from the network that it trained; without the
    training's loss. Raises SeqvizError when the sequence is too short."""
    targets = _targets(sequence, ())
    learned = Trained(model, frozen(np.zeros(0)))
    return _judged(learned, sequence, targets, _cut(sequence, LEARNED_FROM), "MAE")


def _judged(
    trained: Trained, sequence: InputSequence, targets: tuple[str, ...], cut: int, measure: str
) -> Forecast:
    scores = judge(trained.model, sequence, targets, cut, measure=measure)
    prediction = trace(trained.model, sequence).prediction
    assert prediction is not None
    return Forecast(trained, targets, cut, prediction, scores)


def choose_plan(
    sequence: InputSequence,
    targets: Sequence[str],
    cut: int,
    tell: Callable[[float], None] = lambda _: None,
) -> Plan:
    """What is best for the last third of the learned part, unseen until then."""
    early = cut - int(HELD_BACK * cut)
    errors: dict[Plan, float] = {}
    for repeating in (False, True):
        one = _Fit(sequence, targets, early, repeating)
        for iteration, error in one.errors(until=cut):
            errors[Plan(iteration, repeating)] = error
            tell((repeating + iteration / MOST_ITERATIONS) / 2)
    return min(errors, key=lambda plan: errors[plan])


def fit(
    sequence: InputSequence,
    targets: Sequence[str],
    cut: int,
    plan: Plan,
    tell: Callable[[float], None] = lambda _: None,
) -> Trained:
    """A GRU trained on the first cut steps, for numbers in the sequence's own units."""
    one = _Fit(sequence, targets, cut, plan.repeating)
    losses = []
    for iteration in range(plan.iterations):
        losses.append(one.iterate())
        tell((iteration + 1) / plan.iterations)
    return Trained(one.model(), frozen(losses), asdict(plan))


def judge(
    model: Model,
    sequence: InputSequence,
    targets: Sequence[str],
    cut: int,
    *,
    measure: str = "MAE",
    unit: str = "",
    on: str = "",
) -> tuple[Score, ...]:
    """The model's error one step ahead on the steps after cut, for each target.

    Beside it, on the same steps: the present value again, a line fitted to pairs of values one
    step apart (AR(1)), and with several features linear regression on all of them.
    """
    answers = trace(model, sequence).prediction
    assert answers is not None
    on = on or f"the last {len(sequence) - cut:,} of {len(sequence):,} steps"
    scores = []
    for k, name in enumerate(targets):
        column = sequence.feature_names.index(name)
        asked = sequence.x[cut:, column].astype(np.float64)  # (T - cut,)
        lines = [
            Line(method, _error(values - asked, measure))
            for method, values in _without_learning(sequence.x, column, cut).items()
        ]
        value = _error(answers[cut - 1 : -1, k] - asked, measure)
        where = f"{name}, {on}" if len(targets) > 1 else on
        scores.append(Score(f"{measure}{unit}", value, tuple(lines), where, digits=4))
    return tuple(scores)


def errors_along(found: Forecast, sequence: InputSequence) -> ErrorBars:
    """How the error moves along the steps it has not learned from, beside repeating the last value.

    Features have no unit in common: each counts in standard deviations of its learned part.
    """
    columns = [sequence.feature_names.index(name) for name in found.targets]
    deviation = Scaling.of(sequence.x[: found.cut], shift=True).deviation[columns]
    x = sequence.x[:, columns].astype(np.float64)
    judged_steps = np.arange(found.cut, len(x))
    stretches = np.array_split(judged_steps, min(STRETCHES, len(judged_steps)))

    def by_stretch(answered: FloatArray | NDArray[np.float64]) -> tuple[float, ...]:
        errors = np.abs(answered[:-1] - x[1:]) / deviation  # row t: of step t + 1
        return tuple(float(errors[steps - 1].mean()) for steps in stretches)

    return ErrorBars(
        "MAE, standard deviations",
        "steps it has not learned from",
        tuple(f"{steps[0] + 1}–{steps[-1] + 1}" for steps in stretches),
        {"This network": by_stretch(found.prediction), "repeating the last value": by_stretch(x)},
        f"the last {len(judged_steps):,} of {len(x):,} steps",
    )


def _error(error: NDArray[np.float64], measure: str) -> float:
    if measure == "RMSE":
        return float(np.sqrt(np.square(error).mean()))
    return float(np.abs(error).mean())


def _without_learning(x: FloatArray, column: int, cut: int) -> dict[str, NDArray[np.float64]]:
    """Answers for the steps from cut on, each from the step before: (T - cut,)."""
    wide = x.astype(np.float64)
    answers = {
        "repeating the last value": wide[cut - 1 : -1, column],
        "AR(1)": _regression(wide[:, [column]], wide[:, column], cut),
    }
    if x.shape[1] > 1:
        answers["linear regression"] = _regression(wide, wide[:, column], cut)
    return answers


def _regression(x: NDArray[np.float64], y: NDArray[np.float64], cut: int) -> NDArray[np.float64]:
    """y one step ahead by least squares on the learned part, answered for the rest."""
    rows = np.column_stack([x, np.ones(len(x))])
    weight, *_ = np.linalg.lstsq(rows[: cut - 1], y[1:cut], rcond=None)
    answers: NDArray[np.float64] = rows[cut - 1 : -1] @ weight
    return answers


class _Fit:
    """A training under way: windows of the learned part, at random, standardised by that part."""

    def __init__(
        self, sequence: InputSequence, targets: Sequence[str], cut: int, repeating: bool
    ) -> None:
        self.sequence, self.targets, self.cut = sequence, tuple(targets), cut
        self.columns = [sequence.feature_names.index(name) for name in targets]
        self.scaling = Scaling.of(sequence.x[:cut], shift=True)
        self.z = torch.from_numpy(self.scaling.scaled(sequence.x))  # (T, I)
        self.window = min(WINDOW, cut // 2)
        self.spec = RNNSpec("GRU", sequence.input_size, HIDDEN)
        self.rnn = build(self.spec).train()
        self.generator = torch.Generator().manual_seed(0)
        self.weight = nn.Parameter(torch.empty(len(self.columns), HIDDEN))
        self.bias = nn.Parameter(torch.empty(len(self.columns)))
        for parameter in (self.weight, self.bias):  # as nn.Linear
            nn.init.uniform_(parameter, -(HIDDEN**-0.5), HIDDEN**-0.5, generator=self.generator)
        if repeating:
            self._begin_by_repeating()
        self.parameters = [*self.rnn.parameters(), self.weight, self.bias]
        self.optimizer = Optimizer("Adam", self.parameters, LR, ())
        self.offsets = torch.arange(self.window + 1)[:, None]

    @torch.no_grad()
    def _begin_by_repeating(self) -> None:
        """First weights with which the network answers with the present value.

        One unit for each target keeps nothing (z near 0) and carries a tenth of the value, where
        tanh is nearly straight; the head takes it tenfold. What else there is to know is learned
        from there.
        """
        self.weight.zero_()
        self.bias.zero_()
        parameters = dict(self.rnn.named_parameters())
        for unit, column in enumerate(self.columns):
            z, n = HIDDEN + unit, 2 * HIDDEN + unit  # rows, in PyTorch's order r z n
            for parameter in parameters.values():
                parameter[[z, n]] = 0.0
            parameters["bias_ih_l0"][z] = CLOSED
            parameters["weight_ih_l0"][n, column] = SMALL
            self.weight[unit, unit] = 1 / SMALL

    def iterate(self) -> float:
        """One update of the weights; the loss before it, in units of the targets' variance."""
        starts = self.cut - self.window
        start = torch.randint(starts, (BATCH,), generator=self.generator)
        window = self.z[start + self.offsets]  # (T+1, N, I)
        loss = nn.functional.mse_loss(self.answers(window[:-1]), window[1:, :, self.columns])
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, CLIP)
        self.optimizer.step()
        return loss.item()

    def answers(self, x: Tensor) -> Tensor:
        """(T, N, I) -> (T, N, K), both standardised."""
        return nn.functional.linear(self.rnn(x)[0], self.weight, self.bias)

    def errors(self, until: int) -> Iterator[tuple[int, float]]:
        """Every so many iterations the mean squared error on the steps from cut until there; it
        trains."""
        for iteration in range(1, MOST_ITERATIONS + 1):
            self.iterate()
            if iteration % EVERY == 0:
                with torch.inference_mode():
                    answers = self.answers(self.z[: until - 1, None])[self.cut - 1 :, 0]
                    asked = self.z[self.cut : until, self.columns]
                    error = nn.functional.mse_loss(answers, asked).item()
                yield iteration, error

    def model(self) -> Model:
        """The network as it is now, for the sequence's own units."""
        named = {f"rnn.{name}": value for name, value in self.rnn.named_parameters()}
        named |= {"head.weight": self.weight, "head.bias": self.bias}
        weights = {name: value.detach().numpy() for name, value in named.items()}
        asked = Scaling(self.scaling.mean[self.columns], self.scaling.deviation[self.columns])
        weights = asked.into_outputs(self.scaling.into_inputs(self.spec, weights))
        head = Head(weights["head.weight"], weights["head.bias"], "identity", self.targets)
        spec = RNNSpec("GRU", self.spec.input_size, HIDDEN, init="given")
        return Model(spec, {k[4:]: v for k, v in weights.items() if k[:4] == "rnn."}, head)


def _targets(sequence: InputSequence, targets: Sequence[str]) -> tuple[str, ...]:
    for name in targets:
        if name not in sequence.feature_names:
            raise SeqvizError(
                f"The sequence has no feature {name!r:.40}: choose from "
                f"{', '.join(sequence.feature_names):.200}."
            )
    chosen = tuple(targets) or sequence.feature_names
    if len(chosen) > HIDDEN:
        raise SeqvizError(f"{len(chosen)} features are asked for: choose at most {HIDDEN} of them.")
    return chosen


def _cut(sequence: InputSequence, learned: float | int) -> int:
    """The steps to learn from, as a whole number."""
    if len(sequence) < SHORTEST:
        raise SeqvizError(
            f"The sequence has {len(sequence)} steps: bring {SHORTEST} or more, so that there is "
            "something to learn from and something to be judged on."
        )
    cut = learned if isinstance(learned, int) else int(learned * len(sequence))
    if not SHORTEST // 2 <= cut < len(sequence):
        raise SeqvizError(
            f"{cut} of {len(sequence)} steps would be learned from: leave at least one to judge "
            f"on, and learn from {SHORTEST // 2} or more."
        )
    return cut
