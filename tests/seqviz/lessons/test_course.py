"""Each lesson finds what PyTorch does, prints what a terminal prints, and judges every answer."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import seqviz
from seqviz.lessons import course, forgetting, learning, one_step, sample_network, snippet
from seqviz.lessons.answers import packed_sketch
from seqviz.lessons.course import LESSONS, find
from seqviz.lessons.lesson import fits
from seqviz.lessons.sizes import BOUNDS
from seqviz.training.run import begin
from seqviz.training.segment import advance

ROOT = Path(__file__).parents[3]
TRUTHS = {
    "order": "c",
    "shapes": "b",
    "sample_network": "4",
    "forgetting": "2",
    "gates": "b",
    "in_use": "b",
}
"""What the texts explain: should PyTorch find otherwise, they have to be written anew."""


def changed(lesson):
    """Other sizes, as the controls set them."""
    others = {
        "seed": 5, "input": 3, "hidden": 7, "steps": 9, "batch": 2, "layers": 2, "both": True,
        "bias": 1.5,
    }  # fmt: skip
    return replace(lesson.sizes, **{name: others[name] for name in lesson.controls})


def test_a_terminal_prints_what_the_page_prints():
    texts = [lesson.snippet(s) for lesson in LESSONS for s in (lesson.sizes, changed(lesson))]
    mark = "=" * 20  # one terminal for all of them: torch takes seconds to load
    joined = "\n".join(f"exec({text!r}, {{}})\nprint({mark!r})" for text in texts)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    ended = subprocess.run(
        [sys.executable, "-c", joined], capture_output=True, text=True, env=environment, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    printed = ended.stdout.split(mark + "\n")[:-1]
    assert printed == [f"{snippet.run(text).printed}\n" for text in texts]


def test_what_the_gates_print_stands_below_its_steps():
    head, *lines = snippet.run(LESSONS[6].snippet(LESSONS[6].sizes)).printed.splitlines()
    steps = [int(step) for step in re.findall(r"step (\d+)", head)]
    assert steps == [2, 5, 10] and {len(line) for line in lines} == {len(head)}
    tanh = [float(share) for share in re.findall(r"([\d.]+)%", lines[0])]
    assert tanh == sorted(tanh, reverse=True) and len(tanh) == len(steps)


def test_a_snippet_leaves_the_global_generator_alone():
    torch.manual_seed(11)
    wanted = torch.rand(3)
    torch.manual_seed(11)
    for number in range(1, 6):
        course._find.cache_clear()
        snippet._run.cache_clear()
        find(number)
    assert torch.equal(torch.rand(3), wanted)


def test_a_class_that_reveals_a_lesson_at_once_runs_its_snippet_once():
    text = LESSONS[6].snippet(LESSONS[6].sizes)
    snippet._run.cache_clear()
    with ThreadPoolExecutor(20) as students:
        every = list(students.map(snippet.run, [text] * 20))
    assert all(one is every[0] for one in every)
    assert snippet._run.cache_info().misses == 1


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_a_lesson_finds_something_at_both_ends_of_its_controls(lesson):
    for end in (0, 1):
        low_or_high = {
            name: BOUNDS[name][end] for name in lesson.controls if name in BOUNDS and name != "seed"
        }
        found = lesson.find(replace(lesson.sizes, **low_or_high))
        assert found.runs and all(np.isfinite(run.h).all() for run in found.runs.values())


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_the_truth_is_an_answer_and_is_right(lesson):
    found = find(LESSONS.index(lesson) + 1)
    truth = found.truth
    if lesson.kind == "sketch":
        truth = packed_sketch(found.line)
    assert fits(lesson, truth) and lesson.judge(found, truth).right
    if lesson.key in TRUTHS:
        assert found.truth == TRUTHS[lesson.key]


def test_order_and_mean():
    numbers = find(1).numbers
    assert numbers["mean"] == numbers["other_mean"] and numbers["units"] == numbers["hidden"]


def test_one_step_is_the_value_that_pytorch_computes_and_known_slips_are_named():
    found = find(2)
    (run,) = found.runs.values()
    assert float(found.truth) == pytest.approx(run.h[0, 0, 0, 0], abs=1e-4)
    for slip in ("no_tanh", "no_state", "no_bias"):
        judged = one_step.judge(found, f"{float(found.numbers[slip]):.3f}")
        assert not judged.right and judged.meaning == slip
    assert one_step.judge(found, "-2").meaning == "too_large"
    assert one_step.judge(found, "-0.9").meaning == "other"


@pytest.mark.parametrize("number", [2, 4])
def test_an_answer_may_be_so_far_off(number):
    lesson, found = LESSONS[number - 1], find(number)
    near, truth = float(found.numbers["near"]), float(found.truth)
    judged = [lesson.judge(found, f"{truth + off * near:.4f}").right for off in (0.99, 1.01)]
    assert judged == [True, False]


def test_the_starting_memory_is_what_two_runs_differ_by():
    found = find(4)
    random, zeros = found.runs.values()
    rnn = seqviz.build(seqviz.RNNSpec(input_size=10, hidden_size=20))
    assert rnn.hidden_size == random.spec.hidden_size and not zeros.h_0.any()
    left = np.linalg.norm(random.h[0, 0, 9] - zeros.h[0, 0, 9]) / np.linalg.norm(random.h_0)
    assert float(found.truth) == pytest.approx(100 * left, abs=0.01)
    meanings = {value: LESSONS[3].judge(found, value).meaning for value in ("2", "20", "80")}
    assert meanings == {"2": "right", "20": "some", "80": "all"}


def test_hidden_is_the_last_column():
    found = find(5)
    (run,) = found.runs.values()
    assert np.array_equal(run.output[-1], run.h_n[0])
    meanings = [sample_network.judge(found, str(column)).meaning for column in range(5)]
    assert meanings == ["start", "between", "between", "between", "right"]


def test_forgetting_measures_what_two_runs_of_torch_differ_by():
    found = find(6)
    torch.manual_seed(0)
    rnn = nn.RNN(1, 16)
    x = torch.zeros(20, 1, 1)
    x[0] = 1
    with torch.no_grad():
        apart = np.linalg.norm((rnn(x)[0] - rnn(0 * x)[0])[:, 0].numpy(), axis=1)
    assert found.line == pytest.approx(apart / apart[0], abs=1e-5)
    assert found.numbers["largest"] == "19"


@pytest.mark.parametrize(
    "half, meaning", [(2, "right"), (4, "right"), (12, "too_long"), (None, "never")]
)
def test_a_sketch_is_judged_by_its_half(half, meaning):
    drawn = np.ones(20) if half is None else 0.5 ** (np.arange(20) / half)
    assert forgetting.judge(find(6), packed_sketch(drawn)).meaning == meaning


def test_a_sketch_that_falls_at_once_is_too_short_for_a_long_memory():
    slow = replace(find(6), truth="12")
    assert forgetting.judge(slow, "s990000").meaning == "too_short"


def test_backwards_is_another_answer_and_mean_and_spread_do_not_notice():
    numbers = find(9).numbers
    assert numbers["forwards"] == "a" and numbers["backwards"] == find(9).truth == "b"
    assert numbers["without"] == numbers["without_backwards"]


def test_what_learns_delayed_recall_is_what_the_text_says():
    recipes = learning.recipes()
    sizes = [seqviz.rnn.model.num_parameters(one.spec) for one in recipes.values()]
    assert max(sizes) / min(sizes) < 1.05
    found = learning.found(
        {name: advance(begin(one), one.iterations) for name, one in recipes.items()}
    )
    assert found.truth == "c"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
@pytest.mark.parametrize("value", ["z", "999", "s9900", "-999.5", "é"])
def test_an_answer_of_another_lesson_does_not_fit(lesson, value):
    fitting = {"sketch": {"s9900"}, "cell": {"999"}}.get(lesson.kind, set())
    assert fits(lesson, value) == (value in fitting)
