"""Compare without a browser: every preset sets true runs side by side under one player."""

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from visits import (
    choose,
    components,
    control,
    errors,
    heatmaps,
    name_of,
    player,
    sound,
    visit,
    widgets,
)

import seqviz
from pages.state import schema
from seqviz.analysis.representation_similarity import representation_similarity
from seqviz.analysis.representation_similarity import sentence as agreement
from seqviz.analysis.trace_difference import difference, sentence
from seqviz.data import drawing, drawing_payload, generators
from seqviz.data.order import reversed_order
from seqviz.types import RNNSpec

SPEC = RNNSpec("RNN_TANH", 1, 16, 2, seed=3)  # of a first visit
CURVE = drawing.curve(drawing_payload.unpack_levels(schema.Settings().curve), 60)


def compare(preset="cells", **parameters):
    return visit("compare.py", compare=preset, **parameters)


def titles(app):
    return [track["name"] for track in player(app)["tracks"]]


def values(track):
    return track["values"].reshape(track["T"], track["H"])


def words(app):
    return "\n".join(element.value for element in app.main.markdown)


def chart(app):
    """The chart's figure and its text alternative; None without a chart."""
    found = app.get("plotly_chart")
    return (json.loads(found[0].proto.spec), found[0].proto.alt) if found else None


def test_a_click_on_a_preset_compares_what_explore_shows():
    app = visit("compare.py", cell="GRU", hidden_size="5", num_layers="1")
    (presets,) = [group for group in app.button_group if name_of(group) == "compare"]
    assert presets.label == "Compare"
    assert presets.options == ["Cells", "Parameters", "Order", "Sequences", "Seeds", "Inits",
                               "Forget bias", "Training"]  # fmt: skip
    choose(app, "compare", "seeds")
    assert titles(app) == ["x", "A seed 3", "B seed 4"]
    assert [track["H"] for track in heatmaps(app)] == [5, 5]
    assert app.query_params["compare"] == "seeds" and app.query_params["cell"] == "GRU"


@pytest.mark.parametrize(
    "preset, specs",
    [
        ("cells", [replace(SPEC, mode=mode) for mode in ("RNN_TANH", "GRU", "LSTM")]),
        ("seeds", [SPEC, replace(SPEC, seed=4)]),
        ("inits", [replace(SPEC, init=init) for init in ("default", "orthogonal", "identity")]),
        (
            "forget bias",
            [replace(SPEC, mode="LSTM", forget_bias=value) for value in (0.0, 1.0, 3.0)],
        ),
    ],
)
def test_the_player_shows_each_networks_true_states_and_which_steps_they_tell_apart(preset, specs):
    app = compare(preset)
    traces = [seqviz.trace(seqviz.build(spec), CURVE) for spec in specs]
    states = [trace.h[-1, 0] for trace in traces]
    shown = heatmaps(app)  # and no difference: unit k of one is not unit k of another
    for track, one in zip(shown, states, strict=True):
        np.testing.assert_allclose(values(track), one, atol=1e-6)
        assert track["end"] is None
    assert len({track["run"] for track in shown}) == len(shown)
    largest = max(np.abs(one).max() for one in states)
    assert player(app)["ends"] == pytest.approx([-largest, largest])
    for a, b in combinations(range(len(specs)), 2):
        found = representation_similarity(traces[a], traces[b])
        assert agreement(found, ("ABC"[a], "ABC"[b])) in words(app)
    figure, alt = chart(app)
    assert len(figure["data"]) == len(specs)
    for letter, one in zip("ABC", states, strict=False):
        distances = np.linalg.norm(one[:, None].astype(float) - one, axis=2)
        furthest = f"lie furthest apart, {distances.max():.4f}."
        assert furthest in alt.split(f" {letter} ")[1]


def test_parameters_shows_sizes_and_counts_and_compares_states_of_different_size():
    app = compare("parameters", cell="LSTM", num_layers="1")
    assert titles(app) == ["x", "A RNN (tanh)", "B GRU", "C LSTM"]
    assert [track["H"] for track in heatmaps(app)] == [33, 19, 16]
    for line in ("`nn.RNN(1, 33)` | 1,188", "`nn.GRU(1, 19)` | 1,254"):
        assert line in words(app)
    assert words(app).count("linear CKA") == 3 and len(chart(app)[0]["data"]) == 3


