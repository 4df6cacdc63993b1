"""The settings -> the recipe they ask for; and the trained network, where one is on stage.

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

from pages.state import first_network
from pages.state.schema import NETWORK, TRAINING, Settings
from pages.state.session import Session
from pages.state.training_held import Training
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_ITERATIONS
from seqviz.training import data_payload
from seqviz.training.cost import spoken_time
from seqviz.training.datasets import Characters, Data, Examples
from seqviz.training.example import Example, example
from seqviz.training.network import model_of
from seqviz.training.recipe import Recipe
from seqviz.training.run import Run
from seqviz.training.schedule import Follower, default_schedule
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
    def name(self) -> str:
        """ "Adding problem, 1,500 iterations"."""
        return f"{TASKS[self.recipe.task].name}, {self.iteration:,} iterations"


# ---- the recipe ----------------------------------------------------------------------------------


def data(session: Session) -> Data | None:
    """What the task learns from, where it draws nothing itself. Raises SeqvizError."""
    text = session.settings.learned_from
    if not text:
        return None
    return session.cache.get("learned from", text, lambda: data_payload.unpack(text))


def recipe(session: Session) -> Recipe:
    """What the settings ask for. Raises SeqvizError when that cannot be trained."""
    settings = session.settings
    key = tuple(settings.get(name) for name in (*NETWORK, *TRAINING))
    return session.cache.get("recipe", key, lambda: _recipe(settings, data(session)))


def _recipe(settings: Settings, learned_from: Data | None) -> Recipe:
    task = TASKS.get(settings.task)
    if task is None:
        raise SeqvizError("Choose what the network shall learn.")
    if task.data is not None and not fits(task.key, learned_from):
        raise SeqvizError(_WANTED[task.key])
    learned_from = learned_from if task.data is not None else None
    spec = replace(
        Recipe.default(task.key, learned_from).spec,
        mode=settings.cell,
        hidden_size=settings.hidden_size,
        num_layers=settings.num_layers,
        bidirectional=settings.bidirectional,
        bias=settings.bias,
        init=settings.init,
        forget_bias=settings.forget_bias if settings.cell == "LSTM" and settings.bias else None,
        seed=settings.seed,
    )
    steps = learned_from.longest if isinstance(learned_from, Examples) else settings.train_steps
    return Recipe(
        task.key,
        spec,
        steps=steps,
        iterations=settings.iterations,
        batch_size=settings.batch_size,
        lr=settings.lr,
        seed=settings.data_seed,
        optimizer=settings.optimizer,
        clip=settings.clip or None,
        truncation=settings.truncation,
        delay=settings.delay,
        data=learned_from,
    )


def fits(key: str, learned_from: Data | None) -> bool:
    """Whether a task can learn from this."""
    wanted = TASKS[key].data
    return wanted is None or isinstance(learned_from, wanted)


def has_data(session: Session) -> bool:
    """Whether the task has something to learn from."""
    try:
        return fits(session.settings.task, data(session))
    except SeqvizError:
        return False


_WANTED = {
    "next_character": "Type the text it shall learn from, then take it.",
    "next_value": "Take the sequence on screen to learn from.",
    "classify": "Press Teach it and draw examples of each class, or bring a table.",
}


def wanted(session: Session) -> str:
    """What to do before the task can be learned, in a sentence."""
    return _WANTED.get(session.settings.task, "Change what stands above.")


def choose_task(session: Session, key: str, *, network: bool = True) -> None:
    """Set the task, and all else to what it learns with; network: Build's values, too."""
    learned_from = None
    if TASKS[key].data is not None:
        try:
            learned_from = data(session)
        except SeqvizError:
            learned_from = None
        if not fits(key, learned_from):
            session.set(task=key, learned_from="", checkpoint=None)
            return
    usual = Recipe.default(key, learned_from)
    values = {
        "task": key,
        "train_steps": usual.steps,
        "delay": usual.delay,
        "optimizer": usual.optimizer,
        "lr": usual.lr,
        "batch_size": usual.batch_size,
        "iterations": usual.iterations,
        "clip": usual.clip or 0.0,
        "truncation": usual.truncation,
        "data_seed": 0,
        "checkpoint": None,
        "example": 0,
    }
    if learned_from is None:
        values["learned_from"] = ""
    if network:
        values |= _network_of(usual)
    session.set(**values)


