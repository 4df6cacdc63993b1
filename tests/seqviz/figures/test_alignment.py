"""The alignment shows every number at its words."""

import numpy as np
import pytest
from refusals import refused

from seqviz.figures.alignment import alignment

ATTENTION = np.float32([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_number_stands_at_its_words(theme):
    figure = alignment(ATTENTION, ["the", "cat"], ["le", "chat", "⏎"], theme)
    (heat,) = figure.data
    assert np.array_equal(heat.z, ATTENTION) and (heat.zmin, heat.zmax) == (0, 1)
    assert list(figure.layout.xaxis.ticktext) == ["the", "cat"]
    assert list(figure.layout.yaxis.ticktext) == ["le", "chat", "⏎"]


def test_words_that_do_not_fit_are_refused():
    assert "does not fit" in refused(alignment, ATTENTION, ["the"], ["le"])
