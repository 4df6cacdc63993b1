"""The figures show the measured numbers, all of them."""

import numpy as np
import pytest
from refusals import refused

from seqviz.analysis.through_training import ThroughTraining
from seqviz.figures.training.through_training import eigenvalue_walk, horizon_growth

MEASURED = ThroughTraining(
    iterations=np.array([0, 5, 10]),
    eigenvalues={"W_hh": np.array([[0.1, 0.2j], [0.5, 0.4j], [0.9, 1.3j]])},
    half=np.array([1.0, 2.0, np.inf]),
    hundredth=np.array([3.0, np.inf, np.inf]),
    steps=20,
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_eigenvalue_is_a_point(theme):
    figure = eigenvalue_walk(MEASURED, "W_hh", theme)
    points = {one.name: np.asarray(one.x) + 1j * np.asarray(one.y) for one in figure.data}
    assert np.array_equal(points["before training"], MEASURED.eigenvalues["W_hh"][0])
    assert np.array_equal(points["on the way"], MEASURED.eigenvalues["W_hh"][1])
    assert np.array_equal(points["iteration 10"], MEASURED.eigenvalues["W_hh"][2])
    assert figure.layout.xaxis.range[1] > 1.3


def test_what_is_not_gone_stands_on_the_last_step():
    half, hundredth = horizon_growth(MEASURED).data
    assert list(half.y) == [1, 2, 20] and list(hundredth.y) == [3, 20, 20]
    assert list(half.x) == [0, 5, 10]


def test_another_block_is_refused():
    assert "W_hh" in refused(eigenvalue_walk, MEASURED, "W_hf")
