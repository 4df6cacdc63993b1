"""The same sequence in other orders: labels go with their steps."""

import numpy as np
import pytest

from seqviz.data.order import reversed_order, shuffled, swapped
from seqviz.errors import SeqvizError
from seqviz.types import InputSequence


@pytest.fixture
def word() -> InputSequence:
    return InputSequence(
        np.eye(5, dtype=np.float32), tuple("hello"), tuple("abcde"), "word", 8.0, "text"
    )


def pairs(sequence: InputSequence) -> list[tuple[str, bytes]]:
    return [(a, x.tobytes()) for a, x in zip(sequence.labels, sequence.x, strict=True)]


def test_other_orders_keep_labels_with_their_steps(word):
    before = pairs(word)
    assert pairs(reversed_order(word)) == before[::-1]
    assert pairs(swapped(word, 1)) == [before[t] for t in (0, 2, 1, 3, 4)]
    assert sorted(pairs(shuffled(word, 3))) == sorted(before)
    for one in (reversed_order(word), swapped(word, 1), shuffled(word, 3)):
        assert (one.kind, one.sample_rate, one.feature_names) == ("text", 8.0, tuple("abcde"))
        assert one.name.startswith("word (") and one.digest != word.digest
    assert pairs(word) == before


def test_a_shuffle_is_its_seed(word):
    assert pairs(shuffled(word, 3)) == pairs(shuffled(word, 3))
    assert len({tuple(shuffled(word, seed).labels) for seed in range(20)}) > 5
    with pytest.raises(SeqvizError):
        shuffled(word, -1)


def test_only_neighbours_that_exist_are_swapped(word):
    for t in (-1, 4, 99):
        with pytest.raises(SeqvizError, match="between 1 and 4"):
            swapped(word, t)
    with pytest.raises(SeqvizError, match="one step"):
        swapped(InputSequence(np.ones((1, 1), np.float32)), 0)
    assert len(shuffled(InputSequence(np.ones((1, 1), np.float32)))) == 1
