"""The draw pad with what is drawn on it."""

from __future__ import annotations

from pages.components.draw_pad.component import draw_pad
from pages.state.pad_drawing import KEY
from pages.state.session import Session
from seqviz.data import drawing, drawing_payload


def pad(session: Session, directions: int) -> None:
    """A curve or a pen's strokes, as the settings say. directions: of the network below."""
    settings = session.settings
    levels = drawing_payload.unpack_levels(settings.curve) if settings.curve else ()
    if levels and not session.pad.live:
        levels = drawing.resample_levels(levels, settings.steps)
    draw_pad(
        key=KEY,
        mode=settings.drawing,
        steps=settings.steps,
        levels=levels,
        strokes=drawing_payload.unpack_strokes(settings.strokes) if settings.strokes else (),
        version=session.pad.version,
        columns=(1, directions - 1),  # of the player, for h_0 of each direction
    )
