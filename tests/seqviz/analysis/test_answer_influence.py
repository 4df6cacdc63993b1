"""The sentence about an answer names the inputs that its norms single out."""

import numpy as np
import pytest

from seqviz.analysis.answer_influence import answer_in_words
from seqviz.analysis.influence import Influence
from seqviz.errors import SeqvizError


def influence(*sizes, inputs=None):
    """The last of as many answers as there are inputs has these influences."""
    norms = np.zeros((len(sizes), len(sizes)), np.float32)
    norms[-1] = sizes
    return Influence(norms, np.arange(len(sizes)) if inputs is None else inputs, 0, answer=True)


@pytest.mark.parametrize(
    ("sizes", "says"),
    [
        ((0, 4, 0.4, 3, 0), "step 5 depends most on steps 2 and 4; none of the others counts for "
         "more than 10 % as much."),
        ((5, 0, 0), "step 3 depends most on step 1."),
        ((3, 3, 2.9, 0.001), "step 4 depends most on steps 1, 2 and 3; none of the others counts "
         "for more than 1 % as much."),
        ((1, 2, 1, 1, 0), "step 5 depends on many inputs: most on step 2, and at least half as "
         "much on 3 others."),
        ((np.nan, 2, 0), "step 3 depends most on step 2."),
        ((0, 0), "step 2 depends on none of the inputs."),
    ],
)  # fmt: skip
def test_the_largest_are_named(sizes, says):
    found = influence(*sizes)
    assert answer_in_words(found, len(sizes) - 1) == f"The answer at {says}"


def test_what_cannot_be_measured_is_said():
    words = answer_in_words(influence(np.nan, np.nan), 1)
    assert words == "At step 2 nothing can be measured: the states left the range of float32."
    with pytest.raises(SeqvizError, match="t is 2"):
        answer_in_words(influence(1, 2), 2)


def test_left_out_steps_keep_their_numbers():
    found = influence(9, 1, 0, inputs=np.array([0, 10, 20]))
    assert "most on step 1; none" in answer_in_words(found, 2)
