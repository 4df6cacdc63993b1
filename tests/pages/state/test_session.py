"""A visitor's state: what widgets say is taken once, what code sets is shown, no press is lost."""

from types import SimpleNamespace

import pytest

from pages.state import cache, session
from pages.state.browser import pad_drawing, player_view
from pages.state.schema import Settings
from pages.state.session import Session
from seqviz.data.drawing_payload import unpack_levels
from seqviz.errors import SeqvizError


@pytest.fixture
def browser(monkeypatch):
    """What the browser says: a value for each key of a widget on its screen."""
    said = {}
    for module in (session, pad_drawing, player_view):
        monkeypatch.setattr(module.st, "session_state", said)
    return said


def test_a_widget_begins_with_the_present_value_and_sets_it(browser):
    visitor = Session()
    assert visitor.tie("seed") == {"key": "seed@0", "value": 3}
    browser["seed@0"] = 3
    assert not visitor.read() and visitor.settings == Settings()
    browser["seed@0"] = 8
    assert visitor.read() and visitor.settings.seed == 8
    assert visitor.tie("seed") == {"key": "seed@0", "value": 8}  # the same widget, not a new one
    assert not visitor.read()


def test_what_code_sets_is_shown_by_a_new_widget(browser):
    visitor = Session()
    visitor.tie("seed")
    browser["seed@0"] = 3
    visitor.set(seed=4)
    assert not visitor.read() and visitor.settings.seed == 4  # the old one says what it said
    assert visitor.tie("seed") == {"key": "seed@1", "value": 4}


def test_a_choice_made_before_the_browser_had_the_new_widget_counts(browser):
    visitor = Session()
    visitor.tie("seed")
    visitor.set(seed=4)
    visitor.tie("seed")
    browser["seed@0"] = 500
    assert visitor.read() and visitor.settings.seed == 500
    assert visitor.tie("seed") == {"key": "seed@2", "value": 500}


@pytest.mark.parametrize("value", ["x", None, -1, 2**40, 1.5, [3], "9" * 9999])
def test_a_forged_value_changes_nothing_and_gets_a_new_widget(browser, value):
    visitor = Session()
    visitor.tie("seed")
    browser["seed@0"] = value
    assert not visitor.read() or visitor.settings.seed == 1  # 1.5 is read as a whole number
    assert isinstance(visitor.settings.seed, int)
    if visitor.settings.seed == 3:
        assert visitor.tie("seed") == {"key": "seed@1", "value": 3}


def test_a_widget_that_left_the_screen_says_nothing(browser):
    visitor = Session()
    visitor.tie("steps")
    browser["steps@0"] = 24
    visitor.read()
    del browser["steps@0"]
    assert not visitor.read() and visitor.settings.steps == 24
    visitor.set(steps=30)
    assert visitor.tie("steps") == {"key": "steps@1", "value": 30}  # whatever a browser kept


def test_where_nothing_is_set_a_widget_shows_something_else_and_sets_nothing(browser):
    visitor = Session()
    assert visitor.tie("rho", 1.25)["value"] == 1.25
    browser["rho@0"] = 1.25
    assert not visitor.read() and visitor.settings.rho is None
    assert visitor.tie("rho", 0.75) == {"key": "rho@1", "value": 0.75}  # another network
    browser["rho@1"] = 0.5
    assert visitor.read() and visitor.settings.rho == 0.5


def test_choices_and_lists_begin_with_the_present_value(browser):
    visitor = Session()
    assert visitor.tie_choice("cell") == {"key": "cell@0", "default": "LSTM"}
    assert visitor.tie_index("init", ["default", "xavier"]) == {"key": "init@0", "index": 0}
    assert visitor.tie_index("own_layer", range(3)) == {"key": "own_layer@0", "index": None}
    visitor.set(own_layer=2)
    assert visitor.tie_index("own_layer", range(3)) == {"key": "own_layer@1", "index": 2}


def test_a_press_is_done_once_after_what_was_typed_is_read(browser):
    visitor, seen = Session(), []
    visitor.tie("seed")
    press = visitor.press(lambda step: seen.append((step, visitor.settings.seed)), 7)
    press()
    press()
    browser["seed@0"] = 40
    visitor.read()
    visitor.read()
    assert seen == [(7, 40), (7, 40)]


class CutOff(Exception):
    """As Streamlit ends a run at a look into the session."""


def test_a_run_that_is_cut_off_loses_no_press(browser, monkeypatch):
    class Cutting(dict):
        def get(self, key, default=None):
            raise CutOff

    visitor, seen = Session(), []
    visitor.tie("seed")
    press = visitor.press(seen.append, 1)
    monkeypatch.setattr(session.st, "session_state", Cutting())
    press()
    with pytest.raises(CutOff):
        visitor.read()
    monkeypatch.setattr(session.st, "session_state", browser)
    visitor.read()
    assert seen == [1]


def test_on_another_page_widgets_begin_anew(browser):
    visitor = Session()
    visitor.tie("cell")
    visitor.begin_widgets_anew()
    browser["cell@0"] = "GRU"  # of the page before
    assert not visitor.read()
    assert visitor.tie_choice("cell") == {"key": "cell@1", "default": "LSTM"}


def file(name, data):
    return SimpleNamespace(name=name, getvalue=lambda: data)


def test_a_file_is_kept_until_another_or_until_it_is_taken_away(browser):
    visitor = Session()
    assert visitor.tie_file("upload") == {"key": "upload@0"}
    browser["upload@0"] = one = file("a.csv", b"1")
    assert visitor.read() and visitor.files["upload"].data == b"1"
    visitor.tie_file("upload")
    del browser["upload@0"]  # another feed
    visitor.read()
    visitor.tie_file("upload")
    browser["upload@0"] = None  # the uploader comes back empty
    assert not visitor.read() and visitor.files["upload"].data == b"1"
    browser["upload@0"] = one
    visitor.read()
    browser["upload@0"] = None
    assert visitor.read() and "upload" not in visitor.files


