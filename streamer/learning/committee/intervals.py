"""The interval around what a committee says of a number: a conformal quantile of its own errors, as a learner's."""

from typing import Any

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.outcomes.intervals import FIRST, INTERVAL, QUANTILE, reach, track
from streamer.samples import Arrays, Floats

LARGEST = float(np.finfo(np.float32).max)


@block_kernel("float32[:,::1], float32[::1], float64[::1], float64, float32[:,::1]", reach, track)
def _rows(values: Any, ys: Any, state: Any, alpha: Any, rows: Any) -> None:
    for t in range(len(ys)):
        value, reached = np.float64(values[t, 0]), reach(state)
        rows[t, 0] = value
        rows[t, 1] = max(value - reached, -LARGEST)
        rows[t, 2] = min(value + reached, LARGEST)
        if ys[t] == ys[t]:
            track(state, np.float64(ys[t]) - value, reached, alpha)


class Interval:
    """Values (T, 1) → rows (T, 3): value, lower and upper end."""

    width = 3

    def __init__(self, coverage: float) -> None:
        self._alpha = 1 - coverage
        self._state = np.zeros(INTERVAL)
        self._state[QUANTILE] = FIRST

    def step(self, values: Floats, ys: Floats) -> Floats:
        """Each interval fixed before its own target is looked at."""
        return self._told(values, ys, self._state)

    def peek(self, values: Floats) -> Floats:
        """The same for values without targets; changes nothing."""
        return self._told(values, np.full(len(values), np.nan, np.float32), self._state.copy())

    def label(self, row: Floats, y: float) -> None:
        """A row (3,) meets its target."""
        value = float(row[0])
        track(self._state, y - value, float(row[2]) - value, self._alpha)

    def export(self) -> Arrays:
        """The state as arrays."""
        return {"state": self._state.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._state = np.array(arrays["state"], np.float64)

    def _told(self, values: Floats, ys: Floats, state: np.ndarray) -> Floats:
        rows = np.empty((len(values), self.width), np.float32)
        _rows(np.ascontiguousarray(values), ys, state, self._alpha, rows)
        return rows


class Bare:
    """Probabilities, which have none."""

    def __init__(self, width: int) -> None:
        self.width = width

    def step(self, values: Floats, ys: Floats) -> Floats:
        """As they are."""
        return values

    def peek(self, values: Floats) -> Floats:
        """As they are."""
        return values

    def label(self, row: Floats, y: float) -> None:
        """Nothing to learn."""

    def export(self) -> Arrays:
        """No state."""
        return {}

    def load(self, arrays: Arrays) -> None:
        """No state."""
