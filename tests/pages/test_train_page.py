"""Train without a browser: what is trained is what the settings say, and is on stage everywhere."""

import gc
import queue
import threading
import time
import weakref
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import visits
from manual_workers import ManualWorkers, Opener, Watcher
from player_bytes import decode
from visits import choose, control, errors, player, press, session_of, sound

import seqviz
from pages.panels.shared.messages import plain
from pages.panels.shared.player import player as player_stage
from pages.panels.train.learned_from import STORY
from pages.state.session import Session
from pages.state.training import recipes, taught, training_run
from pages.state.training.held import Training
from pages.state.turns import Turns
from seqviz.data import drawing_payload
from seqviz.data.drawing import parse_strokes
from seqviz.errors import SeqvizError
from seqviz.labels import number
from seqviz.training import data_payload
from seqviz.training.datasets import Characters, Examples
from seqviz.training.recipe import Recipe
from seqviz.training.scheduling.schedule import Schedule
from seqviz.training.tasks import TASKS

SMALL = {"iterations": "30", "train_steps": "10", "hidden_size": "5", "task": "adding",
         "cell": "LSTM", "num_layers": "1", "batch_size": "8"}  # fmt: skip


pytestmark = pytest.mark.usefixtures("schedule")


def visit(page="train.py", session=(), **parameters):
    return visits.visit(page, session, **parameters)


def finished(app):
    """The page once its training has ended."""
    follower, ended = session_of(app).training.follower, threading.Event()
    before = follower.on_change

    def changed(one):
        if before is not None:
            before(one)
        if one.state in ("done", "diverged", "failed", "stopped"):
            ended.set()

    follower.on_change = changed
    changed(follower)
    assert ended.wait(60)
    return sound(app.run())


def trained(app):
    return finished(press(app, "Train"))


def buttons(app):
    return {button.label for button in app.button}


def recipe_of(app):
    return session_of(app).training.follower.run.recipe


def heat(app):
    (track, *_) = [t for t in player(app)["tracks"] if t["type"] == "heat"]
    return track["values"].reshape(track["T"], track["H"])


def prediction(app):
    (track,) = [t for t in player(app)["tracks"] if t["type"] == "prediction"]
    return track["values"].reshape(track["T"], track["K"])


# ---- a first visit -------------------------------------------------------------------------------


def test_a_first_visit_has_a_task_and_the_network_that_learns_it():
    app = visit(first=True)
    assert control(app, "task").value == "adding" and control(app, "cell").value == "LSTM"
    assert "Train" in buttons(app) and not errors(app)
    assert recipes.recipe(session_of(app)) == Recipe.default("adding")


def test_a_network_of_ones_own_stays():
    app = visit(cell="GRU", hidden_size="7")
    assert control(app, "cell").value == "GRU" and control(app, "hidden_size").value == 7
    assert recipes.recipe(session_of(app)).spec.mode == "GRU"


@pytest.mark.parametrize("key", [key for key in TASKS if key != "classify"])
def test_every_task_can_be_trained_at_once(key):
    before = "parity" if key == "adding" else "adding"
    app = choose(visit(**SMALL | {"task": before}), "task", key)
    assert not errors(app)
    data = {"next_character": Characters(STORY)}.get(key)
    recipe = recipes.recipe(session_of(app))
    if key != "next_value":  # learns from what is on screen
        assert recipe == Recipe.default(key, data)
    else:
        assert np.array_equal(recipe.data.x, visits.x_of(visits.visit()))
    (train,) = [button for button in app.button if button.label == "Train"]
    assert not train.disabled


# ---- training ------------------------------------------------------------------------------------


def test_what_is_trained_ends_where_seqviz_train_ends():
    app = trained(visit(**SMALL))
    recipe = recipe_of(app)
    alone = seqviz.train(recipe, progress=False)
    run = session_of(app).training.follower.run
    assert all(np.array_equal(alone.weights[name], run.weights[name]) for name in alone.weights)
    sequence = training_run.shown_example(session_of(app), recipe).sequence
    wanted = seqviz.trace(alone.model, sequence)
    assert np.array_equal(heat(app), wanted.h[0, 0])
    assert np.array_equal(prediction(app), wanted.prediction)


