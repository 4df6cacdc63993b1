"""A text whose words are the stronger coloured the less they were expected."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from seqviz.figures import palette

MOST_BITS = 12.0  # of surprise, beyond which the colour is no stronger
STRONGEST = 0.5  # of the colour: its word stays legible on it


def surprise_words(words: Sequence[tuple[str, float]], theme: str = "light") -> str:
    """HTML of words with -log2 p each, in bits; pointing at one says its number."""
    red, green, blue = (int(palette.POSITIVE[k : k + 2], 16) for k in (1, 3, 5))
    spans = []
    for word, bits in words:
        share = STRONGEST * min(max(bits, 0.0), MOST_BITS) / MOST_BITS
        spans.append(
            f'<span title="{bits:.1f} bits" style="background:rgba({red},{green},{blue},'
            f'{share:.2f});padding:2px 3px;border-radius:4px">{escape(word)}</span>'
        )
    return f'<div style="line-height:2;color:{palette.INK[theme]}">{" ".join(spans)}</div>'
