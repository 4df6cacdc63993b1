"""Rooms in this process and in a real Redis: the same promises, held by both."""

import threading
from dataclasses import replace

import pytest
import redis_server

from pages.state.classroom.rooms.code import new_code
from pages.state.classroom.rooms.memory import MemoryRooms
from pages.state.classroom.rooms.redis import RedisRooms
from pages.state.classroom.rooms.room import (
    LASTS,
    LONGEST_LINK,
    MAX_ANSWERS,
    MAX_ROOMS,
    Question,
    RoomsAway,
    RoomsFull,
    RoundTaken,
    from_json,
    new_room,
)
from seqviz.errors import SeqvizError

QUESTION = Question("Up or down?", ("Up", "Down"), 1, "It goes down.")


class Clock:
    def __init__(self):
        self.now = 1e9

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    if not redis_server.find():
        pytest.skip("there is no redis-server")
    with redis_server.redis_server(tmp_path_factory.mktemp("redis")) as (url, _):
        yield url


@pytest.fixture(params=["memory", "redis"])
def kept(request):
    """The rooms and their clock."""
    clock = Clock()
    if request.param == "memory":
        return MemoryRooms(clock), clock
    rooms = RedisRooms(request.getfixturevalue("redis"), clock)
    rooms._redis.flushall()
    return rooms, clock


def opened(rooms, clock, question=QUESTION):
    room, secret = new_room(question, "cell=GRU", now=clock())
    rooms.open(room)
    return room, secret


def test_a_room_is_found_by_its_code_until_it_has_ended(kept):
    rooms, clock = kept
    room, _ = opened(rooms, clock)
    assert rooms.get(room.code) == room
    assert rooms.get(new_code()) is None
    clock.now += LASTS - 1
    assert rooms.get(room.code) == room
    clock.now += 2
    assert rooms.get(room.code) is None


def test_each_student_counts_once_and_may_change_until_the_reveal(kept):
    rooms, clock = kept
    room, _ = opened(rooms, clock)
    for student, choice in (("a", 0), ("b", 1), ("a", 1), ("c", 1), ("c", 0), *[("a", 1)] * 1000):
        assert rooms.answer(room.code, 1, student, choice)
    assert rooms.answers(room) == {0: 1, 1: 2}
    rooms.reveal(room.code, 1)
    assert rooms.get(room.code).revealed
    assert not rooms.answer(room.code, 1, "a", 0)
    assert rooms.answers(room) == {0: 1, 1: 2}


def test_the_next_question_begins_with_no_answers(kept):
    rooms, clock = kept
    room, _ = opened(rooms, clock)
    rooms.answer(room.code, 1, "a", 0)
    rooms.reveal(room.code, 1)
    second = room.asks(Question("And now?", ("Yes", "No", "Maybe")), "cell=LSTM")
    rooms.ask(second)
    assert rooms.get(room.code) == second and second.round == 2
    assert rooms.answers(second) == {}
    assert not rooms.answer(room.code, 1, "a", 0), "an answer to the question before"
    rooms.reveal(room.code, 1)
    assert not rooms.get(room.code).revealed, "a reveal of the question before"
    assert rooms.answer(room.code, 2, "a", 2)


def test_of_two_questions_asked_at_once_one_is_told_so(kept):
    rooms, clock = kept
    room, _ = opened(rooms, clock)
    first, other = (room.asks(Question(text, ("a", "b")), "") for text in ("First?", "Other?"))
    rooms.ask(first)
    with pytest.raises(RoundTaken, match="asked in this room meanwhile"):
        rooms.ask(other)
    assert rooms.get(room.code) == first
    rooms.ask(first.asks(other.question, ""))
    assert rooms.get(room.code).round == 3


