"""Where sequences come from: the checked values on screen -> an InputSequence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.state import schema
from pages.state.cache import remembered
from seqviz.data import drawing, generators, text, url_payload
from seqviz.types import FloatArray, InputSequence

Read = tuple[InputSequence | None, FloatArray | None]


def read(chosen: dict[str, Any], live: bool) -> Read:
    """The sequence the chosen feed gives and, for sound, its waveform (P, 2).

    (None, None) while the pad is empty. live: a drawing in progress is as long as it is so far.
    Raises SeqvizError when the input will not do.
    """
    feed = chosen["feed"]
    if feed in ("upload", "record"):
        return _FEEDS[feed](chosen, live)
    key = (live, *(chosen[field.name] for field in schema.SEQUENCE))
    return remembered("sequence", key, lambda: _FEEDS[feed](chosen, live))


def parameters(chosen: dict[str, Any]) -> dict[str, Any]:
    """The chosen generator's parameters by their own names."""
    key = chosen["source"]
    names = [p.name for p in generators.SOURCES[key].parameters]
    return {name: chosen[schema.parameter_name(key, name)] for name in names}


def _draw(chosen: dict[str, Any], live: bool) -> Read:
    if chosen["drawing"] == "pen":
        return _pen(chosen, live), None
    levels = drawing.unpack_levels(chosen["curve"]) if chosen["curve"] else ()
    if not levels:
        return None, None
    return drawing.curve(levels, len(levels) if live else chosen["steps"]), None


def _pen(chosen: dict[str, Any], live: bool) -> InputSequence | None:
    written = drawing.unpack_strokes(chosen["strokes"]) if chosen["strokes"] else ()
    points = sum(len(stroke) for stroke in written)
    if not points:
        return None
    # as the pen moves the gesture gets longer, one step a point, until it has its full length
    steps = min(chosen["steps"], max(2, points)) if live else chosen["steps"]
    return drawing.gesture(written, steps, by=chosen["resample"])


def _type(chosen: dict[str, Any], live: bool) -> Read:
    return text.one_hot(chosen["text"], chosen["text_unit"]), None


def _generate(chosen: dict[str, Any], live: bool) -> Read:
    return generators.generate(chosen["source"], **parameters(chosen)), None


def _file(slot: str) -> Callable[[dict[str, Any], bool], Read]:
    def read_file(chosen: dict[str, Any], live: bool) -> Read:
        if f"_{slot}" not in st.session_state:
            return _without_file(chosen)
        from pages.state import uploads  # the readers load with the first file, not before

        upload = uploads.uploaded(slot)
        assert upload is not None
        return uploads.sequence(upload, chosen)

    return read_file


def _without_file(chosen: dict[str, Any]) -> Read:
    """What a link brought or what was on screen before; at the very first, the drawn curve."""
    if chosen["data"]:
        return url_payload.unpack_sequence(chosen["data"]), None
    return st.session_state.get("_last_sequence") or _draw({**chosen, "drawing": "curve"}, False)


_FEEDS = {
    "draw": _draw,
    "type": _type,
    "generate": _generate,
    "upload": _file("upload"),
    "record": _file("record"),
}
