"""Where the rooms are: in this process, or in the Redis that SEQVIZ_REDIS_URL names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Protocol

from pages.state.classroom.rooms.memory import MemoryRooms
from pages.state.classroom.rooms.redis import RedisRooms
from pages.state.classroom.rooms.room import Room


class Rooms(Protocol):
    """What both can do, see MemoryRooms. Raises RoomsAway where they cannot be reached."""

    def open(self, room: Room) -> None: ...

    def get(self, code: str) -> Room | None: ...

    def ask(self, room: Room) -> None: ...

    def reveal(self, code: str, round: int) -> None: ...

    def answer(self, code: str, round: int, student: str, choice: int) -> bool: ...

    def answers(self, room: Room) -> Mapping[int, int]: ...

    def end(self, code: str) -> None: ...


@cache
def rooms() -> Rooms:
    """The rooms of this server."""
    url = os.environ.get("SEQVIZ_REDIS_URL")
    return RedisRooms(url) if url else MemoryRooms()