def test_the_panel_says_loss_baseline_and_state():
    app = trained(visit(**SMALL))
    told = player(app)["training"]
    assert told["state"] == "done" and told["iteration"] == told["iterations"] == 30
    assert told["loss"][-1][0] == 30
    assert told["baselines"][0]["loss"] == pytest.approx(1 / 6)
    assert told["checkpoints"][0] == 0 and told["checkpoints"][-1] == 30
    said = " ".join(m.value for m in app.markdown)
    assert (
        "After 30 iterations, on sequences it has not seen" in said
        and "0.1667 for always answering 1" in said
    )


def test_buttons_follow_the_state():
    app = visit(**SMALL)
    assert "Train" in buttons(app) and "Pause" not in buttons(app)
    app = trained(app)
    assert "Train longer" in buttons(app) and "Train" not in buttons(app)


@pytest.fixture
def at_a_standstill(monkeypatch):
    """Trainings begin, and then wait for workers who do nothing."""
    waiting = Schedule(lambda: ManualWorkers(1, queue.Queue()))
    monkeypatch.setattr(training_run, "default_schedule", lambda: waiting)
    yield
    waiting.close()


def test_what_continues_and_what_goes_further_is_told_apart(at_a_standstill):
    app = press(press(visit(**SMALL), "Train"), "Stop")
    told = {button.label: button.help for button in app.button}
    assert "from iteration 0 to 30" in told["Continue"]
    assert "30 iterations more" in told["Train longer"]


def learned_from(app):
    (said,) = [m.value for m in app.markdown if m.value.startswith(":small[Learns from")]
    return said


def test_beside_train_stands_what_is_learned_from_and_nothing_moves_when_it_begins():
    app = choose(visit(**SMALL), "task", "next_character")
    before = learned_from(app)
    assert f"a short story, {len(STORY):,} characters" in before and "about " in before
    own = data_payload.pack(Characters("banana bread, " * 10))
    app = visit(**SMALL | {"task": "next_character", "learned_from": own})
    before = learned_from(app)
    assert "your text, 140 characters" in before
    assert learned_from(trained(app)) == before
    app = choose(visit(**SMALL), "task", "next_value")
    assert "60 steps" in learned_from(app)
    assert "random sequences" in learned_from(visit(**SMALL))


def test_train_longer_goes_on_as_if_it_had_been_one_run():
    app = finished(press(trained(visit(**SMALL)), "Train longer"))
    run = session_of(app).training.follower.run
    assert run.iteration == 60
    whole = seqviz.train(replace(run.recipe, iterations=60), progress=False)
    assert all(np.array_equal(whole.weights[name], run.weights[name]) for name in whole.weights)
    assert np.array_equal(whole.loss, run.loss)


def test_a_network_trained_on_the_end_of_a_sequence_is_scored_on_what_it_has_not_learned():
    app = trained(choose(visit(), "task", "next_value"))
    app = sound(app.switch_page("explore.py").run())
    (line,) = [m.value for m in app.main.markdown if "Each row" in m.value]
    top = player(app)["tracks"][0]
    cut = int(0.7 * top["T"])
    by = np.abs(top["predicted"][cut - 1 : -1] - top["x"][cut:]).mean()
    repeating = np.abs(top["x"][cut - 1 : -1] - top["x"][cut:]).mean()
    assert f"misses by {number(by, 2)} on average after the {cut} steps it has learned" in line
    assert f"repeating the last value by {number(repeating, 2)}" in line


def test_the_way_back_brings_the_whole_network_also_to_another_task():
    app = trained(visit(**SMALL | {"hidden_size": "7"}))
    before = heat(app).copy()
    app = choose(app, "task", "parity")
    assert control(app, "hidden_size").value != 7
    app = press(app, "Back to the trained network")
    assert control(app, "task").value == "adding" and control(app, "hidden_size").value == 7
    assert np.array_equal(heat(app), before)


