"""JSON: every layout of a table read, every other refused in one sentence."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from refusals import at_most
from uploads import refused, table

nan = np.nan


@pytest.mark.parametrize(
    ("value", "columns", "values"),
    [
        ([1, 2.5, True, None], ("value",), [[1], [2.5], [1], [nan]]),
        ([[1, 2], [3, 4]], ("column 1", "column 2"), [[1, 2], [3, 4]]),
        ([{"a": 1, "b": 2}, {"b": 4, "a": 3}], ("a", "b"), [[1, 2], [3, 4]]),
        ([{"a": 1}, {"b": 2}], ("a", "b"), [[1, nan], [nan, 2]]),
        ({"a": [1, 2], "b": [3, 4]}, ("a", "b"), [[1, 3], [2, 4]]),
        ({"a": 1, "b": 2}, ("a", "b"), [[1, 2]]),
        (["1", "2e1"], ("value",), [[1], [20]]),
        ([10**400, -(10**400)], ("value",), [[np.inf], [-np.inf]]),
    ],
)
def test_json_is_read(value, columns, values):
    found = table("t.json", json.dumps(value))
    assert found.columns == columns
    np.testing.assert_array_equal(found.values, values)


@pytest.mark.parametrize("orient", ["columns", "index", "split", "records", "values", "table"])
def test_every_pandas_layout_is_read(orient):
    frame = pd.DataFrame({"a": [1.5, 2, 3], "b": [4, 5, 6]})
    found = table("t.json", frame.to_json(orient=orient))
    np.testing.assert_array_equal(found.values[:, -2:], frame.to_numpy())
    if orient != "values":
        assert found.columns[-2:] == ("a", "b")


@pytest.mark.parametrize("orient", ["columns", "split"])
def test_a_pandas_index_of_words_becomes_labels(orient):
    frame = pd.DataFrame({"a": [1.5, 2]}, index=["mon", "tue"])
    found = table("t.json", frame.to_json(orient=orient))
    assert found.labels == ("mon", "tue")
    assert "text taken as labels (column 'index')" in found.description


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("{", "is not valid JSON (line 1)"),
        ("[1,\n2,,]", "is not valid JSON (line 2)"),
        ("[" * 100_000, "is not valid JSON"),
        ("[" + "1" * 5000 + "]", "is not valid JSON"),
        ("5", "holds no table"),
        ('"text"', "holds no table"),
        ("[]", "holds no table"),
        ("[1, [2]]", "holds no table"),
        ('{"a": [1], "b": 2}', "holds no table"),
        ("[[1, 2], [3]]", "Row 2 of t.json has 1 value and the table has 2 columns"),
        ("[[], []]", "has no columns"),
        ("[{}]", "has no rows"),
        ("[[[1]]]", "row 1 of 'column 1' holds another list"),
        ('{"a": [1, 2], "b": [1]}', "column 'b' has 1 value and 'a' has 2"),
        ('["x", "y"]', "column 'value' holds 'x' in row 1"),
        ('{"columns": ["a"], "data": [[1], 2]}', "Row 2 of t.json has no list"),
    ],
)
def test_bad_json_is_refused(content, sentence):
    assert sentence in refused("t.json", content)


def test_json_objects_with_keys_of_their_own_do_not_multiply():
    value = [{f"k{row}": row} for row in range(20_000)]  # as a table: 400 million cells
    with at_most(60):
        assert "20,000 columns" in refused("t.json", json.dumps(value))
    inner = {f"c{k}": {f"r{k}-{j}": 1 for j in range(20)} for k in range(900)}
    assert "18,000 × 900 values" in refused("t.json", json.dumps(inner))


@pytest.mark.parametrize(
    ("content", "columns", "values"),
    [
        ('{"a": 1, "b": 2}\n{"a": 3, "b": null}\n', ("a", "b"), [[1, 2], [3, nan]]),
        ("[1, 2]\n\n[3, 4]", ("column 1", "column 2"), [[1, 2], [3, 4]]),
        ("1.5\r\n2\r\n", ("value",), [[1.5], [2]]),
        ('{"v": "12%"}\n{"v": "5%"}', ("v",), [[12], [5]]),
    ],
)
def test_jsonl_is_read(content, columns, values):
    found = table("t.jsonl", content)
    assert found.columns == columns
    np.testing.assert_array_equal(found.values, values)


def test_jsonl_of_pandas_comes_back():
    frame = pd.DataFrame({"day": ["mon", "tue"], "v": [1.5, 2]})
    found = table("t.jsonl", frame.to_json(orient="records", lines=True))
    assert found.labels == ("mon", "tue") and found.values.tolist() == [[1.5], [2]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"a": 1}\n\n{"a": \n', "Line 3 of t.jsonl is not valid JSON: give every line one"),
        ("[" * 100_000, "Line 1 of t.jsonl is not valid JSON"),
        ('{"a": 1}\n5', "holds no table"),
        ('{"a": [1]}', "row 1 of 'a' holds another list"),
        (" \n", "is empty"),
    ],
)
def test_bad_jsonl_is_refused(content, sentence):
    assert sentence in refused("t.jsonl", content)
