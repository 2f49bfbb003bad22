"""Stochastic gradient descent.

θ ← θ − η g
"""

from collections.abc import Iterable

import torch
from torch import nn

STATE: tuple[str, ...] = ()


def rule(parameters: Iterable[nn.Parameter], step_size: float) -> torch.optim.Optimizer:
    """The rule for these parameters."""
    return torch.optim.SGD(parameters, lr=step_size)
