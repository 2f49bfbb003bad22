"""Keras' GRU cell, `reset_after=True`: what `tf.keras.layers.GRU(units)` computes at one time step.

    z = σ(x W_z + b_z + h U_z + c_z)          update gate
    r = σ(x W_r + b_r + h U_r + c_r)          reset gate
    n = tanh(x W_n + b_n + r ⊙ (h U_n + c_n)) candidate
    h' = z ⊙ h + (1 − z) ⊙ n                  hidden state, and the layer's output

W (I, 3H), U (H, 3H), biases (2, 3H), columns in the order z, r, n. Two biases for each gate, although for z and r only
their sum matters: Keras trains both, and so moves the sum twice as far as one bias would.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from streamer.replication.keras.initialisers import glorot_uniform, orthogonal, zeros


class GRU(nn.Module):
    """The cells of R runs; 3(H·I + H² + 2H) parameters each.

    >>> from streamer.replication.keras.initialisers import generators
    >>> sum(value.numel() for value in GRU(generators([0]), inputs=1, units=2).parameters())
    30
    """

    def __init__(self, rngs: Sequence[np.random.Generator], *, inputs: int, units: int) -> None:
        super().__init__()
        self.kernel = glorot_uniform(rngs, inputs, 3 * units)
        self.recurrent_kernel = orthogonal(rngs, units, 3 * units)
        self.bias = zeros(len(rngs), 2, 3 * units)
        self._units = units

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        """X (R, B, I), h (R, B, H) → h' (R, B, H)."""
        x_z, x_r, x_n = (x @ self.kernel + self.bias[:, :1]).chunk(3, dim=2)
        h_z, h_r, h_n = (h @ self.recurrent_kernel + self.bias[:, 1:]).chunk(3, dim=2)
        z = torch.sigmoid(x_z + h_z)
        r = torch.sigmoid(x_r + h_r)
        n = torch.tanh(x_n + r * h_n)
        return z * h + (1 - z) * n

    def initial_state(self, batch: int) -> Tensor:
        """h_0 = 0, (R, B, H)."""
        return torch.zeros(len(self.kernel), batch, self._units)
