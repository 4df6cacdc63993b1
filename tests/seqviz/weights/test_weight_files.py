"""Files of weights: every format gives back its tensors, nothing large or forged gets through."""

import io
import json
import struct
import zipfile

import numpy as np
import pytest
import safetensors.torch
import torch
from checkpoints import (
    MB,
    Evil,
    archive_of,
    as_arrays,
    cheaply_refused,
    model,
    npz,
    refused,
    rezipped,
    saved,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from seqviz.errors import SeqvizError
from seqviz.weights.files import read_weights
from seqviz.weights.recurrent_layers import describe, find

FORMATS = {
    "safetensors": safetensors.torch.save,
    "pt": saved,
    "npz": lambda state: npz(as_arrays(state)),
    "compressed npz": lambda state: npz(as_arrays(state), np.savez_compressed),
}


@pytest.mark.parametrize("write", FORMATS.values(), ids=FORMATS)
def test_every_format_gives_back_the_same_tensors(write):
    state = model().state_dict()
    read = read_weights("weights", write(state))
    assert read.notes == ()
    assert set(read.tensors) == set(state)
    for name, value in state.items():
        assert torch.equal(read.tensors[name], value)
        assert read.tensors[name].device.type == "cpu"


def test_the_tensors_are_those_of_torch_load():
    base = torch.arange(24.0)
    views = {
        "transposed": base.view(4, 6).t(),
        "strided": base[3::2],
        "shared": base[:6].view(2, 3),
        "scalar": torch.tensor(3.5),
        "empty": torch.empty(0, 4),
        "empty view": base.view(4, 6)[:, 6:],
        "parameter": nn.Parameter(base.clone()),
        "double": base.double(),
        "half": base.half(),
        "bfloat16": base.bfloat16(),
        "float8": base.to(torch.float8_e4m3fn),
        "uint16": base.to(torch.uint16),
        "bool": base > 3,
        "complex": torch.complex(base, base),
    }
    data = saved(views)
    expected = torch.load(io.BytesIO(data), weights_only=True)
    read = read_weights("weights.pt", data).tensors
    assert set(read) == set(expected)
    for name, value in expected.items():
        wanted = value.detach().float() if value.is_floating_point() else value
        assert read[name].dtype == wanted.dtype
        assert torch.equal(read[name], wanted)


def test_tensors_come_in_the_order_of_the_file():
    names = sorted(f"layer.{k}" for k in range(200))
    data = safetensors.torch.save({name: torch.zeros(1) for name in names})
    assert list(read_weights("w.safetensors", data).tensors) == names


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("write", [safetensors.torch.save, saved])
def test_other_precisions_become_float32_and_it_is_said(dtype, write):
    state = nn.GRU(2, 3).to(dtype).state_dict()
    read = read_weights("weights", write(state))
    assert read.notes == (f"4 tensors were {str(dtype)[6:]} and are read as float32.",)
    for name, value in state.items():
        assert torch.equal(read.tensors[name], value.float())
    assert len(find(read.tensors).modules) == 1


def test_npz_of_other_precisions_and_byte_orders():
    values = np.arange(6.0).reshape(3, 2)
    arrays = {
        "big-endian": values.astype(">f8"),
        "columns": np.asfortranarray(values),
        "long": values.astype(np.longdouble),
        "half": values.astype(np.float16),
        "scalar": np.float32(2.5),
        "beyond float64": np.array(["1e4000"], np.longdouble),
        "empty": np.empty((0, 3), np.float32),
    }
    read = read_weights("weights.npz", npz(arrays))
    assert read.notes == (
        "4 tensors were float64 and are read as float32.",
        "1 tensor was float16 and is read as float32.",
    )
    assert read.tensors["beyond float64"].isinf().all()
    del arrays["beyond float64"]
    for name, array in arrays.items():
        assert np.array_equal(read.tensors[name].numpy(), array.astype(np.float32))


@pytest.mark.parametrize("write", FORMATS.values(), ids=FORMATS)
def test_int8_weights_are_a_problem_and_other_integers_are_not(write):
    state = {f"rnn.{name}": value for name, value in nn.GRU(2, 3).state_dict().items()}
    state["norm.num_batches_tracked"] = torch.tensor(7)
    assert find(read_weights("weights", write(state)).tensors).problems == ()
    state["rnn.weight_hh_l0"] = (state["rnn.weight_hh_l0"] * 100).to(torch.int8)
    found = find(read_weights("weights", write(state)).tensors)
    assert found.modules == ()
    assert "rnn: weight_hh_l0 holds int8 numbers" in found.problems[0]


def test_quantised_tensors_are_int8():
    scales, zeros = torch.tensor([0.1, 0.1, 0.1]), torch.zeros(3, dtype=torch.int64)
    with pytest.warns(UserWarning, match="deprecated"):
        weight = torch.quantize_per_channel(torch.randn(3, 3), scales, zeros, 0, torch.qint8)
    state = {"rnn.weight_hh_l0": weight, "rnn.weight_ih_l0": torch.randn(3, 2)}
    assert "int8" in find(read_weights("weights.pt", saved(state)).tensors).problems[0]


def test_nested_checkpoints_are_flattened():
    state = nn.ModuleDict({"gru": nn.GRU(2, 3)}).state_dict()
    optimiser = {  # as torch.optim.Adam saves it
        "state": {0: {"step": torch.tensor(1.0), "exp_avg": torch.zeros(9, 2)}},
        "param_groups": [{"lr": 0.001, "betas": (0.9, 0.999), "amsgrad": False, "params": [0]}],
    }
    checkpoint = {
        "epoch": 3,
        "state_dict": state,
        "optimizer": optimiser,
        "ema": {"decoder": state},
        "history": [0.5, (1, None, True)],
        "device": torch.device("cpu"),
        "shape": torch.Size([2, 3]),
        "dtype": torch.float16,
        "best": np.float64(0.25),
        "raw": b"bytes",
    }
    read = read_weights("checkpoint.pth", saved(checkpoint))
    assert [describe(module) for module in find(read.tensors).modules] == [
        "gru: GRU, 1 layer, input_size 2, hidden_size 3",
        "ema.decoder.gru: GRU, 1 layer, input_size 2, hidden_size 3",
    ]


def test_two_wrappers_keep_their_names_apart():
    state, other = nn.GRU(1, 2).state_dict(), nn.GRU(1, 2).state_dict()
    read = read_weights("checkpoint.pt", saved({"model": state, "weights": other})).tensors
    assert torch.equal(read["model.weight_ih_l0"], state["weight_ih_l0"])
    assert torch.equal(read["weights.weight_ih_l0"], other["weight_ih_l0"])


def test_a_name_taken_twice_keeps_both():
    clash = {"rnn.bias": torch.zeros(1), "state_dict": {"rnn.bias": torch.ones(1)}}
    read = read_weights("checkpoint.pt", saved(clash)).tensors
    assert torch.equal(read["rnn.bias"], torch.zeros(1))
    assert torch.equal(read["state_dict.rnn.bias"], torch.ones(1))


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_other_pickle_protocols(protocol):
    state = nn.LSTM(2, 3).state_dict()
    read = read_weights("weights.pt", saved(state, pickle_protocol=protocol)).tensors
    assert all(torch.equal(read[name], value) for name, value in state.items())


# hostile sizes


def test_a_zip_bomb_of_zeros():
    bomb = rezipped(saved({"weight_ih_l0": torch.zeros(MB)}), {}, compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 20_000
    assert "unpacks to 4 MB" in cheaply_refused(bomb, max_bytes=MB)
    packed = npz({"weight_ih_l0": np.zeros(MB, np.float32)}, np.savez_compressed)
    assert "unpacks to 4 MB" in cheaply_refused(packed, max_bytes=MB)


def test_a_zip_that_lies_about_its_size():
    """The directory says 100 bytes, the stream has 32 MB: only 100 are ever unpacked."""
    packed = npz({"a": np.zeros(8 * MB, np.float32)}, np.savez_compressed)
    size = struct.pack("<I", 8 * MB * 4 + 128)
    assert packed.count(size) >= 1
    cheaply_refused(packed.replace(size, struct.pack("<I", 100)), max_bytes=MB)


def test_shared_storage_counts_as_often_as_it_is_named():
    big = torch.zeros(MB // 8)
    data = saved({f"tensor{n}": big.view(-1) for n in range(40)})
    assert len(data) < MB
    assert "as float32" in cheaply_refused(data, max_bytes=MB)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compressions_without_a_limit_are_refused(method):
    data = rezipped(npz({"a": np.zeros(10)}), {}, compression=method)
    assert "compression" in refused(data)


def test_many_entries():
    record = b"PK\x01\x02" + bytes(42)
    assert "entries" in cheaply_refused(b"PK\x03\x04" + record * 25_000)


def test_a_file_above_the_limit_is_not_opened():
    assert "weights.pt has 2 MB" in refused(b"PK" + bytes(2 * MB), max_bytes=MB)


def test_float16_counts_as_the_float32_it_becomes():
    data = safetensors.torch.save({"a": torch.zeros(MB // 2 - 1000, dtype=torch.float16)})
    assert len(data) < MB
    assert "as float32" in refused(data, max_bytes=MB)


def safetensors_of(header, body=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def entry(dtype="F32", shape=(2,), offsets=(0, 8)):
    return {"a": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}


def test_the_hand_made_safetensors_is_read():
    read = read_weights("w.safetensors", safetensors_of(entry(), bytes(8)))
    assert torch.equal(read.tensors["a"], torch.zeros(2))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 10**6) + b"{}",
        safetensors_of(b"{"),
        safetensors_of(b"[]"),
        safetensors_of(b"{}"),
        safetensors_of(b"\xff\xfe"),
        safetensors_of(b'{"a":' * 5000),
        safetensors_of({"a": 3}),
        safetensors_of({"a": {}}),
        safetensors_of(entry(dtype="F4"), bytes(8)),
        safetensors_of(entry(dtype=["F32"]), bytes(8)),
        safetensors_of(entry(shape=(3,)), bytes(8)),
        safetensors_of(entry(shape=(10**9,), offsets=(0, 4 * 10**9)), bytes(8)),
        safetensors_of(entry(shape=(-2,)), bytes(8)),
        safetensors_of(entry(shape=(2.0,)), bytes(8)),
        safetensors_of(entry(shape="ab"), bytes(8)),
        safetensors_of(entry(shape=(1,) * 9 + (2,)), bytes(8)),
        safetensors_of(entry(offsets=(8, 16)), bytes(8)),
        safetensors_of(entry(offsets=(0, 8, 9)), bytes(8)),
        safetensors_of(entry(), bytes(4)),
        safetensors_of(entry(), bytes(80)),
        safetensors_of(b" " * (3 * MB) + b"{}"),
        safetensors_of({f"t{n}": {} for n in range(20_001)}),
    ],
)
def test_forged_safetensors_are_refused(data):
    refused(data, "weights.safetensors")


def npy(header, body=b"", version=b"\x01\x00"):
    text = header.encode()
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + body


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\x93NUMPY",
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,), }\n"),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }\n", bytes(8)),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n", bytes(8)),
        npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", b"\x80\x02N."),
        npy("{'descr': '<U9', 'fortran_order': False, 'shape': (1,), }\n", bytes(36)),
        npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n", bytes(4)),
        npy("[" * 900),
        npy("-" * 990 + "1"),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }\n", bytes(8)),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': 2, }\n", bytes(8)),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1" + "0" * 900 + ",)}"),
        npy(" " * 5000 + "{}"),
        npy("3"),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n", bytes(8), b"\x09\x00"),
    ],
)
def test_forged_npz_are_refused(record):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("weight_ih_l0.npy", record)
    refused(buffer.getvalue(), "weights.npz")


