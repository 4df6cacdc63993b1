"""Rows and columns of a table as a sequence, and what to offer when it is too long."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from uploads import table

from seqviz.data.table import Table
from seqviz.data.table_selection import select, ways_to_fit
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FEATURES, MAX_STEPS

nan = np.nan


def numbers(*columns) -> Table:
    """A Table with columns x0, x1, ..."""
    values = np.array(columns, dtype=np.float64).T
    return Table(tuple(f"x{k}" for k in range(len(columns))), values, None, "t.csv", "")


def test_select_takes_rows_and_columns():
    found = table(
        "t.csv", "day,a,b,c\n" + "".join(f"2024-01-0{k},{k},{-k},7\n" for k in range(1, 9))
    )
    sequence = select(found, ["c", "a"], start=1, stop=7, stride=2)
    np.testing.assert_array_equal(sequence.x, [[7, 2], [7, 4], [7, 6]])
    assert sequence.labels == ("2024-01-02", "2024-01-04", "2024-01-06")
    assert sequence.feature_names == ("c", "a")
    assert sequence.kind == "curve" and sequence.name == "t.csv"
    unlabelled = select(numbers(range(9)), ["x0"], start=2, stride=3)
    assert unlabelled.labels == ("3", "6", "9")
    assert len(select(found, ["a"], stop=999)) == 8


def test_one_row_is_a_sequence_of_one_step():
    assert select(table("t.csv", "1,2,3"), ["column 1", "column 3"]).x.tolist() == [[1, 3]]


def test_standardise_equals_torch():
    x = (
        torch.randn(50, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 7
        + 100
    )
    found = select(numbers(*x.T.numpy()), ["x0", "x1", "x2"], standardise=True)
    expected = (x - x.mean(0)) / x.std(0, unbiased=False)
    np.testing.assert_allclose(found.x, expected.numpy(), atol=1e-6)


@pytest.mark.parametrize("constant", [0.0, 0.1, -5.0, 1e300, 5e-324])
def test_constants_standardise_to_zero(constant):
    found = select(numbers([constant] * 7, range(7)), ["x0", "x1"], standardise=True)
    assert (found.x[:, 0] == 0).all()
    assert found.x[:, 1].std() == pytest.approx(1)
    assert (select(numbers([4.0]), ["x0"], standardise=True).x == 0).all()


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_extreme_magnitudes_standardise(scale):
    found = select(numbers(scale * np.array([-1.0, 0, 1])), ["x0"], standardise=True)
    np.testing.assert_allclose(found.x[:, 0], [-(1.5**0.5), 0, 1.5**0.5], rtol=1e-6)


@pytest.mark.parametrize(
    ("value", "word"), [(nan, "is empty or not a number"), (np.inf, "infinity")]
)
def test_gaps_are_named_and_other_columns_stay_usable(value, word):
    found = numbers([1, 2, 3, 4], [1, 2, value, 4])
    with pytest.raises(SeqvizError, match=f"Column 'x1', row 3 of t.csv .*{word}.*choose other"):
        select(found, ["x0", "x1"])
    assert found.complete == ("x0",)
    assert len(select(found, found.complete)) == 4
    assert len(select(found, ["x1"], stop=2)) == 2


def test_numbers_beyond_float32_are_refused():
    found = numbers([1, 1e39, 3])
    with pytest.raises(SeqvizError, match=r"row 2 of t.csv holds 1e\+39, beyond float32"):
        select(found, ["x0"])
    assert select(found, ["x0"], standardise=True).x.max() > 1


def test_nothing_is_cut_in_silence():
    found = numbers(range(5000))
    with pytest.raises(SeqvizError) as error:
        select(found, ["x0"])
    assert str(error.value) == (
        "5,000 rows are chosen and a sequence can have at most 2,000 steps: use the first 2,000 "
        "rows or the last 2,000 rows or every 3rd row."
    )
    wide = numbers(*np.zeros((65, 2)))
    with pytest.raises(SeqvizError, match="65 columns are chosen and a step can have at most 64"):
        select(wide, wide.columns)
    assert select(found, ["x0"], stride=3).x.shape == (1667, 1)
    assert select(wide, wide.columns[:MAX_FEATURES]).x.shape == (2, MAX_FEATURES)


@settings(max_examples=100)
@given(steps=st.integers(1, 10**7))
def test_every_way_fits(steps):
    ways = ways_to_fit(steps)
    assert bool(ways) == (steps > MAX_STEPS)
    for way in ways:
        taken = range(steps)[way.start : way.stop : way.stride]
        assert MAX_STEPS / 2 < len(taken) <= MAX_STEPS


@pytest.mark.parametrize(
    ("steps", "said"), [(4001, "3rd"), (3000, "2nd"), (22_000, "11th"), (42_000, "21st")]
)
def test_ways_are_said_in_english(steps, said):
    assert ways_to_fit(steps)[-1].label == f"every {said} row"


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"columns": []}, "Choose at least one column"),
        ({"columns": ["q"]}, "no numeric column 'q': choose from x0"),
        ({"stride": 0}, "stride is 0"),
        ({"start": 4}, "between the first, 5, and the last, 4"),
        ({"start": -1}, "No row lies between"),
        ({"start": 3, "stop": 2}, "between the first, 4, and the last, 2"),
        ({"stop": -5}, "No row lies between"),
    ],
)
def test_impossible_choices_are_refused(choice, sentence):
    with pytest.raises(SeqvizError, match=sentence):
        select(numbers(range(4)), **{"columns": ["x0"], **choice})
