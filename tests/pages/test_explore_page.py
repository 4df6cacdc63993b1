"""Explore without a browser: what a first visit shows, what each control of Build does."""

import numpy as np
import pytest
import torch
from torch import nn
from visits import (
    NAVIGATION,
    choose,
    components,
    control,
    empty,
    errors,
    facts,
    heatmaps,
    link_of,
    name_of,
    player,
    press,
    same_weights,
    sound,
    visit,
    widgets,
    x_of,
)

from pages.panels.explore.feed import FEEDS
from pages.state import schema
from seqviz.data import generators as sources
from seqviz.labels import number
from seqviz.rnn import interventions
from seqviz.rnn.model import build
from seqviz.types import MODES

EXPLODING = {"cell": "RNN_RELU", "init": "xavier", "hidden_size": "2", "num_layers": "1",
             "seed": "10", "feed": "generate", "sine_steps": "600"}  # fmt: skip


def test_a_first_visit_shows_a_network_reading_a_sequence():
    app = visit(first=True)
    assert not app.error and not app.warning and app.query_params == {}
    shown = player(app)
    assert shown["caption"] == "drawn curve · 60 steps" and shown["T"] == 60
    assert [(track["layer"], track["H"]) for track in heatmaps(app)] == [(0, 16), (1, 16)]
    assert all(np.ptp(track["values"]) > 0.1 for track in heatmaps(app))
    assert facts(app) == [
        "nn.LSTM(1, 16, num_layers=2)",
        "3,392 parameters",
        "x      torch.Size([60, 1, 1])",
        "output torch.Size([60, 1, 16])",
        "h_n    torch.Size([2, 1, 16])",
    ]
    assert any("output[-1] == h_n[-1]  # True, all 16 values" in m.value for m in app.markdown)


def test_one_line_says_what_is_seen_and_follows_what_is_set():
    def line(app):
        (said,) = [m.value for m in app.markdown if "Each row" in m.value]
        return said.removeprefix(":small[").removesuffix("]")

    app = visit()
    assert line(app) == (
        "Each row is one of 16 hidden units, each column one of 60 steps. "
        "This network is untrained (random weights, seed 3)."
    )
    app = visit(hidden_size="5", init="orthogonal", seed="8", feed="type", text="to be")
    assert line(app) == (
        "Each row is one of 5 hidden units, each column one of 5 steps. "
        "This network is untrained (random, orthogonal weights, seed 8)."
    )
    app = visit(curve="-")
    assert not [m for m in app.markdown if "Each row" in m.value]


@pytest.mark.parametrize("cell", MODES)
def test_the_player_says_how_the_open_cell_came_about(cell):
    app = visit(cell=cell, selected="1.0.3", step="7")
    opened = player(app)["opened"]
    assert opened["cell"] == {"run": 0, "layer": 1, "direction": 0, "unit": 3}
    assert opened["step"] == 7
    value = heatmaps(app)[1]["values"].reshape(60, 16)[6, 3]
    assert opened["text"].endswith(f" = {number(value)}")
    assert player(visit(cell=cell))["opened"] is None
    assert player(visit(cell=cell, selected="1.0.3", step="0"))["opened"] is None


def test_a_second_run_sends_the_same_bytes():
    app = visit()
    sent = components(app)
    assert components(sound(app.run())) == sent


def test_every_control_that_holds_a_value_has_a_row_in_the_table():
    app, keys = visit(cell="LSTM", h_0="typed"), set()
    for feed in FEEDS:
        choose(app, "feed", feed)
        keys |= {name_of(widget) for widget in widgets(app)}
        if feed == "draw":
            choose(app, "drawing", "pen")
            keys |= {name_of(widget) for widget in widgets(app)}
    choose(app, "feed", "generate")
    for source in sources.SOURCES:
        keys |= {name_of(widget) for widget in widgets(choose(app, "source", source))}
    named = {key for key in keys if key and not key.startswith("_")}
    assert named <= set(schema.FORMS)
    generators = {
        schema.parameter_name(key, parameter.name)
        for key, source in sources.SOURCES.items()
        for parameter in source.parameters
    }
    assert {"cell", "seed", "forget_bias", "text_unit", "resample", *generators} <= named


# ---- Build ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_each_cell_shows_what_pytorch_computes(mode):
    app = choose(visit(bidirectional="1", seed="5"), "cell", mode)
    line = facts(app)[0]
    assert line.endswith("num_layers=2, bidirectional=True)")
    with torch.random.fork_rng():
        torch.manual_seed(5)
        rnn = eval(line, {"nn": nn})
    with torch.inference_mode():
        output, _ = rnn(torch.tensor(x_of(app))[:, None])
    top = [track["values"].reshape(60, 16) for track in heatmaps(app)[2:]]
    np.testing.assert_array_equal(np.concatenate(top, axis=1), output[:, 0].numpy())
    count = sum(parameter.numel() for parameter in rnn.parameters())
    assert facts(app)[1] == f"{count:,} parameters"
    has_forget_gate = any(w.label == "Forget-gate bias" for w in app.sidebar.number_input)
    assert has_forget_gate is (mode == "LSTM")
    letters = [option.split()[0] for option in control(app, "quantity").options]
    for letter in letters:
        choose(app, "quantity", letter)
        assert player(app)["quantity"] == letter
        assert all(np.isfinite(track["values"]).all() for track in heatmaps(app))
    assert letters == {"GRU": list("hrzn"), "LSTM": list("hcifgo")}.get(mode, ["h"])


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("hidden_size", 33, "nn.RNN(1, 33, num_layers=2)"),
        ("num_layers", 1, "nn.RNN(1, 16)"),
        ("bidirectional", True, "nn.RNN(1, 16, num_layers=2, bidirectional=True)"),
        ("bias", False, "nn.RNN(1, 16, num_layers=2, bias=False)"),
        ("cell", "RNN_RELU", "nn.RNN(1, 16, nonlinearity='relu', num_layers=2)"),
    ],
)
def test_the_network_s_controls_change_the_constructor(key, value, line):
    app = choose(visit(), key, value)
    assert facts(app)[0] == line
    assert link_of(app) == {key: schema.FORMS[key].write(value)}