def test_a_run_that_nobody_follows_any_more_is_not_kept():
    app = trained(visit(**SMALL))
    gone = weakref.ref(session_of(app).training.follower)
    app = trained(choose(app, "data_seed", 7))
    gc.collect()
    assert gone() is None


@pytest.fixture
def no_workers(monkeypatch):
    def none_today():
        raise SeqvizError("No worker could be started.")

    broken = Schedule(none_today)
    monkeypatch.setattr(training_run, "default_schedule", lambda: broken)
    yield
    broken.close()


def test_what_failed_is_said_on_every_page_and_can_go_on(no_workers, schedule, monkeypatch):
    app = finished(press(visit(**SMALL), "Train"))
    assert "Continue" in buttons(app)  # the player says why
    app = sound(app.switch_page("explore.py").run())
    assert "No worker could be started." in errors(app)
    monkeypatch.setattr(training_run, "default_schedule", lambda: schedule)
    app = sound(app.switch_page("train.py").run())
    app = finished(press(app, "Continue"))
    assert session_of(app).training.follower.state == "done" and not errors(app)
    app = sound(app.switch_page("explore.py").run())
    assert not errors(app)


def test_who_has_never_had_a_player_does_not_watch(schedule):
    held = Training()
    assert not held.is_watched()
    held.waited_at = time.monotonic()
    assert held.is_watched()
    app = visits.visit(**SMALL)
    assert session_of(app).training.listened == player_stage.channel_of(session_of(app)).is_watched


def test_another_network_is_untrained_and_the_way_back_is_one_press():
    app = trained(visit(**SMALL))
    before = heat(app).copy()
    app = choose(app, "seed", 9)
    assert "Train" in buttons(app) and not np.array_equal(heat(app), before)
    app = press(app, "Back to the trained network")
    assert np.array_equal(heat(app), before)
    assert control(app, "seed").value == 3


def test_the_untrained_checkpoint_is_not_called_trained():
    app = trained(visit(**SMALL))
    for checkpoint, said in (
        ({}, "is trained (Adding problem, 30 iterations)."),
        ({"checkpoint": "0"}, "is untrained (Adding problem, before the first iteration)."),
    ):
        again = finished(visit("train.py", **link_of(app) | checkpoint))
        again = sound(again.switch_page("explore.py").run())
        assert any(f"This network {said}" in one.value for one in again.markdown)


def test_a_checkpoint_of_the_link_is_on_stage():
    app = trained(visit(**SMALL))
    run = session_of(app).training.follower.run
    again = finished(visit(**link_of(app) | {"checkpoint": "0"}))
    model = next(c.model for c in run.checkpoints if c.iteration == 0)
    sequence = training_run.shown_example(session_of(app), run.recipe).sequence
    assert np.array_equal(heat(again), seqviz.trace(model, sequence).h[0, 0])


def test_divergence_is_said_and_the_last_good_weights_stay():
    app = trained(visit(**SMALL | {"lr": "10.0", "clip": "0.0", "optimizer": "SGD",
                                   "cell": "RNN_RELU", "iterations": "200"}))  # fmt: skip
    told = player(app)["training"]
    assert told["state"] == "diverged" and "lower the learning rate" in told["note"]
    assert np.isfinite(heat(app)).all()
    run = session_of(app).training.follower.run
    assert told["iteration"] == run.iteration == len(run.loss) == told["checkpoints"][-1]
    (same,) = [one for one in app.button if one.label == "Train"]
    assert same.disabled  # the same again would end in the same way
    (other,) = [one for one in choose(app, "lr", 0.01).button if one.label == "Train"]
    assert not other.disabled


# ---- the trained network on the other pages ------------------------------------------------------


