"""The classroom's parts without a browser: questions, links by code, and what is hidden."""

import re
from urllib.parse import urlencode

import pytest
from checkpoints import as_arrays, npz
from trained_visits import trained
from visits import (
    choose,
    control,
    errors,
    heatmaps,
    labels,
    player,
    press,
    said,
    session_of,
    sound,
    visit,
)

from pages.panels.shared.classroom import class_poll
from pages.panels.shared.classroom.questions import COMPUTED
from pages.state import schema
from pages.state.classroom import polls
from pages.state.classroom.rooms import store
from pages.state.classroom.rooms.room import (
    LASTS,
    LONGEST_LINK,
    Question,
    RoomsAway,
    new_room,
)
from pages.state.files.file_store import KEPT
from pages.state.files.upload import Upload
from seqviz import RNNSpec, SeqvizError, build, trace
from seqviz.data import drawing, drawing_payload

OPEN_POLL = {"_class_poll_0": True}


def curve(**spec):
    levels = drawing_payload.unpack_levels(schema.Settings().curve)
    rnn = build(RNNSpec(**{"mode": "GRU", "input_size": 1, "hidden_size": 16, "num_layers": 2,
                           "seed": 3, **spec}))  # fmt: skip
    return trace(rnn, drawing.curve(levels, 60))


@pytest.fixture
def room():
    question = Question("Up or down?", ("Up", "Down"), 0, "It goes up.")
    made, secret = new_room(
        question, "cell=GRU&trained=-&hidden_size=5&step=12&hide=classroom,future"
    )
    store.rooms().open(made)
    yield made, secret
    store.rooms().end(made.code)


def poll_of(app):
    (sent,) = [
        c.proto for c in app.get("bidi_component") if c.proto.component_name.endswith("poll")
    ]
    return sent


def test_a_code_alone_opens_the_state_that_is_asked_about(room):
    made, secret = room
    app = visit(first=True, room=made.code.lower())
    assert not app.warning
    assert app.query_params["cell"] == "GRU" and app.query_params["room"] == made.code
    assert player(app)["limit"] == 12 and player(app)["step"] == 12
    told = poll_of(app)
    assert made.code in str(told) and secret not in str(told)
    store.rooms().reveal(made.code, 1)
    assert player(sound(app.run()))["limit"] is None


@pytest.mark.parametrize("code", ["ABCDEF", "abc", "O0O0O0", "A" * 5000, "\0", "-"])
def test_a_code_that_is_no_room_is_one_sentence(code):
    app = visit(first=True, room=code)
    assert len(app.warning) == (code != "-")
    assert not errors(app) and "room" not in app.query_params


def test_a_room_that_has_ended_is_a_sentence_and_leaves_the_page(room, monkeypatch):
    made, _ = room
    app = visit(first=True, room=made.code)
    kept = store.rooms()
    now = kept._now
    monkeypatch.setattr(kept, "_now", lambda: now() + LASTS + 1)
    app = sound(app.run())
    assert f"no room {made.code} any more" in app.warning[0].value
    assert "room" not in app.query_params and app.query_params["cell"] == "GRU"


def test_a_student_follows_to_the_next_question(room):
    made, _ = room
    app = visit(first=True, room=made.code)
    store.rooms().ask(
        made.asks(Question("And now?", ("a", "b")), "cell=RNN_RELU&trained=-&step=30")
    )
    app = sound(app.run())
    assert app.query_params["cell"] == "RNN_RELU" and app.query_params["step"] == "30"
    assert player(app)["limit"] is None


def test_a_student_follows_to_the_page_of_the_next_question(room):
    made, _ = room
    app = visit(first=True, room=made.code)
    assert app.session_state["visit"].session.page == ""
    asked = made.asks(Question("And now?", ("a", "b")), "cell=GRU&trained=-", "memory")
    store.rooms().ask(asked)
    app = sound(app.run())
    assert app.session_state["visit"].session.page == "memory"
    late = visit(first=True, room=made.code)
    assert late.session_state["visit"].session.page == "memory"
    reloaded = visit(room=made.code, round="2")  # with what an address says of what is on screen
    assert reloaded.session_state["visit"].session.page == ""
    assert reloaded.query_params["cell"] == "RNN_TANH"
    slept = visit(room=made.code, round="1")  # and came back to another question
    assert slept.session_state["visit"].session.page == "memory"
    assert (slept.query_params["cell"], slept.query_params["round"]) == ("GRU", "2")


def test_a_question_about_somebodys_weights_brings_them_and_the_next_takes_them_away(room):
    made, _ = room
    data = npz(as_arrays(build(RNNSpec("GRU", 1, 7)).state_dict()))
    upload = Upload.of("gru.npz", data)
    KEPT.keep(upload.content, data)
    app = visit(first=True, room=made.code)
    second = made.asks(
        Question("Now?", ("a", "b")), f"trained=-&{urlencode({'weights': upload.link})}"
    )
    store.rooms().ask(second)
    app = sound(app.run())
    assert {track["H"] for track in heatmaps(app)} == {7} and "weights" in app.query_params
    store.rooms().ask(second.asks(Question("And now?", ("a", "b")), "trained=-&hidden_size=9"))
    app = sound(app.run())
    assert {track["H"] for track in heatmaps(app)} == {9} and "weights" not in app.query_params


