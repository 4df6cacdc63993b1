"""The trained network, where one is on stage: the run that a session follows, and its buttons.

`trained` says how far which recipe was followed. While the settings ask for the same recipe its
network is on stage, on every page; when they ask for another it is not, and when they come back it
is again, from the server's memory or by the same training.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import streamlit as st

from pages.state.schema import NETWORK, TRAINING
from pages.state.session import Session
from pages.state.training import first_network, recipes
from pages.state.training.held import Training
from pages.state.turns import TURNS
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_ITERATIONS
from seqviz.training.cost import spoken_time
from seqviz.training.datasets import Characters
from seqviz.training.example import Example, example
from seqviz.training.network import model_of
from seqviz.training.recipe import Recipe
from seqviz.training.run import Run
from seqviz.training.scheduling.schedule import Follower, default_schedule
from seqviz.training.tasks import TASKS
from seqviz.types import Head, InputSequence, Model
from seqviz.weights.recurrent_layers import RecurrentModule

MARK = 10  # characters of Recipe.path: enough to tell one's own recipes apart
GLANCE = 0.1  # seconds between two looks at how far it is


@dataclass(frozen=True)
class Trained:
    """A network that has learned: run's, after `iteration` iterations."""

    run: Run
    iteration: int

    @property
    def recipe(self) -> Recipe:
        return self.run.recipe

    @cached_property
    def model(self) -> Model:
        kept = {**self.run.kept, self.run.iteration: self.run.weights}
        return model_of(self.recipe, kept[self.iteration])

    @property
    def head(self) -> Head:
        assert self.model.head is not None
        return self.model.head

    @cached_property
    def module(self) -> RecurrentModule:
        """Its recurrent layers, as somebody's own weights have them."""
        spec = self.model.spec
        return RecurrentModule("", (spec.mode,), spec, self.model.weights)

    @property
    def sentence(self) -> str:
        """Whether it has learned, and what."""
        task = TASKS[self.recipe.task].name
        if not self.iteration:
            return f"This network is untrained ({task}, before the first iteration)."
        many = "iteration" if self.iteration == 1 else "iterations"
        return f"This network is trained ({task}, {self.iteration:,} {many})."


# ---- following a run -----------------------------------------------------------------------------


def mark(one: Recipe, iterations: int) -> str:
    """What the field `trained` says of a recipe followed so far, by one iteration at least, and
    how far it was to go, where that is farther.
    """
    done = max(1, iterations)
    return f"{one.path[:MARK]}.{done}" + (f".{one.iterations}" if done < one.iterations else "")


def _read(marked: str) -> tuple[str, int, int]:
    """What `mark` wrote: the recipe's path, and how many iterations of how many."""
    path, *counts = marked.split(".")
    return path, int(counts[0]), int(counts[-1])


def follower(session: Session) -> Follower | None:
    """The session's place at the run that `trained` asks for; None where the settings ask for
    another network. A link's run begins here, and once it has come as far as it had been when it
    was paused or stopped, it stands there with the rest to do.
    """
    held, one = session.training, marked_recipe(session)
    if one is None:
        _pause_unseen(held)
        return None
    if held.follower is None or held.follower.run.recipe.path != one.path:
        if not _follow(session, one):
            return None
        held.awaited, held.settings = True, session.settings
    wanted = _read(session.settings.trained)[2]
    if held.follower is not None and held.follower.state == "done":
        run = held.follower.run
        if run.iteration < wanted:
            held.follower = default_schedule().stopped(run.longer(wanted))
    return held.follower


def marked_recipe(session: Session) -> Recipe | None:
    """What `trained` says was followed, where the settings still ask for it."""
    if not session.settings.trained:
        return None
    path, iterations, _ = _read(session.settings.trained)
    try:
        one = recipes.recipe(session)
        return replace(one, iterations=iterations) if one.path.startswith(path) else None
    except SeqvizError:  # settings that cannot be trained, or not for so long
        return None


def can_be_trained_again(session: Session) -> bool:
    """Whether the settings still ask for what `trained` names."""
    return first_network.is_asked_for(session.settings) or marked_recipe(session) is not None


def _pause_unseen(held: Training) -> None:
    """Another network is on stage: the training waits, and the way back leads to here."""
    one = held.follower
    if one is None or one.state not in ("waiting", "running"):
        return
    one.pause()
    if held.settings is not None:
        held.settings = held.settings.having(trained=mark(one.run.recipe, one.run.iteration))


def failure(session: Session) -> str | None:
    """Why the network that `trained` asks for is not trained, in a sentence; None where it is."""
    held = session.training
    if marked_recipe(session) is None:
        return None
    return held.problem or (held.follower.problem if held.follower else None)


def _follow(session: Session, start: Run | Recipe) -> bool:
    """Have a place at it from now on; False, and a problem, where there is none to be had."""
    held, there = session.training, weakref.ref(session)

    def watching() -> bool:
        one = there()
        return one is not None and one.training.is_watched()

    held.problem = None
    try:
        now = default_schedule().follow(start, watching=watching)
    except SeqvizError as error:
        held.problem = str(error)
        return False
    if held.follower is not None:
        held.follower.leave()
    if held.leaves is not None:
        held.leaves.detach()  # or every run ever followed would be kept
    held.follower = now
    held.leaves = weakref.finalize(session, now.leave)  # a session that is gone needs no turn
    return True


