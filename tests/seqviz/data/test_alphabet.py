"""A network's own vocabulary: typed, from a file, and what is not in it."""

import json

import numpy as np
import pytest
import refusals
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqviz.data.alphabet import Alphabet, alphabet, read_alphabet, written
from seqviz.data.text import embedded, one_hot, shorten
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_ALPHABET, MAX_ALPHABET_BYTES, MAX_STEPS


@pytest.mark.parametrize(
    ("typed", "unit", "symbols"),
    [
        ("abc", "characters", ("a", "b", "c")),
        (" ab", "characters", (" ", "a", "b")),
        ("⏎⇥␣a", "characters", ("\n", "\t", " ", "a")),
        ("👍🏽e\u0301", "characters", ("👍🏽", "é")),
        ("the cat, sat", "words", ("the", "cat,", "sat")),
        ('["<unk>", "a", " "]', "characters", ("<unk>", "a", " ")),
        ('{"a": 1, "b": 0}', "words", ("b", "a")),
        ("[a]", "characters", ("[", "a", "]")),
    ],
)
def test_what_is_typed_is_in_the_order_of_the_features(typed, unit, symbols):
    assert alphabet(typed, unit).symbols == symbols


@pytest.mark.parametrize(
    ("name", "content", "symbols"),
    [
        ("a.json", '["b", "a"]', ("b", "a")),
        ("a.json", '{"b": 0, "a": 1}', ("b", "a")),
        ("a.json", '{"0": "b", "1": "a"}', ("b", "a")),
        ("a.json", '{"a": 3, "b": 1}', ("", "b", "", "a")),
        ("a.json", '{"size": 2, "stoi": {"b": 0, "a": 1}}', ("b", "a")),
        ("t.json", '{"version": "1", "model": {"type": "x", "vocab": {"b": 0, "a": 1}}}',
         ("b", "a")),
        ("a.txt", "<unk>\n \nb\nthe\n", ("<unk>", " ", "b", "the")),
        ("a.txt", "b a\n", ("b", " ", "a")),
        ("a.txt", "\ufeffé\r\nb\r\n", ("é", "b")),
        ("a.txt", '["b", "a"]', ("b", "a")),
    ],
)  # fmt: skip
def test_a_file_lists_the_symbols(name, content, symbols):
    assert read_alphabet(name, content.encode()).symbols == symbols


def test_a_link_holds_what_a_file_listed():
    read = read_alphabet("a.json", json.dumps(["<unk>", " ", "\n", "“", "é", "", "a"]).encode())
    assert alphabet(written(read)) == read


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b"{}", "no list of symbols"),
        ("a.json", b"[1, 2]", "no list of symbols"),
        ("a.json", b'{"a": -1}', "no list of symbols"),
        ("a.json", b'{"a": 1e9, "b": 99999999}', "no list of symbols"),
        ("a.json", b"[" * 100_000, "no list of symbols"),
        ("a.json", b'["a", "b", "a"]', "“a” twice, as symbols 0 and 2"),
        ("a.json", b'["", ""]', "no symbols"),
        ("a.txt", b"  ", "empty"),
        ("a.txt", b"\0\1\2\3" * 9, "text"),
        ("a.txt", b"a" * (MAX_ALPHABET_BYTES + 1), "an alphabet at most 2"),
        ("a.json", json.dumps([str(k) for k in range(MAX_ALPHABET + 1)]).encode(), "at most 100"),
    ],
)
def test_a_file_that_will_not_do_says_why(name, content, words):
    assert words in refusals.refused(read_alphabet, name, content)


@given(st.binary(max_size=60), st.sampled_from(["a.json", "a.txt"]))
def test_any_file_is_read_or_refused(data, name):
    try:
        assert read_alphabet(name, data).symbols
    except SeqvizError as error:
        assert "\n" not in str(error)


# ---- the steps that come of it -------------------------------------------------------------------


