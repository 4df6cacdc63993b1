"""A small uploaded or recorded sequence as text that a link can carry, and back."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FEATURES, MAX_LINKED_DATA, MAX_STEPS
from seqviz.types import InputSequence

_MOST_BYTES = 2**20  # unpacked; 2,000 x 64 float32 is half of it
_LONGEST_NAME = 300
_KINDS = ("curve", "text", "audio")  # what files hold: drawings travel as drawings
_BROKEN = (ValueError, KeyError, TypeError, OverflowError, RecursionError, zlib.error)
_DAMAGED = "The sequence in this link is damaged: ask for a new link."


def pack_sequence(sequence: InputSequence) -> str | None:
    """sequence as URL-safe text, exact to the bit; None when it is too large for a link.

    That is longer than MAX_LINKED_DATA, or beyond MAX_STEPS, MAX_FEATURES or 1 MB unpacked.
    What `unpack_sequence` gives back has the same values, labels and names.
    """
    steps = len(sequence)
    if steps > MAX_STEPS or sequence.input_size > MAX_FEATURES:
        return None
    numbered = sequence.labels == tuple(str(t + 1) for t in range(steps))
    about = {
        "name": sequence.name,
        "kind": sequence.kind,
        "shape": sequence.x.shape,
        "features": sequence.feature_names,
        "labels": None if numbered else sequence.labels,
        "rate": sequence.sample_rate,
    }
    text = json.dumps(about, separators=(",", ":")).encode()
    # byte planes: the float32's exponents together and mantissas together deflate much better
    planes = np.frombuffer(sequence.x.astype("<f4").tobytes(), np.uint8).reshape(-1, 4).T.tobytes()
    whole = text + b"\0" + planes
    if len(whole) > _MOST_BYTES:
        return None
    packed = base64.urlsafe_b64encode(zlib.compress(whole, 9)).decode().rstrip("=")
    return packed if len(packed) <= MAX_LINKED_DATA else None


def unpack_sequence(text: str) -> InputSequence:
    """What `pack_sequence` packed. SeqvizError for anything else; memory bounded at 1 MB."""
    try:
        about, planes = _inflated(text).split(b"\0", 1)
        return _sequence(json.loads(about), planes)
    except SeqvizError:
        raise
    except _BROKEN as error:
        raise SeqvizError(_DAMAGED) from error


def _inflated(text: str) -> bytes:
    if len(text) > MAX_LINKED_DATA:
        raise SeqvizError(_DAMAGED)
    raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    inflater = zlib.decompressobj()
    data = inflater.decompress(raw, _MOST_BYTES + 1)  # one more, so that the end is seen
    if not inflater.eof:
        raise SeqvizError(_DAMAGED)
    return data


def _sequence(about: dict[str, Any], planes: bytes) -> InputSequence:
    steps, features = (int(size) for size in about["shape"])
    fits = 1 <= steps <= MAX_STEPS and 1 <= features <= MAX_FEATURES
    if not fits or len(planes) != 4 * steps * features or about["kind"] not in _KINDS:
        raise SeqvizError(_DAMAGED)
    interleaved = np.frombuffer(planes, np.uint8).reshape(4, -1).T.tobytes()
    names = tuple(str(name) for name in about["features"])
    rate = None if about["rate"] is None else float(about["rate"])
    if rate is not None and not 0 < rate < np.inf:
        raise SeqvizError(_DAMAGED)
    return InputSequence(
        x=np.frombuffer(interleaved, "<f4").reshape(steps, features),
        labels=tuple(str(label) for label in about["labels"] or ()),
        feature_names=names,
        name=str(about["name"])[:_LONGEST_NAME],
        sample_rate=rate,
        kind=about["kind"],
    )