def trained(session: Session, *, wait: bool = True) -> Trained | None:
    """The trained network on stage, None where the one on stage is untrained.

    wait: for a run that a link asked for, with a progress bar, to its end.
    """
    one = follower(session)
    if one is None and first_network.is_asked_for(session.settings):
        return nearest(first_network.run(), session.settings.checkpoint)
    if one is None:
        return None
    if wait and session.training.awaited:
        _await(session, one)
    run = one.run
    return nearest(run, session.settings.checkpoint)


def nearest(run: Run, checkpoint: int | None) -> Trained:
    """The checkpoint that is closest to the iteration asked for, the last one if none is."""
    if checkpoint is None or checkpoint >= run.iteration:
        return Trained(run, run.iteration)
    kept = (*run.kept, run.iteration)
    return Trained(run, min(kept, key=lambda iteration: abs(iteration - checkpoint)))


def _await(session: Session, one: Follower) -> None:
    """Show how far a link's training is until it is done; a newer message may cut this off."""
    TURNS.leave()
    place = st.empty()
    while one.state in ("waiting", "running"):
        session.training.waited_at = time.monotonic()
        run = one.run
        left = "" if one.seconds_left is None else f", about {spoken_time(one.seconds_left)} left"
        text = f"Training the network of this link again: {run.iteration:,} iterations{left}"
        if one.place:
            text = f"Training the network of this link again waits, at place {one.place}"
        place.progress(min(1.0, run.iteration / run.recipe.iterations), text)
        time.sleep(GLANCE)
    place.empty()
    session.training.awaited = False


# ---- what buttons do -----------------------------------------------------------------------------


def start(session: Session) -> None:
    """Train what the settings ask for, from the start; who has done so already is done at once."""
    _begin(session, lambda: recipes.recipe(session))


def longer(session: Session) -> None:
    """As many iterations more as the settings say."""
    held = session.training
    if held.follower is None:
        return
    run = held.follower.run
    wanted = min(MAX_ITERATIONS, run.iteration + session.settings.iterations)
    _begin(session, lambda: run.longer(wanted))


def pause(session: Session) -> None:
    """Let it wait where it is."""
    one = session.training.follower
    if one is not None:
        one.pause()
        _keep(session, one.run, one.run.iteration)


def resume(session: Session) -> None:
    """Go on after a pause or a stop, and where it failed."""
    one = session.training.follower
    if one is None:
        return
    if one.state in ("stopped", "failed"):
        _follow(session, one.run)
    else:
        one.resume()
    _keep(session, one.run, one.run.recipe.iterations)


def stop(session: Session) -> None:
    """End it where it is, and let others have the turn."""
    one = session.training.follower
    if one is not None:
        one.leave()
        _keep(session, one.run, one.run.iteration)


def was_trained_here(session: Session) -> bool:
    """Whether a network was trained here, or by the link."""
    held = session.training
    return (
        held.settings is not None and held.follower is not None and held.follower.run.iteration > 0
    )


def can_be_brought_back(session: Session) -> bool:
    """Whether another network than the one on stage is trained: one from here, or the first."""
    return was_trained_here(session) or not first_network.is_asked_for(session.settings)


def bring_back(session: Session) -> None:
    """Set all that decides about the training as it was when it began."""
    before = session.training.settings
    if before is not None and was_trained_here(session):
        session.set(**{name: before.get(name) for name in (*NETWORK, *TRAINING, "trained")})
        session.set(checkpoint=None, own_layer=None)
    else:
        bring_back_first(session)


def bring_back_first(session: Session) -> None:
    """Set the network of a first visit."""
    session.set(**first_network.brought_back(), checkpoint=None, own_layer=None)


def _begin(session: Session, start: Callable[[], Run | Recipe]) -> None:
    held = session.training
    try:
        wanted = start()
    except SeqvizError as error:
        held.problem = str(error)
        return
    _follow(session, wanted)
    if held.problem is None:
        session.set(own_layer=None)
        one = wanted if isinstance(wanted, Recipe) else wanted.recipe
        session.set(trained=mark(one, one.iterations), checkpoint=None)
        held.awaited, held.settings = False, session.settings
        session.orders.give(session.settings)


def _keep(session: Session, run: Run, iterations: int) -> None:
    session.training.awaited = False
    session.set(trained=mark(run.recipe, iterations))
    session.training.settings = session.settings


# ---- what a trained network reads ----------------------------------------------------------------


def shown_example(session: Session, one: Recipe) -> Example:
    """The example of a recipe's task that is on screen."""
    k = session.settings.example
    return session.cache.get("example", (one.path, one.steps, k), lambda: example(one, k))


def readable(
    session: Session, one: Trained, sequence: InputSequence | None
) -> tuple[InputSequence | None, str | None]:
    """A sequence the network can read: the one on screen, or an example and why it stands there."""
    if sequence is None:
        return None, None
    task, learned_from = TASKS[one.recipe.task], one.recipe.data
    names = task.inputs(learned_from)
    fits = sequence.input_size == len(names)
    if fits and (not task.one_hot or sequence.feature_names == names):
        return sequence, None
    if isinstance(learned_from, Characters) and session.settings.feed == "type":
        return learned_from.encode(session.settings.text), None
    instead = shown_example(session, one.recipe).sequence
    return instead, (
        f"The network was trained on “{task.name}” and reads {task.reads}: the sequence from Feed "
        f"is something else, so it reads an example of its task."
    )
