"""How far a long measurement is, as one fraction over all of its parts."""

from __future__ import annotations

from collections.abc import Callable


class Progress:
    """Turns parts done into fractions from 0 to 1 for a progress bar."""

    def __init__(self, tell: Callable[[float], None] | None) -> None:
        self._tell, self._base, self._share = tell, 0.0, 1.0

    def part(self, index: int, parts: int) -> Progress:
        """The index-th of several equal parts of this one."""
        inner = Progress(self._tell)
        inner._share = self._share / parts
        inner._base = self._base + index * inner._share
        return inner

    def __call__(self, fraction: float) -> None:
        if self._tell is not None:
            self._tell(min(1.0, self._base + self._share * fraction))
