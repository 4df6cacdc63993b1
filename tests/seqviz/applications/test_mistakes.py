"""What is recorded of where a use goes wrong is what its network does now."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from seqviz.applications.mistakes import Confusion, ErrorBars, confusion, of_json
from seqviz.applications.recorded_scores import recorded, recorded_mistakes
from seqviz.applications.registry import APPLICATIONS

PICTURED = [key for key in APPLICATIONS if key != "waves"]
QUICK = ("weather", "stocks", "next_word")


@pytest.mark.parametrize("key", PICTURED)
def test_every_part_has_a_picture(key):
    what = recorded_mistakes(key)
    assert what is not None and what.on
    if isinstance(what, Confusion):
        counts = np.array(what.counts)
        assert counts.shape == (len(what.classes),) * 2
        right = 100 * np.trace(counts) / counts.sum()
        assert right == pytest.approx(recorded(key)[0].value)  # the picture is of that score
    else:
        assert list(what.methods)[0] == "This network"
        assert {len(values) for values in what.methods.values()} == {len(what.groups)}


@pytest.mark.parametrize("key", QUICK)
def test_it_is_found_again(key):
    now, then = APPLICATIONS[key].mistakes(), recorded_mistakes(key)
    assert isinstance(now, ErrorBars) and isinstance(then, ErrorBars)
    for name, values in now.methods.items():
        np.testing.assert_allclose(values, then.methods[name], rtol=1e-3)


def test_months_add_up_to_the_year():
    what = recorded_mistakes("weather")
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    assert isinstance(what, ErrorBars)
    own = np.dot(days, what.methods["This network"]) / days.sum()
    assert own == pytest.approx(recorded("weather")[0].value, rel=1e-4)


def test_the_places_of_words_are_all_words():
    what = recorded_mistakes("next_word")
    assert isinstance(what, ErrorBars)
    for shares in what.methods.values():
        assert sum(shares) == pytest.approx(100)


def test_counts_go_to_the_row_of_what_was_right():
    made = confusion(("a", "b"), [("a", "a"), ("a", "b"), ("a", "b"), ("b", "b")], "four")
    assert made.counts == ((1, 2), (0, 1))
    assert of_json(json.loads(json.dumps(asdict(made)))) == made and of_json(None) is None
