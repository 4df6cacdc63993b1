"""Text as one-hot steps: what a reader counts as one character, what fits, what is refused."""

import time
import unicodedata

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seqviz.data.text import one_hot, shorten
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_STEPS, MAX_SYMBOLS

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


def labels(text, unit="characters"):
    return list(one_hot(text, unit).labels)


def test_hello_is_what_torch_says():
    sequence = one_hot("hello")
    assert sequence.labels == ("h", "e", "l", "l", "o")
    assert sequence.feature_names == ("e", "h", "l", "o")
    expected = torch.nn.functional.one_hot(torch.tensor([1, 0, 2, 2, 3]))
    assert sequence.x.dtype == np.float32
    assert sequence.x.tolist() == expected.tolist()
    assert (sequence.kind, sequence.name) == ("text", "hello")


def test_words_are_sorted_and_punctuation_is_a_step():
    sequence = one_hot("to be, or\nnot to be")
    assert sequence.labels[5:7] == (",", "␣")
    words = one_hot("to be, or\nnot to be", "words")
    assert words.labels == ("to", "be", ",", "or", "not", "to", "be")
    assert words.feature_names == (",", "be", "not", "or", "to")
    assert words.x.argmax(1).tolist() == [4, 1, 0, 3, 2, 4, 1]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("don't stop", ["don't", "stop"]),
        ("it’s well-known!", ["it’s", "well-known", "!"]),
        ("'quoted' - dash", ["'", "quoted", "'", "-", "dash"]),
        ("snake_case 3.5", ["snake_case", "3", ".", "5"]),
        ("nai\u0308ve cafe\u0301", ["na\u00efve", "caf\u00e9"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        (f"hi {FAMILY}👍🏽", ["hi", FAMILY, "👍🏽"]),
    ],
)
def test_words_in_several_scripts(text, expected):
    assert labels(text, "words") == expected


@pytest.mark.parametrize(
    "character",
    [
        "e\u0301",
        "x\u0304\u0323",
        FAMILY,
        "👍🏽",
        "👩🏽\u200d🚀",
        "🧑🏿\u200d🤝\u200d🧑🏻",
        "🙂\u200d↔\ufe0f",
        "❤\ufe0f",
        "❤\ufe0f\u200d🔥",
        "🇩🇪",
        SCOTLAND,
        "1\ufe0f\u20e3",
        "\u1112\u1161\u11ab",
        "각",
        "स्",
        "กำ",
        "ﾊﾟ",
    ],
)
def test_what_a_reader_sees_as_one_is_one_step(character):
    assert labels(character) == [unicodedata.normalize("NFC", character)]
    assert len(labels("a" + character + "b" + character)) == 4


def test_neighbours_stay_apart():
    assert labels("🇩🇪🇫🇷🇯") == ["🇩🇪", "🇫🇷", "🇯"]
    assert labels("😀😀👍") == ["😀", "😀", "👍"]
    assert labels("한국") == ["한", "국"]
    assert labels("e\u0301e") == ["\u00e9", "e"]


def test_composed_and_decomposed_are_the_same_symbol():
    assert one_hot("\u00e9e\u0301").input_size == 1


def test_white_space_and_invisible_characters_are_shown():
    assert labels("a b\tc\nd\r\ne\rf") == list("a␣b⇥c⏎d⏎e⏎f")
    assert labels("a\u00a0\u200e\0\ud800") == ["a", "U+00A0", "U+200E", "U+0000", "U+D800"]
    assert labels("\u0301a") == ["U+0301", "a"]
    assert labels("a ␣") == ["a", "␣", "U+2423"]
    assert labels("a␣⏎") == ["a", "␣", "⏎"]  # where no space and no newline looks the same


def test_a_long_text_has_a_short_name():
    assert one_hot("the quick brown fox jumps over").name == "the quick brown fox jump…"
    assert one_hot("one two three", "words").name == "one two three"


