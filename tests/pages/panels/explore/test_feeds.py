"""Feed without a browser: every way to give the network a sequence, and what will not do."""

import io
import wave

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from visits import (
    choose,
    control,
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
    x_of,
)
from workbooks import xlsx

from pages.panels.explore.feed import FEEDS
from pages.state.files.file_store import KEPT
from seqviz.data import audio, drawing, drawing_payload, generators, url_payload
from seqviz.data import text as encoders
from seqviz.data.readers import files
from seqviz.data.readers.read_sound import read_sound
from seqviz.types import InputSequence


@pytest.mark.parametrize("feed", FEEDS)
def test_each_feed_runs_and_input_size_follows_it(feed):
    app = choose(visit(), "feed", feed)
    caption = {"type": "hello, hidden state · 19 steps", "generate": "Sine · 60 steps"}
    assert player(app)["caption"] == caption.get(feed, "drawn curve · 60 steps")
    steps, features = x_of(app).shape
    assert facts(app)[0] == f"nn.RNN({features}, 16, num_layers=2)"
    assert facts(app)[2] == f"x      torch.Size([{steps}, 1, {features}])"
    assert app.query_params.get("feed", "draw") == feed
    assert everything_shown(visit(**app.query_params)) == everything_shown(app)


@pytest.mark.parametrize("source", generators.SOURCES)
def test_each_generator_gives_its_sequence(source):
    app = choose(visit(feed="generate"), "source", source)
    assert not app.error
    np.testing.assert_array_equal(x_of(app), generators.generate(source).x)


def test_a_generator_out_of_range_keeps_the_sequence_before():
    app = visit(feed="generate", source="impulse", impulse_steps="20")
    before = x_of(app)
    choose(app, "impulse_position", 30)
    assert errors(app) == [
        "position 30 is after the last step, 20: set an earlier position or more steps."
    ]
    np.testing.assert_array_equal(x_of(app), before)
    choose(app, "impulse_steps", 40)
    assert not app.error and x_of(app)[29, 0] == 1


def test_text_becomes_one_hot_with_its_characters_as_labels():
    app = choose(visit(feed="type"), "text", "go - 🙂!")
    expected = encoders.one_hot("go - 🙂!")
    np.testing.assert_array_equal(x_of(app), expected.x)
    assert tuple(player(app)["tracks"][0]["labels"]) == expected.labels
    choose(app, "text_unit", "words")
    np.testing.assert_array_equal(x_of(app), encoders.one_hot("go - 🙂!", "words").x)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "type at least one visible character"),
        (" \t ", "type at least one visible character"),
        ("a" * 2500, "2,500 characters"),
        ("🙂" * 10_000, "characters (1 different)"),
        ("".join(chr(0x4E00 + k) for k in range(65)), "65 different"),
    ],
    ids=["empty", "blank", "long", "emoji", "many"],
)
def test_text_that_will_not_do_keeps_the_sequence_before(text, says):
    app = choose(choose(visit(feed="type"), "text", "before"), "text", text)
    (message,) = errors(app)
    assert says in message
    assert player(app)["caption"] == "before · 6 steps"
    offers = [b.label for b in app.button if b.label.startswith("Use the first")]
    assert len(offers) == (len(text) > 5)
    for offer in offers:
        press(app, offer)
        assert not app.error and x_of(app).shape in ((2000, 1), (64, 64))


@pytest.mark.parametrize("text", ["-", "--", "&=%+#", "  a  ", "\0a"])
def test_any_text_survives_the_link(text):
    app = choose(visit(feed="type"), "text", text)
    assert not app.error
    again = visit(**app.query_params)
    assert control(again, "text").value == text
    assert everything_shown(again) == everything_shown(app)


def test_steps_resample_the_drawn_curve_and_clear_empties_it():
    app = choose(visit(), "steps", 119)
    assert x_of(app).shape == (119, 1)
    np.testing.assert_allclose(x_of(app)[::2], x_of(visit()), atol=1e-6)
    press(app, "Clear")
    assert player(app)["T"] == 0 and "layer 1" in player(app)["tracks"][1]["name"]
    assert facts(app)[2:] == ["x      none yet", "output none yet", "h_n    none yet"]
    assert link_of(app) == {"steps": "119", "curve": "-"}
    assert player(visit(**app.query_params))["T"] == 0
    choose(app, "feed", "generate")
    assert player(app)["T"] == 60


