"""The course in the session: where somebody is, what was predicted, and what really happens."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from pages.state.schema import FORMS
from pages.state.session import Session
from pages.state.training import lesson_training
from pages.words.texts import Texts, texts
from seqviz.lessons import course, learning
from seqviz.lessons.answers import Answer, parse, salvaged, written
from seqviz.lessons.course import LESSONS
from seqviz.lessons.lesson import Found, Judgement, Lesson, fits
from seqviz.lessons.sizes import Sizes

SUMMARY = len(LESSONS) + 1
"""The number of the page after the last lesson."""
CONTROLS = tuple(name for name in FORMS if name.startswith("learn_"))
"""Names of what a lesson's controls set."""
PADS = "lesson pads"
"""The option that counts blank pads: a new one after each answer taken back."""
DOUBLE_CLICK = 0.5  # seconds
_WENT_ON = "went on to the next lesson"
_MINE = "progress of this browser"
_LINKED = "answers of the link, and of this browser"


def words(session: Session) -> Texts:
    """In the language that is set."""
    return texts(session.settings.language)


def lesson(session: Session) -> Lesson | None:
    """The one on screen, None on the summary."""
    number = session.settings.lesson
    return LESSONS[number - 1] if number < SUMMARY else None


def on_screen(session: Session) -> str:
    """What a link to the page opens, in English as all that is said of links."""
    one = lesson(session)
    if one is None:
        return "the summary of the course"
    name = words(session)(f"lessons.{one.key}.name")
    return f"lesson {session.settings.lesson}, “{name}”"


# ---- what was predicted --------------------------------------------------------------------------


def answers(session: Session) -> dict[int, Answer]:
    """By lesson; those that a link brings and no control of the lesson gives are left out."""
    given = parse(session.settings.answers)
    return {n: one for n, one in given.items() if fits(LESSONS[n - 1], one.value)}


def commit(session: Session, number: int, value: str) -> None:
    """Fix a prediction; one that is there already stays."""
    given = answers(session)
    given.setdefault(number, Answer(value))
    _set_answers(session, given)


def reveal(session: Session, number: int) -> None:
    """Show what happens, once a prediction is there."""
    given = answers(session)
    if number in given:
        given[number] = replace(given[number], revealed=True)
        _set_answers(session, given)
        session.set(selected="")
        session.play_at(None)
    if LESSONS[number - 1] is learning.LESSON:
        lesson_training.start(session)


def forget(session: Session, *numbers: int) -> None:
    """Take back the answers to these lessons, and what was clicked or set for them."""
    given = {number: one for number, one in answers(session).items() if number not in numbers}
    _set_answers(session, given)
    _, own = session.options.get(_LINKED, ({}, {}))
    for number in numbers:
        own.pop(number, None)
    set_by_hand = [f"_{kind}_{n}" for kind in ("choice", "number", "half") for n in numbers]
    session.set(**{PADS: session.options.get(PADS, 0) + 1}, **dict.fromkeys(set_by_hand))
    go(session, session.settings.lesson)


def begin_again(session: Session) -> None:
    """Forget everything."""
    forget(session, *range(1, SUMMARY))
    go(session, 1)


def go(session: Session, number: int) -> None:
    """Open a lesson, with its own sizes, and no cell clicked."""
    session.set(lesson=number, selected="", **{name: FORMS[name].default for name in CONTROLS})
    session.play_at(None)


def go_on(session: Session, number: int) -> None:
    """Open the next lesson. The second press of a double-click finds its button: not meant."""
    now = time.monotonic()
    if now - session.options.get(_WENT_ON, -DOUBLE_CLICK) >= DOUBLE_CLICK:
        session.options[_WENT_ON] = now
        go(session, number)


def _set_answers(session: Session, given: Mapping[int, Answer]) -> None:
    session.set(answers=written(given))
    session.options[_MINE] = True


# ---- what really happens -------------------------------------------------------------------------


def sizes(session: Session, one: Lesson) -> Sizes:
    """The lesson's own, with what its controls set."""
    values = {name: session.settings.get(f"learn_{name}") for name in one.controls}
    return replace(
        one.sizes, **{name: value for name, value in values.items() if value is not None}
    )


def found(session: Session, number: int, *, own: bool = True) -> Found | None:
    """What happens in a lesson; None where it has to be trained first.

    own: with the lesson's own sizes, which predictions are about, else with those of the controls.
    """
    one = LESSONS[number - 1]
    if one is learning.LESSON:
        return lesson_training.found(session)
    return course.find(number, None if own else sizes(session, one))


def finish(session: Session) -> None:
    """On the summary, train what it says of a training, where somebody revealed it."""
    number = LESSONS.index(learning.LESSON) + 1
    answer = answers(session).get(number)
    if session.settings.lesson == SUMMARY and answer is not None and answer.revealed:
        say = words(session)
        lesson_training.finish(
            session, lambda done, every: say("page.training_again", done=done, all=every)
        )


def judgement(session: Session, number: int) -> Judgement | None:
    """Of a revealed answer; None without one, and where nothing has happened yet."""
    answer = answers(session).get(number)
    happened = found(session, number) if answer is not None and answer.revealed else None
    if answer is None or happened is None:
        return None
    return LESSONS[number - 1].judge(happened, answer.value)


# ---- what the browser keeps ----------------------------------------------------------------------


def to_keep(session: Session) -> dict[str, Any] | None:
    """What the browser's storage shall hold; None where nothing was answered here. Of a link's
    answers, which may be somebody else's, those that were changed here.
    """
    if not session.options.get(_MINE):
        return None
    settings = session.settings
    linked, own = session.options.get(_LINKED, ({}, {}))
    here = {n: one for n, one in answers(session).items() if linked.get(n) != one}
    by_lesson = {str(n): written({n: one}) for n, one in {**own, **here}.items()}
    return {"answers": by_lesson, "lesson": settings.lesson, "language": settings.language}


def _kept_answers(kept: Any) -> str:
    """What a browser keeps by lesson, or in one text as it once did."""
    said = kept.values() if isinstance(kept, Mapping) else (kept,)
    return salvaged("_".join(text for text in said if isinstance(text, str)))


def restore(session: Session, kept: Mapping[str, Any] | None) -> None:
    """Go on where this browser was, unless a link says something else: a class's stays at its
    lesson. Whatever will not do, of an older version or broken, is left out.
    """
    settings = session.settings
    if kept is None or session.options.get(_MINE):
        return
    good = _kept_answers(kept.get("answers"))
    if settings.answers:
        session.options.setdefault(_LINKED, (answers(session), parse(good)))
        return
    session.options[_MINE] = True
    if not good:
        return
    values: dict[str, Any] = {"answers": good}
    of_a_class = settings.room or settings.hide
    for name in ("language",) if of_a_class else ("lesson", "language"):
        if name not in session.linked and settings.get(name) == FORMS[name].default:
            with suppress(ValueError):
                values[name] = FORMS[name].checked(kept.get(name))
    session.set(**values)
