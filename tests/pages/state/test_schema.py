"""The one table of a link: what goes in comes out, and nothing hostile gets through."""

import base64
import dataclasses
import inspect
import math
import tracemalloc
import zlib
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pages.state import schema
from pages.state.schema import FORMS, Settings, named_texts
from pages.state.text_forms import EMPTIED, real
from pages.state.url import MAX_NOTICES, decode, encode
from seqviz.data import drawing, drawing_payload, generators
from seqviz.lessons.answers import Answer, written
from seqviz.types import INITS, MODES, RNNSpec

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
POINTS = st.tuples(*[st.integers(0, drawing.TOP)] * 2, st.integers(0, 60_000))
CHECKED = {  # fields whose text has to be something in particular
    "answers": st.dictionaries(
        st.integers(1, 9),
        st.builds(Answer, st.sampled_from(["a", "e", "-0.685", "4", "s9950"]), st.booleans()),
    ).map(written),
    "curve": st.lists(st.integers(0, drawing.TOP), max_size=200).map(drawing_payload.pack_levels),
    "strokes": st.lists(st.lists(POINTS, min_size=1, max_size=9), max_size=5).map(
        lambda drawn: drawing_payload.pack_strokes(drawing.parse_strokes(drawn))
    ),
    "kept": st.dictionaries(
        st.sampled_from(["notes", "text", "learned_from"]),
        st.from_regex("[A-Za-z0-9_-]{43}", fullmatch=True),
    ).map(named_texts),
    "selected": st.from_regex(
        r"(([0-9]{1,2}\.[01]|p\.0)\.[0-9]{1,4}(\.[0-4])?)?", fullmatch=True, alphabet="0189p."
    ),
}


def kind_and_limits(form):
    """choice, whole, real, flag or words, and the limits it was made with."""
    kind = form.read.__qualname__.split(".")[0]
    return kind, inspect.getclosurevars(form.read).nonlocals


def values_of(name, form):
    """All values a field can have, as a Hypothesis strategy."""
    kind, limits = kind_and_limits(form)
    made = {
        "choice": lambda: st.sampled_from(list(limits["options"])),
        "whole": lambda: st.integers(limits["low"], limits["high"]),
        "real": lambda: st.floats(limits["low"], limits["high"]),
        "flag": st.booleans,
        "room_code": lambda: st.from_regex("[A-HJ-NP-Z2-9]{6}", fullmatch=True),
        "some_of": lambda: st.sets(st.sampled_from(limits["options"])).map(
            lambda names: ",".join(name for name in limits["options"] if name in names)
        ),
        "words": lambda: CHECKED.get(
            name, TEXT if limits["check"] is str else st.just(form.default)
        ),
    }[kind]()
    return st.none() | made if form.default is None else made


SETTINGS = st.fixed_dictionaries({name: values_of(name, form) for name, form in FORMS.items()}).map(
    lambda values: Settings().having(**values)
)
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
    """Settings every page can use: each value as its own form would give it."""
    return all(form.checked(state.get(name)) == state.get(name) for name, form in FORMS.items())


@given(SETTINGS)
@settings(max_examples=150)
@example(Settings())
def test_what_is_encoded_decodes_to_the_same(state):
    parameters = encode(state)
    assert decode(parameters) == (state, [])
    through_a_url = dict(parse_qsl(urlencode(parameters), strict_parsing=bool(parameters)))
    assert decode(through_a_url) == (state, [])
    assert encode(decode(parameters)[0]) == parameters
    assert all(name in FORMS and text for name, text in parameters.items())


@pytest.mark.parametrize("name", [n for n, f in FORMS.items() if kind_and_limits(f)[0] == "words"])
@pytest.mark.parametrize("text", ["", "-", "--", "---"])
def test_dashes_and_nothing_stay_apart(name, text):
    field = FORMS[name]
    written = field.write(text)
    assert written == text + EMPTIED
    if text == "" or kind_and_limits(field)[1]["check"] is str:
        assert field.read(written) == text


@given(st.dictionaries(st.sampled_from(list(FORMS)) | TEXT, HOSTILE, max_size=8))
@settings(max_examples=300)
def test_no_parameters_raise_and_the_state_is_sound(parameters):
    state, notices = decode(parameters)
    assert is_sound(state) and decode(encode(state)) == (state, [])
    refused = [name for name in parameters if name not in FORMS]
    assert len(notices) >= min(len(refused), MAX_NOTICES)
    assert len(notices) <= MAX_NOTICES
    for notice in notices:
        assert notice.endswith(".") and len(notice) < 200
        assert notice.isprintable()


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("text", ["\0", "🙂" * 20_000, "9" * 20_000, "nan", "-1e99", "A" * 99_999])
def test_a_broken_parameter_gives_the_default_and_one_notice(name, text):
    kind, limits = kind_and_limits(FORMS[name])
    if kind == "words" and limits["check"] is str and len(text) <= limits["longest"]:
        text = "x" * (limits["longest"] + 1)
    state, notices = decode({name: text})
    assert state == Settings() and len(notices) == 1
    assert notices[0].startswith(f"The link's {name} “")
    assert (FORMS[name].rule or "default") in notices[0]


