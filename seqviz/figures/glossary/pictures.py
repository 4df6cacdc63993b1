"""A small picture for each word of the glossary: SVG in either theme."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from seqviz.figures.glossary import counts, curves, states, tables
from seqviz.figures.glossary.shapes import HEIGHT, WIDTH, arrow, bars, function, gate, layer, loop
from seqviz.figures.palette import ACCENT, ENDS

Picture = Callable[[str], str]


def picture(name: str, theme: str) -> str:
    """The picture of a word. theme: "light" or "dark". Raises KeyError on a word without one."""
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'{opening} width="{WIDTH}" height="{HEIGHT}">{PICTURES[name](theme)}</svg>'


PICTURES: Mapping[str, Picture] = MappingProxyType(
    {
        "hidden_state": lambda theme: states.heatmap(theme, column=4),
        "cell_state": states.cell_state,
        "unit": lambda theme: states.heatmap(theme, row=1),
        "time_step": lambda theme: states.heatmap(theme, column=4),
        "heatmap": states.heatmap,
        "sequence": states.reading,
        "standardise": curves.standardise,
        "band": tables.bands,
        "h_0": lambda theme: states.heatmap(theme, column=0),
        "output": states.heatmap,
        "h_n": lambda theme: states.heatmap(theme, column=states.COLUMNS - 1),
        "input_size": lambda theme: layer(theme, 3, 4, "inputs"),
        "hidden_size": lambda theme: layer(theme, 1, 5, "outputs"),
        "num_layers": states.stacked,
        "bidirectional": lambda theme: states.reading(theme, both=True),
        "bias": curves.bias,
        "batch": states.batch,
        "seed": lambda theme: counts.twice(theme, (0.3, 0.9, 0.1, 0.6)),
        "init": lambda theme: bars(theme, (0.1, 0.3, 0.65, 1.0, 1.0, 0.65, 0.3, 0.1)),
        "weights": lambda theme: layer(theme, 3, 4, "weights"),
        "rnn": lambda theme: loop(theme, 0),
        "lstm": lambda theme: loop(theme, 3),
        "gru": lambda theme: loop(theme, 2),
        "gate": lambda theme: gate(theme, 0.5),
        "forget_gate": lambda theme: gate(theme, 0.9),
        "input_gate": lambda theme: gate(theme, 0.3),
        "output_gate": lambda theme: gate(theme, 0.6),
        "candidate": lambda theme: function(theme, math.tanh, -1.0, 1.0),
        "reset_gate": lambda theme: gate(theme, 0.2),
        "update_gate": lambda theme: gate(theme, 0.7),
        "forget_bias": lambda theme: gate(theme, 0.95),
        "tanh": lambda theme: function(theme, math.tanh, -1.0, 1.0),
        "sigmoid": lambda theme: function(theme, curves.sigmoid, 0.0, 1.0),
        "rho": curves.unit_circle,
        "eigenvalue": curves.unit_circle,
        "influence": lambda theme: curves.decay(theme, (0.7,)),
        "jacobian": tables.jacobian,
        "horizon": lambda theme: curves.decay(theme, (0.7,)),
        "nudge": lambda theme: curves.two_paths(theme, meet=True),
        "clamp": curves.clamp,
        "gradient": curves.gradient,
        "vanishing": lambda theme: curves.decay(theme, (0.6, 1.1)),
        "clip": lambda theme: function(theme, lambda x: max(-1.5, min(1.5, x)), -2.0, 2.0),
        "truncation": states.truncation,
        "loss": curves.loss,
        "cross_entropy": curves.surprise,
        "rmse": curves.misses,
        "accuracy": lambda theme: counts.right_ones(
            theme, (True, True, False, True, True), ENDS[theme][1]
        ),
        "confusion": lambda theme: tables.square(theme, tables.near_diagonal(6, 0.7)),
        "baseline": curves.loss,
        "held_out": lambda theme: counts.right_ones(theme, (True,) * 4 + (False,), ENDS[theme][2]),
        "delay": lambda theme: counts.decides(theme, 4),
        "iteration": lambda theme: curves.loss(theme, marks=24, baseline=False),
        "epoch": lambda theme: states.reading(theme) + arrow([(142, 64), (10, 64)], ACCENT[theme]),
        "learning_rate": lambda theme: curves.descent(theme, 0.15, 5),
        "optimizer": lambda theme: curves.descent(theme, 0.85, 6),
        "checkpoint": lambda theme: curves.loss(theme, marks=6, baseline=False),
        "logit": lambda theme: bars(theme, (-0.3, 0.8, 0.2, -0.6)),
        "softmax": lambda theme: bars(theme, (0.1, 0.65, 0.2, 0.05)),
        "temperature": counts.temperature,
        "perplexity": lambda theme: bars(theme, (0.5, 0.5, 0.5, 0.5, 0.5)),
        "head": lambda theme: layer(theme, 5, 2, "outputs"),
        "continuation": curves.continuation,
        "one_hot": lambda theme: bars(theme, (0.0, 0.0, 1.0, 0.0, 0.0)),
        "vocabulary": tables.symbols,
        "bigram": lambda theme: counts.decides(theme, 1),
        "attention": lambda theme: tables.square(theme, tables.near_diagonal(7, 1.2)),
        "pca": curves.state_path,
        "alike": tables.alike,
        "cka": tables.same_states,
        "lyapunov": lambda theme: curves.two_paths(theme, meet=False),
    }
)
