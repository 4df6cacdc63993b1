"""Training sees numbers of mean 0 and deviation 1; the trained network sees the data's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seqviz.rnn.model import suffix
from seqviz.types import FloatArray, RNNSpec


@dataclass(frozen=True, eq=False)
class Scaling:
    """z = (x - mean) / deviation for each of I features; mean and deviation (I,) float64."""

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]

    @classmethod
    def of(cls, x: FloatArray, *, shift: bool) -> Scaling:
        """From the rows of x (rows, I). shift False leaves the mean at 0, for want of a bias."""
        wide = x.astype(np.float64)
        mean = wide.mean(axis=0) if shift else np.zeros(wide.shape[1])
        deviation = np.sqrt(((wide - mean) ** 2).mean(axis=0))
        return cls(mean, np.where(deviation > 0, deviation, 1.0))

    def scaled(self, x: FloatArray) -> FloatArray:
        """x (..., I) as training sees it, float32."""
        z: FloatArray = ((x - self.mean) / self.deviation).astype(np.float32)
        return z

    def into_inputs(
        self, spec: RNNSpec, weights: Mapping[str, FloatArray]
    ) -> dict[str, FloatArray]:
        """Weights with which the first layer reads x and does what these do with z.

        W z + b = (W / deviation) x + (b - W mean / deviation). Keys as in Run.weights.
        """
        moved = dict(weights)
        for direction in range(spec.num_directions):
            end = suffix(0, direction)
            weight = weights[f"rnn.weight_ih{end}"] / self.deviation  # (rows, I) float64
            moved[f"rnn.weight_ih{end}"] = weight.astype(np.float32)
            if spec.bias:
                bias = weights[f"rnn.bias_ih{end}"] - weight @ self.mean
                moved[f"rnn.bias_ih{end}"] = bias.astype(np.float32)
        return moved

    def into_outputs(self, weights: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Weights with which the head answers x where these answer z."""
        weight = weights["head.weight"] * self.deviation[:, None]
        bias = weights["head.bias"] * self.deviation + self.mean
        return {
            **weights,
            "head.weight": weight.astype(np.float32),
            "head.bias": bias.astype(np.float32),
        }