def test_what_is_said_of_a_link_stays_until_somebody_goes_on(browser):
    visitor = Session(notices=["The link's x means nothing."])
    visitor.tie("seed")
    browser["seed@0"] = 3
    visitor.read()
    assert visitor.notices
    browser["seed@0"] = 4
    visitor.read()
    assert not visitor.notices


# ---- pad and player ------------------------------------------------------------------------------


def drawing(version=0, revision=1, live=False, levels=(0, 4095)):
    return {
        "drawing": {
            "mode": "curve", "version": version, "revision": revision, "live": live,
            "levels": list(levels),
        }
    }  # fmt: skip


def test_a_drawing_is_taken_once_and_a_late_one_is_not(browser):
    visitor = Session()
    browser["pad"] = drawing(live=True)
    assert visitor.read() and unpack_levels(visitor.settings.curve) == (0, 4095)
    assert visitor.pad.live and not visitor.read()
    visitor.set(curve="")
    assert not visitor.pad.live and visitor.pad.version == 1
    browser["pad"] = drawing(revision=2)  # on its way while the pad was cleared
    assert not visitor.read() and visitor.settings.curve == ""
    browser["pad"] = drawing(version=1, revision=3)
    assert visitor.read() and unpack_levels(visitor.settings.curve) == (0, 4095)


def view(visitor, **reported):
    return {"view": {"command": visitor.orders.command, **reported}}


def test_the_player_reports_step_cell_and_look(browser):
    visitor = Session()
    cell = {"run": 0, "layer": 1, "direction": 0, "unit": 5}
    browser["player"] = view(visitor, step=7, cell=cell, speed="2", loop=True, future="hidden")
    assert visitor.read()
    settings = visitor.settings
    assert (settings.step, settings.selected, settings.speed) == (7, "1.0.5", "2")
    assert settings.loop and settings.future == "hidden"
    browser["player"] = view(visitor, step=None, cell=cell)
    visitor.read()
    assert visitor.settings.step is None


def test_a_report_from_before_an_order_is_late(browser):
    visitor = Session()
    late = view(visitor, step=7)
    visitor.play_at(20)
    browser["player"] = late
    assert not visitor.read() and visitor.settings.step == 20
    assert visitor.orders.values["step"] == 20


@pytest.mark.parametrize(
    "reported",
    [
        {"step": "7"}, {"step": True}, {"step": -1}, {"step": 10**9}, {"speed": 3}, {"zoom": "3"},
        {"cell": {"run": 0}}, {"cell": {"run": 9, "layer": 0, "direction": 3, "unit": 0}},
        {"range": [1]}, {"range": "ab"}, {"range": [0, 10**9]}, {"future": None},
    ],
)  # fmt: skip
def test_a_forged_report_changes_nothing(browser, reported):
    visitor = Session()
    browser["player"] = view(visitor, **reported)
    assert not visitor.read() and visitor.settings == Settings()


def test_a_range_typed_into_a_box_is_an_order_and_one_dragged_is_shown_in_the_box(browser):
    visitor = Session()
    visitor.tie("range_from")
    browser["range_from@0"] = 5
    before = visitor.orders.command
    visitor.read()
    assert visitor.orders.command == before + 1 and visitor.orders.values["range_from"] == 5
    assert not visitor.orders.moves  # a hand may just have moved the step
    visitor.tie("range_from")
    browser["player"] = view(visitor, range=[8, 9])
    visitor.read()
    assert visitor.tie("range_from") == {"key": "range_from@1", "value": 8}


# ---- after a restart of the server ---------------------------------------------------------------


def test_another_server_goes_on_where_this_one_stood(browser):
    first = Session()
    first.tie("seed")
    first.set(seed=9, curve="")
    first.tie("seed")
    first.play_at(4)
    second = Session(settings=first.settings)
    second.take_over(first.handover())
    assert second.tie("seed") == {"key": "seed@1", "value": 9}
    assert second.pad.version == first.pad.version
    assert second.orders.command == first.orders.command
    browser |= {"seed@1": 77, "pad": drawing(second.pad.version, 5), "player": view(first, step=2)}
    assert second.read()  # what the browser knew and the address did not
    assert (second.settings.seed, second.settings.step) == (77, 2)
    assert unpack_levels(second.settings.curve) == (0, 4095)


@pytest.mark.parametrize(
    "handover",
    [{}, {"versions": 3}, {"versions": {"seed": "x", 4: -1}, "pad": "y", "command": None},
     {"pad": -1, "command": 2**70}],
)  # fmt: skip
def test_a_forged_handover_is_passed_over(browser, handover):
    visitor = Session()
    visitor.take_over(handover)
    assert visitor.tie("seed") == {"key": "seed@0", "value": 3} and not visitor.notices


# ---- results that are kept -----------------------------------------------------------------------


def test_a_result_is_made_once_for_a_key_and_a_problem_is_kept_as_well():
    kept, made = cache.Cache(), []

    def make(value):
        made.append(value)
        if value < 0:
            raise SeqvizError("negative")
        return value

    assert [kept.get("x", key, lambda: make(5)) for key in (1, 1, 2)] == [5, 5, 5]
    assert made == [5, 5] and kept.holds("x", 2) and not kept.holds("x", 1)
    for _ in range(2):
        with pytest.raises(SeqvizError, match="negative"):
            kept.get("y", 1, lambda: make(-1))
    assert made == [5, 5, -1]
