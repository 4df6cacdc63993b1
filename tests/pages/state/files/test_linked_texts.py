"""Texts too long for a link: a reload finds them again, or a sentence says what is wanted."""

import numpy as np
import pytest
from trained_visits import SMALL
from visits import choose, press, session_of, sound, visit

from pages.panels.shared.classroom.class_link import for_a_class
from pages.state import setup as setups
from pages.state.browser import visit as visits
from pages.state.browser.visit import OTHER_NETWORK
from pages.state.files.file_store import KEPT
from pages.state.files.linked_texts import TEXTS
from pages.state.files.upload import Upload
from pages.state.schema import FORMS, LONGEST_LINKED_LEARNED, kept_texts, named_texts
from seqviz.training import data_payload
from seqviz.training.datasets import Characters

LETTERS = "".join(np.random.default_rng(8).choice(list("abcdefgh \n"), 20_000))
LONG = data_payload.pack(Characters(LETTERS))
WORDS = " ".join(f"word{k}é" for k in range(1500))


@pytest.fixture(autouse=True)
def fresh_server(schedule):
    KEPT.clear()
    yield
    KEPT.clear()


def learned():
    """Train, with something long to learn from."""
    assert len(LONG) > LONGEST_LINKED_LEARNED
    return press(visit("train.py", task="next_character", learned_from=LONG, **SMALL), "Train")


def warnings(app):
    return [one.value for one in app.warning]


def test_each_text_that_may_be_too_long_is_kept():
    assert set(TEXTS) == {name for name, form in FORMS.items() if form.linked is not None}


def test_a_reload_finds_what_a_network_learned_from():
    app = learned()
    link = dict(app.query_params)
    assert "learned_from" not in link and link["kept"] and link["trained"]
    again = visit("train.py", **link)
    assert session_of(again).settings.learned_from == LONG
    assert again.query_params == link and not warnings(again)


@pytest.mark.parametrize(
    "name, page, more",
    [
        ("alphabet", None, {"feed": "type", "text_unit": "words"}),
        ("text", None, {"feed": "type"}),
        ("other_text", "compare.py", {}),
        ("notes", None, {}),
    ],
)
def test_a_reload_finds_a_long_text(name, page, more):
    text = WORDS[:3900] if name == "notes" else WORDS
    app = visit(page, **{name: text}, **more)
    link = dict(app.query_params)
    assert list(kept_texts(link["kept"])) == [name] and name not in link
    again = visit(page, **link)
    assert session_of(again).settings.get(name) == text
    assert again.query_params == link and not warnings(again)
    KEPT.clear()
    other = visit(page, **link)
    (said,) = warnings(other)
    assert TEXTS[name][0] in said and "does not have" in said
    assert other.query_params == link  # handed on, it still asks for it


def test_notes_stay_with_the_teacher():
    app = visit(notes=WORDS[:3900])
    session = session_of(app)
    setup = setups.current(session)
    assert "notes" in kept_texts(visits.parameters(session, setup)["kept"])
    assert "kept" not in visits.parameters(session, setup, for_a_class(session.settings, ()))


def test_another_server_says_so_and_takes_it_as_it_was():
    link = dict(learned().query_params)
    KEPT.clear()
    other = visit("train.py", **link)
    (said,) = warnings(other)
    assert "learned from" in said and "untrained" in said and "on Train" in said
    assert other.query_params == link
    sound(other.text_area[0].set_value(LETTERS).run())  # the same again: the link's network stays
    assert other.query_params == link and not warnings(other)
    choose(other, "task", "adding")
    assert "kept" not in other.query_params


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", "día".encode(), b"\xff\0", LONG[:-40].encode()])
def test_a_file_of_another_kind_is_not_taken_for_it(data):
    link = dict(learned().query_params)
    other = Upload.of("", data)
    KEPT.keep(other.content, data)
    app = visit("train.py", **link | {"kept": named_texts({"learned_from": other.content})})
    assert session_of(app).settings.learned_from == "" and len(warnings(app)) == 1
    assert OTHER_NETWORK not in warnings(app)


@pytest.mark.parametrize("name", ["room", "nonsense", "cell"])
def test_no_other_setting_is_taken_from_the_files(name):
    file = Upload.of("", b"GRU")
    KEPT.keep(file.content, file.data)
    app = visit(kept=named_texts({name: file.content}))
    assert session_of(app).settings.cell == "RNN_TANH" and not warnings(app)
    assert "kept" not in app.query_params
