"""Translation without a network: each word's own translation, in the order of the English."""

from __future__ import annotations

from collections.abc import Sequence

from seqviz.applications.translation.grammar import ADJECTIVES, BE, NOUNS, VERBS


def _entries() -> dict[str, str]:
    """One French word for each English one, nothing for do and does; masculine where it agrees."""
    entries = {"the": "le", "a": "un", "an": "un", "some": "des", "my": "mon", "not": "pas"}
    for noun in NOUNS:
        entries |= dict(zip(noun.english, noun.french, strict=True))
    for adjective in ADJECTIVES:
        entries[adjective.english] = adjective.french[0][0]
    for verb in VERBS:
        plural, singular = verb.english
        entries |= {singular: verb.french[0], plural: verb.french[1]}
    entries |= {BE.english[1]: BE.french[0], BE.english[0]: BE.french[1]}
    return entries


ENTRIES = _entries()


def word_by_word(english: Sequence[str]) -> tuple[str, ...]:
    """What the dictionary says, word for word."""
    return tuple(ENTRIES[word] for word in english if word in ENTRIES)