def test_rooms_that_are_away_are_asked_for_until_they_are_back(room, monkeypatch):
    made, _ = room

    def away(code):
        raise RoomsAway("The rooms are away.")

    with monkeypatch.context() as patch:
        patch.setattr(store.rooms(), "get", away)
        app = visit(first=True, room=made.code)
        for _ in range(2):
            assert errors(app) == ["The rooms are away."] and not app.warning
            assert made.code in str(poll_of(app))  # asks the server itself, and has the page run
            app = sound(app.run())
    app = sound(app.run())
    assert not errors(app) and app.query_params["cell"] == "GRU"
    assert player(app)["limit"] == 12


def teacher_of(made, secret):
    news = {"poll": {"news": {"code": made.code, "secret": secret}}}
    return visit(session=news, first=True, room=made.code)


def test_a_teacher_who_comes_by_the_code_has_the_classrooms_tools(room):
    made, secret = room
    app = teacher_of(made, secret)
    assert session_of(app).settings.hide == "future"
    assert "classroom" in session_of(visit(first=True, room=made.code)).settings.hide


def test_who_cannot_end_a_room_is_told_so(room, monkeypatch):
    made, secret = room
    app = teacher_of(made, secret)

    def away(code):
        raise RoomsAway("The rooms are away.")

    session = session_of(app)
    with monkeypatch.context() as patch:
        patch.setattr(store.rooms(), "end", away)
        polls.end(session)
    assert session.poll.problem == "The rooms are away." and session.settings.room == made.code
    polls.end(session)
    assert session.settings.room == "" and store.rooms().get(made.code) is None


def test_a_teacher_whose_room_has_ended_sees_the_future_again(room):
    made, secret = room
    app = teacher_of(made, secret)
    assert player(app)["limit"] == 12 and "I have predicted" not in labels(app)
    store.rooms().end(made.code)
    app = press(sound(app.run()), "I have predicted")
    assert player(app)["limit"] is None


def test_what_is_chosen_and_asked_at_once_is_asked():
    app = visit(session=OPEN_POLL, first=True, step="20", trained="-")
    assert control(app, "poll kind").value == "direction"
    control(app, "poll kind").set_value("forgotten")
    room = session_of(press(app, "Ask")).poll.room
    assert room.question.text.startswith("How many steps until the network has forgotten")
    store.rooms().end(room.code)


def test_the_teachers_own_words_are_those_of_the_press():
    app = choose(visit(session=OPEN_POLL, first=True, trained="-"), "poll kind", class_poll.OWN)
    app = choose(app, "poll question", "Old?")
    control(app, "poll question").set_value("New?")
    control(app, "poll choices").set_value("new\nnewer")
    room = session_of(press(app, "Ask")).poll.room
    assert room.question.text == "New?" and room.question.choices == ("new", "newer")
    store.rooms().end(room.code)


def test_a_second_question_has_bounds_too(room):
    made, secret = room
    app = teacher_of(made, secret)
    asked = Question("And?", ("a", "b"))
    polls.ask(session_of(app), lambda: polls.Asking(asked, "x" * (LONGEST_LINK + 1), False))
    assert "too large" in session_of(app).poll.problem
    assert store.rooms().get(made.code).round == made.round


def test_nothing_on_the_page_gives_the_hidden_future_away(room):
    made, _ = room
    for page in (None, "memory.py", "compare.py"):
        app = visit(page, first=True, room=made.code, round="1", hide="future", step="12",
                    inspect="over time", selected="0.0.3", cell="GRU", trained="-")  # fmt: skip
        assert player(app)["limit"] == 12
        assert not app.get("plotly_chart") and "Export" not in str(app.get("popover"))
        assert "within" not in said(app), page


def test_who_says_a_wrong_secret_is_no_teacher(room):
    made, secret = room
    told = {}
    for word in ("x" * 32, secret):
        news = {"poll": {"news": {"code": made.code, "secret": word}}}
        told[word] = secret in str(poll_of(visit(session=news, first=True, room=made.code)))
    assert told == {"x" * 32: False, secret: True}


def test_the_future_opens_once_the_class_has_predicted():
    app = visit(hide="future", step="20")
    assert player(app)["limit"] == 20 and app.query_params["shown_until"] == "20"
    assert not any("torch" in line.value for line in app.main.markdown)
    app = press(app, "I have predicted")
    assert player(app)["limit"] is None


def test_nothing_is_hidden_behind_the_last_step():
    assert player(visit(hide="future"))["limit"] is None


