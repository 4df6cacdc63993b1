"""Do all parts of the screen say the same? What a person asked for, held against all that is shown.

`Asked` is the tests' own model: what somebody has set, by the names links have for it, and what the
network reads then. `expected` says what must stand on the screen and in the address, `seen` what
does; both are flat tables, and `agrees` waits until they are equal.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TooLong
from samples import Sample
from screen import settle, slider

from pages.state.schema import FORMS, Settings
from seqviz import RNNSpec, Trace, build, labels, trace
from seqviz.analysis import spectrum
from seqviz.data import audio, drawing, drawing_payload, generators, text, url_payload
from seqviz.data.alphabet import alphabet
from seqviz.data.readers import files
from seqviz.data.readers.read_sound import read_sound
from seqviz.data.table_selection import select
from seqviz.figures import summary
from seqviz.rnn import intervened_run, interventions, model
from seqviz.rnn.initial_state import initial_state
from seqviz.types import InputSequence

PATIENCE = 15.0  # seconds until a screen that does not agree is given up
Table = dict[str, Any]

# ---- what a first visit has set ------------------------------------------------------------------


def defaults() -> dict[str, Any]:
    """Every shareable value of a first visit. The only place that asks the app for something."""
    return dict(_DEFAULTS)


_DEFAULTS = {name: Settings().get(name) for name in FORMS}


UNTRAINED = {"cell": "RNN_TANH", "trained": ""}
"""What the links of most tests ask for: numbers of an untrained network can be foretold."""


# ---- what somebody has asked for -----------------------------------------------------------------

SIGNED = "hcgn"  # quantities from -1 to 1; the others are shares from 0 to 1
QUANTITIES = {
    "h": "h hidden state",
    "c": "c cell",
    "i": "i input",
    "f": "f forget",
    "g": "g candidate",
    "o": "o output",
    "r": "r reset",
    "z": "z update",
    "n": "n candidate",
}
OF_PRESETS = {"cells": ("h",), "parameters": ("h",), "forget bias": tuple("hcifgo")}
FILE_FEEDS = {"upload", "record"}
NEW_FILE = {"First row": 1, "Last row": None, "Stride": 1, "Standardise": False}
CHOICES = {
    "First row": "first", "Last row": "last", "Stride": "stride", "Standardise": "standardise",
    "Start, s": "start", "Length, s": "length",
}  # fmt: skip
"""How a link calls what is set for a file alone."""
NEW_SOUND = {"Start, s": 0.0, "Length, s": None, "Standardise": True}


@dataclass
class Asked:
    """What a person has set. page: "", "compare" or "memory".

    values: by the names of links. files: by feed, what was uploaded or recorded in this visit;
    choices: by a file's name, what was set for that file alone. wanted: by feed, what a restarted
    server has lost. before: what the network read last, which stays until a new feed has something
    to read.
    """

    page: str = ""
    values: dict[str, Any] = field(default_factory=lambda: defaults() | UNTRAINED)
    files: dict[str, Sample] = field(default_factory=dict)
    choices: dict[str, dict[str, Any]] = field(default_factory=dict)
    wanted: dict[str, Sample] = field(default_factory=dict)
    before: InputSequence | None = None
    linked: str = ""

    def __post_init__(self) -> None:
        self.before = self.sequence

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def set(self, **values: Any) -> None:
        """The person sets something; what follows from it follows."""
        unknown = values.keys() - self.values.keys()
        assert not unknown, f"no such parameters: {unknown}"
        self.values |= values
        self.follow()

    def choose(self, name: str, value: Any) -> None:
        """The person sets something that belongs to the uploaded file alone."""
        file = self.files[self["feed"]]
        self.choices.setdefault(file.name, {})[name] = value
        self.follow()

    def follow(self) -> None:
        """A quantity the network does not have becomes h; a new sequence plays to its end."""
        if self["feed"] not in FILE_FEEDS:
            self.linked = ""
        now = self.sequence
        different = self.before is None or now is None or now.digest != self.before.digest
        if different:
            self.values["step"] = None
        self.before = now
        gone = self["quantity"] not in self.quantities
        if gone and (self.page == "" or len(self.quantities) > 1):
            self.values["quantity"] = "h"
        layers = (*map(str, range(1, self["num_layers"])), "last")
        if self.page == "compare" and self["compare_layer"] not in layers:
            self.values["compare_layer"] = "last"

    def reload(self, restarted: bool = False) -> None:
        """What a reload leaves: the file in use with its choices, which the server keeps. One that
        was restarted has none, and reads what the link holds of it.
        """
        data, feed, file = self.data, self["feed"], self.file
        self.choices = {} if file is None else {file.name: self.choices.get(file.name, {})}
        self.wanted = {} if file is None or not restarted else {feed: file}
        self.files = {} if file is None or restarted else {feed: file}
        self.linked = data or ""
        if feed in FILE_FEEDS and not self.files and not data:
            self.before = _curve(self["curve"], self["steps"])
        self.follow()

    @property
    def file(self) -> Sample | None:
        return self.files.get(self["feed"]) if self["feed"] in FILE_FEEDS else None

    def option(self, name: str) -> Any:
        """What is set for the uploaded file alone."""
        assert self.file is not None
        own = self.choices.get(self.file.name, {})
        if name in own:
            return own[name]
        if name == "Last row":
            return self.file.steps
        return (NEW_FILE if self.file.kind == "table" else NEW_SOUND)[name]

    @property
    def sequence(self) -> InputSequence | None:
        """What the network reads; None while the pad is empty."""
        values, feed = self.values, self["feed"]
        if feed == "type":
            unit, typed = values["text_unit"], values["alphabet"]
            letters = alphabet(typed, unit, values["unknown"]) if typed else None
            return text.one_hot(values["text"], unit, letters)
        if feed == "generate":
            names = [p.name for p in generators.SOURCES[values["source"]].parameters]
            given = {name: values[f"{values['source']}_{name}"] for name in names}
            return generators.generate(values["source"], **given)
        if feed == "draw":
            if values["drawing"] == "pen":
                return _gesture(values["strokes"], values["steps"], values["resample"])
            return _curve(values["curve"], values["steps"])
        if self.file is not None:
            return self._of_file()
        return url_payload.unpack_sequence(self.linked) if self.linked else self.before

    def _of_file(self) -> InputSequence:
        file, values = self.file, self.values
        assert file is not None
        if file.kind == "recording":
            zeros = np.zeros(file.shape(values["bands"]), np.float32)
            return InputSequence(zeros, name=file.name, kind="audio")
        if file.kind == "sound":
            start, length = self.option("Start, s"), self.option("Length, s")
            made = _frames(file, start, length, values["bands"], values["frame_ms"])
            if self.option("Standardise"):
                made = replace(made, x=_standardised(made.x))
            if (start, length) == (0.0, None):
                assert made.x.shape == file.shape(values["bands"], values["frame_ms"])
            return made
        held = _read(file)
        if file.kind == "text":
            made = text.one_hot(held.text, values["text_unit"])
            assert values["text_unit"] == "words" or made.x.shape == file.shape()
            return made
        rows = (self.option(name) for name in ("First row", "Last row", "Stride", "Standardise"))
        first, last, stride, standardise = rows
        made = _selected(file, first, last, stride, standardise)
        assert (first, last, stride) != (1, file.steps, 1) or made.x.shape == file.shape()
        return made

    @property
    def guessed(self) -> bool:
        """Whether the numbers of x are not known here."""
        return self.file is not None and self.file.kind == "recording"

    @property
    def linked_file(self) -> str | None:
        """How a link names the file; None when its bytes are not known here."""
        feed = self["feed"]
        file = self.files.get(feed) or self.wanted.get(feed)
        if feed not in FILE_FEEDS or file is None:
            return ""
        if file.kind == "recording":
            return None
        sha256 = base64.urlsafe_b64encode(hashlib.sha256(file.data).digest()).decode()
        return f"{sha256.rstrip('=')}.{file.name}"

    @property
    def linked_choices(self) -> dict[str, Any]:
        """What was set for the file alone, by the names of links."""
        if self.linked_file == "":
            return {}
        feed = self["feed"]
        own = self.choices.get((self.files.get(feed) or self.wanted[feed]).name, {})
        values = {short: own.get(name) for name, short in CHOICES.items()}
        return {short: value for short, value in values.items() if value is not None}

    @property
    def data(self) -> str | None:
        """The sequence as a link carries it; None when that is not known here.

        Without a file what was there before stays on screen, and a link may carry it or not.
        """
        if self["feed"] not in FILE_FEEDS or self.sequence is None:
            return ""
        if self["feed"] in self.wanted and not self.linked and self.file is None:
            return ""
        without = self.file is None and not self.linked
        return None if self.guessed or without else url_payload.pack_sequence(self.sequence) or ""

    @property
    def spec(self) -> RNNSpec:
        values = self.values
        return RNNSpec(
            mode=values["cell"],
            input_size=self.sequence.input_size if self.sequence else 1,
            hidden_size=values["hidden_size"],
            num_layers=values["num_layers"],
            bias=values["bias"],
            bidirectional=values["bidirectional"],
            init=values["init"],
            forget_bias=values["forget_bias"] if values["cell"] == "LSTM" else None,
            seed=values["seed"],
        )

    @property
    def quantities(self) -> tuple[str, ...]:
        """What this page can show; Compare what its runs have in common."""
        if self.page == "memory":
            return ("h",)
        other = OF_PRESETS.get(self["compare"]) if self.page == "compare" else None
        return other or self.spec.quantities

    @property
    def colours(self) -> str:
        """The quantity that is coloured now."""
        return self["quantity"] if self["quantity"] in self.quantities else "h"

    @property
    def trace(self) -> Trace:
        spec, sequence = self.spec, self.sequence
        assert sequence is not None
        h_0, c_0 = initial_state(spec, self["h_0"], self["h_0_values"])
        return trace(build(spec), sequence, h_0, c_0, spec=spec)

    @property
    def changes(self) -> tuple[interventions.Intervention, ...]:
        """Those of Hands on that this network and sequence have a place for."""
        steps = len(self.sequence) if self.sequence else 0
        every = interventions.parse(self["changes"])
        return tuple(one for one in every if interventions.fits(self.spec, steps, one))

    def copy(self) -> Asked:
        return deepcopy(self)


def _standardised(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """(x - mean) / std of each column in float64; a column that never changes is 0."""
    wide = x.astype(np.float64)
    spread = np.where(wide.max(axis=0) > wide.min(axis=0), wide.std(axis=0), np.inf)
    return ((wide - wide.mean(axis=0)) / spread).astype(np.float32)


# One look at the screen asks for the sequence some twenty times: what was read is kept.


@lru_cache(8)
def _read(file: Sample) -> Any:
    return files.read(file.name, file.data)


@lru_cache(8)
def _selected(file: Sample, first: int, last: Any, stride: int, standardise: bool) -> InputSequence:
    held = _read(file)
    return select(held, held.columns, first - 1, last, stride, standardise)


@lru_cache(8)
def _frames(file: Sample, start: Any, length: Any, bands: int, frame_ms: Any) -> InputSequence:
    return audio.frames(read_sound(file.name, file.data, start, length), bands, frame_ms)


@lru_cache(8)
def _curve(curve: str, steps: int) -> InputSequence | None:
    levels = drawing_payload.unpack_levels(curve) if curve else ()
    return drawing.curve(levels, steps) if levels else None


@lru_cache(8)
def _gesture(written: str, steps: int, resample: Any) -> InputSequence | None:
    strokes = drawing_payload.unpack_strokes(written) if written else ()
    return drawing.gesture(strokes, steps, by=resample) if strokes else None


# ---- the controls on the screen ------------------------------------------------------------------


@dataclass(frozen=True)
class Control:
    """One control: its role and name, whose value it shows, and how values are shown.

    field: a parameter's name. own: it belongs to the uploaded file alone, not to a link.
    words: how each value reads; None for numbers, texts and switches, which show themselves.
    """

    role: str
    name: str
    field: str
    words: Mapping[Any, str] | None = None
    own: bool = False

    def value(self, asked: Asked) -> Any:
        """What it must show."""
        value = asked.option(self.field) if self.own else asked[self.field]
        return value if self.words is None else self.words[value]

    def meant(self, shown: object) -> Any:
        """The value that reads like this."""
        if self.words is None:
            return shown
        (value,) = (value for value, word in self.words.items() if word == shown)
        return value


def controls(asked: Asked) -> Iterator[Control]:
    """All that must be on the screen now."""
    yield from _of_network(asked)
    yield from {"": _of_explore, "compare": _of_compare, "memory": _of_memory}[asked.page](asked)
    yield from _of_player(asked)


def _of_network(asked: Asked) -> Iterator[Control]:
    cells = {"RNN_TANH": "RNN (tanh)", "RNN_RELU": "RNN (ReLU)", "GRU": "GRU", "LSTM": "LSTM"}
    inits = {name: name for name in ("orthogonal", "identity", "xavier")}
    starts = {"zeros": "zeros", "random": "random", "typed": "a value per unit"}
    yield Control("radiogroup", "Cell", "cell", cells)
    yield Control("slider", "hidden_size", "hidden_size")
    yield Control("slider", "num_layers", "num_layers")
    yield Control("switch", "bidirectional", "bidirectional")
    yield Control("switch", "bias", "bias")
    yield Control("combobox", "init", "init", {"default": "PyTorch default"} | inits)
    yield Control("combobox", "h_0", "h_0", starts)
    yield Control("spinbutton", "seed", "seed")
    if asked["h_0"] == "typed":
        yield Control("textbox", "h_0 values", "h_0_values")
    if asked["cell"] == "LSTM":
        yield Control("spinbutton", "Forget-gate bias", "forget_bias")


def _capital(*words: str) -> dict[str, str]:
    return {word: word.capitalize() for word in words}


def _of_explore(asked: Asked) -> Iterator[Control]:
    feeds = _capital("draw", "type", "upload", "generate", "record")
    yield Control("radiogroup", "Feed", "feed", feeds)
    units = {"characters": "characters", "words": "words"}
    match asked["feed"]:
        case "draw":
            yield Control("radiogroup", "Drawing", "drawing", _capital("curve", "pen"))
            yield Control("spinbutton", "Steps", "steps")
        case "type":
            yield Control("textbox", "Text", "text")
            yield Control("radiogroup", "One step is", "text_unit", units)
        case "generate":
            yield from _of_generator(asked["source"])
        case _ if asked.file is not None and asked.file.kind == "table":
            for name in ("First row", "Last row", "Stride"):
                yield Control("spinbutton", name, name, own=True)
            yield Control("switch", "Standardise", "Standardise", own=True)
        case _ if asked.file is not None and asked.file.kind == "text":
            yield Control("radiogroup", "One step is", "text_unit", units)
        case _ if asked.file is not None:
            yield Control("spinbutton", "Bands", "bands")
            yield Control("spinbutton", "Frame length, ms", "frame_ms")
            yield Control("spinbutton", "Start, s", "Start, s", own=True)
            yield Control("spinbutton", "Length, s", "Length, s", own=True)
            yield Control("switch", "Standardise", "Standardise", own=True)
    yield _of_quantity(asked.quantities)
    if asked.sequence is not None:
        views = {"arithmetic": "Arithmetic", "over time": "Unit over time"}
        views |= {"data flow": "Data flow", "hands on": "Hands on"}
        yield Control("radiogroup", "View", "inspect", views)


def _of_generator(source: str) -> Iterator[Control]:
    every = {key: each.label for key, each in generators.SOURCES.items()}
    yield Control("combobox", "Generator", "source", every)
    for parameter in generators.SOURCES[source].parameters:
        role = "combobox" if parameter.choices else "spinbutton"
        words = dict(enumerate(parameter.choices)) or None
        yield Control(role, parameter.label, f"{source}_{parameter.name}", words)


def _of_quantity(names: tuple[str, ...]) -> Control:
    return Control("radiogroup", "Quantity", "quantity", {name: QUANTITIES[name] for name in names})


PRESETS = ("cells", "parameters", "order", "sequences", "seeds", "inits", "forget bias")


def _of_compare(asked: Asked) -> Iterator[Control]:
    yield Control("radiogroup", "Compare", "compare", _capital(*PRESETS))
    match asked["compare"]:
        case "order":
            orders = _capital("reversed", "shuffled", "swapped")
            yield Control("radiogroup", "Order", "reorder", orders)
            if asked["reorder"] == "shuffled":
                yield Control("spinbutton", "Shuffle seed", "shuffle_seed")
            elif asked["reorder"] == "swapped":
                yield Control("spinbutton", "Step swapped with the next", "swap_at")
        case "sequences" if asked["feed"] == "type":
            yield Control("textbox", "Second text", "other_text")
        case "sequences":
            every = {key: each.label for key, each in generators.SOURCES.items()}
            yield Control("combobox", "Second sequence", "other_source", every)
            parameters = generators.SOURCES[asked["other_source"]].parameters
            if any(parameter.name == "seed" for parameter in parameters):
                yield Control("spinbutton", "Its seed", "other_seed")
        case "seeds":
            yield Control("spinbutton", "Other seed", "other_seed")
    layers = asked["num_layers"]
    if layers > 1:
        names = {str(k): f"Layer {k}" for k in range(1, layers)} | {"last": "Last layer"}
        yield Control("combobox", "Layer", "compare_layer", names)
    if len(asked.quantities) > 1:
        yield _of_quantity(asked.quantities)


MEASURES = {"nudge": "Forward test"} | _capital(
    "influence", "horizon", "spectrum", "gates", "trajectory", "alike"
)


def _of_memory(asked: Asked) -> Iterator[Control]:
    yield Control("radiogroup", "Measure", "measure", MEASURES)
    match asked["measure"]:
        case "nudge":
            yield Control("slider", "Nudge", "nudge")
        case "trajectory":
            yield Control("switch", "3D", "three_d")
            yield Control("switch", "With other orders", "together")
        case "alike":
            yield Control("spinbutton", "From step", "range_from")
            yield Control("spinbutton", "To step", "range_to")
            yield Control("spinbutton", "Unit threshold", "threshold")


SPEEDS = ("0.1", "0.25", "0.5", "1", "2", "4")


def _of_player(asked: Asked) -> Iterator[Control]:
    yield Control("switch", "Present", "present")
    yield Control("combobox", "Speed", "speed", {speed: f"{speed}×" for speed in SPEEDS})
    yield Control("checkbox", "Loop", "loop")
    futures = {"faint": "future faint", "hidden": "future hidden"}
    yield Control("combobox", "Future", "future", futures)
    zooms = {zoom: f"zoom {zoom}×" for zoom in ("1", "2", "4", "8", "16")}
    yield Control("combobox", "Zoom", "zoom", zooms)
    if asked.colours in SIGNED:
        yield Control("scale", "colours", "scale", {"fit": "colours: fit", "whole": "colours: ±1"})
    else:
        yield Control(
            "scale", "colours", "gate_scale", {"whole": "colours: 0–1", "fit": "colours: fit"}
        )


def control(asked: Asked, role: str, name: str) -> Control:
    """The control of that role and name which is on the screen now."""
    (found,) = (one for one in controls(asked) if (one.role, one.name) == (role, name))
    return found


# ---- what must be seen ---------------------------------------------------------------------------


def expected(asked: Asked) -> Table:
    """What must stand on the screen and in the address; what is not named here is not looked at."""
    table: Table = {"page": f"/{asked.page}"}
    for one in controls(asked):
        table[f"{one.role} “{one.name}”"] = plain(one.value(asked))
    if asked.page == "memory" and asked["measure"] in ("influence", "spectrum"):
        found = asked["rho"]
        if found is None and not asked.guessed:
            found = max(each.rho for each in spectrum.spectra(asked.trace))
        table["slider “spectral radius”"] = None if found is None else round(min(2.0, found), 2)
    for name, value in asked.values.items():
        table[f"address {name}"] = plain(value)
    table["address data"] = asked.data
    table["address file"] = asked.linked_file
    table["address choices"] = asked.linked_choices
    table |= _facts(asked)
    table["alerts"] = list(_alerts(asked))
    table["columns"] = _columns(asked)
    sequence = asked.sequence
    if sequence is None:
        return table | {"player last": 0, "player step": 0, "address step": None}
    steps = len(sequence)
    table["player last"] = steps
    table["player step"] = steps if asked["step"] is None else min(asked["step"], steps)
    table["caption"] = " ".join(f"{sequence.name} · {steps:,} step{'s' * (steps != 1)}".split())
    table["heatmaps"] = list(_heatmaps(asked))
    if asked.page == "" and not asked.guessed:
        table |= _numbers(asked, asked.trace)
    return table


def _columns(asked: Asked) -> list[str]:
    """Those of an uploaded table, all of them."""
    file = asked.file if asked.page == "" else None
    if file is None or file.kind != "table":
        return []
    return list(_read(file).columns)


def _facts(asked: Asked) -> Table:
    """As PyTorch writes the network and the shapes, in the sidebar."""
    spec, directions = asked.spec, 2 if asked["bidirectional"] else 1
    shapes: Table = dict.fromkeys(("x", "output", "h_n"), "none yet")
    if asked.sequence is not None:
        steps, features = asked.sequence.x.shape
        shapes = {
            "x": f"torch.Size([{steps}, 1, {features}])",
            "output": f"torch.Size([{steps}, 1, {directions * spec.hidden_size}])",
            "h_n": f"torch.Size([{directions * spec.num_layers}, 1, {spec.hidden_size}])",
        }
    return {
        "constructor": model.constructor(spec),
        "parameters": f"{model.num_parameters(spec):,} parameters",
    } | shapes


def _alerts(asked: Asked) -> Iterator[str]:
    if asked.page == "" and asked.changes:
        said = "; ".join(interventions.describe(change) for change in asked.changes)
        yield f"Changed network: {said}."
    if asked.page == "memory" and asked["rho"] is not None:
        yield f"Changed network: W_hh rescaled to spectral radius {asked['rho']:.2f}."


def _heatmaps(asked: Asked) -> Iterator[str]:
    directions = ("forward →", "← reverse") if asked["bidirectional"] else ("",)
    if asked.page == "compare":
        for name in _runs(asked):
            for direction in directions:
                yield f"{name} {direction}".strip()
        return
    runs = ["", "changed ", "difference "] if asked.page == "" and asked.changes else [""]
    for layer in range(1, asked["num_layers"] + 1):
        for direction in directions:
            for run in runs:
                yield f"{run}layer {layer} {direction}".strip()


def _runs(asked: Asked) -> tuple[str, ...]:
    own = asked["cell"] if asked["cell"].startswith("RNN") else "RNN_TANH"
    cells = ("A RNN (tanh)" if own == "RNN_TANH" else "A RNN (ReLU)", "B GRU", "C LSTM")
    match asked["compare"]:
        case "cells" | "parameters":
            return cells
        case "order":
            return ("A original", f"B {asked['reorder']}", "A − B")
        case "sequences":
            return ("A first", "B second", "A − B")
        case "seeds":
            one, other = asked["seed"], asked["other_seed"]
            same = ("A − B",) if one == other else ()  # only then unit k is the same unit
            return (f"A seed {one}", f"B seed {other}", *same)
        case "inits":
            return ("A default", "B orthogonal", "C identity")
    return ("A bias 0", "B bias 1", "C bias 3")


def _numbers(asked: Asked, run: Trace) -> Table:
    """The values themselves: output[-1], and the open cell in Inspect."""
    line = next(line for line in summary.last_lines(run) if line.startswith("output[-1] "))
    return {"output[-1]": " ".join(line.split()), "Inspect": _inspect(asked, run)}


def _inspect(asked: Asked, run: Trace) -> str:
    nothing = "click any cell of a heatmap, or focus it and press ↑ or ↓"
    if not asked["selected"]:
        return nothing
    layer, direction, unit, shown = map(int, f"{asked['selected']}.0".split(".")[:4])
    layers, directions, steps, hidden = run.h.shape
    if layer >= layers or direction >= directions or unit >= hidden:
        return nothing
    step = steps if asked["step"] is None else min(asked["step"], steps)
    if not step:
        name = labels.layer_name(layer, direction)
        return f"{name}, unit {unit}, step 0: h_0, before the first input"
    at = (layer, direction, unit, steps - step if direction else step - 1, asked["quantity"])
    said = labels.announce(run, *at)
    if not asked.changes:
        return said
    now = labels.announce(intervened_run.run(run, asked.changes), *at).rsplit("= ", 1)[1]
    return f"{'changed network, ' if shown == 1 else ''}{said} → {now} when changed"


def plain(value: Any) -> Any:
    """A value as controls and links have it in common: numbers as numbers, nothing as ""."""
    if value is None or value == "-":
        return ""
    if isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", value):
        return value
    return float(value)


# ---- what is seen --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """One line of a page's accessibility tree."""

    role: str
    name: str
    states: str
    text: str
    path: tuple[Node, ...]

    def inside(self, role: str, name: str = "") -> bool:
        return any(each.role == role and name in ("", each.name) for each in self.path)


