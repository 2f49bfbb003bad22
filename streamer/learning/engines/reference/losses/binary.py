"""Binary cross-entropy, on the logit."""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits


def prediction(output: Tensor) -> Tensor:
    """σ(output): the probability that the target is 1."""
    return torch.sigmoid(output)


def loss(output: Tensor, y: float) -> Tensor:
    """−log of the probability given to y."""
    return binary_cross_entropy_with_logits(output, torch.tensor(y))
