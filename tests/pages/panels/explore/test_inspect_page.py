"""Inspect, Hands on, Code and one's own weights on Explore, without a browser."""

import contextlib
import io
import re
import zipfile
from urllib.parse import parse_qsl

import numpy as np
import pytest
import safetensors.torch
import torch
import visits
from torch import nn
from visits import (
    OPEN_WEIGHTS,
    choose,
    control,
    link_of,
    name_of,
    player,
    press,
    sound,
    upload,
    with_weights,
    x_of,
)

from pages.state import own_weights
from pages.state.files.file_store import KEPT
from pages.state.session import Session
from seqviz import RNNSpec, build
from seqviz.data.drawing_payload import pack_strokes
from seqviz.export import tables
from seqviz.labels import number
from seqviz.rnn import intervened_run, interventions
from seqviz.rnn.cost import affordable_steps, cost
from seqviz.types import MODES

VIEWS = ("arithmetic", "over time", "data flow", "hands on")
CELL = {"selected": "0.0.7", "step": "18"}


def visit(session=(), **parameters):
    """A first visit to Explore with this link, and with these keys in the session already."""
    return visits.visit(None, session, **parameters)


def announced(app):
    """What stands behind **Inspect**."""
    (line,) = [m.value for m in app.main.markdown if m.value.startswith("**Inspect**")]
    return line.removeprefix("**Inspect** ")


def fill(app, label, value):
    """Set the number or choice below this label and run."""
    found = [w for kind in (app.main.number_input, app.main.selectbox) for w in kind]
    (box,) = [w for w in found if w.label.startswith(label)][-1:]
    return sound(box.set_value(value).run())


def heat(app, run=0, layer=0, direction=0):
    """The (T, H) values of one heatmap."""
    (track,) = [
        track
        for track in player(app)["tracks"][1:]
        if (track["run"], track["layer"], track["direction"]) == (run, layer, direction)
    ]
    return track["values"].reshape(track["T"], track["H"])


def banner(app):
    return [w.value for w in app.main.warning if "hanged network" in w.value]


def charts(app):
    """The words that stand for each Plotly chart, by its key."""
    return {chart.key: chart.proto.alt for chart in app.get("plotly_chart")}


# ---- the open cell -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"selected": "0.0.7", "step": "18"}, "layer 1, unit 7, step 18: h = "),
        ({"selected": "1.0.0", "step": "60"}, "layer 2, unit 0, step 60: h = "),
        ({"selected": "1.0.0"}, "layer 2, unit 0, step 60: h = "),  # no step: the last
        ({"selected": "1.0.15", "step": "2000"}, "layer 2, unit 15, step 60: h = "),
    ],
)
def test_the_open_cell_is_announced_with_the_number_pytorch_computes(link, said):
    app = visit(**link)
    text = announced(app)
    assert text.startswith(said) and re.fullmatch(r"−?\d\.\d{4}", text.removeprefix(said))
    layer, unit = int(link["selected"][0]), int(link["selected"].split(".")[-1])
    step = int(said.split("step ")[1].split(":")[0])
    rnn = build(RNNSpec("RNN_TANH", 1, 16, 2, seed=3))
    one = nn.RNN(1, 16)  # what the first layer alone computes
    one.load_state_dict({k: v for k, v in rnn.state_dict().items() if k.endswith("l0")})
    with torch.inference_mode():
        output = (one if layer == 0 else rnn)(torch.tensor(x_of(app))[:, None])[0]
    assert text == f"{said}{number(float(output[step - 1, 0, unit]))}"
    assert link_of(app) == link


@pytest.mark.parametrize("mode", MODES)
def test_every_quantity_is_announced_as_the_heatmap_has_it(mode, shown):
    app = visit(cell=mode, **CELL)
    for quantity in shown[-1].spec.quantities:
        choose(app, "quantity", quantity)
        value = float(shown[-1].quantity(quantity)[0, 0, 17, 7])
        assert value == float(heat(app)[17, 7])
        assert announced(app) == f"layer 1, unit 7, step 18: {quantity} = {number(value)}"


def test_the_reverse_direction_counts_what_it_has_read(shown):
    app = visit(selected="1.1.3", step="18", bidirectional="1")
    value = float(shown[-1].h[1, 1, 60 - 18, 3])  # 18 steps read from the right
    assert announced(app) == f"layer 2 reverse, unit 3, step 43: h = {number(value)}"


