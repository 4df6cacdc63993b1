"""A room's code: short enough to be read from a wall and typed."""

from __future__ import annotations

import re
import secrets

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that look like others: I O 0 1
_LENGTH = 6
_CODE = re.compile(f"[{_SIGNS}]{{{_LENGTH}}}")


def new_code() -> str:
    """One of a billion."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def check_code(text: str) -> None:
    """Raises ValueError for what no room is called."""
    if not _CODE.fullmatch(text):
        raise ValueError(text)
