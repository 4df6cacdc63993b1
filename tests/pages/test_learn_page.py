"""Learn without a browser: each lesson answered right and wrong, kept, sent and taken up again."""

import threading

import numpy as np
import pytest
import visits
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
)

from pages.panels.learn import handout
from pages.panels.learn import said as said_of
from pages.state.classroom import course
from pages.state.training import lesson_training, training_run
from pages.words.texts import texts
from seqviz.errors import SeqvizError
from seqviz.lessons import learning
from seqviz.lessons.course import LESSONS, find
from seqviz.lessons.lesson import fits
from seqviz.training.scheduling.schedule import Schedule

RIGHT = {1: "c", 2: "0.69", 3: "b", 4: "2", 5: "4", 6: "s9981503018090502", 7: "b", 9: "b"}
WRONG = {1: "a", 2: "0.84", 3: "d", 4: "60", 5: "0", 6: "s9999999999", 7: "a", 9: "a"}
ALL = "_".join(f"{number}r{value}" for number, value in RIGHT.items())
WORDS = texts("en")


@pytest.fixture(autouse=True)
def short_trainings(monkeypatch, schedule):
    monkeypatch.setattr(learning, "ITERATIONS", 20)


def visit(session=(), **parameters):
    return visits.visit("learn.py", session, **parameters)


def is_right(app):
    (badge,) = [m.value for m in app.main.markdown if "-badge[" in m.value]
    return WORDS("page.right") in badge and WORDS("page.not_right") not in badge


def predict(app, number, value):
    """Set the lesson's own control and commit; a sketch by its number, a cell by its link."""
    lesson = LESSONS[number - 1]
    if lesson.kind == "choice":
        app = choose(app, f"_choice_{number}", value)
    elif lesson.kind == "number":
        app = choose(app, f"_number_{number}", float(value))
    elif lesson.kind == "sketch":
        app = choose(app, f"_half_{number}", 2 if value == RIGHT[number] else 15)
    return press(app, "Commit prediction")


def numbers_in(number):
    return said_of.numbers_in(WORDS, LESSONS[number - 1], find(number))


def drawn(number):
    """What the first heatmap shows, (T, H): states, or what the impulse changes in them."""
    found = find(number)
    name, run = next(iter(found.runs.items()))
    return (run.h - found.without[name].h if found.without else run.h)[0, 0]


@pytest.mark.parametrize("answers", [RIGHT, WRONG], ids=["right", "wrong"])
@pytest.mark.parametrize("number", RIGHT)
def test_a_lesson_is_answered(number, answers):
    link = {"lesson": str(number)}
    if LESSONS[number - 1].kind == "cell":  # clicked: the player's report, as a link has it
        link |= {"selected": "0.0.2", "step": answers[number]}
    app = visit(**link)
    (commit,) = [button for button in app.button if button.label == "Commit prediction"]
    assert commit.disabled == (LESSONS[number - 1].kind != "cell")
    before = heatmaps(app)
    app = predict(app, number, answers[number])
    assert WORDS("page.your_prediction") in said(app) and "Reveal" in labels(app)
    assert WORDS("page.why") not in said(app)
    assert [h["values"].size for h in heatmaps(app)] == [h["values"].size for h in before]
    app = press(app, "Reveal")
    assert not errors(app) and is_right(app) == (answers is RIGHT)
    meanings = [WORDS(f"lessons.{LESSONS[number - 1].key}.meant.{key}", **find(number).numbers)
                for key in WORDS.keys(f"lessons.{LESSONS[number - 1].key}.meant")]  # fmt: skip
    yours = WORDS("page.yours")
    if number == 5:
        column = {"0": "the column h₀", "4": "the column of step 4"}[answers[number]]
        yours = f"{yours}, {column}"
    named = f"**{yours}:** "  # whose "that" is the prediction
    assert sum(named + meaning in said(app) for meaning in meanings) == 1
    assert np.array_equal(heatmaps(app)[0]["values"], drawn(number).ravel())
    assert {"Open in Explore", "Next lesson"} <= labels(app)
    setup = WORDS(f"lessons.{LESSONS[number - 1].key}.setup", **numbers_in(number))
    assert setup in said(app)  # what was asked stays in view


