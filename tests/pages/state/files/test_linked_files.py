"""Files in links: a reload finds file and choices again, another server says what is wanted."""

import io

import numpy as np
import pytest
import torch
from sounds import encoded, sine
from torch import nn
from visits import (
    OPEN_WEIGHTS,
    choose,
    control,
    empty,
    errors,
    everything_shown,
    facts,
    link_of,
    player,
    press,
    sound,
    take_away,
    upload,
    visit,
    widgets,
    with_weights,
    x_of,
)

from pages.state.files import file_choices
from pages.state.files.file_store import KEPT
from pages.state.files.upload import Upload
from pages.state.session import Session

ROWS = np.random.default_rng(5).normal(size=(5400, 4))  # too many for a link
NAMES = ["wind", "rain, mm", "sun", "snow"]


def csv(rows=ROWS):
    lines = [",".join(f'"{name}"' for name in NAMES[: rows.shape[1]])]
    return "\n".join([*lines, *(",".join(map(repr, row)) for row in rows.tolist())]).encode()


@pytest.fixture(autouse=True)
def fresh_server():
    KEPT.clear()
    yield
    KEPT.clear()


def by_label(app):
    return {widget.label: widget for widget in (*app.main.number_input, *app.toggle)}


def with_choices():
    """A long table with columns, rows and a stride of its own."""
    app = upload(visit(feed="upload", cell="GRU"), "long.csv", csv())
    sound(app.multiselect[0].set_value(["sun", "rain, mm"]).run())
    for label, value in (("First row", 11), ("Last row", 4900), ("Stride", 3)):
        sound(by_label(app)[label].set_value(value).run())
    return sound(by_label(app)["Standardise"].set_value(True).run())


def test_a_reload_keeps_an_upload_with_its_choices():
    app = with_choices()
    rows = ROWS[10:4900:3][:, [2, 1]].astype(np.float64)
    np.testing.assert_allclose(x_of(app), (rows - rows.mean(0)) / rows.std(0), rtol=1e-4, atol=1e-5)
    assert "data" not in app.query_params and "long.csv" in app.query_params["file"]
    again = visit(**app.query_params)
    assert everything_shown(again) == everything_shown(app) and not again.warning
    assert again.query_params == app.query_params
    assert again.multiselect[0].value == ["sun", "rain, mm"]
    shown = {label: widget.value for label, widget in by_label(again).items()}
    assert {name: shown[name] for name in ("First row", "Last row", "Stride", "Standardise")} == {
        "First row": 11, "Last row": 4900, "Stride": 3, "Standardise": True,
    }  # fmt: skip
    sound(by_label(again)["Stride"].set_value(5).run())  # and they can be changed
    assert x_of(again).shape == (978, 2)


def test_another_server_says_which_file_is_wanted_and_shows_the_drawn_curve():
    app = with_choices()
    KEPT.clear()
    other = visit(**app.query_params)
    (said,) = [warning.value for warning in other.warning]
    assert "long.csv" in said and "does not have" in said and "drawn curve" in said
    assert player(other)["caption"] == "drawn curve · 60 steps"
    assert other.query_params == app.query_params  # handed on, it still names its file
    choose(other, "hidden_size", 9)
    assert any("long.csv" in caption.value for caption in other.main.caption)
    assert other.query_params == {**app.query_params, "hidden_size": "9"}
    upload(other, "long.csv", csv())  # the same file: with the choices of the link
    np.testing.assert_array_equal(x_of(other), x_of(app))
    assert not other.warning


def test_another_file_than_the_wanted_one_is_taken_as_it_is():
    app = with_choices()
    KEPT.clear()
    other = upload(visit(**app.query_params), "mine.csv", csv(ROWS[:7, :1]))
    assert x_of(other).shape == (7, 1)
    assert "mine.csv" in other.query_params["file"] and "choices" not in other.query_params


def test_a_file_taken_away_is_not_in_the_link():
    app = take_away(with_choices())
    assert not {"file", "choices"} & app.query_params.keys()


def test_a_file_behind_another_feed_is_not_in_the_link():
    app = choose(with_choices(), "feed", "draw")
    assert not {"file", "choices"} & app.query_params.keys()
    choose(app, "feed", "upload")
    assert {"file", "choices"} <= app.query_params.keys()


def test_a_recording_is_found_again_with_its_stretch():
    app = upload(visit(feed="record"), "said.wav", encoded(sine(440, 2.0)), "record")
    (start,) = [n for n in app.main.number_input if n.label == "Start, s"]
    sound(start.set_value(0.5).run())
    (length,) = [n for n in app.main.number_input if n.label == "Length, s"]
    sound(length.set_value(0.25).run())
    again = visit(**app.query_params)
    assert everything_shown(again) == everything_shown(app)
    (clear,) = [b for b in again.button if (b.key or "").startswith("_clear_length_")]
    empty(again, clear.key.removeprefix("_clear_"))
    assert player(again)["T"] > player(app)["T"]
    KEPT.clear()
    other = visit(**{k: v for k, v in app.query_params.items() if k != "data"})
    (said,) = [warning.value for warning in other.warning]
    assert "said.wav" in said and "record it again" in said


def test_an_array_of_an_archive_is_found_again():
    held = io.BytesIO()
    np.savez(held, x=ROWS[:10, :2], y=ROWS[:5, :3])
    app = upload(visit(feed="upload"), "two.npz", held.getvalue())
    (array,) = [box for box in app.selectbox if box.label == "Array"]
    sound(array.set_value("y").run())
    sound(by_label(app)["Last row"].set_value(4).run())
    again = visit(**app.query_params)
    np.testing.assert_array_equal(x_of(again), ROWS[:4, :3].astype(np.float32))


