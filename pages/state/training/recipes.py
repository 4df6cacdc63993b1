"""The settings -> the recipe they ask for, and back: what a task asks for is set by code.

A recipe is what one has to know to train a network again, see seqviz/training/recipe.
"""

from __future__ import annotations

from dataclasses import replace

from pages.state.files import linked_texts
from pages.state.schema import NETWORK, TRAINING, Settings
from pages.state.session import Session
from seqviz.errors import SeqvizError
from seqviz.training import data_payload
from seqviz.training.datasets import Data, Examples
from seqviz.training.recipe import Recipe
from seqviz.training.tasks import TASKS


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
    """Let a task learn from this. Network and training become what usually does that, unless
    somebody has set them for the same task with something else, or a link that came without this.

    Raises SeqvizError, and changes nothing, when it cannot.
    """
    usual = Recipe.default(key, learned_from)
    packed = data_payload.pack(learned_from)
    stay = session.settings.task == key and has_data(session)
    session.set(task=key)
    if linked_texts.bring(session, "learned_from", packed):
        return
    if not stay:
        choose_task(session, key)
        return
    session.set(checkpoint=None, example=0)
    try:
        recipe(session)
    except SeqvizError:  # the first reason is that so many steps are not in it
        session.set(train_steps=usual.steps)


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
