"""The one table of a link: what goes in comes out, and nothing hostile gets through."""

import base64
import inspect
import math
import tracemalloc
import zlib
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pages.state import schema
from pages.state.schema import FIELDS, MAX_NOTICES, NOTHING, decode, defaults, encode
from seqviz.data import drawing, generators
from seqviz.types import INITS, MODES, RNNSpec

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
POINTS = st.tuples(*[st.integers(0, drawing.TOP)] * 2, st.integers(0, 60_000))
CHECKED = {  # fields whose text has to be something in particular
    "curve": st.lists(st.integers(0, drawing.TOP), max_size=200).map(drawing.pack_levels),
    "strokes": st.lists(st.lists(POINTS, min_size=1, max_size=9), max_size=5).map(
        lambda drawn: drawing.pack_strokes(drawing.parse_strokes(drawn))
    ),
    "selected": st.from_regex(r"([0-9]{1,2}\.[01]\.[0-9]{1,4})?", fullmatch=True, alphabet="0189."),
}


def kind_and_limits(field):
    """choice, whole, real, flag or words, and the limits it was made with."""
    kind = field.read.__qualname__.split(".")[0]
    return kind, inspect.getclosurevars(field.read).nonlocals


def values_of(field):
    """All values a field can have, as a Hypothesis strategy."""
    kind, limits = kind_and_limits(field)
    made = {
        "choice": lambda: st.sampled_from(list(limits["options"])),
        "whole": lambda: st.integers(limits["low"], limits["high"]),
        "real": lambda: st.floats(limits["low"], limits["high"]),
        "flag": st.booleans,
        "words": lambda: CHECKED.get(
            field.name, TEXT if limits["check"] is str else st.just(field.default)
        ),
    }[kind]()
    return st.none() | made if field.default is None else made


STATES = st.fixed_dictionaries({name: values_of(field) for name, field in FIELDS.items()})
HOSTILE = st.one_of(
    TEXT,
    st.sampled_from(
        ["", "nan", "inf", "-inf", "1e999", "-1", "1_0", "٣", "0x10", "9" * 400, "None", "true",
         "99.1.9999", "0.2.0", "a.b.c", "=", "AAAA", "____", "-" * 5000, "\0", "\ud800",
         "🙂" * 3000, "%00", "../..", "<script>", "[[" * 2000]
    ),
    st.integers().map(str),
    st.floats().map(str),
    st.binary(max_size=40).map(lambda data: base64.urlsafe_b64encode(data).decode()),
    st.binary(max_size=40).map(lambda data: base64.urlsafe_b64encode(zlib.compress(data)).decode()),
)  # fmt: skip


def is_sound(state):
    """A state every page can use: all fields, each as its own reader would give it."""
    assert list(state) == list(FIELDS)
    for name, value in state.items():
        field = FIELDS[name]
        assert value is None and field.default is None or field.read(field.write(value)) == value
    return True


@given(STATES)
@settings(deadline=None, max_examples=150)
@example(defaults())
def test_what_is_encoded_decodes_to_the_same(state):
    parameters = encode(state)
    assert decode(parameters) == (state, [])
    through_a_url = dict(parse_qsl(urlencode(parameters), strict_parsing=bool(parameters)))
    assert decode(through_a_url) == (state, [])
    assert encode(decode(parameters)[0]) == parameters
    assert all(name in FIELDS and text for name, text in parameters.items())


@pytest.mark.parametrize("name", [n for n, f in FIELDS.items() if kind_and_limits(f)[0] == "words"])
@pytest.mark.parametrize("text", ["", "-", "--", "---"])
def test_dashes_and_nothing_stay_apart(name, text):
    field = FIELDS[name]
    written = field.write(text)
    assert written == text + NOTHING
    if text == "" or kind_and_limits(field)[1]["check"] is str:
        assert field.read(written) == text


@given(st.dictionaries(st.sampled_from(list(FIELDS)) | TEXT, HOSTILE, max_size=8))
@settings(deadline=None, max_examples=300)
def test_no_parameters_raise_and_the_state_is_sound(parameters):
    state, notices = decode(parameters)
    assert is_sound(state) and decode(encode(state)) == (state, [])
    refused = [name for name in parameters if name not in FIELDS]
    assert len(notices) >= min(len(refused), MAX_NOTICES)
    assert len(notices) <= MAX_NOTICES
    for notice in notices:
        assert notice.endswith(".") and len(notice) < 200
        assert notice.isprintable() and not set(notice) & set("<>*`[]$")


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("text", ["\0", "🙂" * 20_000, "9" * 20_000, "nan", "-1e99", "A" * 99_999])
def test_a_broken_parameter_gives_the_default_and_one_notice(name, text):
    kind, limits = kind_and_limits(FIELDS[name])
    if kind == "words" and limits["check"] is str and len(text) <= limits["longest"]:
        text = "x" * (limits["longest"] + 1)
    state, notices = decode({name: text})
    assert state == defaults() and len(notices) == 1
    assert notices[0].startswith(f"The link's {name} “") and "default" in notices[0]


