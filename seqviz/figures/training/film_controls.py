"""What moves a Plotly figure from frame to frame: Play, Pause and a slider."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqviz.figures import palette


def evenly(last: int, most: int) -> list[int]:
    """At most so many whole numbers from 0 to last, evenly spaced, both ends included."""
    return [int(k) for k in np.linspace(0, last, min(last + 1, most)).round()]


def _play(milliseconds: int, mode: str = "immediate") -> dict[str, Any]:
    return {
        "frame": {"duration": milliseconds, "redraw": True},
        "transition": {"duration": 0},
        "fromcurrent": True,
        "mode": mode,
    }


def play_buttons(frames: int, theme: str, fastest: int = 60) -> dict[str, Any]:
    """Play, which takes about 4 seconds for so many frames, and Pause.

    fastest: milliseconds that Plotly needs to draw a frame.
    """
    # 4 s for the whole, but no frame faster than Plotly redraws nor slower than half a second
    pace = min(500, max(fastest, 4000 // frames))
    return {
        "type": "buttons",
        "direction": "left",
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
        "pad": {"t": 88},
        "showactive": False,
        "bgcolor": palette.BACKGROUND[theme],
        "bordercolor": palette.ACCENT[theme],
        "buttons": [
            {"label": "Play", "method": "animate", "args": [None, _play(pace)]},
            {"label": "Pause", "method": "animate", "args": [[None], _play(0)]},
        ],
    }


def frame_slider(names: list[int], prefix: str, theme: str) -> dict[str, Any]:
    """A place for each frame, called by its number; it opens on the last."""
    return {
        "active": len(names) - 1,
        "x": 0.24,
        "len": 0.76,
        "pad": {"t": 72},
        "currentvalue": {"prefix": prefix, "xanchor": "right"},
        "bgcolor": palette.LINE[theme],
        "activebgcolor": palette.ACCENT[theme],
        "bordercolor": palette.LINE[theme],
        "tickcolor": palette.MUTED[theme],
        "minorticklen": 0,
        "steps": [
            {"label": str(t), "method": "animate", "args": [[str(t)], _play(0)]} for t in names
        ],
    }
