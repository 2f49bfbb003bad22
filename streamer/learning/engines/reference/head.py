"""The linear head as a torch module."""

import torch
from torch import Tensor, nn

from streamer.learning.network import Parameters


class Head(nn.Module):
    """outputs = v h + a; with one output v (H,) and a () have no axis for it."""

    def __init__(self, parameters: Parameters) -> None:
        super().__init__()
        self.v = nn.Parameter(torch.tensor(parameters["v"]))
        self.a = nn.Parameter(torch.tensor(parameters["a"]))

    def forward(self, h: Tensor) -> Tensor:
        """From h (H,), the outputs (O,)."""
        return (self.v @ h + self.a).reshape(-1)
