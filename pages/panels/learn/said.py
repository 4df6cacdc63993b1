"""A lesson's texts with its numbers, and an answer in words."""

from __future__ import annotations

from collections.abc import Mapping

from pages.words.texts import Texts
from seqviz.lessons.forgetting import half_of
from seqviz.lessons.lesson import Found, Lesson


def numbers_in(words: Texts, lesson: Lesson, found: Found) -> Mapping[str, str]:
    """What the lesson's texts name; options in the words of the language."""
    worded = {name: words(f"lessons.{lesson.key}.options.{found.numbers[name]}", **found.numbers)
              for name in found.worded}  # fmt: skip
    return {**found.numbers, **worded}


def text(words: Texts, lesson: Lesson, place: str, found: Found) -> str:
    """A text of a lesson."""
    return words(f"lessons.{lesson.key}.{place}", **numbers_in(words, lesson, found))


def answer_text(words: Texts, lesson: Lesson, value: str, found: Found) -> str:
    """An answer as people say it, to be read as text."""
    if lesson.kind == "choice":
        return text(words, lesson, f"options.{value}", found)
    if lesson.kind == "cell":
        return column_text(words, int(value))
    if lesson.kind == "sketch":
        half = half_of(value, lesson.sizes.steps)
        if half == float("inf"):
            return words("page.sketch_never")
        return words("page.sketch_said", steps=f"{half:.0f}")
    unit = "\u2009%" if lesson.number[1] == 100 else ""
    return f"{float(value):g}".replace("-", "\u2212") + unit


def column_text(words: Texts, column: int) -> str:
    """A column of the heatmap, 0 for h_0."""
    return words("page.column", step=str(column)) if column else words("page.column_start")