def test_one_seed_twice_is_subtracted():
    app = compare("seeds", other_seed="3")
    assert titles(app) == ["x", "A seed 3", "B seed 3", "A − B"]
    assert "the states of A and B are identical" in words(app)


def test_order_has_an_input_for_each_run_and_says_where_states_part():
    app = compare("order")
    assert titles(app) == ["x of A", "A original", "x of B", "B reversed", "A − B"]
    other = player(app)["tracks"][2]
    np.testing.assert_array_equal(other["x"], CURVE.x[::-1, 0])
    trace = seqviz.trace(seqviz.build(SPEC), reversed_order(CURVE))
    np.testing.assert_allclose(values(heatmaps(app)[1]), trace.h[-1, 0], atol=1e-6)


def test_a_swap_parts_the_states_where_it_happens():
    app = compare("order", reorder="swapped", feed="type", text="hello, hidden state")
    choose(app, "swap_at", 8)
    assert "The states of A and B part at step 8" in words(app)
    assert app.query_params["swap_at"] == "8"


def test_a_swap_is_held_to_the_sequence():
    app = compare("order", reorder="swapped", swap_at="1500", feed="type", text="abc")
    assert control(app, "swap_at").value == 2
    assert player(app)["tracks"][2]["labels"] == ["a", "c", "b"]
    app = choose(app, "swap_at", 3)
    (said,) = [warning.value for warning in app.warning]
    assert "may be 1 to 2, not 3" in said and control(app, "swap_at").value == 2


def test_two_texts_of_different_length():
    app = compare("sequences", feed="type", text="aab", other_text="abcab")
    assert player(app)["T"] == 5 and [track["T"] for track in heatmaps(app)] == [3, 5, 3]
    assert "input_size is 3" in words(app) and "only the first 3 steps exist in both" in words(app)
    figure, _ = chart(app)
    assert figure["layout"]["xaxis"]["range"] == [-0.5, 5.5]
    choose(app, "other_text", " ")
    assert errors(app) == ["There is no text to read: type at least one visible character."]
    assert titles(app) == ["x", "A on screen"]


def test_a_second_generator_or_noise_of_the_same_shape():
    app = compare("sequences", other_source="sawtooth")
    expected = generators.generate("sawtooth", steps=60).x[:, 0]
    np.testing.assert_array_equal(player(app)["tracks"][2]["x"], expected)
    choose(app, "other_source", "stocks")
    assert "Stock prices gives 105 × 6 and the first sequence is 60 × 1" in words(app)
    assert not sound(app).error and player(app)["T"] == 60


@pytest.mark.parametrize("layer, index", [("1", 0), ("2", 1), ("last", 2), ("4", 2)])
def test_one_layer_is_shown_the_last_by_default(layer, index):
    app = compare("seeds", num_layers="3", bidirectional="1", compare_layer=layer)
    spec = replace(SPEC, num_layers=3, bidirectional=True)
    trace = seqviz.trace(seqviz.build(spec), CURVE)
    shown = heatmaps(app)
    assert [(track["layer"], track["direction"]) for track in shown] == [(index, 0), (index, 1)] * 2
    other = seqviz.trace(seqviz.build(replace(spec, seed=4)), CURVE)
    assert agreement(representation_similarity(trace, other, layer=index)) in words(app)
    for direction in (0, 1):
        np.testing.assert_allclose(values(shown[direction]), trace.h[index, direction], atol=1e-6)
    assert shown[0]["note"] == "forward →" and shown[1]["note"] == "← reverse"


