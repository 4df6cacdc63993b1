"""What a visitor brought to Uses is there again after a reload, on another page and on the way."""

import numpy as np
import pytest
import visits
from sounds import encoded, sine
from visits import choose, player, press, session_of, sound, upload

from pages.state.files.file_store import KEPT
from pages.state.files.upload import Upload
from seqviz.applications.registry import APPLICATIONS
from seqviz.weights.written import state_dict_bytes


@pytest.fixture(autouse=True)
def fresh_server(quick_forecasts):
    KEPT.clear()
    yield
    KEPT.clear()


def visit(**parameters):
    return visits.visit("uses.py", **parameters)


def heard(app):
    return player(app)["tracks"][0]["x"]


@pytest.mark.parametrize("slot", ["sound", "hum"])
def test_a_sound_is_heard_again_after_a_reload(slot):
    app = upload(visit(use="pitch"), "mine.wav", encoded(sine(300, 1.5)), slot)
    again = visit(**app.query_params)
    np.testing.assert_array_equal(heard(again), heard(app))
    assert again.query_params == app.query_params and not again.warning


def test_a_sound_and_a_series_of_ones_own_do_not_replace_each_other():
    rows = "\n".join(f"{np.sin(k / 4):.4f}" for k in range(80)).encode()
    app = visit(use="forecast", series="own", feed="upload")
    app = upload(app, "sine.csv", b"value\n" + rows)
    app = upload(choose(app, "use", "pitch"), "mine.wav", encoded(sine(300, 1.5)), "sound")
    before = heard(app)
    app = choose(app, "use", "forecast")
    assert "sine.csv" in player(app)["caption"]
    app = sound(app.switch_page("explore.py").run())
    assert "sine.csv" in player(app)["caption"]
    again = visit(**{**app.query_params, "use": "pitch"})
    np.testing.assert_array_equal(heard(again), before)


def test_a_sound_that_is_not_here_any_more_is_asked_for():
    app = upload(visit(use="pitch"), "mine.wav", encoded(sine(300, 1.5)), "sound")
    KEPT.clear()
    other = visit(**app.query_params)
    (said,) = [warning.value for warning in other.warning]
    assert "mine.wav" in said and "again on Uses" in said
    assert other.query_params == app.query_params  # handed on, it still names its sound
    upload(other, "mine.wav", encoded(sine(300, 1.5)), "hum")
    np.testing.assert_array_equal(heard(other), heard(app))


def own_file():
    rows = "\n".join(f"{k},{np.sin(k / 4):.4f}" for k in range(80)).encode()
    app = visit(use="forecast", series="own", feed="upload")
    app = upload(app, "sine.csv", b"day,value\n" + rows)
    return sound(app.multiselect[0].set_value(["value"]).run())


def test_a_series_of_ones_own_is_still_there_after_handwriting_and_a_reload():
    app = choose(own_file(), "use", "handwriting")
    (pad,) = [c.proto for c in app.get("bidi_component") if c.proto.component_name.endswith("pad")]
    assert '"mode": "pen"' in pad.json
    again = choose(visit(**app.query_params), "use", "forecast")
    assert "sine.csv" in player(again)["caption"] and again.multiselect[0].value == ["value"]


def test_open_in_explore_leaves_the_file_as_it_was_chosen():
    app = press(press(own_file(), "Try it"), "Open in Explore")
    app = sound(app.switch_page("explore.py").run())
    assert "sine.csv" in app.query_params["file"] and app.multiselect[0].value == ["value"]


def table_of(app):
    return [one.value for one in app.markdown if one.value.startswith("| Method")]


def test_what_has_learned_a_series_of_ones_own_is_there_after_a_reload():
    app = press(own_file(), "Try it")
    again = visit(**app.query_params)
    assert table_of(again) == table_of(app) != [] and not again.warning
    for one, other in zip(player(app)["tracks"], player(again)["tracks"], strict=True):
        assert one["type"] == other["type"]
        np.testing.assert_array_equal(one.get("values"), other.get("values"))
    assert "forecast" not in session_of(again).cache.kept  # nothing was trained again
    press(again, "Open in Explore")
    assert session_of(again).files["weights"].data == session_of(app).files["own_forecast"].data


def test_a_series_whose_network_is_gone_is_untrained_and_that_is_said():
    app = press(own_file(), "Try it")
    KEPT.clear()
    other = visit(**app.query_params)
    assert any("trains the very same again" in warning.value for warning in other.warning)
    assert not table_of(other)
    assert other.query_params["own_forecast"] == app.query_params["own_forecast"]
    other = press(other, "Try it")
    assert table_of(other) == table_of(app)
    assert other.query_params["own_forecast"] == app.query_params["own_forecast"]


@pytest.mark.parametrize(
    "data", [b"", b"no weights", state_dict_bytes(APPLICATIONS["stocks"].model())]
)
def test_a_link_to_another_file_in_its_place_says_that_it_has_learned_nothing(data):
    app = press(own_file(), "Try it")
    forged = Upload.of(app.query_params["own_forecast"].split(".")[1], data)
    KEPT.keep(forged.content, data)
    other = visit(**{**app.query_params, "own_forecast": forged.link})
    assert not table_of(other) and not visits.errors(other)
