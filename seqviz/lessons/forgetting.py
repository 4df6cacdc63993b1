"""Lesson 6: how long the first input matters."""

from __future__ import annotations

from string import Template

import numpy as np

from seqviz.analysis.forgetting import steps_until
from seqviz.analysis.spectrum import spectral_radius
from seqviz.lessons.answers import sketch
from seqviz.lessons.lesson import Found, Judgement, Lesson, percent, spoken, traced
from seqviz.lessons.sizes import Sizes
from seqviz.lessons.snippet import run

GROWS_FIRST = ((0.9, 5.0), (0.0, 0.9))
"""Both eigenvalues are 0.9, and its powers grow before they shrink: it is far from normal."""

ROUNDING = 0.0051  # of a sketch in a link

_CODE = Template("""\
import torch
from torch import nn

torch.manual_seed($seed)
rnn = nn.RNN(1, $hidden)
x = torch.zeros($steps, 1, 1)
x[0] = 1  # an impulse, then nothing

left = (rnn(x)[0] - rnn(0 * x)[0]).norm(dim=2)[:, 0]
left = left / left[0]  # what is left of step 1, from 1 down
for step in range(1, $steps + 1):
    print(f"step {step}: {left[step - 1]:.1%}")
print(f"rho = {torch.linalg.eigvals(rnn.weight_hh_l0).abs().max():.2f}")
""")


def snippet(sizes: Sizes) -> str:
    return _CODE.substitute(seed=sizes.seed, hidden=sizes.hidden, steps=sizes.steps)


def find(sizes: Sizes) -> Found:
    """The truth is how many steps later at most half is left for good."""
    names = run(snippet(sizes)).names
    left = spoken(names["left"])
    half = steps_until(left.astype(np.float64), 0.5)
    gone = steps_until(left.astype(np.float64), 0.01)
    largest, at = _grows_to()
    numbers = {
        "half": _steps(half, sizes.steps),
        "gone": _steps(gone, sizes.steps),
        "last": percent(float(left[-1])),
        "rho": f"{spectral_radius(spoken(names['rnn'].weight_hh_l0)):.2f}",
        "largest": f"{largest:.0f}",
        "at": str(at),
        "steps": str(sizes.steps),
    }
    truth = str(int(half)) if np.isfinite(half) else "99"
    rnn, x = names["rnn"], names["x"]
    return Found(truth, numbers, {"": traced(rnn, x)}, line=left, without={"": traced(rnn, 0 * x)})


def _grows_to() -> tuple[float, int]:
    """The largest norm of a power of GROWS_FIRST, and which power it is."""
    matrix, power, sizes = np.array(GROWS_FIRST), np.eye(2), []
    for _ in range(60):
        power = power @ matrix
        sizes.append(float(np.linalg.norm(power, 2)))
    return max(sizes), int(np.argmax(sizes)) + 1


def _steps(count: float, steps: int) -> str:
    return f"{count:.0f}" if np.isfinite(count) else f">\u2009{steps - 1}"


def half_of(answer: str, steps: int) -> float:
    """When a sketch has fallen to half of where it begins, in steps; inf when it does not."""
    drawn = sketch(answer, steps).astype(np.float64)
    return steps_until(drawn / max(drawn[0], 1e-3), 0.5 + ROUNDING)


def judge(found: Found, answer: str) -> Judgement:
    """A sketch is right when its half is at most two steps, or a third, from the measured one."""
    assert found.line is not None
    truth, drawn = float(found.truth), half_of(answer, len(found.line))
    if abs(drawn - truth) <= max(2.0, truth / 3):
        return Judgement(True, "right")
    if np.isinf(drawn):
        return Judgement(False, "never")
    return Judgement(False, "too_long" if drawn > truth else "too_short")


LESSON = Lesson(
    "forgetting",
    "sketch",
    Sizes(),
    ("seed", "hidden", "steps"),
    snippet,
    find,
    judge,
    seen=1,
    offers=lambda _: (1, 2, 4, 8, 16),
)
