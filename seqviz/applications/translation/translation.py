"""An English phrase in French, word by word, and which English words each one looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch

from seqviz.applications.application import Application, Line, Score, Trained
from seqviz.applications.fitting import Plan
from seqviz.applications.mistakes import ErrorBars, Mistakes
from seqviz.applications.translation.dictionary import word_by_word
from seqviz.applications.translation.grammar import pairs
from seqviz.applications.translation.network import (
    ENGLISH,
    FRENCH,
    HIDDEN,
    MARK,
    OUT,
    Translator,
    decoder_of,
    encoder_of,
    fit,
    of_numbers,
    one_hot,
    others,
)
from seqviz.errors import SeqvizError
from seqviz.rnn.tracing import trace
from seqviz.types import FloatArray, InputSequence, Model, RNNSpec, Trace, frozen

LEARNED, JUDGED = 5000, 500  # phrases
ON = f"{JUDGED} phrases whose words never stood in the same frame in training"
LONGEST_READ, LONGEST_WRITTEN = 12, 20
"""Words of a phrase: those learned from have up to 9 in either language."""
_PLAIN = "plain."


@dataclass(frozen=True, eq=False)
class Translation:
    """What was written, and everything the networks went through.

    words: the French words. finished: False where the writing was cut off at LONGEST_WRITTEN.
    encoder_trace: T_in steps, each reading an English word. decoder_trace: T_out = len(words) + 1
    steps; the first reads MARK, each other one the word before, and it begins with the encoder's
    last state. attention (T_out, T_in): how much each word written looks at each word read, its
    rows adding up to 1; the last row is that of the end. None for the network without attention.
    probabilities (T_out, V): of the words in `vocabulary`, the last of which is MARK, the end.
    """

    words: tuple[str, ...]
    encoder_trace: Trace
    decoder_trace: Trace
    attention: FloatArray | None
    probabilities: FloatArray
    finished: bool = True
    vocabulary: tuple[str, ...] = OUT

    @property
    def text(self) -> str:
        """The words as they are written: l'arbre."""
        return " ".join(self.words).replace("' ", "'")

    @property
    def second_choice(self) -> str:
        """The word that was the second likeliest to be written first."""
        likely = [self.vocabulary[int(k)] for k in self.probabilities[0].argsort()[::-1]]
        return [word for word in likely if word != MARK][1]


class EnglishToFrench(Application):
    """Two GRUs and attention between them."""

    key = "translation"
    name = "Translation"
    about = (
        "An encoder reads an English phrase and hands its last state to a decoder, which writes it "
        "in French, word by word, looking back at what was read. Articles agree, adjectives move "
        "behind their noun and negation wraps the verb, so it cannot go word by word."
    )
    cannot = (
        "It knows 67 English words and the few patterns of a grammar of our own: a subject with an "
        "article and perhaps an adjective, a verb, an object; no pronouns, no questions, no tense "
        "but the present. Every one of its phrases was made by that grammar, so 100 % on phrases "
        "it has not seen says that it learned these rules, not that it knows French, and a program "
        "with the rules written down would do as well. The rules it has seen in short phrases it "
        "does not carry over to longer ones, and it always has an answer, also where the English "
        "makes no sense."
    )
    half = True
    plan = Plan(iterations=1500, lr=1e-2, weight_decay=1e-3)

    @property
    def why_not_tried(self) -> str:
        return (
            "Train has no task with an encoder and a decoder: "
            f"python -m seqviz.applications train {self.key} trains this network."
        )

    def train(self, iterations: int | None = None) -> Trained:
        """With and without attention, one after the other; loss is that of the first.

        model is the decoder with attention, extra the rest; notes has the loss of the other.
        """
        learned = pairs(LEARNED, judged=False)
        network, loss = fit(learned, True, self.plan, iterations)
        plain, plain_loss = fit(learned, False, self.plan, iterations)
        its_decoder = decoder_of(plain)
        assert its_decoder.head is not None
        extra = others(network) | {
            f"{_PLAIN}{name}": value
            for name, value in (
                *others(plain).items(),
                *((f"decoder.{name}", value) for name, value in its_decoder.weights.items()),
                ("head.weight", its_decoder.head.weight),
                ("head.bias", its_decoder.head.bias),
            )
        }
        kept = [round(value, 4) for value in plain_loss[:: self.every].tolist()]
        return Trained(decoder_of(network), loss, {"loss_without_attention": kept}, extra)

    def example(self) -> InputSequence:
        """A phrase it has not learned from, as the encoder reads it."""
        return _sequence(pairs(1, judged=True)[0].english, ENGLISH)

    @property
    def left_out(self) -> str:
        return "Explore shows the encoder alone, which answers nothing: the decoder writes French."

    def model(self) -> Model:
        """The encoder, which reads English words, one-hot in the order of ENGLISH."""
        return encoder_of(self._with_attention)

    def translate(self, text: str, force: str = "", attention: bool = True) -> Translation:
        """A phrase in French, always the likeliest word next.

        force: the first French words, given; the network goes on from there. attention: False for
        the network that has the encoder's last state alone.

        Raises SeqvizError when the text is empty, too long, or has words it does not know.
        """
        english, begun = _words(text, "English", ENGLISH), _words(force, "French", FRENCH)
        if not english:
            raise SeqvizError("There is nothing to translate: type a phrase like “the cat sleeps”.")
        if len(english) > LONGEST_READ:
            raise SeqvizError(
                f"This phrase has {len(english)} words and the network learned from phrases of up "
                f"to 9: type at most {LONGEST_READ}."
            )
        if len(begun) > LONGEST_WRITTEN:
            raise SeqvizError(
                f"{len(begun)} French words are given: give at most {LONGEST_WRITTEN}."
            )
        return _written(self.network(attention), english, begun)

    def evaluate(self) -> tuple[Score, ...]:
        judged = pairs(JUDGED, judged=True)

        def right(translated: Callable[[Sequence[str]], tuple[str, ...]]) -> float:
            return 100 * sum(translated(pair.english) == pair.french for pair in judged) / JUDGED

        def by(attention: bool) -> float:
            network = self.network(attention)
            return right(lambda english: _decoded(network, english, ())[0])

        return (
            Score(
                "phrases without a mistake, %",
                by(attention=True),
                (
                    Line("a dictionary, word by word", right(word_by_word)),
                    Line("without attention", by(attention=False)),
                ),
                ON,
                lower_is_better=False,
                digits=1,
            ),
        )

    def mistakes(self) -> Mistakes:
        """Phrases of each length, in words."""
        judged = pairs(JUDGED, judged=True)
        lengths = sorted({len(pair.english) for pair in judged})

        def by_length(translated: Callable[[Sequence[str]], tuple[str, ...]]) -> tuple[float, ...]:
            right = [translated(pair.english) == pair.french for pair in judged]
            of_length = (
                [good for good, pair in zip(right, judged, strict=True) if len(pair.english) == n]
                for n in lengths
            )
            return tuple(100 * sum(good) / len(good) for good in of_length)

        def by(attention: bool) -> tuple[float, ...]:
            network = self.network(attention)
            return by_length(lambda english: _decoded(network, english, ())[0])

        return ErrorBars(
            "phrases without a mistake, %",
            "words of the English phrase",
            tuple(str(length) for length in lengths),
            {
                "This network": by(attention=True),
                "without attention": by(attention=False),
                "a dictionary, word by word": by_length(word_by_word),
            },
            ON,
        )

    def network(self, attention: bool = True) -> Translator:
        """Encoder and decoder, nn.GRU each, W_c and the head; only to be read."""
        return self._with_attention if attention else self._without_attention

    @cached_property
    def _with_attention(self) -> Translator:
        stored = self.stored()
        rest = {name: v for name, v in stored.extra.items() if not name.startswith(_PLAIN)}
        return of_numbers(stored.model, rest)

    @cached_property
    def _without_attention(self) -> Translator:
        network = Translator(attention=False)
        weights = {
            name.removeprefix(_PLAIN): torch.tensor(value)
            for name, value in self.stored().extra.items()
            if name.startswith(_PLAIN)
        }
        network.load_state_dict(weights)
        return network.eval()


