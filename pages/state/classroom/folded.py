"""What is folded away: by a class link's `hide=`, or all controls while somebody presents."""

from __future__ import annotations

from dataclasses import replace

from pages.state.schema import Settings
from pages.state.session import Session

FUTURE = "future"


def shows(session: Session, part: str) -> bool:
    """Whether this part of a page is on screen, a word of schema.HIDEABLE.

    What can be exported holds the future, too.
    """
    settings = session.settings
    if part == "export" and last_seen(session) is not None:
        return False
    return not settings.present and part not in settings.hide.split(",")


def hides_future(settings: Settings) -> bool:
    """Whether a link asks that nothing behind a step is seen before the class has predicted."""
    return FUTURE in settings.hide.split(",")


def begin_to_hide(settings: Settings) -> Settings:
    """With the step behind which the future is hidden, from now on: where the link stands."""
    if not hides_future(settings) or settings.shown_until is not None or settings.step is None:
        return settings
    return replace(settings, shown_until=settings.step)


def last_seen(session: Session) -> int | None:
    """The last step that may be seen; None where all of them may."""
    settings = session.settings
    if not hides_future(settings):
        return None
    room = session.poll.room
    predicted = session.predicted == settings.shown_until if room is None else room.revealed
    return None if predicted else settings.shown_until


def waits(session: Session) -> bool:
    """Whether something on the page waits until the answers of the room are shown."""
    room = session.poll.room
    return hides_future(session.settings) or (room is not None and room.question.lesson > 0)


def predict(session: Session) -> None:
    """The class has predicted: let it see what happens."""
    session.predicted = session.settings.shown_until
