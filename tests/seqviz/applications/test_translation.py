"""Translation: phrases held out, words forced, attention, and what is refused."""

import numpy as np
import pytest
import torch
from refusals import refused

from seqviz.applications.translation.dictionary import ENTRIES, word_by_word
from seqviz.applications.translation.grammar import held_out, pairs, vocabularies
from seqviz.applications.translation.network import ENGLISH, FRENCH, MARK, OUT, fit
from seqviz.applications.translation.translation import JUDGED, LEARNED, EnglishToFrench

USE = EnglishToFrench()


def test_held_out_phrases_are_translated_without_a_mistake():
    (score,) = USE.evaluate()
    dictionary, plain = score.baselines
    assert score.value >= 95 and score.beats_baselines
    assert dictionary.value < 30 and plain.value < 90


def test_no_words_of_a_held_out_phrase_stood_together_in_training():
    learned, judged = pairs(LEARNED, judged=False), pairs(JUDGED, judged=True)
    assert len({pair.english for pair in learned}) == LEARNED
    assert not {pair.key for pair in learned} & {pair.key for pair in judged}
    assert all(held_out(pair) for pair in judged) and not any(map(held_out, learned))
    english, french = vocabularies()
    assert {word for pair in learned for word in pair.english} == set(english)
    assert {word for pair in learned for word in pair.french} == set(french)


@pytest.mark.parametrize(
    "english, french",
    [
        ("The cat sleeps.", "le chat dort"),
        ("the black cat does not see a red house", "le chat noir ne voit pas de maison rouge"),
        ("the girls aren't small", None),
        ("my school is not big", "mon école n'est pas grande"),
        ("a pretty bird likes the tree", "un joli oiseau aime l'arbre"),
        ("some young women don't draw some stars", "de jeunes femmes ne dessinent pas d'étoiles"),
    ],
)
def test_agreement_order_and_negation(english, french):
    translation = USE.translate(english)
    assert translation.finished
    assert french is None or translation.text == french


def test_what_the_networks_went_through():
    translation = USE.translate("the white dog does not sleep")
    read, written = translation.encoder_trace, translation.decoder_trace
    assert read.labels == ("the", "white", "dog", "does", "not", "sleep")
    assert written.labels == (MARK, *translation.words) and len(written) == 7
    assert read.h.shape == (1, 1, 6, 64) and written.gates["z"].shape == (1, 1, 7, 64)
    assert np.array_equal(written.h_0[:, 0], read.h_n)
    assert translation.attention.shape == (7, 6)
    assert np.allclose(translation.attention.sum(axis=1), 1, atol=1e-5)
    likeliest = [OUT[k] for k in translation.probabilities.argmax(axis=1)]
    assert likeliest == [*translation.words, MARK]
    # the states are those of the decoder as the whole network runs it
    network = USE.network()
    with torch.inference_mode():
        _, state = network.encoder(torch.tensor(read.x)[:, None])
        decoded, _ = network.decoder(torch.tensor(written.x)[:, None], state)
    assert np.allclose(decoded[:, 0].numpy(), written.output, atol=1e-5)


def test_attention_looks_at_the_word_that_is_translated():
    """Beside every noun's translation its own noun, or the word behind it, is looked at most."""
    hits = []
    for pair in pairs(60, judged=True):
        translation = USE.translate(" ".join(pair.english))
        for place, word in enumerate(pair.english):
            own = ENTRIES.get(word)
            if own in translation.words and own not in ("le", "pas"):
                looked = translation.attention[translation.words.index(own)].argmax()
                hits.append(abs(int(looked) - place) <= 1)
    assert np.mean(hits) > 0.5


def test_forced_words_are_gone_on_from():
    free = USE.translate("the cat sees a dog")
    forced = USE.translate("the cat sees a dog", force="La voiture")
    assert forced.words[:2] == ("la", "voiture") and forced.words != free.words
    assert USE.translate("the cat sees a dog", force=free.text).words == free.words
    plain = USE.translate("the cat sees a dog", attention=False)
    assert plain.attention is None and plain.words[-1] == "chien"


@pytest.mark.parametrize("attention", [True, False])
def test_the_second_choice_begins_another_translation(attention):
    phrases = [" ".join(pair.english) for pair in pairs(20, judged=True)]
    for phrase in phrases:
        own = USE.translate(phrase, attention=attention)
        other = USE.translate(phrase, own.second_choice, attention)
        first, second = sorted(own.probabilities[0], reverse=True)[:2]
        assert own.probabilities[0, own.vocabulary.index(own.words[0])] == first
        assert own.probabilities[0, own.vocabulary.index(own.second_choice)] == second
        assert other.words[0] == own.second_choice != own.words[0]


def test_what_cannot_be_translated_is_refused():
    assert "“zebra”, “runs”" in refused(USE.translate, "the zebra runs")
    assert "nothing to translate" in refused(USE.translate, " . ")
    assert "40 words" in refused(USE.translate, "the " * 40)
    assert "“xylophone”" in refused(USE.translate, "the cat sleeps", "le xylophone")
    assert "21 French words" in refused(USE.translate, "the cat sleeps", "le " * 21)


def test_the_dictionary_goes_word_by_word():
    assert set(ENTRIES) | {"do", "does"} == set(ENGLISH)
    assert set(ENTRIES.values()) <= set(FRENCH)
    assert word_by_word(("the", "red", "house", "does", "not", "fall")) == (
        *("le", "rouge", "maison"),
        *("pas", "tombent"),
    )


def test_training_again_gives_the_recorded_loss():
    _, loss = fit(pairs(LEARNED, judged=False), True, USE.plan, iterations=11)
    assert np.allclose(loss[::10], USE.recorded_loss()[:2], rtol=1e-3)
    assert USE.model().spec.input_size == len(ENGLISH)