def test_without_a_cell_it_says_how_to_open_one():
    for link in ({}, {"selected": "3.0.1"}, {"selected": "0.1.1"}, {"selected": "0.0.16"}):
        app = visit(**link)
        assert announced(app).startswith("click any cell") and not app.latex and not charts(app)


@pytest.mark.parametrize("direction", [0, 1])
def test_step_0_is_h_0_and_has_no_arithmetic(direction):
    for view in VIEWS:
        app = visit(selected=f"0.{direction}.7", step="0", bidirectional="1", inspect=view)
        where = "layer 1 reverse" if direction else "layer 1"
        assert announced(app).startswith(f"{where}, unit 7, step 0: h_0")
        assert not app.latex and not charts(app)


def test_a_selection_waits_for_a_network_that_has_it():
    app = visit(selected="0.0.12", step="18")
    text = announced(app)
    assert announced(choose(app, "hidden_size", 8)).startswith("click any cell")
    assert app.query_params["selected"] == "0.0.12"
    for mode in ("LSTM", "GRU", "RNN_TANH"):
        assert announced(choose(app, "cell", mode)).startswith("click any cell")
    assert announced(choose(app, "hidden_size", 16)) == text
    choose(app, "hidden_size", 200)
    value = float(heat(app)[17, 12])
    assert announced(app) == f"layer 1, unit 12, step 18: h = {number(value)}"


def test_a_shorter_sequence_opens_its_last_step():
    app = visit(feed="type", text="abc", **CELL)
    assert announced(app).startswith("layer 1, unit 7, step 3: h = ")


# ---- the views -----------------------------------------------------------------------------------

NETWORKS = (
    {},
    {"bidirectional": "1", "selected": "1.1.3"},
    {"hidden_size": "1", "num_layers": "1", "selected": "0.0.0"},
    {"bias": "0", "feed": "type", "text": "a $ \\ {} _ ^ b"},
    {"hidden_size": "256", "selected": "1.0.255", "step": "1"},
)


@pytest.mark.parametrize("link", NETWORKS, ids=str)
@pytest.mark.parametrize("mode", MODES)
def test_every_view_opens_for_every_cell(mode, link, shown):
    app = visit(cell=mode, **{**CELL, **link})
    value = announced(app).rsplit("= ", 1)[1]
    gates = shown[-1].spec.gates
    formula, *worked = [latex.value for latex in app.latex]
    in_latex = value.replace("−", "-")
    assert worked[-1].count(f"= {in_latex}") == 1  # the arithmetic ends at the heatmap's value
    assert formula.count("=") == max(1, len(gates) + {"LSTM": 2, "GRU": 1}.get(mode, 0))
    assert len(worked) == len(formula.split(r"\\"))
    for name in [*gates, ending(mode)] if gates else ():
        choose(app, f"waterfall_{mode}", name)
        assert charts(app)["_waterfall"]
    choose(app, "inspect", "over time")
    assert value in charts(app)["_over_time"] and not app.latex
    assert "largest" in charts(app)["_over_time"] and "smallest" in charts(app)["_over_time"]
    choose(app, "inspect", "data flow")
    (drawing,) = app.get("image")
    assert value in drawing.proto.imgs[0].alt and not app.latex and not charts(app)
    choose(app, "inspect", "hands on")
    assert [b.label for b in app.button if b.label == "Apply"] == ["Apply"]
    kinds = control(app, "change_kind").options
    assert ("Clamp a gate" in kinds) is bool(gates)


def ending(mode):
    """The waterfall in which the gates come together."""
    return {"LSTM": "c, h", "GRU": "h"}[mode]


@pytest.mark.parametrize("view", VIEWS)
def test_states_beyond_float32_open_too(view):
    app = visit(cell="RNN_RELU", init="identity", h_0="typed", h_0_values="3e38", inspect=view,
                feed="generate", source="step", step_height="10", **CELL)  # fmt: skip
    assert announced(app).startswith("layer 1, unit 7, step 18: h = ")


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_pad_has_nothing_to_open(view):
    app = visit(curve="-", inspect=view, **CELL)
    assert not [m for m in app.main.markdown if m.value.startswith("**Inspect**")]
    assert not app.latex and not charts(app)


# ---- hands on ------------------------------------------------------------------------------------


def plain(mode, **fields):
    """The trace of the drawn curve through a network with Explore's defaults."""
    return build(RNNSpec(mode, 1, 16, 2, seed=3, **fields))


