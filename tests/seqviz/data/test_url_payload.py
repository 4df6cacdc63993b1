"""A sequence in a link: exact both ways, and nothing forged gets past it or fills the memory."""

import base64
import json
import re
import zlib

import numpy as np
import pytest
import refusals
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from refusals import at_most

from seqviz.data.url_payload import pack_sequence, unpack_sequence
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FEATURES, MAX_LINKED_DATA, MAX_STEPS
from seqviz.types import InputSequence

FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(), max_size=8)  # surrogates and control characters too


@st.composite
def sequences(draw):
    shape = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=8)
    x = draw(hnp.arrays(np.float32, shape, elements=FINITE))
    steps, features = x.shape
    return InputSequence(
        x,
        labels=tuple(draw(st.just(()) | st.lists(TEXT, min_size=steps, max_size=steps))),
        feature_names=tuple(draw(st.lists(TEXT, min_size=features, max_size=features))),
        name=draw(TEXT),
        sample_rate=draw(st.none() | st.floats(1, 1e6)),
        kind=draw(st.sampled_from(["curve", "text", "audio"])),
    )


def about_of(**changes):
    """The head of a packed (2, 1) sequence, with changes."""
    about = {"name": "n", "kind": "curve", "shape": [2, 1], "features": ["x0"], "labels": None,
             "rate": None}  # fmt: skip
    return {**about, **changes}


def forged(about, planes=bytes(8)):
    """Text as pack_sequence would write it, whatever it holds."""
    head = about if isinstance(about, bytes) else json.dumps(about).encode()
    return base64.urlsafe_b64encode(zlib.compress(head + b"\0" + planes, 9)).decode().rstrip("=")


def planes_of(*numbers):
    """float32 numbers as the bytes of their first byte each, then of their second, …"""
    return np.float32(numbers).view("u1").reshape(-1, 4).T.tobytes()


def refused(text):
    return refusals.refused(unpack_sequence, text)


# ---- there and back ------------------------------------------------------------------------------


@given(sequences())
@settings(max_examples=150)
@example(InputSequence(np.array([[-0.0, 1e-45, 3.4028235e38]]), name="\0", labels=("\ud800",)))
def test_everything_comes_back_exactly(sequence):
    packed = pack_sequence(sequence)
    assert packed is not None and re.fullmatch(r"[A-Za-z0-9_-]+", packed)
    back = unpack_sequence(packed)
    assert back.x.tobytes() == sequence.x.tobytes() and back.x.shape == sequence.x.shape
    for name in ("labels", "feature_names", "name", "sample_rate", "kind", "digest"):
        assert getattr(back, name) == getattr(sequence, name)
    assert pack_sequence(back) == packed


def test_numbered_steps_cost_nothing_and_other_labels_are_kept():
    x = np.zeros((500, 1))
    plain = pack_sequence(InputSequence(x))
    assert unpack_sequence(plain).labels[-1] == "500"
    shifted = InputSequence(x, labels=tuple(str(t) for t in range(500)))
    assert len(pack_sequence(shifted)) > len(plain) + 100
    assert unpack_sequence(pack_sequence(shifted)).labels == shifted.labels


def test_a_few_hundred_measured_numbers_fit_and_thousands_do_not():
    walk = np.random.default_rng(0).normal(size=(2000, 1)).cumsum(axis=0)
    assert pack_sequence(InputSequence(walk[:300])) is not None
    assert len(pack_sequence(InputSequence(walk[:300]))) <= MAX_LINKED_DATA
    assert pack_sequence(InputSequence(walk)) is None


@pytest.mark.parametrize(
    "sequence",
    [
        InputSequence(np.zeros((MAX_STEPS, 1)), labels=("x" * 700,) * MAX_STEPS),
        InputSequence(np.zeros((MAX_STEPS + 1, 1))),
        InputSequence(np.zeros((1, MAX_FEATURES + 1))),
    ],
    ids=["labels", "steps", "features"],
)
def test_what_deflates_well_but_could_not_be_unpacked_is_not_packed(sequence):
    assert pack_sequence(sequence) is None


