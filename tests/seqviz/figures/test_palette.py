"""Colours of measured values: where the scales end, and that the theme is the same one."""

import tomllib
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from seqviz.figures import palette
from seqviz.types import RNNSpec

SIGNED = ("h", "c", "g", "n")
THEME = tomllib.loads(Path(".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
ANY_FLOATS = hnp.arrays(
    np.float32, hnp.array_shapes(max_dims=3), elements=st.floats(width=32, allow_nan=True)
)


def channels(colour):
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


def contrast(first, second):
    """Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""

    def luminance(colour):
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in np.array(channels(colour)) / 255
        ]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    bright, dim = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_sigmoid_gates_are_sequential_and_the_rest_is_signed():
    for mode in ("RNN_TANH", "RNN_RELU", "GRU", "LSTM"):
        for quantity in RNNSpec(mode).quantities:
            assert palette.is_sequential(quantity) is (quantity not in SIGNED)


@pytest.mark.parametrize(
    ("values", "end"),
    [
        ([0.1, -0.25], 0.25),
        ([0.0, 0.0], 1.0),
        ([], 1.0),
        ([np.nan, np.inf, -np.inf], 1.0),
        ([np.nan, np.inf, -3.0], 3.0),
        ([1e-40], 1e-40),
    ],
    ids=str,
)
def test_the_signed_scale_fits_finite_values(values, end):
    values = np.array(values, np.float32)
    assert palette.limit(values) == pytest.approx(end)
    assert palette.scale("h", values) == (-palette.limit(values), palette.limit(values))
    assert palette.scale("f", values) == (0.0, 1.0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("quantity", ["h", "f"])
def test_ends_and_zero_have_the_named_colours(quantity, theme):
    low, high = (0.0, 1.0) if quantity == "f" else (-0.25, 0.25)
    values = np.array([low, 0.0, high], np.float32)
    middle, (negative, positive, gate) = palette.MIDDLE[theme], palette.ENDS[theme]
    first, last = (middle, gate) if quantity == "f" else (negative, positive)
    expected = [channels(first), channels(middle), channels(last)]
    assert palette.rgb(values, quantity, (low, high), theme).tolist() == expected


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("quantity", ["h", "f"])
def test_a_quarter_of_the_scale_is_told_from_zero_and_zero_from_the_background(quantity, theme):
    ends = (0.0, 1.0) if quantity == "f" else (-1.0, 1.0)

    def colour(value):
        mixed = palette.rgb(np.array([value], np.float32), quantity, ends, theme)
        return "#" + bytes(mixed[0].tolist()).hex()

    assert contrast(colour(0), palette.BACKGROUND[theme]) > 1.1
    for quarter in (0.25,) if quantity == "f" else (-0.25, 0.25):
        assert contrast(colour(quarter), colour(0)) > 1.25
        assert contrast(colour(quarter), palette.BACKGROUND[theme]) > 1.4


@pytest.mark.parametrize("quantity", ["h", "f"])
def test_colours_mix_evenly(quantity):
    low, high = palette.scale(quantity, np.ones(1, np.float32))
    values = np.linspace(low, high, 9, dtype=np.float32)
    positions, colours = zip(*palette.stops(quantity, "dark"), strict=True)
    place = (values - low) / (high - low)
    ends = np.array([channels(colour) for colour in colours])
    expected = np.stack([np.interp(place, positions, ends[:, k]) for k in range(3)], axis=-1)
    assert np.abs(palette.rgb(values, quantity, (low, high), "dark") - expected).max() <= 0.5


@given(ANY_FLOATS, st.sampled_from("hcnifo"), st.sampled_from(["light", "dark"]))
def test_any_numbers_have_a_colour(values, quantity, theme):
    painted = palette.rgb(values, quantity, palette.scale(quantity, values), theme)
    assert painted.shape == (*values.shape, 3) and painted.dtype == np.uint8


def test_what_is_off_the_scale_is_clipped_and_nan_looks_like_zero():
    values = np.array([np.inf, 3e38, -np.inf, -3e38, np.nan], np.float32)
    painted = palette.rgb(values, "h", (-0.1, 0.1)).tolist()
    ends = [channels(palette.POSITIVE)] * 2 + [channels(palette.NEGATIVE)] * 2
    assert painted == [*ends, channels(palette.MIDDLE["light"])]


def test_the_browser_gets_the_same_colours():
    told = palette.for_browser()
    for theme, (negative, positive, gate) in palette.ENDS.items():
        named = {"middle": palette.MIDDLE[theme], "negative": negative, "positive": positive}
        expected = {name: channels(colour) for name, colour in (named | {"gate": gate}).items()}
        assert told[theme] == expected


@pytest.mark.parametrize("quantity", ["h", "f"])
def test_plotly_takes_the_stops(quantity):
    stops = palette.stops(quantity)
    figure = go.Figure(go.Heatmap(z=[[0.0]], colorscale=stops))
    assert [tuple(stop) for stop in figure.data[0].colorscale] == stops


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_uses_the_palette(theme):
    colours = THEME[theme]
    assert colours["backgroundColor"] == palette.BACKGROUND[theme]
    assert colours["textColor"] == palette.INK[theme]
    assert colours["primaryColor"] == palette.ACCENT[theme]
    assert colours["borderColor"] == palette.LINE[theme]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_can_be_seen(theme):
    background = palette.BACKGROUND[theme]
    for text in (palette.INK[theme], palette.MUTED[theme]):
        assert contrast(text, background) >= 4.5
    for mark in (palette.NEGATIVE, palette.POSITIVE, palette.GATE, palette.ACCENT[theme]):
        assert contrast(mark, background) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_button_is_written_in_white_where_that_is_too_faint(theme):
    """Streamlit writes white on a primary button, whatever the accent."""
    accent = THEME[theme]["primaryColor"]
    pages = [path.read_text(encoding="utf-8") for path in Path("pages").rglob("*.py")]
    assert contrast("#ffffff", accent) >= 4.5 or not any('type="primary"' in one for one in pages)
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(accent, THEME[theme][ground]) >= 4.5  # it is written in, too