def test_rooms_and_answers_are_bounded(kept):
    rooms, clock = kept
    room, _ = opened(rooms, clock)
    for k in range(MAX_ANSWERS):
        rooms.answer(room.code, 1, f"s{k}", 0)
    with pytest.raises(RoomsFull, match="full: 300"):
        rooms.answer(room.code, 1, "one more", 0)
    assert rooms.answer(room.code, 1, "s7", 1), "who is in may still change"
    assert rooms.answers(room) == {0: MAX_ANSWERS - 1, 1: 1}
    for _ in range(MAX_ROOMS - 1):
        opened(rooms, clock)
    with pytest.raises(RoomsFull, match="All 200 rooms"):
        opened(rooms, clock)
    rooms.end(room.code)
    assert rooms.get(room.code) is None
    opened(rooms, clock)
    clock.now += LASTS + 1
    opened(rooms, clock)


def test_many_at_once_are_all_counted(kept):
    rooms, clock = kept
    room, _ = opened(rooms, clock)

    def answer(name):
        for k in range(10):
            rooms.answer(room.code, 1, f"{name}.{k}", k % 2)

    threads = [threading.Thread(target=answer, args=(name,)) for name in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rooms.answers(room) == {0: 50, 1: 50}


def test_a_room_outlives_the_replica_that_opened_it(redis):
    clock = Clock()
    one, other = RedisRooms(redis, clock), RedisRooms(redis, clock)
    room, secret = opened(one, clock)
    ticket = room.ticket()
    del one
    found = other.get(room.code)
    assert found == room and found.is_teacher(secret) and found.student(ticket)


def test_a_redis_that_is_away_is_a_sentence(tmp_path):
    if not redis_server.find():
        pytest.skip("there is no redis-server")
    with redis_server.redis_server(tmp_path) as (url, process):
        rooms = RedisRooms(url)
        room, _ = new_room(QUESTION, "")
        rooms.open(room)
        process.terminate()
        process.wait(timeout=20)
        for ask in (
            lambda: rooms.get(room.code),
            lambda: rooms.answer(room.code, 1, "a", 0),
            lambda: rooms.answers(room),
        ):
            with pytest.raises(RoomsAway, match="cannot be reached"):
                ask()


# ---- one room ------------------------------------------------------------------------------------


def test_only_who_opened_a_room_knows_its_secret():
    room, secret = new_room(QUESTION, "")
    assert room.is_teacher(secret)
    for forged in ("", secret[:-1], secret + "x", None, 3, ["x"], "\ud800", "é" * 50, "x" * 10**6):
        assert not room.is_teacher(forged)
    assert secret not in room.to_json()


def test_only_the_room_makes_tickets():
    room, _ = new_room(QUESTION, "")
    other, _ = new_room(QUESTION, "")
    ticket = room.ticket()
    assert room.student(ticket) == ticket.split(".")[0]
    assert room.ticket() != ticket
    name = ticket.split(".")[0]
    for forged in (
        other.ticket(), "", name, f"{name}.", f"x{ticket}", f"{ticket}0", None, 7, "é.é",
        "a." * 10**6,
    ):  # fmt: skip
        assert room.student(forged) is None


def test_a_room_survives_being_written_down():
    room, _ = new_room(QUESTION, "text=é")
    assert from_json(replace(room, revealed=True).to_json()) == replace(room, revealed=True)


@pytest.mark.parametrize(
    ("text", "choices", "says"),
    [
        (" ", ("a", "b"), "needs words"),
        ("x", ("a",), "2 to 12"),
        ("x", tuple(map(str, range(13))), "2 to 12"),
        ("x", ("a", "a"), "the same"),
        ("x" * 301, ("a", "b"), "at most 300"),
        ("x", ("a", "b" * 81), "at most 80"),
    ],
)
def test_a_question_that_nobody_could_answer_is_refused(text, choices, says):
    with pytest.raises(SeqvizError, match=says):
        Question(text, choices)


def test_a_state_too_large_for_phones_is_refused():
    with pytest.raises(SeqvizError, match="smaller sequence"):
        new_room(QUESTION, "x" * (LONGEST_LINK + 1))
