"""What a page loads, as Chromium counts it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page


@dataclass
class Loaded:
    """Bytes of each file, as they came over the wire, and of each message of a websocket."""

    files: list[float] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)

    @property
    def total(self) -> float:
        return sum(self.files) + sum(self.messages)


def count(page: Page) -> Loaded:
    """All that the page loads from now on."""
    loaded = Loaded()

    def message(event: dict[str, Any]) -> None:
        data, is_binary = event["response"]["payloadData"], event["response"]["opcode"] == 2
        loaded.messages.append(len(base64.b64decode(data)) if is_binary else len(data.encode()))

    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.on(
        "Network.loadingFinished", lambda event: loaded.files.append(event["encodedDataLength"])
    )
    protocol.on("Network.webSocketFrameReceived", message)
    protocol.on("Network.webSocketFrameSent", message)
    return loaded
