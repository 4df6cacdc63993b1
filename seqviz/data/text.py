"""Text -> steps a network reads, one per character as a reader sees it, or one per word."""

from __future__ import annotations

import numpy as np

from seqviz.data.alphabet import Alphabet
from seqviz.data.symbols import UNITS, is_visible, split
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_STEPS, MAX_SYMBOLS, MAX_TEXT, MAX_WEIGHT_INPUTS
from seqviz.types import FloatArray, InputSequence

__all__ = ["UNITS", "embedded", "one_hot", "shorten"]


def one_hot(text: str, unit: str = "characters", alphabet: Alphabet | None = None) -> InputSequence:
    """text as an InputSequence of kind "text": x (T, I) float32 with a single 1 in each row.

    unit: "characters" or "words", see symbols.split. labels: each step's symbol as it is shown,
    or of one that is not in the alphabet the symbol read for it. feature_names: those of the
    alphabet; without one the different symbols, in order of their code points.

    Raises SeqvizError when nothing visible is there, when there are more than MAX_STEPS or
    without an alphabet MAX_SYMBOLS different symbols (`shorten` gives the part that fits), or when
    one is not in the alphabet and no other stands for it.
    """
    symbols = _symbols(text, unit, alphabet)
    if alphabet is None:
        alphabet = Alphabet(tuple(sorted(set(symbols))))
    elif len(alphabet) > MAX_WEIGHT_INPUTS:
        raise SeqvizError(
            f"This alphabet has {len(alphabet):,} symbols and one-hot steps have at most "
            f"{MAX_WEIGHT_INPUTS:,} features: use an embedding, or a smaller alphabet."
        )
    x = np.zeros((len(symbols), len(alphabet)), np.float32)  # (T, I)
    x[np.arange(len(symbols)), [alphabet.place[symbol] for symbol in symbols]] = 1.0
    labels = tuple(alphabet.shown(symbol) for symbol in symbols)
    return InputSequence(x, labels, alphabet.names, name=_title(labels, unit), kind="text")


def embedded(text: str, unit: str, alphabet: Alphabet, matrix: FloatArray) -> InputSequence:
    """text as nn.Embedding gives it: x (T, I), at each step the symbol's row of matrix (V, I).

    alphabet: what the rows stand for, from the first on; there may be more rows than symbols.
    Raises SeqvizError as `one_hot`, and when there are fewer rows than symbols.
    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html
    """
    rows, features = matrix.shape
    if rows < len(alphabet):
        raise SeqvizError(
            f"The embedding has {rows:,} rows and the alphabet {len(alphabet):,} symbols: give the "
            f"{rows:,} symbols the network was trained on, in their order."
        )
    symbols = _symbols(text, unit, alphabet)
    x = matrix[[alphabet.place[symbol] for symbol in symbols]]  # (T, I)
    labels = tuple(alphabet.shown(symbol) for symbol in symbols)
    names = tuple(f"e{k}" for k in range(features))
    return InputSequence(x, labels, names, name=_title(labels, unit), kind="text")


def shorten(text: str, unit: str = "characters", any_symbols: bool = False) -> str:
    """The longest beginning of text that `one_hot` takes: MAX_STEPS, MAX_SYMBOLS different.

    any_symbols: as many different ones as there are, with an alphabet.
    """
    ends = split(text, unit)
    fits = _leading([symbol for symbol, _ in ends], any_symbols)
    if len(text) <= MAX_TEXT and fits == len(ends):
        return text
    return text[: ends[fits - 1][1]] if fits else ""


def _symbols(text: str, unit: str, alphabet: Alphabet | None) -> tuple[str, ...]:
    """The symbols to read, one a step."""
    symbols = [symbol for symbol, _ in split(text, unit)]
    if not any(is_visible(symbol) for symbol in symbols):
        raise SeqvizError("There is no text to read: type at least one visible character.")
    fits = _leading(symbols, alphabet is not None)
    if len(text) > MAX_TEXT or fits < len(symbols):
        raise SeqvizError(_too_much(text, unit, symbols, fits))
    return tuple(symbols) if alphabet is None else alphabet.read(symbols)


def _leading(symbols: list[str], any_symbols: bool) -> int:
    """How many symbols from the first on keep within both limits."""
    seen: set[str] = set()
    for steps, symbol in enumerate(symbols[:MAX_STEPS]):
        seen.add(symbol)
        if len(seen) > MAX_SYMBOLS and not any_symbols:
            return steps
    return min(len(symbols), MAX_STEPS)


def _too_much(text: str, unit: str, symbols: list[str], fits: int) -> str:
    part = f"{fits:,} {unit}" if fits > 1 else unit.removesuffix("s")  # "its first word"
    if len(text) > MAX_TEXT:
        return (
            f"This text is {len(text):,} code points long and seqviz reads at most "
            f"{MAX_TEXT:,}: use its first {part} or type less."
        )
    different = len(set(symbols))
    other = ", read it as characters" if unit == "words" and different > MAX_SYMBOLS else ""
    return (
        f"This text has {len(symbols):,} {unit} ({different:,} different) and seqviz shows at most "
        f"{MAX_STEPS:,} ({MAX_SYMBOLS} different): use its first {part}{other} or type less."
    )


def _title(labels: tuple[str, ...], unit: str) -> str:
    start = (" " if unit == "words" else "").join(labels[:24]).replace("␣", " ")
    return start[:24].strip() + ("…" if len(labels) > 24 or len(start) > 24 else "")
