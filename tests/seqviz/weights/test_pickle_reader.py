"""Pickles from strangers: none runs, none hangs, and each is refused in one sentence."""

import io
import pickle
import zipfile

import pytest
import torch
from checkpoints import (
    Evil,
    archive_of,
    cheaply_refused,
    model,
    refused,
    rezipped,
    saved,
)
from refusals import at_most
from torch import nn

from seqviz.weights.files import read_weights


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_a_malicious_pickle_is_refused_and_nothing_runs(tmp_path, protocol):
    mark = tmp_path / "it-ran"
    pickled = pickle.dumps({"weight_ih_l0": Evil(mark)}, protocol=protocol)
    # the same bytes do run where pickle is trusted, so this test can fail
    pickle.loads(pickled)
    assert mark.exists()
    mark.unlink()
    for data in (archive_of(pickled), pickled):
        refused(data)
        assert not mark.exists()
    if protocol >= 2:
        assert "system" in refused(archive_of(pickled))


def test_a_malicious_checkpoint_from_torch_save(tmp_path):
    mark = tmp_path / "it-ran"
    data = saved({"state_dict": nn.GRU(1, 2).state_dict(), "extra": Evil(mark)})
    assert "seqviz runs nothing that a file brings" in refused(data)
    assert not mark.exists()


@pytest.mark.parametrize("whole", [nn.LSTM(1, 2), model()])
def test_a_pickled_model_is_told_apart(whole):
    sentence = refused(saved(whole))
    assert "whole pickled model" in sentence and "model.state_dict()" in sentence


def test_the_old_format_says_how_to_save_again():
    old = saved(nn.GRU(1, 2).state_dict(), _use_new_zipfile_serialization=False)
    assert "torch.save(model.state_dict(), path)" in refused(old)


def test_a_torchscript_program_is_refused():
    data = archive_of(b"\x80\x02}.")
    with zipfile.ZipFile(buffer := io.BytesIO(data), "a") as archive:
        archive.writestr("archive/constants.pkl", b"")
    assert "TorchScript" in refused(buffer.getvalue())


def test_a_big_endian_file_is_refused():
    data = rezipped(saved(nn.GRU(1, 2).state_dict()), {"byteorder": lambda _: b"big"})
    assert "big-endian" in refused(data)


STORAGE = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu"


def pickle_of(size, stride, numel, offset=0):
    """A pickle that declares one tensor however one likes."""

    def number(n):
        return pickle.dumps(n, protocol=2)[2:-1]

    def numbers(values):
        return b"(" + b"".join(map(number, values)) + b"t"

    return b"".join(
        (
            b"\x80\x02}X\x0c\x00\x00\x00weight_ih_l0",
            b"ctorch._utils\n_rebuild_tensor_v2\n(",
            STORAGE + number(numel) + b"tQ",
            number(offset) + numbers(size) + numbers(stride),
            b"\x89ccollections\nOrderedDict\n)RtRs.",
        )
    )


def test_the_hand_made_pickle_is_pytorchs():
    values = torch.arange(6.0)
    data = archive_of(pickle_of((2, 2), (3, 1), 6, 1), {"0": values.numpy().tobytes()})
    expected = torch.tensor([[1.0, 2.0], [4.0, 5.0]])
    loaded = torch.load(io.BytesIO(data), weights_only=True)["weight_ih_l0"]
    read = read_weights("weights.pt", data).tensors["weight_ih_l0"]
    assert torch.equal(loaded, expected) and torch.equal(read, expected)


@pytest.mark.parametrize(
    ("size", "stride", "numel", "offset"),
    [
        ((10**5, 10**4), (0, 0), 4, 0),  # expanded to 1e9
        ((10**5, 10**4), (10**4, 1), 4, 0),  # 1e9 in a 16-byte record
        ((2, 2), (2, 1), 10**9, 0),  # a storage longer than its record
        ((2, 2), (4, 1), 4, 0),  # reaches beyond the end
        ((2, 2), (2, 1), 4, 1),
        ((4,), (2**62,), 4, 0),
        ((2, 2), (-2, 1), 4, 2),
        ((2, 2), (2,), 4, 0),
        ((1,) * 70, (1,) * 70, 4, 0),
        ((0, 2**70), (1, 1), 4, 0),
        ((2**3000,) * 6, (0,) * 6, 4, 0),
        ((2, 2), (2, 1), -4, 0),
    ],
)
def test_forged_sizes_are_refused_before_anything_is_made(size, stride, numel, offset):
    data = archive_of(pickle_of(size, stride, numel, offset), {"0": bytes(16)})
    with at_most(1):
        refused(data)


def test_a_missing_record_is_refused():
    refused(archive_of(pickle_of((2, 2), (2, 1), 4)))


def deep(opcodes):
    return archive_of(b"\x80\x02}" + opcodes + b".")


@pytest.mark.parametrize(
    "data",
    [
        # a key whose hash would overflow the C stack, and one whose hash takes 2**60 steps
        deep(b")" + b"\x85" * 150_000 + b"K\x01s"),
        deep(b")" + b"".join(b"q%ch%c\x86" % (n, n) for n in range(60)) + b"K\x01s"),
        archive_of(b"\x80\x02}q\x00X\x01\x00\x00\x00ah\x00s."),  # holds itself
        archive_of(b"\x80\x02" + b"K\x00" * 210_000 + b"."),
        archive_of(b"."),
        archive_of(b"R."),
        archive_of(b"\x80\x02}Q."),
        archive_of(b"\x80\x02ctorch\nload\n."),
        archive_of(b""),
    ],
)
def test_pickles_that_would_take_for_ever_or_crash_are_refused(data):
    refused(data)


@pytest.mark.parametrize(
    "opcodes",
    [
        b"}r\xff\xff\xff\x7f",  # memo slot 2**31 - 1: 16 GB in Python's own pickle
        b"cbuiltins\nbytearray\n\x8a\x06\x00\x00\x00\x00\x00\x01\x85R",  # bytearray(2**40)
        b"ctorch\nTensor\nJ\x00\x00\x01\x00J\x00\x00\x01\x00\x86R",  # 16 GB of numbers
        b"B\xff\xff\xff\xff",  # bytes longer than the file
    ],
)
def test_pickles_that_would_take_all_memory_are_refused(opcodes):
    cheaply_refused(archive_of(b"\x80\x02" + opcodes + b"."))


def test_dictionaries_that_share_a_part_are_bounded():
    """Each dictionary holds the next one twice: 2**15 paths in 200 bytes."""
    levels = b"".join(
        b"}q%cX\x01\x00\x00\x00ah%csX\x01\x00\x00\x00bh%cs" % (n + 1, n, n) for n in range(40)
    )
    assert "deep" in refused(archive_of(b"\x80\x02}q\x00" + levels + b"."))
