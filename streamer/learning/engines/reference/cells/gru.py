"""The GRU as a torch module, written like the equations of `streamer.learning.network`."""

import torch
from torch import Tensor, nn

from streamer.learning.network import Parameters


class GRU(nn.Module):
    """h' = (1 − z) ⊙ n + z ⊙ h: one step of the reset-after GRU."""

    def __init__(self, parameters: Parameters) -> None:
        super().__init__()
        self.W = nn.Parameter(torch.tensor(parameters["W"]))
        self.U = nn.Parameter(torch.tensor(parameters["U"]))
        self.b = nn.Parameter(torch.tensor(parameters["b"]))
        self.c = nn.Parameter(torch.tensor(parameters["c"]))

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        """X (F,), h (H,) → h' (H,)."""
        _, _, z, n, _ = self.record(x, h)
        after: Tensor = (1 - z) * n + z * h
        return after

    def record(self, x: Tensor, h: Tensor) -> Tensor:
        """X (F,), h (H,) → h, r, z, n and m = U_n h + c (5, H)."""
        Wx_r, Wx_z, Wx_n = self.W @ x + self.b
        Uh_r, Uh_z, Uh_n = self.U @ h
        r = torch.sigmoid(Wx_r + Uh_r)
        z = torch.sigmoid(Wx_z + Uh_z)
        m = Uh_n + self.c
        n = torch.tanh(Wx_n + r * m)
        return torch.stack([h, r, z, n, m])

    def replay(self, x: Tensor, h: Tensor, record: Tensor) -> Tensor:
        """The step of a record once more: its values are those of the record, its derivatives go through today's U."""
        h_then, r_then, z_then, n_then, m_then = record
        h = pinned(h_then, h)
        Wx_r, Wx_z, Wx_n = self.W @ x + self.b
        Uh_r, Uh_z, Uh_n = self.U @ h
        r = pinned(r_then, Wx_r + Uh_r, r_then * (1 - r_then))
        z = pinned(z_then, Wx_z + Uh_z, z_then * (1 - z_then))
        m = pinned(m_then, Uh_n + self.c)
        n = pinned(n_then, Wx_n + r * m, 1 - n_then**2)
        return (1 - z) * n + z * h


def pinned(value: Tensor, a: Tensor, slope: Tensor | float = 1.0) -> Tensor:
    """A tensor that has this value, and this slope with respect to a."""
    return value + slope * (a - a.detach())
