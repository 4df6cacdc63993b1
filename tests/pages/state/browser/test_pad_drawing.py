"""What the pad reports becomes the drawing, unless the pad was behind."""

import pytest

from pages.state.browser import pad_drawing
from pages.state.browser.pad_drawing import KEY, Pad
from pages.state.schema import Settings

CURVE = {"levels": [0, 4095], "live": True}
STROKES = {"strokes": [[[0, 0, 0], [4095, 4095, 40]]], "live": True}


@pytest.fixture
def read(monkeypatch):
    """read(message, settings) -> the settings after it; one pad."""
    pad = Pad(version=3)

    def reported(message, settings):
        told = {KEY: {"drawing": {"version": 3, **message}}}
        monkeypatch.setattr(pad_drawing.st, "session_state", told)
        return pad.read(settings, settings.drawing)

    reported.pad = pad
    return reported


@pytest.mark.parametrize("drawing, message", [("curve", CURVE), ("pen", STROKES)])
def test_a_hand_draws(read, drawing, message):
    before = Settings(drawing=drawing)
    after = read({**message, "revision": 1}, before)
    assert read.pad.live
    changed = {"curve": before.curve != after.curve, "pen": before.strokes != after.strokes}
    assert changed == {"curve": drawing == "curve", "pen": drawing == "pen"}


@pytest.mark.parametrize("drawing, message", [("pen", CURVE), ("curve", STROKES)])
def test_what_was_begun_on_the_pad_before_spoils_nothing(read, drawing, message):
    late = {**message, "revision": 2}
    before = Settings(drawing=drawing)
    assert read(late, before) == before and not read.pad.live
    back = Settings(drawing="curve" if drawing == "pen" else "pen")
    assert read(late, back) == back  # nor later, when that pad is chosen again


def test_an_older_version_is_late(read):
    before = Settings()
    assert read({**CURVE, "revision": 1, "version": 2}, before) == before
