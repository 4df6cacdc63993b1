"""Numbers as Thrift's compact protocol writes them, to forge Parquet files with."""


def varint(value: int, length: int | None = None) -> bytes:
    """A zigzag number as Thrift writes it, padded to length."""
    value *= 2
    out = bytearray()
    while value >= 0x80 or (length and len(out) < length - 1):
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def length_of(even: int) -> bytes:
    """The length of a list as Thrift writes it: without a sign, so half of it as a number."""
    return varint(even // 2)