def test_a_changed_input_runs_through_pytorch(shown):
    app = visit(inspect="hands on", **CELL)
    before = announced(app)
    fill(app, "New value", 2.5)
    press(app, "Apply")
    assert app.query_params["changes"] == "i_17_0_2.5"
    assert banner(app) == ["Changed network: input x[0] set to 2.5 at step 18."]
    x = x_of(app).copy()
    assert x[17, 0] != 2.5  # the sequence itself stays
    x[17, 0] = 2.5
    with torch.inference_mode():
        output = plain("RNN_TANH")(torch.tensor(x)[:, None])[0][:, 0].numpy()
    np.testing.assert_allclose(heat(app, run=1, layer=1), output, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(heat(app, layer=1), shown[-1].h[1, 0])
    difference = heat(app, run=2, layer=1)
    np.testing.assert_array_equal(difference, heat(app, run=1, layer=1) - heat(app, layer=1))
    assert not difference[:17].any() and difference[17:22].all()  # nothing before it is touched
    now = float(heat(app, run=1)[17, 7])
    assert announced(app) == f"{before} → {number(now)} when changed"
    names = [(track["name"], track["note"]) for track in player(app)["tracks"][1:]]
    assert names[:3] == [("layer 1", ""), ("changed", "layer 1"), ("difference", "layer 1")]
    largest = np.abs(heat(app, run=2)).max()
    assert player(app)["tracks"][3]["scale"] == f"±{largest:.2g}"
    press(app, "Undo")
    assert not banner(app) and "changes" not in app.query_params
    assert len(player(app)["tracks"]) == 3 and announced(app) == before


def test_another_step_and_feature_can_be_changed():
    app = visit(inspect="hands on", feed="type", text="abcab", **CELL)
    fill(app, "Step", 2)
    fill(app, "Feature", 2)
    fill(app, "New value (now 0)", -1.0)
    press(app, "Apply")
    assert app.query_params["changes"] == "i_1_2_-1.0"
    assert not heat(app, run=2)[0].any() and heat(app, run=2)[1:].any()


@pytest.mark.parametrize(
    ("mode", "gate", "value"),
    [("LSTM", "f", 1.0), ("GRU", "z", 0.25), ("LSTM", "g", -0.5), ("GRU", "r", 0.0)],
)
def test_a_gate_is_clamped_for_all_units_of_a_layer(mode, gate, value, shown):
    app = choose(visit(cell=mode, inspect="hands on", quantity=gate, **CELL), "change_kind",
                 "clamp")  # fmt: skip
    fill(app, "Gate", gate)
    fill(app, "Value", value)
    press(app, "Apply")
    assert (heat(app, run=1) == np.float32(value)).all()
    assert not (heat(app) == np.float32(value)).all()
    (said,) = banner(app)
    held = f"{value:g}".replace("-", "−")
    assert f"{gate} clamped to {held} in layer 1, all units, for the whole sequence" in said
    expected = intervened_run.run(shown[-1], [interventions.clamp(gate, value)])
    np.testing.assert_array_equal(heat(app, run=1, layer=1), expected.gates[gate][1, 0])
    assert announced(app).endswith(f"→ {number(value)} when changed")


def test_one_unit_is_clamped_in_the_layer_that_is_chosen():
    app = visit(cell="LSTM", inspect="hands on", quantity="f", **CELL)
    choose(app, "change_kind", "clamp")
    fill(app, "In", "layer 2")
    choose(app, "change_one_unit", True)
    fill(app, "Unit", 5)
    press(app, "Apply")
    held = (heat(app, run=1, layer=1) == 1).all(axis=0)
    assert list(np.flatnonzero(held)) == [5] and not heat(app, run=2).any()
    assert app.query_params["changes"] == "c_1_0_f_5_1.0"


def test_who_presses_before_the_form_is_there_gets_the_kind_that_is_chosen():
    app = visit(cell="LSTM", inspect="hands on", selected="0.0.7", step="50")
    control(app, "change_kind").set_value("clamp")
    press(app, "Apply")  # both in one run
    assert app.query_params["changes"] == "c_0_0_f_a_1.0"


@pytest.mark.parametrize("mode", MODES)
def test_the_open_unit_is_silenced(mode):
    app = visit(cell=mode, inspect="hands on", selected="1.0.7", step="18")
    choose(app, "change_kind", "silence")
    press(app, "Apply")
    assert not heat(app, run=1, layer=1)[:, 7].any()
    np.testing.assert_array_equal(heat(app, run=2, layer=1)[:, 7], -heat(app, layer=1)[:, 7])
    assert not heat(app, run=2).any()  # nothing reaches the layer below
    assert banner(app) == [
        "Changed network: unit 7 silenced (held at 0) in layer 2, for the whole sequence."
    ]
    assert announced(app).endswith("→ 0.0000 when changed")


def test_changes_add_up_and_undo_takes_the_last():
    app = visit(cell="LSTM", changes="c_0_0_f_a_1.0", inspect="hands on", **CELL)
    choose(app, "change_kind", "silence")
    press(app, "Apply")
    assert app.query_params["changes"] == "c_0_0_f_a_1.0~s_0_0_7"
    assert "clamped" in banner(app)[0] and "silenced" in banner(app)[0]
    press(app, "Undo")
    assert app.query_params["changes"] == "c_0_0_f_a_1.0" and "silenced" not in banner(app)[0]
    press(app, "Undo")
    assert "changes" not in app.query_params and not banner(app) and len(player(app)["tracks"]) == 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("view", VIEWS)
def test_a_changed_run_in_the_link_is_shown_and_named(mode, view):
    changes = "i_3_0_2.0~s_0_0_a"
    app = visit(cell=mode, changes=changes, selected="0.0.7.1", step="18", inspect=view)
    assert app.query_params["changes"] == changes
    (said,) = banner(app)
    assert "input x[0] set to 2 at step 4; all units silenced" in said
    assert announced(app).startswith("changed network, layer 1, unit 7, step 18: h = ")
    assert not heat(app, run=1).any() and heat(app, run=2).any()
    assert "Undo" in [b.label for b in app.button]


def test_the_views_open_the_changed_run_when_its_cell_is_chosen():
    app = visit(changes="s_0_0_3", selected="1.0.7.1", step="18")
    value = float(heat(app, run=1, layer=1)[17, 7])
    assert f"= {value:.4f}" in app.latex[-1].value
    choose(app, "inspect", "over time")
    assert number(value) in charts(app)["_over_time"]
    difference = visit(changes="s_0_0_3", selected="1.0.7.2", step="18")
    assert f"= {value:.4f}" in difference.latex[-1].value
    assert announced(difference).startswith("changed network, ")


@pytest.mark.parametrize("changes", ["c_0_0_f_a_1.0", "s_3_0_a", "i_500_0_1.0", "s_0_0_200"])
def test_a_change_this_network_cannot_have_is_not_said_to_be_in_force(changes):
    app = visit(changes=changes, **CELL)  # one direction, two layers, 16 units, no gates
    assert len(player(app)["tracks"]) == 3 and "when changed" not in announced(app)
    assert not banner(app)


def test_a_ninth_change_is_refused_in_one_sentence():
    app = visit(changes="~".join(["s_0_0_7"] * 8), inspect="hands on", **CELL)
    choose(app, "change_kind", "silence")
    press(app, "Apply")
    assert app.query_params["changes"] == "~".join(["s_0_0_7"] * 8)
    said = [alert.value for alert in (*app.main.error, *app.main.warning, *app.main.info)]
    assert any("keep at most 8" in text for text in said), said
    press(app, "Undo")
    said = [alert.value for alert in (*app.main.error, *app.main.warning, *app.main.info)]
    assert not any("keep at most 8" in text for text in said)


def test_hands_on_survives_another_cell():
    app = visit(cell="LSTM", inspect="hands on", **CELL)
    choose(app, "change_kind", "clamp")
    for mode in ("GRU", "RNN_TANH", "LSTM"):
        choose(app, "cell", mode)
        assert "Apply" in [b.label for b in app.button]


# ---- code ----------------------------------------------------------------------------------------

OPEN_CODE = {"_code": True}


def code(app):
    """The script in the expander."""
    (block,) = app.main.code
    assert block.language == "python"
    return block.value


def numbers(program):
    """output[-1] (D*H,) as the program leaves it."""
    names = {}
    with torch.random.fork_rng(), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(program, "script.py", "exec"), names)
    assert "output[-1]" in printed.getvalue()
    return names["output"][-1, 0].numpy()


