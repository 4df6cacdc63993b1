"""The generated script, run, prints the numbers seqviz.trace computes."""

import ast
import contextlib
import io
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import answering

from seqviz import InputSequence, RNNSpec, SeqvizError, build, trace
from seqviz.data.generators import SOURCES, generate
from seqviz.export import tables
from seqviz.export.pytorch_script import LITERAL_VALUES, WEIGHTS_FILE, script
from seqviz.types import INITS, MODES

SINE = InputSequence(np.sin(np.arange(12) / 3).reshape(6, 2), name="sine")


def run(code: str) -> tuple[dict[str, str], dict]:
    """What the script prints, by the line's name, and the variables it leaves."""
    names: dict = {}
    printed = io.StringIO()
    with torch.random.fork_rng(), contextlib.redirect_stdout(printed):
        exec(compile(code, "script.py", "exec"), names)
    return parsed(printed.getvalue()), names


def parsed(printed: str) -> dict[str, str]:
    """'output[-1] == h_n[-1] True' -> {'output[-1] == h_n[-1]': 'True'}."""
    lines = {}
    for line in printed.splitlines():
        cut = min(
            line.find(mark) for mark in (" (", " [[", " True", " False", " '") if mark in line
        )
        lines[line[:cut]] = line[cut + 1 :]
    return lines


def check(code: str, expected) -> None:
    lines, names = run(code)
    spec = expected.spec
    steps, width = expected.output.shape
    rows = spec.num_layers * spec.num_directions
    assert lines["x"] == str((steps, 1, spec.input_size))
    assert lines["output"] == str((steps, 1, width))
    assert lines["h_n"] == str((rows, 1, spec.hidden_size))
    last = np.array(ast.literal_eval(lines["output[-1]"]))
    np.testing.assert_allclose(last, expected.output[-1:], rtol=0, atol=1e-6)
    np.testing.assert_allclose(names["output"][:, 0], expected.output, rtol=0, atol=1e-6)
    np.testing.assert_allclose(names["h_n"][:, 0], expected.h_n, rtol=0, atol=1e-6)
    for name, weight in expected.weights.items():
        np.testing.assert_array_equal(names["rnn"].state_dict()[name], weight)
    if spec.bidirectional:
        assert lines["forward end"] == lines["reverse end"] == "True"
        assert "output[-1] == h_n[-1]" not in lines
    else:
        assert lines["output[-1] == h_n[-1]"] == "True"


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("init", [name for name in INITS if name != "given"])
@pytest.mark.parametrize("mode", MODES)
def test_every_network_is_rebuilt_bit_for_bit(mode, init, bidirectional, bias):
    spec = RNNSpec(mode, 2, 5, 2, bias, bidirectional, init, seed=7)
    check(script(spec, SINE), trace(build(spec), SINE, spec=spec))


@pytest.mark.parametrize("init", ["default", "orthogonal", "identity"])
def test_the_forget_bias_is_set_as_build_sets_it(init):
    spec = RNNSpec("LSTM", 2, 4, 2, init=init, forget_bias=1.5, bidirectional=True, seed=3)
    check(script(spec, SINE), trace(build(spec), SINE, spec=spec))


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_random_initial_states_come_from_one_generator(mode, bidirectional):
    spec = RNNSpec(mode, 2, 4, 2, bidirectional=bidirectional, seed=11)
    generator = torch.Generator().manual_seed(11)
    shape = (2 * spec.num_directions, 1, 4)
    h_0, c_0 = torch.randn(shape, generator=generator), torch.randn(shape, generator=generator)
    expected = trace(build(spec), SINE, h_0, c_0, spec=spec)
    check(script(spec, SINE, h_0="random"), expected)


