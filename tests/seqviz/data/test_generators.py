"""Generated sequences: closed forms, PyTorch's own numbers, and code that gives the same."""

import math
import subprocess
import sys

import numpy as np
import pytest
import torch

from seqviz.data.generator_source import Parameter
from seqviz.data.generators import COMPANIES, SOURCES, generate
from seqviz.errors import SeqvizError
from seqviz.limits import MAX_STEPS

VARIED = {
    "sine": {"steps": 2000, "period": 3.5, "amplitude": 2.5, "phase": 0.3},
    "square": {"steps": 100, "period": 7.0, "amplitude": 0.5, "phase": 0.25},
    "sawtooth": {"steps": 99, "period": 12.5, "amplitude": 3.0, "phase": 0.95},
    "sinc": {"steps": 41, "width": 2.5},
    "impulse": {"steps": 9, "position": 9, "height": -2.5},
    "step": {"steps": 9, "position": 1, "height": 0.1},
    "randn": {"steps": 17, "features": 64, "seed": 2**31 - 1},
    "random_walk": {"steps": 500, "step_size": 0.3, "seed": 5},
    "counting": {"steps": 21, "modulo": 7, "scaled": 0},
    "random_bits": {"steps": 33, "seed": 8},
    "lesson": {"seed": 42},
    "stocks": {"company": 3, "standardise": 0},
}


KEYS = list(VARIED)


def closed(key, **parameters):
    return generate(key, **parameters).x[:, 0].tolist()


def test_keys_are_in_order_and_know_themselves():
    assert list(SOURCES) == KEYS
    assert all(source.key == key and source.label for key, source in SOURCES.items())


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("varied", [False, True], ids=["defaults", "varied"])
def test_code_gives_the_same_numbers(key, varied):
    parameters = VARIED[key] if varied else {}
    sequence = generate(key, **parameters)
    namespace = {"torch": torch}
    with torch.random.fork_rng():
        exec(SOURCES[key].code(parameters), namespace)
    x = namespace["x"]
    assert x.dtype == torch.float32
    assert x.shape == (len(sequence), 1, sequence.input_size)
    np.testing.assert_allclose(x[:, 0].numpy(), sequence.x, rtol=0, atol=1e-6)


@pytest.mark.parametrize("key", KEYS)
def test_the_same_call_gives_the_same_sequence_and_leaves_the_global_generator_alone(key):
    before = torch.get_rng_state()
    first, second = generate(key), generate(key)
    assert first.digest == second.digest
    assert first.kind == "curve"
    assert first.name == SOURCES[key].label
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("key", [key for key in KEYS if key not in ("lesson", "stocks")])
@pytest.mark.parametrize("steps", [1, MAX_STEPS])
def test_every_length_from_one_to_the_limit(key, steps):
    extra = {"position": 1} if key in ("impulse", "step") else {}
    sequence = generate(key, steps=steps, **extra)
    assert len(sequence) == steps
    assert sequence.labels == tuple(str(t + 1) for t in range(steps))


@pytest.mark.parametrize("key", ["randn", "random_walk", "random_bits", "lesson"])
def test_another_seed_gives_other_numbers(key):
    assert not np.array_equal(generate(key, seed=1).x, generate(key, seed=2).x)


