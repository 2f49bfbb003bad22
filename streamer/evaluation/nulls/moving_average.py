"""The mean of the last ten targets known: the level of a series that wanders."""

import math

import numpy as np

from streamer.evaluation.nulls.null import contexts_of  # noqa: F401 — for the example
from streamer.evaluation.nulls.series import Series
from streamer.evaluation.nulls.taps import Doubles
from streamer.kernels.block import block_kernel
from streamer.samples import Floats

LENGTH = 10


class MovingAverage(Series):
    """Of as many targets as there are; 0 before the first. Contexts: the prediction alone.

    >>> contexts_of(MovingAverage(), np.empty((3, 0), np.float32), np.array([4, 2, 9], np.float32)).ravel().tolist()
    [0.0, 4.0, 3.0]
    """

    def __init__(self) -> None:
        super().__init__(1 + LENGTH, _step)  # How many are known, and the last ones, the newest first


@block_kernel("float32[::1], float64[::1], float32[:,::1], int64")
def _step(ys: Floats, state: Doubles, contexts: Floats, at: int) -> None:
    for t in range(len(ys)):
        total = 0.0
        for j in range(1, len(state)):  # those not known yet are 0
            total += state[j]
        contexts[t, at] = total / max(state[0], 1.0)
        y = np.float64(ys[t])
        if not math.isnan(y):
            state[0] = min(state[0] + 1.0, len(state) - 1.0)
            for j in range(len(state) - 1, 1, -1):
                state[j] = state[j - 1]
            state[1] = y
