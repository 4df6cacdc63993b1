"""What the draw pad reports: its message -> the fields `curve` and `strokes`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.state.schema import LONGEST_STROKES, Settings
from seqviz.data import drawing, drawing_payload
from seqviz.data.drawing import Strokes
from seqviz.errors import SeqvizError

KEY = "pad"
LONGEST_DRAWING = 2000  # characters of a link


def said(key: str) -> dict[str, Any] | None:
    """The newest message of the pad with this key, None before any. Its words: check them."""
    pad: Any = st.session_state.get(key)
    message = pad.get("drawing") if pad else None
    return message if isinstance(message, dict) else None


@dataclass
class Pad:
    """version: grows when code sets the drawing; a message of an older one is late. revision: of
    the message taken last. live: a hand is still drawing.
    """

    version: int = 0
    revision: int = 0
    live: bool = False

    def read(self, settings: Settings, mode: str) -> Settings:
        """The settings with what is on the pad; what was drawn before stays if it will not do.

        mode: of the pad on screen, see Session.pad_mode.
        """
        message = said(KEY)
        if not mode or message is None:
            self.live = False
            return settings
        if message.get("version") != self.version or message.get("revision") == self.revision:
            return settings
        try:
            drawn = _drawn(message)
            self.revision = int(message["revision"])
        except (SeqvizError, KeyError, TypeError, ValueError, OverflowError):
            self.live = False  # not from our pad
            return settings
        if ("strokes" in drawn) != (mode == "pen"):
            self.live = False  # begun on a pad that had not heard of Pen yet, or of Curve
            return settings
        self.live = message.get("live") is True
        return settings.having(**drawn)

    def set_by_code(self) -> None:
        """The pad has to take what Python has; its own messages until then are late."""
        self.version += 1
        self.live = False


def _drawn(message: dict[str, Any]) -> dict[str, str]:
    if "strokes" in message:
        return {"strokes": _packed(drawing.parse_strokes(message["strokes"]))}
    return {"curve": drawing_payload.pack_levels(drawing.parse_levels(message["levels"]))}


def _packed(strokes: Strokes) -> str:
    """As a link carries it: simplified as little as it takes to stay short enough to share."""
    packed, tolerance = drawing_payload.pack_strokes(strokes), 4
    while len(packed) > LONGEST_DRAWING and tolerance <= 256:
        packed = drawing_payload.pack_strokes(drawing.simplify(strokes, tolerance))
        tolerance *= 2
    if len(packed) > LONGEST_STROKES:
        raise SeqvizError(
            "This drawing has too many strokes: clear the pad and draw a simpler one."
        )
    return packed
