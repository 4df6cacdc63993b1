"""A trained network in a file: weights/<key>.safetensors, written once and read by everybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.types import FloatArray, Head, Model, RNNSpec, frozen

FOLDER = Path(__file__).parent / "weights"
MAX_BYTES = 300_000
"""Bytes of one file: all of them are part of every clone."""
_LOSS, _EXTRA = "training.loss", "extra."


@dataclass(frozen=True, eq=False)
class Stored:
    """A network, what its training recorded, and what else it takes to use it.

    notes: ready for JSON. extra: further weights by their names, where one Model does not hold all.
    """

    model: Model
    loss: FloatArray
    notes: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, FloatArray] = field(default_factory=dict)


def write(key: str, stored: Stored, *, half: bool = False) -> int:
    """Store a network with its loss curve and notes; the bytes of the file.

    half: weights as float16; read again they are float32 with these rounded numbers. Raises
    SeqvizError when it has no head or takes more than MAX_BYTES.
    """
    from safetensors.numpy import save

    model = stored.model
    if model.head is None:
        raise SeqvizError(f"{key} has no head: store a network that was trained for something.")
    tensors = {
        **model.weights,
        "head.weight": model.head.weight,
        "head.bias": model.head.bias,
        **{f"{_EXTRA}{name}": value for name, value in stored.extra.items()},
    }
    about = {
        "spec": asdict(model.spec),
        "activation": model.head.activation,
        "names": model.head.names,
        "notes": dict(stored.notes),
    }
    number = np.float16 if half else np.float32
    packed = {name: np.ascontiguousarray(value, number) for name, value in tensors.items()}
    packed[_LOSS] = np.ascontiguousarray(stored.loss, np.float32)
    data = save(packed, metadata={"seqviz": json.dumps(about)})
    if len(data) > MAX_BYTES:
        raise SeqvizError(
            f"{key} takes {len(data):,} bytes and a file has at most {MAX_BYTES:,}: train fewer "
            "units, or store it in half precision."
        )
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{key}.safetensors").write_bytes(data)
    read.cache_clear()
    return len(data)


@cache
def read(key: str) -> Stored:
    """What `write` stored. Raises SeqvizError when the file is missing or damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    path = FOLDER / f"{key}.safetensors"
    try:
        data = path.read_bytes()
        size = int.from_bytes(data[:8], "little")
        about = json.loads(json.loads(data[8 : 8 + size])["__metadata__"]["seqviz"])
        tensors = {name: frozen(value) for name, value in load(data).items()}
        loss = tensors.pop(_LOSS)
        head = Head(
            tensors.pop("head.weight"),
            tensors.pop("head.bias"),
            about["activation"],
            tuple(about["names"]),
        )
        names = [name for name in tensors if name.startswith(_EXTRA)]
        extra = {name.removeprefix(_EXTRA): tensors.pop(name) for name in names}
        return Stored(Model(RNNSpec(**about["spec"]), tensors, head), loss, about["notes"], extra)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise SeqvizError(
            f"The trained network {path.name} is missing or damaged: train it again with "
            f"python -m seqviz.applications train {key}."
        ) from error
