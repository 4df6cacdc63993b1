"""What files and links say is shown as text, in every place: no link, formula, picture or colour.

Visits bring hostile words by every way there is, and each string that reaches the browser is
looked at. A place that is new says here whether Streamlit reads Markdown there.
"""

import io
import json
import re

import numpy as np
import pytest
import torch
from foreign_words import ALL, EVIL, WORDS
from visits import sound, upload, visit

from seqviz.data import url_payload
from seqviz.types import InputSequence

LIVE = {  # what Streamlit would make something of, once escapes are read
    "link": r"(?i)www\.|\w@\w|[a-z]:/|mailto:[a-z]",
    "emoji, icon or colour": r":[A-Za-z]|:[\w+-]+:",
    "sign": r"[`*\[\]<>$~|&]|(?<![^\W_])_|_(?![^\W_])",
    "beginning": r"(?m)^\s*(#|[-+=]|\d+[.)])|^ {4}|^\t",
    "arrow": r"->|<-|--|>=|<=|~=",
}
BEFORE_ESCAPES = {"link", "emoji, icon or colour", "arrow"}  # found in text, whatever is escaped

MARKDOWN = {
    "markdown.body", "alert.body", "button.label", "button.help", "radio.options",
    "expandable.label", "checkbox.label", "number_input.label", "text_input.label",
    "selectbox.label",
}  # fmt: skip
TEXT = {"text_input.default", "selectbox.options", "multi_select.options", "code.code_text"}
"""Shown as they are."""
UNSEEN = {"bidi_component.json", "bidi_component.bytes"}
"""Data of our own components, which write text alone."""


def strings(message, path=""):
    """Every string in a message, and where it stands."""
    for descriptor, value in message.ListFields():
        here = f"{path}.{descriptor.name}".lstrip(".")
        values = value if descriptor.is_repeated else [value]
        for each in values:
            if isinstance(each, str):
                yield here, each
            elif hasattr(each, "ListFields"):
                yield from strings(each, here)


def nodes(block):
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from nodes(child)


def shown(app):
    """Each place and string the browser is sent."""
    for root in (app.main, app.sidebar):
        for node in nodes(root):
            if node.proto is None:
                continue
            kind = node.proto.DESCRIPTOR.name
            for path, text in strings(node.proto):
                yield f"{_snake(kind)}.{path}", text


def _snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def live(text):
    """What would be something else than text, by kind."""
    unescaped = re.sub(r"\\[!-/:-@\[-`{-~]", "", text)
    return {
        kind: found[0]
        for kind, pattern in LIVE.items()
        if (found := re.search(pattern, text if kind in BEFORE_ESCAPES else unescaped))
    }


def foreign(text):
    return "evil" in text or "smile" in text


@pytest.mark.parametrize("word", WORDS)
def test_the_check_finds_each_of_these_words(word):
    assert live(word)


# ---- the ways in ---------------------------------------------------------------------------------


def unknown_parameter():
    return visit(**{EVIL: "1", "me@evil.example": "2", ":smile:": "3"})


def broken_value():
    return visit(cell="me@evil.example", seed=":smile:evil", curve=EVIL, choices="$evil$")


def packed(page=None, **link):
    labels = tuple((WORDS * 2)[:40])
    x = np.arange(80.0).reshape(40, 2) / 80
    made = InputSequence(
        x, labels=labels, feature_names=(ALL[:60], EVIL), name=ALL[:200], kind="text"
    )
    data = url_payload.pack_sequence(made)
    return visit(page, {"_share": True, "_code": True}, feed="upload", data=data, **link)


def table():
    name = f"{ALL[-180:]}.csv".replace("/", "∕")
    words = WORDS[:20]
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    head = ["label", *quoted[:4]]
    rows = [[word, "1", str(k), "3", "5"] for k, word in enumerate(quoted)]
    data = "\n".join(",".join(row) for row in [head, *rows]).encode()
    app = upload(visit(session={"_share": True}, feed="upload"), name, data)
    (standardise,) = [t for t in app.toggle if t.label == "Standardise"]
    return sound(standardise.set_value(True).run())  # which names the columns that never change


