"""A classifier that knows how loud each band is on the whole and how much it varies, not when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.types import FloatArray

_HIDDEN, _ITERATIONS = 48, 300


class WithoutOrder:
    """One hidden layer of 48 units over the mean and the standard deviation of all frames."""

    def __init__(self, sounds: Sequence[FloatArray], classes: Sequence[int], count: int) -> None:
        features = _features(sounds)  # (N, 2 I)
        self.mean, self.deviation = features.mean(dim=0), features.std(dim=0) + 1e-6
        x, y = self._scaled(features), torch.tensor(classes)
        generator = torch.Generator().manual_seed(0)
        sizes = (x.shape[1], _HIDDEN, count)
        self.weights = [
            (torch.randn(a, b, generator=generator) / a**0.5).requires_grad_()
            for a, b in zip(sizes, sizes[1:], strict=False)
        ]
        optimizer = torch.optim.AdamW(self.weights, lr=1e-2, weight_decay=0.1)
        for _ in range(_ITERATIONS):
            optimizer.zero_grad()
            nn.functional.cross_entropy(self._answers(x), y).backward()
            optimizer.step()

    def __call__(self, sound: FloatArray) -> int:
        """The likeliest class by its place."""
        with torch.inference_mode():
            return int(self._answers(self._scaled(_features([sound])))[0].argmax())

    def _scaled(self, features: Tensor) -> Tensor:
        return (features - self.mean) / self.deviation

    def _answers(self, x: Tensor) -> Tensor:
        answers: Tensor = torch.tanh(x @ self.weights[0]) @ self.weights[1]
        return answers


def _features(sounds: Sequence[FloatArray]) -> Tensor:
    return torch.tensor(np.stack([np.r_[x.mean(axis=0), x.std(axis=0)] for x in sounds]))
