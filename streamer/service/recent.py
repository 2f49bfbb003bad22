"""The last samples of a stream, to be looked at: what came, what was predicted, what was right.

For eyes only: no part of the state, and empty after a restart.
"""

import numpy as np

from streamer.learning.insight import TRACE
from streamer.samples import Floats, Numbers
from streamer.telemetry.record import Recent

_LAST = slice(-TRACE, None)


class RecentSamples:
    """The last 256 samples that were stepped over."""

    def __init__(self) -> None:
        self._kept: Recent | None = None
        """Its arrays are new each time, so that a reader's are never written to."""

    def keep(self, numbers: Numbers, xs: Floats, ys: Floats, predictions: Floats) -> None:
        """The next samples (T,), (T, I), (T,), and (T,) or (T, W)."""
        kept = self._kept
        if kept is None or kept.inputs.shape[1] != xs.shape[1]:  # at first, or with new columns
            self._kept = Recent(numbers[_LAST].copy(), xs[_LAST].copy(), ys[_LAST].copy(), predictions[_LAST].copy())
        else:
            self._kept = Recent(
                np.concatenate([kept.numbers, numbers])[_LAST],
                np.concatenate([kept.inputs, xs])[_LAST],
                np.concatenate([kept.targets, ys])[_LAST],
                np.concatenate([kept.predictions, predictions])[_LAST],
            )

    def seen(self) -> Recent | None:
        """For the record; None before the first sample."""
        return self._kept
