"""A person at the screen: each deed is done with the page and noted in what was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from agreement import SIGNED, Asked, agrees, control, in_address, is_linked
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLong
from samples import Sample
from screen import click_cell, option, player, settle, slider

from seqviz.data import drawing_payload
from seqviz.data.drawing import TOP

Path = Iterable[tuple[float, float]]
"""Places of a pointer on the pad: across and up, each from 0 to 1."""


WITHOUT = {"Forget-gate bias": "Default", "Unit threshold": "All units", "Length, s": "To the end"}
"""What the button says that empties a box."""


class Person:
    """Somebody who has just opened a page. asked: what the link said."""

    def __init__(self, page: Page, **asked: Any) -> None:
        self.page = page
        self.asked = Asked(values=Asked().values | asked)

    def agrees(self, **more: Any) -> None:
        """See `agreement.agrees`."""
        agrees(self.page, self.asked, **more)

    def is_linked(self) -> None:
        """Wait until the address holds what was asked for, without a look at the screen."""
        is_linked(self.page, self.asked)

    def _meant(self, role: str, name: str, shown: object) -> None:
        one = control(self.asked, role, name)
        if one.own:
            self.asked.choose(one.field, one.meant(shown))
        else:
            self.asked.set(**{one.field: one.meant(shown)})

    # ---- controls --------------------------------------------------------------------------------

    def choose(self, group: str, choice: str) -> None:
        row = self.page.get_by_role("radiogroup", name=group, exact=True)
        row.get_by_role("radio", name=choice, exact=True).click()
        self._meant("radiogroup", group, choice)

    def pick(self, label: str, choice: str) -> None:
        """From a menu."""
        self.page.get_by_role("combobox", name=label, exact=True).click()
        self.page.get_by_role("option", name=choice, exact=True).click()
        self._meant("combobox", label, choice)

    def fill(self, name: str, value: float | None, end: str = "Enter") -> None:
        """A number, None for none. end: the key that ends the typing."""
        if value is None:
            self.page.get_by_role("button", name=WITHOUT[name], exact=False).click()
        else:
            box = self.page.get_by_role("spinbutton", name=name, exact=True)
            box.fill(f"{value:g}")
            if end:
                box.press(end)
        self._meant("spinbutton", name, value)

    def type(self, name: str, text: str, end: str = "") -> None:
        """A text. end: the key that ends the typing."""
        box = self.page.get_by_role("textbox", name=name, exact=True)
        box.fill(text)
        if end:
            box.press(end)
        self._meant("textbox", name, text)

    def toggle(self, name: str) -> None:
        self.page.get_by_role("switch", name=name, exact=True).press("Space")
        self._meant("switch", name, not control(self.asked, "switch", name).value(self.asked))

    def slide(self, name: str, key: str, value: float, times: int = 1) -> None:
        """A slider, by keys, until it shows value; times: how many presses that takes.

        One that is not drawn yet counts two presses as one: a person looks, and presses again.
        """
        handle = self.page.get_by_role("slider", name=f"{name} {name}", exact=True)
        handle.focus()
        for _ in range(2 * times):
            before = handle.input_value()
            if float(before) == value:
                break
            handle.press(key)
            with suppress(AssertionError):
                expect(handle).not_to_have_value(before, timeout=2000)
        self._meant("slider", name, value)

    def click(self, name: str, times: int = 1, **set: Any) -> None:
        """A button. set: what the clicks set."""
        one = self.page.get_by_role("button", name=name, exact=True)
        if times == 2:
            one.dblclick(delay=30)  # ms a button is down: no hand is faster than that
        else:
            for _ in range(times):
                one.click()
        self.asked.set(**set)

    def new_weights(self, times: int = 1) -> None:
        self.click("New weights", times, seed=self.asked["seed"] + times)

    # ---- the player ------------------------------------------------------------------------------

    def step(self, step: int) -> None:
        slider(self.page).fill(str(step))
        last = len(self.asked.sequence) if self.asked.sequence else 0
        self.asked.set(step=None if step == last else step)

    def open(self, layer: int, unit: int, step: int) -> None:
        """A click on a cell; layers count from 1."""
        asked = self.asked
        assert asked.sequence is not None
        steps, units = len(asked.sequence), asked["hidden_size"]
        click_cell(self.page, f"layer {layer}", step, unit, steps, units)
        asked.set(selected=f"{layer - 1}.0.{unit}", step=None if step == steps else step)

    def speed(self, speed: float) -> None:
        option(self.page, "Speed").select_option(f"{speed:g}")
        self.asked.set(speed=f"{speed:g}")

    def loop(self) -> None:
        player(self.page).get_by_role("checkbox", name="Loop").click()
        self.asked.set(loop=not self.asked["loop"])

    def future(self, future: str) -> None:
        option(self.page, "Future").select_option(future)
        self.asked.set(future=future)

    def zoom(self, zoom: int) -> None:
        option(self.page, "Zoom").select_option(str(zoom))
        self.asked.set(zoom=str(zoom))

    def scale(self) -> None:
        """The other way to colour what is shown now."""
        player(self.page).get_by_role("button", name=re.compile("^Colour scale")).click()
        name = "scale" if self.asked.colours in SIGNED else "gate_scale"
        self.asked.set(**{name: "whole" if self.asked[name] == "fit" else "fit"})

    # ---- feeds -----------------------------------------------------------------------------------

    def feed(self, feed: str) -> None:
        """Choose a feed, unless it is chosen already."""
        if self.asked["feed"] != feed.lower():
            self.choose("Feed", feed)

    def upload(self, sample: Sample) -> None:
        self.feed("Upload")
        region = self.page.get_by_role("region", name="Upload a file")
        region.get_by_role("button", name="file upload").set_input_files([sample.payload])
        self.asked.files["upload"] = sample
        self.asked.follow()

    def record(self) -> None:
        """A second of the microphone's beep: how long it is, only the screen knows."""
        self.feed("Record")
        main = self.page.get_by_role("main")
        main.get_by_role("button", name="Record", exact=True).click()
        expect(main).to_contain_text("00:01")
        self.page.get_by_role("button", name="Stop recording").click()
        said = main.get_by_text(re.compile(r": [\d.]+ s at 16,000 Hz"))
        name, seconds = re.findall(r"(\S+): ([\d.]+) s", said.inner_text())[0]
        settle(self.page)
        steps = int(slider(self.page).get_attribute("max") or 0)
        assert abs(steps - 2000 * float(seconds) / self.asked["frame_ms"]) < 3
        self.asked.files["record"] = Sample(name, b"", "recording", steps)
        self.asked.follow()

    def clear(self) -> None:
        field = "strokes" if self.asked["drawing"] == "pen" else "curve"
        self.click("Clear", **{field: ""})

    def draw(self, path: Path) -> None:
        """With the curve's pointer, from left to right."""
        places = list(path)
        self.stroke(places)
        self.drawn(places)

    def drawn(self, places: list[tuple[float, float]], patience: float | None = None) -> None:
        """The curve in the address is a new one, whole, and close to where the pointer was. Until
        the hand is lifted it may say how far the hand has come."""
        steps = self.asked["steps"]
        across, up = (np.array(axis) for axis in zip(*places, strict=True))
        drawn = np.arange(steps)[int(across[0] * steps) + 1 : int(across[-1] * steps) - 1]
        hand = np.interp((drawn + 0.5) / steps, across, up)
        bound = 0.1 + 1.5 * np.abs(np.diff(hand)).max(initial=0)

        def is_near(text: str) -> bool:
            levels = np.array(drawing_payload.unpack_levels(text)) / TOP
            return len(levels) == steps and bool(np.abs(levels[drawn] - hand).max() < bound)

        self.asked.set(curve=self.new_address("curve", patience, is_near))

    def held_to_the_end(self) -> None:
        """The curve in the address is a new one with a value for every step."""
        steps = self.asked["steps"]

        def is_whole(text: str) -> bool:
            return len(drawing_payload.unpack_levels(text)) == steps

        self.asked.set(curve=self.new_address("curve", fits=is_whole))

    def write(self, *paths: Path) -> None:
        """With the pen, a stroke each."""
        before = self.asked["strokes"]
        known = len(drawing_payload.unpack_strokes(before)) if before else 0
        for number, path in enumerate(paths, known + 1):
            places = list(path)
            self.stroke(places)
            end = places[-1][0]

            def is_written(text: str, number: int = number, end: float = end) -> bool:
                strokes = drawing_payload.unpack_strokes(text)
                return len(strokes) == number and abs(strokes[-1][-1][0] / TOP - end) < 0.003

            self.asked.set(strokes=self.new_address("strokes", fits=is_written))

    def stroke(self, path: Path, up: bool = True) -> None:
        """The pointer along a path on the pad. up: lifted at its end."""
        self._wait_for_the_pad()
        first, *others = path
        self.move([first])
        self.page.mouse.down()
        self.move(others)
        if up:
            self.page.mouse.up()

    def _wait_for_the_pad(self) -> None:
        """Nobody writes on a pad that still shows a curve, nor draws over what is written."""

        def there(url: str) -> bool:
            return bool(in_address(url)["address drawing"] == self.asked["drawing"])

        self.page.wait_for_url(there, wait_until="commit")
        settle(self.page)

    def move(self, path: Path) -> None:
        """The pointer over the pad, on small steps."""
        move = hand(self.page)
        for across, up in path:
            move(self._above(across), up)

    def _above(self, across: float) -> float:
        """Where a share of all steps is on the pad: a curve leaves room for the player's h_0."""
        if self.asked["drawing"] == "pen":
            return across
        steps, after = self.asked["steps"], int(self.asked["bidirectional"])
        return (1 + across * steps) / (1 + steps + after)

    def new_address(
        self,
        name: str,
        patience: float | None = None,
        fits: Callable[[str], bool] = bool,
    ) -> str:
        """A parameter in the address once it fits and is another than what was asked for so far."""
        before = str(self.asked[name])
        found = ""

        def changed(url: str) -> bool:
            nonlocal found
            found = parse_qs(urlsplit(url).query).get(name, [""])[0]
            return found not in ("", "-", before) and fits(found)  # "-": the pad is empty

        timeout = None if patience is None else 1000 * patience
        try:
            self.page.wait_for_url(changed, wait_until="commit", timeout=timeout)
        except TooLong:
            raise AssertionError(f"{name} was {before!r}, and now is {found!r}") from None
        return found

    # ---- pages and history -----------------------------------------------------------------------

    def go(self, name: str) -> None:
        """To another page by the navigation."""
        self.page.get_by_role("link", name=name, exact=True).click()
        self.arrive("" if name == "Explore" else name.lower())

    def arrive(self, page: str) -> None:
        self.page.wait_for_url(lambda url: urlsplit(url).path == f"/{page}", wait_until="commit")
        self.asked.page = page
        self.asked.follow()

    def connected(self, patience: float) -> None:
        """Wait until the page has found its server and has come to rest."""
        settle(self.page, timeout=patience)

    def reload(self) -> None:
        self.page.reload()
        player(self.page).wait_for()
        self.asked.reload()


def pad(page: Page) -> Locator:
    return page.get_by_role("img", name="Draw a sequence")


def hand(page: Page) -> Callable[[float, float], None]:
    """move(across, up): the pointer to a place on the pad, each from 0 to 1, on small steps."""
    box = pad(page).bounding_box()
    assert box is not None

    def move(across: float, up: float) -> None:
        page.mouse.move(
            box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"], steps=3
        )

    return move
