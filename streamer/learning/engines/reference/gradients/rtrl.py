"""Real-time recurrent learning (Williams & Zipser 1989): the exact gradient, forward in time, without a window.

With the sensitivities S = ∂h_{t−1}/∂θ, the past enters as a state that has the value h_{t−1} and the slope S:

    h_t = cell(x_t, h_{t−1} + S (θ − θ.detach())),  S ← ∂h_t/∂θ

so that autograd's gradient of h_t is the whole one. (Weights change at each sample, S is not taken anew: as usual.)
"""

import torch
from torch import Tensor, nn

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.reference.cells.gru import pinned
from streamer.learning.snapshot import part
from streamer.samples import Arrays


class RealTimeRecurrentLearning:
    """Holds h_{t−1} (H,), and S for each parameter of the cell (H, *shape)."""

    def __init__(self, settings: LearnerSettings, cell: nn.Module) -> None:
        self._cell = cell
        self._parameters = dict(cell.named_parameters())
        self._hidden = torch.zeros(settings.hidden)
        self._sensitivity = {
            name: torch.zeros(settings.hidden, *value.shape) for name, value in self._parameters.items()
        }
        self._run: Tensor | None = None

    def front(self) -> Tensor:
        """h_{t−1}."""
        return self._hidden

    def run(self, x: Tensor) -> Tensor:
        """From x (F,), h_t (H,)."""
        h = self._hidden
        for name, value in self._parameters.items():
            h = pinned(h, (self._sensitivity[name] * value).flatten(1).sum(1))
        after: Tensor = self._cell(x, h)
        self._run = after
        return after

    def advance(self) -> None:
        """S becomes that of h_t: its derivative, unit by unit."""
        assert self._run is not None
        units = [
            torch.autograd.grad(h, tuple(self._parameters.values()), retain_graph=True) for h in self._run.unbind()
        ]
        self._sensitivity = {
            name: torch.stack(slopes) for name, slopes in zip(self._parameters, zip(*units, strict=True), strict=True)
        }
        self._hidden = self._run.detach()

    def export(self) -> Arrays:
        """h_{t−1} and S."""
        sensitivity = {
            f"gradient.sensitivity.{name}": value.numpy().copy() for name, value in self._sensitivity.items()
        }
        return {"window.hidden": self._hidden.numpy().copy(), **sensitivity}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._hidden = torch.tensor(arrays["window.hidden"])
        self._sensitivity = {name: torch.tensor(array) for name, array in part(arrays, "gradient.sensitivity").items()}