@pytest.mark.parametrize("name", FIELDS)
def test_limits_hold_at_both_ends(name):
    kind, limits = kind_and_limits(FIELDS[name])
    if kind in ("whole", "real"):
        for text in (repr(limits["low"]), repr(limits["high"])):
            assert decode({name: text})[1] == []
        for text in (repr(limits["low"] - 1), repr(limits["high"] + 1)):
            assert decode({name: text}) == (defaults(), decode({name: text})[1])
            assert len(decode({name: text})[1]) == 1
    elif kind == "words":
        assert limits["longest"] > 0
        with pytest.raises(ValueError):
            FIELDS[name].read("A" * (limits["longest"] + 1))
    else:
        assert [decode({name: text})[1] for text in encode({name: FIELDS[name].default})] == []
        assert len(decode({name: "neither"})[1]) == 1


def test_unknown_parameters_are_named_once_and_counted():
    state, notices = decode({"utm_source": "x", "hidden_size": "8"})
    assert state == {**defaults(), "hidden_size": 8}
    assert notices == ["The link's “utm_source” means nothing to seqviz and was left out."]
    many = {f"p{k}": "x" for k in range(1000)}
    notices = decode(many)[1]
    assert len(notices) == MAX_NOTICES
    assert notices[-1] == f"{1000 - MAX_NOTICES + 1} more of the link's parameters will not do."


@pytest.mark.parametrize("name", [*FIELDS, "unknown"])
def test_a_huge_parameter_costs_no_memory(name):
    texts = ["9" * 4_000_000, "-" * 4_000_000]
    tracemalloc.start()
    try:
        for text in texts:
            decode({name: text})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6_000_000  # at most one more copy of the text itself


@pytest.mark.parametrize("name", ["strokes", *(["data"] if "data" in FIELDS else [])])
def test_a_deflate_bomb_stays_small(name):
    longest = kind_and_limits(FIELDS[name])[1]["longest"]
    bomb = base64.urlsafe_b64encode(zlib.compress(b"\x01" * (longest * 700), 9)).decode()
    assert len(bomb) < longest
    tracemalloc.start()
    try:
        state, notices = decode({name: bomb})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert state == defaults() and len(notices) == 1
    assert peak < 4 * 2**20


def test_the_defaults_are_a_first_visit():
    state = defaults()
    assert is_sound(state) and encode(state) == {} and decode({}) == (state, [])
    assert state["feed"] == "draw" and len(drawing.unpack_levels(state["curve"])) == state["steps"]
    assert RNNSpec(state["cell"], hidden_size=state["hidden_size"], seed=state["seed"])


def test_every_network_choice_and_every_generator_parameter_has_a_row():
    assert {"cell", "hidden_size", "num_layers", "bidirectional", "bias", "init"} <= set(FIELDS)
    assert {"forget_bias", "seed", "h_0", "h_0_values"} <= set(FIELDS)
    assert kind_and_limits(FIELDS["cell"])[1]["options"] == MODES
    assert set(kind_and_limits(FIELDS["init"])[1]["options"]) == set(INITS) - {"given"}
    for key, source in generators.SOURCES.items():
        for parameter in source.parameters:
            field = FIELDS[schema.parameter_name(key, parameter.name)]
            kind, limits = kind_and_limits(field)
            assert kind == ("whole" if parameter.whole else "real")
            assert (field.default, type(field.default)) == (
                parameter.default,
                int if parameter.whole else float,
            )
            assert (limits["low"], limits["high"]) == (parameter.low, parameter.high)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_real_numbers_are_exact_in_a_link(value):
    field = schema.real("x", 0.0, -math.inf, math.inf)
    assert field.read(field.write(value)) == value


def test_the_example_curve_can_be_drawn():
    for steps in (2, 60, 200):
        levels = drawing.unpack_levels(schema.example_curve(steps))
        assert len(levels) == steps and max(levels) - min(levels) > 1000 * (steps > 2)
