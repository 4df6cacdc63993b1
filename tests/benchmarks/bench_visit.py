"""Bytes over the wire of a first visit to Explore, nothing cached, as Chromium counts them."""

from __future__ import annotations

import base64
from typing import Any

from report import Row
from stage import stage, visit


def measure() -> list[Row]:
    http: list[float] = []
    socket: list[int] = []

    def frame(event: dict[str, Any]) -> None:
        response = event["response"]
        data = response["payloadData"]
        binary = response["opcode"] == 2
        socket.append(len(base64.b64decode(data)) if binary else len(data.encode()))

    with stage() as (page, url):
        protocol = page.context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.on(
            "Network.loadingFinished", lambda event: http.append(event["encodedDataLength"])
        )
        protocol.on("Network.webSocketFrameReceived", frame)
        protocol.on("Network.webSocketFrameSent", frame)
        visit(page, url)
        page.get_by_role("slider", name="Time step").wait_for()
    return [
        Row("first visit to Explore", (sum(http) + sum(socket)) / 1e6, "MB", 1.5),
        Row(f"  in {len(http)} files", sum(http) / 1e6, "MB"),
        Row(f"  in {len(socket)} websocket messages", sum(socket) / 1e6, "MB"),
    ]
