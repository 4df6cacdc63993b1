"""What a trained network answers, as the player shows it: tracks, or a line over the input."""

from __future__ import annotations

from typing import Any

from pages.components.player import tracks
from pages.components.player.tracks import Track
from pages.state.training.training_run import Trained
from seqviz.training.recipe import Recipe
from seqviz.training.tasks import TASKS
from seqviz.types import FloatArray, Trace


def over_input(trace: Trace | None, recipe: Recipe | None) -> FloatArray | None:
    """Predicted values (T, K) of the next step, to be drawn over the input; None for others."""
    if trace is None or recipe is None or not _draws_on(recipe):
        return None
    return trace.prediction


def answer_tracks(
    trace: Trace | None,
    recipe: Recipe | None,
    *,
    run: int = 0,
    title: str = "",
    target: Any = None,
    apart: bool = False,
) -> list[Track]:
    """Below the heatmaps: class probabilities, or values. apart: of the next step, too, where
    several runs have one input.
    """
    if trace is None or (recipe is not None and _draws_on(recipe) and not apart):
        return []
    if recipe is None:  # somebody's own weights may bring their head
        return tracks.prediction_tracks(trace, run=run, title=title, answers="answer of its head")
    task = TASKS[recipe.task]
    return tracks.prediction_tracks(
        trace,
        run=run,
        title=title,
        answers=task.answers.split(";")[0],  # what is scored of it stands elsewhere
        targets=target,
        next_value=task.ahead and target is None,
    )


def recipe_of(trained: Trained | None) -> Recipe | None:
    """Of the network on stage, where it is trained."""
    return None if trained is None else trained.recipe


def _draws_on(recipe: Recipe) -> bool:
    task = TASKS[recipe.task]
    return task.ahead and not task.classes