def test_networks_alike_can_show_their_gates():
    app = compare("forget bias", init="identity")
    choose(app, "quantity", "f")
    traces = [
        seqviz.trace(
            seqviz.build(replace(SPEC, mode="LSTM", init="identity", forget_bias=value)), CURVE
        )
        for value in (0.0, 1.0, 3.0)
    ]
    for track, trace in zip(heatmaps(app)[:3], traces, strict=True):
        np.testing.assert_allclose(values(track), trace.gates["f"][-1, 0], atol=1e-6)
    assert player(app)["ends"] == [0, 1] and player(app)["sequential"]
    # what is compared stays h
    assert agreement(representation_similarity(*traces[:2])) in words(app)
    choose(app, "compare", "cells")
    assert player(app)["quantity"] == "h"


def test_the_chart_follows_the_step_of_the_link():
    app = compare("order", step="18")
    figure, alt = chart(app)
    assert player(app)["step"] == 18
    assert figure["layout"]["shapes"][0]["x0"] == 18
    rnn = seqviz.build(SPEC)
    found = difference(seqviz.trace(rnn, CURVE), seqviz.trace(rnn, reversed_order(CURVE)))
    assert f"{found.norms[17]:.4f} at step 18" in alt
    assert sentence(found) in words(app)
    figure, _ = chart(compare("seeds", step="18"))
    assert {shape["y0"] for shape in figure["layout"]["shapes"]} >= {18}


def test_an_exploding_network_is_said_and_not_warned_about():
    app = compare(
        "seeds", cell="RNN_RELU", init="xavier", hidden_size="2", num_layers="1", seed="10",
        feed="generate", sine_steps="600",
    )  # fmt: skip
    (said,) = [warning.value for warning in app.warning]
    assert said == "A seed 10 left the range of float32 at step 363."
    low, high = player(app)["ends"]
    assert np.isfinite([low, high]).all() and high > 1e37
    assert "238 steps beyond the range of float32 left out" in words(app)
    app = compare(
        "order", cell="RNN_RELU", init="xavier", hidden_size="2", num_layers="1", seed="10",
        feed="generate", sine_steps="600",
    )  # fmt: skip
    figure, alt = chart(app)
    assert figure["layout"]["yaxis"]["type"] == "log" and "range" not in figure["layout"]["yaxis"]
    assert "A − B: not a number at step 600" in alt


def test_an_empty_pad_says_what_to_do():
    app = compare("order", curve="-")
    assert [info.value for info in app.info] == [
        "Nothing to compare yet: draw, type or generate a sequence on Explore first."
    ]
    assert [link.proto.page for link in app.get("page_link")] and not app.get("plotly_chart")
    app = compare("order", reorder="swapped", feed="type", text="x")
    assert errors(app) == ["A sequence of one step has no neighbours to swap: make it longer."]


@pytest.mark.parametrize("preset", ["parameters", "order", "forget bias"])
def test_the_largest_sequence_and_layer_answer(preset):
    app = compare(preset, feed="generate", source="randn", randn_steps="2000", randn_features="64",
                  hidden_size="256", num_layers="1")  # fmt: skip
    assert player(app)["T"] == 2000 and not errors(app)


def test_every_control_has_a_row_in_the_table_and_a_second_run_sends_the_same():
    keys = set()
    for parameters in (
        {"preset": "order", "reorder": "shuffled"},
        {"preset": "order", "reorder": "swapped"},
        {"preset": "sequences", "feed": "type"},
        {"preset": "sequences", "other_source": "randn"},
        {"preset": "seeds"},
    ):
        app = compare(**parameters)
        keys |= {name_of(widget) for widget in widgets(app) if widget.key}
    assert {name for name in keys if not name.startswith("_")} <= set(schema.FORMS)
    assert {"compare", "compare_layer", "reorder", "shuffle_seed", "swap_at", "other_text",
            "other_source", "other_seed"} <= keys  # fmt: skip
    sent = components(app)
    assert components(sound(app.run())) == sent


def test_the_network_and_sequence_are_explores():
    app = visit()
    choose(choose(app, "cell", "LSTM"), "hidden_size", 7)
    app = sound(app.switch_page("compare.py").run())
    assert [track["H"] for track in heatmaps(app)] == [7] * 3
    app = sound(app.switch_page("explore.py").run())
    assert [track["H"] for track in heatmaps(app)] == [7, 7]
