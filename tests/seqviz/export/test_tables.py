"""Files read back by their own libraries hold the trace's numbers, names and labels."""

import csv as stdlib_csv
import io
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
import safetensors.torch
import torch
from networks import answering, overflowing
from torch import nn

from seqviz import InputSequence, RNNSpec, SeqvizError, build, trace
from seqviz.export import tables
from seqviz.types import MODES
from seqviz.weights.files import read_weights
from seqviz.weights.recurrent_layers import find

X = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
LABELS = ("a", "b", "a", "c", "b")


def make(mode="LSTM", bidirectional=True, labels=LABELS, hidden=4):
    spec = RNNSpec(mode, 3, hidden, 2, bidirectional=bidirectional, seed=1)
    return trace(build(spec), InputSequence(X, labels), spec=spec)


def from_parquet(run):
    return pd.read_parquet(io.BytesIO(tables.parquet(run)))


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_parquet_has_every_value_once_in_its_place(mode, bidirectional):
    run = make(mode, bidirectional)
    table = from_parquet(run)
    assert tuple(table.columns) == tables.COLUMNS
    assert len(table) == tables.num_rows(run) == run.h.size * len(run.spec.quantities)
    for row in table.itertuples():
        way = tables.DIRECTIONS.index(row.direction)
        at = (row.layer - 1, way, row.step - 1, row.unit)
        assert run.quantity(row.quantity)[at] == np.float32(row.value)
        assert row.label == LABELS[row.step - 1]
    keys = ["step", "layer", "direction", "unit", "quantity"]
    assert not table.duplicated(keys).any()


def test_csv_reads_back_as_the_same_table():
    run = make()
    text = from_parquet(run).astype({name: str for name in ("label", "direction", "quantity")})
    from_csv = pd.read_csv(io.BytesIO(tables.csv(run)))
    assert tuple(from_csv.columns) == tables.COLUMNS
    for name in tables.COLUMNS:
        # the shortest decimal of a float32, so exact once it is a float32 again
        same_type = from_csv[name].to_numpy().astype(text[name].to_numpy().dtype)
        np.testing.assert_array_equal(same_type, text[name].to_numpy())


def test_parquet_has_one_row_group_a_block():
    file = pyarrow.parquet.ParquetFile(io.BytesIO(tables.parquet(make())))
    assert file.num_row_groups == 6 * 2 * 2  # h c i f g o, layers, directions
    assert file.metadata.row_group(0).num_rows == 5 * 4


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("＝1+1", "'＝1+1"),
        ("-0.5", "-0.5"),
        ("+3e2", "+3e2"),
        ("=", "="),
        ('say "hi", twice\nor so', 'say "hi", twice\nor so'),
        ("plain", "plain"),
    ],
)
def test_csv_keeps_labels_from_being_formulas(label, written):
    run = make("RNN_TANH", labels=(label, "b", "a", "c", "b"))
    text = tables.csv(run).decode("utf-8")
    rows = list(stdlib_csv.DictReader(io.StringIO(text, newline="")))
    assert rows[0]["label"] == written
    assert len(rows) == tables.num_rows(run)
    assert from_parquet(run)["label"].iloc[0] == label  # only CSV is opened by spreadsheets


def test_labels_that_utf8_cannot_hold_are_replaced():
    run = make("GRU", labels=("\ud800", "b", "?", "c", "b"))
    assert b'"?"' in tables.csv(run)
    assert from_parquet(run)["label"].iloc[0] == "?"


def test_values_that_overflowed_are_written_as_such():
    run = overflowing(4, hidden_size=2)
    assert np.isinf(run.h).any()
    read = pd.read_csv(io.BytesIO(tables.csv(run)))["value"]
    np.testing.assert_array_equal(read.to_numpy(np.float32), run.h.ravel())


def test_csv_refuses_what_would_fill_memory(monkeypatch):
    monkeypatch.setattr(tables, "CSV_ROWS", 100)
    with pytest.raises(SeqvizError, match="take Parquet or NPZ"):
        tables.csv(make())