GESTURE = (((0, 0, 0), (2000, 4095, 400)), ((4095, 0, 900), (4095, 100, 1000)))
FEEDS = {
    "draw": {},
    "pen": {"drawing": "pen", "strokes": pack_strokes(GESTURE)},
    "characters": {"feed": "type", "text": 'it\'s "quoted" \\n {x} 🙂'},
    "words": {"feed": "type", "text": "to be or not to be", "text_unit": "words"},
    "sine": {"feed": "generate", "source": "sine", "sine_period": "7.5"},
    "randn": {"feed": "generate", "source": "randn", "randn_features": "3", "randn_seed": "9"},
    "stocks": {"feed": "generate", "source": "stocks"},
    "lesson": {"feed": "generate", "source": "lesson"},
}


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("mode", MODES)
def test_the_script_in_view_gets_the_number_on_screen(mode, feed, shown):
    app = visit(OPEN_CODE, cell=mode, bidirectional=str(int(feed == "words")), **FEEDS[feed])
    np.testing.assert_allclose(numbers(code(app)), shown[-1].output[-1], rtol=0, atol=1e-6)


@pytest.mark.parametrize("start", [{"h_0": "random"}, {"h_0": "typed", "h_0_values": "0.5"}])
@pytest.mark.parametrize("mode", MODES)
def test_the_script_starts_where_the_network_starts(mode, start, shown):
    app = visit(OPEN_CODE, cell=mode, steps="2", **start)
    assert np.abs(shown[-1].h_0).min() > 0
    np.testing.assert_allclose(numbers(code(app)), shown[-1].output[-1], rtol=0, atol=1e-6)


