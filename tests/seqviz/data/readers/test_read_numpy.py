"""NPY and NPZ: arrays of every kind read, forged headers and archives refused unopened."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import at_most
from uploads import npy, npz, refused, table

from seqviz.data.readers.files import members, read
from seqviz.errors import SeqvizError

nan = np.nan


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<f2", "|i1", ">i4", "<u8", "|b1", "longdouble"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_is_read(dtype, order):
    array = np.array([[0, 1, 1], [1, 0, 0]], dtype=dtype, order=order)
    np.testing.assert_array_equal(table("t.npy", npy(array)).values, array.astype(float))


@pytest.mark.parametrize(
    ("shape", "read_as"),
    [((4,), (4, 1)), ((1, 3), (1, 3)), ((4, 1, 3), (4, 3)), ((1, 4, 3), (4, 3))],
)
def test_npy_shapes(shape, read_as):
    array = torch.randn(shape, generator=torch.Generator().manual_seed(0)).numpy()
    found = table("t.npy", npy(array))
    np.testing.assert_array_equal(found.values, array.reshape(read_as))
    assert (f"shape {shape} read as {read_as}" in found.description) == (len(shape) == 3)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"nonsense", "is not an NPY array"),
        (b"\x93NUMPY\x01\x00\xff\xff", "has a header of 65,535 bytes"),
        (npy(np.array(3.0)), "has shape ()"),
        (npy(np.ones((2, 2, 2, 2))), "has shape (2, 2, 2, 2)"),
        (npy(np.ones((0, 2, 2))), "has shape (0, 2, 2)"),
        (npy(np.ones((0, 3))), "has shape (0, 3)"),
        (npy(np.array(["a"])), "holds no plain array of numbers"),
        (npy(np.array([1j])), "holds no plain array of numbers"),
        (npy(np.array([{}]), allow_pickle=True), "holds no plain array of numbers"),
        (npy(np.array(["2024-01-01"], "M8[D]")), "holds no plain array of numbers"),
        (npy(np.ones(100))[:-5], "announces shape (100,), 800 bytes, and holds 795"),
        (npy(np.ones((2, 200_000), "i1")), "has 200,000 columns"),
        (npy(np.ones(9)).replace(b"<f8", b"<f3"), "unknown type '<f3'"),
        (npy(np.ones(9)).replace(b"(9,)", b"(" + b"9," * 20 + b")"), "impossible shape"),
    ],
)
def test_bad_npy_is_refused(data, sentence):
    assert sentence in refused("t.npy", data)


@pytest.mark.parametrize(
    "shape", [b"(8000000000,)", b"(8000000,)", b"(80000, 100)", b"(999999, 0)"]
)
def test_a_forged_npy_shape_costs_no_memory(shape):
    with at_most(1):
        refused("t.npy", npy(np.ones(10)).replace(b"(10,)", shape))


def test_npz_offers_its_arrays():
    data = npz(words=np.array(["x"]), cube=np.ones((2, 2, 2)), a=np.arange(3), b=np.eye(2))
    assert members("t.npz", data) == {
        "cube": "cube (2, 2, 2)",
        "a": "a (3,)",
        "b": "b (2, 2)",
    }
    assert members("t.csv", data) == {}
    first = table("t.npz", data)
    np.testing.assert_array_equal(first.values, [[0], [1], [2]])
    assert "array 'a', one of 3" in first.description
    np.testing.assert_array_equal(table("t.npz", data, member="b").values, np.eye(2))
    assert "has no array 'q': choose from cube, a, b." in refused("t.npz", data, member="q")
    assert table("t.npz", data, member="cube").sequences == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK", "is not an NPZ archive"),
        (npz(a=np.ones(3))[:-30], "is not an NPZ archive"),
        (npz(), "holds no array of numbers"),
        (npz(a=np.array(["x"])), "holds no array of numbers"),
        (npz(a=np.ones((2, 2, 2, 2))), "No array of t.npz has the shape of a sequence (a)"),
    ],
)
def test_bad_npz_is_refused(data, sentence):
    assert sentence in refused("t.npz", data)


def _misplaced() -> bytes:
    """An NPZ whose end says that its list of members starts 1000 bytes further on."""
    data = bytearray(npz(a=np.ones(3)))
    data[-6:-2] = struct.pack("<I", struct.unpack("<I", data[-6:-2])[0] + 1000)
    return bytes(data)


@pytest.mark.parametrize(
    "data", [_misplaced(), npz(é=np.ones(3)).replace("é".encode(), b"\xc3(", 1)]
)
def test_a_damaged_npz_says_so_to_read_and_to_arrays(data):
    assert "damaged" in refused("t.npz", data)
    with pytest.raises(SeqvizError, match="damaged"):
        members("t.npz", data)


@settings(max_examples=200)
@given(
    flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 255)), max_size=5),
    cut=st.integers(1, 3000),
)
def test_arrays_of_a_damaged_npz(flips, cut):
    data = bytearray(npz(é=np.eye(3), b=np.arange(4)))
    for at, change in flips:
        data[-1 - at % len(data)] ^= change
    with at_most(60):
        try:
            listed = members("t.npz", bytes(data[:cut]))
        except SeqvizError as error:
            listed = {}
            assert "\n" not in str(error)
        for member in listed:
            with contextlib.suppress(SeqvizError):
                assert read("t.npz", bytes(data[:cut]), member).columns


def test_npz_bombs_are_refused_unopened():
    honest = npz(a=np.zeros(9_000_000, np.float64))  # 69 MB
    forged = honest.replace(struct.pack("<Q", 72_000_128), struct.pack("<Q", 5000))
    forged = forged.replace(struct.pack("<I", 72_000_128), struct.pack("<I", 5000))
    assert forged != honest
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.npy", npy(np.zeros(9)))
    with at_most(5):
        assert "would unpack to 69 MB and at most 64 MB" in refused("t.npz", honest)
        refused("t.npz", forged)
        assert "packed in an unusual way" in refused("t.npz", stream.getvalue())
        assert "would unpack" in pytest.raises(SeqvizError, members, "t.npz", honest).value.args[0]


def test_an_archive_of_many_files_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for k in range(1001):
            archive.writestr(f"{k}.npy", b"")
    assert "holds 1,001 files" in refused("t.npz", stream.getvalue())


@pytest.mark.parametrize("order", ["C", "F"])
def test_one_of_several_sequences(order):
    array = np.random.default_rng(0).normal(size=(3, 4, 2)).copy(order=order)
    for name, data in (("t.npy", npy(array)), ("t.npz", npz(x=array))):
        for k in (1, 2, 3):
            found = table(name, data, sequence=k)
            np.testing.assert_array_equal(found.values, array[k - 1])
            assert found.sequences == 3
            said = f"shape (3, 4, 2) read as (4, 2), sequence {k} of 3"
            assert said in found.description
        for beyond, last in ((0, 0), (9, 2)):
            values = table(name, data, sequence=beyond).values
            np.testing.assert_array_equal(values, array[last])
    assert table("t.npy", npy(array[:, :1])).sequences == 1  # (T, 1, I)
    both = npz(batch=array, single=array[0])
    assert "array 'single'" in table("t.npz", both).description