_LINE = re.compile(r'(/?\w+)(?: ("(?:[^"\\]|\\.)*"))?((?: \[[^\]]*\])*)(?::(?: (.*))?)?')


def nodes(snapshot: str) -> Iterator[Node]:
    """The lines of Playwright's aria snapshot, which is YAML of a simple kind."""
    path: list[tuple[int, Node]] = []
    for line in snapshot.splitlines():
        depth = len(line) - len(line.lstrip())
        content = line.strip().removeprefix("- ")
        if content.startswith("'"):  # a quoted key
            key = re.match(r"'((?:[^']|'')*)'", content)
            assert key is not None, line
            content = key[1].replace("''", "'") + content[key.end() :]
        found = _LINE.fullmatch(content)
        if found is None:
            continue
        while path and path[-1][0] >= depth:
            path.pop()
        name = json.loads(found[2]) if found[2] else ""
        above = tuple(node for _, node in path)
        node = Node(found[1], name, found[3], _unquoted(found[4] or ""), above)
        path.append((depth, node))
        yield node


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        return str(json.loads(value))
    return value[1:-1].replace("''", "'") if value.startswith("'") else value


UPLOAD = "Upload a file: at most 5 MB, 2,000 steps and 64 features are used"
KNOWN = {"spinbutton", "switch", "checkbox", "slider", "textbox", "combobox", "radiogroup"}


