"""A language's words by their place in its file: texts("de")("lessons.order.why", share="3 %")."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
LANGUAGES = ("en", *sorted({file.stem for file in _HERE.glob("*.toml")} - {"en"}))
"""English first: it is the language of the rest of the app."""


class Texts:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = tomllib.loads((_HERE / f"{language}.toml").read_text(encoding="utf-8"))

    def __call__(self, place: str, /, **numbers: str) -> str:
        """The text at a place such as "page.commit", with these numbers in it."""
        return str(self._at(place)).format(**{name: _Count(n) for name, n in numbers.items()})

    def keys(self, place: str) -> tuple[str, ...]:
        """What stands at a place, in the file's order."""
        return tuple(self._at(place))

    def _at(self, place: str) -> Any:
        found: Any = self._words
        for name in place.split("."):
            found = found[name]
        return found


class _Count(str):
    """A number that knows its noun's two forms: of "{steps:step|steps}"."""

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        return f"{self!s} {one if self == '1' else many}" if bar else super().__format__(spec)


@lru_cache
def texts(language: str) -> Texts:
    """The words of one of LANGUAGES."""
    return Texts(language)