def bad_table():
    data = f'"{EVIL}","![q](http://evil.example)"\n1,2\n:smile:,me@evil.example\n'.encode()
    return upload(visit(feed="upload"), ":smile:.csv", data)


def archive():
    held = io.BytesIO()
    x = np.arange(6.0).reshape(3, 2)
    np.savez(held, **{":smile: www.evil.example": x, "**evil**": x})
    return upload(visit(feed="upload"), "www.evil.example.npz", held.getvalue())


def wanted():
    content = "A" * 43
    return visit(
        session={"_own": True, "_share": True}, feed="upload", file=f"{content}.{ALL[:200]}",
        weights=f"{content}.{ALL[-200:]}",
    )  # fmt: skip


def weights(prefixes=(f"{EVIL} :smile:.", "**evil** $x$ me@evil.example.")):
    gru = torch.nn.GRU(1, 3)
    state = {
        f"{prefix}{name}": value for prefix in prefixes for name, value in gru.state_dict().items()
    }
    state["[evil](http://evil.example).weight_ih_l0"] = torch.zeros(7, 7)
    file = io.BytesIO()
    torch.save(state, file)
    app = visit(session={"_own": True, "_share": True})
    app = upload(app, ":smile: www.evil.example.pt", file.getvalue(), "weights")
    (radio,) = [each for each in app.radio if each.key.startswith("own_layer")]
    return sound(radio.set_value(0).run())


def bad_weights():
    return upload(visit(session={"_own": True}), "www.evil.example :smile:.pt", b"evil", "weights")


def typed():
    return visit(feed="type", text=ALL.replace("\n", " ")[:200], text_unit="words",
                 selected="0.0.1", step="4", inspect="over time")  # fmt: skip


def on_page(page, **link):
    return lambda: packed(page, **link)


WAYS = {
    "unknown parameter": unknown_parameter,
    "broken value": broken_value,
    "packed link": packed,
    "arithmetic": lambda: packed(selected="0.0.1", step="3"),
    "unit over time": lambda: packed(selected="0.0.1", step="3", inspect="over time"),
    "data flow": lambda: packed(selected="0.0.1", step="3", inspect="data flow"),
    "hands on": lambda: packed(selected="0.0.1", step="3", inspect="hands on"),
    "table": table,
    "bad table": bad_table,
    "archive": archive,
    "wanted files": wanted,
    "weights": weights,
    "bad weights": bad_weights,
    "typed": typed,
    "compare orders": on_page("compare.py", compare="order"),
    "compare sequences": on_page("compare.py", compare="sequences", other_text=ALL[:90]),
    "compare": on_page("compare.py"),
    **{
        measure: on_page("memory.py", measure=measure, range_from="3", range_to="5")
        for measure in ("influence", "nudge", "horizon", "spectrum", "gates", "trajectory", "alike")
    },
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_foreign_words_are_shown_as_text(way):
    seen = 0
    for place, text in shown(WAYS[way]()):
        if not foreign(text):
            continue
        seen += place not in UNSEEN
        if text.startswith("$$") and place == "markdown.body":  # a formula: words stand in \text{}
            assert not foreign(re.sub(r"\\text\{(\\.|[^{}\\])*\}", "", text))
        elif place in MARKDOWN:
            assert not live(without_ours(text)), (place, text)
        elif place == "plotly_chart.spec":
            assert not re.findall(r"<(?!br>|extra>|/extra>)|&(?!amp;|lt;|gt;)", words_of(text))
        else:
            known = place in TEXT | UNSEEN or place.endswith((".id", ".alt", ".url"))
            assert known, f"Does Streamlit read Markdown in {place}? It was sent {text[:80]!r}"
    assert seen, "no foreign word arrived"


def without_ours(text):
    """Without what the app itself writes around foreign words: bold, or an icon in front."""
    return re.sub(r"^\*\*(.*)\*\*$", r"\1", text.removeprefix(":material/visibility: "))


def words_of(spec):
    """All foreign words of a figure."""

    def leaves(value):
        if not isinstance(value, dict | list):
            return [value] if isinstance(value, str) else []
        inner = value.values() if isinstance(value, dict) else value
        return [leaf for each in inner for leaf in leaves(each)]

    return "\n".join(text for text in leaves(json.loads(spec)) if foreign(text))
