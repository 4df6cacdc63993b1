"""Lesson 8's two trainings, which share the pool with everybody's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.state.session import Session
from pages.state.training import training_run
from seqviz.errors import SeqvizError
from seqviz.lessons import learning
from seqviz.lessons.lesson import Found
from seqviz.training.scheduling.schedule import Follower

GOES_ON = ("waiting", "running")
HAS_LEARNED = ("done", "diverged")
_NAME = "lesson training"


@dataclass
class Pair:
    """followers: by cell; none before the lesson is revealed. not_begun: why, if they could not."""

    followers: dict[str, Follower]
    not_begun: str | None = None

    @property
    def problem(self) -> str | None:
        """Why it cannot be said how they learn, in a sentence."""
        failed = (one.problem for one in self.followers.values() if one.problem)
        return self.not_begun or next(failed, None)

    @property
    def goes_on(self) -> bool:
        return any(one.state in GOES_ON for one in self.followers.values())


def pair(session: Session) -> Pair:
    """The session's own."""
    return session.cache.get(_NAME, None, lambda: Pair({}))


def start(session: Session) -> None:
    """Train both; who has done so on this server before is done at once, and what failed is tried
    again."""
    now = pair(session)
    now.not_begun = None
    now.followers = {name: one for name, one in now.followers.items() if one.problem is None}
    watching = session.training.is_watched
    try:
        for name, recipe in learning.recipes().items():
            if name not in now.followers:
                schedule = training_run.default_schedule()
                now.followers[name] = schedule.follow(recipe, watching=watching)
    except SeqvizError as error:
        now.not_begun = str(error)


def finish(session: Session, said: Callable[[str, str], str]) -> None:
    """Train both to their end, with a progress bar; a newer message may cut this off.

    said: how many iterations of how many are done, in words.
    """
    start(session)
    now, place = pair(session), st.empty()
    while now.goes_on:
        session.training.waited_at = time.monotonic()
        runs = [one.run for one in now.followers.values()]
        done, wanted = (sum(run.iteration for run in runs), sum(r.recipe.iterations for r in runs))
        place.progress(done / wanted, said(f"{done:,}", f"{wanted:,}"))
        time.sleep(training_run.GLANCE)
    place.empty()


def found(session: Session) -> Found | None:
    """What they have come to, once both are done; None where one failed on its way."""
    now = pair(session)
    learned = [one for one in now.followers.values() if one.state in HAS_LEARNED]
    if len(learned) < len(learning.recipes()):
        return None
    runs = {name: one.run for name, one in now.followers.items()}
    iterations = tuple(run.iteration for run in runs.values())
    return session.cache.get("lesson trained", iterations, lambda: learning.found(runs))
