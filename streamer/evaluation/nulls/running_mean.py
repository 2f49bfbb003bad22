"""The mean of all targets so far: the best constant for squared error, were it known beforehand."""

import math

import numpy as np

from streamer.evaluation.nulls.null import contexts_of  # noqa: F401 — for the example
from streamer.evaluation.nulls.series import Series
from streamer.evaluation.nulls.taps import Doubles
from streamer.kernels.block import block_kernel
from streamer.samples import Floats


class RunningMean(Series):
    """μ ← μ + (y − μ) / n; 0 before the first target. Contexts: the prediction alone.

    >>> contexts_of(RunningMean(), np.empty((3, 0), np.float32), np.array([4, 2, 9], np.float32)).ravel().tolist()
    [0.0, 4.0, 3.0]
    """

    def __init__(self) -> None:
        super().__init__(2, _step)  # n and μ


@block_kernel("float32[::1], float64[::1], float32[:,::1], int64")
def _step(ys: Floats, state: Doubles, contexts: Floats, at: int) -> None:
    for t in range(len(ys)):
        contexts[t, at] = state[1]
        y = np.float64(ys[t])
        if not math.isnan(y):
            state[0] += 1.0
            state[1] += (y - state[1]) / state[0]
