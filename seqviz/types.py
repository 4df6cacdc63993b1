"""The values that flow through seqviz: a Model (RNNSpec, weights, head) + InputSequence -> Trace.

Axis letters are the same everywhere: T steps, N batch, I input_size, H hidden_size, L layers,
D directions (1, or 2 when bidirectional), K outputs of a head.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_SEED

FloatArray = NDArray[np.float32]

MODES = ("RNN_TANH", "RNN_RELU", "GRU", "LSTM")
"""Cell types, named as `torch.nn.RNNBase.mode` names them."""

HEAD_ACTIVATIONS = ("softmax", "identity")
"""What a head's sums go through: probabilities of classes, or values as they are."""

INITS = ("default", "orthogonal", "identity", "xavier", "given")
"""How weights were chosen; "given" means they came from outside (a loaded module)."""

GATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"RNN_TANH": (), "RNN_RELU": (), "GRU": ("r", "z", "n"), "LSTM": ("i", "f", "g", "o")}
)
"""Gate letters in the order PyTorch stacks them in weight_ih and weight_hh."""

ACTIVATIONS: Mapping[str, str] = MappingProxyType(
    {gate: "tanh" if gate in "gn" else "sigmoid" for gate in "ifgorzn"}
)
"""What each gate's sum goes through: values from -1 to 1 for tanh, from 0 to 1 for sigmoid."""


@dataclass(frozen=True)
class RNNSpec:
    """What it takes to build a recurrent network, and to build the same one again.

    mode: one of MODES. input_size, hidden_size, num_layers: positive integers.
    init: one of INITS. forget_bias: for LSTM, the value the forget gate's total bias
    b_if + b_hf is set to (None keeps PyTorch's random default). seed: 0 to 2**31 - 1.

    Raises SeqvizError when a field is out of range.
    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html
    """

    mode: str = "RNN_TANH"
    input_size: int = 1
    hidden_size: int = 16
    num_layers: int = 1
    bias: bool = True
    bidirectional: bool = False
    init: str = "default"
    forget_bias: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise SeqvizError(f"Unknown cell {self.mode!r}: choose one of {', '.join(MODES)}.")
        if self.init not in INITS:
            raise SeqvizError(f"Unknown init {self.init!r}: choose one of {', '.join(INITS)}.")
        for name in ("input_size", "hidden_size", "num_layers", "seed"):
            if not isinstance(getattr(self, name), (int, np.integer)):
                raise SeqvizError(f"{name} is {getattr(self, name)!r:.40}: give a whole number.")
        for name in ("input_size", "hidden_size", "num_layers"):
            if getattr(self, name) < 1:
                raise SeqvizError(f"{name} is {getattr(self, name)}: set it to 1 or more.")
        if not 0 <= self.seed <= MAX_SEED:
            raise SeqvizError(f"seed is {self.seed}: set it between 0 and {MAX_SEED}.")
        if self.forget_bias is not None and not np.isfinite(self.forget_bias):
            raise SeqvizError("The forget-gate bias must be a finite number.")

    @property
    def num_directions(self) -> int:
        """D: 2 when bidirectional, else 1."""
        return 2 if self.bidirectional else 1

    @property
    def gates(self) -> tuple[str, ...]:
        """Gate letters in PyTorch's order: () for RNN, r z n for GRU, i f g o for LSTM."""
        return GATES[self.mode]

    @property
    def quantities(self) -> tuple[str, ...]:
        """What a Trace of this network can show: h, then c for LSTM, then the gates."""
        return ("h", *(("c",) if self.mode == "LSTM" else ()), *self.gates)


def frozen(values: ArrayLike) -> FloatArray:
    """A float32 copy that cannot be written to, C-contiguous."""
    array = np.asarray(values).astype(np.float32, order="C")  # asarray: torch knows no copy=
    array.flags.writeable = False
    return array


@dataclass(frozen=True, eq=False)
class Head:
    """What turns states into answers: activation(weight h + bias), at every step.

    weight (K, D*H) and bias (K,) float32, as nn.Linear has them; activation: one of
    HEAD_ACTIVATIONS; names: what each of the K outputs stands for.

    Raises SeqvizError when shapes do not fit.
    """

    weight: FloatArray
    bias: FloatArray
    activation: str = "identity"
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        weight, bias = frozen(self.weight), frozen(self.bias)
        if self.activation not in HEAD_ACTIVATIONS:
            raise SeqvizError(
                f"Unknown activation {self.activation!r:.40}: choose one of "
                f"{', '.join(HEAD_ACTIVATIONS)}."
            )
        names = tuple(self.names) or tuple(f"y{k}" for k in range(len(bias)))
        if weight.ndim != 2 or bias.shape != (len(weight),) or len(names) != len(weight):
            raise SeqvizError(
                f"A head of weight {weight.shape}, bias {bias.shape} and {len(names)} names does "
                "not fit together: give K rows, K biases and K names."
            )
        object.__setattr__(self, "weight", weight)
        object.__setattr__(self, "bias", bias)
        object.__setattr__(self, "names", names)

    @cached_property
    def digest(self) -> str:
        """A short fingerprint, to key caches with."""
        hasher = hashlib.blake2b(repr((self.activation, self.names)).encode(), digest_size=12)
        hasher.update(self.weight.tobytes())
        hasher.update(self.bias.tobytes())
        return hasher.hexdigest()


