"""A class is asked a lesson's question: nothing is given away before its answers are shown."""

import pytest
import visits
from visits import errors, heatmaps, labels, press, said, session_of, sound

from pages.panels.learn.class_question import questions
from pages.state.classroom import course, polls
from pages.state.classroom.rooms import store
from pages.words.texts import texts
from seqviz.lessons.course import LESSONS, find

WORDS = texts("en")
OPEN = {"_class_poll_0": True}
UNTRAINED = [number for number, lesson in enumerate(LESSONS, 1) if lesson.key != "learning"]


def asks(number, **parameters):
    """A teacher's page that has asked the question of a lesson, and the room."""
    app = visits.visit("learn.py", OPEN, lesson=str(number), **parameters)
    app = press(app, "Ask")
    room = session_of(app).poll.room
    assert not errors(app) and room is not None
    return app, room


@pytest.fixture(autouse=True)
def no_rooms():
    yield
    store.rooms.cache_clear()


@pytest.mark.parametrize("number", UNTRAINED)
def test_a_class_predicts_and_then_sees_what_happens(number):
    lesson = LESSONS[number - 1]
    why = WORDS(f"lessons.{lesson.key}.why", **find(number).numbers)[:30]
    teacher, room = asks(number)
    question = room.question
    assert (question.lesson, room.page) == (number, "learn")
    assert question.text == WORDS(f"lessons.{lesson.key}.question", **find(number).numbers)
    student = visits.visit("learn.py", first=True, room=room.code)
    assert student.query_params["room"] == room.code
    assert session_of(student).settings.lesson == number
    for app in (teacher, student):
        assert WORDS("page.class_predicts") in said(app) and why not in said(app)
        assert not {"Commit prediction", "Reveal", "Open in Explore"} & labels(app)
        steps = len(next(iter(find(number).runs.values())))
        assert heatmaps(app)[0]["T"] == (steps if lesson.seen is None else lesson.seen)
    store.rooms().reveal(room.code, room.round)
    for app in (teacher, student):
        app = sound(app.run())
        assert not errors(app) and why in said(app) and "Open in Explore" in labels(app)
        assert WORDS("page.your_prediction") not in said(app)


def test_what_a_student_has_predicted_alone_stays_theirs():
    _, room = asks(2, answers="1ra_2c0.5")
    assert "answers" not in room.link
    student = visits.visit("learn.py", answers="3rb", room=room.code)
    store.rooms().ask(room.asks(room.question, room.link, room.page))
    student = sound(student.run())
    assert session_of(student).settings.lesson == 2
    assert session_of(student).settings.answers == "3rb"


def test_who_goes_on_leaves_the_question_and_a_student_may_still_answer_it():
    teacher, room = asks(1)
    student = visits.visit("learn.py", first=True, room=room.code)
    apps = [press(app, "Next lesson") for app in (teacher, student)]
    assert [polls.is_left(session_of(app)) for app in apps] == [True, False]
    store.rooms().reveal(room.code, room.round)
    assert polls.is_left(session_of(sound(apps[1].run())))
    back = visits.visit("learn.py", first=True, room=room.code)
    assert not polls.is_left(session_of(back))


def test_lesson_8_is_asked_once_it_is_trained():
    app = visits.visit("learn.py", OPEN, lesson="8")
    assert WORDS("page.class_not_trained") in [one.value for one in app.caption]
    assert "Ask" not in labels(app)


def test_the_summary_asks_nothing_of_its_own():
    app = visits.visit("learn.py", OPEN, lesson=str(course.SUMMARY))
    assert questions(session_of(app)) == {}
    assert not errors(app)
