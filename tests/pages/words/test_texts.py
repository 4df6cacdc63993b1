"""Every language says the same: the same keys, the same placeholders, and a word for each thing."""

import re
import string
import tomllib
from pathlib import Path

import pytest

import pages.words
from pages.panels.shared.glossary import explanations
from pages.state import schema
from pages.words import glossary
from pages.words.texts import LANGUAGES, texts
from seqviz.figures.glossary.pictures import PICTURES
from seqviz.lessons.course import LESSONS, find

FOLDER = Path(pages.words.__file__).parent
OTHERS = [language for language in LANGUAGES if language != "en"]


def leaves(words, place=""):
    """Place and text of everything in a file."""
    for key, value in words.items():
        here = f"{place}.{key}".lstrip(".")
        if isinstance(value, dict):
            yield from leaves(value, here)
        else:
            yield here, value


def of(language):
    return dict(leaves(tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))))


def placeholders(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_english_is_first_and_there_is_another():
    assert LANGUAGES[0] == "en" and OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_keys_and_placeholders_of_english(language):
    english, other = of("en"), of(language)
    assert list(other) == list(english)
    assert {k: placeholders(v) for k, v in other.items()} == {
        k: placeholders(v) for k, v in english.items()
    }


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_is_translated(language):
    english, other = of("en"), of(language)
    same = {place for place, text in english.items() if text == other[place] and " " in text}
    names = ("references.", "glossary.")  # of papers, and of what PyTorch names
    assert all(p.startswith(names) or p.endswith(".sources") for p in same), same
    assert not any(place.endswith(".means") for place in same)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_a_lesson_can_be_said_with_what_it_finds(language):
    words = texts(language)
    for number, lesson in enumerate(LESSONS, 1):
        numbers = find(number).numbers
        places = [p for p in of(language) if p.startswith(f"lessons.{lesson.key}.")]
        assert len(places) >= 8
        for place in places:
            said = words(place, **numbers)
            assert said and "{" not in re.sub(r"_\{t−1\}", "", said), place
        assert (
            set(words.keys(f"lessons.{lesson.key}.options")) == set(lesson.options)
            if (lesson.options)
            else True
        )


@pytest.mark.parametrize("language, one", [("en", "after 1 step"), ("de", "nach 1 Schritt")])
def test_of_one_thing_its_word_stands_in_the_singular(language, one):
    words = texts(language)
    said = [words("page.sketch_said", steps="1")]
    for place, name in (
        ("lessons.forgetting.happened", "half"),
        ("lessons.gates.happened", "tanh"),
    ):
        numbers = find(6 if name == "half" else 7).numbers
        said.append(words(place, **{**numbers, name: "1"}))
    assert all(re.search(rf"{one}\b", text) for text in said)
    assert words("page.sketch_said", steps="2").endswith(
        {"en": "2 steps", "de": "2 Schritten"}[language]
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number, near", [(2, "0.03"), (4, "5")])
def test_how_far_off_an_answer_may_be_is_said(language, number, near):
    key, found = LESSONS[number - 1].key, find(number)
    asked = texts(language)(f"lessons.{key}.setup", **found.numbers)
    assert re.search(rf"(at most|höchstens) {re.escape(near)} ", asked)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_glossary_explains_every_word_with_its_line(language, theme):
    known = explanations(language, theme)
    assert list(known) == list(texts(language).keys("glossary"))
    for name, word in known.items():
        assert word["word"] and word["means"].endswith("."), name
        compile(word["code"], name, "exec")
    assert set(PICTURES) == set(known)


def test_every_page_has_words_and_every_word_a_page():
    pages_ = {"", "compare", "memory", "train", "uses", "learn"}
    assert {page for word in glossary.GLOSSARY.values() for page in word.pages} == pages_
    assert all(word.pages for word in glossary.GLOSSARY.values())


def test_the_texts_of_uses_are_all_there():
    assert texts("en").keys("uses") == schema.USES


def test_schema_counts_the_lessons():
    assert len(LESSONS) == schema.LESSONS
