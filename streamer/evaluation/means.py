"""Several means at once, since the start and over a sliding window."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from streamer.kernels.block import block_kernel
from streamer.samples import Arrays

Doubles = npt.NDArray[np.float64]


class Means:
    """Named columns. The sums are made in order, one row after the other: the same bits for any cut into blocks.

    >>> means = Means(("a", "b"), window=2)
    >>> means.update(np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 9.0]]))
    >>> means.overall(), means.windowed()
    ({'a': 2.0, 'b': 3.0}, {'a': 2.5, 'b': 4.5})
    """

    def __init__(self, names: Sequence[str], *, window: int) -> None:
        self._names, self._size = tuple(names), window
        self._recent: Doubles = np.empty((0, len(names)))
        self._sums: Doubles = np.zeros(len(names))
        self.count = 0

    def update(self, rows: Doubles) -> None:
        """Take in the next rows (T, k)."""
        self.count += len(rows)
        _add(np.ascontiguousarray(rows), self._sums)
        self._recent = np.concatenate([self._recent, rows])[-self._size :]

    def overall(self) -> dict[str, float]:
        """Since the start; NaN before the first row."""
        means = self._sums / self.count if self.count else np.full(len(self._names), np.nan)
        return dict(zip(self._names, means.tolist(), strict=True))

    def windowed(self) -> dict[str, float]:
        """Over the last `window` rows, or as many as there are."""
        means = self._recent.mean(axis=0) if self.count else np.full(len(self._names), np.nan)
        return dict(zip(self._names, means.tolist(), strict=True))

    @property
    def in_window(self) -> int:
        """Rows in the window."""
        return len(self._recent)

    def export(self) -> Arrays:
        """The state as arrays."""
        return {"count": np.array(self.count), "sums": self._sums.copy(), "recent": self._recent}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self.count = int(arrays["count"])
        self._sums, self._recent = arrays["sums"].astype(np.float64), arrays["recent"].astype(np.float64)


@block_kernel("float64[:,::1], float64[::1]")
def _add(rows: Doubles, sums: Doubles) -> None:
    for t in range(len(rows)):
        for k in range(len(sums)):
            sums[k] += rows[t, k]
