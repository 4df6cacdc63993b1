"""PNG and GIF show the trace: pixels have the palette's colours where values stand."""

import io
import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import overflowing
from PIL import Image

from seqviz import InputSequence, RNNSpec, SeqvizError, build, trace
from seqviz.export.animation import MAX_FRAMES, gif, png
from seqviz.export.pillow_canvas import rgb, round_up, shortened
from seqviz.export.player_picture import draw_player
from seqviz.figures import palette

EVIL = '</script><img src=x onerror="alert(1)"><!--'


def make(steps=12, mode="LSTM", hidden=4, layers=2, bidirectional=False, x=None, labels=()):
    x = np.sin(np.arange(steps) / 3)[:, None] if x is None else x
    spec = RNNSpec(mode, x.shape[1], hidden, layers, bidirectional=bidirectional, seed=1)
    return trace(build(spec), InputSequence(x, labels), spec=spec)


def text(words):
    letters = sorted(set(words))
    x = np.eye(len(letters))[[letters.index(letter) for letter in words]]
    return make(x=x, labels=tuple(words))


def image(data):
    with Image.open(io.BytesIO(data)) as opened:
        return np.asarray(opened.convert("RGB"))


def cell_centres(picture, layer, layers, hidden):
    """(T,) columns and (H,) rows of pixels in the middle of a layer's cells."""
    gap, first = 12, 208
    height = (picture.bottom - first + gap) // layers - gap
    top = first + layer * (height + gap)
    rows = top + ((np.arange(hidden) + 0.5) * height / hidden).astype(int)
    return (picture.edges[:-1] + picture.edges[1:]) // 2, rows


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("quantity", ["h", "c", "f"])
def test_png_cells_have_the_palettes_colours(quantity, theme):
    run = make()
    pixels = image(png(run, quantity, theme=theme))
    picture = draw_player(run, quantity, theme, 1280)
    values = run.quantity(quantity)
    ends = palette.scale(quantity, values)
    for layer in range(2):
        columns, rows = cell_centres(picture, layer, 2, 4)
        expected = palette.rgb(values[layer, 0], quantity, ends, theme).transpose(1, 0, 2)
        shown = pixels[rows][:, columns].astype(int)
        assert np.abs(shown - expected).max() <= 1


def test_png_after_some_steps_is_lit_before_and_faint_after():
    run = make()
    before, after = image(png(run, step=0)), image(png(run, step=12))
    part = image(png(run, step=5))
    picture = draw_player(run, "h", "light", 1280)
    area = slice(picture.top + 2, picture.bottom - 2)
    middle = int(picture.edges[5])
    lit, faint = slice(picture.edges[0] + 4, picture.edges[4] - 4), slice(middle + 4, 1200)
    np.testing.assert_array_equal(part[area, lit], after[area, lit])
    np.testing.assert_array_equal(part[area, faint], before[area, faint])
    distance = 255 - after[area, lit].astype(int)
    np.testing.assert_allclose(255 - before[area, lit].astype(int), 0.16 * distance, atol=1)


def test_png_marks_the_current_column():
    picture = draw_player(make(), "h", "light", 1280)
    pixels = image(png(make(), step=5))
    column = pixels[picture.top : picture.bottom, int(picture.edges[4]) - 1]
    assert (column == rgb(palette.INK["light"])).all()


@pytest.mark.parametrize("width", [320, 1280, 1920])
def test_png_has_the_width_asked_for_and_fits_a_slide(width):
    for run in (make(), make(hidden=64, layers=4, bidirectional=True, steps=3), text("to be")):
        height, shown, _ = image(png(run, width=width)).shape
        assert shown == width
        assert height <= round(width * 9 / 16) + 1


@pytest.mark.parametrize(
    "run",
    [
        make(steps=1),
        make(steps=2000, hidden=3),  # more steps than pixels
        make(hidden=256, layers=4, steps=4, mode="RNN_TANH", bidirectional=True),
        make(x=np.zeros((7, 1))),
        make(x=np.full((7, 1), 3e38), mode="GRU"),
        make(x=np.random.default_rng(0).normal(size=(9, 20))),
        make(x=np.random.default_rng(0).normal(size=(9, 6))),
        text("the quick brown fox " * 20),
        make(labels=(EVIL, "漢", "\ud800", "\n", "", " ", "é" * 99, *"abcde")),
    ],
    ids=["one", "long", "wide", "zeros", "huge", "bands", "six", "text", "labels"],
)
def test_every_kind_of_sequence_can_be_drawn(run):
    assert image(png(run)).std() > 0


