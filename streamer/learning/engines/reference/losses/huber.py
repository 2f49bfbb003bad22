"""Huber's loss with δ = 1: ½ (p − y)² up to an error of 1, |p − y| − ½ beyond."""

from torch import Tensor
from torch.nn.functional import huber_loss

from streamer.learning.engines.reference.losses.loss import Stateless


class Huber(Stateless):
    """An output for each target."""

    def loss(self, outputs: Tensor, y: Tensor) -> Tensor:
        """The sum over the targets."""
        known = ~y.isnan()
        return huber_loss(outputs[known], y[known], reduction="sum", delta=1.0)
