"""The equations of a step: as LaTeX for KaTeX, with PyTorch's symbols, then with numbers; and in
one line of plain text.
"""

from __future__ import annotations

from seqviz.analysis.unit_step import SAME, Gate, Step
from seqviz.errors import SeqvizError
from seqviz.figures.step.latex_sums import factor, latex, sum_of
from seqviz.labels import number
from seqviz.types import GATES, MODES

_FUNCTIONS = {"tanh": r"\tanh", "relu": r"\operatorname{ReLU}", "sigmoid": r"\sigma"}


def formula(mode: str, direction: int = 0, bias: bool = True) -> list[str]:
    """The cell's equations, one line each, as PyTorch's documentation writes them.

    direction 1 reads the state of t + 1. bias False leaves the biases out. x_t is what the layer
    reads: the sequence, or the states of the layer below.
    Raises SeqvizError when mode is not one of MODES.
    """
    if mode not in MODES:
        raise SeqvizError(f"Unknown cell {mode!r}: choose one of {', '.join(MODES)}.")
    before = _before(direction)
    if not GATES[mode]:
        function = _FUNCTIONS[mode[4:].lower()]
        return [rf"h_t = {function}\left({_weighted('h', before, bias)}\right)"]
    lines = []
    for letter in GATES[mode]:
        function = _FUNCTIONS["tanh" if letter in "gn" else "sigmoid"]
        inside = _weighted(letter, before, bias)
        lines.append(rf"{letter}_t = {function}\left({inside}\right)")
    if mode == "GRU":
        return [*lines, rf"h_t = (1 - z_t) \odot n_t + z_t \odot h_{{{before}}}"]
    lines.append(rf"c_t = f_t \odot c_{{{before}}} + i_t \odot g_t")
    return [*lines, r"h_t = o_t \odot \tanh(c_t)"]


def with_values(opened: Step, digits: int = 4, largest: int = 2) -> list[str]:
    """The lines of formula(opened.mode, opened.direction) with this step's numbers.

    Of each matrix product the `largest` terms are written out and named, the others are summed:
    "and 58 more adding -0.0310". Where an intervention set a value, the line says so.
    """
    lines = [_gate_line(gate, digits, largest) for gate in opened.gates]
    value = {gate.name: factor(gate.value, digits) for gate in opened.gates}
    if opened.c is not None and opened.c_prev is not None and opened.c_computed is not None:
        kept = rf"{value['f']} \cdot {factor(opened.c_prev, digits)}"
        added = rf"{value['i']} \cdot {value['g']}"
        result = _result(opened.c_computed, opened.c, digits)
        lines.append(rf"c_t = {kept} + {added} = {result}")
        squashed = rf"\tanh({latex(opened.c, digits)})"
        result = _result(opened.h_computed, opened.h, digits)
        lines.append(rf"h_t = {value['o']} \cdot {squashed} = {result}")
    elif opened.mode == "GRU":
        fresh = rf"(1 - {value['z']}) \cdot {value['n']}"
        kept = rf"{value['z']} \cdot {factor(opened.h_prev, digits)}"
        result = _result(opened.h_computed, opened.h, digits)
        lines.append(rf"h_t = {fresh} + {kept} = {result}")
    return lines


def in_one_line(opened: Step, quantity: str = "h", digits: int = 4) -> str:
    """How a value came about: "o · tanh(c) = 0.8123 · tanh(0.1041) = 0.0842".

    quantity: h, c, or a gate's letter. The factors have as many digits as it takes to compute the
    result by hand. Raises SeqvizError when there is no such quantity.
    """
    value = {gate.name: plain_factor(gate.value, digits) for gate in opened.gates}
    if quantity == "h" and opened.c is not None:
        squashed = f"{value['o']} · tanh({number(opened.c, digits)})"
        return _plain_result(f"o · tanh(c) = {squashed}", opened.h_computed, opened.h)
    if quantity == "h" and opened.mode == "GRU":
        before = plain_factor(opened.h_prev, digits)
        mixed = f"(1 − {value['z']}) · {value['n']} + {value['z']} · {before}"
        said = f"(1 − z) · n + z · h before = {mixed}"
        return _plain_result(said, opened.h_computed, opened.h)
    if quantity == "c" and opened.c is not None:
        assert opened.c_prev is not None and opened.c_computed is not None
        kept = f"{value['f']} · {plain_factor(opened.c_prev, digits)}"
        said = f"f · c before + i · g = {kept} + {value['i']} · {value['g']}"
        return _plain_result(said, opened.c_computed, opened.c)
    return _gate_in_one_line(opened.gate(quantity), digits)


def _gate_in_one_line(gate: Gate, digits: int) -> str:
    function = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "σ"}[gate.activation]
    recurrent = gate.hidden_scale * gate.from_hidden.total
    parts = [(gate.from_input.total, "from x"), (recurrent, "from h before")]
    if gate.has_bias:
        parts.append((gate.bias_ih + gate.hidden_scale * gate.bias_hh, "bias"))
    inside = " + ".join(f"{plain_factor(size, digits)} {name}" for size, name in parts)
    return _plain_result(f"{function}({inside})", gate.computed, gate.value)


def _plain_result(said: str, computed: float, recorded: float) -> str:
    if _set_by_hand(computed, recorded):
        return f"{said} = {number(computed)}, set by hand to {number(recorded)}"
    return f"{said} = {number(recorded)}"


def plain_factor(value: float, digits: int) -> str:
    """A number in plain text, in parentheses where it is negative."""
    text = number(value, digits)
    return f"({text})" if text.startswith("−") else text


def _set_by_hand(computed: float, recorded: float) -> bool:
    return abs(computed - recorded) > SAME * max(1.0, abs(computed))


def _before(direction: int) -> str:
    return "t+1" if direction else "t-1"


def _weighted(letter: str, before: str, bias: bool) -> str:
    """W x + b + W h + b, subscripts ih and hh for a plain RNN, ii and hi for gate i."""
    first = f"W_{{i{letter}}} x_t" + (f" + b_{{i{letter}}}" if bias else "")
    second = f"W_{{h{letter}}} h_{{{before}}}" + (f" + b_{{h{letter}}}" if bias else "")
    if letter == "n":  # PyTorch's GRU: r comes after W_hn h + b_hn
        second = rf"r_t \odot \left({second}\right)" if bias else rf"r_t \odot {second}"
    return f"{first} + {second}"


def _gate_line(gate: Gate, digits: int, largest: int) -> str:
    function = _FUNCTIONS[gate.activation]
    b_i, b_h = (
        (f"b_{{{side}{gate.name}}}", bias) if gate.has_bias else None
        for side, bias in (("i", gate.bias_ih), ("h", gate.bias_hh))
    )
    first = sum_of(gate.from_input, b_i, digits, largest)
    second = sum_of(gate.from_hidden, b_h, digits, largest)
    if gate.name == "n":
        second = rf"{factor(gate.hidden_scale, digits)} \cdot ({second})"
    joined = second if second.startswith("-") else f"+ {second}"
    result = _result(gate.computed, gate.value, digits)
    return (
        rf"\begin{{aligned}} {gate.name}_t &= {function}\bigl({first} \\ &\quad {joined}\bigr) \\ "
        rf"&= {function}({latex(gate.pre_activation, digits)}) = {result} \end{{aligned}}"
    )


def _result(computed: float, recorded: float, digits: int) -> str:
    if _set_by_hand(computed, recorded):
        text = r"\;\text{, set by hand to }\; "
        return rf"{latex(computed, digits)}{text}{latex(recorded, digits)}"
    return latex(recorded, digits)