@pytest.mark.parametrize("number, rows", [(6, 1), (7, 4)])
def test_an_impulse_is_drawn_without_what_the_network_does_anyway(number, rows):
    shown = heatmaps(visit(lesson=str(number), answers=f"{number}r{RIGHT[number]}"))
    assert len(shown) == rows
    for row in shown:
        assert row["quantity"] == "Δh" and not row["note"]
        assert row["end"] == pytest.approx(np.abs(row["values"]).max())
    tanh = shown[0]["values"].reshape(shown[0]["T"], -1)
    assert np.abs(tanh[-1]).max() < 1e-3 * np.abs(tanh[0]).max()  # the states themselves stay


def test_no_column_is_marked_before_one_is_predicted():
    app = visit(lesson="5")
    assert player(app)["step"] == 0 and "Click a cell" in said(app)
    app = sound(visit(lesson="4").run())
    app = press(app, "Next lesson")
    assert player(app)["step"] == 0
    assert player(visit(lesson="5", answers="5r4"))["step"] is None


def trained(app):
    """The page of lesson 8 once both networks have learned."""
    ended = threading.Event()
    pair = lesson_training.pair(session_of(app))

    def look(_):
        if not pair.goes_on:
            ended.set()

    for follower in pair.followers.values():
        follower.on_change = look
    look(None)
    assert ended.wait(60)
    return sound(app.run())


def test_what_counts_is_the_prediction_when_the_press_is_done():
    app = choose(visit(lesson="2"), "_number_2", 0.5)
    (commit,) = [button for button in app.button if button.label == "Commit prediction"]
    session_of(app).set(_number_2=0.46)  # entered, and not drawn yet
    app = sound(commit.click().run())
    assert course.answers(session_of(app))[2].value == "0.46"


def test_a_training_that_failed_judges_nothing_and_is_tried_again(monkeypatch, schedule):
    def none_today():
        raise SeqvizError("No worker could be started.")

    broken = Schedule(none_today)
    with monkeypatch.context() as patch:
        patch.setattr(training_run, "default_schedule", lambda: broken)
        app = press(predict(visit(lesson="8"), 8, "d"), "Reveal")
        app = trained(app)
    broken.close()
    assert errors(app) == ["No worker could be started."]
    assert course.judgement(session_of(app), 8) is None
    app = press(app, "Predict again")
    app = trained(press(predict(app, 8, "d"), "Reveal"))
    assert not errors(app) and is_right(app)


@pytest.mark.parametrize("value", ["d", "b"])  # 20 iterations teach neither
def test_lesson_8_trains_two_networks_and_compares_them(value):
    app = predict(visit(lesson="8"), 8, value)
    assert player(app)["training"]["iteration"] == 0
    app = trained(press(app, "Reveal"))
    assert is_right(app) == (value == "d")
    assert [one["named"] for one in player(app)["training"]["baselines"] if "named" in one] == [
        "tanh"
    ]
    shown = player(app)["training"]["name"]
    app = choose(app, "lesson network", "tanh")
    assert player(app)["training"]["name"] != shown and not errors(app)
    found = course.found(session_of(app), 8)
    assert "20 iterations" in said(app) and found.numbers["tanh_loss"] in said(app)
    assert "the mean of the last 20" in said(app)  # and the panel's is another number
    assert player(app)["training"]["loss_name"] == "newest loss"
    assert WORDS("lessons.learning.setup", **find(8).numbers) in said(app)


def test_a_prediction_cannot_be_changed_but_taken_back():
    app = predict(visit(lesson="1"), 1, "a")
    session = session_of(app)
    course.commit(session, 1, "c")
    assert course.answers(session)[1].value == "a"
    app = press(press(app, "Reveal"), "Predict again")
    assert not course.answers(session) and "Commit prediction" in labels(app)
    assert control(app, "_choice_1").value is None


def test_a_double_click_on_next_lesson_leads_to_the_next_one(monkeypatch):
    app = press(press(visit(), "Next lesson"), "Next lesson")
    assert session_of(app).settings.lesson == 2
    monkeypatch.setattr(course, "DOUBLE_CLICK", 0.0)
    assert session_of(press(app, "Next lesson")).settings.lesson == 3


