"""Bytes over the wire of a first visit to Explore, nothing cached, as Chromium counts them."""

from __future__ import annotations

from report import Row
from stage import stage, visit


def measure() -> list[Row]:
    from loaded_bytes import count  # of the browser tests, which stage has put on the path

    with stage() as (page, url):
        loaded = count(page)
        visit(page, url)
        page.get_by_role("slider", name="Time step").wait_for()
    return [
        Row("first visit to Explore", loaded.total / 1e6, "MB", 1.5),
        Row(f"  in {len(loaded.files)} files", sum(loaded.files) / 1e6, "MB"),
        Row(f"  in {len(loaded.messages)} websocket messages", sum(loaded.messages) / 1e6, "MB"),
    ]
