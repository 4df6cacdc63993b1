"""What a network learned from, too long for a link: a reload finds it again, or a sentence says so.

That what fits stands in the link itself, see test_train_page.
"""

import numpy as np
import pytest
from trained_visits import SMALL
from visits import choose, press, session_of, sound, visit

from pages.state.browser.visit import OTHER_NETWORK
from pages.state.files.file_store import KEPT
from pages.state.files.upload import Upload
from pages.state.schema import LONGEST_LINKED_LEARNED
from seqviz.training import data_payload
from seqviz.training.datasets import Characters

LETTERS = "".join(np.random.default_rng(8).choice(list("abcdefgh \n"), 20_000))
LONG = data_payload.pack(Characters(LETTERS))


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


def test_a_reload_finds_it_again():
    app = learned()
    link = dict(app.query_params)
    assert "learned_from" not in link and link["learned_digest"] and link["trained"]
    again = visit("train.py", **link)
    assert session_of(again).settings.learned_from == LONG
    assert again.query_params == link and not warnings(again)


def test_another_server_says_so_and_still_asks_for_it():
    link = dict(learned().query_params)
    KEPT.clear()
    other = visit("train.py", **link)
    (said,) = warnings(other)
    assert "learned from" in said and "untrained" in said and "on Train" in said
    assert other.query_params == link  # handed on, it still asks for it
    sound(other.text_area[0].set_value(LETTERS).run())  # the same again: the link's network stays
    press(other, "Learn from this text")
    assert other.query_params == link and not warnings(other)
    choose(other, "task", "adding")
    assert "learned_digest" not in other.query_params


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", "día".encode(), LONG[:-40].encode()])
def test_a_file_of_another_kind_is_not_taken_for_it(data):
    link = dict(learned().query_params)
    other = Upload.of("", data)
    KEPT.keep(other.content, data)
    app = visit("train.py", **link | {"learned_digest": other.content})
    assert session_of(app).settings.learned_from == "" and len(warnings(app)) == 1
    assert OTHER_NETWORK not in warnings(app)