def test_next_lesson_leads_through_the_course_to_the_summary(monkeypatch):
    monkeypatch.setattr(course, "DOUBLE_CLICK", 0.0)
    app = visit()
    for number in range(1, 10):
        assert WORDS(f"lessons.{LESSONS[number - 1].key}.question") in app.main.subheader[0].value
        app = press(app, "Next lesson")
    assert app.main.subheader[0].value == WORDS("page.summary_title")
    assert "not revealed any" in app.info[0].value


@pytest.mark.parametrize("number", RIGHT)
def test_open_in_explore_runs_what_was_on_screen(number):
    app = visits.visit(
        "learn.py", first=True, lesson=str(number), answers=f"{number}r{RIGHT[number]}"
    )
    wanted = next(iter(find(number).runs.values())).h[0, 0].ravel()
    app = press(app, "Open in Explore")
    app = sound(app.switch_page("explore.py").run())
    assert not errors(app)
    assert np.allclose(heatmaps(app)[0]["values"], wanted, atol=1e-5)


def test_the_snippet_follows_the_controls_and_so_does_the_player():
    app = visit(lesson="3", answers="3rb")
    code, printed = (one.value for one in app.main.code)
    assert "nn.RNN(10, 20, 1)" in code and printed == "output (5, 1, 20)\nhidden (1, 1, 20)"
    app = choose(choose(app, "learn_layers", 2), "learn_both", True)
    code, printed = (one.value for one in app.main.code)
    assert "bidirectional=True" in code and printed == "output (5, 1, 40)\nhidden (4, 1, 20)"
    assert len(heatmaps(app)) == 4 and is_right(app)  # what was predicted was about the first
    app = press(app, WORDS("page.own_numbers"))
    assert len(heatmaps(app)) == 1


def test_the_summary_is_computed_from_a_link():
    app = visit(lesson="10", answers=ALL)
    table = said(app)
    for number, value in RIGHT.items():
        assert WORDS(f"lessons.{LESSONS[number - 1].key}.name") in table, value
    assert table.count(WORDS("page.right")) == len(RIGHT)
    assert table.count(WORDS("page.not_right")) == 0
    assert session_of(app).settings.answers == ALL
    assert app.query_params["answers"] in (ALL, [ALL])
    assert course.to_keep(session_of(app)) is None  # somebody else's


def test_the_summary_of_a_link_trains_lesson_8_again():
    app = visit(lesson="10", answers="8rd")
    assert WORDS("page.right") in said(app)
    assert course.found(session_of(app), 8).numbers["lstm_loss"] in said(app)


def test_what_a_link_brings_and_nobody_has_trained_is_neither_right_nor_wrong():
    (progress,) = visit(lesson="9", answers=f"{ALL}_8rd").sidebar.get("progress")
    assert progress.proto.text == "9 of 9 · right: 8 · not trained yet: 1"
    (progress,) = visit(lesson="10", answers=f"{ALL}_8rd").sidebar.get("progress")
    assert progress.proto.text == "9 of 9 · right: 9"  # the summary trains it


def test_all_of_it_is_there_in_german():
    german = texts("de")
    app = visit(lesson="4", answers="4r60", language="de")
    assert german("lessons.starting_memory.meant.all") in said(app)
    assert {german("page.next"), german("page.explore")} <= labels(app)
    app = press(app, german("page.next"))
    assert german("lessons.sample_network.question") in app.main.subheader[0].value


# ---- what the browser keeps, and what links bring ------------------------------------------------


def test_progress_comes_back_from_the_browser():
    app = visit()
    kept = {"answers": {"1": "1rc", "2": "2c0.5"}, "lesson": 2, "language": "de"}
    course.restore(session_of(app), kept)
    settings = session_of(app).settings
    assert (settings.answers, settings.lesson, settings.language) == ("1rc_2c0.5", 2, "de")
    assert course.to_keep(session_of(app)) == kept


