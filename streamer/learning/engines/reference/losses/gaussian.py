"""Normal likelihood, of each target a mean μ and a log-variance s; predicted are μ and σ² = e^s.

L = σ^(2β) ½ (s + (y − μ)² / σ²), the factor without slope, β = ½ (Seitzer et al. 2022): with β = 0, the plain
likelihood, an easy target would push the mean 1/σ² times as hard as a difficult one.

s is held within ±LOG_VARIANCE_LIMIT; beyond it a slope is followed only on the way back.
"""

import torch
from torch import Tensor

from streamer.learning.engines.reference.cells.gru import pinned
from streamer.learning.engines.reference.losses.loss import Stateless
from streamer.learning.network import LOG_VARIANCE_LIMIT as LIMIT


class Gaussian(Stateless):
    """Outputs are μ_1 … μ_M, s_1 … s_M."""

    def prediction(self, outputs: Tensor) -> Tensor:
        """The means, then the variances."""
        mean, s = outputs.chunk(2)
        return torch.cat([mean, s.clamp(-LIMIT, LIMIT).exp()])

    def loss(self, outputs: Tensor, y: Tensor) -> Tensor:
        """The sum over the targets."""
        known = ~y.isnan()
        mean, raw = (part[known] for part in outputs.chunk(2))
        limited = raw.detach().clamp(-LIMIT, LIMIT)
        weight = (limited / 2).exp()
        square = (y[known] - mean) ** 2
        outward = (1 - square.detach() / limited.exp()) * raw.detach() < 0
        follows = ~(outward & (raw.detach().abs() >= LIMIT))
        s = pinned(limited, raw, follows.float())
        return (weight * 0.5 * (s + square * (-s).exp())).sum()