@pytest.mark.parametrize("page", ["explore.py", "memory.py"])
def test_it_is_the_network_of_the_other_pages(page):
    app = trained(visit(**SMALL))
    on_train, answered = heat(app).copy(), prediction(app).copy()
    app = sound(app.switch_page(page).run())
    # the drawn curve has one feature, and the network reads two: an example of its task instead
    assert np.array_equal(heat(app), on_train) and np.array_equal(prediction(app), answered)
    assert any("trained on “Adding problem”" in info.value for info in app.info)


@pytest.mark.parametrize("page", ["explore.py", "compare.py", "memory.py"])
def test_the_other_pages_say_that_it_still_learns(page, at_a_standstill):
    app = sound(press(visit(**SMALL), "Train").switch_page(page).run())
    assert [i for i in app.info if "the network of iteration 0 of 30" in i.value]
    app = press(sound(app.switch_page("train.py").run()), "Pause")
    app = sound(app.switch_page(page).run())
    assert not [i for i in app.info if "still goes on" in i.value]


def test_a_sequence_it_can_read_is_read():
    app = trained(visit(**SMALL | {"task": "sine"}))
    run = session_of(app).training.follower.run
    app = sound(app.switch_page("explore.py").run())
    read = seqviz.trace(run.model, visits.x_of(app))
    assert np.array_equal(heat(app), read.h[0, 0]) and not app.info
    top = player(app)["tracks"][0]
    assert np.array_equal(top["predicted"], read.prediction.ravel())


def test_a_link_trains_again_and_gets_the_same():
    app = trained(visit(**SMALL | {"task": "sine"}))
    app = sound(app.switch_page("explore.py").run())
    link = {name: v[0] if isinstance(v, list) else v for name, v in app.query_params.items()}
    session_of(app)  # the first visitor is still here: the run is shared, and found done
    again = visit("explore.py", **link)
    assert np.array_equal(heat(again), heat(app))


def test_nobody_has_to_wait_for_who_waits_for_the_training_of_a_link(schedule, monkeypatch):
    link = link_of(trained(visit(**SMALL)))
    workers, turns, had_a_turn = Opener(), Turns(60.0), threading.Event()
    by_hand = Schedule(workers)
    monkeypatch.setattr(training_run, "default_schedule", lambda: by_hand)
    monkeypatch.setattr(training_run, "TURNS", turns)
    monkeypatch.setattr("pages.state.turns.TURNS", turns)

    def somebody():
        with turns.take():
            had_a_turn.set()

    def compute():
        while (job := workers.jobs.get()) is not None:
            job.compute()

    def look_later(_):
        if not had_a_turn.is_set():
            threading.Thread(target=somebody).start()
            assert had_a_turn.wait(20)
            threading.Thread(target=compute).start()
        time.sleep(0.001)

    monkeypatch.setattr(
        training_run, "time", SimpleNamespace(sleep=look_later, monotonic=time.monotonic)
    )
    again = visit("explore.py", **link)
    assert had_a_turn.is_set() and session_of(again).training.follower.state == "done"
    by_hand.close()
    workers.jobs.put(None)


def test_compare_sets_untrained_beside_trained():
    app = trained(visit(**SMALL))
    run = session_of(app).training.follower.run
    sequence = training_run.shown_example(session_of(app), run.recipe).sequence
    app = choose(sound(app.switch_page("compare.py").run()), "compare", "training")
    heats = [t for t in player(app)["tracks"] if t["type"] == "heat"]
    assert [t["title"] for t in heats] == ["A untrained", "B iteration 30", "A − B"]
    first, last = (seqviz.trace(run.checkpoints[k].model, sequence) for k in (0, -1))
    assert np.array_equal(heats[0]["values"], first.h[0, 0].ravel())
    assert np.array_equal(heats[1]["values"], last.h[0, 0].ravel())
    answers = [t for t in player(app)["tracks"] if t["type"] == "prediction"]
    assert np.array_equal(answers[1]["values"], last.prediction.ravel())
    assert answers[0]["range"] == answers[1]["range"]  # and so it is seen to have grown
    assert answers[0]["range"][0] <= min(float(each["values"].min()) for each in answers)