@dataclass(frozen=True, eq=False)
class Model:
    """A network with its numbers: a spec, its weights and, if it was trained, its head.

    weights: float32 arrays keyed by the names of the module's state_dict. It can be pickled.
    Raises SeqvizError when the head does not read the D*H states of the spec.
    """

    spec: RNNSpec
    weights: Mapping[str, FloatArray]
    head: Head | None = None

    def __post_init__(self) -> None:
        weights = {name: frozen(value) for name, value in self.weights.items()}
        object.__setattr__(self, "weights", weights)
        states = self.spec.num_directions * self.spec.hidden_size
        if self.head is not None and self.head.weight.shape[1] != states:
            raise SeqvizError(
                f"The head reads {self.head.weight.shape[1]} states and the network has {states}: "
                "take the head that was trained with it."
            )


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The network as it was after this many iterations of training; 0 is untrained."""

    iteration: int
    model: Model


@dataclass(frozen=True, eq=False)
class InputSequence:
    """A sequence to feed to the network.

    x: (T, I) float32, read-only. labels: T strings, what a person calls each step (a character,
    a date, a frame's time). feature_names: I strings. name: what the whole is called.
    sample_rate: in Hz when the steps came from sound, else None. kind: how to draw it
    ("curve", "text", "audio" or "gesture").

    Raises SeqvizError when x is not 2-d, is empty, or holds NaN or infinity.
    """

    x: FloatArray
    labels: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    name: str = "sequence"
    sample_rate: float | None = None
    kind: str = "curve"

    def __post_init__(self) -> None:
        try:
            with np.errstate(over="ignore"):  # what float32 cannot hold is told apart below
                x = frozen(self.x)
        except (TypeError, ValueError) as error:
            raise SeqvizError(
                "A sequence needs numbers, as many at each step as at the others."
            ) from error
        if x.ndim == 1:
            x = frozen(x[:, None])  # (T,) -> (T, 1)
        if x.ndim != 2 or 0 in x.shape:
            raise SeqvizError(
                f"A sequence needs at least one step and one feature, this one has shape {x.shape}."
            )
        if not np.isfinite(x).all():
            t, i = np.argwhere(~np.isfinite(x))[0]
            raise SeqvizError(
                f"Step {t + 1}, feature {i + 1} is {x[t, i]}: every value must be a finite number."
            )
        steps, features = x.shape
        labels = tuple(self.labels) or tuple(str(t + 1) for t in range(steps))
        names = tuple(self.feature_names) or tuple(f"x{i}" for i in range(features))
        if len(labels) != steps or len(names) != features:
            raise SeqvizError(
                f"{len(labels)} labels and {len(names)} feature names do not fit x of {x.shape}."
            )
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "feature_names", names)

    def __len__(self) -> int:
        return len(self.x)

    @property
    def input_size(self) -> int:
        """I, the number of features a step has."""
        return int(self.x.shape[1])

    @cached_property
    def digest(self) -> str:
        """A short fingerprint of values and labels, to key caches with."""
        text = "\0".join((self.name, self.kind, *self.labels, *self.feature_names))
        hasher = hashlib.blake2b(self.x.tobytes(), digest_size=12)
        hasher.update(f"{self.x.shape}{self.sample_rate}{text}".encode(errors="surrogatepass"))
        return hasher.hexdigest()


@dataclass(frozen=True, eq=False)
class Trace:
    """Every state a network went through while it read one sequence.

    All arrays are NumPy float32, read-only, in input-time order: index t of the reverse
    direction is its state after reading x[T-1] down to x[t].

    x (T, I); h (L, D, T, H); c (L, D, T, H), or None unless LSTM; gates {letter: (L, D, T, H)},
    activated values; h_0, c_0 (L, D, H), c_0 None unless LSTM; weights keyed by state_dict
    names; output (T, D*H); h_n (D*L, H) as torch.nn returns it; labels, T strings. head and
    prediction (T, K), what it answers at every step, are None for a network without a head.
    """

    spec: RNNSpec
    x: FloatArray
    h: FloatArray
    c: FloatArray | None
    gates: Mapping[str, FloatArray]
    h_0: FloatArray
    c_0: FloatArray | None
    weights: Mapping[str, FloatArray]
    output: FloatArray
    h_n: FloatArray
    labels: tuple[str, ...] = field(default=())
    head: Head | None = None
    prediction: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.x)

    def quantity(self, name: str) -> FloatArray:
        """h, c or a gate by its letter: (L, D, T, H). SeqvizError if this cell has none."""
        if name == "h":
            return self.h
        if name == "c" and self.c is not None:
            return self.c
        if name in self.gates:
            return self.gates[name]
        raise SeqvizError(
            f"A {self.spec.mode} has no {name!r}: choose one of {', '.join(self.spec.quantities)}."
        )

    def before(self, name: str = "h") -> FloatArray:
        """The h (or c) each step started from, (L, D, T, H).

        At t it is the state of t - 1, or of t + 1 in the reverse direction; at the first step
        read it is h_0 (or c_0).
        """
        states = {"h": (self.h, self.h_0), "c": (self.c, self.c_0)}
        state, initial = states.get(name, (None, None))
        if state is None or initial is None:
            raise SeqvizError(f"A {self.spec.mode} has no state {name!r}.")
        previous = np.empty_like(state)
        previous[:, 0, 1:] = state[:, 0, :-1]
        previous[:, 0, 0] = initial[:, 0]
        if self.spec.bidirectional:
            previous[:, 1, :-1] = state[:, 1, 1:]  # reverse direction: the previous state is at t+1
            previous[:, 1, -1] = initial[:, 1]
        return previous

    def layer_input(self, layer: int) -> FloatArray:
        """What layer reads: x (T, I) for layer 0, else the layer below's states (T, D*H)."""
        if layer == 0:
            return self.x
        below = self.h[layer - 1]  # (D, T, H)
        return np.concatenate(list(below), axis=-1)  # (T, D*H)
