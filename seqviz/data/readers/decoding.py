"""Bytes of a text file -> characters, whatever it was saved as."""

from __future__ import annotations

import re

from seqviz.errors import SeqvizError

_BYTE_ORDER_MARKS = (
    # longest first: UTF-32's mark begins with UTF-16's
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xef\xbb\xbf", "utf-8-sig", ""),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decode(name: str, data: bytes) -> tuple[str, list[str]]:
    """The characters of a text file, newlines as \\n, and what had to be assumed.

    UTF-8, or what a byte-order mark announces, else Latin-1. Raises SeqvizError when it is empty,
    cut short, or not text.
    """
    if not data.strip():
        raise SeqvizError(f"{name} is empty: upload a file that holds data.")
    mark = next((m for m in _BYTE_ORDER_MARKS if data.startswith(m[0])), None)
    notes = [f"read as {mark[2]}"] if mark and mark[2] else []
    try:
        text = data.decode(mark[1] if mark else "utf-8")
    except UnicodeDecodeError as error:
        if mark:
            raise SeqvizError(
                f"{name} announces {mark[2] or 'UTF-8'} and is not: save it as UTF-8 and try again."
            ) from error
        text = data.decode("latin-1")
        notes = ["read as Latin-1 since it is not UTF-8"]
    beginning = text[:4096]
    if "\0" in text or 10 * len(_CONTROL.findall(beginning)) > len(beginning):
        raise SeqvizError(f"{name} holds binary data rather than text: upload it as text in UTF-8.")
    if not text.strip():
        raise SeqvizError(f"{name} is empty: upload a file that holds data.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes
