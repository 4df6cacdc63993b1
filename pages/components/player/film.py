"""A training's film: what the player's tracks show at each checkpoint, in one piece of bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pages.components.player.frame import fit, packed
from pages.components.player.thinning import thinned
from pages.components.player.tracks import Track
from seqviz.errors import SeqvizError
from seqviz.figures import palette

MOST_CHECKPOINTS = 200
MOST_BYTES = 8 * 2**20
_MOVING = {"heat": ("values", "initial"), "prediction": ("values",), "input": ("predicted",)}
"""The arrays of each type of track that change while a network learns."""


def film(
    tracks_by_iteration: Mapping[int, Sequence[Track]],
    *,
    name: str = "",
    most: int = MOST_CHECKPOINTS,
    max_bytes: int = MOST_BYTES,
) -> bytes:
    """The film of a frame's tracks, for the player's slider over checkpoints.

    tracks_by_iteration: for each checkpoint the same tracks as the frame has, with the numbers of
    that checkpoint. Only those that are kept are asked for, so a mapping that makes them on demand
    makes no more. At most so many are kept, evenly, fewer where they would take more bytes, but
    always the first and the last. Units are left out as the frame leaves them out.

    The bytes are `packed`, with the header {film: name, iterations, ends, fit, tracks: [{at, ...}]}
    and blocks of C checkpoints after each other; at is the track's place in the frame. Raises
    SeqvizError when there is no checkpoint, or they have not the same tracks.
    """
    iterations = sorted(tracks_by_iteration)
    if not iterations:
        raise SeqvizError("A film needs at least one checkpoint.")
    first = _moving(tracks_by_iteration[iterations[0]])
    size = 4 * sum(array.size for track in first.values() for array in track.arrays.values())
    kept = _evenly(iterations, max(2, min(most, max_bytes // max(1, size))))
    scenes = [first, *(_moving(tracks_by_iteration[each]) for each in kept[1:])]
    shapes = [_shapes(scene) for scene in scenes]
    if any(shape != shapes[0] for shape in shapes):
        raise SeqvizError("The checkpoints of a film need the same tracks: give the same for each.")
    header = {"film": name, "iterations": kept, **_scales(scenes)}
    return packed(header, [_joined(at, [scene[at] for scene in scenes]) for at in first])


def _evenly(iterations: Sequence[int], most: int) -> list[int]:
    """At most so many of them, both ends included."""
    last = len(iterations) - 1
    places = np.linspace(0, last, min(last + 1, most)).round().astype(int)
    return [int(iterations[k]) for k in places]


def _moving(tracks: Sequence[Track]) -> dict[int, Track]:
    """By their place the tracks that change, with nothing but the arrays that do."""
    parts = {
        at: Track(
            track.header,
            {
                name: track.arrays[name]
                for name in _MOVING[track.header["type"]]
                if name in track.arrays
            },
        )
        for at, track in enumerate(thinned(tracks))
    }
    return {at: part for at, part in parts.items() if part.arrays}


def _shapes(scene: Mapping[int, Track]) -> dict[int, dict[str, tuple[int, ...]]]:
    return {
        at: {name: array.shape for name, array in track.arrays.items()}
        for at, track in scene.items()
    }


def _scales(scenes: Sequence[Mapping[int, Track]]) -> dict[str, Any]:
    """One scale for all checkpoints, so that a colour means the same while one moves through."""
    heats = [t for scene in scenes for t in scene.values() if t.header["type"] == "heat"]
    signed = [t.arrays["values"] for t in heats if not t.header["sequential"]
              and t.header["end"] is None]  # fmt: skip
    ends = palette.common_scale("h", signed) if signed else None
    gates = any(track.header["sequential"] for track in heats)
    return {"ends": ends, "fit": fit(heats) if gates else None}


def _joined(at: int, track: Sequence[Track]) -> Track:
    """One track through all checkpoints, (C, ...). What never changes stays with the frame."""
    arrays = {
        name: np.stack([scene.arrays[name] for scene in track])
        for name in track[0].arrays
        if name != "initial" or _changes([scene.arrays[name] for scene in track])
    }
    header: dict[str, Any] = {"at": at}
    headers = [scene.header for scene in track]
    if "range" in headers[0]:
        lows, highs = zip(*(each["range"] for each in headers), strict=True)
        header["range"] = (min(lows), max(highs))
    if headers[0].get("end") is not None:  # a difference has its own scale
        widest = max(headers, key=lambda each: float(each["end"]))
        header |= {"end": widest["end"], "scale": widest["scale"]}
    return Track(header, arrays)


def _changes(arrays: Sequence[np.ndarray[Any, Any]]) -> bool:
    return any(not np.array_equal(each, arrays[0]) for each in arrays[1:])
