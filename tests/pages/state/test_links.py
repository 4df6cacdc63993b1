"""Links and clients: what a link restores, and that nothing forged brings a page down."""

import numpy as np
import pytest
from visits import (
    choose,
    control,
    everything_shown,
    facts,
    heatmaps,
    link_of,
    new_app,
    player,
    sound,
    visit,
    x_of,
)

from pages.state import schema, url
from seqviz.data import generators, url_payload
from seqviz.limits import MAX_DRAWN_STEPS
from seqviz.types import InputSequence


def test_a_deep_link_restores_everything_and_stays_the_address():
    link = {
        "cell": "GRU", "hidden_size": "9", "num_layers": "3", "bidirectional": "1", "bias": "0",
        "init": "orthogonal", "seed": "7", "h_0": "typed", "h_0_values": "0.5", "feed": "generate",
        "source": "square", "square_steps": "31", "square_period": "6.5", "quantity": "z",
        "step": "5", "selected": "1.1.7",
    }  # fmt: skip
    app = visit(**link)
    assert not app.error and not app.warning and link_of(app) == link
    sent = player(app)
    assert (sent["T"], sent["quantity"], sent["step"]) == (31, "z", 5)
    assert sent["cell"] == {"run": 0, "layer": 1, "direction": 1, "unit": 7}
    assert len(heatmaps(app)) == 6 and heatmaps(app)[0]["H"] == 9
    assert facts(app)[0] == "nn.GRU(1, 9, num_layers=3, bias=False, bidirectional=True)"
    np.testing.assert_array_equal(x_of(app), generators.generate("square", steps=31, period=6.5).x)
    assert control(app, "hidden_size").value == 9
    assert control(app, "cell").value == "GRU"


def test_the_state_on_screen_makes_a_link_that_shows_the_same():
    app = visit()
    for key, value in [("cell", "LSTM"), ("hidden_size", 5), ("init", "xavier"), ("quantity", "f"),
                       ("forget_bias", 1.5), ("feed", "generate"), ("source", "randn"),
                       ("randn_features", 3), ("h_0", "random")]:  # fmt: skip
        choose(app, key, value)
    assert everything_shown(visit(**app.query_params)) == everything_shown(app)


def test_broken_parameters_are_named_and_the_defaults_shown():
    app = visit(first=True, cell="X", hidden_size="9999", curve="%%%", seed="-1", utm_source="mail")
    (notice,) = [warning.value for warning in app.warning]
    for said in ("cell “X”", "hidden_size “9999”", "curve “%%%”", "seed “-1”", "“utm_source”"):
        assert said in notice
    assert everything_shown(app) == everything_shown(visit(first=True)) and not app.query_params
    assert sound(app.run()).warning  # until somebody goes on
    assert not choose(app, "hidden_size", 8).warning


@pytest.mark.parametrize(
    "link",
    [
        {"step": "2000", "selected": "99.1.9999"},
        {"quantity": "o"},  # an RNN has none
        {"forget_bias": "3"},
        {"feed": "type", "text": "-"},
        {"curve": "-", "drawing": "pen"},
        {"h_0": "typed"},
        {"feed": "generate", "source": "impulse", "impulse_steps": "1"},
        {"feed": "type", "text": "\u202e<b>" + "[x](http://a)" * 40},
    ],
    ids=str,
)
def test_a_link_may_hold_what_does_not_fit_together(link):
    app = visit(**link)
    assert not app.warning and player(app)["T"] >= 0


def test_a_huge_link_is_refused_and_not_remembered():
    app = visit(**{name: "9" * 3000 for name in schema.FORMS}, **{"x" * 9999: "y" * 9999})
    assert len(app.warning) == 1 and len(app.warning[0].value) < 1000
    assert url.decode(app.query_params)[1] == [] and player(app)["T"] == 60


def test_a_forged_sequence_is_refused():
    good = url_payload.pack_sequence(InputSequence(np.zeros((3, 2)), name="small"))
    assert player(visit(feed="upload", data=good))["caption"] == "small · 3 steps"
    for data in (good[:-3], good[::-1], "A" * 6000, "😀"):
        app = visit(feed="upload", data=data)
        assert len(app.warning) == 1 and player(app)["caption"] == "drawn curve · 60 steps"
        assert url_payload.unpack_sequence(app.query_params["data"]).name == "drawn curve"


# ---- hostile clients -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("hidden_size", 9999),
        ("hidden_size", 0),
        ("num_layers", 99),
        ("num_layers", -1),
        ("steps", 10**9),
        ("steps", -1),
        ("seed", 2**40),
        ("seed", -1),
        ("forget_bias", 1e300),
        ("forget_bias", float("nan")),
    ],
)
def test_a_client_that_ignores_limits_gets_nothing_outside_them(shown, key, value):
    app = choose(visit(cell="LSTM"), key, value)
    spec = shown[-1].spec
    assert 1 <= spec.hidden_size <= 256 and 1 <= spec.num_layers <= 4
    assert spec.forget_bias is None or abs(spec.forget_bias) <= 10
    assert 2 <= player(app)["T"] <= MAX_DRAWN_STEPS
    assert facts(app)[0].startswith(f"nn.LSTM(1, {spec.hidden_size}")
    assert key not in app.query_params or app.query_params[key] != str(value)


@pytest.mark.parametrize(
    ("key", "value"),
    [("hidden_size", 9999), ("steps", 10**9), ("cell", "bogus"), ("feed", "?"), ("curve", "%%"),
     ("strokes", "zz"), ("selected", "x.y"), ("num_layers", None), ("seed", "x"), ("text", None)],
)  # fmt: skip
def test_a_session_that_starts_with_rubbish_starts_afresh(key, value):
    app = new_app()
    app.session_state[key] = value
    assert everything_shown(sound(app.run())) == everything_shown(visit())
