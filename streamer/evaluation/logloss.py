"""Log loss of probabilities, in bits: what a coder that believes the predictions would pay for each target."""

import numpy as np
import numpy.typing as npt

from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats

SMALLEST = 2.0**-24
"""Probabilities are clipped to [2⁻²⁴, 1 − 2⁻²⁴], the resolution of float32 at 1: one mistake costs 24 bits at most."""


def log_loss(predictions: Floats, targets: Floats) -> npt.NDArray[np.float64]:
    """−log₂ p(y) of each prediction (T,) of a binary target (T,).

    >>> log_loss(np.array([0.5, 0.25], np.float32), np.array([1, 0], np.float32)).round(3).tolist()
    [1.0, 0.415]
    """
    given = np.where(targets > 0, predictions, 1 - predictions.astype(np.float64))
    return np.asarray(-np.log2(np.clip(given, SMALLEST, 1 - SMALLEST)))


class LogLoss:
    """The mean loss since the start and over a sliding window.

    The sum is made in order, one sample after the other: the same bits for any cut into blocks.
    """

    def __init__(self, *, window: int) -> None:
        self._size = window
        self._recent: npt.NDArray[np.float64] = np.empty(0)
        self._sum = np.zeros(1)
        self._count = 0

    def update(self, predictions: Floats, targets: Floats) -> None:
        """Take in the next predictions (T,) and targets (T,)."""
        self.add(log_loss(predictions, targets))

    def add(self, losses: npt.NDArray[np.float64]) -> None:
        """Take in the next losses (T,)."""
        self._count += len(losses)
        _add(np.ascontiguousarray(losses), self._sum)
        self._recent = np.concatenate([self._recent, losses])[-self._size :]

    @property
    def total(self) -> float:
        """Bits in all."""
        return float(self._sum[0])

    @property
    def overall(self) -> float:
        """Bits a sample since the start."""
        return float(self._sum[0]) / self._count if self._count else float("nan")

    @property
    def windowed(self) -> float:
        """Bits a sample over the window."""
        return float(np.mean(self._recent)) if self._count else float("nan")

    def export(self) -> Arrays:
        """The state as arrays."""
        return {"count": np.array(self._count), "sum": np.array(self._sum[0]), "recent": self._recent}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._count = int(arrays["count"])
        self._sum = np.array([float(arrays["sum"])])
        self._recent = arrays["recent"].astype(np.float64)


@block_kernel("float64[::1], float64[::1]")
def _add(losses: npt.NDArray[np.float64], total: npt.NDArray[np.float64]) -> None:
    for t in range(len(losses)):
        total[0] += losses[t]
