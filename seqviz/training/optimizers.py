"""torch.optim's Adam, SGD and RMSprop with their own defaults, as functions; and its LBFGS.

The classes import torch._dynamo, the compiler, when they are first used: 80 MB and some seconds of
every process that trains. The functions they call themselves do without, and are the same sums.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.optim.adam import adam
from torch.optim.rmsprop import rmsprop
from torch.optim.sgd import sgd

State = dict[str, Tensor]
"""What is kept of one parameter, by the names torch.optim gives it; {} before the first step."""
Step = Callable[[list[Tensor], list[Tensor], list[State], float], None]


class Optimizer:
    """state: one State for each parameter, in their order; kept by the next segment."""

    def __init__(
        self, name: str, parameters: Sequence[nn.Parameter], lr: float, kept: Sequence[State]
    ) -> None:
        self.parameters, self.lr = parameters, lr
        self.state: list[State] = list(kept) or [{} for _ in parameters]
        self._step = _STEPS[name]

    def zero_grad(self) -> None:
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Update every parameter that has a gradient."""
        parameters: list[Tensor] = []
        gradients: list[Tensor] = []
        states: list[State] = []
        for parameter, state in zip(self.parameters, self.state, strict=True):
            if parameter.grad is not None:
                parameters.append(parameter)
                gradients.append(parameter.grad)
                states.append(state)
        self._step(parameters, gradients, states, self.lr)


class LBFGS(torch.optim.LBFGS):
    """The class itself; of two methods what they do, without what tells the compiler to skip them.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html
    """

    add_param_group = inspect.unwrap(torch.optim.Optimizer.add_param_group)
    zero_grad = inspect.unwrap(torch.optim.Optimizer.zero_grad)


def _adam(
    parameters: list[Tensor], gradients: list[Tensor], states: list[State], lr: float
) -> None:
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html"""
    for parameter, state in zip(parameters, states, strict=True):
        _begin(state, parameter, "exp_avg", "exp_avg_sq")
    adam(
        parameters,
        gradients,
        [state["exp_avg"] for state in states],
        [state["exp_avg_sq"] for state in states],
        [],
        [state["step"] for state in states],
        amsgrad=False,
        beta1=0.9,
        beta2=0.999,
        lr=lr,
        weight_decay=0,
        eps=1e-8,
        maximize=False,
    )


def _sgd(parameters: list[Tensor], gradients: list[Tensor], states: list[State], lr: float) -> None:
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html"""
    sgd(
        parameters,
        gradients,
        [None] * len(parameters),
        weight_decay=0,
        momentum=0,
        lr=lr,
        dampening=0,
        nesterov=False,
        maximize=False,
    )


def _rmsprop(
    parameters: list[Tensor], gradients: list[Tensor], states: list[State], lr: float
) -> None:
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html"""
    for parameter, state in zip(parameters, states, strict=True):
        _begin(state, parameter, "square_avg")
    rmsprop(
        parameters,
        gradients,
        [state["square_avg"] for state in states],
        [],
        [],
        [state["step"] for state in states],
        lr=lr,
        alpha=0.99,
        eps=1e-8,
        weight_decay=0,
        momentum=0,
        centered=False,
    )


def _begin(state: State, parameter: Tensor, *names: str) -> None:
    """A counter and moving averages from 0, when there are none yet."""
    if not state:
        state["step"] = torch.tensor(0.0)
        state |= {name: torch.zeros_like(parameter) for name in names}


_STEPS: Mapping[str, Step] = {"Adam": _adam, "SGD": _sgd, "RMSprop": _rmsprop}
