"""A step that becomes smaller while the stream stays as it is, and large again when it changes.

The surprise of an update is l = ½ Σ (∂L/∂outputs)². A stream is taken to change while the mean of the last 50 is larger
than 1.2 times that of the last 2000; it makes the schedule younger, all else older by one.
"""

import math

import numpy as np
from torch import Tensor

from streamer.config.learner import LearnerSettings
from streamer.learning.annealing import DRIFT, FAST, OLDEST, REJUVENATION, SLOW, SLOWING
from streamer.samples import Arrays


class Annealed:
    """Holds age, the two means and how many updates there were, in single precision; computes in double."""

    def __init__(self, settings: LearnerSettings) -> None:
        self._step_size = settings.step_size
        self._state = np.zeros(4, np.float32)

    def advance(self, slopes: Tensor) -> float:
        """Step size / √(1 + age / 500), of the age before these slopes."""
        age, fast, slow, n = self._state.tolist()
        n += 1
        surprise = 0.5 * sum(slope * slope for slope in slopes.tolist())
        fast += max(1 / n, 1 / FAST) * (surprise - fast)
        slow += max(1 / n, 1 / SLOW) * (surprise - slow)
        later = age * (1 - REJUVENATION) if fast > DRIFT * slow else min(age + 1, OLDEST)
        self._state[:] = later, fast, slow, n
        return self._step_size / math.sqrt(1 + age / SLOWING)

    def export(self) -> Arrays:
        """Age, fast, slow and n, (4,)."""
        return {"schedule.state": self._state.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._state = arrays["schedule.state"].copy()
