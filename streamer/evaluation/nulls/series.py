"""What null models that look at nothing but the targets before have in common: a few numbers, and how they move on."""

import numpy as np

from streamer.evaluation.nulls.taps import Doubles
from streamer.kernels.block import BlockKernel
from streamer.samples import Arrays, Floats


class Series:
    """One number predicted, its context the prediction alone. A target that comes late is the last one known."""

    width = 1

    def __init__(self, size: int, step: BlockKernel) -> None:
        self._state: Doubles = np.zeros(size)
        self._step = step
        """(ys, state, contexts, at): write each prediction, then take in its target."""

    def begin(self, columns: int) -> int:
        """Numbers in a context."""
        return 1

    def step_many(self, xs: Floats, ys: Floats, contexts: Floats, at: int) -> None:
        """Predict and take in."""
        self._step(ys, self._state, contexts, at)

    def label(self, contexts: Floats, at: int, ys: Floats) -> None:
        """Take in."""
        self._step(ys, self._state, np.empty((len(ys), 1), np.float32), 0)

    def export(self) -> Arrays:
        """The numbers."""
        return {"state": self._state.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._state = arrays["state"].astype(np.float64)
