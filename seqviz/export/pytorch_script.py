"""The PyTorch script that rebuilds a network and a sequence, readable like a lesson.

What a person typed (a name, a text, labels) enters the script only through repr or as base64,
so that no text can become code.
"""

from __future__ import annotations

import base64
import textwrap

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seqviz.errors import SeqvizError
from seqviz.rnn.model import constructor
from seqviz.types import FloatArray, Head, InputSequence, RNNSpec

WEIGHTS_FILE = "weights.safetensors"
"""What a script for uploaded or trained weights loads: the file that Export offers beside it."""

LITERAL_VALUES = 256
"""Up to this many numbers are written out; more are packed as base64."""


def script(
    spec: RNNSpec,
    sequence: InputSequence,
    *,
    source_code: str | None = None,
    h_0: str | ArrayLike | None = None,
    c_0: str | ArrayLike | None = None,
    head: Head | None = None,
) -> str:
    """A plain PyTorch program that repeats this run and prints its shapes and `output[-1]`.

    Its numbers equal seqviz.trace's to 1e-6: the weights are those of seqviz.build(spec).

    source_code: lines that assign x, (T, 1, I) float32, in place of the numbers themselves
    (trusted: it enters as it is; np, math and base64 are imported when it uses them). h_0, c_0:
    None or "zeros"; "random" for the first torch.randn(D*L, 1, H) of a generator seeded with
    spec.seed, c_0 being the next one, also when only h_0 is said to be random; or D*L*H numbers.
    When spec.init is "given", the script loads its weights from WEIGHTS_FILE beside it. head: of a
    trained network, whose spec.init is "given"; it comes from the same file, and the script also
    prints the prediction of the last step.

    Raises SeqvizError when the sequence or a state does not fit the network, or the network of a
    head is built from a seed.
    """
    if head is not None and spec.init != "given":
        raise SeqvizError('A head belongs to trained weights: give a spec whose init is "given".')
    if sequence.input_size != spec.input_size:
        raise SeqvizError(
            f"The sequence has {sequence.input_size} features a step and the network reads "
            f"{spec.input_size}: set input_size to {sequence.input_size}."
        )
    parts = [
        source_code.strip() if source_code is not None else _sequence(sequence),
        _network(spec) if head is None else _trained(spec, head),
        _states(spec, h_0, c_0),
        _run(spec, head, given=_has_initial(spec, h_0, c_0)),
        _prints(spec, head),
    ]
    imports = _imports(parts[0] + parts[2], source_code or "", loads=spec.init == "given")
    top = [
        f'"""{constructor(spec)} reads {len(sequence)} steps of {spec.input_size}."""',
        *imports,
    ]
    # never in the first two lines, where a comment may name the file's encoding
    parts[0] = f"# The sequence: {sequence.name!r}\n{parts[0]}"
    return "\n\n".join(part for part in (*top, *parts) if part) + "\n"


def _imports(numbers: str, source_code: str, loads: bool) -> list[str]:
    """The blocks of imports: the standard library's, then the others'."""
    standard = ["import base64"] if "base64." in numbers else []
    standard += ["import math"] if "math." in source_code else []
    others = ["import numpy as np"] if "np." in source_code else []
    others += ["import torch"]
    others += ["from safetensors.torch import load_file"] if loads else []
    others += ["from torch import nn"]
    return ["\n".join(standard), "\n".join(others)]


def _sequence(sequence: InputSequence) -> str:
    """Code that assigns x."""
    hot = one_hot_index(sequence.x)
    if hot is not None:
        return _one_hot(sequence, hot)
    steps, features = sequence.x.shape
    comment = f"  # (T, N, I) = ({steps}, 1, {features})"
    return f"x = {_tensor(sequence.x)}.view({steps}, 1, {features}){comment}"


def one_hot_index(x: FloatArray) -> NDArray[np.intp] | None:
    """Which feature is 1 at each step (T,), or None unless every row is one 1 among zeros.

    One feature alone is no choice, so (T, 1) is never one-hot.
    """
    rows_add_to_one = bool(((x != 0).sum(axis=1) == 1).all() and (x.max(axis=1) == 1).all())
    return x.argmax(axis=1) if x.shape[1] > 1 and rows_add_to_one else None


