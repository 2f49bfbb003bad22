"""The class a period ago, as likely as it was right so far: classes that repeat.

    p(c) = r for that class, (1 − r) / (C − 1) for each other;   r ← r + a (hit − r),   a = max(1 / (n + 2), 1 − λ)

with r = ½ at first. As long as the class a period ago is not known, all are equally likely.
"""

import math

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.members.block import BlockMember
from streamer.learning.committee.members.target import LEAST, Doubles, Target, within
from streamer.samples import Arrays, Floats, Numbers

FORGETTING = 0.999
"""λ: how often it was right is judged by about the last 1,000."""


class Periodic(BlockMember):
    """Of one period, for binary targets and classes; what comes late goes to its own place by number.

    >>> member = Periodic(Target("binary"), 2)
    >>> ys = np.array([0, 1, 0, 1], np.float32)
    >>> [f"{p:.2f}" for p in member.step_many(np.empty((4, 0), np.float32), ys).ravel()]
    ['0.50', '0.50', '0.50', '0.67']
    """

    def __init__(self, target: Target, period: int, *, label_horizon: int = 65_536) -> None:
        super().__init__(target, context=0, label_horizon=label_horizon)
        self._period = period
        self._places = np.full(2 * period, -1)
        """The class of sample n is at n modulo their number; −1 for none."""
        self._held = np.full(2 * period, -1)
        """The sample at each place."""
        self._found = np.array([2 if target.kind == "binary" else 0])
        self._rate: Doubles = np.array([2.0, 0.5])
        """n + 2 and r."""

    def _advance(self, rows: Floats, targets: Floats) -> tuple[Floats, Floats]:
        numbers = np.arange(self.samples, self.samples + len(rows))
        return self._step(numbers, targets), np.empty((len(rows), 0), np.float32)

    def _foresee(self, row: Floats) -> Floats:
        return self._step(np.array([self.samples]), np.full(1, np.nan, np.float32))

    def _learn(self, numbers: Numbers, contexts: Floats, targets: Floats) -> None:
        self._step(numbers, targets)

    def _step(self, numbers: Numbers, targets: Floats) -> Floats:
        binary = self.target.kind == "binary"
        table = np.zeros((len(numbers), 2 if binary else self.width), np.float32)
        state = (self._places, self._held, self._found, self._rate)
        _step(numbers, targets, self._period, FORGETTING, LEAST, *state, table)
        return within(table[:, 1:] if binary else table, self.target.kind)

    def _state(self) -> Arrays:
        return {"places": self._places, "held": self._held, "found": self._found, "rate": self._rate}

    def _restore(self, arrays: Arrays) -> None:
        self._places, self._held = arrays["places"].astype(np.int64), arrays["held"].astype(np.int64)
        self._found, self._rate = arrays["found"].astype(np.int64), arrays["rate"].astype(np.float64)


@block_kernel(
    "int64[::1], float32[::1], int64, float64, float64, int64[::1], int64[::1], int64[::1], float64[::1], "
    "float32[:,::1]"
)
def _step(
    numbers: Numbers,
    targets: Floats,
    period: int,
    forgetting: float,
    least: float,
    places: Numbers,
    held: Numbers,
    found: Numbers,
    rate: Doubles,
    table: Floats,
) -> None:
    size = len(places)
    for t in range(len(numbers)):
        before = numbers[t] - period
        place = places[before % size] if before >= 0 and held[before % size] == before else -1
        for c in range(found[0]):
            if place < 0 or found[0] == 1:
                table[t, c] = 1.0 / found[0]
            else:
                table[t, c] = rate[1] if c == place else (1.0 - rate[1]) / (found[0] - 1)
        y = np.float64(targets[t])
        if math.isnan(y) or y < 0.0 or y >= table.shape[1]:
            continue
        at = numbers[t] % size
        if place >= 0:
            hit = 1.0 if place == int(y) else 0.0
            rate[0] += 1.0
            rate[1] += max(1.0 / rate[0], 1.0 - forgetting) * (hit - rate[1])
            rate[1] = min(max(rate[1], least), 1.0 - least)
        if held[at] < numbers[t]:
            places[at] = int(y)
            held[at] = numbers[t]
        found[0] = max(found[0], int(y) + 1)
