"""Adam (Kingma & Ba 2015), with the constants of `streamer.learning.optimisation`. t counts updates, an integer.

m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²
θ ← θ − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
"""

from collections.abc import Iterable

import torch
from torch import nn

from streamer.learning.optimisation import ADAM_EPSILON, ADAM_FIRST_DECAY, ADAM_SECOND_DECAY

STATE = ("exp_avg", "exp_avg_sq")


def rule(parameters: Iterable[nn.Parameter], step_size: float) -> torch.optim.Optimizer:
    """The rule for these parameters."""
    return torch.optim.Adam(parameters, lr=step_size, betas=(ADAM_FIRST_DECAY, ADAM_SECOND_DECAY), eps=ADAM_EPSILON)
