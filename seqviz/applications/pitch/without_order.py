"""A classifier that knows how loud each band is on the whole and how much it varies, not when."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from seqviz.applications.fitting import Asked, Blank, Plan
from seqviz.types import FloatArray, frozen


class WithoutOrder(nn.Module):
    """One hidden layer over the mean and the standard deviation of all frames."""

    def __init__(self, bands: int, hidden: int, classes: int) -> None:
        super().__init__()
        self.hidden, self.head = Blank(2 * bands, hidden), Blank(hidden, classes)

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        """Answers before softmax, (N, K), to frames x (T, N, I); there (T, N): 0 in the padding."""
        steps = there.sum(dim=0)[:, None]
        mean = (x * there[..., None]).sum(dim=0) / steps  # (N, I)
        square = ((x - mean) ** 2 * there[..., None]).sum(dim=0) / steps
        features = torch.cat([mean, (square + 1e-6).sqrt()], dim=1)  # (N, 2 I)
        answers: Tensor = self.head(torch.tanh(self.hidden(features)))
        return answers

    def best(self, x: FloatArray) -> int:
        """The likeliest class of frames (T, I), by its place."""
        with torch.inference_mode():
            frames = torch.tensor(x)[:, None]
            return int(self(frames, torch.ones(frames.shape[:2]))[0].argmax())

    def numbers(self) -> dict[str, FloatArray]:
        """Its weights by their names."""
        return {name: frozen(value.detach().numpy()) for name, value in self.named_parameters()}

    @classmethod
    def of_numbers(cls, weights: Mapping[str, FloatArray]) -> WithoutOrder:
        """The classifier whose numbers these are."""
        hidden, features = weights["hidden.weight"].shape
        one = cls(features // 2, hidden, len(weights["head.bias"]))
        one.load_state_dict({name: torch.tensor(value) for name, value in weights.items()})
        return one


def fit_without_order(
    one: WithoutOrder,
    sample: Callable[[torch.Generator], Asked],
    plan: Plan,
    iterations: int | None = None,
) -> WithoutOrder:
    """one, trained on the same batches as a network is by `fitting.fit`."""
    generator = torch.Generator().manual_seed(plan.seed)
    for linear in (one.hidden, one.head):
        for parameter in linear.parameters():
            bound = linear.in_features**-0.5
            nn.init.uniform_(parameter, -bound, bound, generator=generator)
    optimizer = torch.optim.AdamW(one.parameters(), lr=plan.lr, weight_decay=plan.weight_decay)
    for iteration in range(plan.iterations if iterations is None else iterations):
        batch = sample(generator)
        optimizer.param_groups[0]["lr"] = plan.rate(iteration)
        optimizer.zero_grad()
        answers = one(batch.x, (batch.weight > 0).float())
        loss = -(answers.log_softmax(dim=-1) * batch.y).sum(dim=-1).mean()
        loss.backward()
        optimizer.step()
    return one
