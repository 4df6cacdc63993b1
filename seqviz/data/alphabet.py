"""The symbols a network was trained on: which feature, or row of an embedding, stands for which.

A trained network's one-hot has the width and the order of its own vocabulary, which no text tells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from seqviz.data import symbols as symbols_of
from seqviz.data.readers.decoding import decode
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_ALPHABET, MAX_ALPHABET_BYTES

UNKNOWN = ("<unk>", "<UNK>", "[UNK]", "<oov>", "<OOV>", "\ufffd")
"""What symbols for unknown ones are mostly called; the first that is there is taken."""
_NAMED = 4  # unknown symbols in a sentence
_DEPTH = 3  # dictionaries around a list of symbols: tokenizer.json has model, vocab


@dataclass(frozen=True)
class Alphabet:
    """symbols: V different ones in the order of the features; "" at an index that has none.

    unknown: which of them is read for a symbol that is not there, "" if none is.
    Raises SeqvizError when there are none, more than MAX_ALPHABET, one twice, or no such unknown.
    """

    symbols: tuple[str, ...]
    unknown: str = ""

    def __post_init__(self) -> None:
        if not any(self.symbols):
            raise SeqvizError("This alphabet has no symbols: give at least one.")
        if len(self.symbols) > MAX_ALPHABET:
            raise SeqvizError(
                f"This alphabet has {len(self.symbols):,} symbols and seqviz reads at most "
                f"{MAX_ALPHABET:,}: give fewer."
            )
        first: dict[str, int] = {}
        for place, symbol in enumerate(self.symbols):
            if symbol and first.setdefault(symbol, place) != place:
                raise SeqvizError(
                    f"The alphabet has {_quoted(symbol)} twice, as symbols {first[symbol]} and "
                    f"{place} counted from 0: take one of them out."
                )
        if self.unknown and self.unknown not in first:
            raise SeqvizError(
                f"Unknown symbols cannot be read as {_quoted(self.unknown)}, which is not in the "
                "alphabet: name a symbol that is."
            )

    def __len__(self) -> int:
        return len(self.symbols)

    @property
    def names(self) -> tuple[str, ...]:
        """Each symbol as a label, and "no. 7" for an index without one."""
        return tuple(
            self.shown(symbol) if symbol else f"no. {place}"
            for place, symbol in enumerate(self.symbols)
        )

    def shown(self, symbol: str) -> str:
        """A symbol as a label: ⏎ itself, too, where no newline is shown as ⏎."""
        white_space = symbols_of.WHITE_SPACE.get(symbol)
        clear = white_space is not None and white_space not in self.place
        return symbol if clear else symbols_of.shown(symbol)

    def read(self, symbols: Sequence[str]) -> tuple[str, ...]:
        """The symbols a network reads for these: themselves, or the one for unknown ones.

        Raises SeqvizError when one is not there and nothing stands for it.
        """
        others = self.missing(symbols)
        if others and not self.unknown:
            more = f" and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
            quoted = ", ".join(_quoted(symbol) for symbol in others[:_NAMED])
            raise SeqvizError(
                f"{quoted}{more} {'is' if len(others) == 1 else 'are'} not in the alphabet: type "
                "other symbols, or name the one that is read for unknown ones."
            )
        return tuple(symbol if symbol in self.place else self.unknown for symbol in symbols)

    def missing(self, symbols: Sequence[str]) -> list[str]:
        """The different ones that are not in the alphabet, in their order."""
        return [symbol for symbol in dict.fromkeys(symbols) if symbol not in self.place]

    @cached_property
    def place(self) -> dict[str, int]:
        """Each symbol's index."""
        return {symbol: place for place, symbol in enumerate(self.symbols) if symbol}


def alphabet(written: str, unit: str = "characters", unknown: str = "") -> Alphabet:
    """The alphabet somebody typed, or `written` in a link.

    written: a JSON list of symbols, a JSON object of symbols and indices, or else the symbols
    themselves: one character after the other (␣ ⏎ ⇥ are space, newline and tab), or with unit
    "words" set apart by white space. unknown: the symbol for unknown ones; where it is "", one
    that is called like it is taken (see UNKNOWN).
    """
    listed = _from_json(written)
    if listed is None and unit == "words":
        listed = tuple(written.split())
    if listed is None:
        typed = (symbol for symbol, _ in symbols_of.split(written, "characters"))
        listed = tuple(symbols_of.WHITE_SPACE.get(symbol, symbol) for symbol in typed)
    return _named(listed, symbols_of.WHITE_SPACE.get(unknown, unknown))


def read_alphabet(name: str, data: bytes) -> Alphabet:
    """The alphabet in a file of JSON or plain text.

    JSON: a list of symbols, an object of symbols and indices or of indices and symbols, alone or
    inside of other objects (tokenizer.json). Text: a symbol on each line; a single line holds the
    characters themselves. Raises SeqvizError for anything else.
    """
    if len(data) > MAX_ALPHABET_BYTES:
        raise SeqvizError(
            f"{name} has {len(data) / 2**20:.1f} MB and an alphabet at most "
            f"{MAX_ALPHABET_BYTES // 2**20}: choose a file that holds only the symbols."
        )
    text, _ = decode(name, data)
    listed = _from_json(text)
    if listed is not None:
        return _named(listed)
    if name.lower().endswith(".json"):
        raise SeqvizError(
            f"{name} holds no list of symbols: write them as a JSON list, "
            'for example ["<unk>", " ", "a", "b"].'
        )
    lines = [line for line in text.split("\n") if line]
    if len(lines) == 1:
        return alphabet(lines[0])
    return _named(tuple(symbols_of.normal(line) for line in lines))


def written(alphabet: Alphabet) -> str:
    """The symbols as a link holds them, see `alphabet`."""
    return json.dumps(alphabet.symbols, ensure_ascii=False, separators=(",", ":"))


def _named(listed: tuple[str, ...], unknown: str = "") -> Alphabet:
    usual = next((symbol for symbol in UNKNOWN if symbol in listed), "")
    return Alphabet(listed, unknown or usual)


def _from_json(text: str) -> tuple[str, ...] | None:
    """The first list of symbols in a JSON text; None where it is none or has none."""
    if text.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    listed = next(_lists(value, _DEPTH), None)
    return None if listed is None else tuple(symbols_of.normal(symbol) for symbol in listed)


def _lists(value: Any, depth: int) -> Iterator[list[str]]:
    """Every list of symbols in a JSON value, from the outside in."""
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        yield value
    if not isinstance(value, dict):
        return
    by_place = {place: symbol for symbol, place in value.items() if type(place) is int}
    if not by_place:
        by_place = {
            int(place): symbol
            for place, symbol in value.items()
            if isinstance(symbol, str) and place.isdecimal() and len(place) < 8
        }
    if len(by_place) == len(value) > 0 and min(by_place) >= 0 and max(by_place) < MAX_ALPHABET:
        yield [by_place.get(place, "") for place in range(max(by_place) + 1)]
    for inner in value.values() if depth else ():
        yield from _lists(inner, depth - 1)


def _quoted(symbol: str) -> str:
    return f"“{symbols_of.shown(symbol[:20])}”"
