"""The draw pad with what is drawn on it."""

from __future__ import annotations

from collections.abc import Sequence

from pages.components.draw_pad.component import Answer, draw_pad
from pages.state.browser.pad_drawing import KEY
from pages.state.session import Session
from seqviz.data import drawing, drawing_payload


def pad(session: Session, after: int, ahead: Sequence[float] = (), answer: Answer = "none") -> None:
    """A curve or a pen's strokes, as the page asks for. after: columns of the player below that
    follow the steps'. ahead: how a curve goes on there, values from -1 to 1 as on the pad. answer:
    see draw_pad.
    """
    settings = session.settings
    levels = drawing_payload.unpack_levels(settings.curve) if settings.curve else ()
    if levels and not session.pad.live:
        levels = drawing.resample_levels(levels, settings.steps)
    draw_pad(
        key=KEY,
        mode="pen" if session.pad_mode == "pen" else "curve",
        steps=settings.steps,
        levels=levels,
        strokes=drawing_payload.unpack_strokes(settings.strokes) if settings.strokes else (),
        version=session.pad.version,
        columns=(1, after),  # of the player, for h_0 of each direction and for what comes next
        ahead=tuple(round(min(1.0, max(-1.0, float(value))), 3) for value in ahead),
        taken=session.pad.revision,
        answer=answer,
    )