def in_address(url: str) -> Table:
    """What stands in an address."""
    address = urlsplit(url)
    table: Table = {"page": address.path}
    values = defaults() | dict(parse_qsl(address.query, keep_blank_values=True))
    table |= {f"address {name}": plain(value) for name, value in values.items()}
    table |= {"address data": values["data"], "address file": values["file"]}
    return table | {"address choices": json.loads(values["choices"] or "{}")}


def seen(page: Page) -> Table:
    """What stands on the screen and in the address."""
    table = in_address(page.url)
    tree = list(nodes(page.locator("body").aria_snapshot()))
    for node in tree:
        if not _elsewhere(node):
            table |= _shown(node)
    table |= {"player last": int(slider(page).get_attribute("max") or -1)}
    table["columns"] = [
        node.name.removeprefix("Remove ")
        for node in tree
        if node.name.startswith("Remove ") and node.inside("main")
        if not node.inside("region", UPLOAD)
    ]
    table["alerts"] = [_words(tree, node) for node in tree if node.role == "alert"]
    table["heatmaps"] = [
        node.name.removeprefix("Heatmap of ")
        for node in tree
        if node.role == "img" and node.name.startswith("Heatmap of ")
    ]
    for inspect in (node for node in tree if node.role == "region" and node.name == "Inspect"):
        table["Inspect"] = next(
            (node.text for node in tree if node.role == "text" and node.inside("paragraph")
             and inspect in node.path), "",
        )  # fmt: skip
    table |= _codes([node.text for node in tree if node.role == "code"], table["page"])
    captions = [n.text for n in tree if n.role == "text" and n.path[-1].name == "Player"]
    table["caption"] = next((text for text in captions if " · " in text), "")
    return table


