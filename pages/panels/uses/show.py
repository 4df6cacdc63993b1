"""The player on Uses: what a part reads now, or what it read before the newest input."""

from __future__ import annotations

from pages.components.player import tracks
from pages.panels.shared.player import player
from pages.panels.uses.part import Part, Reading
from pages.state.session import Session
from seqviz.errors import SeqvizError
from seqviz.rnn import tracing


def reading_of(session: Session, part: Part) -> tuple[Reading, str | None]:
    """What the part reads, and why the newest input will not do, if so."""
    name = f"use {session.settings.use} {session.settings.series}"
    try:
        reading = part.read(session)
    except SeqvizError as error:
        before: Reading | None = session.cache.get(name, None, lambda: None)
        return before or _example(session, part), str(error)
    session.cache.put(name, None, reading)
    return reading, None


def _example(session: Session, part: Part) -> Reading:
    """What the part's network reads where nothing else will do."""
    one = part.application(session)
    sequence = one.example()  # type: ignore[attr-defined]
    trace = tracing.trace(one.model(), sequence)
    return Reading(sequence, trace, [tracks.input_track(sequence), *tracks.heat_tracks(trace, "h")])


def show(session: Session, reading: Reading) -> None:
    """The player, ahead of what stands below it."""
    made = player.frame_of(
        session,
        reading.tracks,
        digest=reading.sequence.digest,
        caption=tracks.caption(reading.sequence),
        quantity="h",
        ends=player.common_scale("h", [reading.trace]),
        ahead=reading.ahead,
        live=session.pad.live,
        capacity=len(reading.sequence) if session.pad.live else 0,
    )
    player.show(session, made)
