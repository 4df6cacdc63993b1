"""What a network learned from as text that settings and a link can carry, and back, exactly."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.training.datasets import Characters, Data, Examples
from seqviz.types import FloatArray, InputSequence

LONGEST = 1_000_000
"""Characters: a sequence of 2,000 steps and 64 features takes 0.7 million."""
_MOST_BYTES = 4 * 2**20  # unpacked
_BROKEN = (ValueError, KeyError, TypeError, OverflowError, RecursionError, zlib.error)
_DAMAGED = "What the network of this link learned from is damaged: ask for a new link."


def pack(data: Data) -> str:
    """data as URL-safe text; what `unpack` gives back has the same digest.

    Raises SeqvizError when it is longer than LONGEST.
    """
    if isinstance(data, Characters):
        about: dict[str, Any] = {}
        body = data.text.encode("utf-8", errors="surrogatepass")
    elif isinstance(data, Examples):
        about = {"shapes": [x.shape for x in data.sequences], "labels": data.labels}
        body = b"".join(_planes(x) for x in data.sequences)
    else:
        about = {
            "shape": data.x.shape,
            "name": data.name,
            "kind": data.kind,
            "labels": data.labels,
            "features": data.feature_names,
            "rate": data.sample_rate,
        }
        body = _planes(data.x)
    head = json.dumps({"type": type(data).__name__, **about}, separators=(",", ":")).encode()
    whole = zlib.compress(head + b"\0" + body, 9)
    packed = base64.urlsafe_b64encode(whole).decode().rstrip("=")
    if len(packed) > LONGEST or len(head) + len(body) >= _MOST_BYTES:
        raise SeqvizError("This is more than a training here can learn from: bring a part of it.")
    return packed


def unpack(text: str) -> Data:
    """What `pack` packed. SeqvizError for anything else; memory bounded at 4 MB."""
    try:
        head, body = _inflated(text).split(b"\0", 1)
        about = json.loads(head)
        return _READERS[about["type"]](about, body)
    except SeqvizError:
        raise
    except _BROKEN as error:
        raise SeqvizError(_DAMAGED) from error


def _inflated(text: str) -> bytes:
    if len(text) > LONGEST:
        raise SeqvizError(_DAMAGED)
    raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    inflater = zlib.decompressobj()
    data = inflater.decompress(raw, _MOST_BYTES)
    if not inflater.eof:
        raise SeqvizError(_DAMAGED)
    return data


def _characters(about: dict[str, Any], body: bytes) -> Characters:
    return Characters(body.decode("utf-8", errors="surrogatepass"))


def _sequence(about: dict[str, Any], body: bytes) -> InputSequence:
    rate = about["rate"]
    return InputSequence(
        x=_values(body, *about["shape"]),
        labels=tuple(map(str, about["labels"])),
        feature_names=tuple(map(str, about["features"])),
        name=str(about["name"]),
        sample_rate=None if rate is None else float(rate),
        kind=str(about["kind"]),
    )


def _examples(about: dict[str, Any], body: bytes) -> Examples:
    sequences, at = [], 0
    for steps, features in about["shapes"]:
        size = 4 * int(steps) * int(features)
        sequences.append(_values(body[at : at + size], steps, features))
        at += size
    return Examples(tuple(sequences), tuple(about["labels"]))


_READERS: Mapping[str, Callable[[dict[str, Any], bytes], Data]] = {
    "Characters": _characters,
    "InputSequence": _sequence,
    "Examples": _examples,
}


def _planes(x: FloatArray) -> bytes:
    """The float32's exponents together and mantissas together, which deflate much better."""
    return np.frombuffer(x.astype("<f4").tobytes(), np.uint8).reshape(-1, 4).T.tobytes()


def _values(planes: bytes, steps: int, features: int) -> FloatArray:
    interleaved = np.frombuffer(planes, np.uint8).reshape(4, -1).T.tobytes()
    return np.frombuffer(interleaved, "<f4").reshape(steps, features)
