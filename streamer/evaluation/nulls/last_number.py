"""The last target known: nothing changes."""

import math

import numpy as np

from streamer.evaluation.nulls.null import contexts_of  # noqa: F401 — for the example
from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats


class LastNumber:
    """0 before the first target. Contexts: the prediction alone.

    >>> contexts_of(LastNumber(), np.empty((3, 0), np.float32), np.array([4, np.nan, 9], np.float32)).ravel().tolist()
    [0.0, 4.0, 4.0]
    """

    width = 1

    def __init__(self) -> None:
        self._last: Floats = np.zeros(1, np.float32)

    def begin(self, columns: int) -> int:
        """Numbers in a context."""
        return 1

    def step_many(self, xs: Floats, ys: Floats, contexts: Floats, at: int) -> None:
        """Write the target that was known last before each one."""
        _step(ys, self._last, contexts, at)

    def label(self, contexts: Floats, at: int, ys: Floats) -> None:
        """A target that came late is the last one known."""
        _step(ys, self._last, np.empty((len(ys), 1), np.float32), 0)

    def export(self) -> Arrays:
        """The last target."""
        return {"last": self._last.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._last = arrays["last"].astype(np.float32)


@block_kernel("float32[::1], float32[::1], float32[:,::1], int64")
def _step(ys: Floats, last: Floats, contexts: Floats, at: int) -> None:
    for t in range(len(ys)):
        contexts[t, at] = last[0]
        if not math.isnan(ys[t]):
            last[0] = ys[t]
