"""Settings <-> the parameters of a URL, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.state.schema import FORMS, Settings
from pages.state.text_forms import TextForm
from seqviz.errors import SeqvizError

MAX_NOTICES = 5
LONGEST_IN_PARTS = 2000  # characters: twice and more of what the longest list of parts needs


def decode(parameters: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Settings from URL parameters, and a sentence for each parameter that would not do.

    Anything unknown or broken falls back to its default; nothing raises.
    """
    values: dict[str, Any] = {}
    notices = []
    for name, text in parameters.items():
        form = FORMS.get(name)
        if form is None:
            notices.append(f"The link's “{_short(name)}” means nothing to seqviz and was left out.")
            continue
        try:
            values[name] = form.read(text)
        except (ValueError, OverflowError, SeqvizError):
            values[name], notice = _understood(name, form, text)
            notices.append(notice)
    if len(notices) > MAX_NOTICES:
        more = len(notices) - MAX_NOTICES + 1
        notices[MAX_NOTICES - 1 :] = [f"{more} more of the link's parameters will not do."]
    return Settings().having(**values), notices


def encode(settings: Settings) -> dict[str, str]:
    """URL parameters for whatever differs from its default."""
    values = ((name, form, settings.get(name)) for name, form in FORMS.items())
    return {
        name: form.write(value)
        for name, form, value in values
        if value != form.default and value is not None
    }


def link(settings: Settings) -> dict[str, str]:
    """`encode`, without what would make a link too long for browsers and servers."""

    return {
        name: text
        for name, text in encode(settings).items()
        if not is_too_long(name, settings.get(name))
    }


def is_too_long(name: str, value: Any) -> bool:
    """Whether a link has no room for this value of a setting."""
    most = FORMS[name].linked
    return most is not None and len(FORMS[name].write(value)) > most


def _understood(name: str, form: TextForm, text: str) -> tuple[Any, str]:
    """What counts of a broken text, the default where nothing does, and a sentence on the rest."""
    good, bad = form.read_parts(text) if len(text) <= LONGEST_IN_PARTS else (form.default, [])
    if good == form.default:
        instead = form.rule or "the default is used instead"
        return good, f"The link's {name} “{_short(text)}” will not do: {instead}."
    words = _short(", ".join(bad) or form.between)
    why = f": {form.rule}" if form.rule else ""
    return good, f"Of the link's {name}, “{words}” means nothing and was left out{why}."


def _short(text: str) -> str:
    printable = "".join(c if c.isprintable() else "?" for c in text[:24])
    return printable + ("…" if len(text) > 24 else "")