def test_other_controls_never_change_a_weight(shown):
    app = visit(cell="LSTM", quantity="c")
    weights, lines = dict(shown[-1].weights), facts(app)[:2]
    moves = [
        ("quantity", "o"),
        ("steps", 90),
        ("h_0", "random"),
        ("h_0", "typed"),
        ("h_0_values", "0.25"),
        ("feed", "generate"),
        ("source", "random_walk"),
        ("random_walk_seed", 7),
        ("random_walk_steps", 30),
        ("feed", "upload"),
        ("feed", "record"),
        ("feed", "draw"),
        ("drawing", "pen"),
        ("drawing", "curve"),
    ]
    for key, value in moves:
        choose(app, key, value)
        latest = [trace for trace in shown if trace is not None][-1]
        assert same_weights(latest.weights, weights), (key, value)
        assert facts(app)[:2] == lines, (key, value)
    assert same_weights(
        weights, {k: v.numpy() for k, v in build(shown[-1].spec).state_dict().items()}
    )


def test_new_weights_are_those_of_the_next_seed(shown):
    app = visit(seed="2147483646")
    before = shown[-1].weights
    press(app, "New weights")
    assert control(app, "seed").value == 2**31 - 1
    assert not same_weights(shown[-1].weights, before)
    press(app, "New weights")
    assert control(app, "seed").value == 0 and shown[-1].spec.seed == 0
    assert link_of(app) == {"seed": "0"}


def test_the_forget_bias_is_set_and_emptied_again(shown):
    app = choose(visit(cell="LSTM"), "forget_bias", 2.0)
    weights = shown[-1].weights
    assert (weights["bias_ih_l0"][16:32] == 2).all() and not weights["bias_hh_l1"][16:32].any()
    assert link_of(app) == {"forget_bias": "2.0"}
    empty(app, "forget_bias")
    assert shown[-1].spec.forget_bias is None and not link_of(app)
    choose(app, "bias", False)
    assert control(app, "forget_bias").disabled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5", np.full((2, 4), 0.5)),
        ("1, -2, 3e-1 4", np.tile([1, -2, 0.3, 4], (2, 1))),
        (" ".join(map(str, range(8))), np.arange(8).reshape(2, 4)),
    ],
)
def test_typed_initial_states(shown, text, expected):
    app = choose(visit(hidden_size="4", h_0="typed"), "h_0_values", text)
    assert not app.error
    np.testing.assert_array_equal(shown[-1].h_0[:, 0], expected.astype(np.float32))
    np.testing.assert_array_equal(heatmaps(app)[1]["initial"], expected[1].astype(np.float32))


def test_a_random_initial_state_follows_the_seed(shown):
    visit(cell="LSTM", hidden_size="4", h_0="random", seed="9")
    generator = torch.Generator().manual_seed(9)
    h_0, c_0 = (torch.randn(2, 4, generator=generator).numpy() for _ in range(2))
    np.testing.assert_array_equal(shown[-1].h_0[:, 0], h_0)
    np.testing.assert_array_equal(shown[-1].c_0[:, 0], c_0)


def test_an_initial_state_that_will_not_do_is_said_in_one_sentence():
    app = visit(h_0="typed", h_0_values="1")
    for text, says in [
        ("a, b", "takes numbers separated by commas"),
        ("1 2 3", "type 1 for all units, 16 for one a unit, or 32"),
        ("nan", "finite"),
        ("1e400", "finite"),
        ("0x10", "takes numbers"),
    ]:
        choose(app, "h_0_values", text)
        (message,) = errors(app)
        assert says in message and message.count(". ") == 0
        assert player(app)["T"] == 60 and not heatmaps(app)[0]["initial"].any()
    assert not errors(choose(app, "h_0_values", "1"))


# ---- every page ----------------------------------------------------------------------------------


PAGES = {p.name for p in NAVIGATION.parent.glob("*.py")} - {NAVIGATION.name, "__init__.py"}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_runs_with_every_cell(page):
    for mode in MODES:
        app = visit(page, cell=mode, hidden_size="4", bidirectional="1")
        assert not app.error and heatmaps(app)
        if page not in ("uses.py", "learn.py"):  # they have networks of their own
            assert len(heatmaps(app)) >= 2 and facts(app)


def test_states_beyond_float32_are_named_in_words():
    app = visit(**EXPLODING)
    (said,) = [warning.value for warning in app.warning]
    states = heatmaps(app)[0]["values"].reshape(600, 2)
    first = int(np.flatnonzero(~np.isfinite(states).all(axis=1))[0]) + 1
    assert said.startswith(f"The network left the range of float32 at step {first}: ")
    assert not visit(**{**EXPLODING, "sine_steps": str(first - 1)}).warning


def test_a_change_that_makes_states_overflow_is_named_too():
    before = {**EXPLODING, "sine_steps": "300"}
    change = interventions.pack((interventions.change_input(0, 0, 1e30),))
    app = visit(**before, changes=change)
    assert not visit(**before).warning
    assert any(w.value.startswith("The changed network left the range") for w in app.warning)


def test_build_stands_above_its_controls():
    app = visit()
    (header,) = app.sidebar.subheader
    kinds = [element.type for element in app.sidebar.children.values()]
    assert header.value == "Build" and kinds.index("subheader") < kinds.index("button_group")
