"""Rooms in the memory of this process: gone when it ends."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pages.state.classroom.rooms.room import (
    ASKED_MEANWHILE,
    MAX_ANSWERS,
    MAX_ROOMS,
    Room,
    RoomsFull,
    RoundTaken,
)


@dataclass
class _Kept:
    room: Room
    answers: dict[str, int] = field(default_factory=dict)  # by student


class MemoryRooms:
    """All methods may be called from any thread. now: seconds since 1970."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def open(self, room: Room) -> None:
        """Raises RoomsFull where there are as many as there may be."""
        with self._lock:
            self._forget()
            if len(self._kept) >= MAX_ROOMS:
                raise RoomsFull(f"All {MAX_ROOMS} rooms are taken: try again in some minutes.")
            self._kept[room.code] = _Kept(room)

    def get(self, code: str) -> Room | None:
        """None for a room that never was or has ended."""
        with self._lock:
            kept = self._there(code)
            return kept.room if kept else None

    def ask(self, room: Room) -> None:
        """Put a room's next question; what was answered before is forgotten. Raises RoundTaken
        where another one was asked meanwhile.
        """
        with self._lock:
            kept = self._there(room.code)
            if kept and room.round != kept.room.round + 1:
                raise RoundTaken(ASKED_MEANWHILE)
            if kept:
                self._kept[room.code] = _Kept(room)

    def reveal(self, code: str, round: int) -> None:
        """From now on answers of this round stay as they are, and everybody may see them."""
        with self._lock:
            kept = self._there(code)
            if kept and kept.room.round == round:
                kept.room = replace(kept.room, revealed=True)

    def answer(self, code: str, round: int, student: str, choice: int) -> bool:
        """Whether it counts: not after the reveal, nor for another question.

        Raises RoomsFull where as many have answered as there may be.
        """
        with self._lock:
            kept = self._there(code)
            if kept is None or kept.room.revealed or kept.room.round != round:
                return False
            if student not in kept.answers and len(kept.answers) >= MAX_ANSWERS:
                raise RoomsFull(f"This room is full: {MAX_ANSWERS} have answered.")
            kept.answers[student] = choice
            return True

    def answers(self, room: Room) -> Mapping[int, int]:
        """How many have chosen each."""
        with self._lock:
            kept = self._there(room.code)
            known = kept is not None and kept.room.round == room.round
            return Counter(kept.answers.values()) if kept and known else {}

    def end(self, code: str) -> None:
        """The room is gone."""
        with self._lock:
            self._kept.pop(code, None)

    def _there(self, code: str) -> _Kept | None:
        kept = self._kept.get(code)
        return kept if kept and kept.room.ends > self._now() else None

    def _forget(self) -> None:
        now = self._now()
        self._kept = {code: kept for code, kept in self._kept.items() if kept.room.ends > now}