@pytest.mark.parametrize(
    "name, text, kept, left_out",
    [
        ("hide", "bild,export", "export", "bild"),
        ("hide", "export,b\0ld,,feed", "feed,export", "b?ld"),
        ("answers", "1rb_2rc0.8_3ra", "1rb_3ra", "2rc0.8"),
        ("answers", "1rb_1rc_<b>", "1rb", "1rc, <b>"),
        ("answers", "1rb_", "1rb", "_"),
    ],
)
def test_one_bad_word_leaves_the_others(name, text, kept, left_out):
    state, (notice,) = decode({name: text})
    assert state.get(name) == kept
    assert notice.startswith(f"Of the link's {name}, “{left_out}” means nothing")
    assert notice.isprintable() and FORMS[name].rule in notice


@pytest.mark.parametrize("name", FORMS)
def test_limits_hold_at_both_ends(name):
    kind, limits = kind_and_limits(FORMS[name])
    if kind in ("whole", "real"):
        for text in (repr(limits["low"]), repr(limits["high"])):
            assert decode({name: text})[1] == []
        for text in (repr(limits["low"] - 1), repr(limits["high"] + 1)):
            assert decode({name: text}) == (Settings(), decode({name: text})[1])
            assert len(decode({name: text})[1]) == 1
    elif kind == "words":
        assert limits["longest"] > 0
        with pytest.raises(ValueError):
            FORMS[name].read("A" * (limits["longest"] + 1))
    else:
        default = FORMS[name].default  # a switch that is None stands as the file has it
        texts = ["0", "1"] if default is None else [FORMS[name].write(default)]
        for text in texts:
            assert decode({name: text}) == (Settings().having(**{name: FORMS[name].read(text)}), [])
        assert len(decode({name: "neither"})[1]) == 1


def test_unknown_parameters_are_named_once_and_counted():
    state, notices = decode({"utm_source": "x", "hidden_size": "8"})
    assert state == Settings(hidden_size=8)
    assert notices == ["The link's “utm_source” means nothing to seqviz and was left out."]
    many = {f"p{k}": "x" for k in range(1000)}
    notices = decode(many)[1]
    assert len(notices) == MAX_NOTICES
    assert notices[-1] == f"{1000 - MAX_NOTICES + 1} more of the link's parameters will not do."


@pytest.mark.parametrize("name", [*FORMS, "unknown"])
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


@pytest.mark.parametrize("name", ["strokes", "data"])
def test_a_deflate_bomb_stays_small(name):
    longest = kind_and_limits(FORMS[name])[1]["longest"]
    bomb = base64.urlsafe_b64encode(zlib.compress(b"\x01" * (longest * 700), 9)).decode()
    assert len(bomb) < longest
    tracemalloc.start()
    try:
        state, notices = decode({name: bomb})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert state == Settings() and len(notices) == 1
    assert peak < 4 * 2**20


def test_the_defaults_are_a_first_visit():
    state = Settings()
    assert is_sound(state) and encode(state) == {} and decode({}) == (state, [])
    assert state.feed == "draw" and len(drawing_payload.unpack_levels(state.curve)) == state.steps
    assert RNNSpec(state.cell, hidden_size=state.hidden_size, seed=state.seed)


def test_every_network_choice_and_every_generator_parameter_has_a_row():
    assert {"cell", "hidden_size", "num_layers", "bidirectional", "bias", "init"} <= set(FORMS)
    assert {"forget_bias", "seed", "h_0", "h_0_values"} <= set(FORMS)
    assert kind_and_limits(FORMS["cell"])[1]["options"] == MODES
    assert set(kind_and_limits(FORMS["init"])[1]["options"]) == set(INITS) - {"given"}
    for key, source in generators.SOURCES.items():
        for parameter in source.parameters:
            field = FORMS[schema.parameter_name(key, parameter.name)]
            kind, limits = kind_and_limits(field)
            assert kind == ("whole" if parameter.whole else "real")
            assert (field.default, type(field.default)) == (
                parameter.default,
                int if parameter.whole else float,
            )
            assert (limits["low"], limits["high"]) == (parameter.low, parameter.high)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_real_numbers_are_exact_in_a_link(value):
    field = real(0.0, -math.inf, math.inf)
    assert field.read(field.write(value)) == value


def test_the_example_curve_can_be_drawn():
    for steps in (2, 60, 200):
        levels = drawing_payload.unpack_levels(schema.example_curve(steps))
        assert len(levels) == steps and max(levels) - min(levels) > 1000 * (steps > 2)


def test_a_name_that_is_not_in_the_table_is_an_error():
    with pytest.raises(TypeError):
        Settings().having(hiden_size=3)
    with pytest.raises(AttributeError):
        Settings().get("hiden_size")


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("value", [object(), [1], {"a": 1}, float("nan"), "\0" * 5_000_000])
def test_a_value_of_another_kind_will_not_do(name, value):
    with pytest.raises(ValueError):
        FORMS[name].checked(value)


def test_no_row_has_the_name_of_a_generators_parameter():
    rows = [row.name for row in dataclasses.fields(schema.Settings)]
    parameters = [
        schema.parameter_name(source.key, parameter.name)
        for source in schema.SOURCES.values()
        for parameter in source.parameters
    ]
    assert not set(rows) & set(parameters)