def test_the_script_follows_every_control(shown):
    app, seen = visit(OPEN_CODE), set()
    for key, value in [("cell", "LSTM"), ("hidden_size", 9), ("init", "orthogonal"), ("seed", 8),
                       ("bias", False), ("feed", "generate"), ("source", "square")]:  # fmt: skip
        choose(app, key, value)
        program = code(app)
        np.testing.assert_allclose(numbers(program), shown[-1].output[-1], rtol=0, atol=1e-6)
        seen.add(program)
    assert len(seen) == 7


def test_a_problem_leaves_the_script_of_what_is_still_on_screen(shown):
    app = visit(OPEN_CODE, feed="generate", source="impulse", impulse_steps="20")
    choose(app, "impulse_position", 30)
    assert app.main.error
    np.testing.assert_allclose(numbers(code(app)), shown[-1].output[-1], rtol=0, atol=1e-6)


# ---- share ---------------------------------------------------------------------------------------

OPEN_SHARE = {"_share": True}


def link(app):
    """What follows the ? of the link in the panel."""
    (box,) = [box for box in app.text_input if box.label == "Link to this screen"]
    assert f"{len(box.value):,} characters" in " ".join(c.value for c in app.main.caption)
    return dict(parse_qsl(box.value.partition("?")[2], strict_parsing=True))


def test_the_link_is_the_address_and_follows_every_control():
    app = visit(OPEN_SHARE, cell="GRU", changes="i_3_0_2.0", **CELL)
    assert link(app) == app.query_params and len(app.get("image")) == 1
    choose(app, "hidden_size", 9)
    choose(app, "inspect", "over time")
    assert link(app) == app.query_params
    assert announced(visit(**link(app))) == announced(app)


def test_a_link_too_long_for_a_camera_has_no_qr_code():
    app = visit(OPEN_SHARE, feed="type", text="ab" * 900)
    assert not app.get("image") and link(app)["text"] == "ab" * 900
    assert any("Too long for a QR code" in caption.value for caption in app.main.caption)


@pytest.mark.parametrize(("rows", "fits"), [(10_000, True), (1000, False)])
def test_a_csv_that_would_be_too_long_is_not_offered(monkeypatch, rows, fits):
    monkeypatch.setattr(tables, "CSV_ROWS", rows)
    app = visit({"_export": True})  # 60 steps of 2 layers of 16 units: 1,920 rows
    (csv,) = [b.proto for b in app.get("download_button") if b.proto.label == "CSV"]
    assert csv.disabled is not fits
    said = [c.value for c in app.main.caption if c.value.startswith("CSV holds at most")]
    assert said == (
        [] if fits else ["CSV holds at most 1,000 rows, this trace has more: use Parquet."]
    )


def said_of_files(app):
    return [said.value for said in app.main.caption if "Whoever has this link" in said.value]


@pytest.mark.parametrize(("rows", "fits"), [(40, True), (1900, False)])
def test_share_says_who_sees_an_upload(rows, fits):
    app = visit(OPEN_SHARE, feed="upload")
    stream = io.BytesIO()
    np.save(stream, np.random.default_rng(0).normal(size=(rows, 3)))
    upload(app, "walk.npy", stream.getvalue())
    assert len(x_of(app)) == rows and ("data" in link(app)) is fits
    (said,) = said_of_files(app)
    assert "walk.npy" in said and ("as long as this server keeps the file" in said) is not fits
    assert ("rows and columns left out here" in said) is fits
    np.testing.assert_array_equal(x_of(visit(**link(app))), x_of(app))
    KEPT.clear()
    other = visit(OPEN_SHARE, **link(app))
    if fits:
        np.testing.assert_array_equal(x_of(other), x_of(app))
    else:
        assert not said_of_files(other)
        assert any("send that file" in warning.value for warning in other.main.warning)


