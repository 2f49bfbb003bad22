"""The value a period ago, and the same plus the change over a period: numbers that repeat.

    ŷ of value v = y of v − k p,   k the smallest with k p ≥ h, so that it can be known
    with change:   ŷ + (y of q − y of q − p),   q the newest value known

A value that is not known is the newest that is; its change is 0.
"""

import math

import numpy as np
import numpy.typing as npt

from streamer.kernels.block import block_kernel
from streamer.learning.committee.members.block import BlockMember
from streamer.learning.committee.members.reach import REACH, ceiling_of, floor_of, stretch
from streamer.learning.committee.members.target import Doubles, Target
from streamer.samples import Arrays, Floats, Numbers


class Seasonal(BlockMember):
    """Of one period; what comes late goes to its own place by number.

    >>> member = Seasonal(Target("numbers"), 2, change=True)
    >>> member.step_many(np.empty((5, 0), np.float32), np.array([1, 5, 2, 6, 3], np.float32)).ravel().tolist()
    [0.0, 1.0, 1.0, 6.0, 3.0]
    """

    def __init__(self, target: Target, period: int, *, change: bool, label_horizon: int = 65_536) -> None:
        super().__init__(target, context=0, label_horizon=label_horizon)
        self._period, self._change = period, int(change)
        size = 2 * (period + target.horizon) + 1
        self._values: Doubles = np.zeros(size)
        """Value v is at v modulo their number."""
        self._held = np.full(size, -1)
        """The value at each place, −1 for none."""
        self._newest = np.full(1, -1)
        self._range: Doubles = np.zeros(REACH)

    def _advance(self, rows: Floats, targets: Floats) -> tuple[Floats, Floats]:
        numbers = np.arange(self.samples, self.samples + len(rows))
        return self._step(numbers, targets), np.empty((len(rows), 0), np.float32)

    def _foresee(self, row: Floats) -> Floats:
        return self._step(np.array([self.samples]), np.full(1, np.nan, np.float32))

    def _learn(self, numbers: Numbers, contexts: Floats, targets: Floats) -> None:
        self._step(numbers, targets)

    def _step(self, numbers: Numbers, targets: Floats) -> Floats:
        predictions = np.empty((len(numbers), 1), np.float32)
        state = (self._values, self._held, self._newest, self._range)
        _step(numbers, targets, self.target.horizon, self._period, self._change, *state, predictions)
        return predictions

    def _state(self) -> Arrays:
        return {"values": self._values, "held": self._held, "newest": self._newest, "range": self._range}

    def _restore(self, arrays: Arrays) -> None:
        self._values, self._range = arrays["values"].astype(np.float64), arrays["range"].astype(np.float64)
        self._held, self._newest = arrays["held"].astype(np.int64), arrays["newest"].astype(np.int64)


def _known(values: Doubles, held: npt.NDArray[np.int64], value: int, otherwise: float) -> float:
    """One value, if it is known."""
    at = value % len(values)
    return values[at] if value >= 0 and held[at] == value else otherwise


@block_kernel(
    "int64[::1], float32[::1], int64, int64, int64, float64[::1], int64[::1], int64[::1], float64[::1], float32[:,::1]",
    stretch,
    floor_of,
    ceiling_of,
    _known,
)
def _step(
    numbers: Numbers,
    targets: Floats,
    horizon: int,
    period: int,
    change: int,
    values: Doubles,
    held: Numbers,
    newest: Numbers,
    bounds: Doubles,
    predictions: Floats,
) -> None:
    for t in range(len(numbers)):
        q = newest[0]
        last = _known(values, held, q, 0.0)
        growth = change * (last - _known(values, held, q - period, last))
        value = numbers[t] + horizon
        seen = _known(values, held, value - (horizon + period - 1) // period * period, last)
        predictions[t, 0] = min(max(seen + growth, floor_of(bounds)), ceiling_of(bounds))
        y = np.float64(targets[t])
        if math.isnan(y) or value <= q - len(values):
            continue
        stretch(bounds, y)
        values[value % len(values)] = y
        held[value % len(values)] = value
        newest[0] = max(q, value)
