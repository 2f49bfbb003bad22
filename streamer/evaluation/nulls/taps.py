"""The last inputs and the last known targets as features, standardised: what a tapped-delay regression sees.

Each column has a running mean and variance, those of all samples at first and of about the last 1,000 later:

    δ = x − μ,   a = 1 / min(n, 1000),   μ ← μ + a δ,   σ² ← (1 − a)(σ² + a δ²),   u = (x − μ) / σ within ±5

A value that is missing, or of a column that has never changed, is 0.
"""

import math

import numpy as np
import numpy.typing as npt

from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats

COLUMNS = 24
"""Columns looked at: the first ones."""
DELAYS = 8
"""Values kept of the columns together, if they are fewer; of more columns the newest value each."""
TARGETS = 7
"""Targets kept."""

Doubles = npt.NDArray[np.float64]


class Taps:
    """A delay line. Features (F,): 1, the inputs by age, the targets by age; at most 32.

    >>> rows = np.empty((2, 16), np.float32)
    >>> taps = Taps()
    >>> taps.begin(1)
    16
    >>> taps.step_many(np.array([[1], [3]], np.float32), np.zeros(2, np.float32), rows, 0)
    >>> rows[:, :3].tolist()
    [[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]
    """

    def __init__(self, *, ahead: bool = False) -> None:
        self._ahead = ahead
        """Whether a sample's own target is among its features: it is if a later one is to be predicted."""
        self._columns = 0
        self._line: Doubles = _line(0)
        """The features now: 1, then the columns' and the target's values, each the newest first."""
        self._statistics: Doubles = np.zeros((1, 3))
        """n, μ and σ² of each column, and of the target at last."""

    def begin(self, columns: int) -> int:
        """Look at so many columns, unless others have been seen; returns F, the number of features."""
        self._widen(min(columns, COLUMNS))
        return len(self._line)

    def step_many(self, xs: Floats, ys: Floats, rows: Floats, at: int) -> None:
        """Write the features of samples (T, I) with targets (T,), from column `at` of the rows on."""
        _step(_columns(xs, self._columns), ys, self._statistics, self._line, rows, at, int(self._ahead))

    def label(self, ys: Floats) -> None:
        """Targets that came late: now they are the last ones known."""
        _push(ys, self._statistics, self._line)

    def export(self) -> Arrays:
        """The delay line and the columns' statistics."""
        return {"columns": np.array(self._columns), "line": self._line.copy(), "statistics": self._statistics.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._columns = int(arrays["columns"])
        self._line = arrays["line"].astype(np.float64)
        self._statistics = np.ascontiguousarray(arrays["statistics"], np.float64).copy()

    def _widen(self, columns: int) -> None:
        """The number of columns is known from the first sample on, and stays; labels may come before it."""
        if columns and not self._columns:
            targets, scale = self._line[-TARGETS:], self._statistics[-1:]
            self._columns, self._line = columns, _line(columns)
            self._line[-TARGETS:] = targets
            self._statistics = np.concatenate([np.zeros((columns, 3)), scale])


def _line(columns: int) -> Doubles:
    delays = max(1, DELAYS // columns) if columns else 0
    line = np.zeros(1 + columns * delays + TARGETS)
    line[0] = 1.0
    return line


def _columns(xs: Floats, count: int) -> Floats:
    """So many columns: the first ones, and missing values for those that a row does not have."""
    if xs.shape[1] == count and xs.flags.c_contiguous:
        return xs
    missing = np.full((len(xs), max(0, count - xs.shape[1])), np.nan, np.float32)
    return np.ascontiguousarray(np.hstack([xs[:, :count], missing]) if missing.size else xs[:, :count])


@block_kernel("float32[:,::1], float32[::1], float64[:,::1], float64[::1], float32[:,::1], int64, int64")
def _step(xs: Floats, ys: Floats, statistics: Doubles, line: Doubles, rows: Floats, at: int, ahead: int) -> None:
    columns = xs.shape[1]
    targets = 7
    delays = (len(line) - 1 - targets) // max(columns, 1)
    first = len(line) - targets
    for t in range(len(ys)):
        for turn in range(columns + 1):
            # The columns, then the target; the features are taken before the target, or after it.
            is_target = turn == columns
            if is_target and ahead == 0:
                for j in range(len(line)):
                    rows[t, at + j] = line[j]
            x = np.float64(ys[t]) if is_target else np.float64(xs[t, turn])
            u = 0.0
            if not math.isnan(x):
                n = min(statistics[turn, 0] + 1.0, 1000.0)
                delta = x - statistics[turn, 1]
                statistics[turn, 0] = n
                statistics[turn, 1] += delta / n
                statistics[turn, 2] = (1.0 - 1.0 / n) * (statistics[turn, 2] + delta * delta / n)
                if statistics[turn, 2] > 0.0:
                    u = (x - statistics[turn, 1]) / math.sqrt(statistics[turn, 2])
                u = min(max(u, -5.0), 5.0)
            elif is_target:
                continue
            start = first if is_target else 1 + turn * delays
            end = len(line) if is_target else start + delays
            for j in range(end - 1, start, -1):
                line[j] = line[j - 1]
            line[start] = u
        if ahead == 1:
            for j in range(len(line)):
                rows[t, at + j] = line[j]


@block_kernel("float32[::1], float64[:,::1], float64[::1]")
def _push(ys: Floats, statistics: Doubles, line: Doubles) -> None:
    target = statistics.shape[0] - 1
    first = len(line) - 7
    for t in range(len(ys)):
        y = np.float64(ys[t])
        n = min(statistics[target, 0] + 1.0, 1000.0)
        delta = y - statistics[target, 1]
        statistics[target, 0] = n
        statistics[target, 1] += delta / n
        statistics[target, 2] = (1.0 - 1.0 / n) * (statistics[target, 2] + delta * delta / n)
        u = 0.0
        if statistics[target, 2] > 0.0:
            u = (y - statistics[target, 1]) / math.sqrt(statistics[target, 2])
        for j in range(len(line) - 1, first, -1):
            line[j] = line[j - 1]
        line[first] = min(max(u, -5.0), 5.0)
