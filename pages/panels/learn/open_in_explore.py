"""Open in Explore: the network, the input and the start of what is on screen."""

from __future__ import annotations

from pages.panels.learn.stage import sequence_of
from pages.panels.shared.button import button
from pages.panels.shared.put_on_explore import GO, put_on_explore
from pages.panels.shared.sharing import menu
from pages.state.classroom import course
from pages.state.session import Session
from seqviz.lessons.lesson import Found, Lesson
from seqviz.types import Model


def open_in_explore(session: Session, lesson: Lesson, found: Found) -> None:
    """The button; the page changes in the run that does what it asks for."""
    words = course.words(session)
    if GO in session.options:
        menu.go(session.options[GO])
    button(
        session,
        words("page.explore"),
        _open,
        lesson,
        found,
        icon=":material/visibility:",
        help=words("page.explore_help"),
    )


def _open(session: Session, lesson: Lesson, found: Found) -> None:
    """The first run's network as weights, and what it read as a sequence of the link."""
    run = next(iter(found.runs.values()))
    name = course.words(session)(f"lessons.{lesson.key}.name")
    model = Model(run.spec, run.weights, run.head)
    put_on_explore(session, f"lesson-{lesson.key}", model, sequence_of(run, name), run.h_0)
