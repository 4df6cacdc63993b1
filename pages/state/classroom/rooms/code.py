"""A room's code: short enough to be read from a wall and typed."""

from __future__ import annotations

import re
import secrets

from pages.state.text_forms import EMPTIED, TextForm

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that look like others: I O 0 1
_LENGTH = 6
_CODE = re.compile(f"[{_SIGNS}]{{{_LENGTH}}}")


def new_code() -> str:
    """One of a billion."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def room_code() -> TextForm:
    """A room's code in a link, "" without a room. Typed by hand it may have small letters."""

    def read(text: str) -> str:
        code = text.upper()
        if text not in ("", EMPTIED) and not _CODE.fullmatch(code):
            raise ValueError(text)
        return code.strip(EMPTIED)

    rule = "a room's code has six letters and digits, without I, O, 0 and 1"
    return TextForm("", read, lambda code: code or EMPTIED, rule=rule)
