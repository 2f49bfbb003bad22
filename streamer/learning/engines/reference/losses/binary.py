"""Binary cross-entropy, on the logit."""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from streamer.learning.engines.reference.losses.loss import Stateless


class Binary(Stateless):
    """One output, one target, 0 or 1."""

    def prediction(self, outputs: Tensor) -> Tensor:
        """σ(output): the probability that the target is 1."""
        return torch.sigmoid(outputs)

    def loss(self, outputs: Tensor, y: Tensor) -> Tensor:
        """−log of the probability given to y."""
        return binary_cross_entropy_with_logits(outputs, y)
