"""What a recipe will take, before anything is trained: multiplications, memory, time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_TRAINING_BYTES, MAX_TRAINING_OPERATIONS
from seqviz.rnn.model import num_parameters

if TYPE_CHECKING:
    from seqviz.training.recipe import Recipe

FORWARD_AND_BACKWARD = 3  # a gradient takes twice what the answer took
OPERATIONS_A_SECOND = 3.5e10  # measured on one core, as the next two
STEP_SECONDS = {"RNN_TANH": 45e-6, "RNN_RELU": 45e-6, "GRU": 135e-6, "LSTM": 30e-6}
"""What one step of one layer costs beside its multiplications, forwards and back."""
KEPT_NUMBERS = {"RNN_TANH": 5, "RNN_RELU": 5, "GRU": 15, "LSTM": 12}
"""Numbers that are kept of a unit at each step, for the gradient: its gates, sums and states."""
ITERATION_SECONDS = 0.5e-3  # drawing a batch, clipping, the optimizer


@dataclass(frozen=True)
class Cost:
    """operations: multiplications of the whole run. bytes: states that one iteration keeps for
    its gradient. seconds: a rough estimate on one core; the machine decides."""

    operations: float
    bytes: int
    seconds: float


def cost(recipe: Recipe) -> Cost:
    """iterations x batch x T x (weights, of the order of H^2 L), and what follows from it."""
    spec = recipe.spec
    at_once = recipe.batch_size * recipe.steps  # N T
    operations = FORWARD_AND_BACKWARD * at_once * num_parameters(spec) * float(recipe.iterations)
    cells = spec.num_layers * spec.num_directions
    kept = at_once * cells * spec.hidden_size * KEPT_NUMBERS[spec.mode] * 4  # float32
    steps = recipe.iterations * recipe.steps * cells
    seconds = (
        operations / OPERATIONS_A_SECOND
        + steps * STEP_SECONDS[spec.mode]
        + recipe.iterations * ITERATION_SECONDS
    )
    return Cost(operations, kept, seconds)


def check_cost(recipe: Recipe) -> None:
    """SeqvizError when a recipe asks for more than a fair share of the machine."""
    needed = cost(recipe)
    if needed.bytes > MAX_TRAINING_BYTES:
        share = MAX_TRAINING_BYTES / needed.bytes
        raise SeqvizError(
            f"A batch of {recipe.batch_size} sequences of {recipe.steps:,} steps keeps about "
            f"{needed.bytes / 2**20:,.0f} MB of states and training may keep "
            f"{MAX_TRAINING_BYTES / 2**20:,.0f} MB: lower batch_size, steps, hidden_size or "
            f"num_layers{_enough('batch_size', recipe.batch_size, share)}."
        )
    if needed.operations > MAX_TRAINING_OPERATIONS:
        share = MAX_TRAINING_OPERATIONS / needed.operations
        raise SeqvizError(
            f"This training takes about {spoken_time(needed.seconds)}: "
            f"{needed.operations / 1e12:,.0f} trillion multiplications, and the limit is "
            f"{MAX_TRAINING_OPERATIONS / 1e12:,.0f} trillion. Lower iterations, batch_size, steps, "
            f"hidden_size or num_layers{_enough('iterations', recipe.iterations, share)}."
        )


def _enough(name: str, now: int, share: float) -> str:
    """ " (13 iterations would do)": what alone would be enough, where one number can."""
    fits = int(now * share)
    return f" ({name} {fits:,} would do)" if fits else ""


def spoken_time(seconds: float) -> str:
    """ "8 seconds", "4 minutes", "3 hours"."""
    for size, unit in ((3600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}s"
    count = max(1, round(seconds))
    return f"{count} second{'s' * (count != 1)}"