def test_one_hot_has_the_alphabets_width_and_order():
    letters = alphabet("zyxeh lo")
    sequence = one_hot("hello", alphabet=letters)
    index = torch.tensor(["zyxeh lo".index(symbol) for symbol in "hello"])
    assert sequence.x.tolist() == torch.nn.functional.one_hot(index, 8).tolist()
    assert sequence.feature_names == ("z", "y", "x", "e", "h", "␣", "l", "o")


def test_an_index_without_a_symbol_is_a_feature_that_stays_0():
    sequence = one_hot("ba", alphabet=read_alphabet("a.json", b'{"a": 1, "b": 3}'))
    assert sequence.x.tolist() == [[0, 0, 0, 1], [0, 1, 0, 0]]
    assert sequence.feature_names == ("no. 0", "a", "no. 2", "b")


def test_what_is_not_in_the_alphabet_is_read_as_the_symbol_for_it():
    for letters in (
        alphabet('["a", "<unk>", "b"]'),
        alphabet('["a", "<unk>", "b", "?"]', unknown="<unk>"),
    ):
        sequence = one_hot("abcé", alphabet=letters)
        assert sequence.labels == ("a", "b", "<unk>", "<unk>")
        assert sequence.x.argmax(axis=1).tolist() == [0, 2, 1, 1]
    assert one_hot("ab", alphabet=alphabet("b_", unknown="_")).labels == ("_", "b")


@pytest.mark.parametrize(
    ("text", "letters", "unknown", "words"),
    [
        ("abc", "ab", "", "“c” is not in the alphabet"),
        ("a c", "ab", "", "“␣”, “c” are not in the alphabet"),
        ("abcdefgh", "a", "", "“b”, “c”, “d”, “e” and 3 more are not in the alphabet"),
        ("abc", "ab", "<unk>", "cannot be read as “<unk>”"),
    ],
)
def test_what_is_not_in_the_alphabet_is_named(text, letters, unknown, words):
    def read():
        return one_hot(text, alphabet=alphabet(letters, unknown=unknown))

    assert words in refusals.refused(read)


def test_words_have_an_alphabet_too():
    sequence = one_hot("the dog sat", "words", alphabet("<unk> the cat sat", "words"))
    assert sequence.labels == ("the", "<unk>", "sat")
    assert sequence.x.argmax(axis=1).tolist() == [1, 0, 3]


def test_an_embedding_gives_what_torch_gives():
    layer = torch.nn.Embedding(5, 3)
    matrix = layer.weight.detach().numpy()
    sequence = embedded("cabbage", "characters", alphabet("abceg"), matrix)
    with torch.no_grad():
        expected = layer(torch.tensor(["abceg".index(symbol) for symbol in "cabbage"]))
    np.testing.assert_array_equal(sequence.x, expected)
    assert sequence.labels == tuple("cabbage") and sequence.kind == "text"
    assert embedded("a", "characters", alphabet("a"), matrix).x.tolist() == [matrix[0].tolist()]


def test_an_embedding_with_fewer_rows_than_symbols_is_refused():
    matrix = np.ones((2, 3), np.float32)
    said = refusals.refused(lambda: embedded("a", "characters", alphabet("abc"), matrix))
    assert "2 rows and the alphabet 3 symbols" in said


def test_many_different_symbols_fit_with_an_alphabet_and_too_many_steps_do_not():
    text = "".join(chr(0x4E00 + k) for k in range(100))
    letters = alphabet(text)
    assert one_hot(text, alphabet=letters).x.shape == (100, 100)
    long = 30 * text
    assert "3,000 characters" in refusals.refused(lambda: one_hot(long, alphabet=letters))
    short = shorten(long, any_symbols=True)
    assert len(short) == MAX_STEPS and len(one_hot(short, alphabet=letters)) == MAX_STEPS


def test_one_hot_over_a_vocabulary_of_words_is_refused():
    large = Alphabet(tuple(str(k) for k in range(5000)))
    assert "use an embedding" in refusals.refused(lambda: one_hot("1", "words", large))
    matrix = np.ones((5000, 2), np.float32)
    assert embedded("1 4999", "words", large, matrix).x.shape == (2, 2)
