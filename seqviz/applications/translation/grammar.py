"""Phrases in English and French: articles agree, adjectives move, negation wraps the verb.

The French is what a textbook has: un, une and des become de behind a denied verb ("ne voit pas de
maison") and des before an adjective ("de jolies fleurs"); le, la and de lose theirs before a vowel.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np


@dataclass(frozen=True)
class Noun:
    """singular and plural in English and in French, and whether the French is feminine."""

    english: tuple[str, str]
    french: tuple[str, str]
    feminine: bool


@dataclass(frozen=True)
class Adjective:
    """french: masculine and feminine, each singular and plural. before: it precedes its noun."""

    english: str
    french: tuple[tuple[str, str], tuple[str, str]]
    before: bool


@dataclass(frozen=True)
class Verb:
    """English: infinitive (as after "do not") and third person; French: third persons."""

    english: tuple[str, str]
    french: tuple[str, str]
    transitive: bool


@dataclass(frozen=True)
class Pair:
    """A phrase in both languages, word by word.

    key: the words that carry its meaning, without articles, number or negation.
    """

    english: tuple[str, ...]
    french: tuple[str, ...]
    key: tuple[str, ...]


def _nouns() -> tuple[Noun, ...]:
    listed = (
        "cat chat m, dog chien m, girl fille f, boy garçon m, woman:women femme f, "
        "man:men homme m, house maison f, car voiture f, bird oiseau:oiseaux m, tree arbre m, "
        "book livre m, flower fleur f, school école f, friend ami m, apple pomme f, star étoile f"
    )
    nouns = []
    for one in listed.split(", "):
        english, french, gender = one.split()
        nouns.append(Noun(_forms(english), _forms(french), gender == "f"))
    return tuple(nouns)


def _forms(word: str) -> tuple[str, str]:
    """Singular and plural, which has an s unless it is written out."""
    singular, _, plural = word.partition(":")
    return singular, plural or f"{singular}s"


def _adjective(english: str, masculine: str, feminine: str, before: bool = False) -> Adjective:
    return Adjective(english, (_forms(masculine), _forms(feminine)), before)


NOUNS = _nouns()
ADJECTIVES = (
    _adjective("small", "petit", "petite", before=True),
    _adjective("big", "grand", "grande", before=True),
    _adjective("young", "jeune", "jeune", before=True),
    _adjective("pretty", "joli", "jolie", before=True),
    _adjective("red", "rouge", "rouge"),
    _adjective("black", "noir", "noire"),
    _adjective("green", "vert", "verte"),
    _adjective("white", "blanc", "blanche"),
    _adjective("strange", "étrange", "étrange"),
)
VERBS = (
    Verb(("sleep", "sleeps"), ("dort", "dorment"), False),
    Verb(("fall", "falls"), ("tombe", "tombent"), False),
    Verb(("arrive", "arrives"), ("arrive", "arrivent"), False),
    Verb(("see", "sees"), ("voit", "voient"), True),
    Verb(("like", "likes"), ("aime", "aiment"), True),
    Verb(("draw", "draws"), ("dessine", "dessinent"), True),
    Verb(("want", "wants"), ("veut", "veulent"), True),
    Verb(("find", "finds"), ("trouve", "trouvent"), True),
)
BE = Verb(("are", "is"), ("est", "sont"), False)

_DETERMINERS: Mapping[str, tuple[tuple[str, str], tuple[str, str, str]]] = MappingProxyType(
    {
        # English singular, plural; French masculine, feminine, plural
        "the": (("the", "the"), ("le", "la", "les")),
        "a": (("a", "some"), ("un", "une", "des")),
        "my": (("my", "my"), ("mon", "ma", "mes")),
    }
)
_VOWELS = "aeiouéêh"  # homme, the only h of the words above, is silent
HELD_OUT = 10  # percent of all keys


def phrase(generator: np.random.Generator) -> Pair:
    """A subject with a verb, an object or an adjective, denied in two of five cases."""
    denied = generator.random() < 0.4
    english, french, key, subject = _noun_phrase(generator, denied=False)
    plural = subject.plural
    lot = generator.random()
    if lot < 0.25:  # the cat is black
        adjective = ADJECTIVES[generator.integers(len(ADJECTIVES))]
        english += ["are" if plural else "is", *(["not"] if denied else []), adjective.english]
        french += _denied(BE.french[plural], denied)
        french.append(adjective.french[subject.feminine][plural])
        key.append(f"is {adjective.english}")
        return _pair(english, french, key)
    wanted = lot < 0.8
    verbs = [verb for verb in VERBS if verb.transitive == wanted]
    verb = verbs[generator.integers(len(verbs))]
    if denied:
        english += ["do" if plural else "does", "not", verb.english[0]]
    else:
        english.append(verb.english[0 if plural else 1])
    french += _denied(verb.french[plural], denied)
    key.append(verb.english[0])
    if wanted:
        its_english, its_french, its_key, _ = _noun_phrase(generator, denied)
        english, french, key = english + its_english, french + its_french, key + its_key
    return _pair(english, french, key)


@dataclass(frozen=True)
class _Agrees:
    """What the words around a noun have to agree with."""

    plural: bool
    feminine: bool


def _noun_phrase(
    generator: np.random.Generator, denied: bool
) -> tuple[list[str], list[str], list[str], _Agrees]:
    """A noun with its article and perhaps an adjective: English, French, key, agreement.

    denied: what is not there has no article in French.
    """
    noun = NOUNS[generator.integers(len(NOUNS))]
    kind = tuple(_DETERMINERS)[generator.integers(len(_DETERMINERS))]
    plural = bool(generator.random() < 0.35)
    adjective = None
    if generator.random() < 0.5:
        adjective = ADJECTIVES[generator.integers(len(ADJECTIVES))]
    english, french = [noun.english[plural]], [noun.french[plural]]
    if adjective:
        english.insert(0, adjective.english)
        french.insert(0 if adjective.before else 1, adjective.french[noun.feminine][plural])
    its_english, its_french = _DETERMINERS[kind]
    an = kind == "a" and not plural and english[0][0] in "aeiou"
    bare = kind == "a" and (denied or (plural and adjective is not None and adjective.before))
    vowel = french[0][0] in _VOWELS
    article = _de(vowel) if bare else _article(its_french, noun.feminine, plural, vowel, kind)
    english.insert(0, "an" if an else its_english[plural])
    french.insert(0, article)
    key = [adjective.english if adjective else "", noun.english[0]]
    return english, french, key, _Agrees(plural, noun.feminine)


def _de(vowel: bool) -> str:
    return "d'" if vowel else "de"


def _article(
    forms: tuple[str, str, str], feminine: bool, plural: bool, vowel: bool, kind: str
) -> str:
    if plural:
        return forms[2]
    if kind == "the" and vowel:
        return "l'"
    if kind == "my" and vowel:
        return forms[0]  # mon école, though it is feminine
    return forms[1 if feminine else 0]


def _denied(verb: str, denied: bool) -> list[str]:
    return ["n'" if verb[0] in _VOWELS else "ne", verb, "pas"] if denied else [verb]


def _pair(english: list[str], french: list[str], key: list[str]) -> Pair:
    return Pair(tuple(english), tuple(french), tuple(key))


def held_out(pair: Pair) -> bool:
    """Whether a phrase is judged on, and with it all phrases of the same words.

    The words that carry meaning decide, whatever the articles, number and negation: no phrase that
    is learned from has all the words of one that is judged on in the same places.
    """
    digest = hashlib.blake2b(" ".join(pair.key).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % 100 < HELD_OUT


def pairs(count: int, judged: bool, seed: int = 0) -> list[Pair]:
    """So many different phrases, to learn from or to judge on."""
    generator = np.random.default_rng((seed, int(judged)))
    found: dict[tuple[str, ...], Pair] = {}
    while len(found) < count:
        pair = phrase(generator)
        if held_out(pair) == judged:
            found[pair.english] = pair
    return list(found.values())


def vocabularies() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every English and every French word, in the order of the alphabet."""
    english = {word for noun in NOUNS for word in noun.english}
    french = {word for noun in NOUNS for word in noun.french}
    english |= {adjective.english for adjective in ADJECTIVES}
    french |= {word for one in ADJECTIVES for forms in one.french for word in forms}
    english |= {word for verb in (*VERBS, BE) for word in verb.english}
    french |= {word for verb in (*VERBS, BE) for word in verb.french}
    english |= {word for forms, _ in _DETERMINERS.values() for word in forms}
    french |= {word for _, forms in _DETERMINERS.values() for word in forms}
    english |= {"an", "do", "does", "not"}
    french |= {"l'", "d'", "de", "ne", "n'", "pas"}
    return tuple(sorted(english)), tuple(sorted(french))
