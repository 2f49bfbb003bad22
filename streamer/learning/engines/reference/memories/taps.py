"""The m inputs before this one, the latest first, join x."""

import torch
from torch import Tensor

from streamer.config.learner import LearnerSettings
from streamer.samples import Arrays


class Taps:
    """Holds x_{t−1} … x_{t−m} (m, I)."""

    def __init__(self, settings: LearnerSettings) -> None:
        self._taps = torch.zeros(settings.memory_size, settings.inputs)

    def read(self, x: Tensor) -> Tensor:
        """x (I,) → x and the taps (F,)."""
        return torch.cat([x, self._taps.flatten()])

    def keep(self, features: Tensor) -> None:
        """x joins the taps, and the oldest leave."""
        self._taps = features[: self._taps.numel()].reshape(self._taps.shape)

    def export(self) -> Arrays:
        """The taps."""
        return {"memory.taps": self._taps.numpy().copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._taps = torch.tensor(arrays["memory.taps"])
