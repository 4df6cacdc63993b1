"""What was learned from comes back from a link exactly, and nothing else does."""

import base64
import zlib

import numpy as np
import pytest
from refusals import refused

from seqviz.data.generators import generate
from seqviz.training.data_payload import pack, unpack
from seqviz.training.datasets import Characters, Examples

SHAPES = Examples(
    tuple(np.sin(np.arange(9 + k) / (1 + k % 2))[:, None] for k in range(10)), ("slow", "fast") * 5
)
DATA = {
    "text": Characters("Straße, naïve \U0001f600 — the wind rose. " * 9),
    "sequence": generate("sine"),
    "examples": SHAPES,
}


@pytest.mark.parametrize("name", DATA)
def test_it_comes_back_exactly(name):
    packed = pack(DATA[name])
    assert unpack(packed).digest == DATA[name].digest
    assert set(packed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def forged(head: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(head)).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "é",
        pack(DATA["sequence"])[:-9],
        forged(b"no separator"),
        forged(b'{"type":"Model"}\0'),
        forged(b'{"type":"Examples","shapes":[[9,1]],"labels":["a"]}\0abc'),
        forged(b'{"type":"InputSequence","shape":[-1,1],"rate":null}\0abcd'),
        forged(b"[" * 100_000),
        forged(b"\0" * (9 * 2**20)),
    ],
)
def test_anything_else_is_refused_in_a_sentence(text):
    assert refused(unpack, text).endswith(".")