def test_compare_says_that_nothing_was_trained():
    app = visit("compare.py", compare="training")
    assert any("train one on Train" in error for error in errors(app))


# ---- what cannot be trained ----------------------------------------------------------------------


def test_a_recipe_that_asks_too_much_is_refused_in_a_sentence():
    app = visit(**SMALL | {"train_steps": "2000", "hidden_size": "256", "num_layers": "4",
                           "batch_size": "64"})  # fmt: skip
    (said,) = errors(app)
    assert "lower batch_size, steps, hidden_size" in said
    (train,) = [button for button in app.button if button.label == "Train"]
    assert train.disabled


def test_a_link_with_an_impossible_recipe_opens_untrained():
    app = visit(**SMALL | {"delay": "60", "task": "recall", "trained": "0123456789.30"})
    assert any("delay is 60" in error for error in errors(app))
    app = visit("explore.py", **SMALL | {"trained": "ffffffffff.30"})
    assert not errors(app) and player(app)["training"] is None
    assert any("this one is untrained" in warning.value for warning in app.warning)


@pytest.mark.parametrize("page", ["train.py", "explore.py"])
@pytest.mark.parametrize("iterations", ["0", "1", "999999"])
def test_a_link_to_any_iteration_opens(page, iterations):
    app = visit("train.py", **SMALL)
    path = training_run.mark(recipes.recipe(session_of(app)), 1).split(".")[0]
    app = visit(page, **SMALL | {"trained": f"{path}.{iterations}"})
    assert not errors(app) and player(app)["T"] > 0


def test_a_pause_before_the_first_iteration_leaves_a_link_that_opens(at_a_standstill):
    app = press(press(visit(**SMALL), "Train"), "Pause")
    assert "Continue" in buttons(app)
    link = link_of(app)
    assert link["trained"].endswith(".1.30")
    assert not errors(visit(**link))


def link_of(app):
    return {name: v[0] if isinstance(v, list) else v for name, v in app.query_params.items()}


@pytest.mark.parametrize("rest", ["Pause", "Stop"])
def test_a_reload_leaves_a_training_where_it_rested(rest, schedule, monkeypatch):
    workers = Opener()
    by_hand = Schedule(workers)
    monkeypatch.setattr(training_run, "default_schedule", lambda: by_hand)
    app = press(visit(**SMALL), "Train")
    workers.compute()
    Watcher(session_of(app).training.follower).until(lambda one: one.run.iteration > 0)
    app = press(app, rest)
    run = session_of(app).training.follower.run
    by_hand.close()
    monkeypatch.setattr(training_run, "default_schedule", lambda: schedule)
    again = finished(visit(**link_of(app)))
    told = player(again)["training"]
    assert (told["state"], told["iteration"], told["iterations"]) == ("stopped", run.iteration, 30)
    again = finished(press(again, "Continue"))
    assert session_of(again).training.follower.run.iteration == 30


def test_the_way_back_leads_to_where_the_training_stood():
    app = trained(visit(**SMALL))
    app = press(choose(app, "seed", 9), "Back to the trained network")
    assert app.query_params["trained"] in (
        [training_run.mark(recipe_of(app), 30)],
        training_run.mark(recipe_of(app), 30),
    )


def test_an_example_on_explore_says_what_should_be_answered():
    app = trained(visit(**SMALL))
    app = sound(app.switch_page("explore.py").run())
    (track,) = [t for t in player(app)["tracks"] if t["type"] == "prediction"]
    shown = training_run.shown_example(session_of(app), recipe_of(app))
    assert np.array_equal(track["target"].reshape(-1, 1), shown.target, equal_nan=True)