@pytest.mark.parametrize(
    "kept, answers",
    [
        ({"answers": "1rc_zz", "lesson": 99, "language": "tlh"}, "1rc"),
        ({"answers": "1rc_2c0.5"}, "1rc_2c0.5"),  # as it was kept once
        ({"answers": {"1": "1rc", "2": 7, "x": "2c0.5_3ca"}}, "1rc_2c0.5_3ca"),
        ({"answers": 5}, ""),
        ({"answers": None, "lesson": "x"}, ""),
        ({"progress": [1, 2]}, ""),
        ({"answers": "<script>"}, ""),
        ({}, ""),
    ],
)
def test_broken_progress_is_read_as_far_as_it_goes(kept, answers):
    session = session_of(visit())
    course.restore(session, kept)
    assert session.settings.answers == answers
    assert session.settings.lesson == 1 and session.settings.language == "en"


def test_a_link_is_stronger_than_the_browser():
    app = visit(lesson="3", answers="1rc")
    course.restore(session_of(app), {"answers": "2c0.5", "lesson": 5})
    assert session_of(app).settings.answers == "1rc" and session_of(app).settings.lesson == 3


def test_a_link_to_lesson_1_leads_there():
    app = visit(lesson="1")
    course.restore(session_of(app), {"answers": "1rc_2c0.5", "lesson": 5})
    assert session_of(app).settings.lesson == 1
    assert session_of(app).settings.answers == "1rc_2c0.5"


def test_lesson_8_is_not_at_an_iteration_it_never_reaches():
    app = visit(lesson="8", answers="8cb", checkpoint="752")
    assert player(press(app, "Reveal"))["training"]["checkpoint"] is None


def test_a_class_that_is_asked_lesson_1_stays_there():
    app = visit(hide="classroom")
    course.restore(session_of(app), {"answers": "1rc_2c0.5", "lesson": 5})
    assert session_of(app).settings.lesson == 1
    assert session_of(app).settings.answers == "1rc_2c0.5"


def test_somebody_elses_answers_do_not_become_ones_own():
    app = visit(lesson="3", answers="1ra_2r0.9_3ra")
    session = session_of(app)
    course.restore(session, {"answers": "1rc_4r60_7ra", "lesson": 5})
    course.forget(session, 3)
    course.commit(session, 3, "b")
    assert session.settings.answers == "1ra_2r0.9_3cb"
    own = {"1": "1rc", "3": "3cb", "4": "4r60"}
    assert course.to_keep(session)["answers"] == own | {"7": "7ra"}
    course.forget(session, 7)
    assert course.to_keep(session)["answers"] == own
    course.begin_again(session)
    assert course.to_keep(session)["answers"] == {}


@pytest.mark.parametrize(
    "answers", ["nonsense", "1rz", "1r0.5_2rb_5rs9900", "9rs9900", "6rb", "6rs", "6cs"]
)
@pytest.mark.parametrize("lesson", ["1", "10"])
def test_answers_that_no_control_gives_are_left_out(answers, lesson):
    app = visit(lesson=lesson, answers=answers)
    assert not errors(app)
    given = course.answers(session_of(app))
    assert all(fits(LESSONS[n - 1], one.value) for n, one in given.items())


def test_controls_out_of_their_bounds_are_refused():
    app = visit(lesson="3", answers="3rb", learn_hidden="4000", learn_steps="-1")
    assert app.warning and heatmaps(app)[0]["H"] == 20


# ---- handout -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", RIGHT)
def test_a_handout_gives_nothing_away_before_reveal(number):
    lesson = LESSONS[number - 1]
    happened = WORDS(f"lessons.{lesson.key}.why", **find(number).numbers)[:40]
    for answers, there in (("", False), (f"{number}c{RIGHT[number]}", False),
                           (f"{number}r{RIGHT[number]}", True)):  # fmt: skip
        app = visit(lesson=str(number), answers=answers or "8cb")
        sheet = handout._sheet(session_of(app), number)
        assert any(happened in text for _, text in sheet.sections) == there
        assert bool(sheet.code) == there


def test_the_frame_before_reveal_holds_no_more_than_is_shown():
    app = visit(lesson="9")
    kinds = [(track["type"], track["T"]) for track in player(app)["tracks"]]
    assert kinds == [("input", 37), ("heat", 0)]
