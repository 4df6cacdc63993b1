"""Where sequences come from: the settings -> the sequence the network reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pages.state import typed_text
from pages.state.schema import FILE_FEEDS, SEQUENCE, Settings, parameter_name
from pages.state.session import Session
from seqviz.data import drawing, drawing_payload, generators, url_payload
from seqviz.errors import SeqvizError
from seqviz.types import FloatArray, InputSequence

Read = tuple[InputSequence | None, FloatArray | None]


@dataclass(frozen=True)
class Reading:
    """sequence: None while the pad is empty. wave: (P, 2) lowest and highest sample, for sound.

    problem: one sentence when the newest input will not do; sequence is then the one before.
    data: the sequence as a link carries it, where it comes from a file; "" when it is too large or
    stands in for a file that is not here.
    """

    sequence: InputSequence | None
    wave: FloatArray | None
    problem: str | None = None
    data: str = ""


def read(session: Session) -> Reading:
    """What the chosen feed gives now."""
    settings = session.settings
    try:
        sequence, wave = _FEEDS[settings.feed](session)
    except SeqvizError as error:
        last, wave = session.last_sequence or _drawn_curve(Settings(), False)
        return Reading(last, wave, str(error), _packed(session, last))
    if sequence is not None and not session.pad.live:
        session.last_sequence = sequence, wave
    return Reading(sequence, wave, data=_packed(session, sequence))


def _packed(session: Session, sequence: InputSequence | None) -> str:
    feed = session.settings.feed
    if sequence is None or feed not in FILE_FEEDS:
        return ""
    if feed in session.wanted and not session.settings.data:
        return ""
    return session.cache.get(
        "packed", sequence.digest, lambda: url_payload.pack_sequence(sequence) or ""
    )


def generator_parameters(settings: Settings) -> dict[str, Any]:
    """The chosen generator's parameters by their own names."""
    source = generators.SOURCES[settings.source]
    return {p.name: settings.get(parameter_name(source.key, p.name)) for p in source.parameters}


def _kept(make: Callable[[Settings, bool], Read]) -> Callable[[Session], Read]:
    """A feed that depends on the settings alone: made once while they stay."""

    def feed(session: Session) -> Read:
        settings, live = session.settings, session.pad.live
        key = (live, *(settings.get(name) for name in SEQUENCE))
        return session.cache.get("sequence", key, lambda: make(settings, live))

    return feed


def _draw(settings: Settings, live: bool) -> Read:
    if settings.drawing == "pen":
        return _pen(settings, live), None
    return _drawn_curve(settings, live)


def _drawn_curve(settings: Settings, live: bool) -> Read:
    """live: a drawing in progress is as long as it is so far."""
    levels = drawing_payload.unpack_levels(settings.curve) if settings.curve else ()
    if not levels:
        return None, None
    return drawing.curve(levels, len(levels) if live else settings.steps), None


def _pen(settings: Settings, live: bool) -> InputSequence | None:
    strokes = drawing_payload.unpack_strokes(settings.strokes) if settings.strokes else ()
    points = sum(len(stroke) for stroke in strokes)
    if not points:
        return None
    # as the pen moves the gesture gets longer, one step a point, until it has its full length
    steps = min(settings.steps, max(2, points)) if live else settings.steps
    return drawing.gesture(strokes, steps, by=settings.resample)


def _type(session: Session) -> Read:
    typed_text.take_file(session)
    return typed_text.sequence(session), None


def _generate(settings: Settings, live: bool) -> Read:
    return generators.generate(settings.source, **generator_parameters(settings)), None


def _file(slot: str) -> Callable[[Session], Read]:
    def feed(session: Session) -> Read:
        if slot not in session.files:
            return _without_file(session)
        from pages.state.files import uploads  # the readers load with the first file, not before

        upload = uploads.uploaded(session, slot)
        assert upload is not None
        return uploads.sequence(session, upload)

    return feed


def _without_file(session: Session) -> Read:
    """What a link brought or what was on screen before; at the very first, the drawn curve."""
    if session.settings.data:
        return url_payload.unpack_sequence(session.settings.data), None
    return session.last_sequence or _drawn_curve(session.settings, False)


_FEEDS: Mapping[str, Callable[[Session], Read]] = {
    "draw": _kept(_draw),
    "type": _type,
    "generate": _kept(_generate),
    "upload": _file("upload"),
    "record": _file("record"),
}
