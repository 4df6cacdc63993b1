"""The player as one file: every number inside, nothing from elsewhere, no text as markup."""

import base64
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from player_bytes import decode

from pages.components.player.frame import frame
from pages.components.player.standalone import standalone
from pages.components.player.tracks import heat_tracks, input_track
from pages.components.source import bundle
from seqviz import InputSequence, RNNSpec, SeqvizError, build, trace
from seqviz.figures import palette

CONFIG = Path(__file__).parents[4] / ".streamlit" / "config.toml"
THEME = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
EVIL = '</script><img src=x onerror="alert(1)"><!--'


class Parsed(HTMLParser):
    """The tags with their attributes, and the text inside each script and the title."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts, self.inside = [], {}, None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.inside = dict(attributes).get("id", tag)

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        self.texts[self.inside] = self.texts.get(self.inside, "") + data

    @property
    def frame(self):
        """The bytes the page's player is given."""
        return base64.b64decode(self.texts["frame"], validate=True)


def bytes_of(labels=(), quantity="h", bidirectional=False):
    x = np.sin(np.arange(12) / 3)[:, None]
    spec = RNNSpec("LSTM", 1, 4, 2, bidirectional=bidirectional, seed=1)
    sequence = InputSequence(x, labels=labels)
    run = trace(build(spec), sequence, spec=spec)
    shown = frame(
        [input_track(sequence), *heat_tracks(run, quantity)],
        digest=sequence.digest,
        caption="Sine · 12 steps",
        quantity=quantity,
        ends=palette.scale(quantity, run.quantity(quantity)),
    )
    return run, shown


def page_of(labels=(), title="h of nn.LSTM", theme="light"):
    return standalone(bytes_of(labels)[1], title=title, theme=theme)


@pytest.mark.parametrize("quantity", ["h", "c", "o"])
def test_the_page_carries_the_exact_values(quantity):
    run, shown = bytes_of(quantity=quantity, bidirectional=True)
    inside = Parsed(standalone(shown, title="", theme="dark")).frame
    assert inside == shown
    header = decode(inside)
    top, *heats = header["tracks"]
    np.testing.assert_array_equal(top["x"], run.x.ravel())
    values = run.quantity(quantity)  # (L, D, T, H)
    assert [(heat["layer"], heat["direction"]) for heat in heats] == list(np.ndindex(2, 2))
    for heat in heats:
        expected = values[heat["layer"], heat["direction"]]
        np.testing.assert_array_equal(heat["values"], expected.ravel())
    assert (header["channel"], header["number"]) == ("", 0)  # no server will send more


def test_it_loads_nothing_from_elsewhere():
    page = page_of()
    (policy,) = (
        attributes["content"]
        for tag, attributes in Parsed(page).tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("form-action") == "'none'"
    assert rules == {"script-src": "'unsafe-inline'", "style-src": "'unsafe-inline'"}
    assert not re.search(r"https?:|//[a-z]+\.|@import|url\(|<link|\bsrc=|fetch\(|import\(", page)


def test_its_script_cannot_end_before_its_end():
    javascript = bundle("player/standalone.js")
    assert not re.search(r"</script|<!--|^(?:import|export)\b", javascript, re.I | re.M)
    assert javascript.strip() == Parsed(page_of()).texts["script"].strip()


def test_labels_and_title_cannot_become_markup():
    labels = (EVIL, "{frame}", "{css}", "\ud800", "\u2028", *"abcdefg")
    page = page_of(labels, title=EVIL + "{frame}")
    parsed, plain = Parsed(page), Parsed(page_of())
    assert parsed.tags == plain.tags
    assert parsed.texts["title"] == EVIL + "{frame}"
    assert decode(parsed.frame)["tracks"][0]["labels"] == list(labels)
    page.encode("utf-8")


@settings(max_examples=30)
@given(st.lists(st.text(max_size=6), min_size=12, max_size=12))
def test_any_text_can_be_a_label(labels):
    parsed = Parsed(page_of(tuple(labels)))
    assert decode(parsed.frame)["tracks"][0]["labels"] == labels


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_has_the_themes_colours(theme):
    page, colours = page_of(theme=theme), THEME[theme]
    assert f"color-scheme: {theme};" in page
    for name, value in {
        "text-color": colours["textColor"],
        "background-color": colours["backgroundColor"],
        "primary-color": colours["primaryColor"],
        "border-color": colours["borderColor"],
        "base-radius": THEME["baseRadius"],
        "button-radius": THEME["baseRadius"],
    }.items():
        assert f"--st-{name}: {value};" in page
    used = set(re.findall(r"var\((--st-[\w-]+)", page))
    assert used and all(f"{name}: " in page for name in used)


def test_another_theme_is_refused():
    with pytest.raises(SeqvizError, match="light or dark"):
        page_of(theme="blue")
