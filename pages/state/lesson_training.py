"""Lesson 8's two trainings, which share the pool with everybody's."""

from __future__ import annotations

from dataclasses import dataclass

from pages.state import training
from pages.state.session import Session
from seqviz.errors import SeqvizError
from seqviz.lessons import learning
from seqviz.lessons.lesson import Found
from seqviz.training.schedule import Follower

GOES_ON = ("waiting", "running")
_NAME = "lesson training"


@dataclass
class Pair:
    """followers: by cell; none before the lesson is revealed. problem: why they could not begin."""

    followers: dict[str, Follower]
    problem: str | None = None

    @property
    def goes_on(self) -> bool:
        return any(one.state in GOES_ON for one in self.followers.values())


def pair(session: Session) -> Pair:
    """The session's own."""
    return session.cache.get(_NAME, None, lambda: Pair({}))


def start(session: Session) -> None:
    """Train both; who has done so on this server before is done at once."""
    now = pair(session)
    now.problem = None
    watching = session.training.is_watched
    try:
        for name, recipe in learning.recipes().items():
            if name not in now.followers:
                schedule = training.default_schedule()
                now.followers[name] = schedule.follow(recipe, watching=watching)
    except SeqvizError as error:
        now.problem = str(error)


def found(session: Session) -> Found | None:
    """What they have come to, once both are done."""
    now = pair(session)
    if len(now.followers) < len(learning.recipes()) or now.goes_on:
        return None
    runs = {name: one.run for name, one in now.followers.items()}
    iterations = tuple(run.iteration for run in runs.values())
    return session.cache.get("lesson trained", iterations, lambda: learning.found(runs))
