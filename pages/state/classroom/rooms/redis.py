"""Rooms in a Redis: several replicas share them, and they outlive each of them.

A room is a hash with its JSON, its round and whether it is revealed; its answers are another, and
both expire by themselves. What depends on what is there is done by Redis in one step.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from pages.state.classroom.rooms.room import (
    ASKED_MEANWHILE,
    MAX_ANSWERS,
    MAX_ROOMS,
    Room,
    RoomsAway,
    RoomsFull,
    RoundTaken,
    from_json,
)

PATIENCE = 2.0  # seconds
_ALL = "seqviz:rooms"  # codes by when they end
_OPEN = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[4])
redis.call('HSET', KEYS[2], 'room', ARGV[5], 'round', ARGV[6], 'revealed', 0)
redis.call('PEXPIRE', KEYS[2], ARGV[7])
return 1
"""
_ASK = """
local round = redis.call('HGET', KEYS[1], 'round')
if not round then return 0 end
if tonumber(ARGV[2]) ~= tonumber(round) + 1 then return -1 end
redis.call('HSET', KEYS[1], 'room', ARGV[1], 'round', ARGV[2], 'revealed', 0)
redis.call('DEL', KEYS[2])
return 1
"""
_REVEAL = """
if redis.call('HGET', KEYS[1], 'round') ~= ARGV[1] then return 0 end
return redis.call('HSET', KEYS[1], 'revealed', 1)
"""
_ANSWER = """
local now = redis.call('HMGET', KEYS[1], 'round', 'revealed')
if now[1] ~= ARGV[1] or now[2] ~= '0' then return 0 end
local known = redis.call('HEXISTS', KEYS[2], ARGV[2])
if known == 0 and redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[4]) then return -1 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[2], redis.call('PTTL', KEYS[1]))
return 1
"""


class RedisRooms:
    """As MemoryRooms. url: as in redis://host:6379/0. Raises RoomsAway where it does not answer."""

    def __init__(self, url: str, now: Callable[[], float] = time.time) -> None:
        from redis import Redis  # an optional package, for servers with replicas

        self._now = now
        self._redis: Any = Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
        self._open, self._ask, self._reveal, self._answer = (
            self._redis.register_script(script) for script in (_OPEN, _ASK, _REVEAL, _ANSWER)
        )

    def open(self, room: Room) -> None:
        now = self._now()
        lasts = max(1, round(1000 * (room.ends - now)))
        arguments = (now, MAX_ROOMS, room.ends, room.code, room.to_json(), room.round, lasts)
        with _reached():
            if not self._open([_ALL, _room(room.code)], arguments):
                raise RoomsFull(f"All {MAX_ROOMS} rooms are taken: try again in some minutes.")

    def get(self, code: str) -> Room | None:
        with _reached():
            kept, round, revealed = self._redis.hmget(_room(code), "room", "round", "revealed")
        if kept is None:
            return None
        room = replace(from_json(kept), round=int(round), revealed=revealed == b"1")
        return room if room.ends > self._now() else None

    def ask(self, room: Room) -> None:
        with _reached():
            keys = [_room(room.code), _answers(room.code)]
            done = self._ask(keys, [room.to_json(), room.round])
        if done < 0:
            raise RoundTaken(ASKED_MEANWHILE)

    def reveal(self, code: str, round: int) -> None:
        with _reached():
            self._reveal([_room(code)], [round])

    def answer(self, code: str, round: int, student: str, choice: int) -> bool:
        with _reached():
            keys = [_room(code), _answers(code)]
            counts = self._answer(keys, [round, student, choice, MAX_ANSWERS])
        if counts < 0:
            raise RoomsFull(f"This room is full: {MAX_ANSWERS} have answered.")
        return bool(counts)

    def answers(self, room: Room) -> Mapping[int, int]:
        with _reached():
            return Counter(int(choice) for choice in self._redis.hvals(_answers(room.code)))

    def end(self, code: str) -> None:
        with _reached():
            self._redis.delete(_room(code), _answers(code))
            self._redis.zrem(_ALL, code)


def _room(code: str) -> str:
    return f"seqviz:room:{code}"


def _answers(code: str) -> str:
    return f"seqviz:answers:{code}"


@contextmanager
def _reached() -> Iterator[None]:
    from redis.exceptions import RedisError

    try:
        yield
    except RedisError as error:
        raise RoomsAway("The rooms cannot be reached now: this page tries again.") from error