@pytest.mark.parametrize("hidden", [4, 200])  # written out, and packed
@pytest.mark.parametrize("mode", ["GRU", "LSTM"])
def test_initial_states_given_as_numbers(mode, hidden):
    spec = RNNSpec(mode, 2, hidden, 2, seed=5)
    h_0 = np.random.default_rng(0).normal(size=(2, hidden)).astype(np.float32)
    c_0 = 0.5 * h_0[:, None]
    expected = trace(build(spec), SINE, h_0, c_0, spec=spec)
    check(script(spec, SINE, h_0=h_0, c_0=c_0), expected)
    only_h = trace(build(spec), SINE, h_0, spec=spec)
    check(script(spec, SINE, h_0=h_0.tolist()), only_h)


def test_zeros_may_be_said_or_left_out():
    spec = RNNSpec("LSTM", 2, 3)
    assert script(spec, SINE, h_0="zeros", c_0="zeros") == script(spec, SINE)


def test_a_long_sequence_is_packed_and_exact():
    x = np.random.default_rng(1).normal(size=(LITERAL_VALUES, 2)).astype(np.float32)
    spec = RNNSpec("GRU", 2, 3)
    code = script(spec, InputSequence(x))
    assert "import base64" in code
    _, names = run(code)
    np.testing.assert_array_equal(names["x"][:, 0], x)


def one_hot(index, size):
    return np.eye(size, dtype=np.float32)[index]


@pytest.mark.parametrize(
    ("names", "labels", "shows"),
    [
        (tuple("abn"), tuple("banana"), "text = 'banana'"),
        (("a", "b'\"\n", "n"), ("b'\"\n", "a", "n", "a", "n", "a"), "alphabet = ['a',"),
        (("x0", "x1", "x2"), tuple("banana"), "index = [1, 0, 2, 0, 2, 0]"),
    ],
)
def test_one_hot_text_reads_as_text(names, labels, shows):
    x = one_hot([1, 0, 2, 0, 2, 0], 3)
    sequence = InputSequence(x, labels, names, kind="text")
    spec = RNNSpec("RNN_TANH", 3, 4, seed=2)
    code = script(spec, sequence)
    assert shows in code
    check(code, trace(build(spec), sequence, spec=spec))


def test_a_snippet_replaces_the_numbers_and_gets_its_imports():
    spec = RNNSpec("LSTM", 1, 4)
    snippet = "t = np.arange(8, dtype=np.float32)\nx = torch.from_numpy(np.sin(t))[:, None, None]"
    sequence = InputSequence(np.sin(np.arange(8, dtype=np.float32)))
    code = script(spec, sequence, source_code=snippet)
    assert snippet in code
    check(code, trace(build(spec), sequence, spec=spec))


@pytest.mark.parametrize("key", SOURCES)
def test_every_sources_own_code_gives_the_same_run(key):
    sequence = generate(key)
    spec = RNNSpec("GRU", sequence.input_size, 4)
    code = script(spec, sequence, source_code=SOURCES[key].code())
    check(code, trace(build(spec), sequence, spec=spec))


def test_weights_from_outside_are_loaded_by_name(tmp_path, monkeypatch):
    spec = RNNSpec("LSTM", 2, 4, 2, bidirectional=True, seed=9)
    expected = trace(build(spec), SINE, spec=replace(spec, init="given"))
    (tmp_path / WEIGHTS_FILE).write_bytes(tables.safetensors(expected))
    monkeypatch.chdir(tmp_path)
    check(script(expected.spec, SINE), expected)
    assert WEIGHTS_FILE == "weights.safetensors"  # as Export names it


NAMES = ("a", "\"\n'''\\", "coding: utf-7")