@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_lesson_and_randn_are_bit_identical_to_torch(seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        lesson = torch.randn(4, 1, 3)
        torch.manual_seed(seed)
        longer = torch.randn(50, 1, 6)
    assert np.array_equal(generate("lesson", seed=seed).x, lesson[:, 0].numpy())
    assert np.array_equal(
        generate("randn", steps=50, features=6, seed=seed).x, longer[:, 0].numpy()
    )


def test_sine_keeps_its_digits_to_the_last_step():
    expected = [2 * math.sin(2 * math.pi * (t / 3.7 + 0.2)) for t in range(2000)]
    drawn = closed("sine", steps=2000, period=3.7, amplitude=2.0, phase=0.2)
    np.testing.assert_allclose(drawn, expected, atol=1e-6)


def test_square_and_sawtooth_by_hand():
    assert closed("square", steps=8, period=4.0, amplitude=2.0) == [2, 2, -2, -2, 2, 2, -2, -2]
    assert closed("sawtooth", steps=6, period=4.0) == [-1, -0.5, 0, 0.5, -1, -0.5]
    assert closed("sawtooth", steps=2, period=4.0, phase=0.5) == [0, 0.5]


def test_sinc_peaks_in_the_middle_and_is_zero_every_width():
    x = closed("sinc", steps=21, width=4.0)
    assert x[10] == max(x) == 1
    assert x[6] == pytest.approx(0, abs=1e-7) and x[14] == pytest.approx(0, abs=1e-7)
    assert x[12] == pytest.approx(2 / math.pi)


def test_events_happen_at_their_position():
    assert closed("impulse", steps=4, position=2, height=3.0) == [0, 3, 0, 0]
    assert closed("step", steps=4, position=2, height=-3.0) == [0, -3, -3, -3]


def test_random_walk_is_the_running_sum_of_randn():
    walk = np.diff(np.array(closed("random_walk", steps=40, step_size=2.0, seed=3)), prepend=0.0)
    np.testing.assert_allclose(walk, 2 * generate("randn", steps=40, seed=3).x[:, 0], atol=1e-5)


def test_counting_plain_scaled_and_with_nothing_to_count():
    assert closed("counting", steps=5, modulo=3, scaled=0) == [0, 1, 2, 0, 1]
    assert closed("counting", steps=4, modulo=3, scaled="0 to 1") == [0, 0.5, 1, 0]
    assert closed("counting", steps=2, modulo=1) == [0, 0]


def test_random_bits_are_both_bits():
    bits = closed("random_bits", steps=200)
    assert set(bits) == {0.0, 1.0}
    assert 60 < sum(bits) < 140


def test_stocks_are_plotlys_prices():
    six = generate("stocks", standardise=0)
    assert six.x.shape == (105, 6)
    assert six.feature_names == COMPANIES
    assert six.labels[0] == "2018-01-01" and six.labels[-1] == "2019-12-30"
    assert six.x[0].tolist() == [1.0] * 6
    assert six.x[-1, 5] == pytest.approx(1.788185)
    for index, company in enumerate(COMPANIES):
        one = generate("stocks", company=company, standardise="no")
        assert one.feature_names == (company,)
        assert np.array_equal(one.x[:, 0], six.x[:, index])


def test_standardised_stocks_have_mean_0_and_deviation_1():
    x = generate("stocks", standardise=1).x.astype(np.float64)
    np.testing.assert_allclose(x.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(x.std(0), 1, atol=1e-6)


@pytest.mark.parametrize("key", KEYS)
def test_defaults_lie_in_range_and_both_ends_of_every_parameter_work(key):
    for parameter in SOURCES[key].parameters:
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.label and parameter.help.endswith(".")
        if parameter.choices:
            assert parameter.high == len(parameter.choices) - 1
        for end in (parameter.low, parameter.high):
            room = {"steps": MAX_STEPS} if parameter.name == "position" else {}
            room |= (
                {"position": 1} if parameter.name == "steps" and key in ("impulse", "step") else {}
            )
            assert np.isfinite(generate(key, **{parameter.name: end}, **room).x).all()


@pytest.mark.parametrize(
    "key, parameters, part",
    [
        ("sinus", {}, "choose one of sine, square"),
        ("sine\n" * 1000, {}, "choose one of sine, square"),
        ("sine", {"frequency": 3}, "it takes steps, period, amplitude, phase"),
        ("sine", {"steps": 0}, "steps is 0: set it between 1 and 2000"),
        ("sine", {"steps": 2001}, "set it between 1 and 2000"),
        ("sine", {"steps": 10**5000}, "set it between 1 and 2000"),
        ("sine", {"steps": -(10**5000)}, "set it between 1 and 2000"),
        ("sine", {"steps": 2.5}, "whole number"),
        ("sine", {"steps": "60"}, "set it between 1 and 2000"),
        ("sine", {"steps": None}, "set it between 1 and 2000"),
        ("sine", {"period": float("nan")}, "period is nan"),
        ("sine", {"amplitude": float("inf")}, "amplitude is inf"),
        ("sine", {"phase": [1]}, "phase is [1]"),
        ("randn", {"seed": -1}, "seed is -1"),
        ("randn", {"features": 65}, "features is 65"),
        ("stocks", {"company": "IBM"}, "company is 'IBM'"),
        ("step", {"steps": 5}, "position 10 is after the last step, 5"),
    ],
)
def test_bad_requests_get_one_sentence(key, parameters, part):
    with pytest.raises(SeqvizError) as error:
        generate(key, **parameters)
    assert part in str(error.value)
    assert len(str(error.value)) < 250 and "\n" not in str(error.value)


def test_code_refuses_what_generate_refuses():
    with pytest.raises(SeqvizError, match="steps is 0"):
        SOURCES["sine"].code({"steps": 0})


def test_numbers_of_other_kinds_are_welcome():
    parameter = Parameter("steps", "Steps", 60, 1, 10, 1, "Length.")
    for value in (np.int64(4), np.float32(4), 4.0, 4):
        assert parameter.check(value) == 4 and type(parameter.check(value)) is int
    assert type(Parameter("p", "P", 1.0, 0.0, 9.0, 0.5, "Period.").check(3)) is float


def test_importing_sources_loads_neither_pandas_nor_plotly():
    program = "import sys, seqviz.data.generators; print({'pandas', 'plotly'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.stdout.strip() == "set()"
