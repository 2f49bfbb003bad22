"""Intervals that hold a set share of the targets whatever the stream does: conformal inference, tracked online.

    [v − q s, v + q s],   q ← q + η (1[|y − v| > q s] − α)

with v the prediction, s a running deviation of its errors and α = 1 − coverage (Gibbs & Candès 2021; the quantile
itself is tracked, as in Angelopoulos, Candès & Tibshirani 2023, eq. 3). Summed over T samples the rule says

    share outside − α = (q_now − q_before) / (η T)

so that coverage over a long run is as set, for any stream, as long as q stays bounded; nothing is assumed of errors.
"""

from typing import Any

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats

RATE = 0.05
"""η, in deviations."""
LOOKBACK = 0.02
"""Weight of the newest error in s²: it looks back 50 errors."""

COUNT, SQUARE, QUANTILE = range(3)


@block_kernel("float32[::1], float32[::1], float64[::1], float64, float32[:,::1]")
def track(values: Any, ys: Any, state: Any, alpha: Any, rows: Any) -> None:
    """Predictions (T,) and targets (T,) → rows (T, 3): value, lower, upper, each fixed before its target is seen."""
    for t in range(len(values)):
        reach = state[QUANTILE] * state[SQUARE] ** 0.5
        rows[t, 0] = values[t]
        rows[t, 1] = values[t] - reach
        rows[t, 2] = values[t] + reach
        if ys[t] == ys[t]:
            error = float(ys[t]) - float(values[t])
            state[COUNT] += 1
            if state[COUNT] > 1:
                missed = 1.0 if abs(error) > reach else 0.0
                state[QUANTILE] = max(state[QUANTILE] + RATE * (missed - alpha), 0.0)
            a = max(1 / state[COUNT], LOOKBACK)
            state[SQUARE] = (1 - a) * state[SQUARE] + a * error * error


class Intervals:
    """The intervals of one target.

    >>> intervals = Intervals(coverage=0.9)
    >>> rng = np.random.default_rng(0)
    >>> ys = rng.standard_normal(20_000).astype(np.float32)
    >>> rows = intervals.step(np.zeros_like(ys), ys)[10_000:]
    >>> inside = (rows[:, 1] <= ys[10_000:]) & (ys[10_000:] <= rows[:, 2])
    >>> round(float(inside.mean()), 2)
    0.9
    """

    def __init__(self, *, coverage: float) -> None:
        self._alpha = 1 - coverage
        self._state = np.array([0.0, 0.0, 1.5])

    def step(self, values: Floats, ys: Floats) -> Floats:
        """(T,), (T,) → (T, 3); NaN in `ys` tells nothing."""
        rows = np.empty((len(values), 3), np.float32)
        track(np.ascontiguousarray(values), np.ascontiguousarray(ys), self._state, self._alpha, rows)
        return rows

    def peek(self, values: Floats) -> Floats:
        """(T,) → (T, 3), as `step` would give the first of them."""
        return self.step(values, np.full_like(values, np.nan))

    def export(self) -> Arrays:
        """The state as arrays."""
        return {"state": self._state.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._state = np.ascontiguousarray(arrays["state"], np.float64)
