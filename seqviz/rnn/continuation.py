"""What a trained network says comes next, read by itself again and again."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_STEPS
from seqviz.rnn.cells import Cells
from seqviz.rnn.head import predict
from seqviz.rnn.model import with_weights
from seqviz.rnn.tracing import trace
from seqviz.types import FloatArray, Head, InputSequence, Model, Trace, frozen


def continued(
    model: Model,
    x: InputSequence | ArrayLike,
    steps: int = 30,
    *,
    temperature: float = 0.0,
    generator: torch.Generator | None = None,
    without: Sequence[int] = (),
) -> FloatArray:
    """The steps that follow x by the network's own answers, each one fed back: (steps, I).

    model: its head answers with the next step, so K = I. x: an InputSequence or (T, I). Where
    the head answers with classes, every step is one-hot: the likeliest class at temperature 0,
    else drawn by generator from softmax(sums / temperature). without: classes never to choose.

    Raises SeqvizError for a network without such a head or with a reverse direction, for x of
    other features, and for numbers out of range.
    """
    head = _head_of(model)
    sequence = x if isinstance(x, InputSequence) else InputSequence(x)  # type: ignore[arg-type]
    if sequence.input_size != model.spec.input_size:
        raise SeqvizError(
            f"The sequence has {sequence.input_size} features a step and the network reads "
            f"{model.spec.input_size}: give it what it was trained on."
        )
    if not 1 <= steps <= MAX_STEPS:
        raise SeqvizError(f"steps is {steps}: set it between 1 and {MAX_STEPS:,}.")
    if not 0 <= temperature <= 100:
        raise SeqvizError(f"temperature is {temperature:g}: set it between 0 and 100.")
    if temperature and generator is None and head.activation == "softmax":
        raise SeqvizError("A step is drawn by chance: give a generator, or temperature 0.")
    rnn = with_weights(model.spec, model.weights)
    weight, bias = torch.tensor(head.weight), torch.tensor(head.bias)
    step, state = torch.tensor(sequence.x), None
    following = []
    with torch.inference_mode():
        for _ in range(steps):
            output, state = rnn(step, state)  # (T, H) at first, then (1, H)
            answer = nn.functional.linear(output[-1:], weight, bias)[0]  # (K,)
            if head.activation == "softmax":
                answer = _one_class(answer, temperature, generator, list(without))
            step = answer[None]
            following.append(answer)
        return frozen(torch.stack(following))


def traced_on(rnn: nn.RNNBase, read: Trace, head: Head, steps: int) -> Trace:
    """What follows a trace when each answer of head is read as the next input: a Trace of so many
    steps, whose x (steps, K) are these answers and whose h_0 is the trace's last state.

    rnn: the network of the trace, of one direction. head: answers with values, K = I. Raises
    SeqvizError when an answer is no finite number any more.
    """
    weight, bias = torch.tensor(head.weight), torch.tensor(head.bias)
    step = torch.tensor(predict(head, read.output[-1:]))  # (1, K)
    following, states = [], []
    with torch.inference_mode():
        cells = Cells(rnn, read)
        for _ in range(steps):
            following.append(step)
            step = nn.functional.linear(cells.read(step), weight, bias)
            states.append(torch.cat(cells.h))  # (L, H)
    own = InputSequence(torch.cat(following).numpy())
    start = read.h[:, 0, -1], None if read.c is None else read.c[:, 0, -1]
    known = torch.stack(states, dim=1)  # (L, T, H)
    return trace(rnn, own, *start, spec=read.spec, weights=read.weights, states=known)


def _head_of(model: Model) -> Head:
    """The head, when what it answers can be read."""
    if model.head is None:
        raise SeqvizError("This network has no head: take one that was trained to go on.")
    if model.spec.bidirectional:
        raise SeqvizError(
            "A reverse direction reads what is yet to come: take a network of one direction."
        )
    if len(model.head.bias) != model.spec.input_size:
        raise SeqvizError(
            f"This network reads {model.spec.input_size} features and answers with "
            f"{len(model.head.bias)}: take one that answers with its next step."
        )
    return model.head


def _one_class(
    sums: Tensor, temperature: float, generator: torch.Generator | None, without: list[int]
) -> Tensor:
    """One of K classes as a row that is 1 at its place: (K,)."""
    sums = sums.index_fill(0, torch.tensor(without, dtype=torch.long), -torch.inf)
    if temperature == 0:
        chosen = sums.argmax()
    else:
        chances = (sums / temperature).softmax(dim=0)
        chosen = torch.multinomial(chances, 1, generator=generator)[0]
    return nn.functional.one_hot(chosen, len(sums)).float()
