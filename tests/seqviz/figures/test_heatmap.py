"""Figures carry the trace's numbers, the house's colours and nothing a label could inject."""

import json

import numpy as np
import pytest
from networks import overflowing

from seqviz import InputSequence, RNNSpec, SeqvizError, build, trace
from seqviz.figures import palette
from seqviz.figures.heatmap import MAX_FRAMES, MAX_TICKS, animate, heatmap


def make(steps=12, labels=(), mode="LSTM", hidden=4):
    spec = RNNSpec(mode, 1, hidden, 2, bidirectional=True, seed=1)
    x = InputSequence(np.sin(np.arange(steps) / 3), labels)
    return trace(build(spec), x, spec=spec)


@pytest.mark.parametrize("quantity", ["h", "c", "i", "f", "g", "o"])
@pytest.mark.parametrize(("layer", "direction"), [(0, 0), (1, 1)])
def test_cells_are_the_traces_values(quantity, layer, direction):
    run = make()
    cells = heatmap(run, layer, quantity, direction).data[0]
    values = run.quantity(quantity)[layer, direction]
    np.testing.assert_array_equal(cells.z, values.T)  # units down, steps across
    assert list(cells.x) == list(range(1, 13))
    assert list(cells.y) == list(range(4))
    assert (cells.zmin, cells.zmax) == palette.scale(quantity, values)
    assert [tuple(stop) for stop in cells.colorscale] == palette.stops(quantity)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("draw", [heatmap, animate])
def test_backgrounds_are_transparent_and_text_is_ink(draw, theme):
    layout = draw(make(), theme=theme).layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.color == palette.INK[theme]
    assert layout.font.size >= 14


def test_unit_0_is_on_top():
    low, high = heatmap(make()).layout.yaxis.range
    assert low > high


def test_labels_are_text_not_markup():
    labels = ("<b>a</b>", "&lt;", *"bcdefghij")
    figure = heatmap(make(11, labels))
    assert figure.layout.xaxis.ticktext[0] == "&lt;b&gt;a&lt;/b&gt;"
    assert figure.data[0].customdata[0][1] == "&amp;lt;"
    assert "%{customdata}" in figure.data[0].hovertemplate


def test_plain_numbers_are_not_said_twice():
    figure = heatmap(make())
    assert figure.data[0].customdata is None
    assert "step %{x}<br>h = %{z:.4f}" in figure.data[0].hovertemplate


def test_ticks_stay_few_and_short():
    ticks = heatmap(make(300, tuple(f"label number {t}" for t in range(300)))).layout.xaxis
    assert len(ticks.ticktext) == len(ticks.tickvals) <= MAX_TICKS
    assert max(map(len, ticks.ticktext)) <= 14
    assert ticks.tickvals[0] == 1


@pytest.mark.parametrize("steps", [1, 5, 199, 1000])
def test_frames_uncover_the_columns_up_to_t(steps):
    figure = animate(make(steps))
    names = [int(frame.name) for frame in figure.frames]
    assert names == sorted(set(names))
    assert names[0] == 0 and names[-1] == steps
    assert len(names) == min(steps + 1, MAX_FRAMES)
    for t, frame in zip(names, figure.frames, strict=True):
        assert tuple(frame.traces) == (1,)
        cover = frame.data[0]
        # columns 1 to t end at t + 0.5, where the cover of the later ones begins
        assert min(cover.x) == t + 0.5 and max(cover.x) == steps + 0.5
    assert [step.label for step in figure.layout.sliders[0].steps] == [str(t) for t in names]
    assert [b.label for b in figure.layout.updatemenus[0].buttons] == ["Play", "Pause"]


def test_an_animation_stores_its_cells_once():
    run = make(1000, mode="GRU", hidden=128)
    assert len(animate(run).to_json()) < 2 * len(heatmap(run).to_json())


def test_overflow_is_drawn_as_a_gap():
    run = overflowing(5, hidden_size=2)
    figure = heatmap(run)
    assert np.isfinite([figure.data[0].zmin, figure.data[0].zmax]).all()
    (cells,) = json.loads(figure.to_json(), parse_constant=pytest.fail)["data"]
    drawn = heatmap(run).data[0].z
    np.testing.assert_array_equal(np.isfinite(drawn), np.isfinite(run.h[0, 0].T))
    assert not np.isfinite(drawn).all() and cells["type"] == "heatmap"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"layer": 2}, "layer is 2: choose one from 0 to 1, or -1"),
        ({"layer": -3}, "layer is -3: choose"),
        ({"direction": 2}, "direction is 2: choose one from 0 to 1"),
        ({"quantity": "z"}, "choose one of h, c, i, f, g, o"),
        ({"theme": "blue"}, "light or dark"),
    ],
)
@pytest.mark.parametrize("draw", [heatmap, animate])
def test_what_is_not_there_is_refused(draw, options, says):
    with pytest.raises(SeqvizError, match=says):
        draw(make(), **options)
