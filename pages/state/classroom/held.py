"""What a session holds of a poll: the room it is in, and who it is there."""

from __future__ import annotations

from dataclasses import dataclass

from pages.state.classroom.rooms.room import Room


@dataclass
class Poll:
    """room: None where there is none, or none any more. away: why it cannot be looked for now, ""
    where it can. secret: "" for students. ticket: see Room.ticket. problem: what came of the last
    question, "" if all is well.
    """

    room: Room | None = None
    away: str = ""
    secret: str = ""
    ticket: tuple[str, str] = "", ""
    problem: str = ""
