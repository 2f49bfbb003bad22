"""Targets and outputs that are what they are: binary ones, and numbers that are learned as they come."""

import math

import numpy as np
import numpy.typing as npt

from streamer.config.learner import LossName
from streamer.learning.outcomes.outcome import Prepared
from streamer.samples import Arrays, Floats


class Direct:
    """The output is the prediction (T,): a probability, or the number itself."""

    extra, width = 0, 1
    classes = ()

    def __init__(self, loss: LossName) -> None:
        self._binary = loss == "binary"
        self.wanted = "0, 1, or NaN for no label" if self._binary else "a finite number, or NaN for no label"

    def admits_one(self, y: float) -> bool:
        """What the loss can take."""
        return y == 0 or y == 1 or y != y or not (self._binary or math.isinf(y))

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """What the loss can take.

        >>> Direct("binary").admits(np.array([1, 0.5, np.nan, np.inf], np.float32)).tolist()
        [True, False, True, False]
        """
        possible = (ys == 0) | (ys == 1) if self._binary else np.isfinite(ys)
        return possible | np.isnan(ys)

    def prepare(self, features: Floats, ys: Floats) -> Prepared:
        """As they are."""
        return Prepared(features, ys[:, None], _nothing(len(ys)))

    def conclude(self, outputs: Floats, ys: Floats, offers: Floats) -> tuple[Floats, Floats]:
        """As they are."""
        return outputs[:, 0], offers

    def peek(self, features: Floats, ys: Floats) -> Prepared:
        """As they are."""
        return Prepared(features, _NONE, _nothing(1))

    def show(self, output: Floats, offers: Floats) -> Floats:
        """As it is."""
        return output[:, 0]

    def late(self, kept: Floats, ys: Floats) -> Floats:
        """As they are."""
        return ys[:, None]

    def export(self) -> Arrays:
        """No state."""
        return {}

    def load(self, arrays: Arrays) -> None:
        """No state."""


_NONE = np.full((1, 1), np.nan, np.float32)


def _nothing(count: int) -> Floats:
    return np.empty((count, 0), np.float32)
