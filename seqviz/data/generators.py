"""Sequences made from a few parameters: waves, events, chance, counting, and real prices.

Every source makes its numbers twice: here, and as the short PyTorch it hands out with `code`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import torch
from torch import Tensor

from seqviz.data.generator_source import Parameter, Source, Values, brief
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_FEATURES, MAX_SEED, MAX_STEPS
from seqviz.types import InputSequence

COMPANIES = ("GOOG", "AAPL", "AMZN", "FB", "NFLX", "MSFT")
"""The columns of plotly.data.stocks(), weekly closing prices from 2018 to 2019."""


def generate(key: str, **parameters: float | str) -> InputSequence:
    """The sequence of one source: generate("sine", steps=60, period=25).

    key: one of SOURCES. parameters: as that source lists them; missing ones take their defaults.
    The same call always gives the same numbers, random sources included (parameter seed), and
    the global random state is neither read nor changed.

    Raises SeqvizError for an unknown key or parameter and for values out of range.
    """
    if key not in SOURCES:
        raise SeqvizError(f"Unknown source {brief(key)}: choose one of {', '.join(SOURCES)}.")
    source = SOURCES[key]
    return replace(source.make(source.settle(parameters)), name=source.label)


def _sequence(x: Tensor) -> InputSequence:
    return InputSequence(x.squeeze(1).float().numpy())  # (T, 1, I) -> (T, I)


def _time(values: Values) -> Tensor:
    # float64: in float32 the sine of a large angle loses its fourth digit
    return torch.arange(values["steps"], dtype=torch.float64)


def _wave(key: str, label: str, shape: Callable[[Tensor], Tensor], formula: str) -> Source:
    """A periodic source: shape and formula say the same of `cycles`, the periods gone by (T,)."""

    def make(values: Values) -> InputSequence:
        cycles = _time(values) / values["period"] + values["phase"]
        return _sequence((values["amplitude"] * shape(cycles)).view(-1, 1, 1))

    def snippet(values: Values) -> str:
        return (
            f"t = torch.arange({values['steps']}, dtype=torch.float64)\n"
            f"cycles = t / {values['period']} + {values['phase']}\n"
            f"x = ({values['amplitude']} * {formula}).float().view(-1, 1, 1)"
        )

    return Source(key, label, _WAVE, make, snippet)


def _sine(cycles: Tensor) -> Tensor:
    return torch.sin(2 * torch.pi * cycles)


def _square(cycles: Tensor) -> Tensor:
    return 1 - 2 * (cycles % 1 >= 0.5).double()


def _sawtooth(cycles: Tensor) -> Tensor:
    return 2 * (cycles % 1) - 1


def _sinc(values: Values) -> InputSequence:
    x = torch.sinc((_time(values) - values["steps"] // 2) / values["width"])
    return _sequence(x.view(-1, 1, 1))


def _sinc_code(values: Values) -> str:
    steps, width = values["steps"], values["width"]
    return (
        f"t = torch.arange({steps}, dtype=torch.float64)\n"
        f"x = torch.sinc((t - {steps // 2}) / {width}).float().view(-1, 1, 1)"
    )


def _event(key: str, label: str, lasting: bool) -> Source:
    """Zeros, and height at a position: from there on when lasting, else at that step alone."""

    def make(values: Values) -> InputSequence:
        x = torch.zeros(values["steps"], 1, 1)
        first = values["position"] - 1
        x[first : None if lasting else first + 1] = values["height"]
        return _sequence(x)

    def snippet(values: Values) -> str:
        at = f"{values['position'] - 1}{':' if lasting else ''}"
        return f"x = torch.zeros({values['steps']}, 1, 1)\nx[{at}] = {values['height']}"

    return Source(key, label, _EVENT, make, snippet)


def _generator(values: Values) -> torch.Generator:
    return torch.Generator().manual_seed(values["seed"])


def _generator_code(values: Values) -> str:
    return f"generator = torch.Generator().manual_seed({values['seed']})\n"


def _randn(values: Values) -> InputSequence:
    shape = (values["steps"], 1, values["features"])
    return _sequence(torch.randn(shape, generator=_generator(values)))


def _randn_code(values: Values) -> str:
    shape = f"{values['steps']}, 1, {values['features']}"
    return _generator_code(values) + f"x = torch.randn({shape}, generator=generator)"


def _random_walk(values: Values) -> InputSequence:
    moves = torch.randn(values["steps"], 1, 1, generator=_generator(values))
    return _sequence((values["step_size"] * moves).cumsum(0))


def _random_walk_code(values: Values) -> str:
    return (
        _generator_code(values)
        + f"moves = torch.randn({values['steps']}, 1, 1, generator=generator)\n"
        + f"x = ({values['step_size']} * moves).cumsum(0)"
    )


def _counting(values: Values) -> InputSequence:
    top = max(1, values["modulo"] - 1) if values["scaled"] else 1
    return _sequence((torch.arange(values["steps"]) % values["modulo"] / top).view(-1, 1, 1))


def _counting_code(values: Values) -> str:
    top = max(1, values["modulo"] - 1) if values["scaled"] else 1
    return (
        f"t = torch.arange({values['steps']})\nx = (t % {values['modulo']} / {top}).view(-1, 1, 1)"
    )


def _random_bits(values: Values) -> InputSequence:
    return _sequence(torch.randint(2, (values["steps"], 1, 1), generator=_generator(values)))


def _random_bits_code(values: Values) -> str:
    bits = f"torch.randint(2, ({values['steps']}, 1, 1), generator=generator)"
    return _generator_code(values) + f"x = {bits}.float()"


def _lesson(values: Values) -> InputSequence:
    # a fresh generator draws what torch.manual_seed(seed) would make the global one draw
    return _sequence(torch.randn(4, 1, 3, generator=_generator(values)))


def _lesson_code(values: Values) -> str:
    return f"torch.manual_seed({values['seed']})\nx = torch.randn(4, 1, 3)"


def _companies(values: Values) -> tuple[str, ...]:
    return COMPANIES[values["company"] - 1 :][:1] if values["company"] else COMPANIES


def _stocks(values: Values) -> InputSequence:
    import plotly.data

    table = plotly.data.stocks(return_type="pandas").set_index("date")
    prices = table[list(_companies(values))]  # (T, I)
    if values["standardise"]:
        prices = (prices - prices.mean()) / prices.std(ddof=0)
    return InputSequence(
        prices.to_numpy(),
        labels=tuple(str(date) for date in prices.index),
        feature_names=tuple(prices.columns),
    )


def _stocks_code(values: Values) -> str:
    lines = [
        "import plotly.data\n",
        'prices = plotly.data.stocks(return_type="pandas").set_index("date")',
    ]
    if values["company"]:
        lines.append(f"prices = prices[{list(_companies(values))}]")
    if values["standardise"]:
        lines.append("prices = (prices - prices.mean()) / prices.std(ddof=0)")
    lines.append("x = torch.tensor(prices.to_numpy(), dtype=torch.float32)[:, None]")
    return "\n".join(lines)


_STEPS = Parameter("steps", "Steps", 60, 1, MAX_STEPS, 1, "Length of the sequence, T.")
_SEED = Parameter("seed", "Seed", 0, 0, MAX_SEED, 1, "Same seed, same numbers, always.")
_LONGEST = float(MAX_STEPS)  # a float, since a period need not be whole
_WAVE = (
    _STEPS,
    Parameter("period", "Period", 25.0, 2.0, _LONGEST, 0.5, "Steps until the wave repeats."),
    Parameter("amplitude", "Amplitude", 1.0, 0.0, 10.0, 0.1, "The wave's largest value."),
    Parameter("phase", "Phase", 0.0, 0.0, 1.0, 0.05, "Where the wave starts, in periods."),
)
_WIDTH = Parameter("width", "Width", 5.0, 0.5, 500.0, 0.5, "Steps from the peak to the first zero.")
_EVENT = (
    _STEPS,
    Parameter("position", "Position", 10, 1, MAX_STEPS, 1, "The step at which it happens."),
    Parameter("height", "Height", 1.0, -10.0, 10.0, 0.1, "The value then; 0 before."),
)
_FEATURES = Parameter(
    "features", "Features", 1, 1, MAX_FEATURES, 1, "Numbers at each step, input_size."
)
_STEP_SIZE = Parameter("step_size", "Step size", 0.1, 0.0, 10.0, 0.05, "Deviation of one move.")
_MODULO = Parameter("modulo", "Modulo", 10, 1, 1000, 1, "Counts 0 to modulo - 1, then again.")
_SCALED = Parameter(
    "scaled", "Values", 1, 0, 1, 1, "Counts as they are or 0 to 1.", ("counts", "0 to 1")
)
_COMPANY = Parameter(
    "company", "Company", 0, 0, 6, 1, "Whose weekly prices.", ("all six", *COMPANIES)
)
_STANDARDISE = Parameter(
    "standardise", "Standardise", 1, 0, 1, 1, "Mean 0 and deviation 1 each.", ("no", "yes")
)

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        source.key: source
        for source in (
            _wave("sine", "Sine", _sine, "torch.sin(2 * torch.pi * cycles)"),
            _wave("square", "Square wave", _square, "(1 - 2 * (cycles % 1 >= 0.5).double())"),
            _wave("sawtooth", "Sawtooth", _sawtooth, "(2 * (cycles % 1) - 1)"),
            Source("sinc", "Sinc", (_STEPS, _WIDTH), _sinc, _sinc_code),
            _event("impulse", "Impulse", lasting=False),
            _event("step", "Step", lasting=True),
            Source("randn", "torch.randn", (_STEPS, _FEATURES, _SEED), _randn, _randn_code),
            Source(
                "random_walk",
                "Random walk",
                (_STEPS, _STEP_SIZE, _SEED),
                _random_walk,
                _random_walk_code,
            ),
            Source("counting", "Counting", (_STEPS, _MODULO, _SCALED), _counting, _counting_code),
            Source("random_bits", "Random bits", (_STEPS, _SEED), _random_bits, _random_bits_code),
            Source("lesson", "Lesson: torch.randn(4, 1, 3)", (_SEED,), _lesson, _lesson_code),
            Source("stocks", "Stock prices", (_COMPANY, _STANDARDISE), _stocks, _stocks_code),
        )
    }
)
"""Every generator by its key, in the order a menu shows them."""
