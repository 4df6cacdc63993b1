"""Type with a trained network's own vocabulary: typed, from a file, through its embedding."""

import io
import json

import numpy as np
import pytest
import torch
from player_bytes import decode
from torch import nn
from visits import (
    OPEN_WEIGHTS,
    choose,
    control,
    errors,
    everything_shown,
    facts,
    name_of,
    player,
    press,
    sound,
    upload,
    visit,
    widgets,
    x_of,
)

from seqviz.data.alphabet import alphabet
from seqviz.data.text import embedded, one_hot

OPEN = {"_alphabet": True}  # the popover
LETTERS = ["<pad>", "<unk>", " ", *"abcdefgh"]


class CharacterModel(nn.Module):
    def __init__(self, symbols=11):
        super().__init__()
        self.embedding = nn.Embedding(symbols, 6)
        self.gru = nn.GRU(6, 5, 2)
        self.fc = nn.Linear(5, symbols)


def character_model():
    with torch.random.fork_rng():
        torch.manual_seed(4)
        return CharacterModel()


def typing(**link):
    return visit(session={**OPEN, **OPEN_WEIGHTS}, feed="type", **link)


def with_file(app, name="letters.json", content=None):
    return upload(app, name, (content or json.dumps(LETTERS)).encode(), "symbols")


def with_model(app, model):
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    return upload(app, "model.pt", file.getvalue(), "weights")


def captions(app):
    return [caption.value for caption in app.main.caption]


def test_a_typed_alphabet_fixes_order_and_width_and_travels_in_the_link():
    app = choose(typing(text="cab"), "alphabet", "abcdefg")
    np.testing.assert_array_equal(x_of(app), one_hot("cab", alphabet=alphabet("abcdefg")).x)
    assert facts(app)[0].startswith("nn.RNN(7, 16")
    assert "7 symbols in the alphabet." in captions(app)
    again = visit(**app.query_params)
    assert everything_shown(again) == everything_shown(app)
    press(app, "Use the text's own symbols")
    assert x_of(app).shape == (3, 3) and "alphabet" not in app.query_params


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.json", None), ("a.txt", "\n".join(LETTERS)), ("a.json", json.dumps({"0": "q", "1": "a"}))],
)
def test_a_file_gives_the_alphabet_and_another_takes_its_place(name, content):
    app = with_file(typing(text="a"), "before.txt", "ca")
    assert x_of(app).tolist() == [[0, 1]]
    with_file(app, name, content)
    assert x_of(app).tolist() == [
        [float(s == "a") for s in (LETTERS if "0" not in str(content) else "qa")]
    ]
    choose(app, "alphabet", "xa")
    with_file(app, "before.txt", "ca")  # the same file again
    assert x_of(app).tolist() == [[0, 1]] and control(app, "alphabet").value == '["c","a"]'


def test_a_file_without_symbols_is_said_and_the_alphabet_before_stays():
    app = with_file(with_file(typing(text="bad")), "other.json", "{}")
    (said,) = errors(app)
    assert "other.json holds no list of symbols" in said
    assert x_of(app).shape == (3, len(LETTERS))
    with_file(app)
    assert not app.error


def test_unknown_symbols_are_read_as_the_alphabets_own_and_it_is_said():
    app = with_file(typing(text="a quiz"))
    assert control(app, "unknown").value == "<unk>"
    labels = list(player(app)["tracks"][0]["labels"])
    assert labels == ["a", "␣", "<unk>", "<unk>", "<unk>", "<unk>"]
    assert "11 symbols in the alphabet. Read as \\<unk\\>: q u i z" in captions(app)
    choose(app, "unknown", "<pad>")
    assert x_of(app)[2:].argmax(axis=1).tolist() == [0] * 4
    choose(app, "unknown", "?")
    assert "“?”, which is not in the alphabet" in errors(app)[0]


def test_unknown_symbols_without_a_name_are_refused():
    app = choose(choose(typing(text="cab"), "alphabet", "abc"), "text", "cabs")
    assert "“s” is not in the alphabet" in errors(app)[0]
    assert player(app)["caption"] == "cab · 3 steps"
    choose(app, "unknown", "a")
    assert not app.error and x_of(app)[3].tolist() == [1, 0, 0]


# ---- through an embedding ------------------------------------------------------------------------


def output_of(model, text):
    index = [LETTERS.index(symbol) if symbol in LETTERS else 1 for symbol in text]
    with torch.no_grad():
        return model.gru(model.embedding(torch.tensor(index))[:, None])[0][:, 0].numpy()


def last_layer(app):
    track = player(app)["tracks"][-1]
    return track["values"].reshape(track["T"], track["H"])


def test_a_character_model_reads_what_is_typed_as_it_does_in_torch():
    model = character_model()
    app = with_model(typing(text="a big cafe"), model)
    (said,) = [info.value for info in app.info]
    assert "or Type through embedding.weight with an alphabet of 11 symbols. Until then" in said
    assert control(app, "own_encoder").value == "one-hot"
    with_file(app)
    assert control(app, "own_encoder").value == "embedding.weight"
    assert not app.info and not app.error
    np.testing.assert_allclose(last_layer(app), output_of(model, "a big cafe"), atol=1e-6)
    choose(app, "text", "zebra")
    np.testing.assert_allclose(last_layer(app), output_of(model, "zebra"), atol=1e-6)
    choose(app, "own_encoder", "one-hot")
    assert "reads 6 features a step and the sequence has 11" in app.info[0].value


def test_an_embedding_asks_for_its_alphabet():
    app = choose(with_model(typing(), character_model()), "own_encoder", "embedding.weight")
    assert "a row for each of 11 symbols: give the alphabet" in errors(app)[0]
    with_file(app, content=json.dumps([*LETTERS, "x"]))
    assert "11 rows and the alphabet 12 symbols" in errors(app)[0]
    with_file(app)
    assert not app.error and x_of(app).shape == (19, 6)


def test_without_an_embedding_nothing_is_offered():
    app = with_model(typing(), nn.GRU(4, 2))
    assert "own_encoder" not in map(name_of, widgets(app))


def test_compare_reads_the_second_text_through_the_same_embedding():
    model = character_model()
    app = with_file(with_model(typing(text="abc"), model))
    sound(app.switch_page("compare.py").run())
    choose(app, "compare", "sequences")
    choose(app, "other_text", "cabbage")
    assert not app.error
    (sent,) = [c for c in app.get("bidi_component") if c.proto.component_name.endswith("player")]
    inputs = [t for t in decode(sent.proto.bytes)["tracks"] if t["type"] == "input"]
    matrix = model.embedding.weight.detach().numpy()
    for track, text in zip(inputs, ("abc", "cabbage"), strict=True):
        expected = embedded(text, "characters", alphabet(json.dumps(LETTERS)), matrix)
        np.testing.assert_array_equal(track["x"].reshape(-1, 6), expected.x)


def test_compare_reads_both_texts_with_the_typed_alphabet():
    app = visit("compare.py", feed="type", text="abc", alphabet="abcdefg", compare="sequences",
                other_text="gab")  # fmt: skip
    inputs = [t for t in player(app)["tracks"] if t["type"] == "input"]
    widths = [track["I"] for track in inputs]
    assert widths == [7, 7] and not app.error
