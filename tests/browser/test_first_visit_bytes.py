"""A first visit stays small: on a classroom's network thirty of them begin at once."""

from __future__ import annotations

import base64
from typing import Any

import browsers
from playwright.sync_api import Browser

LARGEST = 1_500_000  # bytes, of all that a browser with an empty cache loads


def test_a_first_visit_loads_no_more_than_promised(browser: Browser, address: str) -> None:
    loaded: list[float] = []

    def count_message(event: dict[str, Any]) -> None:
        data, is_binary = event["response"]["payloadData"], event["response"]["opcode"] == 2
        loaded.append(len(base64.b64decode(data)) if is_binary else len(data.encode()))

    context = browser.new_context(viewport=browsers.VIEWPORT, reduced_motion="reduce")
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    protocol.on("Network.webSocketFrameReceived", count_message)
    protocol.on("Network.webSocketFrameSent", count_message)
    page.goto(address)
    page.get_by_role("slider", name="Time step").wait_for()
    page.wait_for_load_state("networkidle")
    context.close()
    assert 1_000_000 < sum(loaded) <= LARGEST