def test_drawings_beside_other_examples_are_refused_in_a_sentence():
    rng = np.random.default_rng(0)
    data = Examples(tuple(rng.normal(size=(6, 1)) for _ in range(4)), ("a", "b") * 2)
    session = Session()
    recipes.learn_from(session, "classify", data)
    drawn = drawing_payload.pack_strokes(parse_strokes([[[0, 0, 0], [900, 900, 60]]]))
    session.set(class_name="circle", feed="draw", drawing="pen", strokes=drawn)
    taught.keep(session)
    assert "press Forget all first" in session.options[taught.PROBLEM]
    assert taught.counts(session) == {"a": 2, "b": 2} and session.settings.learned_from
    taught.forget(session)
    taught.keep(session)
    assert taught.counts(session) == {"circle": 1} and session.options[taught.PROBLEM] is None


def test_a_hand_that_rests_teaches_the_same_as_one_that_does_not():
    way = [[0, 0, 0], [900, 900, 60], [1800, 0, 120], [2700, 900, 180]]
    rested = [[x, y, t + 5000 * (k > 1)] for k, (x, y, t) in enumerate(way)]
    session = Session()
    taught.open_pad(session)
    for points in (way, rested):
        session.set(class_name="a", strokes=drawing_payload.pack_strokes(parse_strokes([points])))
        taught.keep(session)
    (_, one), (_, other) = taught.so_far(session)
    assert np.array_equal(one, other) and np.abs(one[:, :2]).max() > 0


def test_a_third_class_is_learned_from_once_it_has_enough_examples():
    session = Session()
    drawn = drawing_payload.pack_strokes(parse_strokes([[[0, 0, 0], [900, 900, 60]]]))
    session.set(feed="draw", drawing="pen")
    for label in ("a", "a", "b", "b"):
        session.set(class_name=label, strokes=drawn)
        taught.keep(session)
    two = session.settings.learned_from
    session.set(hidden_size=9, iterations=123, class_name="c", strokes=drawn)
    taught.keep(session)
    assert session.settings.learned_from == two and not taught.enough(taught.so_far(session))
    session.set(strokes=drawn)
    taught.keep(session)
    assert set(recipes.data(session).classes) == {"a", "b", "c"}
    assert session.settings.hidden_size == 9 and session.settings.iterations == 123


def test_a_bidirectional_network_may_not_see_what_it_is_asked():
    app = visit(**SMALL | {"task": "sine", "bidirectional": "1"})
    assert any("train one direction" in error for error in errors(app))


def test_a_character_it_never_saw_is_said():
    learned_from = data_payload.pack(Characters(STORY))
    app = trained(visit(**SMALL | {"task": "next_character", "learned_from": learned_from}))
    app = sound(app.switch_page("explore.py").run())
    app = choose(app, "feed", "type")
    app = choose(app, "text", "the boat went 7")
    assert any("“7”, was not in the text" in error for error in errors(app))
    app = choose(app, "text", "the boat went on")
    assert not errors(app)
    run = session_of(app).training.follower.run
    read = seqviz.trace(run.model, Characters(STORY).encode("the boat went on"))
    assert np.array_equal(heat(app), read.h[0, 0])


def test_two_classes_are_needed():
    app = choose(visit(**SMALL), "task", "classify")
    (train,) = [button for button in app.button if button.label == "Train"]
    assert train.disabled and not errors(app)
    assert any("examples of each of two classes" in m.value for m in app.markdown)
    assert player(app)["T"] == 0 and "Press Teach it" in player(app)["empty"]
    app = press(app, "Teach it")
    assert "on the pad above" in player(app)["empty"]


def six_examples(features):
    """Of two classes."""
    rng = np.random.default_rng(0)
    drawn = tuple(rng.normal(size=(6 + k, features)) + 2 * (k % 2) for k in range(6))
    return {"task": "classify", "learned_from": data_payload.pack(Examples(drawn, ("a", "b") * 3))}


