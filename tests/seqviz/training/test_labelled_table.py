"""A long CSV becomes labelled sequences, or one sentence says what it lacks."""

import io

import numpy as np
import pandas as pd
import pytest
from refusals import refused

from seqviz.training.labelled_table import read_labelled

ROWS = pd.DataFrame(
    {
        "series": np.repeat(["a", "b", "c", "d"], [3, 4, 3, 2]),
        "step": [2, 1, 3, 1, 2, 3, 4, 1, 2, 3, 1, 2],
        "x": np.arange(12) / 4,
        "y1": -np.arange(12.0),
        "label": np.repeat(["up", "down", "up", "down"], [3, 4, 3, 2]),
    }
)


def csv(table=ROWS, **options) -> bytes:
    written = io.StringIO()
    table.to_csv(written, index=False, **options)
    return written.getvalue().encode()


@pytest.mark.parametrize("sep", [",", ";", "\t"])
def test_each_series_is_an_example_in_the_order_of_its_steps(sep):
    examples = read_labelled("gestures.csv", csv(sep=sep))
    assert sorted(zip(map(len, examples.sequences), examples.labels, strict=True)) == [
        (2, "down"),
        (3, "up"),
        (3, "up"),
        (4, "down"),
    ]
    for name, rows in ROWS.groupby("series"):
        wanted = rows.sort_values("step")[["x", "y1"]].to_numpy(np.float32)
        assert any(np.array_equal(wanted, x) for x in examples.sequences), name


def test_columns_may_have_other_names_and_classes_may_be_numbers():
    table = ROWS.rename(columns={"series": "ID", "label": "Class", "step": "t"})
    table["Class"] = np.repeat([0, 1, 0, 1], [3, 4, 3, 2])
    assert read_labelled("a.csv", csv(table)).classes == ("0", "1")


def test_without_steps_rows_stand_in_their_order():
    table = ROWS.drop(columns="step")
    first = read_labelled("a.csv", csv(table)).sequences[0]
    assert np.array_equal(first[:, 0], np.float32([0, 0.25, 0.5]))


def test_numbers_are_read_as_people_write_them_and_words_are_no_feature():
    table = ROWS.assign(x=ROWS.x.map(lambda v: f"{v:.2f}".replace(".", ",")), by="Ann")
    examples = read_labelled("a.csv", csv(table, sep=";"))
    assert examples.input_size == 2
    assert np.array_equal(examples.sequences[0][:, 0], np.float32([0.25, 0, 0.5]))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (csv(ROWS.drop(columns="label")), "no column “label”"),
        (csv(ROWS.drop(columns="series")), "no column “series”"),
        (csv(ROWS[["series", "step", "label"]]), "no column of numbers"),
        (
            csv(ROWS.assign(x=[*range(11), np.nan])),
            "series d is missing, in row 12 below the header, column “x”:",
        ),
        (
            csv(ROWS.assign(x=[*range(4), "four", *range(7)])),
            "has “four” in row 5 below the header, column “x”, where most cells are numbers",
        ),
        (csv(ROWS.assign(label=["up", None] * 6)), "every row its class"),
        (csv(ROWS.assign(label="up")), "only “up”"),
        (csv(ROWS[ROWS.series.isin(["a", "b"])]), "has one example"),
        (b"", "is empty"),
        (b"series,label,x\na,up,1\nb,down,2,3,4,5\n", "no table"),
    ],
)
def test_what_is_lacking_is_said_in_a_sentence(data, said):
    assert said in refused(read_labelled, "gestures.csv", data)
