"""What every part of Uses has, and what it shows of one reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pages.components.player.tracks import Track
from pages.state.session import Session
from seqviz.applications.application import Application
from seqviz.types import InputSequence, Trace


@dataclass(frozen=True)
class Reading:
    """What a network made of an input. sequence: what it read. trace: of all its states, the one
    whose scale the colours have. tracks: from top to bottom. note: what else to say, or "".
    ahead: steps that the network goes on by itself.
    """

    sequence: InputSequence
    trace: Trace
    tracks: list[Track]
    note: str = ""
    ahead: int = 0
    extra: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """application: the network, by what is set. controls: the visitor's own input, above the
    player. read: what is read now; raises SeqvizError. below: pictures and words below the player.
    """

    name: str
    application: Callable[[Session], Application]
    controls: Callable[[Session], None]
    read: Callable[[Session], Reading]
    below: Callable[[Session, Reading], None]
