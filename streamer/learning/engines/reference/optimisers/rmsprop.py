"""RMSProp (Hinton's lecture 6e), ε outside the root, without momentum.

s ← ρ s + (1 − ρ) g²,  θ ← θ − η g / (√s + ε)
"""

from collections.abc import Iterable

import torch
from torch import nn

from streamer.learning.optimisation import RMSPROP_DECAY, RMSPROP_EPSILON

STATE = ("square_avg",)


def rule(parameters: Iterable[nn.Parameter], step_size: float) -> torch.optim.Optimizer:
    """The rule for these parameters."""
    return torch.optim.RMSprop(parameters, lr=step_size, alpha=RMSPROP_DECAY, eps=RMSPROP_EPSILON)