def test_share_says_who_can_run_one_s_own_weights():
    app = with_weights(model(lambda: nn.GRU(1, 4)), session=OPEN_SHARE)
    (said,) = said_of_files(app)
    assert "your weights, “model.pt”" in said
    assert not said_of_files(visit(OPEN_SHARE, feed="type"))


# ---- one's own weights ---------------------------------------------------------------------------


class Translator(nn.Module):
    """A model as somebody would have it: recurrent layers among others."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(4, 1)
        self.encoder = nn.ModuleDict({"rnn": nn.GRU(1, 6, num_layers=2)})
        self.cell = nn.LSTMCell(3, 5)


def model(make):
    """make() with weights of its own, the global random state left alone."""
    with torch.random.fork_rng():
        torch.manual_seed(11)
        return make()


def output_of(rnn, x):
    with torch.inference_mode():
        return rnn(torch.tensor(x)[:, None])[0][:, 0].numpy()


def test_a_layer_inside_a_model_reads_what_is_drawn():
    own = model(Translator)
    app = with_weights(own, 0, selected="0.0.4", step="18")
    said = "encoder.rnn: GRU, 2 layers, input_size 1, hidden_size 6"
    assert app.sidebar.markdown[0].value == f"**{said}**"
    assert "`nn.GRU(1, 6, num_layers=2)`" in app.sidebar.markdown[1].value
    expected = output_of(own.encoder["rnn"], x_of(app))
    np.testing.assert_array_equal(heat(app, layer=1), expected)
    assert announced(app) == f"layer 1, unit 4, step 18: h = {number(float(heat(app)[17, 4]))}"
    assert "cell" not in map(name_of, app.button_group)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_for_one_s_own_weights(view):
    own = model(lambda: nn.LSTM(1, 9, 2, bidirectional=True, bias=False))
    app = with_weights(own, selected="1.1.8", step="3", inspect=view)
    assert announced(app).startswith("layer 2 reverse, unit 8, step 58: h = ")


def notes(app):
    return [info.value for info in app.info]


def test_a_cell_that_reads_more_features_runs_on_a_stand_in_and_says_what_would_fit():
    own = model(Translator)
    app = with_weights(own, 1, **CELL)
    (said,) = notes(app)
    assert said == (
        "This network reads 3 features a step and the sequence has 1: use Generate with 3 "
        "features, a table with 3 numeric columns or Type with an alphabet of 3 symbols. Until "
        "then it reads torch.randn(60, 1, 3)."
    )
    assert not app.error
    x = torch.randn(60, 1, 3, generator=torch.Generator().manual_seed(0))
    np.testing.assert_array_equal(x_of(app), x[:, 0])
    h, c, states = torch.zeros(1, 5), torch.zeros(1, 5), []
    with torch.inference_mode():
        for row in x:
            h, c = own.cell(row, (h, c))
            states.append(h[0])
    np.testing.assert_allclose(heat(app), torch.stack(states), rtol=0, atol=1e-6)
    assert player(app)["capacity"] == 0  # nothing grows while somebody draws
    # a sequence that fits takes the stand-in's place
    for key, value in [("feed", "generate"), ("source", "randn"), ("randn_seed", 1)]:
        choose(app, key, value)
    choose(app, "randn_features", 3)
    assert not notes(app) and not np.array_equal(x_of(app), x[:, 0])
    choose(app, "feed", "draw")
    assert notes(app) == [said] and not app.error


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_a_plain_rnn_is_asked_for_its_nonlinearity(nonlinearity):
    own = model(lambda: nn.RNN(1, 7, nonlinearity=nonlinearity))
    app = with_weights(own)
    assert control(app, "own_nonlinearity").value == "tanh"
    choose(app, "own_nonlinearity", nonlinearity)
    np.testing.assert_array_equal(heat(app), output_of(own, x_of(app)))
    assert f"RNN ({'ReLU' if nonlinearity == 'relu' else 'tanh'})" in app.sidebar.markdown[0].value


def test_the_first_of_several_layers_runs_and_the_others_are_one_press_away():
    own = model(Translator)
    app = visit(feed="generate", source="randn", randn_features="3")
    before = heat(app)
    app = with_weights(own, feed="generate", source="randn", randn_features="3")
    layers = control(app, "own_layer")
    assert layers.value == 0 and len(layers.options) == 2
    assert "encoder.rnn: GRU, 2 layers" in app.sidebar.markdown[0].value
    choose(app, "own_layer", 1)
    assert "cell: LSTM, 1 layer, input_size 3, hidden_size 5" in app.sidebar.markdown[0].value
    assert heat(app).shape == (60, 5) and not app.info
    press(app, "Back to the network from Build")
    np.testing.assert_array_equal(heat(app), before)
    assert control(app, "own_layer").value is None


def test_a_large_network_reads_what_can_be_afforded_and_says_what_the_rest_would_cost():
    own = model(lambda: nn.LSTM(1, 1500))
    app = with_weights(own, feed="generate", source="sine", sine_steps="2000", selected="0.0.1499",
                       step="7")  # fmt: skip
    spec = RNNSpec("LSTM", 1, 1500, init="given")
    most = affordable_steps(spec)
    assert most < 2000 and x_of(app).shape == (most, 1)
    (said,) = notes(app)
    assert said == (
        f"All 2,000 steps would take this network {cost(spec, 2000)}, so it reads the first "
        f"{most:,}: choose a shorter sequence, or a stride, for others."
    )
    track = player(app)["tracks"][1]
    assert (track["T"], track["stride"]) == (most, 1)
    np.testing.assert_allclose(heat(app), output_of(own, x_of(app)), atol=1e-6)
    assert announced(app).startswith("layer 1, unit 1499, step 7: h = ")
    priced = control(app, "own_layer").proto.captions
    assert list(priced) == [f"{most:,} steps: {cost(spec, most)}"]
    choose(app, "sine_steps", 100)
    assert not notes(app) and x_of(app).shape == (100, 1)


def test_a_network_as_one_mostly_has_costs_nothing_worth_saying():
    app = with_weights(model(lambda: nn.LSTM(1, 16)), feed="generate", sine_steps="2000")
    assert not notes(app) and list(control(app, "own_layer").proto.captions) in ([], [""])
    assert x_of(app).shape == (2000, 1)


def test_the_table_of_a_large_layer_lists_a_part_of_its_units():
    own = model(lambda: nn.RNN(1, 1400))
    app = with_weights(own, session={"_words": True}, feed="generate", sine_steps="600")
    (table,) = app.dataframe
    units = [name for name in table.value.columns if name != "label"]
    assert units == [f"unit {k}" for k in range(0, 1400, 2)]
    values = heat(app)[:, ::2]
    np.testing.assert_array_equal(table.value[units].to_numpy(), values)
    assert "1 in 2 units is listed: Export has all of them." in [c.value for c in app.main.caption]


def test_a_widget_that_shows_another_file_s_layers_names_none():
    own = model(Translator)
    app = with_weights(own, 1)
    key = control(app, "own_layer").key
    upload(app, "gru.pt", as_torch(nn.GRU(1, 3).state_dict()), "weights")
    assert control(app, "own_layer").key != key  # the list is another: the widget begins anew
    assert control(app, "own_layer").value == 0 and heat(app).shape == (60, 3)
    session = Session()
    session.options["own_layer"] = "cell: LSTM, 1 layer"
    assert own_weights.chosen_place(session) is None


def test_a_file_of_many_layers_is_summed_up():
    tensors = {}
    for k in range(300):
        cell = nn.GRUCell(1, 2, bias=False) if k else nn.LSTMCell(1, 2, bias=False)
        tensors |= {f"blocks.{k}.{name}": value for name, value in cell.state_dict().items()}
    for k in range(300):
        tensors[f"broken.{k}.weight_hh_l0"] = torch.zeros(3, 1)
    data = safetensors.torch.save(tensors)
    app = upload(visit(session=OPEN_WEIGHTS), "many.safetensors", data, "weights")
    captions = [caption.value for caption in app.sidebar.caption]
    assert "300 recurrent layers: 299 GRU, 1 LSTM. The first 8 are listed." in captions
    assert "297 more sentences like these." in captions and len(captions) == 5
    assert len(control(app, "own_layer").options) == 8
    choose(app, "own_search", "299")
    options = control(app, "own_layer").options  # the one that runs, and the one that was searched
    assert [option.split(":")[0] for option in options] == ["blocks.0", "blocks.299"]
    place = sorted(str(k) for k in range(300)).index("299")  # as safetensors orders names
    choose(app, "own_layer", place)
    assert app.sidebar.markdown[0].value.startswith("**blocks.299: GRU")
    choose(app, "own_search", "nothing")
    assert len(control(app, "own_layer").options) == 1 and not app.error


def test_the_script_loads_the_weights_that_export_saves(shown, tmp_path, monkeypatch):
    own = model(Translator)
    app = with_weights(own, 0, OPEN_CODE, h_0="random")
    (tmp_path / "weights.safetensors").write_bytes(tables.safetensors(shown[-1]))
    monkeypatch.chdir(tmp_path)
    assert "weights.safetensors" in code(app)
    np.testing.assert_allclose(numbers(code(app)), shown[-1].output[-1], rtol=0, atol=1e-6)


def test_other_weights_of_the_same_shape_are_another_network():
    first, second = (model(lambda: nn.GRU(1, 6)) for _ in range(2))
    with torch.no_grad():
        second.weight_ih_l0.mul_(2)
    app = with_weights(first)
    upload(app, "second.safetensors", safetensors.torch.save(second.state_dict()), "weights")
    np.testing.assert_array_equal(heat(app), output_of(second, x_of(app)))


# ---- files of weights ----------------------------------------------------------------------------


def as_torch(tensors):
    stream = io.BytesIO()
    torch.save(tensors, stream)
    return stream.getvalue()


def as_npz(tensors):
    stream = io.BytesIO()
    np.savez(stream, **{name: tensor.numpy() for name, tensor in tensors.items()})
    return stream.getvalue()


FORMATS = {
    "w.safetensors": safetensors.torch.save,
    "w.pt": as_torch,
    "w.pth": as_torch,
    "w.npz": as_npz,
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_single_layer_runs_as_soon_as_its_file_is_read(name):
    own = model(lambda: nn.LSTM(1, 6, bias=False))
    tensors = {f"decoder.lstm.{key}": value for key, value in own.state_dict().items()}
    app = upload(visit(OPEN_WEIGHTS), name, FORMATS[name](tensors), "weights")
    assert not app.error
    said = "decoder.lstm: LSTM, 1 layer, input_size 1, hidden_size 6, no bias"
    assert app.sidebar.markdown[0].value == f"**{said}**"
    np.testing.assert_array_equal(heat(app), output_of(own, x_of(app)))


class Malicious:
    def __reduce__(self):
        return print, ("executed",)


def bomb():
    """40 KB that unpack to 40 MB."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("weight_hh_l0.npy", bytes(80 * 2**20))
    return stream.getvalue()


