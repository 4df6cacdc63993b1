"""Little stories, as words: those to learn from, and every tenth to be judged on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from seqviz.data.symbols import is_visible, shown, split

FILE = Path(__file__).parent / "stories.txt"
END = "\n"
"""The word before a story's first one and after its last."""
EVERY, FIRST_JUDGED = 10, 4

Story = tuple[str, ...]

_PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'"})


def words_of(text: str) -> list[tuple[str, int]]:
    """The words and marks of text, all in small letters, each with the place where it ends."""
    return [
        (word.lower(), end)
        for word, end in split(text.translate(_PLAIN), "words")
        if is_visible(word)
    ]


@cache
def stories() -> tuple[Story, ...]:
    """Every story of the file from END to END; a blank line stands between two."""
    texts = FILE.read_text(encoding="utf-8").split("\n\n")
    return tuple((END, *(word for word, _ in words_of(text)), END) for text in texts)


def learned() -> tuple[Story, ...]:
    """The stories to learn from."""
    return tuple(story for k, story in enumerate(stories()) if k % EVERY != FIRST_JUDGED)


def judged() -> tuple[Story, ...]:
    """The stories that no training sees."""
    return stories()[FIRST_JUDGED::EVERY]


@cache
def vocabulary() -> tuple[str, ...]:
    """The different words of the learned stories, END first."""
    return tuple(sorted({word for story in learned() for word in story}))


def names() -> tuple[str, ...]:
    """The vocabulary as labels: the end of a story is ⏎."""
    return tuple(shown(word) for word in vocabulary())
