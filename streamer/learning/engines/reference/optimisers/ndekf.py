"""The node-decoupled extended Kalman filter of `streamer.learning.kalman`, for one output.

    S = R + Σ j'Pj,   θ ← θ + P j e / S,   P ← P − P j (P j)' / S,   P_ii ← min(P_ii + q, P₀)      for each block

The backward pass begins with 1 in place of ∂L/∂output, so that autograd leaves j = ∂output/∂θ on the parameters.
"""

import math
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.reference.optimisers.elementwise import square_of
from streamer.learning.kalman import (
    FIRST_NOISE,
    NODES,
    NOISE_FLOOR,
    NOISE_MEMORY,
    OBSERVATIONS,
    PRIOR,
    PROCESS,
    entries,
)
from streamer.learning.memory import feature_count
from streamer.samples import Arrays


class NodeDecoupledFilter:
    """Holds P, a matrix for each node of a gate (H, n, n) and one for the head (1, H + 1, H + 1), and R."""

    def __init__(self, parameters: Mapping[str, nn.Parameter], settings: LearnerSettings) -> None:
        self._parameters = parameters
        self._curvature, self._noise_is_known = OBSERVATIONS[settings.objective]
        counts = entries(feature_count(settings), settings.hidden)
        self._covariance = {
            name: PRIOR * torch.eye(count).repeat(settings.hidden, 1, 1)
            for name, count in zip(NODES, counts, strict=True)
        } | {"head": PRIOR * torch.eye(settings.hidden + 1)[None]}
        self._noise = torch.tensor(FIRST_NOISE)
        self._error = torch.tensor(0.0)

    def begin(self, slopes: Tensor) -> Tensor:
        """With 1; the loss's slope becomes e."""
        self._error = -slopes[0] / self._curvature
        return torch.ones_like(slopes)

    def gradient_norm(self) -> float:
        """|∂L/∂θ| = |slope| |j|; not finite as well if S is not."""
        square = square_of(self._parameters) * (self._error * self._curvature) ** 2
        return math.sqrt(square) if math.isfinite(self._variance()) else math.inf

    def step(self, step_size: float) -> None:
        """θ, then P and R. How far is the filter's own: there is no step size."""
        gains, variance = self._gains(), self._variance()
        with torch.no_grad():
            for name, gain in by_parameter(gains, self._parameters["W"].shape[2]).items():
                self._parameters[name].add_(gain * (self._error / variance))
        for name, gain in gains.items():
            matrix = self._covariance[name] - gain[:, :, None] * gain[:, None, :] / variance
            diagonal = matrix.diagonal(dim1=1, dim2=2)
            diagonal.copy_((diagonal + PROCESS).clamp(max=PRIOR))
            self._covariance[name] = matrix
        if not self._noise_is_known:
            self._noise += (self._error**2 - self._noise) / NOISE_MEMORY

    def clear(self) -> None:
        """The gradients are none."""
        for value in self._parameters.values():
            value.grad = None

    def export(self) -> Arrays:
        """R (); lower triangles, row by row: of each gate's nodes (H, …), and of the head (…)."""
        arrays = {}
        for name, matrix in self._covariance.items():
            rows, columns = np.tril_indices(matrix.shape[1])
            arrays[f"optimiser.covariance.{name}"] = matrix.numpy()[:, rows, columns]
        arrays["optimiser.covariance.head"] = arrays["optimiser.covariance.head"][0]
        return arrays | {"optimiser.noise": self._noise.numpy().copy()}

    def load(self, arrays: Arrays, updates: int) -> None:
        """The inverse of `export`."""
        self._noise = torch.tensor(arrays["optimiser.noise"])
        for name, matrix in self._covariance.items():
            rows, columns = np.tril_indices(matrix.shape[1])
            triangle = torch.tensor(np.atleast_2d(arrays[f"optimiser.covariance.{name}"]))
            matrix[:, rows, columns] = matrix[:, columns, rows] = triangle

    def _sensitivities(self) -> dict[str, Tensor]:
        """J, block by block."""
        return by_node({name: value.grad for name, value in self._parameters.items() if value.grad is not None})

    def _gains(self) -> dict[str, Tensor]:
        """P j."""
        return {name: (self._covariance[name] @ j[:, :, None])[:, :, 0] for name, j in self._sensitivities().items()}

    def _variance(self) -> Tensor:
        """S."""
        gains = self._gains()
        known = torch.stack([(gains[name] * j).sum() for name, j in self._sensitivities().items()])
        return self._noise.clamp(min=NOISE_FLOOR) + known.sum()


def by_node(values: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A number for each parameter → for each gate (H, n), and for the head (1, H + 1)."""
    blocks = {
        name: torch.cat([values["W"][gate], values["U"][gate], values["b"][gate][:, None]], 1)
        for gate, name in enumerate(NODES)
    }
    blocks["candidate"] = torch.cat([blocks["candidate"], values["c"][:, None]], 1)
    return blocks | {"head": torch.cat([values["v"], values["a"][None]])[None]}


def by_parameter(blocks: Mapping[str, Tensor], features: int) -> dict[str, Tensor]:
    """The inverse."""
    hidden = len(blocks["reset"])
    gates = torch.stack([blocks[name][:, : features + hidden + 1] for name in NODES])
    head = blocks["head"][0]
    return {
        "W": gates[:, :, :features],
        "U": gates[:, :, features:-1],
        "b": gates[:, :, -1],
        "c": blocks["candidate"][:, -1],
        "v": head[:-1],
        "a": head[-1],
    }
