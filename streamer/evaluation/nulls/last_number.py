"""The last target known: nothing changes."""

import numpy as np

from streamer.samples import Arrays, Floats


class LastNumber:
    """0 before the first target. Contexts: the prediction alone.

    >>> LastNumber().step_many(np.empty((3, 0), np.float32), np.array([4, np.nan, 9], np.float32)).ravel().tolist()
    [0.0, 4.0, 4.0]
    """

    width = 1

    def __init__(self) -> None:
        self._last: Floats = np.zeros(1, np.float32)

    @property
    def size(self) -> int:
        """Numbers in a context."""
        return 1

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        """The target (T, 1) that was known last before each one."""
        known = np.concatenate([self._last, ys])
        newest = np.maximum.accumulate(np.where(np.isnan(known), 0, np.arange(len(known))))
        values = known[newest]
        self._last = values[-1:].copy()
        return values[:-1, None]

    def label(self, contexts: Floats, ys: Floats) -> None:
        """A target that came late is the last one known."""
        self.step_many(contexts, ys)

    def export(self) -> Arrays:
        """The last target."""
        return {"last": self._last.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._last = arrays["last"].astype(np.float32)