def test_the_largest_a_link_may_hold_comes_back():
    largest = InputSequence(np.full((MAX_STEPS, MAX_FEATURES), 0.1))
    assert unpack_sequence(pack_sequence(largest)).digest == largest.digest


# ---- hostile -------------------------------------------------------------------------------------

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
ABOUTS = ANY_JSON | st.fixed_dictionaries(
    {name: st.just(value) | ANY_JSON for name, value in about_of().items()}
)


def is_a_sequence_or_refused(text):
    try:
        sequence = unpack_sequence(text)
    except SeqvizError as error:
        assert str(error).endswith(".") and "\n" not in str(error)
        return
    assert len(sequence) <= MAX_STEPS and sequence.input_size <= MAX_FEATURES
    assert np.isfinite(sequence.x).all() and sequence.digest
    assert sequence.sample_rate is None or 0 < sequence.sample_rate < np.inf


@given(
    st.one_of(
        st.text(max_size=60),
        st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()),
        st.binary(max_size=60).map(forged),
        st.builds(forged, ABOUTS, st.binary(max_size=12) | st.just(bytes(8))),
    )
)
@settings(max_examples=400)
def test_any_text_is_a_sequence_or_one_sentence(text):
    is_a_sequence_or_refused(text)


@given(st.data())
@settings(max_examples=150)
def test_a_damaged_link_is_a_sequence_or_one_sentence(data):
    good = pack_sequence(InputSequence(np.sin(np.arange(30)), name="sine"))
    at = data.draw(st.integers(0, len(good) - 1))
    is_a_sequence_or_refused(good[:at] + data.draw(st.text(max_size=3)) + good[at + 1 :])
    is_a_sequence_or_refused(good[:at])


def test_the_forger_s_pen_writes_what_is_read():
    sequence = unpack_sequence(forged(about_of(), planes_of(0, 2)))
    assert sequence.x.tolist() == [[0], [2]] and sequence.labels == ("1", "2")


@pytest.mark.parametrize(
    "about",
    [
        b"[" * 9000,
        b'{"shape": [Infinity, 1]}',
        b'{"shape": [NaN, 1]}',
        about_of(shape=[10**400, 1]),
        about_of(shape=[0, 1]),
        about_of(shape=[-2, -1]),
        about_of(shape=[2**62, 4]),
        about_of(shape=[2]),
        about_of(shape=[2, 1, 1]),
        about_of(kind="film"),
        about_of(kind=["curve"]),
        about_of(features=["a", "b"]),
        about_of(labels=["only one"]),
        about_of(labels=5),
        about_of(rate="fast"),
        about_of(rate=10**400),
        about_of(rate=float("nan")),
        about_of(rate=float("inf")),
        about_of(rate=-8000),
        {},
        [],
        None,
    ],
    ids=lambda about: str(about)[:60],
)
def test_a_forged_head_is_refused_in_one_sentence(about):
    said = refused(forged(about))
    assert said.endswith(".") and len(said) < 200


def test_numbers_that_are_none_are_refused_with_their_place():
    assert "Step 2" in refused(forged(about_of(), planes_of(1, np.nan)))


@pytest.mark.parametrize("planes", [b"", bytes(7), bytes(9), bytes(4096)])
def test_too_few_or_too_many_numbers_are_refused(planes):
    assert "damaged" in refused(forged(about_of(), planes))


def bomb(fill, size):
    packed = base64.urlsafe_b64encode(zlib.compress(fill * size, 9)).decode().rstrip("=")
    assert len(packed) <= MAX_LINKED_DATA
    return packed


@pytest.mark.parametrize(
    "text",
    [
        bomb(b"\0", 4_000_000),
        bomb(b"1", 4_000_000),
        forged(json.dumps(about_of())[:-1].encode() + b" " * 4_000_000 + b"}"),
        "A" * 8_000_000,
    ],
    ids=["zeros", "digits", "blanks", "long"],
)
def test_a_bomb_stays_small(text):
    with at_most(4):
        assert "damaged" in refused(text)


def test_as_many_labels_as_a_megabyte_holds_stay_small():
    text = forged(about_of(labels=[""] * 300_000))
    assert len(text) <= MAX_LINKED_DATA
    with at_most(16):
        refused(text)
