"""The browser's storage: browser_storage.js behind one typed function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.components.source import bundle

_STORAGE = st.components.v2.component(
    "browser_storage", js=bundle("browser_storage/browser_storage.js")
)


def browser_storage(name: str, keep: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Keep something under a name, or, with None, only ask for what is there. What another tab has
    kept stays, but for the entries that have changed here, also within a mapping's mappings.

    Returns what was there when the page was opened, once the browser has said it, in a run of its
    own; None before, and where nothing is kept or the browser keeps nothing. Its words: check them.
    """
    result = _STORAGE(
        key=f"_stored_{name}",
        data={"name": name, "keep": None if keep is None else dict(keep)},
        height="content",
        on_kept_change=lambda: None,
    )
    kept = result.get("kept")
    return kept if isinstance(kept, dict) else None
