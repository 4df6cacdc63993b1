"""One change to a run: what can be made, what it is called, and the text it travels as."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_INTERVENTIONS
from seqviz.rnn.interventions import (
    Intervention,
    change_input,
    clamp,
    describe,
    pack,
    parse,
    silence,
)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "delete"},
        {"kind": "input", "t": 1},
        {"kind": "input", "t": 1, "feature": 0, "layer": 1},
        {"kind": "silence", "t": 1, "feature": 0},
        {"kind": "silence", "unit": -1},
        {"kind": "silence", "unit": 1.5},
        {"kind": "silence", "direction": 2},
        {"kind": "silence", "value": 1.0},
        {"kind": "clamp"},
        {"kind": "clamp", "gate": "q"},
        {"kind": "clamp", "gate": "f", "value": 1.5},
        {"kind": "clamp", "gate": "g", "value": -1.5},
        {"kind": "input", "t": 0, "feature": 0, "value": float("nan")},
        {"kind": "input", "t": 0, "feature": 0, "value": 1e39},
    ],
)
def test_a_change_that_makes_no_sense_cannot_be_made(fields: dict[str, object]) -> None:
    with pytest.raises(SeqvizError):
        Intervention(**fields)  # type: ignore[arg-type]


def test_describe_says_it_in_a_sentence() -> None:
    assert describe(clamp("f", 1.0)) == (
        "forget gate f clamped to 1 in layer 1, all units, for the whole sequence"
    )
    assert describe(silence(7, layer=1, direction=1)) == (
        "unit 7 silenced (held at 0) in layer 2 reverse, for the whole sequence"
    )
    assert describe(change_input(17, 0, -0.5)) == "input x[0] set to −0.5 at step 18"


index = st.integers(0, 99_999)
units = st.none() | index
where = {"layer": index, "direction": st.integers(0, 1)}
gated = st.sampled_from("ifogrzn").flatmap(
    lambda gate: st.builds(
        clamp, st.just(gate), st.floats(-1.0 if gate in "gn" else 0.0, 1.0), unit=units, **where
    )
)
change = st.one_of(
    st.builds(change_input, index, index, st.floats(-3e38, 3e38)),
    gated,
    st.builds(silence, units, **where),
)


@settings(max_examples=100)
@given(st.lists(change, max_size=MAX_INTERVENTIONS).map(tuple))
def test_text_round_trips_exactly(changes: tuple[Intervention, ...]) -> None:
    text = pack(changes)
    assert parse(text) == changes
    assert all(letter.isascii() and (letter.isalnum() or letter in "-._~") for letter in text)
    assert len(text) <= 64 * MAX_INTERVENTIONS


hostile = st.text(max_size=80) | st.text("ics_~-.e0123456789a+f", max_size=80)


@settings(max_examples=150)
@given(hostile)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        changes = parse(text)
    except SeqvizError:
        return
    assert parse(pack(changes)) == changes


@pytest.mark.parametrize(
    "text",
    [
        "i_0_0_nan",
        "i_0_0_1e999",
        "i_0_0_" + "9" * 400,
        "i_0_0_1" * 10_000,
        "~" * 8,
        "c_0_0_f_a_2.0",
        "s_0_2_a",
        "s_٣_0_a",
        "s_0_0_a\n",
        "~".join(["s_0_0_a"] * 9),
    ],
)
def test_forged_text_is_refused(text: str) -> None:
    with pytest.raises(SeqvizError):
        parse(text)