def test_a_gesture_from_a_link_has_three_features_and_ink():
    drawn = (((0, 0, 0), (2000, 4095, 400)), ((4095, 0, 900), (4095, 100, 1000)))
    app = visit(drawing="pen", strokes=drawing_payload.pack_strokes(drawn), steps="40")
    expected = drawing.gesture(drawn, 40)
    np.testing.assert_array_equal(x_of(app), expected.x)
    np.testing.assert_array_equal(player(app)["tracks"][0]["ink"], drawing.ink(expected).ravel())
    choose(app, "resample", "arc length")
    np.testing.assert_array_equal(x_of(app), drawing.gesture(drawn, 40, "arc length").x)
    assert facts(app)[0].startswith("nn.RNN(3, 16")


def from_the_pad(sent):
    """Script: one message of the draw pad, then what the state is."""
    import streamlit as st

    from pages.state import setup as setups
    from pages.state.browser.pad_drawing import KEY
    from pages.state.session import Session

    st.session_state[KEY] = {"drawing": sent}
    session = Session()
    session.read()
    setup = setups.current(session)
    st.session_state["setup"] = (setup.sequence, setup.live)


def drawn(message):
    message = {"version": 0, **message} if isinstance(message, dict) else message
    app = AppTest.from_function(from_the_pad, args=(message,), default_timeout=30)
    return sound(app.run()).session_state["setup"]


def test_what_the_pad_sends_is_the_sequence():
    sequence, live = drawn({"levels": [0, 4095, 2048], "live": True, "revision": 4})
    assert live and sequence.x[:2, 0].tolist() == [-1, 1] and len(sequence) == 3
    sequence, live = drawn({"levels": [0, 4095], "live": False, "revision": 4})
    assert not live and len(sequence) == 60
    assert drawn({"levels": [], "revision": 1})[0] is None


@pytest.mark.parametrize(
    "message",
    [
        None,
        {},
        {"levels": [float("nan")]},
        {"levels": {"a": 1}},
        {"levels": "abc"},
        {"levels": [0] * 2001, "live": True},
        {"strokes": [[[1, 2]]], "live": True},
        {"strokes": 7},
        {"levels": [1, 2], "revision": "x"},
        {"revision": float("inf")},
        {"revision": 10**400},
        [1],
        5,
        "abc",
    ],
    ids=str,
)
def test_what_no_pad_sends_leaves_a_sequence_and_no_hand_on_it(message):
    sequence, live = drawn(message)
    assert len(sequence) == 60 and not live


# ---- files ---------------------------------------------------------------------------------------


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def wav(seconds=0.5, rate=8000):
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        tone = np.sin(np.arange(int(seconds * rate)) / 5) * 20_000
        file.writeframes(tone.astype("<i2").tobytes())
    return stream.getvalue()


CSV = b"date,rain,sun\n2024-01-01,1,5\n2024-01-02,2,4\n2024-01-03,4,3\n2024-01-04,8,2\n"


def test_a_table_is_read_and_columns_range_stride_and_standardising_chosen():
    app = upload(visit(feed="upload"), "rain.csv", CSV)
    assert [c.value for c in app.main.caption][:1] == [
        "rain.csv: 2 numeric columns, 4 rows, dates taken as labels (column 'date'), "
        "first row is a header."
    ]
    assert x_of(app).tolist() == [[1, 5], [2, 4], [4, 3], [8, 2]]
    assert player(app)["tracks"][0]["labels"][0] == "2024-01-01"
    assert facts(app)[0].startswith("nn.RNN(2, 16")
    sound(app.multiselect[0].set_value(["rain"]).run())
    by_label = {n.label: n for n in app.main.number_input}
    sound(by_label["First row"].set_value(2).run())
    assert x_of(app).tolist() == [[2], [4], [8]]
    sound({n.label: n for n in app.main.number_input}["Stride"].set_value(2).run())
    assert x_of(app).tolist() == [[2], [8]]
    (standardise,) = [t for t in app.toggle if t.label == "Standardise"]
    sound(standardise.set_value(True).run())
    np.testing.assert_allclose(x_of(app), [[-1], [1]])
    choose(choose(app, "feed", "draw"), "feed", "upload")
    np.testing.assert_allclose(x_of(app), [[-1], [1]])  # the file and its options are kept