@pytest.mark.parametrize("activation", ["softmax", "identity"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_a_head_is_loaded_and_predicts(mode, bidirectional, activation, tmp_path, monkeypatch):
    spec = RNNSpec(mode, 2, 4, 2, bidirectional=bidirectional, seed=9)
    plain = trace(build(spec), SINE, spec=replace(spec, init="given"))
    expected = answering(plain, 3, activation, NAMES)
    (tmp_path / WEIGHTS_FILE).write_bytes(tables.safetensors(expected))
    monkeypatch.chdir(tmp_path)
    code = script(expected.spec, SINE, head=expected.head)
    check(code, expected)
    lines, left = run(code)
    np.testing.assert_allclose(left["prediction"][:, 0], expected.prediction, rtol=0, atol=1e-6)
    last = ast.literal_eval(lines["prediction[-1]"])
    np.testing.assert_allclose(last, expected.prediction[-1:], rtol=0, atol=1e-6)
    assert lines["prediction"] == "(6, 1, 3)" and tuple(left["outputs"]) == NAMES
    assert ("softmax" in code) is (activation == "softmax")


def test_a_head_needs_the_weights_it_was_trained_with():
    expected = answering(trace(build(RNNSpec("GRU", 2, 4)), SINE))
    with pytest.raises(SeqvizError, match="trained weights"):
        script(RNNSpec("GRU", 2, 4), SINE, head=expected.head)


def test_the_script_runs_as_a_program_of_its_own(tmp_path):
    spec = RNNSpec("LSTM", 2, 16, 2, init="orthogonal", seed=4)
    file = tmp_path / "lesson.py"
    file.write_text(script(spec, SINE), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True, timeout=60, check=True
    )
    lines = parsed(done.stdout)
    expected = trace(build(spec), SINE, spec=spec)
    last = np.array(ast.literal_eval(lines["output[-1]"]))
    np.testing.assert_allclose(last, expected.output[-1:], rtol=0, atol=1e-6)
    assert lines["output[-1] == h_n[-1]"] == "True"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"h_0": "ones"}, "choose zeros, random"),
        ({"h_0": [1.0, 2.0]}, r"needs \(1, 1, 3\)"),
        ({"h_0": [[1.0, 2.0, float("nan")]]}, "finite"),
        ({"h_0": [["a", "b", "c"]]}, "not an array of numbers"),
        ({"c_0": [[1.0]]}, "c_0 has shape"),
    ],
)
def test_states_that_do_not_fit_are_refused(keywords, says):
    with pytest.raises(SeqvizError, match=says):
        script(RNNSpec("LSTM", 2, 3), SINE, **keywords)


def test_a_sequence_that_does_not_fit_is_refused():
    with pytest.raises(SeqvizError, match="set input_size to 2"):
        script(RNNSpec(input_size=3), SINE)


HOSTILE = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "\nraise SystemExit",
            "coding: utf-7",
            '"""\nraise SystemExit\n"""',
            "'''+exit()+'''",
            "\\",
            "\r raise SystemExit",
            "\x0c\u2028raise SystemExit",
            "\ud800",
            "base64. np. load_file(",
        ]
    ),
)


@settings(max_examples=60)
@given(st.lists(HOSTILE, min_size=3, max_size=3, unique=True), HOSTILE)
def test_what_people_type_stays_text(names, name):
    labels = (names[2], names[0], names[0], names[1])
    x = one_hot([2, 0, 0, 1], 3)
    code = script(RNNSpec("RNN_RELU", 3, 2), InputSequence(x, labels, tuple(names), name=name))
    safe = {"torch", "nn", "alphabet", "rnn", "output", "print", "tuple", "len"}
    for node in ast.walk(ast.parse(code)):
        assert not isinstance(node, ast.Raise)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id in safe
    assert all("coding" not in line for line in code.splitlines()[:2])
    _, left = run(code)
    np.testing.assert_array_equal(left["x"][:, 0], x)


@settings(max_examples=60)
@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_written_out_come_back_to_the_last_bit(numbers):
    sequence = InputSequence(np.array(numbers, np.float32))
    code = script(RNNSpec(hidden_size=1), sequence, h_0=[[numbers[0]]])
    assignments = [node for node in ast.parse(code).body if isinstance(node, ast.Assign)]
    names: dict = {"torch": torch}
    for node in assignments:
        if node.targets[0].id in ("x", "h_0"):
            exec(compile(ast.Module([node], []), "x", "exec"), names)
    np.testing.assert_array_equal(names["x"][:, 0], sequence.x)
    np.testing.assert_array_equal(names["h_0"].ravel(), np.float32(numbers[0]))