def test_overflow_is_drawn_without_warning():
    run = overflowing(5, hidden_size=2)
    assert np.isinf(run.h).any()
    assert image(png(run)).std() > 0


def frames(data):
    with Image.open(io.BytesIO(data)) as opened:
        for k in range(opened.n_frames):
            opened.seek(k)
            yield opened.info["duration"], np.asarray(opened.convert("RGB")).astype(int)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("quantity", ["h", "f"])
def test_each_gif_frame_is_the_picture_of_its_step(quantity, theme):
    run = make(steps=7, hidden=6, bidirectional=True)
    picture = draw_player(run, quantity, theme, 640)
    shown = list(frames(gif(run, quantity, theme, seconds=2, width=640)))
    assert len(shown) == 8
    assert sum(duration for duration, _ in shown) == 2000 + 1500
    for step, (_, frame) in enumerate(shown):
        # one palette for all: no colour is off by more than the eye can see
        apart = np.abs(frame - picture.at(step))
        assert apart.max() <= 48 and apart.mean() < 0.5
        assert (apart.max(axis=-1) > 12).mean() < 0.002


def test_gif_of_many_steps_has_bounded_frames_and_repeats():
    run = make(steps=500)
    data = gif(run, seconds=1, width=320)
    assert b"NETSCAPE2.0" in data
    shown = list(frames(data))
    assert len(shown) == 50  # a frame lasts at least 20 ms
    assert min(duration for duration, _ in shown) >= 20
    assert len(list(frames(gif(run, seconds=10, width=320)))) == MAX_FRAMES
    last = draw_player(run, "h", "light", 320).at(500)
    assert np.abs(shown[-1][1] - last).mean() < 0.5


def test_gif_reports_its_progress():
    told = []
    gif(make(steps=5), progress=told.append, width=320)
    assert told == sorted(told) and len(told) == 6
    assert told[-1] == 1


def test_gif_of_a_large_lstm_within_its_time():
    spec = RNNSpec("LSTM", 1, 128, 2)
    x = torch.randn(1000, 1, generator=torch.Generator().manual_seed(0)).cumsum(0)
    run = trace(build(spec), x, spec=spec)
    start = time.process_time()
    data = gif(run)
    assert time.process_time() - start < 10
    assert len(data) < 10e6


@pytest.mark.parametrize(
    ("draw", "options", "says"),
    [
        (png, {"step": 13}, "from 0 to 12"),
        (png, {"step": -1}, "from 0 to 12"),
        (png, {"width": 100_000}, "between 320 and 3840"),
        (png, {"theme": "blue"}, "light or dark"),
        (png, {"quantity": "z"}, "choose one of"),
        (gif, {"seconds": 0}, "from 0.5 to 60"),
        (gif, {"seconds": float("nan")}, "from 0.5 to 60"),
        (gif, {"width": 0}, "between 320 and 3840"),
        (gif, {"theme": "blue"}, "light or dark"),
        (gif, {"quantity": "r"}, "choose one of"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, options, says):
    with pytest.raises(SeqvizError, match=says):
        draw(make(), **options)


def test_ticks_come_at_round_steps():
    assert [round_up(ratio) for ratio in (0.2, 1, 1.1, 3, 6, 11, 201)] == [1, 1, 2, 5, 10, 20, 500]


@settings(max_examples=40)
@given(st.lists(st.text(max_size=6), min_size=3, max_size=3))
def test_any_text_can_be_a_label(labels):
    run = make(steps=3, hidden=1, layers=1, labels=tuple(labels))
    assert image(png(run, step=2, width=320)).shape[1] == 320


def test_long_labels_are_shortened_to_one_line():
    assert shortened("a\nlonger   label") == "a longer la…"
    assert [shortened(blank) for blank in "\n \t"] == ["↵", "␣", "→"]
    assert shortened("\ud800x") == "?x"
    assert [shortened(control) for control in "\x00\x1e\u2029"] == ["·", "·", "·"]
