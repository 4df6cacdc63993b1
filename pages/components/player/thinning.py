"""Tracks with more numbers than a player can show: it gets a part of them, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pages.components.player.tracks import Track

MOST_VALUES = 2_100_000  # of all heatmaps: 8 MB, or 4 layers of 256 units for 2,000 steps
MOST_FEATURES = 64  # of an input


def thinned(tracks: Sequence[Track]) -> list[Track]:
    """The tracks with every k-th unit, k the same for all, and inputs with their first features.

    A heatmap's header says k as `stride`, so that row r shows unit k r; an input's says how many
    features are left out as `more`. Predictions stay as they are.
    """
    numbers = sum(t.arrays["values"].size for t in tracks if t.header["type"] == "heat")
    stride = max(1, -(-numbers // MOST_VALUES))
    return [_thinned(track, stride) for track in tracks]


def _thinned(track: Track, stride: int) -> Track:
    if track.header["type"] == "heat":
        return _fewer_units(track, stride)
    return _fewer_features(track) if track.header["type"] == "input" else track


def _fewer_units(track: Track, stride: int) -> Track:
    steps, units = track.header["T"], track.header["H"]
    stride = min(stride, units)
    header = {**track.header, "stride": stride}
    if stride == 1:
        return Track(header, track.arrays)
    values = track.arrays["values"].reshape(steps, units)[:, ::stride]
    initial = track.arrays["initial"][::stride]
    said = [track.header["note"], f"1 in {stride} units"]
    header |= {"H": values.shape[1], "note": " · ".join(filter(None, said))}
    arrays = {"values": values, "initial": initial}
    if "ahead" in track.arrays:
        arrays["ahead"] = track.arrays["ahead"].reshape(-1, units)[:, ::stride]
    return Track(header, arrays)


def _fewer_features(track: Track) -> Track:
    """The first features that are not always 0: of a wide one-hot, the symbols that are there."""
    steps, features = track.header["T"], track.header["I"]
    if features <= MOST_FEATURES or not steps:
        return replace(track, header={**track.header, "more": 0})
    x = track.arrays["x"].reshape(steps, features)
    kept = np.flatnonzero(x.any(axis=0))[:MOST_FEATURES]
    if not kept.size:
        kept = np.arange(MOST_FEATURES)
    arrays = dict(track.arrays)
    for name in ("x", "changed"):
        if name in arrays:
            arrays[name] = arrays[name].reshape(steps, features)[:, kept]
    header = {**track.header, "I": int(kept.size), "more": features - kept.size}
    header["features"] = [track.header["features"][k] for k in kept]
    for name in {"predicted", "predicted_before"} & arrays.keys():  # of the first K features
        predicted = arrays[name].reshape(steps, track.header["K"])
        arrays[name] = predicted[:, kept[kept < predicted.shape[1]]]
        header["K"] = int(arrays[name].shape[1])
    arrays.pop("ahead", None)  # nobody could tell so many curves apart
    return Track(header, arrays)
