"""Everything a run holds is compared, to the last bit."""

import numpy as np


def assert_same(run, other):
    """Two runs are equal."""
    assert run.iteration == other.iteration and run.diverged == other.diverged
    for name in ("loss", "accuracy", "gradient_norm", "generator"):
        np.testing.assert_array_equal(getattr(run, name), getattr(other, name))
    for name in ("weights", "last_good"):
        assert_same_arrays(getattr(run, name), getattr(other, name))
    assert len(run.optimizer) == len(other.optimizer)
    for one, two in zip(run.optimizer, other.optimizer, strict=True):
        assert_same_arrays(one, two)
    assert list(run.kept) == list(other.kept)
    for iteration, weights in run.kept.items():
        assert_same_arrays(weights, other.kept[iteration])


def assert_same_arrays(one, two):
    """The same names in the same order, with equal arrays."""
    assert list(one) == list(two)
    for name in one:
        np.testing.assert_array_equal(one[name], two[name])