def learn_from(session: Session, key: str, learned_from: Data) -> None:
    """Let a task learn from this; the network becomes the one that usually does.

    Raises SeqvizError, and changes nothing, when it cannot.
    """
    Recipe.default(key, learned_from)
    session.set(task=key, learned_from=data_payload.pack(learned_from))
    choose_task(session, key)


def open_recipe(session: Session, one: Recipe) -> None:
    """Set task, network and training as a recipe has them."""
    packed = "" if one.data is None else data_payload.pack(one.data)
    session.set(
        task=one.task,
        learned_from=packed,
        train_steps=one.steps,
        delay=one.delay,
        optimizer=one.optimizer,
        lr=one.lr,
        batch_size=one.batch_size,
        iterations=one.iterations,
        clip=one.clip or 0.0,
        truncation=one.truncation,
        data_seed=one.seed,
        checkpoint=None,
        example=0,
        own_layer=None,
        **_network_of(one),
    )


def _network_of(usual: Recipe) -> dict[str, object]:
    spec = usual.spec
    return {
        "cell": spec.mode,
        "hidden_size": spec.hidden_size,
        "num_layers": spec.num_layers,
        "bidirectional": spec.bidirectional,
        "bias": spec.bias,
        "init": spec.init,
        "forget_bias": spec.forget_bias,
        "seed": spec.seed,
    }


# ---- following a run -----------------------------------------------------------------------------


def mark(one: Recipe, iterations: int) -> str:
    """What the field `trained` says of a recipe followed so far, by one iteration at least."""
    return f"{one.path[:MARK]}.{max(1, iterations)}"


def follower(session: Session) -> Follower | None:
    """The session's place at the run that `trained` asks for; None where the settings ask for
    another network. A link's run begins here.
    """
    held, one = session.training, marked_recipe(session)
    if one is None:
        _pause_unseen(held)
        return None
    if held.follower is None or held.follower.run.recipe.path != one.path:
        _follow(session, one)
        held.awaited, held.settings = True, session.settings
    return held.follower


def marked_recipe(session: Session) -> Recipe | None:
    """What `trained` says was followed, where the settings still ask for it."""
    path, _, iterations = session.settings.trained.partition(".")
    if not path:
        return None
    try:
        one = recipe(session)
        return replace(one, iterations=int(iterations)) if one.path.startswith(path) else None
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


def _follow(session: Session, start: Run | Recipe) -> None:
    held, there = session.training, weakref.ref(session)

    def watching() -> bool:
        one = there()
        return one is not None and one.training.is_watched()

    held.problem = None
    try:
        now = default_schedule().follow(start, watching=watching)
    except SeqvizError as error:
        held.problem = str(error)
        return
    if held.follower is not None:
        held.follower.leave()
    held.follower = now
    weakref.finalize(session, now.leave)  # a session that is gone needs no turn


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
    place = st.empty()
    while one.state in ("waiting", "running"):
        session.training.waited_at = time.monotonic()
        run = one.run
        left = "" if one.seconds_left is None else f", about {spoken_time(one.seconds_left)} left"
        text = f"Training the network of this link again: {run.iteration:,} iterations{left}"
        place.progress(min(1.0, run.iteration / run.recipe.iterations), text)
        time.sleep(GLANCE)
    place.empty()
    session.training.awaited = False


# ---- what buttons do -----------------------------------------------------------------------------


def start(session: Session) -> None:
    """Train what the settings ask for, from the start; who has done so already is done at once."""
    _begin(session, lambda: recipe(session))


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
    """Go on after a pause or a stop."""
    one = session.training.follower
    if one is None:
        return
    if one.state == "stopped":
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
    else:
        session.set(**first_network.brought_back())
    session.set(checkpoint=None, own_layer=None)


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
