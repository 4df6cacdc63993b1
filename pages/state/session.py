"""One visitor's state: the settings, what ties widgets to them, and what no link carries."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from pages.state.browser.pad_drawing import Pad
from pages.state.browser.player_view import ORDERED, Orders
from pages.state.cache import Cache
from pages.state.classroom.held import Poll
from pages.state.files.upload import Upload
from pages.state.schema import FILE_FEEDS, FORMS, Settings
from pages.state.training.held import Training
from seqviz.errors import SeqvizError
from seqviz.types import FloatArray, InputSequence

SOUNDS = ("sound", "hum")
"""Where Uses hears the visitor: an uploader and a microphone."""
UPLOADERS = ("upload", "record", "weights", "symbols", *SOUNDS)
"""Names of widgets that bring a file."""
_GONE = object()


@dataclass
class Session:
    """settings: all that a link carries. options: what else widgets set, by name (see Upload).

    versions: how often a value's widget was begun anew. tied: for each widget that was drawn,
    its key and what it said last. retired: the same of the widget before it, which somebody may
    still use until the browser has the new one. limits: of number boxes, with their label.
    clicks: buttons that were pressed and not yet answered, oldest first. files: the newest from
    each uploader. wanted: files without their bytes, which the link names and this server does
    not have. training: what it has to do with training, see state/training/training_run.
    linked_choices: what a link chose of weights, by their Upload.link, until they are here.
    last_sequence: what is read while the newest input will not do, with its waveform. notices:
    what to say of a link, a restart or a number. linked: what the link it was opened with says.
    predicted: behind which step the class has said what it expects, see classroom/folded. poll:
    the room it is in, see classroom/polls. page: the one on screen, as in the address. bar:
    where the classroom's controls stand in this run.
    """

    settings: Settings = field(default_factory=Settings)
    options: dict[str, Any] = field(default_factory=dict)
    versions: Counter[str] = field(default_factory=Counter)
    tied: dict[str, tuple[str, Any]] = field(default_factory=dict)
    retired: dict[str, tuple[str, Any]] = field(default_factory=dict)
    limits: dict[str, tuple[str, float, float]] = field(default_factory=dict)
    clicks: deque[Callable[[], None]] = field(default_factory=deque)
    orders: Orders = field(default_factory=Orders)
    pad: Pad = field(default_factory=Pad)
    files: dict[str, Upload] = field(default_factory=dict)
    wanted: dict[str, Upload] = field(default_factory=dict)
    linked_choices: dict[str, dict[str, Any]] = field(default_factory=dict)
    last_sequence: tuple[InputSequence, FloatArray | None] | None = None
    notices: list[str] = field(default_factory=list)
    linked: frozenset[str] = frozenset()  # what the link it was opened with says
    resumed: bool = False  # begun for a page that is older than this server
    cache: Cache = field(default_factory=Cache)
    training: Training = field(default_factory=Training)
    predicted: int | None = None
    poll: Poll = field(default_factory=Poll)
    page: str = ""
    bar: Any = None

    # ---- what the browser says -------------------------------------------------------------------

    def read(self) -> bool:
        """Take what widgets, pad and player say, then do what buttons asked for.

        May be cut off anywhere and called again: it asks for what is, not for what happened.
        Returns whether anything is new.
        """
        before, read = self._state(), False
        self.settings = self.pad.read(self.settings, self.pad_mode)
        self.settings = self.settings.having(**self.orders.reported())
        for widgets in (self.retired, self.tied):
            for name, (key, said) in tuple(widgets.items()):
                value = st.session_state.get(key, _GONE)
                if value is _GONE:
                    if name not in FORMS:  # an uploader that comes back begins empty
                        del widgets[name]
                elif value != said:
                    widgets[name] = key, value
                    if not read:  # what was said has been read: somebody went on
                        self.notices, read = [], True
                    self._take(name, value)
        while self.clicks:
            self.clicks.popleft()()
        return before != self._state()

    @property
    def pad_mode(self) -> str:
        """ "curve" or "pen": of the pad on screen; "" where there is none."""
        if self.page == "uses":  # which draws with the pen, whatever is fed to Explore
            return "pen" if self.settings.use == "handwriting" else ""
        return self.settings.drawing if self.settings.feed == "draw" else ""

    def _state(self) -> tuple[object, ...]:
        files = {slot: file.digest for slot, file in self.files.items()}
        return self.settings, dict(self.options), files, self.pad.live, self.pad.version

    def _take(self, name: str, value: Any) -> None:
        if (beyond := self._beyond(name, value)) is not None:
            self.notices.append(beyond)
        elif name in UPLOADERS:
            self._take_file(name, value)
        elif name not in FORMS:
            self.options[name] = value
        else:
            with suppress(ValueError, SeqvizError):  # a forged value changes nothing
                self.settings = self.settings.having(**{name: FORMS[name].checked(value)})
            if name in ORDERED:
                self.orders.give(self.settings, moves=False)  # a box on Memory says it, too

    def _beyond(self, name: str, value: Any) -> str | None:
        """Why a number box does not take this number, in a sentence."""
        label, low, high = self.limits.get(name, ("", -math.inf, math.inf))
        if not isinstance(value, int | float) or low <= value <= high:
            return None
        least, most, said = (
            f"{number:,}" if isinstance(number, int) else f"{number:g}"
            for number in (low, high, value)
        )
        return f"{label} may be {least} to {most}, not {said}: it stays as it was."

    def _take_file(self, slot: str, file: Any) -> None:
        """Keep the bytes: the widget forgets them when it leaves the screen."""
        if hasattr(file, "getvalue"):
            before = self.files.get(slot) or self.wanted.get(slot)
            self.files.pop(slot, None)  # the newest of all stands last
            self.files[slot] = Upload.of(file.name, file.getvalue())
            another = before and before.digest != self.files[slot].digest
            if another and slot in FILE_FEEDS:
                self.settings = self.settings.having(header=None)  # it was said of the one before
            self.wanted.pop(slot, None)
        elif file is not None:  # named by the browser, and gone from the server
            if slot not in self.files:
                self.notices.append("The server does not have this file any more: upload it again.")
        elif slot not in ("weights", "symbols"):  # taken away by hand: it stays until another comes
            self.files.pop(slot, None)

    # ---- what code sets --------------------------------------------------------------------------

    def set(self, **values: Any) -> None:
        """Set values from code; widgets and pad show them when they are drawn the next time."""
        own = {name: value for name, value in values.items() if name in FORMS}
        self.options |= {name: value for name, value in values.items() if name not in FORMS}
        before, self.settings = self.settings, self.settings.having(**own)
        if (before.curve, before.strokes) != (self.settings.curve, self.settings.strokes):
            self.pad.set_by_code()

    def open(self, settings: Settings) -> None:
        """Set all values: those of a link, or of an address the browser went back to."""
        self.set(**{name: settings.get(name) for name in FORMS})
        self.orders.give(self.settings)

    def press(self, action: Callable[..., None], *args: Any) -> Callable[[], None]:
        """For a button's on_click: action(*args) is done at the top of the next run.

        Only a list grows in the callback, for Streamlit may end one at any look into the session.
        """
        return lambda: self.clicks.append(lambda: action(*args))

    def play_at(self, step: int | None) -> None:
        """Let the player go to a step, None for the last one."""
        self.settings = self.settings.having(step=step)
        self.orders.give(self.settings)

    def value(self, name: str) -> Any:
        """Of a setting or an option; None where there is none."""
        return self.settings.get(name) if name in FORMS else self.options.get(name)

    def said_by_widget(self, name: str) -> bool:
        """Whether the value is one that its widget has said or was drawn with: code set no other
        since."""
        return name in self.tied and self.tied[name][1] == self.settings.get(name)

    # ---- how widgets are tied to values ----------------------------------------------------------

    def tie(self, name: str, default: Any = None) -> dict[str, Any]:
        """key and value for a slider, box or switch. default: shown where nothing is set."""
        key, value = self._tied(name, default)
        return {"key": key, "value": value}

    def tie_number(
        self, name: str, label: str, low: float, high: float, default: Any = None
    ) -> dict[str, Any]:
        """key and value for a box with a number from low to high, which may say any."""
        self.limits[name] = label, low, high
        return self.tie(name, default)

    def tie_choice(self, name: str, default: Any = None) -> dict[str, Any]:
        """key and default for pills, segmented controls and multiselects."""
        key, value = self._tied(name, default)
        return {"key": key, "default": value}

    def tie_index(self, name: str, options: Sequence[Any], default: Any = None) -> dict[str, Any]:
        """key and index for a selectbox or radio with these options."""
        key, value = self._tied(name, default)
        return {"key": key, "index": options.index(value) if value in options else None}

    def replace_file(self, slot: str, file: Upload | None) -> None:
        """Set a file from code; its uploader begins empty, and what the one before says is late."""
        self.files.pop(slot, None)
        if file is not None:
            self.files[slot] = file
        self.tied.pop(slot, None)
        self.versions[slot] += 1

    def begin_anew(self, name: str) -> None:
        """Let the widget of this value start afresh: what it may be chosen from is another list."""
        if name in self.tied:
            del self.tied[name]
            self.versions[name] += 1
        self.retired.pop(name, None)

    def begin_widgets_anew(self) -> None:
        """Let every widget show the present value, and pass over what those before it say."""
        self.versions.update(list(self.tied))
        self.tied.clear()
        self.retired.clear()

    def tie_file(self, slot: str) -> dict[str, Any]:
        """key for an uploader, which always begins empty."""
        key = f"{slot}@{self.versions[slot]}"
        self.tied.setdefault(slot, (key, None))
        return {"key": key}

    def _tied(self, name: str, default: Any) -> tuple[str, Any]:
        """The key and the present value, or default while there is none.

        A widget keeps what it said last, whatever default it is given later. So where code has set
        another value since, it gets another version, and the browser begins a new one.
        """
        value = self.value(name)
        value = default if value is None else value
        if name in self.tied and self.tied[name][1] != value:
            self.retired[name] = self.tied[name]
            self.versions[name] += 1
        key = f"{name}@{self.versions[name]}"
        self.tied[name] = key, value
        return key, value

    # ---- after a restart of the server -----------------------------------------------------------

    def handover(self) -> dict[str, Any]:
        """What the browser keeps of this session, for the server that comes after this one."""
        return {
            "versions": dict(self.versions),
            "pad": self.pad.version,
            "command": self.orders.command,
        }

    def take_over(self, handover: Mapping[str, Any]) -> None:
        """Go on where the session of a server that has ended stood: widgets, pad and player then
        say the rest. What is not from `handover` is passed over.
        """
        self.resumed = True
        versions = handover.get("versions")
        if isinstance(versions, dict):
            known = {str(k): v for k, v in versions.items() if type(v) is int and 0 <= v < 2**31}
            self.versions = Counter(known)
        self.pad.version = _count(handover.get("pad"))
        self.orders.command = _count(handover.get("command"))


def _count(value: object) -> int:
    return value if type(value) is int and 0 <= value < 2**31 else 0
