"""How one value is written in a URL and read from it: choices, numbers, switches and words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

EMPTIED = "-"  # how an emptied field is written: a parameter with no text gets lost on the way


@dataclass(frozen=True)
class TextForm:
    """A value's default, and how it becomes a URL parameter's text and back.

    read raises ValueError (or SeqvizError) when a text will not do. linked: the most characters of
    it that travel in a link, None without a limit. rule: what such a text may hold, in words.
    between: what stands between its parts, each of which counts whatever the others say; "" for a
    text that has none.
    """

    default: Any
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    linked: int | None = None
    rule: str = ""
    between: str = ""

    def read_parts(self, text: str) -> tuple[Any, list[str]]:
        """The value of the parts that will do, the default without any, and the other parts."""
        good: list[str] = []
        bad: list[str] = []
        if not self.between:
            return self.default, bad
        for part in filter(None, text.split(self.between)):
            try:
                self.read(self.between.join([*good, part]))
                good.append(part)
            except ValueError:
                bad.append(part)
        return self.read(self.between.join(good)), bad

    def checked(self, value: Any) -> Any:
        """The value as a link would bring it. Raises ValueError for one that may not be."""
        try:
            return None if value is None and self.default is None else self.read(self.write(value))
        except (
            AttributeError,
            TypeError,
            OverflowError,
        ) as error:  # of another type: nobody's widget said that
            raise ValueError(value) from error


def choice(options: Sequence[str], default: str | None = None) -> TextForm:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    return TextForm(default or options[0], read, str)


def some_of(options: Sequence[str]) -> TextForm:
    """Any of a few words, with commas between; "" for none of them."""

    def read(text: str) -> str:
        names = [] if text in ("", EMPTIED) else [name.strip() for name in text[:200].split(",")]
        if not set(names) <= set(options):
            raise ValueError(text)
        return ",".join(name for name in options if name in names)

    named = f"{', '.join(options[:-1])} and {options[-1]}"
    rule = f"it may name {named}"
    return TextForm("", read, lambda value: value or EMPTIED, rule=rule, between=",")


def whole(default: int | None, low: int, high: int) -> TextForm:
    """A whole number from low to high; a default of None means it may be absent."""

    def read(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,12}", text) or not low <= int(text) <= high:
            raise ValueError(text)
        return int(text)

    return TextForm(default, read, lambda value: str(int(value)))


def real(default: float | None, low: float, high: float) -> TextForm:
    """A finite number from low to high; a default of None means it may be absent."""

    def read(text: str) -> float:
        if len(text) > 40:
            raise ValueError(text)
        value = float(text)
        if not math.isfinite(value) or not low <= value <= high:
            raise ValueError(text)
        return value

    return TextForm(default, read, lambda value: repr(float(value)))


def flag(default: bool | None = False) -> TextForm:
    """On or off; a default of None means it may be absent."""

    def read(text: str) -> bool:
        if text not in ("0", "1"):
            raise ValueError(text)
        return text == "1"

    return TextForm(default, read, lambda value: str(int(value)))


def words(
    default: str,
    longest: int,
    check: Callable[[str], object] = str,
    linked: int | None = None,
    between: str = "",
) -> TextForm:
    """Free text of bounded length; check raises when it does not hold what it should. between: as
    of TextForm.
    """

    def read(text: str) -> str:
        if not text.strip(EMPTIED):
            text = text[1:]
        if len(text) > longest:
            raise ValueError(text)
        if text:
            check(text)
        return text

    # "" is written as "-", and so that the two stay apart "-" as "--", "--" as "---"
    def write(text: str) -> str:
        return text if text.strip(EMPTIED) else text + EMPTIED

    return TextForm(default, read, write, linked, between=between)
