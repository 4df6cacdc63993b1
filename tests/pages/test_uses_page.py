"""Uses without a browser: each part opens ready, reads the visitor's own input, and says no."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest
import visits
from sounds import encoded, sine
from visits import choose, control, errors, player, press, session_of, sound, upload

import seqviz
from pages.panels.shared.put_on_explore import GO
from pages.panels.uses import forecast, next_word, pitch
from pages.panels.uses.parts import PARTS
from pages.state import input_sequence
from pages.state.session import Session
from seqviz.applications import stories
from seqviz.applications.recorded_scores import recorded
from seqviz.applications.registry import APPLICATIONS
from seqviz.applications.translation.network import ENGLISH, MARK
from seqviz.data import drawing_payload
from seqviz.data.alphabet import Alphabet
from seqviz.data.drawing import parse_strokes
from seqviz.data.text import one_hot
from seqviz.rnn.continuation import continued

pytestmark = pytest.mark.usefixtures("quick_forecasts")


def visit(session=(), **parameters):
    return visits.visit("uses.py", session, **parameters)


def tracks(app, kind):
    return [track for track in player(app)["tracks"] if track["type"] == kind]


def prediction(app):
    (track,) = tracks(app, "prediction")
    return track["values"].reshape(track["T"], track["K"])


def tell(app, text):
    """Type a story and run."""
    return sound(app.text_area[0].set_value(text).run())


def said(app):
    return " ".join(one.value for one in app.markdown)


@pytest.mark.parametrize("use", PARTS)
def test_each_part_opens_with_an_example_that_runs(use):
    app = visit(use=use)
    assert not errors(app) and player(app)["T"] > 0
    assert np.isfinite(prediction(app)).all()
    assert "What it cannot do." in said(app)
    labels = {button.label for button in app.button}
    assert {"Train it yourself", "Open in Explore"} <= labels
    assert "Try it" in labels or "##### Try it" in said(app)


def test_the_parts_are_the_five_uses():
    app = visit()
    assert control(app, "use").options == [part.name for part in PARTS.values()]


def test_next_word_reads_a_story_and_writes_on():
    app = visit(use="next_word")
    story = "mia went to the river ."
    app = tell(app, story)
    one = APPLICATIONS["next_word"]
    assert np.array_equal(
        prediction(app), seqviz.trace(one.model(), one.sequence(story)).prediction
    )
    app = press(app, "Write on")
    first = app.text_area[0].value
    assert "It writes on:" in said(app)
    assert first.startswith(f"{story} ") and player(app)["T"] == 1 + 6 + next_word.WORDS
    app = press(app, "Write on")
    second = app.text_area[0].value
    assert second.startswith(first) and player(app)["T"] == 1 + 6 + 2 * next_word.WORDS
    assert app.query_params["story"] == second  # a reload and a link keep it
    assert "It writes on:" not in said(tell(app, "tom went to the river ."))
    app = press(tell(app, story), "Write on")
    assert app.text_area[0].value == first
    assert "It writes on:" not in said(press(app, "Try it"))


def test_the_likeliest_words_go_on_with_each_press_and_the_example_comes_into_the_box():
    app = visit(use="next_word", temperature="0")
    lengths = []
    for _ in range(3):
        app = press(app, "Write on")
        lengths.append(player(app)["T"])
    assert np.diff(lengths).tolist() == [next_word.WORDS] * 2
    assert app.text_area[0].value.startswith(next_word._example())


@pytest.mark.parametrize("story", [("grandmother " * 333).strip(), ", " * 1980])
def test_a_story_that_is_full_says_so_and_stays(story):
    app = press(tell(visit(use="next_word"), story), "Write on")
    assert app.text_area[0].value == story
    assert any("No room to write on" in one.value for one in app.caption)


@pytest.mark.parametrize("use, label", [("next_word", "Write on"), ("translation", "Force a word")])
@pytest.mark.parametrize("text", ["the zebra bought bitcoin", "  ", "?"])
def test_a_button_pressed_with_what_cannot_be_read_says_so_and_nothing_is_lost(use, label, text):
    app = visit(use=use)
    before = prediction(app)
    box = (*app.text_area, *app.text_input)[0]
    app = press(sound(box.set_value(text).run()), label)
    assert np.array_equal(prediction(app), before) or not errors(app)
    assert label in {button.label for button in app.button}


def test_a_word_it_never_read_is_named_and_the_story_before_stays():
    app = tell(visit(use="next_word"), "mia went to the river .")
    before = prediction(app)
    app = tell(app, "mia bought bitcoin")
    (error,) = errors(app)
    assert "bitcoin" in error and np.array_equal(prediction(app), before)
    assert any("was read before" in one.value for one in app.caption)
    assert not app.get("html")  # no colours, which would seem to be of the new words
    app = tell(app, "mia went to the river .")
    assert not any("was read before" in one.value for one in app.caption)


def test_weather_and_stocks_are_answered_one_step_later():
    app = visit(use="forecast")
    (track,) = tracks(app, "prediction")
    x = tracks(app, "input")[0]
    x = x["x"].reshape(x["T"], x["I"])
    assert track["shift"] == 1
    assert np.array_equal(track["target"].reshape(-1)[:-1], x[1:, 1])  # tomorrow's maximum
    assert track["unit"] == "°C"
    app = choose(app, "series", "stocks")
    assert prediction(app).shape[1] == 6
    (track,) = tracks(app, "prediction")
    for k, (low, high) in enumerate(track["ranges"]):  # each price on a scale of its own
        asked = track["target"].reshape(-1, 6)[:-1, k]
        both = np.concatenate([asked, prediction(app)[:, k]])
        assert (low, high) == pytest.approx((both.min(), both.max()))


def test_ones_own_series_is_trained_on_and_judged():
    app = visit(use="forecast", series="own")
    assert any("Press Try it" in one.value for one in app.info) and not errors(app)
    assert "Seattle" not in said(app) and "precipitation" not in said(app)
    assert not tracks(app, "prediction")  # of an untrained network
    buttons = {button.label: button for button in app.button}
    assert buttons["Open in Explore"].disabled and not buttons["Train it yourself"].disabled
    assert "press Try it" in buttons["Open in Explore"].help
    assert buttons["Open in Explore"].help in [one.value for one in app.caption]
    assert "Where it goes wrong" not in said(app)
    app = press(app, "Try it")
    assert not errors(app) and "repeating the last value" in said(app)
    assert any("_mistakes" in one.proto.id for one in app.get("plotly_chart"))
    assert not any("press Try it" in one.value for one in app.caption)
    session = session_of(app)
    app = press(app, "Open in Explore")
    kept = session.cache.kept["forecast"][1].trained.model
    weights = session.files["weights"]
    assert weights.name == "own.safetensors" and len(weights.data) > 4 * kept.head.weight.size


def test_try_it_leads_from_weather_and_stocks_to_a_series_of_ones_own():
    app = press(visit(use="forecast", series="stocks"), "Try it")
    assert control(app, "series").value == "own" and any(
        "Press Try it" in i.value for i in app.info
    )


def own_file(values):
    """The page with a file of these columns."""
    app = press(visit(use="forecast", series="own"), "Upload a file")
    rows = [",".join(map(str, row)) for row in zip(*values.values(), strict=True)]
    return upload(app, "own.csv", "\n".join([",".join(values), *rows]).encode())


WAVE = [100 + 20 * np.sin(k / 4) for k in range(80)]


def test_values_of_any_size_will_do_for_a_network_that_scales_them():
    app = own_file({"value": WAVE})
    assert any("1 numeric column" in one.value for one in app.caption)
    assert not any("saturate" in one.value for one in app.caption)


@pytest.mark.parametrize(("values", "sentence", "never"), [
    ({"value": [5] * 80}, "never change: value.", "most series"),
    ({"fixed": [5] * 80, "wave": WAVE}, "never change: fixed.", "wave."),
    ({"value": WAVE}, "", "never change"),
])  # fmt: skip
def test_of_a_constant_it_says_that_it_needs_no_forecast(values, sentence, never):
    app = press(own_file(values), "Try it")
    assert not errors(app) and sentence in said(app) and never not in said(app)


def test_a_file_that_will_not_do_is_named_and_nothing_is_trained_on_the_one_before():
    app = press(visit(use="forecast", series="own"), "Upload a file")
    rows = "\n".join("nan" if k == 20 else f"{np.sin(k / 4):.4f}" for k in range(80))
    app = upload(app, "gaps.csv", f"value\n{rows}\n".encode())
    for _ in range(2):
        (error,) = errors(app)
        assert "row 21 of gaps.csv" in error
        app = press(app, "Try it")
    assert "MAE" not in said(app)


@pytest.mark.parametrize("use", PARTS)
def test_open_in_explore_takes_along_what_is_read(use):
    app = visit(use=use)
    (x, *_), trace = tracks(app, "input"), tracks(app, "heat")[0]
    answered = tracks(app, "prediction")[0]["values"]
    alone = any("shows the encoder alone" in one.value for one in app.caption)
    assert alone == (use == "translation")
    app = sound(press(app, "Open in Explore").switch_page("explore.py").run())
    assert not errors(app)
    shown = tracks(app, "heat")[0]
    assert shown["H"] == trace["H"]
    assert "torch.randn" not in " ".join(one.value for one in app.info)
    assert shown["T"] == trace["T"]
    answers = tracks(app, "prediction")
    if use == "translation":  # of whose encoder nobody has asked anything
        assert not answers
    else:
        np.testing.assert_allclose(answers[0]["values"], answered, atol=1e-5)
    np.testing.assert_allclose(shown["values"], trace["values"], atol=1e-5)
    there = tracks(app, "input")[0]
    assert there["T"] == x["T"]
    if use in ("next_word", "translation"):  # typed, with the network's own alphabet
        assert list(there["labels"]) == list(x["labels"])


@pytest.mark.parametrize("names", [stories.names(), ENGLISH], ids=["stories", "English"])
def test_every_word_of_a_vocabulary_is_typed_as_one_symbol(names):
    typed = one_hot(" ".join(names), "words", Alphabet(tuple(names)))
    np.testing.assert_array_equal(typed.x, np.eye(len(names)))


def test_who_goes_elsewhere_at_once_is_not_taken_to_explore_later():
    app = visit(use="pitch")
    session_of(app).options[GO] = ""  # as after a run that was cut off on its way
    app = sound(app.switch_page("memory.py").run())
    assert GO not in session_of(app).options
    app = sound(app.switch_page("uses.py").run())
    assert session_of(app).page == "uses"


def test_visitors_own_networks_learn_one_after_another():
    with forecast._TURN:
        done = threading.Event()
        session = Session()
        sequence = input_sequence.read(session).sequence

        def wait():
            forecast._learned(session, sequence)
            done.set()

        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        waiting.join(0.3)
        assert not done.is_set()
    assert done.wait(60)


def test_ones_own_series_may_be_uploaded():
    app = press(visit(use="forecast", series="own"), "Upload a file")
    rows = "\n".join(f"{np.sin(k / 4):.4f}" for k in range(80))
    app = upload(app, "sine.csv", f"value\n{rows}\n".encode())
    assert any("Press Try it" in one.value for one in app.info) and not errors(app)
    app = press(app, "Try it")
    assert not errors(app) and player(app)["T"] == 80


def test_prices_go_on_by_themselves_and_the_weather_cannot():
    app = press(visit(use="forecast", series="stocks"), "Continue")
    (x,) = tracks(app, "input")
    following = continued(APPLICATIONS["stocks"].model(), APPLICATIONS["stocks"].sequence(), 30)
    np.testing.assert_allclose(x["ahead"].reshape(30, 6), following, rtol=1e-4, atol=1e-5)
    assert player(app)["ahead"] == 30
    assert player(press(app, "Continue"))["ahead"] == 0
    (button,) = [b for b in visit(use="forecast").button if b.label == "Continue"]
    assert button.disabled


def test_ones_own_series_goes_on_once_a_network_has_learned_it():
    app = visit(use="forecast", series="own", feed="generate")
    (button,) = [b for b in app.button if b.label == "Continue"]
    assert button.disabled and "press Try it" in button.help
    app = press(app, "Try it")
    (button,) = [b for b in app.button if b.label == "Continue"]
    assert not button.disabled and "each of its answers" in button.help
    assert player(press(app, "Continue"))["ahead"] == 30
    session_of(app).set(source="sawtooth")
    app = sound(app.run())
    (button,) = [b for b in app.button if b.label == "Continue"]
    assert button.disabled  # of this one it has learned nothing


def test_many_scores_stand_in_a_table_that_scrolls_in_its_place():
    (table,) = visit(use="forecast", series="stocks").dataframe
    scores = recorded("stocks")
    assert table.value["This network"].tolist() == [round(one.value, 4) for one in scores]
    assert list(table.value.columns)[1:] == [line.name for line in scores[0].baselines]
    assert not visit(use="forecast").dataframe


@pytest.mark.parametrize("use", PARTS)
def test_each_part_shows_where_it_goes_wrong(use):
    app = visit(use=use)
    (chart,) = [one for one in app.get("plotly_chart") if "_mistakes" in one.proto.id]
    assert "Where it goes wrong" in said(app)


@pytest.mark.parametrize(("column", "sentence"), [
    (["5"] * 60, ""), (["1", "2"] * 5, "bring 40 or more"), (["1e30", "0"] * 40, ""),
])  # fmt: skip
def test_columns_that_are_too_short_or_never_change(column, sentence):
    app = press(visit(use="forecast", series="own"), "Upload a file")
    app = upload(app, "column.csv", "\n".join(["value", *column]).encode())
    app = press(app, "Try it")
    assert any(sentence in error for error in errors(app)) if sentence else not errors(app)
    assert player(app)["T"] > 0
    (button,) = [b for b in sound(app.run()).button if b.label == "Continue"]
    assert button.disabled == bool(sentence)


@pytest.mark.parametrize(("phrase", "sentence"), [
    (" ".join(["the cat sleeps"] * 14), "at most"), ("xyzzy", "does not know"), ("?!", "nothing"),
])  # fmt: skip
def test_phrases_it_cannot_translate(phrase, sentence):
    app = choose(visit(use="translation"), "phrase", phrase)
    assert any(sentence in error for error in errors(app)) and player(app)["T"] > 0


@pytest.mark.parametrize("story", ["mia", " ", "mia " * 990, "…"])
def test_stories_of_one_word_and_none(story):
    app = tell(visit(use="next_word"), story)
    assert player(app)["T"] > 0 and len(errors(app)) == (story in " …")


@pytest.mark.parametrize("drawn", [
    [[(2000, 2000, 0)]], [[(0, 0, 0), (4095, 4095, 1)]], [[(9 * k, 9 * k, k)] for k in range(40)],
])  # fmt: skip
def test_dots_and_dashes_get_an_answer_with_its_doubt(drawn):
    strokes = drawing_payload.pack_strokes(parse_strokes(drawn))
    app = visit(use="handwriting", feed="draw", drawing="pen", strokes=strokes)
    assert not errors(app) and "doubt" in said(app)


def test_translation_shows_both_networks_and_goes_on_from_a_forced_word():
    app = choose(visit(use="translation"), "phrase", "the cat sleeps")
    done = APPLICATIONS["translation"].translate("the cat sleeps")
    heats = tracks(app, "heat")
    assert [heat["title"] for heat in heats] == ["encoder", "decoder"]
    assert np.array_equal(heats[1]["values"], done.decoder_trace.h[0, 0].ravel())
    assert done.text in said(app)
    app = choose(app, "forced", "un")
    forced = APPLICATIONS["translation"].translate("the cat sleeps", "un")
    assert forced.words[0] == "un" and forced.text in said(app)
    app = choose(app, "phrase", "the zebra sleeps")
    assert any("zebra" in error for error in errors(app))


def test_the_sign_of_beginning_and_end_is_explained_where_it_is_shown():
    app = visit(use="translation")
    (french,) = [track for track in tracks(app, "input") if MARK in track["labels"]]
    assert french["labels"][0] == MARK
    assert any(MARK in one.value and "beginning" in one.value for one in app.caption)
    assert len(control(app, "forced").placeholder) <= 10  # as much as a phone shows


def test_a_word_is_forced_that_it_would_not_have_written():
    app = choose(visit(use="translation"), "phrase", "the cat sleeps")
    app = press(app, "Force a word")
    forced = control(app, "forced").value
    assert forced and not "le chat dort".startswith(forced)
    assert APPLICATIONS["translation"].translate("the cat sleeps", forced).text in said(app)
    assert control(press(app, "Force a word"), "forced").value == forced  # in force already
    (button,) = [b for b in app.button if b.label == "Force a word"]
    assert "second likeliest" in button.help and "in force already" in button.help


def test_a_drawing_is_recognised():
    one = [(2000, 3600 - 300 * k, 20 * k) for k in range(11)]
    strokes = parse_strokes([one])
    app = visit(use="handwriting", feed="draw", drawing="pen",
                strokes=drawing_payload.pack_strokes(strokes))  # fmt: skip
    network = APPLICATIONS["handwriting"]
    assert np.array_equal(prediction(app), network.recognise(strokes).probabilities)


def test_of_two_digits_it_says_that_it_reads_one_at_a_time():
    one = [(900, 3600 - 300 * k, 20 * k) for k in range(11)]
    two = [
        (2600 + x, y, 400 + t)
        for t, (x, y) in enumerate([(0, 3000), (700, 3500), (0, 600), (900, 600)])
    ]
    for drawn, apart in (([one, two], True), ([one], False)):
        strokes = drawing_payload.pack_strokes(parse_strokes(drawn))
        app = visit(use="handwriting", strokes=strokes)
        assert ("one digit at a time, and took them all for one" in said(app)) == apart
    assert "Draw one digit" in said(app)


def test_five_drawings_teach_it_a_gesture():
    app = visit(use="handwriting", feed="draw", drawing="pen")
    star = [(900, 500), (2048, 3600), (3200, 500), (500, 2500), (3600, 2500), (900, 500)]
    for k in range(6):
        moved = parse_strokes([[(x + 20 * k, y - 9 * k, 90 * n) for n, (x, y) in enumerate(star)]])
        app.session_state["visit"].session.set(strokes=drawing_payload.pack_strokes(moved))
        app = sound(app.run())
        if k < 5:
            app = press(app, "Teach it")
            assert f"“star” {k + 1} of 5" in said(app) or k == 4
    assert "“star” is learned" in said(app) and "It takes this for star" in said(app)
    assert prediction(app).shape[1] == 11
    app = press(app, "Forget gestures")
    assert prediction(app).shape[1] == 10


def test_a_gesture_has_a_name_of_its_own():
    dash = drawing_payload.pack_strokes(parse_strokes([[(500, 2000, 0), (3500, 2000, 300)]]))
    app = visit(use="handwriting", feed="draw", drawing="pen", strokes=dash)
    app = press(choose(app, "gesture name", "7"), "Teach it")
    assert any("“7” is taken" in error for error in errors(app))
    assert app.query_params["strokes"] == dash  # nothing drawn is lost


def test_open_in_explore_runs_the_same_weights():
    app = press(visit(use="handwriting"), "Open in Explore")
    app = sound(app.switch_page("explore.py").run())
    assert any("GRU" in one.value and "48" in one.value for one in app.sidebar.markdown)


def test_train_it_yourself_opens_train_with_the_recipe():
    app = press(visit(use="forecast"), "Train it yourself")
    app = sound(app.switch_page("train.py").run())
    assert control(app, "task").value == "next_value"
    assert not errors(app)


def test_a_use_that_train_has_no_task_for_says_why_and_what_trains_it():
    app = visit(use="translation")
    (button,) = [b for b in app.button if b.label == "Train it yourself"]
    assert button.disabled
    captions = [one.value for one in app.caption]
    for text in (button.help, *(one for one in captions if "encoder and a decoder" in one)):
        assert "python -m seqviz.applications train translation" in text.replace("\\", "")
    assert button.help in captions
    app = visit(use="pitch")
    assert not any("Train" in one.value for one in app.caption)


# ---- sounds --------------------------------------------------------------------------------------


def test_the_newest_sound_is_heard_and_a_long_one_is_read_from_its_beginning():
    app = visit(use="pitch")
    app = upload(app, "hum.wav", encoded(sine(200, 1.0)), "hum")
    recorded_frames = player(app)["T"]
    app = upload(app, "whistle.wav", encoded(sine(900, 2.0)), "sound")
    assert player(app)["T"] > 1.5 * recorded_frames
    app = upload(app, "again.wav", encoded(sine(250, 1.0)), "hum")
    assert player(app)["T"] == recorded_frames
    assert "are read" not in said(app)
    app = upload(app, "music.wav", encoded(sine(300, 60.0)), "sound")
    notes = " ".join(one.value for one in (*app.info, *app.warning, *app.caption, *app.markdown))
    assert "The first 10 s of 60 s are read." in notes
    assert player(app)["T"] < 11 * recorded_frames


@pytest.mark.parametrize(("sure", "shuffled", "sentence", "never"), [
    (True, "falling", "the order of the frames made the answer", "chance"),
    (True, "rising", "of 200 sounds 37 % are still heard right", "made the answer"),
    (False, "falling", "in another order: falling.", "made the answer"),
    (False, "rising", "in another order: rising.", "chance"),
])  # fmt: skip
def test_what_the_shuffled_frames_say_depends_on_both_answers(sure, shuffled, sentence, never):
    heard = pitch._in_another_order(SimpleNamespace(sure=sure, best="rising"), shuffled)
    assert sentence in heard and never not in heard
    assert "in another order: " in said(visit(use="pitch"))