def _elsewhere(node: Node) -> bool:
    """Parts of the screen that keep their own counsel: a view's own controls, a panel's."""
    view = node.inside("region", "Inspect") and not node.inside("radiogroup", "View")
    layer = node.inside("radiogroup", "Layer")  # of a measure on Memory
    return view or layer or node.inside("region", "Share") or node.inside("region", "Export")


def _shown(node: Node) -> Table:
    """What one control shows, if it is one."""
    if node.role in ("radio", "option"):
        group = next((n for n in reversed(node.path) if n.role in ("radiogroup", "combobox")), None)
        chosen = "[checked]" in node.states or "[selected]" in node.states
        return {f"{group.role} “{group.name}”": plain(node.name)} if group and chosen else {}
    if node.role == "text" and node.path and node.path[-1].role == "textbox":
        return {f"textbox “{node.path[-1].name}”": plain(node.text)}
    if node.role == "button" and node.name.startswith("Colour scale"):
        return {"scale “colours”": node.text}
    if node.role == "slider" and node.name == "Time step":
        return {"player step": int(node.text or -1)}
    if node.role not in KNOWN or node.role == "radiogroup":
        return {}
    if node.role == "combobox" and node.name == "Columns":
        return {}  # its choices are buttons beside it
    value: Any = plain(node.text)
    name = node.name
    if node.role == "slider":
        name = name[: len(name) // 2]  # Streamlit says it twice
        value = round(float(node.text), 3 if name == "Nudge" else 2)
    elif node.role in ("switch", "checkbox"):
        value = float("[checked]" in node.states)
    return {f"{node.role} “{name}”": value}


def _words(tree: list[Node], above: Node) -> str:
    return " ".join(node.text for node in tree if above in node.path and node.text)


def _codes(codes: list[str], page: str) -> Table:
    table: Table = {}
    for code in codes:
        for name in ("x", "output", "h_n"):
            if re.match(rf"{name} +(torch\.Size|none yet)", code):
                table[name] = code.removeprefix(name).strip()
        if code.startswith("output[-1] #"):
            table["output[-1]"] = code
        if code.endswith(" parameters"):
            table["parameters"] = code
        if code.startswith("nn."):
            table.setdefault("constructor", code)
    return table


# ---- the two held against each other -------------------------------------------------------------


def disagreements(page: Page, wanted: Table, ignored: tuple[str, ...] = ()) -> list[str]:
    """Each thing that is not what was asked for, in a line; and controls nobody expects."""
    shown = seen(page)
    found = []
    for what, value in wanted.items():
        if what in ignored or value is None:
            continue
        if what == "heatmaps":
            value, shown[what] = sorted(value), sorted(shown[what])
        if what not in shown:
            found.append(f"{what}: asked for {value!r}, and it is not there")
        elif shown[what] != value:
            found.append(f"{what}: asked for {_short(value)}, shown {_short(shown[what])}")
    for what in shown.keys() - wanted.keys():
        if what not in ignored and "“" in what:
            found.append(f"{what}: not expected here, and it shows {shown[what]!r}")
    return found


def _short(value: Any) -> str:
    said = repr(value)
    return said if len(said) < 160 else f"{said[:100]}…{said[-40:]}"


def is_linked(page: Page, asked: Asked) -> None:
    """Wait until the address holds what was asked for."""
    assert _arrives(page, expected(asked), (), PATIENCE), f"not in the address: {page.url}"


def _arrives(page: Page, wanted: Table, ignored: tuple[str, ...], seconds: float) -> bool:
    """Wait for the address, which costs nothing to read; False when it does not come.

    Whoever looks at a screen before it has begun to change looks twice.
    """
    lines = {
        what: value
        for what, value in wanted.items()
        if what.split()[0] in ("page", "address") and what not in ignored and value is not None
    }

    def there(url: str) -> bool:
        return lines.items() <= in_address(url).items()

    with suppress(TooLong):
        page.wait_for_url(there, wait_until="commit", timeout=1000 * seconds)
        return True
    return False


def agrees(
    page: Page,
    asked: Asked,
    *,
    ignored: tuple[str, ...] = (),
    patience: float | None = None,
    also: Callable[[], object] = lambda: None,
) -> None:
    """Wait until the screen has come to rest and says in all its parts what was asked for.

    ignored: lines of `expected` not to look at. also: what else has to pass, raising AssertionError
    until it does.
    """
    patience = PATIENCE if patience is None else patience
    deadline = time.monotonic() + patience
    wanted = expected(asked)
    _arrives(page, wanted, ignored, patience / 2)  # if not, the screen says what is wrong
    wrong = ["the screen never came to rest"]
    while time.monotonic() < deadline:
        try:
            settle(page, timeout=max(1.0, deadline - time.monotonic()))
            wrong = disagreements(page, wanted, ignored)
            also()
        except TooLong as error:
            wrong = wrong or [str(error)]
        except AssertionError as error:
            wrong = [*wrong, str(error)]
        if not wrong:
            return
    raise AssertionError("the screen does not agree:\n  " + "\n  ".join(wrong))