@pytest.mark.parametrize("text", ["", " ", "\n\t \r\n", "\u00a0\u3000", "\u200b\ufeff", "\0"])
@pytest.mark.parametrize("unit", ["characters", "words"])
def test_nothing_to_see_is_one_sentence(text, unit):
    if unit == "words" and text in ("\u200b\ufeff", "\0"):
        text += " "
    with pytest.raises(SeqvizError, match="type at least one visible character"):
        one_hot(text, unit)


def test_the_limits_themselves_fit():
    assert len(one_hot("ab" * (MAX_STEPS // 2))) == MAX_STEPS
    assert one_hot("".join(chr(0x4E00 + k) for k in range(MAX_SYMBOLS))).input_size == MAX_SYMBOLS


@pytest.mark.parametrize(
    "text, unit, part, fits",
    [
        ("ab" * 1001, "characters", "2,002 characters (2 different)", 2000),
        (
            "".join(map(chr, range(0x4E00, 0x4E41))),
            "characters",
            "65 characters (65 different)",
            64,
        ),
        ("a " * 2001, "words", "2,001 words (1 different)", 2000),
        (" ".join(map(str, range(70))), "words", "70 words (70 different)", 64),
        ("ab" * 150_000, "characters", "300,000 code points", 2000),
    ],
)
def test_too_much_gives_the_counts_and_a_choice(text, unit, part, fits):
    with pytest.raises(SeqvizError) as error:
        one_hot(text, unit)
    assert part in str(error.value)
    assert f"use its first {fits:,} {unit}" in str(error.value)
    assert ("read it as characters" in str(error.value)) == (unit == "words" and fits == 64)
    assert len(one_hot(shorten(text, unit), unit)) == fits


def test_one_long_word_is_said_in_english():
    with pytest.raises(SeqvizError, match="use its first word or type less"):
        one_hot("a" * 100_000 + " b", "words")


@pytest.mark.parametrize(
    "text",
    [
        "".join(chr(0x1F600 + k % 80) for k in range(10_000)),
        FAMILY * 10_000,
        "a\u0301\u0327" * 100_000,
        "a" + "\u0301" * 1_000_000,
        "👩\u200d" * 100_000,
        "🇩" * 10_000,
    ],
    ids=["emoji", "families", "accents", "zalgo", "joiners", "flags"],
)
def test_10_000_emoji_and_worse_are_one_quick_sentence(text):
    one_hot("é")  # the pattern is built once
    start = time.perf_counter()
    with pytest.raises(SeqvizError) as error:
        one_hot(text)
    assert time.perf_counter() - start < 2
    assert len(str(error.value)) < 250
    assert max(map(len, labels(shorten(text)))) < 1000


def test_an_unknown_unit_names_the_two():
    with pytest.raises(SeqvizError, match="choose characters or words"):
        one_hot("hello", "letters")


@settings(max_examples=150)
@given(
    st.text(max_size=120) | st.text("ab \n'-é\u0301\u200d👩🏽🇩", max_size=120),
    st.sampled_from(["characters", "words"]),
)
@example("❤\ufe0f" * 3, "words")
def test_any_text_is_encoded_or_refused_in_one_sentence(text, unit):
    start = shorten(text, unit)
    assert text.startswith(start)
    try:
        sequence = one_hot(start, unit)
    except SeqvizError as error:
        assert "visible character" in str(error)
        return
    assert sequence.x.sum(1).tolist() == [1.0] * len(sequence)
    assert (sequence.x.sum(0) > 0).all()
    assert len(set(sequence.feature_names)) == sequence.input_size <= MAX_SYMBOLS
    shown = [sequence.feature_names[i] for i in sequence.x.argmax(1)]
    assert tuple(shown) == sequence.labels
    assert sequence.digest  # labels can be written as UTF-8


@settings(max_examples=30)
@given(st.text("abcdefghijklmnopqrstuvwxyz" + "".join(map(chr, range(0x4E00, 0x4E40))), min_size=1))
def test_shorten_stops_at_the_first_symbol_too_many(text):
    text = text * (1 + 2100 // len(text))
    start = shorten(text)
    too_long = text[: len(start) + 1]
    assert len(too_long) > MAX_STEPS or len(set(too_long)) > MAX_SYMBOLS
    assert len(one_hot(start)) == len(start)
