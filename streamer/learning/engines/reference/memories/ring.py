"""The ring of `streamer.learning.memory`: m complex leaky oscillators for each input.

u_i ← r e^{jφ_i} u_i + √(1 − r²) x
"""

import torch
from torch import Tensor

from streamer.config.learner import LearnerSettings
from streamer.learning.memory import gain, rotation
from streamer.samples import Arrays


class Ring:
    """Holds Re u and Im u, each (I, m)."""

    def __init__(self, settings: LearnerSettings) -> None:
        real, imaginary = rotation(settings.memory_size, settings.memory_radius)
        self._cos, self._sin = torch.tensor(real), torch.tensor(imaginary)
        self._gain = gain(settings.memory_radius)
        self._re = torch.zeros(settings.inputs, settings.memory_size)
        self._im = torch.zeros_like(self._re)

    def read(self, x: Tensor) -> Tensor:
        """x (I,) → x, the new Re u, the new Im u (F,)."""
        re = self._cos * self._re - self._sin * self._im + self._gain * x[:, None]
        im = self._cos * self._im + self._sin * self._re
        return torch.cat([x, re.flatten(), im.flatten()])

    def keep(self, features: Tensor) -> None:
        """The new u becomes the bank's."""
        self._re, self._im = features[len(self._re) :].reshape(2, *self._re.shape)

    def export(self) -> Arrays:
        """Re u and Im u."""
        return {"memory.real": self._re.numpy().copy(), "memory.imaginary": self._im.numpy().copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._re, self._im = torch.tensor(arrays["memory.real"]), torch.tensor(arrays["memory.imaginary"])
