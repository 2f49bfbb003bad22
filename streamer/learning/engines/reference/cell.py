"""The recurrent cell and the head as torch modules, written like the equations of `streamer.learning.network`."""

import torch
from torch import Tensor, nn

from streamer.learning.network import Parameters


class GRU(nn.Module):
    """h' = (1 − z) ⊙ n + z ⊙ h: one step of the reset-after GRU. Any module with this `forward` can stand here."""

    def __init__(self, parameters: Parameters) -> None:
        super().__init__()
        self.W = nn.Parameter(torch.tensor(parameters["W"]))
        self.U = nn.Parameter(torch.tensor(parameters["U"]))
        self.b = nn.Parameter(torch.tensor(parameters["b"]))
        self.c = nn.Parameter(torch.tensor(parameters["c"]))

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        """X (I,), h (H,) → h' (H,)."""
        Wx_r, Wx_z, Wx_n = self.W @ x + self.b
        Uh_r, Uh_z, Uh_n = self.U @ h
        r = torch.sigmoid(Wx_r + Uh_r)
        z = torch.sigmoid(Wx_z + Uh_z)
        n = torch.tanh(Wx_n + r * (Uh_n + self.c))
        return (1 - z) * n + z * h


class Head(nn.Module):
    """logit = v · h + a."""

    def __init__(self, parameters: Parameters) -> None:
        super().__init__()
        self.v = nn.Parameter(torch.tensor(parameters["v"]))
        self.a = nn.Parameter(torch.tensor(parameters["a"]))

    def forward(self, h: Tensor) -> Tensor:
        """From h (H,), the logit, ()."""
        return self.v @ h + self.a
