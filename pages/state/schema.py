"""The one table of everything that is set on screen and travels in a link.

A row's name is the attribute, the URL parameter and the beginning of the widget's key, so a new
shareable control is one row here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from pages.state.classroom.rooms.code import room_code
from pages.state.files.file_choices import LONGEST_CHOICES
from pages.state.files.file_choices import unpack as unpack_choices
from pages.state.files.upload import LONGEST_LINK, Upload
from pages.state.text_forms import TextForm, choice, flag, real, some_of, whole, words
from pages.words.texts import LANGUAGES
from seqviz.data.drawing_payload import pack_levels, unpack_levels, unpack_strokes
from seqviz.data.generators import SOURCES, Parameter
from seqviz.data.url_payload import unpack_sequence
from seqviz.lessons import answers
from seqviz.lessons.sizes import BIAS_BOUNDS, BOUNDS
from seqviz.limits import (
    MAX_BANDS,
    MAX_BATCH,
    MAX_DRAWN_STEPS,
    MAX_FRAME_MS,
    MAX_HIDDEN_SIZE,
    MAX_ITERATIONS,
    MAX_LAYERS,
    MAX_LINKED_DATA,
    MAX_SEED,
    MAX_STEPS,
    MIN_FRAME_MS,
)
from seqviz.rnn import interventions
from seqviz.training import data_payload
from seqviz.training.recipe import MAX_LR, OPTIMIZERS
from seqviz.training.tasks import TASKS
from seqviz.types import INITS, MODES

FEEDS = ("draw", "type", "upload", "generate", "record")
"""Where a sequence comes from."""
FILE_FEEDS = ("upload", "record")
"""Those of them that bring a file."""
PRESETS = ("cells", "parameters", "order", "sequences", "seeds", "inits", "forget bias", "training")
"""What Compare sets side by side."""
ORDERS = ("reversed", "shuffled", "swapped")
"""In which other order Compare lets the same sequence be read."""
USES = ("next_word", "forecast", "pitch", "translation", "handwriting")
"""The parts of Uses."""
SERIES = ("weather", "stocks", "own")
"""What is foretold there."""
LESSONS = 9
"""Of Learn; behind the last one stands the summary."""
MEASURES = ("influence", "nudge", "horizon", "spectrum", "gates", "trajectory", "alike")
"""What Memory measures."""
HIDEABLE = ("build", "feed", "inspect", "export", "classroom", "future")
"""What a link can hide."""
SPEEDS = ("0.1", "0.25", "0.5", "1", "2", "4")
ZOOMS = ("1", "2", "4", "8", "16")
LONGEST_TYPED = 100_000  # code points: more than is ever read, so that a sentence can say so
LONGEST_LINKED = 8000  # of them travel in a link
LONGEST_ALPHABET = 4_000_000  # code points: what a file of MAX_ALPHABET_BYTES lists
LONGEST_SYMBOL = 200
LONGEST_LINKED_ALPHABET = 2000  # of them travel in a link
LONGEST_STROKES = 16_000
LONGEST_NOTES = 4000
LONGEST_LINKED_NOTES = 1000
LONGEST_STORY = 4000
LONGEST_LEARNED = data_payload.LONGEST  # characters of what a network learned from
LONGEST_LINKED_LEARNED = 6000  # of them travel in a link
LARGEST_RHO = 100.0  # that W_hh can be rescaled to
FIRST_TRAINED = "fa3d3f9531.8000"
"""How far the recipe of applications/waves was followed: the network of a first visit."""
MOST_AHEAD = 120  # steps that a network goes on by itself


def example_curve(steps: int = 60) -> str:
    """The curve on the pad of a first visit: two slow waves, then a faster one."""

    def value(t: float) -> float:
        slow = math.sin(2 * math.pi * 1.6 * t)
        fast = math.sin(2 * math.pi * 7 * t)
        return 0.62 * slow if t < 0.62 else 0.25 * slow + 0.55 * fast * (t - 0.5) / 0.5

    return pack_levels(tuple(round(2047.5 * (1 + value(t / steps))) for t in range(steps)))


def parameter_name(source: str, parameter: str) -> str:
    """What one parameter of one generator is called here: "sine_period"."""
    return f"{source}_{parameter}"


def _check_cell(text: str) -> None:
    """ "0.1.7": layer, direction, unit; "p.0.3": output 3 of a prediction; ".2" behind: a run."""
    if not re.fullmatch(r"([0-9]{1,2}\.[01]|p\.0)\.[0-9]{1,4}(\.[0-4])?", text):
        raise ValueError(text)


def kept_texts(text: str) -> dict[str, str]:
    """ "alphabet.DIGEST~notes.DIGEST": by a setting's name the digest (Upload.content) of its text.

    Raises ValueError for anything else.
    """
    found = [re.fullmatch(r"([a-z_]{1,20})\.([A-Za-z0-9_-]{43})", one) for one in text.split("~")]
    if text and None in found:
        raise ValueError(text)
    return {one[1]: one[2] for one in found if one is not None}


def named_texts(digests: Mapping[str, str]) -> str:
    """What `kept_texts` reads."""
    return "~".join(f"{name}.{digest}" for name, digest in digests.items())


def _check_trained(text: str) -> None:
    """ "0f3a5c7e9b.1500": the first characters of Recipe.path, and iterations; with ".2000" after
    them where it rests on its way to 2,000.
    """
    found = re.fullmatch(r"[0-9a-f]{10}\.([0-9]{1,6})(?:\.([0-9]{1,6}))?", text)
    if found is None:
        raise ValueError(text)
    done, wanted = int(found[1]), int(found[2] or found[1])
    if not 1 <= done <= wanted <= MAX_ITERATIONS:
        raise ValueError(text)


def _of_parameter(parameter: Parameter) -> TextForm:
    if parameter.whole:
        return whole(int(parameter.default), int(parameter.low), int(parameter.high))
    return real(float(parameter.default), parameter.low, parameter.high)


_PARAMETERS: Mapping[str, TextForm] = {
    parameter_name(source.key, parameter.name): _of_parameter(parameter)
    for source in SOURCES.values()
    for parameter in source.parameters
}


def _row(form: TextForm) -> Any:
    return field(default=form.default, metadata={"form": form})


@dataclass(frozen=True)
class Settings:
    """All that is set. The defaults are what a first visit shows."""

    # the network
    cell: str = _row(choice(MODES, "LSTM"))
    hidden_size: int = _row(whole(16, 1, MAX_HIDDEN_SIZE))
    num_layers: int = _row(whole(2, 1, MAX_LAYERS))
    bidirectional: bool = _row(flag())
    bias: bool = _row(flag(True))
    init: str = _row(choice([name for name in INITS if name != "given"]))
    forget_bias: float | None = _row(real(None, -10.0, 10.0))
    seed: int = _row(whole(3, 0, MAX_SEED))
    h_0: str = _row(choice(("zeros", "random", "typed")))
    h_0_values: str = _row(words("", 8000))
    weights: str = _row(words("", LONGEST_LINK, Upload.linked))  # a file's digest and name

    # what it reads
    feed: str = _row(choice(FEEDS))
    drawing: str = _row(choice(("curve", "pen")))
    steps: int = _row(whole(60, 2, MAX_DRAWN_STEPS))
    curve: str = _row(words(example_curve(), 4000, unpack_levels))
    strokes: str = _row(words("", LONGEST_STROKES, unpack_strokes))
    resample: str = _row(choice(("time", "arc length")))
    text: str = _row(words("hello, hidden state", LONGEST_TYPED, linked=LONGEST_LINKED))
    text_unit: str = _row(choice(("characters", "words")))
    alphabet: str = _row(words("", LONGEST_ALPHABET, linked=LONGEST_LINKED_ALPHABET))
    unknown: str = _row(words("", LONGEST_SYMBOL))
    source: str = _row(choice(tuple(SOURCES)))
    parameters: Mapping[str, float] = field(  # of all generators, see parameter_name
        default_factory=lambda: MappingProxyType(
            {name: form.default for name, form in _PARAMETERS.items()}
        )
    )
    file: str = _row(words("", LONGEST_LINK, Upload.linked))  # a file's digest and name
    choices: str = _row(words("", LONGEST_CHOICES, unpack_choices))  # of file and weights
    kept: str = _row(words("", 500, kept_texts))  # settings too long for a link, by digest
    data: str = _row(words("", MAX_LINKED_DATA, unpack_sequence))
    header: bool | None = _row(flag(None))  # whether a file's first row is one, where it is open
    bands: int = _row(whole(16, 1, MAX_BANDS))
    frame_ms: float = _row(real(25.0, MIN_FRAME_MS, MAX_FRAME_MS))

    # what it learns
    task: str = _row(choice(("", *TASKS)))  # "": none was chosen yet
    learned_from: str = _row(
        words("", LONGEST_LEARNED, data_payload.unpack, linked=LONGEST_LINKED_LEARNED)
    )
    train_steps: int = _row(whole(50, 1, MAX_STEPS))
    delay: int = _row(whole(5, 1, MAX_STEPS))
    optimizer: str = _row(choice(OPTIMIZERS))
    lr: float = _row(real(5e-3, 1e-6, MAX_LR))
    batch_size: int = _row(whole(64, 1, MAX_BATCH))
    iterations: int = _row(whole(1500, 1, MAX_ITERATIONS))
    clip: float = _row(real(1.0, 0.0, 1e6))  # 0: gradients are not clipped
    truncation: int | None = _row(whole(None, 1, MAX_STEPS))
    data_seed: int = _row(whole(0, 0, MAX_SEED))
    # how far which recipe was followed
    trained: str = _row(words(FIRST_TRAINED, 32, _check_trained))
    checkpoint: int | None = _row(whole(None, 0, MAX_ITERATIONS))  # None: the last one
    example: int = _row(whole(0, 0, 9999))

    # how it is looked at
    quantity: str = _row(choice(("h", "c", "i", "f", "g", "o", "r", "z", "n")))
    step: int | None = _row(whole(None, 0, MAX_STEPS))  # None: the last one
    ahead: int = _row(whole(30, 0, MOST_AHEAD))  # steps that it goes on by itself
    selected: str = _row(words("", 14, _check_cell))
    inspect: str = _row(choice(("arithmetic", "over time", "data flow", "hands on")))
    changes: str = _row(words("", 600, interventions.parse))
    speed: str = _row(choice(SPEEDS, "1"))
    loop: bool = _row(flag())
    future: str = _row(choice(("faint", "hidden")))
    zoom: str = _row(choice(ZOOMS))
    scale: str = _row(choice(("fit", "whole")))  # of states: to their largest, or to ±1
    gate_scale: str = _row(choice(("whole", "fit")))  # of gates: 0 to 1, or as far as they reach

    # a classroom
    present: bool = _row(flag())
    notes: str = _row(words("", LONGEST_NOTES, linked=LONGEST_LINKED_NOTES))
    hide: str = _row(some_of(HIDEABLE))
    shown_until: int | None = _row(whole(None, 0, MAX_STEPS))  # while the future is hidden
    room: str = _row(room_code())
    round: int = _row(whole(0, 0, 10**6))  # of the room, the question whose state this is

    # Compare
    compare: str = _row(choice(PRESETS))
    compare_layer: str = _row(choice(("last", "1", "2", "3", "4")))
    reorder: str = _row(choice(ORDERS))
    shuffle_seed: int = _row(whole(0, 0, MAX_SEED))
    swap_at: int = _row(whole(1, 1, MAX_STEPS - 1))
    other_text: str = _row(words("hello, hidden table", LONGEST_TYPED, linked=LONGEST_LINKED))
    other_source: str = _row(choice(tuple(SOURCES), "square"))
    other_seed: int = _row(whole(4, 0, MAX_SEED))
    other_checkpoint: int = _row(whole(0, 0, MAX_ITERATIONS))

    # Uses
    use: str = _row(choice(USES))
    series: str = _row(choice(SERIES))
    story: str = _row(words("", LONGEST_STORY, linked=2000))  # "": the part's own example
    temperature: float = _row(real(0.7, 0.0, 5.0))
    phrase: str = _row(words("", 400))
    forced: str = _row(words("", 400))
    attention: bool = _row(flag(True))
    sound: str = _row(words("", LONGEST_LINK, Upload.linked))  # a file's digest and name
    own_forecast: str = _row(words("", LONGEST_LINK, Upload.linked))  # the same, of a network

    # Learn
    lesson: int = _row(whole(1, 1, LESSONS + 1))
    language: str = _row(choice(LANGUAGES))
    answers: str = _row(words("", answers.LONGEST, answers.parse, between="_"))
    learn_seed: int | None = _row(whole(None, *BOUNDS["seed"]))  # None: the lesson's own
    learn_input: int | None = _row(whole(None, *BOUNDS["input"]))
    learn_hidden: int | None = _row(whole(None, *BOUNDS["hidden"]))
    learn_steps: int | None = _row(whole(None, *BOUNDS["steps"]))
    learn_batch: int | None = _row(whole(None, *BOUNDS["batch"]))
    learn_layers: int | None = _row(whole(None, *BOUNDS["layers"]))
    learn_both: bool = _row(flag())
    learn_bias: float | None = _row(real(None, *BIAS_BOUNDS))

    # Memory
    measure: str = _row(choice(MEASURES))
    influence_of: str = _row(choice(("state", "answer")))  # of a trained network
    rho: float | None = _row(real(None, 0.0, LARGEST_RHO))
    nudge: float = _row(real(0.1, 1e-3, 10.0))
    range_from: int | None = _row(whole(None, 1, MAX_STEPS))
    range_to: int | None = _row(whole(None, 1, MAX_STEPS))
    threshold: float | None = _row(real(None, 0.0, 1.0))
    three_d: bool = _row(flag())
    together: bool = _row(flag())

    def get(self, name: str) -> Any:
        """The value of a row, or of a generator's parameter, by its name."""
        return self.parameters[name] if name in _PARAMETERS else getattr(self, name)

    def having(self, **values: Any) -> Settings:
        """The same with other values. Raises TypeError for a name that is not in the table."""
        own = {name: value for name, value in values.items() if name not in _PARAMETERS}
        others = {name: value for name, value in values.items() if name in _PARAMETERS}
        if others:
            own["parameters"] = MappingProxyType({**self.parameters, **others})
        return replace(self, **own)


FORMS: Mapping[str, TextForm] = MappingProxyType(
    {
        name: form
        for row in fields(Settings)
        for name, form in (
            _PARAMETERS.items() if row.name == "parameters" else ((row.name, row.metadata["form"]),)
        )
    }
)
"""Every value's text form by its name, in the order in which a link holds them."""
NETWORK = tuple(FORMS)[: list(FORMS).index("seed") + 1]
"""Names of what a network of Build is made from."""
TRAINING = tuple(FORMS)[list(FORMS).index("task") : list(FORMS).index("data_seed") + 1]
"""Names of what it is trained with."""
SEQUENCE = tuple(FORMS)[list(FORMS).index("feed") : list(FORMS).index("frame_ms") + 1]
"""Names of what decides which sequence is read."""