def _one_hot(sequence: InputSequence, hot: NDArray[np.intp]) -> str:
    names, labels = sequence.feature_names, sequence.labels
    size = sequence.input_size
    spelled = len(set(names)) == size and all(
        names[feature] == label for feature, label in zip(hot, labels, strict=True)
    )
    if not spelled:
        index = _wrapped([str(feature) for feature in hot])
        return (
            f"index = {index}\n"
            f"x = nn.functional.one_hot(torch.tensor(index), {size}).float()[:, None]  # (T, 1, I)"
        )
    if all(len(name) == 1 for name in names):
        lines = [f"text = {''.join(labels)!r}", f"alphabet = {''.join(names)!r}"]
    else:
        lines = [
            f"text = {_wrapped([repr(label) for label in labels])}",
            f"alphabet = {_wrapped([repr(name) for name in names])}",
        ]
    lines += [
        "index = torch.tensor([alphabet.index(token) for token in text])",
        "x = nn.functional.one_hot(index, len(alphabet)).float()[:, None]  # (T, 1, I)",
    ]
    return "\n".join(lines)


def _network(spec: RNNSpec) -> str:
    if spec.init == "given":
        return (
            f"rnn = {constructor(spec)}\n"
            f"rnn.load_state_dict(load_file({WEIGHTS_FILE!r}))  # weight_ih_l0, weight_hh_l0, ..."
        )
    lines = [
        f"torch.manual_seed({spec.seed})  # same seed, same weights",
        f"rnn = {constructor(spec)}",
    ]
    changes = [*_reinitialised(spec), *_forget_bias(spec)]
    if changes:
        lines += [
            "with torch.no_grad():",
            "    for name, parameter in rnn.named_parameters():",
            *(f"        {line}" for line in changes),
        ]
    return "\n".join(lines)


def _trained(spec: RNNSpec, head: Head) -> str:
    """Code that loads the recurrent layers and the head from one file."""
    outputs, states = head.weight.shape
    names = f"outputs = {_wrapped([repr(name) for name in head.names])}  # what they stand for"
    return "\n".join(
        [
            f"weights = load_file({WEIGHTS_FILE!r})  # weight_ih_l0, ..., head.weight, head.bias",
            f"head = nn.Linear({states}, {outputs})",
            'parts = {name: weights.pop(f"head.{name}") for name in ("weight", "bias")}',
            "head.load_state_dict(parts)",
            f"rnn = {constructor(spec)}",
            "rnn.load_state_dict(weights)",
            names,
        ]
    )


def _reinitialised(spec: RNNSpec) -> list[str]:
    """The body of the loop over parameters, in the order seqviz.build draws its numbers."""
    each_block = f"    for block in parameter.split({spec.hidden_size}):  # one for each gate"
    if spec.init == "orthogonal":
        calls = ['if name.startswith("weight_hh"):', each_block]
        return [*calls, "        nn.init.orthogonal_(block)"]
    if spec.init == "xavier":
        calls = ['if name.startswith("weight"):', each_block]
        return [*calls, "        nn.init.xavier_uniform_(block)"]
    if spec.init == "identity":
        calls = ['if name.startswith("weight_hh"):', each_block, "        nn.init.eye_(block)"]
        zeros = ['if name.startswith("bias"):', "    nn.init.zeros_(parameter)"]
        return [*calls, *(zeros if spec.bias else [])]
    return []


def _forget_bias(spec: RNNSpec) -> list[str]:
    if spec.mode != "LSTM" or spec.forget_bias is None or not spec.bias:
        return []
    block = f"parameter[{spec.hidden_size}:{2 * spec.hidden_size}]"
    return [
        'if name.startswith("bias"):  # gates are stacked i f g o, and b_if + b_hf is what counts',
        f'    {block} = {float(spec.forget_bias)!r} if "_ih_" in name else 0.0',
    ]


def _has_initial(spec: RNNSpec, h_0: str | ArrayLike | None, c_0: str | ArrayLike | None) -> bool:
    return not (_is_zeros(h_0) and (spec.mode != "LSTM" or _is_zeros(c_0)))


def _is_zeros(state: str | ArrayLike | None) -> bool:
    return state is None or (isinstance(state, str) and state == "zeros")


def _states(spec: RNNSpec, h_0: str | ArrayLike | None, c_0: str | ArrayLike | None) -> str:
    """Code that assigns h_0 (and c_0), or nothing when all start from zeros."""
    if not _has_initial(spec, h_0, c_0):
        return ""
    if c_0 is None and isinstance(h_0, str) and h_0 == "random":
        c_0 = "random"
    wanted = {"h_0": h_0, **({"c_0": c_0} if spec.mode == "LSTM" else {})}
    lines = [_state(spec, name, value) for name, value in wanted.items()]
    if any("generator=" in line for line in lines):
        lines.insert(0, f"generator = torch.Generator().manual_seed({spec.seed})")
    return "\n".join(lines)


