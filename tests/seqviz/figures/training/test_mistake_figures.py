"""The pictures of mistakes hold the counts and values they are given."""

import numpy as np
import pytest
from refusals import refused

from seqviz.figures.training.mistakes import confusion_matrix, error_bars


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_rows_of_a_confusion_matrix_are_shares_with_their_counts(theme):
    figure = confusion_matrix(("<b>", "b"), ((3, 1), (0, 4)), theme)
    (drawn,) = figure.data
    assert np.array(drawn.z).tolist() == [[0.75, 0.25], [0, 1]]
    assert [list(row) for row in drawn.text] == [["3", "1"], ["", "4"]]
    assert "<b>" not in figure.layout.xaxis.ticktext[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_bar_for_each_method_in_each_group(theme):
    figure = error_bars(
        ("Jan", "Feb"), {"This network": (1, 2), "AR(1)": (3, 4)}, asked="month", measure="MAE",
        theme=theme,
    )  # fmt: skip
    assert [list(bar.y) for bar in figure.data] == [[1, 2], [3, 4]]
    assert figure.layout.yaxis.title.text == "MAE" and figure.layout.xaxis.title.text == "month"


def test_numbers_that_do_not_fit_are_refused():
    assert "do not fit" in refused(confusion_matrix, ("a", "b"), ((1, 2),))
    assert "values" in refused(error_bars, ("a", "b"), {"x": (1,)}, asked="", measure="")
