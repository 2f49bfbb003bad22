"""Keras' Adam (Kingma & Ba 2015, with the rearrangement at the end of their section 2).

    m ← m + (1 − β₁)(g − m)
    v ← v + (1 − β₂)(g² − v)
    θ ← θ − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)        β₁ = 0.9, β₂ = 0.999, ε = 1e-7

torch's own Adam adds ε after v's bias is corrected, which in the first hundred steps is a smaller ε than this one.
"""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


class Adam:
    """Updates parameters (R, ·, ·), each run with its own step size."""

    def __init__(self, parameters: Iterable[nn.Parameter], step_sizes: Sequence[float]) -> None:
        self._parameters = list(parameters)
        self._means = [torch.zeros_like(value) for value in self._parameters]
        self._squares = [torch.zeros_like(value) for value in self._parameters]
        self._step_sizes = torch.tensor(step_sizes, dtype=torch.float32)[:, None, None]
        self._steps = 0

    def minimise(self, losses: Tensor) -> None:
        """One step down the gradient of each run's own loss, (R,)."""
        # a run's loss depends on that run's weights alone: the gradient of the sum is each one's own gradient
        gradients = torch.autograd.grad(losses.sum(), self._parameters)
        self._steps += 1
        correction = (1 - BETA_2**self._steps) ** 0.5 / (1 - BETA_1**self._steps)
        rate = self._step_sizes * correction
        with torch.no_grad():
            for value, g, m, v in zip(self._parameters, gradients, self._means, self._squares, strict=True):
                m.lerp_(g, 1 - BETA_1)
                v.lerp_(g.square(), 1 - BETA_2)
                value.sub_(rate * m / (v.sqrt() + EPSILON))
