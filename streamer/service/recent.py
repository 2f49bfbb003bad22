"""The last samples of a stream, to be looked at: what came, what was predicted, what was right.

For eyes only: no part of the state, and empty after a restart.
"""

import numpy as np

from streamer.learning.insight import TRACE
from streamer.samples import Floats, Numbers
from streamer.telemetry.record import Recent


class RecentSamples:
    """The last 256 samples that were stepped over."""

    def __init__(self) -> None:
        self._kept: tuple[Numbers, Floats] | None = None
        """Numbers (T,), and rows (T, I + 2) of inputs, target and prediction; new arrays each time, so that a reader's
        are never written to."""

    def keep(self, numbers: Numbers, xs: Floats, ys: Floats, predictions: Floats) -> None:
        """The next samples (T,), (T, I), (T,), (T,)."""
        last = slice(-TRACE, None)
        numbers, rows = numbers[last], np.column_stack([xs[last], ys[last], predictions[last]])
        if self._kept is not None:
            numbers = np.concatenate([self._kept[0], numbers])[last]
            rows = np.concatenate([self._kept[1], rows])[last]
        self._kept = numbers, rows

    def seen(self) -> Recent | None:
        """For the record; None before the first sample."""
        if self._kept is None:
            return None
        numbers, rows = self._kept
        return Recent(numbers, rows[:, :-2], rows[:, -2], rows[:, -1])
