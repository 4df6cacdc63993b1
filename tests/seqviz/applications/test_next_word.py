"""The stories are held apart, the counted baselines are right, and words are read and written."""

import numpy as np
import pytest
import torch
from refusals import refused

import seqviz
from seqviz.applications import next_word, stories
from seqviz.applications.n_grams import NGrams
from seqviz.applications.registry import APPLICATIONS

ONE = APPLICATIONS["next_word"]


def test_stories_are_as_many_as_promised():
    words = stories.FILE.read_text(encoding="utf-8").split()
    assert len(words) >= 5000 and len(stories.vocabulary()) <= 600
    assert len(stories.learned()) + len(stories.judged()) == len(stories.stories())
    assert not set(stories.learned()) & set(stories.judged())
    share = sum(map(len, stories.judged())) / sum(map(len, stories.stories()))
    assert share == pytest.approx(0.1, abs=0.02)


def test_every_judged_word_has_been_learned():
    known = set(stories.vocabulary())
    assert {word for story in stories.judged() for word in story} <= known


def test_text_is_read_in_small_letters_after_the_sign_of_a_beginning():
    sequence = ONE.sequence("“Mia,” said Tom.")
    assert sequence.labels == ("⏎", '"', "mia", ",", '"', "said", "tom", ".")
    assert sequence.x.shape == (8, len(stories.vocabulary())) and (sequence.x.sum(1) == 1).all()
    assert sequence.feature_names == ONE.model().head.names


def test_unknown_words_are_named_and_nothing_is_refused():
    assert "“dragon”, “ate7”" in refused(ONE.sequence, "The dragon ate7 the dragon")
    assert " and 2 more" in refused(ONE.sequence, "aa bb cc dd ee ff gg")
    for empty in ("", "   \n"):
        assert "no word to read" in refused(ONE.sequence, empty)
        assert "no word to read" in refused(ONE.surprise, empty)
        assert "no word to read" in refused(ONE.write_on, empty)
    assert "at most 1,999" in refused(ONE.sequence, "mia " * 2000)


def test_surprise_is_the_chance_of_each_word():
    text = "Mia went to the market."
    surprise = ONE.surprise(text)
    assert [word for word, _ in surprise] == ["mia", "went", "to", "the", "market", "."]
    sequence = ONE.sequence(text)
    prediction = seqviz.trace(ONE.model(), sequence).prediction
    for t, (_, bits) in enumerate(surprise):
        chance = prediction[t, sequence.x[t + 1].argmax()]
        assert bits == pytest.approx(-np.log2(chance), abs=1e-4)
    by_word = dict(surprise)
    assert by_word["the"] < 3 < by_word["market"] + by_word["went"]


def test_surprise_and_perplexity_are_one_number():
    story = stories.judged()[0]
    bits = [value for _, value in ONE.surprise(next_word.joined(story[1:-1]))]
    codes = [stories.vocabulary().index(word) for word in story[:-1]]
    assert next_word.perplexity(ONE.model(), [codes]) == pytest.approx(2 ** np.mean(bits), rel=1e-4)


def test_words_are_joined_as_they_are_written():
    words = ["tom", "said", ",", '"', "no", ",", "mia", ".", '"', '"', "yes", '"']
    assert next_word.joined(words) == 'tom said, "no, mia." "yes"'


@pytest.mark.parametrize(("words", "text"), [
    ('called tom , " said mia . " thank you , "', 'called tom," said mia. "thank you,"'),
    ('" look , " called tom . the end', '"look," called tom. the end'),
    ('tom said , " he sleeps . " " yes ? " she ran .', 'tom said, "he sleeps." "yes?" she ran.'),
])  # fmt: skip
def test_quotes_stand_at_the_speech_they_are_of(words, text):
    assert next_word.joined(words.split()) == text


def test_words_are_appended_to_a_text_as_it_is_typed():
    assert next_word.appended('Tom said, "No ', [",", "mia", ".", '"', '"', "yes"]) == (
        'Tom said, "No, mia." "yes'
    )
    assert next_word.appended("The End", ["of", "it", "."]) == "The End of it."


def test_different_stories_go_on_differently_and_each_always_alike():
    written = [ONE.write_on(f"{name} sat by the river") for name in ("mia", "tom", "pip")]
    assert len(set(map(tuple, written))) == 3
    assert ONE.write_on("mia sat by the river") == written[0]


def test_a_text_is_written_on():
    words = ONE.write_on("Mia and Tom", words=25, seed=3)
    assert len(words) == 25 and set(words) <= set(stories.vocabulary()) - {stories.END}
    assert words == ONE.write_on("Mia and Tom", words=25, seed=3)
    assert words != ONE.write_on("Mia and Tom", words=25, seed=4)
    likeliest = ONE.write_on("Mia and Tom", words=5, temperature=0)
    assert likeliest == ONE.write_on("Mia and Tom", words=5, temperature=0, seed=9)


def test_training_leaves_the_global_random_state_alone():
    state = torch.random.get_rng_state()
    ONE.train(1)
    assert torch.equal(torch.random.get_rng_state(), state)


# ---- counting ------------------------------------------------------------------------------------


LEARNED = [[0, 1, 2, 1, 0], [0, 2, 1, 1, 0], [0, 1, 3, 0]]


def test_all_chances_sum_to_one():
    counted = NGrams(LEARNED, 5)  # 4 never comes
    np.testing.assert_allclose(counted.pairs.sum(axis=1), 1)
    assert counted.single.sum() == pytest.approx(1)
    for first in range(5):
        for second in range(5):
            chances = counted.after(first, second)
            assert chances.sum() == pytest.approx(1) and chances.min() > 0


def test_pairs_are_interpolated_kneser_ney_by_hand():
    counted = NGrams(LEARNED, 5)
    # different words before: 0 comes after 1 and 3; 1 after 0, 1, 2; 2 after 0 and 1; 3 after 1
    before = np.array([2, 3, 2, 1, 0])
    anything = (np.maximum(before - 0.75, 0) + 0.75 * 4 / 5) / 8
    after_0 = np.array([0, 2, 1, 0, 0])  # 0 1 twice, 0 2 once
    expected = (np.maximum(after_0 - 0.75, 0) + 0.75 * 2 * anything) / 3
    np.testing.assert_allclose(counted.pairs[0], expected)
    np.testing.assert_allclose(counted.pairs[4], anything)  # nothing ever came after 4


def test_perplexity_is_the_inverse_of_the_mean_chance():
    counted = NGrams(LEARNED, 5)
    single, pairs, triples = counted.perplexities([[0, 1, 2]])
    assert single == pytest.approx((counted.single[1] * counted.single[2]) ** -0.5)
    assert pairs == pytest.approx((counted.pairs[0, 1] * counted.pairs[1, 2]) ** -0.5)
    assert triples == pytest.approx((counted.pairs[0, 1] * counted.after(0, 1)[2]) ** -0.5)
