"""Lesson 8 on stage: one of two trainings, with the other's loss beside it, while both go on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pages.components.player.tracks import Track
from pages.panels.shared.player import player
from pages.panels.shared.player.live_frames import live_frames
from pages.panels.shared.player.training_stage import Stage
from pages.state.classroom import course
from pages.state.session import Session
from pages.state.training import lesson_training
from pages.state.training.lesson_training import GOES_ON
from pages.state.training.training_run import Trained
from seqviz.lessons import learning
from seqviz.training.example import example
from seqviz.training.run import Run, begin
from seqviz.training.scheduling.schedule import Follower
from seqviz.types import Trace

BELOW, ANSWERS = 220, 60  # pixels: the text below, four rows of answers
LOSS = "newest loss"
SHOWN = "lesson network"
"""The option that says whose training is on stage."""


@dataclass(frozen=True)
class PairStage(Stage):
    """other: the training beside the one shown. named: what it is called."""

    other: Follower | None = None
    named: str = ""

    def tracks(self, trace: Trace, trained: Trained) -> list[Track]:
        """With low rows of answers."""
        return [
            replace(row, header={**row.header, "height": ANSWERS})
            if row.header["type"] == "prediction"
            else row
            for row in super().tracks(trace, trained)
        ]

    def header(self, run: Run) -> dict[str, Any]:
        """The other's loss is the first of the lines that this one is compared with; the text below
        needs the room of all curves but the loss, and names a mean of it."""
        header = super().header(run) | {"accuracy": [], "gradient_norm": [], "loss_name": LOSS}
        if self.other is not None and len(self.other.run.loss):
            loss = float(self.other.run.loss[-1])
            line = {"answers": self.named, "loss": loss, "accuracy": None, "named": self.named}
            header["baselines"] = [line, *header["baselines"]]
        return header

    def state(self, follower: Follower) -> dict[str, Any]:
        """The panel says that it is done when both are: the page then says what happened."""
        state = super().state(follower)
        waits = self.other is not None and self.other.state in GOES_ON
        return {**state, "state": "running"} if waits and state["state"] == "done" else state


def pair_frame(session: Session, *, untrained: bool = False) -> bytes:
    """What the player shows; frames of a training that goes on come by themselves.

    untrained: as before any training, though there may have been one.
    """
    session.training.listened = player.channel_of(session).is_watched
    recipes = learning.recipes()
    followers = {} if untrained else lesson_training.pair(session).followers
    name = shown(session)
    (rest,) = set(recipes) - {name}
    words = course.words(session)
    read = example(recipes[name], 0)
    stage = PairStage(
        read.sequence,
        read.target,
        "h",
        _checkpoint(session, recipes[name].iterations),
        player.orders_of(session),
        BELOW,
        followers.get(rest),
        words(f"runs.{rest}"),
    )
    live = live_frames(session)
    if name not in followers:
        live.put_off()
        return player.numbered(session, stage.untrained(begin(recipes[name])))
    follower = followers[name]
    live.put_on(stage, follower)
    if rest in followers:
        followers[rest].on_change = follower.on_change
    player.channel_of(session).film = lambda: stage.film(follower.run)
    return player.numbered(session, stage.frame(follower))


def _checkpoint(session: Session, last: int) -> int | None:
    """Where somebody scrubbed to here; not what was set on Train, for a longer training."""
    checkpoint = session.settings.checkpoint
    return None if checkpoint is None or checkpoint > last else checkpoint


def shown(session: Session) -> str:
    """Whose training is on stage."""
    name = session.options.get(SHOWN)
    return name if name in learning.recipes() else "lstm"