@pytest.mark.parametrize(
    "page, link, opens",
    [
        ("learn.py", {"lesson": "6"}, "lesson 6, “Forgetting”"),
        ("learn.py", {"lesson": "6", "language": "de"}, "lesson 6, “Vergessen”"),
        ("learn.py", {"lesson": "10"}, "the summary of the course"),
        ("uses.py", {"use": "pitch"}, "“Audio: how the pitch moves” on Uses"),
        (None, {"cell": "GRU"}, "nn.GRU(1, 16, num_layers=2) as it is on screen now"),
    ],
)
def test_a_class_link_says_what_it_opens(page, link, opens):
    app = visit(page, {"_class_link": True}, first=True, **link)
    captions = " ".join(one.value for one in app.caption)
    assert f"gets a copy of {opens}," in captions
    of_a_network = ("restores network", "nn.", "recipe")
    assert page is None or not any(word in captions for word in of_a_network)


# ---- questions -----------------------------------------------------------------------------------


class FakeSetup:
    def __init__(self, **settings):
        self.settings = schema.Settings().having(**settings)
        self.quantity, self.trained = self.settings.quantity, None


@pytest.mark.parametrize("selected", ["", "0.0.3", "1.0.7"])
@pytest.mark.parametrize("step", [1, 20, 59])
def test_up_or_down_is_what_the_trace_says(selected, step):
    read = curve()
    asked = COMPUTED["direction"][1](FakeSetup(step=step, selected=selected), read)
    layer, unit = (int(selected[0]), int(selected[-1])) if selected else (1, 0)
    now, then = read.h[layer, 0, step - 1, unit], read.h[layer, 0, step, unit]
    assert asked.choices[asked.truth] == ("Up" if then > now else "Down")
    assert f"unit {unit} in layer {layer + 1}" in asked.text


@pytest.mark.parametrize("opened, marked", [("", "1.0.0"), ("0.0.3", "0.0.3"), ("1.1.2", "1.0.0")])
def test_a_class_finds_the_unit_marked_that_it_is_asked_about(opened, marked):
    both = {"bidirectional": "1", "selected": opened} if opened else {}
    app = visit(session=OPEN_POLL, first=True, step="20", trained="-", **both)
    asked = session_of(press(app, "Ask")).poll.room
    layer, _, unit = map(int, marked.split("."))
    assert f"unit {unit} in layer {layer + 1}" in asked.question.text
    assert session_of(visit(first=True, room=asked.code)).settings.selected == marked
    store.rooms().end(asked.code)


@pytest.mark.parametrize("step, why", [(None, "the last"), (60, "the last"), (0, "the first")])
def test_there_is_no_next_step_at_the_ends(step, why):
    with pytest.raises(SeqvizError, match=why):
        COMPUTED["direction"][1](FakeSetup(step=step), curve())


@pytest.mark.parametrize("step, kind", [({}, "forgotten"), ({"step": "20"}, "direction")])
def test_the_first_question_offered_can_be_asked(step, kind):
    app = visit(session=OPEN_POLL, first=True, trained="-", **step)
    assert control(app, "poll kind").value == kind and "Ask" in labels(app)
    app = choose(app, "poll kind", "direction")
    assert ("Ask" in labels(app)) == bool(step)
    captions = " ".join(one.value for one in app.caption)
    assert ("No step follows the last one" in captions) == (not step)


def test_classes_are_asked_about_where_there_are_some(schedule):
    offered = {}
    for task in ("adding", "recall"):
        app = trained(task)
        app.session_state["_class_poll_0"] = True
        offered[task] = control(sound(app.run()), "poll kind").options
    assert [COMPUTED["class"][0] in names for names in offered.values()] == [False, True]


def test_what_is_not_forgotten_within_the_sequence_is_not_asked():
    levels = drawing_payload.unpack_levels(schema.Settings().curve)
    rnn = build(RNNSpec("LSTM", 1, 16, forget_bias=5.0))
    for steps, later in ((2, "1 step"), (40, "39 steps")):
        with pytest.raises(SeqvizError, match=f"at the end, {later} later"):
            COMPUTED["forgotten"][1](FakeSetup(), trace(rnn, drawing.curve(levels, steps)))
    asked = COMPUTED["forgotten"][1](FakeSetup(), trace(rnn, drawing.curve(levels, 120)))
    assert asked.choices[asked.truth] == "more than 50"


def test_how_long_it_remembers_is_measured():
    asked = COMPUTED["forgotten"][1](FakeSetup(), curve())
    low, _, high = asked.choices[asked.truth].partition(" to ")
    within = re.search(r"99 % within (\d+) steps", asked.found)
    assert within and int(low) <= int(within[1]) <= int(high)


def test_without_a_trained_classifier_no_class_can_be_asked_for():
    with pytest.raises(Exception, match="Train a network"):
        COMPUTED["class"][1](FakeSetup(), curve())
