"""A room, what is asked in it, and who may do what.

Whoever opens a room gets its secret, of which the room keeps a hash; who knows it is the teacher.
A student is a ticket: a random name with the room's signature, which a page gets from the server
when it is drawn. So an answer without a page is refused, and one browser is counted once.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from pages.state.classroom.rooms.code import new_code
from seqviz.errors import SeqvizError

MAX_ROOMS = 200
MAX_ANSWERS = 300  # in one room
LASTS = 2 * 60 * 60  # seconds
MAX_CHOICES = 12
LONGEST_QUESTION = 300
LONGEST_CHOICE = 80
LONGEST_LINK = 16_000  # of the state that is asked about
_LONGEST_PROOF = 100  # characters of a secret or a ticket that are looked at


class RoomsFull(SeqvizError):
    """There is no room for one more room, or for one more answer."""


class RoomsAway(SeqvizError):
    """The rooms cannot be reached now."""


class RoundTaken(SeqvizError):
    """Another question was asked since this one was made."""


ASKED_MEANWHILE = "Something else was asked in this room meanwhile: look at it, then ask again."


@dataclass(frozen=True)
class Question:
    """truth: which choice the network makes come true, None where it has none. found: what it does,
    in a sentence, "" where nothing was computed. lesson: of Learn that asks it, 0 for none.
    """

    text: str
    choices: tuple[str, ...]
    truth: int | None = None
    found: str = ""
    lesson: int = 0

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise SeqvizError("A question needs words.")
        if not 2 <= len(self.choices) <= MAX_CHOICES:
            raise SeqvizError(f"A question needs 2 to {MAX_CHOICES} choices, one on each line.")
        if len(set(self.choices)) < len(self.choices):
            raise SeqvizError("Two choices are the same: change one of them.")
        if len(self.text) > LONGEST_QUESTION or max(map(len, self.choices)) > LONGEST_CHOICE:
            raise SeqvizError(
                f"A question has at most {LONGEST_QUESTION} characters and a choice at most "
                f"{LONGEST_CHOICE}."
            )


@dataclass(frozen=True)
class Room:
    """link: the state that is asked about, as the query of a URL. page: on which it is shown, as in
    the address. round: counts the questions.

    ends: in seconds since 1970, for replicas have no other clock in common.
    """

    code: str
    secret_hash: str
    key: str  # signs the tickets
    ends: float
    link: str
    question: Question
    page: str = ""
    round: int = 1
    revealed: bool = False

    def is_teacher(self, secret: object) -> bool:
        """Whether this is the room's secret."""
        if not isinstance(secret, str) or len(secret) > _LONGEST_PROOF:
            return False
        return hmac.compare_digest(_hash(secret), self.secret_hash)

    def ticket(self) -> str:
        """For one more student."""
        name = secrets.token_hex(8)
        return f"{name}.{self._signature(name)}"

    def student(self, ticket: object) -> str | None:
        """The name on a ticket, None on a forged one."""
        if not isinstance(ticket, str) or len(ticket) > _LONGEST_PROOF or not ticket.isascii():
            return None
        name, _, signature = ticket.partition(".")
        return name if hmac.compare_digest(signature, self._signature(name)) else None

    def asks(self, question: Question, link: str, page: str = "") -> Room:
        """The same room with its next question. Raises SeqvizError for a state too large."""
        _check_size(link)
        return replace(
            self, question=question, link=link, page=page, round=self.round + 1, revealed=False
        )

    def to_json(self) -> str:
        """All of it, to be kept elsewhere."""
        return json.dumps(asdict(self))

    def _signature(self, name: str) -> str:
        return hmac.new(self.key.encode(), name.encode(), hashlib.sha256).hexdigest()[:32]


def new_room(
    question: Question, link: str, page: str = "", now: float | None = None
) -> tuple[Room, str]:
    """A room and its teacher's secret. Raises SeqvizError for a state that is too large."""
    _check_size(link)
    secret = secrets.token_urlsafe(24)
    ends = (time.time() if now is None else now) + LASTS
    room = Room(new_code(), _hash(secret), secrets.token_hex(16), ends, link, question, page)
    return room, secret


def _check_size(link: str) -> None:
    if len(link) > LONGEST_LINK:
        raise SeqvizError(
            "This state is too large to be asked about: a smaller sequence, drawn, typed or "
            "generated, travels to the phones."
        )


def from_json(text: str | bytes) -> Room:
    """What `Room.to_json` gave."""
    values: dict[str, Any] = json.loads(text)
    question = values.pop("question")
    choices = tuple(question.pop("choices"))
    return Room(question=Question(choices=choices, **question), **values)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