def test_an_object_array_is_never_unpickled(tmp_path):
    mark = tmp_path / "it-ran"
    refused(npz({"a": np.array([Evil(mark)], dtype=object)}), "weights.npz")
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notes.txt", b"hello, this is not a weights file at all"),
        ("weights.pt", b"PK"),
        ("weights.h5", b"\x89HDF\r\n\x1a\n" + bytes(100)),
        ("weights.zip", npz({})),
        ("weights.pt", saved(torch.ones(3))[:-200]),
        ("weights.pt", saved({"epoch": 3})),
        ("weights.pt", saved([torch.ones(2)])),
    ],
)
def test_what_is_no_weights_file(name, data):
    refused(data, name)


def test_an_encrypted_archive_is_refused():
    data = bytearray(npz({"a": np.zeros(3)}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refused(bytes(data))


SEEDS = {name: write(nn.GRU(1, 2).state_dict()) for name, write in FORMATS.items()}


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=120)
@given(
    edits=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 400),
)
def test_damaged_files_are_read_or_refused(kind, edits, cut):
    data = bytearray(SEEDS[kind])
    for at, value in edits:
        data[at % len(data)] = value
    del data[len(data) - cut if edits and cut < len(data) else len(data) :]
    try:
        find(read_weights("weights", bytes(data), max_bytes=MB).tensors)
    except SeqvizError as error:
        assert "\n" not in str(error)


# what pickletools' escape_decode says of a name such as "\\ "
@pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")
@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_pickle_is_read_or_refused(body):
    for data in (archive_of(b"\x80\x02" + body), archive_of(b"\x80\x02}" + body + b".")):
        try:
            read_weights("weights.pt", data)
        except SeqvizError as error:
            assert "\n" not in str(error)
