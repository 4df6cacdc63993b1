"""What a refusal has to be: one readable sentence, for little memory."""

import tracemalloc
from contextlib import contextmanager

import pytest

from seqviz.errors import SeqvizError


def refused(call, *arguments, **options) -> str:
    """The one sentence call refuses its arguments with."""
    with pytest.raises(SeqvizError) as caught:
        call(*arguments, **options)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 400
    return sentence


@contextmanager
def at_most(megabytes: float):
    """Python and NumPy allocate no more than this inside."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < megabytes * 2**20, f"{peak / 2**20:.1f} MB"
