"""How a value and its place are said: the one rule for numbers, and cells in words."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from networks import overflowing, traced

from seqviz.errors import SeqvizError
from seqviz.labels import announce, extremes, latex_text, number, one_line, rounded

CASES = json.loads((Path(__file__).parent / "number_cases.json").read_text(encoding="utf-8"))
"""Values, digits and texts, which the JavaScript that writes numbers has to give as well."""


@pytest.mark.parametrize(("value", "digits", "text"), [tuple(case.values()) for case in CASES])
def test_numbers_are_those_of_the_table(value: float | str, digits: int, text: str) -> None:
    assert number(float(value), digits) == text
    if digits == 4:
        assert number(float(value)) == text


def test_a_float32_is_written_as_the_number_it_is() -> None:
    assert number(np.float32(0.03125)) == "0.0313" == number(0.03125)
    assert number(np.float32(16777.2165)) == number(float(np.float32(16777.2165)))


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(2, 7))
@example(128.47265625, 7)  # half-way between two texts
def test_what_is_written_is_the_value_to_as_many_figures(value: float, digits: int) -> None:
    text = number(value, digits).replace("−", "-")
    size = abs(value)
    near = (
        0.5 * 10.0**-digits if 10.0 ** (1 - digits) <= size < 1e7 else size * 10.0 ** (1 - digits)
    )
    assert abs(float(text) - value) <= near * (1 + 1e-9) + math.ulp(size)  # as float() rounds
    assert (float(text) == 0) == (value == 0)  # nothing small is shown as nothing
    assert text.startswith("-") == (value < 0)


def test_announce_counts_layers_and_steps_from_1_and_units_from_0() -> None:
    run = traced("LSTM", num_layers=2, bidirectional=True)
    value = number(run.h[0, 1, 3, 2])
    assert announce(run, 0, 1, 2, 3) == f"layer 1 reverse, unit 2, step 4: h = {value}"
    value = number(run.gates["f"][1, 0, 0, 4])
    assert announce(run, 1, 0, 4, 0, "f") == f"layer 2, unit 4, step 1: f = {value}"
    assert announce(run, -1, 0, 4, 0, "f") == announce(run, 1, 0, 4, 0, "f")
    with pytest.raises(SeqvizError, match="has no 'z'"):
        announce(run, 0, 0, 0, 0, "z")


def test_extremes_pass_over_what_is_not_a_number() -> None:
    run = traced("RNN_TANH")
    values = run.h[0, 0, :, 1]
    assert extremes(run, 0, 0, 1) == (values.argmax(), values.argmin())
    run = overflowing()
    assert np.isinf(run.h).any()
    assert extremes(run, 0, 0, 0)[1] == 0


def test_names_are_short_visible_and_harmless() -> None:
    assert (one_line(" "), one_line("a\nb"), one_line("é" * 99)) == ("␣", "a·b", "é" * 15 + "…")
    assert latex_text("") == "" and latex_text("50 %_{x}") == r"\text{50 \%\_\{x\}}"


@pytest.mark.parametrize(
    ("value", "figures", "text"),
    [(0.421, 2, "0.42"), (4.21, 2, "4.2"), (438, 2, "440"), (12_345, 2, "12,000"),
     (999.6, 3, "1,000"), (3.0, 3, "3"), (0.0000421, 2, "4.2e-05"), (3e30, 2, "3e+30")],
)  # fmt: skip
def test_sizes_in_sentences_have_no_powers_of_ten_from_1_on(value, figures, text):
    assert rounded(value, figures) == text
