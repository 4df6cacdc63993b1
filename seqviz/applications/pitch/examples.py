"""Sounds to learn from, each made when it is first asked for, as frames; and batches of them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.applications.fitting import Asked
from seqviz.applications.pitch.voices import CONTOURS, nothing, sound
from seqviz.data.audio import Recording, frames
from seqviz.types import FloatArray, InputSequence, frozen

BANDS, FRAME_MS, LOW, HIGH = 40, 40.0, 70.0, 2000.0
DEEP = 10.0
"""A band that is so much quieter than the sound's loudest one, in ln of energy, is as good as
silent (43 dB): what is below differs with the room, not with the voice."""
_QUIET = 5.0
"""Frames that are so much quieter than the loudest (22 dB) are no part of the sound's ends."""
LEARNED = 8000
SCALE = 0.25
"""What the network's numbers are multiplied by while it learns."""

_NOTHING, _NOISE, _VOICE, _PACE = 0.08, 0.4, 2.5, 0.4
_BACKWARDS = {"rising": "falling", "falling": "rising"}


def heard(recording: Recording) -> InputSequence:
    """A sound as the network reads it: (T, 40) logarithms of energy, each frame's mean removed.

    Quiet frames at its beginning and end are left out; what is left has one frame at least.
    Raises SeqvizError when it makes more than MAX_STEPS frames of 40 ms.
    """
    bands = frames(recording, BANDS, FRAME_MS, LOW, HIGH)
    x = np.maximum(bands.x, bands.x.max() - DEEP)
    loud = np.flatnonzero(x.max(axis=1) > x.max() - _QUIET)
    part = slice(loud[0], loud[-1] + 1) if len(loud) else slice(0, 1)
    x = x[part]
    return InputSequence(
        frozen(x - x.mean(axis=1, keepdims=True)),
        labels=bands.labels[part],
        feature_names=bands.feature_names,
        name=recording.name,
        sample_rate=bands.sample_rate,
        kind="audio",
    )


def labelled(k: int) -> tuple[Recording, str]:
    """The k-th sound and its contour. Below LEARNED they are learned from, from there on not."""
    contour = CONTOURS[k % len(CONTOURS)]
    return sound(contour, np.random.default_rng((k, 2))), contour


@lru_cache(maxsize=2 * LEARNED)
def _shown(k: int, kind: str) -> FloatArray:
    """What the network reads of the k-th sound, or of the k-th without a contour."""
    if kind == "nothing":
        return heard(nothing(np.random.default_rng((k, 3)))).x
    return heard(labelled(k)[0]).x


def batch(generator: torch.Generator, count: int = 32) -> Asked:
    """count sounds, each slower or faster, forwards or backwards, and in another voice each time.

    Some have no contour, for which all classes should be equally likely.
    """
    chosen = torch.randint(LEARNED, (count,), generator=generator).tolist()
    empty = (torch.rand(count, generator=generator) < _NOTHING).tolist()
    backwards = (torch.rand(count, generator=generator) < 0.5).tolist()
    pace = torch.exp(_PACE * (2 * torch.rand(count, generator=generator) - 1)).tolist()
    shown, y = [], torch.full((count, len(CONTOURS)), 1 / len(CONTOURS))
    for n, k in enumerate(chosen):
        x = torch.tensor(_shown(k, "nothing" if empty[n] else "sound"))  # (T, 40)
        steps = max(4, round(len(x) * pace[n]))
        x = nn.functional.interpolate(x.T[None], steps, mode="linear")[0].T
        shown.append(x.flip(0) if backwards[n] else x)
        if not empty[n]:
            contour = CONTOURS[k % len(CONTOURS)]
            contour = _BACKWARDS.get(contour, contour) if backwards[n] else contour
            y[n] = torch.eye(len(CONTOURS))[CONTOURS.index(contour)]
    lengths = torch.tensor([len(x) for x in shown])
    x = _another_voice(nn.utils.rnn.pad_sequence(shown), generator)
    t = torch.arange(1, len(x) + 1)[:, None]
    weight = torch.where(t <= lengths, (t / lengths) ** 2, 0.0)  # (T, N): the end counts most
    return Asked(x * SCALE, y, weight)


def _another_voice(x: Tensor, generator: torch.Generator) -> Tensor:
    """Bands louder and quieter along a smooth surface over time and band, and noise: (T, N, 40).

    Vowels, throats and rooms differ so, which says nothing of the pitch.
    """
    steps, count, bands = x.shape
    knots = torch.randn(count, 1, 3, 7, generator=generator)
    surface = nn.functional.interpolate(knots, (steps, bands), mode="bicubic", align_corners=True)
    loud = _VOICE * torch.rand(count, 1, 1, generator=generator)
    x = x + (loud * surface[:, 0]).transpose(0, 1)
    x = x + _NOISE * torch.randn(x.shape, generator=generator)
    return x - x.mean(dim=2, keepdim=True)