@pytest.mark.parametrize(
    ("name", "data", "steps", "features"),
    [
        ("a.tsv", CSV.replace(b",", b"\t"), 4, 2),
        ("a.json", b'{"u": [1, 2, 3]}', 3, 1),
        ("a.jsonl", b'{"u": 1}\n{"u": 3}\n', 2, 1),
        ("a.xlsx", xlsx({"S": [["u", "v"], [1, 2], [5, 3]]}), 2, 2),
        ("a.npy", npy(np.arange(12.0).reshape(4, 3)), 4, 3),
        ("a.txt", "hällo".encode(), 5, 4),
        ("a.wav", wav(), 39, 16),
        ("one.csv", b"u\n5\n", 1, 1),
    ],
)
def test_other_kinds_of_files(name, data, steps, features):
    app = upload(visit(feed="upload"), name, data)
    assert not app.error and any(c.value.startswith(f"{name}: ") for c in app.caption)
    assert x_of(app).shape == (steps, features)
    assert ("wave" in player(app)["tracks"][0]) is (name == "a.wav")


def test_each_array_of_an_archive_has_options_of_its_own():
    held = io.BytesIO()
    x, y = np.arange(20.0).reshape(10, 2), np.arange(12.0).reshape(4, 3)
    np.savez(held, x=x, y=y)
    app = upload(visit(feed="upload"), "two.npz", held.getvalue())
    np.testing.assert_array_equal(x_of(app), x)
    by_label = {n.label: n for n in app.main.number_input}
    sound(by_label["Last row"].set_value(7).run())
    np.testing.assert_array_equal(x_of(app), x[:7])
    (array,) = [box for box in app.selectbox if box.label == "Array"]
    sound(array.set_value("y").run())
    np.testing.assert_array_equal(x_of(app), y)


def test_the_sheet_of_a_workbook_is_chosen():
    app = upload(
        visit(feed="upload"),
        "two.xlsx",
        xlsx({"A": [["u"], [1], [5]], "B": [["v"], [7], [9], [8]]}),
    )
    assert x_of(app).tolist() == [[1], [5]]
    (sheet,) = [box for box in app.selectbox if box.label == "Sheet"]
    assert sheet.options == ["A", "B"]
    sound(sheet.set_value("B").run())
    assert x_of(app).tolist() == [[7], [9], [8]]


def header_switch(app):
    return [toggle for toggle in app.toggle if toggle.label == "First row is a header"]


def test_an_open_header_is_said_and_switched_and_travels_in_the_link():
    app = upload(visit(feed="upload"), "bits.csv", b"0,1\n1,1\n0,0\n")
    assert "first row read as data" in app.main.caption[0].value
    assert x_of(app).tolist() == [[0, 1], [1, 1], [0, 0]] and "header" not in app.query_params
    (switch,) = header_switch(app)
    assert switch.value is False
    sound(app.multiselect[0].set_value(["column 2"]).run())
    sound(header_switch(app)[0].set_value(True).run())
    assert x_of(app).tolist() == [[1, 1], [0, 0]]
    assert app.multiselect[0].options == ["0", "1"] and app.query_params["header"] == "1"
    again = upload(visit(**app.query_params), "bits.csv", b"0,1\n1,1\n0,0\n")
    assert x_of(again).tolist() == [[1, 1], [0, 0]]
    sound(header_switch(app)[0].set_value(False).run())
    assert x_of(app).tolist() == [[0, 1], [1, 1], [0, 0]]


def test_thousands_alone_are_switched_and_that_travels_in_the_link():
    app = upload(visit(feed="upload"), "a.csv", b"Jahr;Preis\n2001;100.000\n2002;200.000\n")
    assert "'100.000' read as 100 (may be 100000)" in app.main.caption[0].value
    assert x_of(app)[:, 1].tolist() == [100, 200]
    (switch,) = (toggle for toggle in app.toggle if toggle.label == "Decimal comma")
    sound(switch.set_value(True).run())
    assert x_of(app)[:, 1].tolist() == [100_000, 200_000]
    assert x_of(visit(**app.query_params))[:, 1].tolist() == [100_000, 200_000]
    certain = upload(app, "b.csv", b"Jahr;Preis\n2001;100,5\n")
    assert not [toggle for toggle in certain.toggle if toggle.label == "Decimal comma"]


def test_a_header_chosen_for_one_file_does_not_hold_for_the_next():
    app = upload(visit(feed="upload"), "bits.csv", b"0,1\n1,1\n0,0\n")
    sound(header_switch(app)[0].set_value(True).run())
    app = upload(app, "other.csv", b"0,1\n1,0\n0,0\n")
    assert x_of(app).shape == (3, 2) and "header" not in app.query_params
    assert not header_switch(upload(app, "certain.csv", b"a,b\n1,2\n"))