def _words(text: str, language: str, vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a text in small letters. SeqvizError that names those not in vocabulary."""
    plain = text.lower().replace("’", "'").strip(" .!?")
    if language == "English":
        plain = plain.replace("n't", " not")
    words = tuple(re.findall(r"[^\s',.!?;:]+'?", plain))
    unknown = list(dict.fromkeys(word for word in words if word not in vocabulary))
    if unknown:
        named = ", ".join(f"“{word:.20}”" for word in unknown[:5]) + ", …" * (len(unknown) > 5)
        raise SeqvizError(
            f"The network does not know {named}: it learned {len(vocabulary)} {language} words, "
            f"such as {', '.join(vocabulary[5:60:11])}."
        )
    return words


def _decoded(
    network: Translator, english: Sequence[str], begun: Sequence[str]
) -> tuple[tuple[str, ...], FloatArray, FloatArray]:
    """The French words, and of each step attention (T_out, T_in) and probabilities (T_out, V)."""
    words, looked, said = list(begun), [], []
    with torch.inference_mode():
        x = torch.from_numpy(one_hot(english, ENGLISH).copy())[:, None]  # (T_in, 1, V)
        encoded, state = network.encoder(x)
        there = torch.ones(encoded.shape[:2], dtype=torch.bool)
        for step in range(LONGEST_WRITTEN + 1):
            read = words[step - 1] if step else MARK
            decoded, state = network.decoder(torch.tensor(one_hot([read], OUT))[:, None], state)
            answers, attention = network.answers(decoded, encoded, there)
            looked.append(attention[0, 0])
            said.append(answers[0, 0].softmax(dim=-1))
            if step >= len(words):
                word = OUT[int(said[-1].argmax())]
                if word == MARK or step == LONGEST_WRITTEN:
                    break
                words.append(word)
    return tuple(words), frozen(torch.stack(looked)), frozen(torch.stack(said))


def _written(network: Translator, english: Sequence[str], begun: Sequence[str]) -> Translation:
    words, attention, probabilities = _decoded(network, english, begun)
    reads = (MARK, *words)
    encoder_trace = trace(encoder_of(network), _sequence(english, ENGLISH))
    # the head reads what attention gives, so it is not the trace's own
    decoder = Model(RNNSpec("GRU", len(OUT), HIDDEN, init="given"), decoder_of(network).weights)
    return Translation(
        words,
        encoder_trace,
        trace(decoder, _sequence(reads, OUT), h_0=encoder_trace.h_n),
        attention if network.combine is not None else None,
        probabilities,
        finished=OUT[int(probabilities[-1].argmax())] == MARK,
    )


def _sequence(words: Sequence[str], vocabulary: tuple[str, ...]) -> InputSequence:
    return InputSequence(
        one_hot(words, vocabulary), tuple(words), vocabulary, name=" ".join(words), kind="text"
    )