BAD = {
    "evil.pt": lambda: as_torch({"weight_ih_l0": Malicious()}),
    "empty.safetensors": lambda: b"",
    "forged.safetensors": lambda: (2**40).to_bytes(8, "little") + b"{}",
    "bomb.npz": bomb,
    "cut.pt": lambda: as_torch(model(lambda: nn.GRU(1, 4)).state_dict())[:900],
    "words.pt": lambda: b"not a checkpoint",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gives_one_sentence_and_the_network_stays(name, capsys):
    app = visit(OPEN_WEIGHTS)
    before = heat(app)
    upload(app, name, BAD[name](), "weights")
    (said,) = [error.value for error in app.error]
    assert said.endswith((".", ".)")) and "\n" not in said and "Traceback" not in said
    assert "executed" not in capsys.readouterr().out
    np.testing.assert_array_equal(heat(app), before)
    good = safetensors.torch.save(model(lambda: nn.GRU(1, 4)).state_dict())
    upload(app, "good.safetensors", good, "weights")
    assert not app.error and heat(app).shape == (60, 4)


@pytest.mark.parametrize(
    ("tensors", "says"),
    [
        ({"conv.weight": torch.zeros(3, 3)}, "No recurrent layer is in this file"),
        ({"rnn.weight_ih_l0": torch.zeros(4, 1)}, "weight_hh_l0"),
        ({"a.weight_ih": torch.zeros(8, 1), "a.weight_hh": torch.zeros(8, 4)}, "rows"),
    ],
    ids=["none", "half", "ratio"],
)
def test_what_cannot_run_is_said(tensors, says):
    app = upload(visit(OPEN_WEIGHTS), "w.safetensors", safetensors.torch.save(tensors), "weights")
    assert any(says in caption.value for caption in app.sidebar.caption)
    assert heat(app).shape == (60, 16)  # Build's network
