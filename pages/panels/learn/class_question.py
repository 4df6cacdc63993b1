"""A lesson's question as the whole class is asked it, and what it comes to on the page."""

from __future__ import annotations

from pages.panels.learn.said import answer_text, text
from pages.panels.shared.classroom.questions import Asked, Questions
from pages.state.classroom import course
from pages.state.classroom.rooms.room import Question
from pages.state.session import Session
from seqviz.errors import SeqvizError
from seqviz.lessons.answers import Answer
from seqviz.lessons.candidates import candidates
from seqviz.lessons.course import LESSONS, find


def questions(session: Session) -> Questions:
    """The one of the lesson on screen; none on the summary."""
    number = session.settings.lesson
    if number == course.SUMMARY:
        return {}
    name = text(course.words(session), LESSONS[number - 1], "question", find(number))
    return {"lesson": Asked(name, lambda: _question(session, number))}


def class_answer(session: Session, number: int) -> Answer | None:
    """In place of one's own answer while the class is asked this lesson: it has no value."""
    room = session.poll.room
    if room is None or room.question.lesson != number:
        return None
    return Answer("", room.revealed)


def _question(session: Session, number: int) -> Question:
    lesson, words = LESSONS[number - 1], course.words(session)
    found = course.found(session, number)
    if found is None:
        raise SeqvizError(words("page.class_not_trained"))
    answers, truth = candidates(lesson, found)
    return Question(
        text(words, lesson, "question", found),
        tuple(answer_text(words, lesson, one, found) for one in answers),
        truth,
        text(words, lesson, "happened", found).replace("`", ""),  # code, on the page
        lesson=number,
    )