def test_an_index_labels_the_steps_and_is_a_feature_only_when_chosen():
    app = upload(visit(feed="upload"), "pandas.csv", b",0\n0,1.5\n1,2.5\n")
    assert x_of(app).tolist() == [[1.5], [2.5]]
    assert list(player(app)["tracks"][0]["labels"]) == ["0", "1"]
    assert not header_switch(app)
    sound(app.multiselect[0].set_value(["column 1", "0"]).run())
    assert x_of(app).tolist() == [[0, 1.5], [1, 2.5]]


def test_a_file_of_another_kind_says_what_to_do_instead():
    app = upload(visit(feed="upload"), "voice.m4a", b"\0\0\0 ftypM4A ")
    assert "save it as WAV or MP3" in errors(app)[0]
    assert player(app)["caption"] == "drawn curve · 60 steps"


def test_a_constant_column_says_that_it_is_standardised_to_zero():
    app = upload(visit(feed="upload"), "flat.csv", b"a,b\n1,5\n2,5\n4,5\n")
    (standardise,) = [t for t in app.toggle if t.label == "Standardise"]
    sound(standardise.set_value(True).run())
    assert (x_of(app)[:, 1] == 0).all()
    said = "Standardised to 0, because the values never change: b."
    assert said in [caption.value for caption in app.main.caption]


def test_a_file_taken_away_takes_its_options_and_its_error_along():
    app = upload(visit(feed="upload"), "rain.csv", CSV)
    take_away(app)
    assert not app.multiselect and not app.error
    assert x_of(app).shape == (4, 2)  # the sequence stays until there is another
    app = upload(app, "bad.csv", b"")
    assert errors(app)
    take_away(app)
    assert not app.error


def test_a_bad_file_is_read_once_however_often_the_page_reruns(monkeypatch):
    read, original = [], files.read

    def counted(*arguments, **options):
        read.append(arguments[0])
        return original(*arguments, **options)

    monkeypatch.setattr(files, "read", counted)
    app = upload(visit(feed="upload"), "bad.csv", b"a\n1\nx\n")
    (said,) = errors(app)
    choose(choose(app, "hidden_size", 9), "hidden_size", 10)
    assert errors(app) == [said] and read == ["bad.csv"]


def test_what_a_file_says_is_not_read_as_markdown():
    app = upload(visit(feed="upload"), "[x](http://a).csv", b"v\n1\n2\n![q](http://b/c.png)\n")
    assert r"!\[q\]" in errors(app)[0]
    app = upload(app, "*a*.csv", b"v,![q](http://b)\n1,2\n3,4\n")
    assert r"\*a\*.csv: 2 numeric columns" in app.main.caption[0].value


@pytest.mark.parametrize("feed", ["upload", "record"])
def test_a_link_without_its_file_says_so_and_reads_the_drawn_curve(feed):
    app = visit(feed=feed)
    assert "came without its file" in app.warning[0].value
    assert not any("came with the link" in caption.value for caption in app.main.caption)
    assert player(app)["caption"] == "drawn curve · 60 steps"


