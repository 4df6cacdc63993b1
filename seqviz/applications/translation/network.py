"""The encoder reads English, the decoder writes French, and attention looks back at what was read.

Source: Sutskever, Vinyals & Le 2014 (encoder and decoder); Luong, Pham & Manning 2015, section 3.1,
"dot": score(h_t, h_s) = h_t h_s, and h~_t = tanh(W_c [c_t; h_t]).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.applications.fitting import Blank, Plan
from seqviz.applications.translation.grammar import Pair, vocabularies
from seqviz.rnn.model import build
from seqviz.types import FloatArray, Head, Model, RNNSpec, frozen

ENGLISH, FRENCH = vocabularies()
MARK = "‹›"
"""What the decoder reads before its first word and answers behind its last."""
OUT = (*FRENCH, MARK)
HIDDEN = 64
BATCH = 64
_UNSCORED = -100  # nn.functional.cross_entropy's own


class Translator(nn.Module):
    """encoder and decoder (nn.GRU each, over one-hot words), combine (W_c) and head.

    The decoder begins with the encoder's last state. Without attention, combine is None and head
    reads the decoder's state itself.
    """

    def __init__(self, attention: bool) -> None:
        super().__init__()
        self.encoder = build(RNNSpec("GRU", len(ENGLISH), HIDDEN, seed=0))
        self.decoder = build(RNNSpec("GRU", len(OUT), HIDDEN, seed=1))
        self.combine = Blank(2 * HIDDEN, HIDDEN, bias=False) if attention else None
        self.head = Blank(HIDDEN, len(OUT))

    def begin(self, generator: torch.Generator) -> None:
        """The first weights of W_c and the head, as nn.Linear has them."""
        for linear in filter(None, (self.combine, self.head)):
            for parameter in linear.parameters():
                bound = linear.in_features**-0.5
                nn.init.uniform_(parameter, -bound, bound, generator=generator)

    def answers(self, decoded: Tensor, encoded: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
        """What to say at each step before softmax, and the attention.

        decoded (T_out, N, H), encoded (T_in, N, H), there (T_in, N), False in the padding.
        Returns (T_out, N, V) and (T_out, N, T_in), whose sum is 1 at each step.
        """
        scores = torch.einsum("tnh,snh->tns", decoded, encoded)
        attention = scores.masked_fill(~there.T, -torch.inf).softmax(dim=-1)
        if self.combine is None:
            return self.head(decoded), attention
        context = torch.einsum("tns,snh->tnh", attention, encoded)
        joined = torch.tanh(self.combine(torch.cat([context, decoded], dim=-1)))
        return self.head(joined), attention


def one_hot(words: Sequence[str], vocabulary: tuple[str, ...]) -> FloatArray:
    """(T, V), a 1 at each word's place."""
    places = {word: k for k, word in enumerate(vocabulary)}
    return frozen(np.eye(len(vocabulary))[[places[word] for word in words]])


def fit(
    pairs: list[Pair], attention: bool, plan: Plan, iterations: int | None = None
) -> tuple[Translator, FloatArray]:
    """A translator trained on pairs, each French word foretold from those before it; its losses."""
    generator = torch.Generator().manual_seed(plan.seed)
    network = Translator(attention)
    network.begin(generator)
    optimizer = torch.optim.AdamW(network.parameters(), lr=plan.lr, weight_decay=plan.weight_decay)
    ready = _padded(pairs)
    losses = []
    for iteration in range(plan.iterations if iterations is None else iterations):
        chosen = torch.randint(len(pairs), (BATCH,), generator=generator)
        optimizer.param_groups[0]["lr"] = plan.rate(iteration)
        optimizer.zero_grad()
        x, read, wanted = (part[:, chosen] for part in ready)
        loss = _loss(network, x, read, wanted)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), plan.clip)
        optimizer.step()
        losses.append(loss.item())
    return network.eval(), frozen(np.array(losses))


def _padded(pairs: list[Pair]) -> tuple[Tensor, Tensor, Tensor]:
    """Places of words, -1 in the padding: English (T_in, N), French read and wanted (T_out, N)."""
    english = {word: k for k, word in enumerate(ENGLISH)}
    french = {word: k for k, word in enumerate(OUT)}
    columns: tuple[list[Tensor], ...] = ([], [], [])
    for pair in pairs:
        said = [french[word] for word in pair.french]
        columns[0].append(torch.tensor([english[word] for word in pair.english]))
        columns[1].append(torch.tensor([french[MARK], *said]))
        columns[2].append(torch.tensor([*said, french[MARK]]))
    pad = nn.utils.rnn.pad_sequence
    x, read, wanted = (pad(column, padding_value=-1) for column in columns)
    return x, read, wanted


def _loss(network: Translator, x: Tensor, read: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy of the words that follow, given the right ones before."""
    there = x >= 0  # (T_in, N)
    lengths = there.sum(dim=0)
    encoded, _ = network.encoder(_vectors(x, len(ENGLISH)))  # (T_in, N, H)
    last = encoded[lengths - 1, torch.arange(x.shape[1])]  # (N, H)
    decoded, _ = network.decoder(_vectors(read, len(OUT)), last[None])  # (T_out, N, H)
    answers, _ = network.answers(decoded, encoded, there)
    wanted = wanted.masked_fill(wanted < 0, _UNSCORED)
    return nn.functional.cross_entropy(answers.flatten(0, 1), wanted.flatten())


def _vectors(places: Tensor, count: int) -> Tensor:
    """One-hot rows, zeros in the padding: (T, N) -> (T, N, count)."""
    return nn.functional.one_hot(places + 1, count + 1)[..., 1:].float()


def decoder_of(network: Translator) -> Model:
    """The decoder and the head; with attention, the head reads what W_c gives, not h itself."""
    rows = _numbers(network.head)
    head = Head(rows["weight"], rows["bias"], "softmax", OUT)
    return Model(_given(len(OUT)), _numbers(network.decoder), head)


def encoder_of(network: Translator) -> Model:
    """The encoder, which answers nothing itself."""
    return Model(_given(len(ENGLISH)), _numbers(network.encoder))


def others(network: Translator) -> dict[str, FloatArray]:
    """The weights that decoder_of leaves out, by their names."""
    return {
        name: value
        for name, value in _numbers(network).items()
        if name.startswith(("encoder.", "combine."))
    }


def of_numbers(decoder: Model, others: Mapping[str, FloatArray]) -> Translator:
    """The network that decoder_of and others took apart."""
    assert decoder.head is not None
    network = Translator("combine.weight" in others)
    weights = {f"decoder.{name}": value for name, value in decoder.weights.items()}
    weights |= {"head.weight": decoder.head.weight, "head.bias": decoder.head.bias, **others}
    network.load_state_dict({name: torch.tensor(value) for name, value in weights.items()})
    return network.eval()


def _given(inputs: int) -> RNNSpec:
    return RNNSpec("GRU", inputs, HIDDEN, init="given")


def _numbers(module: nn.Module) -> dict[str, FloatArray]:
    return {name: frozen(value.detach().numpy()) for name, value in module.named_parameters()}