@pytest.mark.parametrize(
    ("features", "before", "after"),
    [
        (3, "Press Train, then draw another and see what it takes it for.",
         "Press Teach it, then draw another and see what it takes it for."),
        (2, "Press Train.", ""),  # a table's examples: no hand can draw another
    ],
)  # fmt: skip
def test_what_to_do_next_with_examples_is_said(features, before, after):
    app = visit(**SMALL | six_examples(features))
    assert f":small[{plain(f'a 3, b 3. {before}')}]" in [m.value for m in app.markdown]
    app = trained(app)
    assert f":small[{plain(f'a 3, b 3. {after}'.rstrip())}]" in [m.value for m in app.markdown]


def test_a_typed_text_is_learned_from_and_one_that_will_not_do_is_not_passed_over():
    app = choose(visit(), "task", "next_character")
    assert app.text_area[0].value == STORY
    app = choose(app, "lr", 0.002)
    text = "abc " * 60
    app = sound(app.text_area[0].set_value(text).run())
    assert "your text, 240 characters" in learned_from(app)
    assert control(app, "lr").value == 0.002  # what was set for another text stays
    app = sound(app.text_area[0].set_value("a").run())
    app = press(app, "Train")  # not with the one before
    assert "Train" in buttons(app)
    assert any("two different characters" in error for error in errors(app))
    assert app.text_area[0].value == "a"
    app.text_area[0].set_value(text * 2)  # and pressed before the page has run again
    app = press(app, "Train")
    assert recipe_of(app).data.text == text * 2 and not errors(app)
    again = visit(**link_of(app))
    assert again.text_area[0].value == text * 2


def test_a_number_that_may_not_be_is_said_and_the_box_shows_the_one_in_use():
    app = choose(visit(**SMALL), "lr", 20.0)
    said = [warning.value for warning in app.warning]
    assert said == ["Learning rate may be 1e-06 to 10, not 20: it stays as it was."]
    assert control(app, "lr").value == 0.005
    app = choose(app, "batch_size", 100_000)
    (said,) = [warning.value for warning in app.warning]
    assert "Batch size may be 1 to" in said and "not 100,000" in said
    assert not choose(app, "batch_size", 16).warning and recipes.recipe(session_of(app)).lr == 0.005


def test_settings_that_cannot_be_trained_are_said_to_be_in_the_way():
    app = visit(**SMALL | {"train_steps": "2000", "hidden_size": "256", "batch_size": "512"})
    assert any("cannot be trained" in m.value for m in app.markdown) and errors(app)


def test_examples_in_a_link_are_learned_again():
    app = trained(visit(**SMALL | six_examples(3)))
    assert prediction(app).shape == (6, 2)
    assert torch.tensor(prediction(app)).sum(dim=1).sub(1).abs().max() < 1e-5


def test_the_player_says_which_checkpoint_is_on_stage():
    app = trained(visit(**SMALL))
    run = session_of(app).training.follower.run
    command = player(app)["command"]
    app.session_state["player"] = {"view": {"command": command, "step": None, "checkpoint": 8}}
    app = sound(app.run())
    model = next(c.model for c in run.checkpoints if c.iteration == 8)
    sequence = training_run.shown_example(session_of(app), run.recipe).sequence
    assert np.array_equal(heat(app), seqviz.trace(model, sequence).h[0, 0])
    assert player(app)["training"]["checkpoint"] == 8
    assert app.query_params["checkpoint"] in ("8", ["8"])


def test_the_film_is_what_each_checkpoint_shows():
    app = trained(visit(**SMALL))
    session = session_of(app)
    run = session.training.follower.run
    channel = session.cache.get("channel", None, lambda: None)
    film = decode(channel.film())
    assert film["iterations"][0] == 0 and film["iterations"][-1] == 30
    sequence = training_run.shown_example(session, run.recipe).sequence
    values = next(track["values"] for track in film["tracks"] if track["at"] == 1)
    values = values.reshape(len(film["iterations"]), 10, 5)  # (C, T, H)
    for k in (0, 5, -1):
        at = film["iterations"][k]
        model = next(c.model for c in run.checkpoints if c.iteration == at)
        assert np.array_equal(values[k], seqviz.trace(model, sequence).h[0, 0])
