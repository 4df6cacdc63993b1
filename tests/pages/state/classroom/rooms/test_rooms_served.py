"""The routes of a room: what everybody may see, who may answer, and what is refused how."""

import asyncio
import json

import pytest

from pages.state.classroom.rooms import served, store
from pages.state.classroom.rooms.memory import MemoryRooms
from pages.state.classroom.rooms.room import MAX_ANSWERS, Question, RoomsAway, new_room

QUESTION = Question("Up or down?", ("Up", "Down"), 1, "It goes down.")


@pytest.fixture
def rooms(monkeypatch):
    kept = MemoryRooms()
    monkeypatch.setattr(served, "rooms", lambda: kept)
    return kept


@pytest.fixture
def opened(rooms):
    """A room and its secret."""
    room, secret = new_room(QUESTION, "cell=GRU")
    rooms.open(room)
    return room, secret


def ask(path, body=None):
    """(status, what was said): a GET, or a POST of bytes or of JSON."""
    sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    said = []

    async def receive():
        return {"type": "http.request", "body": sent or b"", "more_body": False}

    async def send(message):
        said.append(message)

    async def call():
        method = "GET" if sent is None else "POST"
        scope = {"type": "http", "method": method, "path": path, "headers": [],
                 "query_string": b"", "root_path": ""}  # fmt: skip
        for route in served.ROUTES:
            match, more = route.matches(scope)
            if match.name == "FULL":
                await route.handle(scope | more, receive, send)
                return
        raise AssertionError(f"no route for {path}")

    asyncio.run(call())
    return said[0]["status"], json.loads(said[1]["body"])


def test_nobody_sees_answers_or_truth_before_the_reveal(opened):
    room, secret = opened
    for k in range(3):
        answer = {"ticket": room.ticket(), "round": 1, "choice": k % 2}
        assert ask(f"/rooms/{room.code}/answers", answer) == (200, {"choice": k % 2})
    status, seen = ask(f"/rooms/{room.code}")
    assert status == 200 and 7100 < seen.pop("seconds") <= 7200
    assert seen == {"round": 1, "text": "Up or down?", "choices": ["Up", "Down"],
                    "answered": 3, "revealed": False}  # fmt: skip
    status, seen = ask(f"/rooms/{room.code}/reveal", {"secret": secret, "round": 1})
    assert (status, seen["counts"], seen["truth"], seen["found"]) == (
        200,
        [2, 1],
        1,
        "It goes down.",
    )
    everything = json.dumps(seen)
    assert secret not in everything and room.key not in everything
    late = {"ticket": room.ticket(), "round": 1, "choice": 0}
    assert ask(f"/rooms/{room.code}/answers", late)[0] == 409


def test_a_thousand_answers_from_one_browser_are_one(opened):
    room, _ = opened
    ticket = room.ticket()
    for k in range(1000):
        ask(f"/rooms/{room.code}/answers", {"ticket": ticket, "round": 1, "choice": k % 2})
    assert ask(f"/rooms/{room.code}")[1]["answered"] == 1


def test_what_is_forged_is_refused(opened):
    room, _ = opened
    ticket = room.ticket()
    good = {"ticket": ticket, "round": 1, "choice": 0}
    for body, status in (
        ({**good, "ticket": ticket[:-1] + "x"}, 403),
        ({**good, "ticket": None}, 403),
        ({**good, "choice": 2}, 400),
        ({**good, "choice": -1}, 400),
        ({**good, "choice": True}, 400),
        ({**good, "choice": "0"}, 400),
        ({**good, "round": 2}, 409),
        ({**good, "round": "1"}, 409),
        ([1], 400),
        (b"{", 400),
        (b"[" * 900, 400),
        (b" " * 5000, 400),
        (b"\xff\xfe", 400),
    ):
        assert ask(f"/rooms/{room.code}/answers", body)[0] == status, body
    for secret in ("", "x", None, 3, ticket):
        said = ask(f"/rooms/{room.code}/reveal", {"secret": secret, "round": 1})
        assert said[0] == 403 and "opened the room" in said[1]["error"]
    assert ask(f"/rooms/{room.code}")[1]["answered"] == 0


def test_a_room_that_is_not_there_or_full_says_so(opened, rooms):
    room, secret = opened
    for path in ("", "/answers", "/reveal"):
        status, said = ask(f"/rooms/ABCDEF{path}", {"secret": secret} if path else None)
        assert status == 404 and "no such room" in said["error"]
    for k in range(MAX_ANSWERS):
        rooms.answer(room.code, 1, f"s{k}", 0)
    full = {"ticket": room.ticket(), "round": 1, "choice": 0}
    status, said = ask(f"/rooms/{room.code}/answers", full)
    assert status == 409 and "full" in said["error"]


def test_rooms_that_cannot_be_reached_are_no_error_of_the_server(monkeypatch):
    def away():
        raise RoomsAway("The rooms cannot be reached now.")

    monkeypatch.setattr(served, "rooms", away)
    assert ask("/rooms/ABCDEF") == (503, {"error": "The rooms cannot be reached now."})


def test_redis_is_chosen_by_the_environment(monkeypatch):
    store.rooms.cache_clear()
    monkeypatch.setenv("SEQVIZ_REDIS_URL", "redis://127.0.0.1:1/0")
    with pytest.raises(RoomsAway):
        store.rooms().get("ABCDEF")
    store.rooms.cache_clear()
    monkeypatch.delenv("SEQVIZ_REDIS_URL")
    assert isinstance(store.rooms(), MemoryRooms)
