"""A running app, a Chromium, and a page that fails its test when the app misbehaves.

One server a session. The browser is shared by all tests of this folder that follow one another and
closed before another folder's: Playwright's event loop runs while it is open, and other tests must
find none. Its pages share one HTTP cache (a cold one costs seconds each), and each test finds the
browser's storage empty; `stranger` is a visitor who has neither. Pages are tabs of one window and
share one process, both kept by a page that stays: a page of its own window and process costs twice
the time to load. And tabs are used again: in a new one the app costs half as much again to load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import browsers
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from screen import PATIENCE, Open, watch
from server import Launch, forking, serve

ARGUMENTS = [
    *browsers.ARGUMENTS,
    "--use-fake-device-for-media-stream",  # a microphone that beeps
    "--use-fake-ui-for-media-stream",
    "--process-per-site",
    # a tab is left before its code has run often enough to be worth optimising, and its garbage is
    # worth little more: a tenth of what the browser tests cost
    "--js-flags=--no-opt --min-semi-space-size=64 --max-semi-space-size=128",
]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the app answers."""
    with serve() as (url, _):
        yield url


@pytest.fixture(scope="session")
def launch() -> Iterator[Launch]:
    """How servers of their own are started by tests that need one: quickly."""
    with forking() as launch:
        yield launch


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browsers.find(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def staying(browser: Browser, address: str) -> Iterator[Page]:
    """The page that stays, so that no other is the last to close."""
    context = browser.new_context(viewport=browsers.VIEWPORT)
    page = context.new_page()
    page.goto(f"{address}/_stcore/health")
    yield page
    context.close()


@pytest.fixture(scope="package")
def resting(staying: Page) -> list[Page]:
    """Empty tabs, for the next test."""
    return []


UNTOUCHED = """() => [WebSocket, Date, fetch, setTimeout].every(
  (each) => String(each).includes("[native code]"))"""
"""Playwright's route_web_socket and clock put scripts into a tab that nothing takes out again."""


def rests(page: Page) -> bool:
    """Whether a tab could be emptied; then nothing is left in it of what was there."""
    if page.is_closed():
        return False
    page.unroute_all()
    page.mouse.up()
    page.mouse.move(0, 0)
    page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")
    assert page.evaluate(UNTOUCHED), "a tab that holds scripts is used once: visit(prepare=…)"
    return True


@pytest.fixture
def cached(staying: Page) -> BrowserContext:
    staying.context.clear_cookies()
    staying.context.clear_permissions()
    staying.evaluate("localStorage.clear(); sessionStorage.clear()")
    return staying.context


@pytest.fixture
def misbehaviour() -> Iterator[list[str]]:
    """What pages did wrong. The test fails at its end if there is anything."""
    found: list[str] = []
    yield found
    assert found == []


def untrained(query: str) -> str:
    """The link, for an untrained network unless it names a trained one; a tanh if no cell."""
    if "trained=" in query:
        return query
    asked = "trained=-" if "cell=" in query else "cell=RNN_TANH&trained=-"
    return f"{query}{'&' if '?' in query else '?'}{asked}"


@pytest.fixture
def visit(
    cached: BrowserContext,
    resting: list[Page],
    address: str,
    misbehaviour: list[str],
    request: pytest.FixtureRequest,
) -> Iterator[Open]:
    """visit("?cell=GRU") -> a page with the player on it, left after the test.

    moving: play new sequences by themselves; otherwise the system asks for reduced motion, so that
    they stand at their last step at once. width, height in pixels. scheme: "light" or "dark".
    stranger: another browser, with nothing cached. prepare: what is done with the tab before it
    goes there; no other test gets it, for scripts stay in it (add_init_script, route_web_socket,
    clock). url: another server. first: the link as it is, and so without parameters the trained
    network of a first visit; see `untrained`.
    """
    opened: list[Page] = []
    shared: dict[Page, Callable[[], None]] = {}

    def go(
        query: str = "",
        *,
        moving: bool = False,
        width: int = browsers.VIEWPORT["width"],
        height: int = browsers.VIEWPORT["height"],
        scheme: Any = "light",
        stranger: bool = False,
        prepare: Callable[[Page], object] | None = None,
        url: str = address,
        first: bool = False,
    ) -> Page:
        context = cached
        if stranger:
            browser = request.getfixturevalue("browser")
            context = browser.new_context(viewport=browsers.VIEWPORT)
            request.addfinalizer(context.close)
        is_shared = not stranger and prepare is None
        page = resting.pop() if is_shared and resting else context.new_page()
        unwatch = watch(page, url, misbehaviour)
        if is_shared:
            shared[page] = unwatch
        else:
            opened.append(page)
        page.set_default_timeout(PATIENCE)
        page.set_viewport_size({"width": width, "height": height})
        motion = "no-preference" if moving else "reduce"
        page.emulate_media(media="null", color_scheme=scheme, reduced_motion=motion)
        if prepare is not None:
            prepare(page)
        page.goto(f"{url}/{query if first else untrained(query)}")
        page.get_by_role("group", name="Player").wait_for()
        return page

    yield go
    for page in opened:
        page.close()
    for page, unwatch in shared.items():
        unwatch()
        if rests(page):
            resting.append(page)
