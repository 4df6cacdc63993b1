"""A network comes back from its file as it was, or as float16 rounds it."""

import numpy as np
import pytest
from refusals import refused

import seqviz
from seqviz.applications import weight_file
from seqviz.applications.weight_file import Stored
from seqviz.types import Head, Model, RNNSpec


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(weight_file, "FOLDER", tmp_path)
    weight_file.read.cache_clear()
    yield tmp_path
    weight_file.read.cache_clear()


def network(hidden=4):
    spec = RNNSpec("GRU", 2, hidden)
    module = seqviz.build(spec)
    weights = {name: value.detach().numpy() for name, value in module.named_parameters()}
    rows = np.random.default_rng(0).normal(size=(3, hidden))
    return Model(spec, weights, Head(rows, [0.1, 0.2, 0.3], "softmax", ("a", "b", "c")))


@pytest.mark.parametrize("half", [False, True])
def test_what_is_written_is_read(folder, half):
    model, loss = network(), np.float32([1.5, 0.3])
    size = weight_file.write(
        "one", Stored(model, loss, {"words": ["a"]}, {"other.weight": loss}), half=half
    )
    assert size == (folder / "one.safetensors").stat().st_size
    again = weight_file.read("one")
    assert again.model.spec == model.spec and again.notes == {"words": ["a"]}
    assert again.model.head.names == ("a", "b", "c") and again.model.head.activation == "softmax"
    assert again.loss.tolist() == loss.tolist() and set(again.extra) == {"other.weight"}
    assert np.allclose(again.extra["other.weight"], loss, atol=1e-3)
    number = np.float16 if half else np.float32
    for name, value in model.weights.items():
        assert np.array_equal(again.model.weights[name], value.astype(number).astype(np.float32))
    assert np.array_equal(again.model.head.weight, np.float32(number(model.head.weight)))


def test_a_file_has_its_bound(folder):
    assert "in half precision" in refused(weight_file.write, "big", Stored(network(300), [1.0]))
    headless = Model(network().spec, network().weights)
    assert "has no head" in refused(weight_file.write, "none", Stored(headless, [1.0]))


@pytest.mark.parametrize("damage", [None, b"", b"12345678rubbish", b"\2\0\0\0\0\0\0\0{}"])
def test_a_missing_or_damaged_file_says_how_to_make_it(folder, damage):
    if damage is not None:
        (folder / "one.safetensors").write_bytes(damage)
    assert "python -m seqviz.applications train one" in refused(weight_file.read, "one")
