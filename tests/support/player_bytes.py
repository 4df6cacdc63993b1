"""The player's bytes taken apart as decode.js does it."""

import json
import struct
from typing import Any

import numpy as np


def _no_such_constant(name: str) -> None:
    raise ValueError(f"JSON.parse in a browser would refuse {name}")


def decode(data: bytes) -> dict[str, Any]:
    """The header; each of its tracks holds its arrays, flat float32, beside its own fields."""
    number, length = struct.unpack_from("<II", data)
    header = json.loads(data[8 : 8 + length], parse_constant=_no_such_constant)
    header["number"] = number
    at = 8 + length + -length % 4
    for track in header["tracks"]:
        for name, count in track["blocks"].items():
            track[name] = np.frombuffer(data, "<f4", count, at)
            at += 4 * count
    if at != len(data):
        raise ValueError(f"{len(data) - at} bytes are left over")
    return header
