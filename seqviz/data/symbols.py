"""Text -> the symbols a reader counts, characters or words, and how they are shown."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_TEXT

UNITS = ("characters", "words")

_LONGEST_TAIL = 30  # marks one character can carry, Unicode's own stream-safe limit
_ASCII = re.compile(r"\r\n|.", re.DOTALL)
_VISIBLE = {" ": "␣", "\n": "⏎", "\t": "⇥"}
WHITE_SPACE = {sign: character for character, sign in _VISIBLE.items()}
"""What each of the signs ␣ ⏎ ⇥ stands for."""
_HIDDEN = ("Cc", "Cf", "Co", "Cs", "Mc", "Me", "Mn", "Zl", "Zp", "Zs")


def split(text: str, unit: str) -> list[tuple[str, int]]:
    """The symbols of text, each with the place in text where it ends.

    unit: "characters" (what a reader counts: a letter with its accents, or an emoji with its skin
    tone, family or flag, is one) or "words" (punctuation marks are symbols too, white space is
    not). What looks the same is the same (NFC), and every line end is "\\n". Of text, the first
    MAX_TEXT code points are looked at. Raises SeqvizError for another unit.
    """
    if unit not in UNITS:
        raise SeqvizError(f"Unknown unit {unit!r:.40}: choose characters or words.")
    pattern = _ASCII if text.isascii() else _clusters()
    matches = pattern.finditer(text[:MAX_TEXT])
    characters = [(normal(match[0]), match.end()) for match in matches]
    return characters if unit == "characters" else _words(characters)


def _words(characters: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Runs of letters and digits, with ' ’ or - inside them; any other mark stands alone."""
    kinds = "".join(_kind(character) for character, _ in characters)
    return [
        ("".join(c for c, _ in characters[m.start() : m.end()]), characters[m.end() - 1][1])
        for m in re.finditer("w+(?:jw+)*|[jo]", kinds)
    ]


def _kind(character: str) -> str:
    if character.isspace():
        return "s"
    if character[0].isalnum() or character[0] == "_":
        return "w"
    return "j" if character in "'’-" else "o"


@cache
def _clusters() -> re.Pattern[str]:
    """One match per character as a reader sees it: Unicode's grapheme clusters, simplified.

    After UAX #29 (https://www.unicode.org/reports/tr29/): line ends, flags (pairs of regional
    indicators), Hangul syllables in parts, emoji joined by U+200D, and marks after their letter.
    Left out: prepended marks and Indic conjuncts, whose tables the standard library lacks.
    """
    control = r"\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
    # marks live in the first two planes; tags and further variation selectors in plane 14
    planes = (*range(0x300, 0x20000), *range(0xE0020, 0xE0080), *range(0xE0100, 0xE01F0))
    marks = [p for p in planes if unicodedata.category(chr(p)) in ("Mn", "Me", "Mc")]
    extras = (
        0xE33,
        0xEB3,
        0x200C,
        0x200D,
        0xFF9E,
        0xFF9F,
        *range(0x1F3FB, 0x1F400),
        *range(0xE0020, 0xE0080),
    )
    tail = f"[{_ranges([*marks, *extras])}]{{0,{_LONGEST_TAIL}}}"
    symbols = [p for p in range(0xA9, 0x3300) if unicodedata.category(chr(p)) == "So"]
    pictures = [
        *symbols,
        *range(0x2190, 0x2200),
        *range(0x1F000, 0x1F1E6),
        *range(0x1F200, 0x1FB00),
    ]
    picture = f"[{_ranges(pictures)}]"
    flag = "[\U0001f1e6-\U0001f1ff]{2}"
    syllable = (
        "[\u1100-\u115f\ua960-\ua97c]{1,4}"
        "(?:[\uac00-\ud7a3]|[\u1160-\u11a7\ud7b0-\ud7c6]{1,4})?[\u11a8-\u11ff\ud7cb-\ud7fb]{0,4}"
        "|[\uac00-\ud7a3][\u1160-\u11a7]{0,4}[\u11a8-\u11ff\ud7cb-\ud7fb]{0,4}"
    )
    joined = rf"{picture}(?:{tail}\u200d{picture}){{0,{_LONGEST_TAIL}}}"
    return re.compile(rf"\r\n|[{control}]|(?:{flag}|{joined}|{syllable}|.){tail}", re.DOTALL)


def _ranges(points: list[int]) -> str:
    """Code points as the inside of a regular expression's class."""
    parts: list[list[int]] = []
    for point in sorted(set(points)):
        if parts and parts[-1][1] == point - 1:
            parts[-1][1] = point
        else:
            parts.append([point, point])
    return "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in parts)


def normal(cluster: str) -> str:
    """One spelling for characters that are the same."""
    if cluster in ("\r\n", "\r"):
        return "\n"
    return cluster if cluster.isascii() else unicodedata.normalize("NFC", cluster)


def is_visible(symbol: str) -> bool:
    """Whether there is something to see of it."""
    return not symbol.isspace() and unicodedata.category(symbol[0]) not in ("Cc", "Cf")


def shown(symbol: str) -> str:
    """A symbol as a label: ␣ ⏎ ⇥ for space, newline and tab, U+00A0 for others nobody sees."""
    first = symbol[0]
    if first in _VISIBLE:
        return _VISIBLE[first] + symbol[1:]
    # the signs that stand for white space get their number, so that no two symbols look the same
    if unicodedata.category(first) in _HIDDEN or first in WHITE_SPACE:
        return " ".join(f"U+{ord(character):04X}" for character in symbol)
    return symbol
