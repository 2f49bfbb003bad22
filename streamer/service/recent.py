"""The last samples of a stream, to be looked at: what came, what was predicted, what was right.

For eyes only: no part of the state, and empty after a restart.
"""

import numpy as np

from streamer.learning.insight import TRACE
from streamer.samples import Floats
from streamer.telemetry.record import Recent


class RecentSamples:
    """The last 256 samples that were stepped over."""

    def __init__(self) -> None:
        self._rows: Floats | None = None
        """(T, I + 2): inputs, target, prediction; a new array each time, so that a reader's is never written to."""
        self._end = 0

    def keep(self, xs: Floats, ys: Floats, predictions: Floats, end: int) -> None:
        """The next samples (T, I), (T,), (T,); `end` is the number after the last event's."""
        self._end = end
        rows = np.column_stack([xs[-TRACE:], ys[-TRACE:], predictions[-TRACE:]])
        self._rows = rows if self._rows is None else np.concatenate([self._rows, rows])[-TRACE:]

    def seen(self) -> Recent | None:
        """For the record; None before the first sample."""
        if self._rows is None:
            return None
        return Recent(self._end - 1, self._rows[:, :-2], self._rows[:, -2], self._rows[:, -1])
