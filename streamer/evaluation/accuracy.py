"""Accuracy three ways: since the start, over a sliding window, and with a fading factor.

However the samples are cut into blocks, the same bits come out: counts are whole numbers, and the one sum of
fractions is taken sample by sample, in order.
"""

import numpy as np
import numpy.typing as npt

from streamer.kernels.block import block_kernel
from streamer.samples import Arrays

Outcomes = npt.NDArray[np.bool_]


class Accuracy:
    """The share of right predictions.

    >>> accuracy = Accuracy(window=2, fading=0.5)
    >>> accuracy.update(np.array([True, False, False]))
    >>> round(accuracy.overall, 3), accuracy.windowed, round(accuracy.fading, 3)
    (0.333, 0.0, 0.143)
    """

    def __init__(self, *, window: int, fading: float) -> None:
        self._size = window
        self._factor = fading
        self._recent: Outcomes = np.empty(0, np.bool_)
        self._faded = np.zeros(1)
        self.count = 0
        self.correct = 0

    def update(self, outcomes: Outcomes) -> None:
        """Take in whether each of the next predictions (T,) was right."""
        self.count += len(outcomes)
        self.correct += int(np.count_nonzero(outcomes))
        self._recent = np.concatenate([self._recent, outcomes])[-self._size :]
        _fade(np.ascontiguousarray(outcomes), self._factor, self._faded)

    @property
    def overall(self) -> float:
        """Since the start; NaN before the first sample."""
        return self.correct / self.count if self.count else float("nan")

    @property
    def in_window(self) -> int:
        """Samples in the window: as many as there are, at most `window`."""
        return len(self._recent)

    @property
    def windowed(self) -> float:
        """Over the last `window` samples, or as many as there are."""
        return int(np.count_nonzero(self._recent)) / len(self._recent) if self.count else float("nan")

    @property
    def fading(self) -> float:
        """Each sample weighing α times the next one: Σ α^(n−i) c_i / Σ α^(n−i) (Gama et al. 2013, eq. 3)."""
        weight = (1 - self._factor**self.count) / (1 - self._factor)
        return float(self._faded[0]) / weight if self.count else float("nan")

    def export(self) -> Arrays:
        """The state as arrays."""
        return {
            "count": np.array(self.count),
            "correct": np.array(self.correct),
            "recent": self._recent.astype(np.uint8),
            "faded": np.array(self._faded[0]),
        }

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self.count = int(arrays["count"])
        self.correct = int(arrays["correct"])
        self._recent = arrays["recent"].astype(np.bool_)
        self._faded = np.array([float(arrays["faded"])])


@block_kernel("boolean[::1], float64, float64[::1]")
def _fade(outcomes: Outcomes, factor: float, faded: npt.NDArray[np.float64]) -> None:
    for t in range(len(outcomes)):
        faded[0] = factor * faded[0] + (1.0 if outcomes[t] else 0.0)
