"""A drawn curve or gesture as short text that a link can carry, and back, exactly."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence

from seqviz.data.drawing import TOP, Levels, Point, Strokes, parse_levels, parse_strokes
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_DRAWING_TIME, MAX_POINTS, MAX_STEPS

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"  # RFC 4648, URL-safe
_DIGITS = {letter: digit for digit, letter in enumerate(_ALPHABET)}
_MAX_BYTES = 10 * MAX_POINTS  # 7 for a point's deltas, 2 for its stroke's length, and room
_DAMAGED = "The drawing in this link is damaged: draw it again."


def pack_levels(levels: Sequence[int]) -> str:
    """levels as URL-safe text, two characters of base64 for each."""
    return "".join(_ALPHABET[level >> 6] + _ALPHABET[level & 63] for level in parse_levels(levels))


def unpack_levels(text: str) -> Levels:
    """What `pack_levels` packed, exactly. SeqvizError for anything else."""
    if not isinstance(text, str) or len(text) > 2 * MAX_STEPS or len(text) % 2:
        raise SeqvizError(_DAMAGED)
    if not _DIGITS.keys() >= set(text):
        raise SeqvizError(_DAMAGED)
    digits = [_DIGITS[letter] for letter in text]
    return tuple(64 * high + low for high, low in zip(digits[::2], digits[1::2], strict=True))


def pack_strokes(strokes: Strokes) -> str:
    """strokes as URL-safe text: differences as variable-length integers, deflated, in base64."""
    strokes = parse_strokes(strokes)
    if not strokes:
        return ""
    numbers: list[int] = []
    before: Point = (0, 0, 0)
    for stroke in strokes:
        numbers.append(len(stroke))
        for point in stroke:
            dx, dy, dt = (now - then for now, then in zip(point, before, strict=True))
            numbers += (_zigzag(dx), _zigzag(dy), dt)
            before = point
    packed = zlib.compress(_varints(numbers), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack_strokes(text: str) -> Strokes:
    """What `pack_strokes` packed, exactly. SeqvizError for anything else, memory bounded."""
    if not isinstance(text, str) or len(text) > 2 * _MAX_BYTES:
        raise SeqvizError(_DAMAGED)
    return _strokes_of(_numbers(_inflated(text))) if text else ()


def _zigzag(value: int) -> int:
    """0 -1 1 -2 2 ... -> 0 1 2 3 4 ..., so that small differences stay small."""
    return 2 * value if value >= 0 else -2 * value - 1


def _unzigzag(code: int) -> int:
    return -(code + 1) // 2 if code % 2 else code // 2


def _varints(numbers: list[int]) -> bytes:
    """Each number in groups of 7 bits, the lowest first, the high bit set while more follow."""
    packed = bytearray()
    for number in numbers:
        while number > 127:
            packed.append(number & 127 | 128)
            number >>= 7
        packed.append(number)
    return bytes(packed)


def _numbers(packed: bytes) -> list[int]:
    numbers, number, shift = [], 0, 0
    for byte in packed:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(number)
            number = shift = 0
        elif shift > 28:
            raise SeqvizError(_DAMAGED)
    if shift:
        raise SeqvizError(_DAMAGED)
    return numbers


def _inflated(text: str) -> bytes:
    """Base64 and deflate undone, _MAX_BYTES at the most however much the text promises."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        inflater = zlib.decompressobj()
        data = inflater.decompress(packed, _MAX_BYTES)
    except (ValueError, zlib.error) as error:
        raise SeqvizError(_DAMAGED) from error
    if not inflater.eof or inflater.unused_data:
        raise SeqvizError(_DAMAGED)
    return data


def _strokes_of(numbers: list[int]) -> Strokes:
    strokes: list[tuple[Point, ...]] = []
    x = y = t = at = 0
    while at < len(numbers):
        count = numbers[at]
        codes = numbers[at + 1 : at + 1 + 3 * count]
        if not count or len(codes) != 3 * count:
            raise SeqvizError(_DAMAGED)
        points = []
        for k in range(0, len(codes), 3):
            x, y, t = x + _unzigzag(codes[k]), y + _unzigzag(codes[k + 1]), t + codes[k + 2]
            if not (0 <= x <= TOP and 0 <= y <= TOP and t <= MAX_DRAWING_TIME):
                raise SeqvizError(_DAMAGED)
            points.append((x, y, t))
        strokes.append(tuple(points))
        at += 1 + 3 * count
    if not 0 < sum(map(len, strokes)) <= MAX_POINTS:
        raise SeqvizError(_DAMAGED)
    return tuple(strokes)