def test_a_bad_file_says_the_same_after_a_reload():
    app = upload(visit(feed="upload"), "bad.csv", b"a,b\nx,y\n")
    assert errors(app) and errors(visit(**app.query_params)) == errors(app)


def test_a_file_in_use_is_kept_while_others_come_and_go(monkeypatch):
    monkeypatch.setattr(KEPT, "most", 2 * len(csv()))
    app = with_choices()
    for k in range(5):
        KEPT.keep(f"other {k}", bytes(len(csv())))
        sound(app.run())
    assert not visit(**app.query_params).warning


# ---- forged links --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "choices",
    [
        '{"first":900,"last":2,"stride":7}',
        '{"first":1000000000,"last":1000000000,"stride":1000000000}',
        '{"columns":["no such"]}',
        '{"columns":["sun","no such","sun","sun"]}',
        '{"columns":[]}',
        '{"member":"no such","own_layer":3}',
    ],
)
def test_choices_a_file_has_no_place_for_give_one_sentence_at_most(choices):
    file = Upload.of("long.csv", csv())
    KEPT.keep(file.content, file.data)
    app = visit(feed="upload", file=file.link, choices=choices)
    assert len(errors(app)) <= 1 and not app.warning and player(app)["T"] > 0
    sound(by_label(app)["First row"].set_value(1).run())
    sound(app.multiselect[0].set_value(["sun"]).run())


@pytest.mark.parametrize(
    "text",
    ["x", "[]", "[" * 3999, '{"first":"a"}', '{"first":-1}', '{"first":null,"evil":1}', "{}}",
     '{"columns":"sun"}', '{"columns":[1]}', '{"length":1e999}', '{"start":NaN}', "9" * 4001],
)  # fmt: skip
def test_choices_nobody_can_make_are_refused(text):
    app = visit(choices=text)
    (said,) = [warning.value for warning in app.warning]
    assert "choices" in said and not link_of(app)


def test_choices_come_back_as_they_were():
    choices = {"columns": ["a", "ü, b"], "first": 2, "standardise": True, "start": 0.5,
               "own_nonlinearity": "relu", "member": "x/y"}  # fmt: skip
    assert file_choices.unpack(file_choices.pack(choices)) == choices
    assert file_choices.pack({}) == "" and file_choices.unpack("") == {}
    assert file_choices.pack({"columns": ["x" * 100] * 60}) == ""  # no link is that long


@pytest.mark.parametrize("value", [float("nan"), -3, "x", [1], 10**400])
def test_an_option_nobody_can_set_is_its_default(value):
    from pages.state.files import uploads

    session, file = Session(), Upload.of("a.csv", b"1\n")
    session.options[file.option("first")] = value
    assert uploads.option(session, file, "first", 1) == 1


def test_every_option_of_a_file_travels_in_a_link():
    """Who adds an option adds a row."""
    app = with_choices()
    options = {widget.key.split("@")[0] for widget in (*widgets(app), *app.multiselect)}
    own = {name for name in options if Upload.of("long.csv", csv()).digest in name}
    names = {name.split(f"_{Upload.of('long.csv', csv()).digest}")[0] for name in own}
    assert {"first", "last", "stride", "standardise", "columns"} <= names
    assert names <= {*file_choices.OF_FILE}


# ---- somebody's own weights ----------------------------------------------------------------------


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(4)
            self.first, self.second = nn.GRU(1, 5), nn.RNN(1, 7, nonlinearity="relu")


def network(app):
    """What the sidebar says the network is."""
    return app.sidebar.markdown[0].value


def test_a_reload_keeps_weights_and_the_layer_chosen():
    app = with_weights(Two(), layer=1)
    choose(app, "own_nonlinearity", "relu")
    assert network(app).startswith("**second: RNN (ReLU)")
    assert "model.pt" in app.query_params["weights"]
    again = visit(session=OPEN_WEIGHTS, **app.query_params)
    assert everything_shown(again) == everything_shown(app) and not again.warning
    assert control(again, "own_layer").value == 1
    assert again.query_params == app.query_params
    choose(again, "own_layer", 0)
    assert network(again).startswith("**first: GRU")
    press(again, "Back to the network from Build")
    assert "weights" not in again.query_params and facts(again)[0].startswith("nn.RNN(1, 16")


def test_another_server_asks_for_the_weights_by_name_and_runs_the_layer_once_it_has_them():
    app = with_weights(Two(), layer=1)
    link = dict(app.query_params)
    KEPT.clear()
    other = visit(session=OPEN_WEIGHTS, **link)
    (said,) = [warning.value for warning in other.warning]
    assert "model.pt" in said and "from Build" in said
    assert facts(other)[0].startswith("nn.RNN(1, 16") and other.query_params == link
    file = io.BytesIO()
    torch.save(Two().state_dict(), file)
    upload(other, "model.pt", file.getvalue(), "weights")
    assert network(other).startswith("**second: RNN") and other.query_params == link


def test_one_can_go_on_without_the_weights():
    app = with_weights(Two(), layer=0)
    KEPT.clear()
    other = visit(session=OPEN_WEIGHTS, **app.query_params)
    press(other, "Go on without it")
    assert "weights" not in other.query_params


def test_a_layer_the_weights_do_not_have_is_not_run():
    app = with_weights(nn.GRU(1, 5))
    link = {**app.query_params, "choices": '{"own_layer":77}'}
    assert "GRU, 1 layer" in network(visit(session=OPEN_WEIGHTS, **link))
