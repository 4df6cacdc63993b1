"""A script that is fetched once: the component is told where, and the server has it there."""

import asyncio
import re

import pytest

from pages.components import scripts
from pages.components.source import bundle


@pytest.fixture
def fetched(monkeypatch):
    monkeypatch.setattr(scripts, "_scripts", {})
    return scripts.fetched("some", "connection/connection.js")


def answer(path):
    """What the route sends: status, headers, body."""
    sent = []
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    (route,) = scripts.ROUTES
    match, more = route.matches(scope)
    assert match.value == 2  # full
    asyncio.run(route.handle(scope | more, receive, send))
    headers = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], headers, sent[1]["body"].decode()


def test_the_server_has_what_the_component_is_told_to_fetch(fetched):
    name = re.search(r'appAddress\("(scripts/some\.js)\?[0-9a-f]{16}"\)', fetched)[1]
    status, headers, body = answer(f"/{name}")
    assert status == 200 and body == bundle("connection/connection.js")
    assert headers["content-type"].startswith("text/javascript")
    assert "immutable" in headers["cache-control"]


def test_it_is_small_whatever_it_fetches(fetched):
    assert len(fetched) < 400 and "export default mount" in fetched


def test_another_text_has_another_address(fetched):
    assert scripts.fetched("some", "draw_pad/draw_pad.js") != fetched


def test_an_unknown_name_is_not_found(fetched):
    assert answer("/scripts/other.js")[0] == 404