@pytest.mark.parametrize("mode", MODES)
def test_npz_has_what_pytorch_returns_under_its_names(mode):
    run = make(mode, labels=("x" * 300, "é", "漢", "", "=1"))
    with np.load(io.BytesIO(tables.npz(run)), allow_pickle=False) as file:
        arrays = dict(file)
    rnn = build(run.spec)
    with torch.no_grad():
        output, last = rnn(torch.from_numpy(arrays["x"]), None)
    h_n, c_n = last if mode == "LSTM" else (last, None)
    np.testing.assert_allclose(arrays["output"], output, atol=1e-6)
    np.testing.assert_allclose(arrays["h_n"], h_n, atol=1e-6)
    if c_n is not None:
        np.testing.assert_allclose(arrays["c_n"], c_n, atol=1e-6)
        assert arrays["c_0"].shape == arrays["c_n"].shape == (4, 1, 4)
    for name, weight in rnn.state_dict().items():
        np.testing.assert_array_equal(arrays[name], weight)
    for name in run.spec.quantities:
        np.testing.assert_array_equal(arrays[name], run.quantity(name))
    assert arrays["h_0"].shape == (4, 1, 4)
    assert list(arrays["labels"]) == ["x" * tables.NPZ_LABEL, "é", "漢", "", "=1"]
    assert RNNSpec(**json.loads(str(arrays["spec"]))) == run.spec
    described = " ".join(arrays["axes"])
    assert all(name in described for name in ("output (T, N, D*H)", "h (L, D, T, H)"))


@pytest.mark.parametrize("mode", MODES)
def test_safetensors_loads_into_a_new_module(mode):
    run = make(mode)
    weights = safetensors.torch.load(tables.safetensors(run))
    kind = mode.split("_")[0]
    options = {"nonlinearity": "relu"} if mode == "RNN_RELU" else {}
    rnn = getattr(nn, kind)(3, 4, num_layers=2, bidirectional=True, **options)
    rnn.load_state_dict(weights)
    with torch.no_grad():
        output = rnn(torch.from_numpy(X)[:, None])[0]
    np.testing.assert_allclose(output[:, 0], run.output, atol=1e-6)


# ---- a trained network's head --------------------------------------------------------------------


@pytest.mark.parametrize("outputs", [1, 9])
def test_predictions_stand_last_as_a_quantity_of_the_layer_they_read(outputs):
    run = answering(make(), outputs)
    table = from_parquet(run)
    assert len(table) == tables.num_rows(run)
    rows = table[table.quantity == "prediction"]
    assert list(rows.index) == list(range(len(table) - 5 * outputs, len(table)))
    assert set(rows.layer) == {2} and set(rows.direction) == {"forward"}
    wide = rows.pivot(index="step", columns="unit", values="value")
    np.testing.assert_array_equal(wide, run.prediction)
    assert list(rows.label[::outputs]) == list(LABELS)
    read = pd.read_csv(io.BytesIO(tables.csv(run)))
    np.testing.assert_array_equal(read.value.to_numpy(np.float32), table.value)
    assert list(read.quantity) == list(table.quantity)


def test_npz_has_the_head_and_what_it_answers():
    run = answering(make(), 3, names=("a", "é", ""))
    with np.load(io.BytesIO(tables.npz(run)), allow_pickle=False) as file:
        arrays = dict(file)
    linear = nn.Linear(8, 3)
    linear.load_state_dict(
        {name: torch.tensor(arrays[f"head_{name}"]) for name in ("weight", "bias")}
    )
    with torch.no_grad():
        answers = linear(torch.tensor(arrays["output"])).softmax(dim=-1)
    np.testing.assert_allclose(arrays["prediction"], answers, atol=1e-6)
    assert json.loads(str(arrays["head"])) == {"activation": "softmax", "names": ["a", "é", ""]}
    assert any("prediction (T, N, K)" in line for line in arrays["axes"])


def test_safetensors_has_the_head_and_is_still_somebodys_own_weights():
    run = answering(make("GRU"), 3)
    saved = tables.safetensors(run)
    tensors = safetensors.torch.load(saved)
    np.testing.assert_array_equal(tensors["head.weight"], run.head.weight)
    np.testing.assert_array_equal(tensors["head.bias"], run.head.bias)
    found = find(read_weights("weights.safetensors", saved).tensors)
    (module,) = found.modules
    assert not found.problems and set(module.weights) == set(run.weights)
    for name, value in run.weights.items():
        np.testing.assert_array_equal(module.weights[name], value)


MEASURE = """
import resource, time, torch
import pyarrow.csv, pyarrow.parquet
from seqviz import RNNSpec, build, trace
from seqviz.export import tables
spec = RNNSpec("LSTM", 1, 128, 2)
run = trace(build(spec), torch.zeros(1000, 1), spec=spec)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
size = len(tables.csv(run))
print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_csv_of_a_large_lstm_is_quick_and_small():
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, timeout=120, check=True
    )
    seconds, grown = map(float, done.stdout.split())
    kilobytes = 1024 if sys.platform == "darwin" else 1  # what ru_maxrss counts in
    assert seconds < 5
    assert grown / kilobytes < 300_000
