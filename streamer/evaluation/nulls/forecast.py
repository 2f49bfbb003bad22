"""The tapped linear regression of `linear`, for targets that lie ahead: one set of weights for each horizon.

When the target of a sample is known, the features of the sample h steps before learn it.
"""

import math

import numpy as np
import numpy.typing as npt

from streamer.evaluation.nulls.linear import STEP_SIZE
from streamer.evaluation.nulls.null import contexts_of  # noqa: F401 — for the example
from streamer.evaluation.nulls.taps import Doubles, Taps
from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats


class TappedForecast:
    """Contexts: a prediction for each horizon, made when the sample's own target was known, if it ever was.

    >>> ys = np.arange(9, dtype=np.float32) % 3
    >>> contexts_of(TappedForecast((1, 3)), np.empty((9, 0), np.float32), ys).shape
    (9, 2)
    """

    def __init__(self, horizons: tuple[int, ...]) -> None:
        self.width = len(horizons)
        self._horizons = np.array(horizons, np.int64)
        self._taps = Taps(ahead=True)
        self._weights: Doubles = np.zeros((self.width, 0))
        self._past: Floats = np.zeros((max(horizons), 0), np.float32)
        """The features of the last steps; those of step n are at n modulo the longest horizon."""
        self._count = np.zeros(1, np.int64)
        self._target: Doubles = np.zeros(3)
        """n, μ and σ² of the target."""

    def begin(self, columns: int) -> int:
        """Numbers in a context."""
        features = self._taps.begin(columns)
        if self._past.shape[1] != features:
            self._weights = np.zeros((self.width, features))
            self._past = np.zeros((len(self._past), features), np.float32)
        return self.width

    def step_many(self, xs: Floats, ys: Floats, contexts: Floats, at: int) -> None:
        """Learn each target, then predict those ahead of it."""
        features = np.empty((len(ys), self._past.shape[1]), np.float32)
        self._taps.step_many(xs, ys, features, 0)
        state = (self._weights, self._past, self._count, self._target)
        _step(features, ys, self._horizons, *state, STEP_SIZE, contexts, at)

    def label(self, contexts: Floats, at: int, ys: Floats) -> None:
        """Nothing is learned from a target that comes after those that it should have helped to predict."""

    def export(self) -> Arrays:
        """Weights, the target's statistics, the features of the last steps, and what is tapped."""
        state: Arrays = {"weights": self._weights, "past": self._past, "count": self._count, "target": self._target}
        return {name: array.copy() for name, array in state.items()} | self._taps.export()

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._weights = np.ascontiguousarray(arrays["weights"], np.float64).copy()
        self._past = np.ascontiguousarray(arrays["past"], np.float32).copy()
        self._count, self._target = arrays["count"].astype(np.int64), arrays["target"].astype(np.float64)
        self._taps.load(arrays)


@block_kernel(
    "float32[:,::1], float32[::1], int64[::1], float64[:,::1], float32[:,::1], int64[::1], float64[::1], float64, "
    "float32[:,::1], int64"
)
def _step(
    features: Floats,
    ys: Floats,
    horizons: npt.NDArray[np.int64],
    weights: Doubles,
    past: Floats,
    count: npt.NDArray[np.int64],
    target: Doubles,
    step_size: float,
    contexts: Floats,
    at: int,
) -> None:
    width = weights.shape[1]
    for t in range(len(ys)):
        y = np.float64(ys[t])
        deviation = math.sqrt(target[2])
        for k in range(len(horizons)):
            if math.isnan(y) or deviation == 0.0 or count[0] < horizons[k]:
                continue
            row = (count[0] - horizons[k]) % past.shape[0]
            total = 0.0
            squares = 1.0
            for j in range(width):
                u = np.float64(past[row, j])
                total += weights[k, j] * u
                squares += u * u
            error = min(max((y - target[1]) / deviation - total, -5.0), 5.0)
            for j in range(width):
                weights[k, j] += step_size * error * np.float64(past[row, j]) / squares
        if not math.isnan(y):
            n = min(target[0] + 1.0, 1000.0)
            delta = y - target[1]
            target[0] = n
            target[1] += delta / n
            target[2] = (1.0 - 1.0 / n) * (target[2] + delta * delta / n)
        deviation = math.sqrt(target[2])
        row = count[0] % past.shape[0]
        for j in range(width):
            past[row, j] = features[t, j]
        count[0] += 1
        for k in range(len(horizons)):
            total = 0.0
            for j in range(width):
                total += weights[k, j] * np.float64(features[t, j])
            contexts[t, at + k] = min(max(target[1] + deviation * total, -3e38), 3e38)