def test_a_long_table_is_never_cut_silently():
    rows = np.random.default_rng(0).normal(size=(3000, 2)).astype(np.float32)
    app = upload(visit(feed="upload"), "long.npy", npy(rows))
    assert errors(app)[0].startswith("3,000 rows are chosen and a sequence can have at most 2,000")
    assert player(app)["caption"] == "drawn curve · 60 steps"
    press(app, "Use every 2nd row")
    assert not app.error
    np.testing.assert_array_equal(x_of(app), rows[::2])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.csv", b""),
        ("words.csv", b"a,b\nx,y\n"),
        ("cut.npy", npy(np.zeros((50, 2)))[:60]),
        ("forged.npy", b"\x93NUMPY\x01\x00" + b"\xff" * 40),
        ("forged.npz", b"PK\x03\x04" + b"\0" * 40),
        ("forged.parquet", b"PAR1" + b"\xff" * 40 + b"PAR1"),
        ("forged.wav", b"RIFF\xff\xff\xff\xffWAVEfmt " + b"\xff" * 40),
        ("nan.csv", b"a\n1\nnan\n"),
        ("infinite.json", b"[1e999]"),
        ("wide.csv", b",".join(b"c%d" % k for k in range(100)) + b"\n" + b"1," * 99 + b"1\n"),
        ("huge.csv", b"a\n" + b"1\n" * (3 * 2**20)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_gives_one_sentence_and_keeps_the_sequence(name, data):
    app = upload(visit(feed="upload"), name, data)
    (message,) = errors(app)
    assert message.endswith((".", ".)")) and "\n" not in message and len(message) < 400
    assert player(app)["caption"] == "drawn curve · 60 steps"
    assert not upload(app, "good.csv", b"a\n1\n2\n").error


def test_a_recording_is_read_as_sound():
    app = visit(feed="record", bands="8")
    upload(app, "said.wav", wav(0.25), "record")
    sound(app.run())
    assert x_of(app).shape[1] == 8 and player(app)["tracks"][0]["kind"] == "audio"
    choose(app, "bands", 20)
    assert x_of(app).shape[1] == 20 and facts(app)[0].startswith("nn.RNN(20, 16")


def test_a_small_file_travels_in_the_link():
    app = upload(visit(feed="upload"), "rain.csv", CSV)
    assert not any("came with the link" in caption.value for caption in app.main.caption)
    KEPT.clear()  # another server
    again = visit(**app.query_params)
    assert everything_shown(again) == everything_shown(app)
    assert url_payload.unpack_sequence(app.query_params["data"]).labels[0] == "2024-01-01"
    (said,) = [c.value for c in again.main.caption if "came with the link" in c.value]
    assert said.endswith("upload rain.csv.") and not again.warning


def test_the_same_bytes_under_another_name_are_another_file():
    app = upload(visit(feed="upload"), "a.csv", b"1\n2\n3\n")
    assert x_of(app).shape == (3, 1)
    app = upload(app, "b.json", b"1\n2\n3\n")
    assert "b.json" in errors(app)[0]


def test_a_forged_gesture_is_refused():
    data = url_payload.pack_sequence(InputSequence(np.zeros((4, 1)), kind="gesture"))
    app = visit(feed="upload", data=data)
    assert len(app.warning) == 1


@pytest.mark.parametrize("text", ["1e39", "-1e39"])
def test_h_0_too_large_for_float32(text):
    app = choose(visit(h_0="typed"), "h_0_values", text)
    assert "finite" in errors(app)[0]


def test_a_sound_has_its_bands_standardised_until_it_is_switched_off():
    app = upload(visit(feed="upload"), "a.wav", wav())
    heard = audio.frames(read_sound("a.wav", wav()), 16, 25.0).x.astype(float)
    np.testing.assert_allclose(x_of(app), (heard - heard.mean(0)) / heard.std(0), atol=1e-3)
    assert np.abs(x_of(app)).max() < 3 * np.abs(heard).max()
    (standardise,) = [t for t in app.toggle if t.label == "Standardise"]
    sound(standardise.set_value(False).run())
    np.testing.assert_allclose(x_of(app), heard, atol=1e-5)


def test_a_table_that_would_saturate_offers_to_be_standardised():
    app = upload(visit(feed="upload"), "t.csv", b"celsius\n5\n10\n15\n")
    assert any("Values run from 5.000 to 15.000" in c.value for c in app.caption)
    press(app, "Standardise the values")
    np.testing.assert_allclose(x_of(app), [[-1.2247449], [0], [1.2247449]], atol=1e-6)
    assert not any("Values run" in c.value for c in app.caption)
    app = upload(visit(feed="upload"), "t.csv", b"u\n0.5\n-3\n2\n")
    assert not any("Values run" in c.value for c in app.caption)


def test_a_column_that_is_left_out_for_its_gaps_is_named():
    app = upload(visit(feed="upload"), "t.csv", b"a,b,c\n1,,3\n2,5,\n4,,7\n3,1,2\n")
    assert "Not used, for want of cells: b (2 of 4 cells), c (1 of 4 cells)." in [
        caption.value for caption in app.main.caption
    ]
    (box,) = [one for one in app.multiselect if one.label == "Columns"]
    sound(box.set_value(["a", "b"]).run())
    assert any("b (2 of" in c.value for c in app.main.caption) is False
    assert any("Column 'b', row 1" in error for error in errors(app))


def test_a_sequence_is_chosen_among_those_of_an_array():
    batch = np.random.default_rng(0).normal(size=(5, 7, 2)).astype(np.float32)
    stream = io.BytesIO()
    np.save(stream, batch)
    app = upload(visit(feed="upload"), "batch.npy", stream.getvalue())
    (box,) = [one for one in app.number_input if one.label == "Sequence"]
    assert box.value == 1
    np.testing.assert_array_equal(x_of(app), batch[0])
    sound(box.set_value(6).run())
    assert any("Sequence may be 1 to 5, not 6" in warning.value for warning in app.warning)
    np.testing.assert_array_equal(x_of(app), batch[0])
    (box,) = [one for one in app.number_input if one.label == "Sequence"]
    sound(box.set_value(4).run())
    np.testing.assert_array_equal(x_of(app), batch[3])
    assert any("sequence 4 of 5" in caption.value for caption in app.main.caption)
