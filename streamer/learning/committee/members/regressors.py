"""What the linear members and the neighbours look at: the last targets, the features now, and rows before.

the last targets as their view has them; the features now; the features of each of the last D rows, the newest first
"""

import numpy as np

from streamer.learning.committee.members.view import Seen, View
from streamer.samples import Arrays, Floats, Numbers


class Regressors:
    """`delays` is D.

    >>> from streamer.learning.committee.members.target import Target
    >>> regressors = Regressors(View(Target("binary"), lags=1), delays=1)
    >>> regressors.widen(0, 1).tolist()
    [0]
    >>> rows, ys = np.array([[7], [8], [9]], np.float32), np.array([0, 1, 1], np.float32)
    >>> regressors.step(rows, ys)[0].tolist()
    [[0.0, 7.0, 0.0], [-1.0, 8.0, 7.0], [1.0, 9.0, 8.0]]
    """

    def __init__(self, view: View, *, delays: int) -> None:
        self.view = view
        self._past: Floats = np.zeros((delays, 0), np.float32)
        """The last rows, the oldest first."""

    @property
    def width(self) -> int:
        """n, numbers for each sample."""
        return self.view.width + (1 + len(self._past)) * int(self._past.shape[1])

    def names(self) -> list[tuple[int, int]]:
        """What each is, whatever the number of features: which target or row, and its place in it."""
        lags = [(0, i) for i in range(self.view.width)]
        return lags + [(1 + d, j) for d in range(1 + len(self._past)) for j in range(self._past.shape[1])]

    def widen(self, before: int, after: int) -> Numbers:
        """Rows have so many features now; returns the places of what there was."""
        fixed, delays = self.view.width, len(self._past)
        self._past = np.pad(self._past, ((0, 0), (0, after - before)))
        blocks = fixed + after * np.arange(delays + 1)[:, None] + np.arange(before)
        return np.concatenate([np.arange(fixed), blocks.ravel()])

    def step(self, rows: Floats, targets: Floats) -> tuple[Floats, Seen]:
        """(T, F), (T,) → (T, n), each before its own target is looked at, and what is told of the targets."""
        seen = self.view.step(targets)
        joined = np.concatenate([self._past, rows])
        self._past = joined[len(rows) :].copy()
        return self._joined(joined, seen), seen

    def peek(self, row: Floats) -> tuple[Floats, Seen]:
        """(1, F) → (1, n), taking in nothing."""
        seen = self.view.peek()
        return self._joined(np.concatenate([self._past, row]), seen), seen

    def state(self) -> Arrays:
        """The arrays themselves."""
        return {"past": self._past} | self.view.state()

    def restore(self, arrays: Arrays) -> None:
        """Take over copies of arrays."""
        self._past = np.array(arrays["past"], np.float32, order="C")
        self.view.restore(arrays)

    def _joined(self, rows: Floats, seen: Seen) -> Floats:
        """Rows (D + T, F), the first of them of the past, beside the last targets."""
        delays, count = len(self._past), len(seen.lagged)
        before = [rows[delays - d : delays - d + count] for d in range(delays + 1)]
        return np.concatenate([seen.lagged, *before], axis=1)
