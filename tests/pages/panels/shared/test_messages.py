"""Other people's words stay words: every sign that Markdown would read is escaped."""

import re

import pytest
from foreign_words import ALL, WORDS
from hypothesis import given
from hypothesis import strategies as st

from pages.panels.shared.messages import plain


def read(markdown):
    """What is shown: CommonMark takes the backslash from before any sign."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace("\u2060", "")


@given(st.text(alphabet="ab1 \n\\`*_[]()<>$~|#+-=!:.&@/w", max_size=40))
def test_nothing_is_lost_and_no_sign_is_left(text):
    shown = plain(text)
    assert read(shown) == text
    left = re.sub(r"\\.", "", shown)  # without what is escaped
    assert not re.search(r"[`*\[\]<>$~|&]", left)
    assert not re.search(r"(?m)^\s*(#|[-+=]|\d+[.)])", shown)


@pytest.mark.parametrize(
    "text",
    ["hidden_size is 8.", "2 numeric columns, 1,250 rows", "‖h‖ = 0.5, x (60, 1, 1); 1.5×"],
)
def test_plain_sentences_stay_as_they_are(text):
    assert plain(text) == text


def test_a_picture_is_only_its_letters():
    assert plain("![q](http://x/y.png)") == r"!\[q\](http:JOINED//x/y.png)".replace(
        "JOINED", "\u2060"
    )


@pytest.mark.parametrize("text", [*WORDS, ALL])
def test_words_stay_the_words_they_are(text):
    assert read(plain(text)) == text


def test_half_a_character_is_replaced():
    assert plain("a\ud800b") == "a?b"
