"""Keras' Dense layer, linear. Over a sequence it is the same as a convolution of width 1."""

from collections.abc import Sequence

import numpy as np
from torch import Tensor, nn

from streamer.replication.keras.initialisers import glorot_uniform, zeros


class Dense(nn.Module):
    """y = h V + a, for R runs."""

    def __init__(self, rngs: Sequence[np.random.Generator], *, inputs: int, units: int) -> None:
        super().__init__()
        self.kernel = glorot_uniform(rngs, inputs, units)
        self.bias = zeros(len(rngs), 1, units)

    def forward(self, h: Tensor) -> Tensor:
        """H (R, B, inputs) → (R, B, units)."""
        return h @ self.kernel + self.bias
