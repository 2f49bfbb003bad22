"""The mean of all targets so far: the best constant for squared error, were it known beforehand."""

import math

import numpy as np

from streamer.evaluation.nulls.null import contexts_of  # noqa: F401 — for the example
from streamer.evaluation.nulls.taps import Doubles
from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats


class RunningMean:
    """μ ← μ + (y − μ) / n; 0 before the first target. Contexts: the prediction alone.

    >>> contexts_of(RunningMean(), np.empty((3, 0), np.float32), np.array([4, 2, 9], np.float32)).ravel().tolist()
    [0.0, 4.0, 3.0]
    """

    width = 1

    def __init__(self) -> None:
        self._state: Doubles = np.zeros(2)
        """n and μ."""

    def begin(self, columns: int) -> int:
        """Numbers in a context."""
        return 1

    def step_many(self, xs: Floats, ys: Floats, contexts: Floats, at: int) -> None:
        """Write the mean before each target."""
        _step(ys, self._state, contexts, at)

    def label(self, contexts: Floats, at: int, ys: Floats) -> None:
        """Targets that came late are of the mean as well."""
        _step(ys, self._state, np.empty((len(ys), 1), np.float32), 0)

    def export(self) -> Arrays:
        """The mean, and of how many."""
        return {"state": self._state.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._state = arrays["state"].astype(np.float64)


@block_kernel("float32[::1], float64[::1], float32[:,::1], int64")
def _step(ys: Floats, state: Doubles, contexts: Floats, at: int) -> None:
    for t in range(len(ys)):
        contexts[t, at] = state[1]
        y = np.float64(ys[t])
        if not math.isnan(y):
            state[0] += 1.0
            state[1] += (y - state[1]) / state[0]
