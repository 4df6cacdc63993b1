"""The classroom's parts without a browser: questions, links by code, and what is hidden."""

import re

import pytest
from visits import errors, player, press, sound, visit

from pages.panels.shared.classroom.questions import COMPUTED
from pages.state import schema
from pages.state.classroom.rooms import store
from pages.state.classroom.rooms.room import LASTS, Question, new_room
from seqviz import RNNSpec, build, trace
from seqviz.data import drawing, drawing_payload


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
    reloaded = visit(room=made.code)  # with all that an address says of what is on screen
    assert reloaded.session_state["visit"].session.page == ""


def test_who_says_a_wrong_secret_is_no_teacher(room):
    made, secret = room
    told = {}
    for said in ("x" * 32, secret):
        news = {"poll": {"news": {"code": made.code, "secret": said}}}
        told[said] = secret in str(poll_of(visit(session=news, first=True, room=made.code)))
    assert told == {"x" * 32: False, secret: True}


def test_the_future_opens_once_the_class_has_predicted():
    app = visit(hide="future", step="20")
    assert player(app)["limit"] == 20 and app.query_params["shown_until"] == "20"
    assert not any("torch" in line.value for line in app.main.markdown)
    app = press(app, "I have predicted")
    assert player(app)["limit"] is None


def test_nothing_is_hidden_behind_the_last_step():
    assert player(visit(hide="future"))["limit"] is None


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


@pytest.mark.parametrize("step", [None, 0, 60])
def test_there_is_no_next_step_at_the_ends(step):
    with pytest.raises(Exception, match="Go to a step"):
        COMPUTED["direction"][1](FakeSetup(step=step), curve())


def test_how_long_it_remembers_is_measured():
    asked = COMPUTED["forgotten"][1](FakeSetup(), curve())
    low, _, high = asked.choices[asked.truth].partition(" to ")
    within = re.search(r"99 % within (\d+) steps", asked.found)
    assert within and int(low) <= int(within[1]) <= int(high)


def test_without_a_trained_classifier_no_class_can_be_asked_for():
    with pytest.raises(Exception, match="Train a network"):
        COMPUTED["class"][1](FakeSetup(), curve())