def _state(spec: RNNSpec, name: str, value: str | ArrayLike | None) -> str:
    rows, hidden = spec.num_layers * spec.num_directions, spec.hidden_size
    shape = f"{rows}, 1, {hidden}"
    if _is_zeros(value):
        return f"{name} = torch.zeros({shape})"
    if isinstance(value, str):
        if value != "random":
            raise SeqvizError(f"{name} is {value!r}: choose zeros, random, or give its numbers.")
        return f"{name} = torch.randn({shape}, generator=generator)  # (D*L, N, H)"
    try:
        numbers = np.array(value, np.float32)
    except (TypeError, ValueError) as error:
        raise SeqvizError(f"{name} is not an array of numbers: {error}.") from error
    if numbers.shape not in ((rows, hidden), (rows, 1, hidden)):
        raise SeqvizError(
            f"{name} has shape {numbers.shape} and this network needs ({shape}), one row per "
            "layer and direction."
        )
    if not np.isfinite(numbers).all():
        raise SeqvizError(f"{name} holds NaN or infinity: every value must be a finite number.")
    return f"{name} = {_tensor(numbers)}.view({shape})  # (D*L, N, H)"


def _run(spec: RNNSpec, head: Head | None, given: bool) -> str:
    lstm = spec.mode == "LSTM"
    start = (", (h_0, c_0)" if lstm else ", h_0") if given else ""
    result = "output, (h_n, c_n)" if lstm else "output, h_n"
    lines = ["with torch.no_grad():", f"    {result} = rnn(x{start})"]
    if head is not None:
        softmax = ".softmax(dim=-1)" if head.activation == "softmax" else ""
        lines.append(f"    prediction = head(output){softmax}  # (T, N, K)")
    return "\n".join(lines)


def _prints(spec: RNNSpec, head: Head | None) -> str:
    names = ("x", "output", "h_n", *(("c_n",) if spec.mode == "LSTM" else ()))
    names += () if head is None else ("prediction",)
    lines = [f'print("{name}", tuple({name}.shape))' for name in names]
    lines.append('print("output[-1]", output[-1].tolist())')
    if spec.bidirectional:
        lines += [
            "# The reverse direction has read one step at output[-1] and all of them at output[0],",
            "# so output[-1] is not h_n[-1]; the halves that have read everything are:",
            f'print("forward end", torch.equal(output[-1, 0, :{spec.hidden_size}], h_n[-2, 0]))',
            f'print("reverse end", torch.equal(output[0, 0, {spec.hidden_size}:], h_n[-1, 0]))',
        ]
    else:
        lines.append('print("output[-1] == h_n[-1]", torch.equal(output[-1], h_n[-1]))')
    if head is not None:
        lines.append('print("prediction[-1]", prediction[-1].tolist())')
    if head is not None and head.activation == "softmax":
        lines.append('print("likeliest", repr(outputs[int(prediction[-1, 0].argmax())]))')
    return "\n".join(lines)


def _tensor(values: FloatArray) -> str:
    """An expression for values as a flat float32 tensor, exact to the last bit."""
    flat = values.ravel()
    if flat.size <= LITERAL_VALUES:
        return f"torch.tensor({_wrapped([_literal(value) for value in flat])})"
    packed = base64.b64encode(flat.astype("<f4").tobytes()).decode()
    lines = "\n".join(f'        "{line}"' for line in textwrap.wrap(packed, 88))
    decoded = f"bytearray(base64.b64decode(\n{lines}\n    ))"
    return f"torch.frombuffer(\n    {decoded},\n    dtype=torch.float32,\n)"


def _literal(value: np.float32) -> str:
    """The shortest decimal that Python's float and then float32 read back unchanged."""
    short = str(value)
    return short if np.float32(float(short)) == value else repr(float(value))


def _wrapped(items: list[str]) -> str:
    """A list display, broken into lines when long. Items may hold spaces of their own."""
    line = f"[{', '.join(items)}]"
    if len(line) <= 80:
        return line
    lines = [""]
    for item in items:
        if lines[-1] and len(lines[-1]) + len(item) > 90:
            lines.append("")
        lines[-1] += f"{item}, "
    return "[\n" + "\n".join(f"    {row.rstrip()}" for row in lines) + "\n]"
