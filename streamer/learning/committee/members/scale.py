"""The running scale of a target, and its last values on that scale: what a linear member sees of targets.

    z = (y − μ) / σ within ±5, and back within the range seen, with the μ and σ of the moment of prediction
    a = max(1 / n, 1 − λ),   d = y − μ,   μ ← μ + a d,   σ² ← (1 − a) (σ² + a d²)

Among the last values a binary target is −1 or 1, and a class is one-hot. Of labels for several horizons the farthest is
the newest value; with the first label, before which no value was known, all are.
"""

import math

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.members.target import Doubles, Target
from streamer.samples import Arrays, Floats

FORGETTING = 0.9999
"""λ: statistics look back about 10,000 targets."""
LIMIT = 5.0
"""Standard deviations beyond which a target says no more."""


class Scale:
    """State runs along target by target.

    >>> scale = Scale(Target("numbers"), 1)
    >>> seen = scale.step(np.array([[4], [8], [8]], np.float32))
    >>> seen.lagged.tolist()
    [[0.0], [0.0], [1.0]]
    """

    def __init__(self, target: Target, lags: int) -> None:
        self.target = target
        self._statistics: Doubles = np.zeros(5)
        """n, μ, σ², and the ends of the range."""
        self._lags: Doubles = np.full(lags, np.nan)
        """The last values, the newest first; NaN for none."""

    @property
    def width(self) -> int:
        """Numbers that the last values are."""
        return len(self._lags) * self.target.places

    def step(self, ys: Floats) -> "Seen":
        """Labels (T, M) in turn."""
        return self._seen(ys, self._statistics, self._lags)

    def peek(self) -> "Seen":
        """What a next label would meet; takes in nothing."""
        unknown = np.full((1, self.target.labels), np.nan, np.float32)
        return self._seen(unknown, self._statistics.copy(), self._lags.copy())

    def state(self) -> Arrays:
        """The arrays themselves."""
        return {"statistics": self._statistics, "lags": self._lags}

    def restore(self, arrays: Arrays) -> None:
        """Take over copies of arrays."""
        self._statistics, self._lags = arrays["statistics"].astype(np.float64), arrays["lags"].astype(np.float64)

    def _seen(self, ys: Floats, statistics: Doubles, lags: Doubles) -> "Seen":
        seen = Seen(self.target, ys, len(lags))
        if self.target.kind == "numbers" or len(lags):
            numeric = self.target.kind == "numbers"
            _step(ys, numeric, FORGETTING, LIMIT, statistics, lags, seen.frames, seen.targets, seen.lagged)
        if self.target.kind != "numbers":
            seen.targets[:] = ys
        return seen


class Seen:
    """What is told of a block."""

    def __init__(self, target: Target, ys: Floats, lags: int) -> None:
        self._target = target
        count = len(ys)
        self.labels = ys
        """(T, M) as they came."""
        self.frames: Doubles = np.empty((count, 4))
        """(T, 4): μ, σ and the ends of the range before each label."""
        self.targets: Doubles = np.empty((count, target.labels))
        """(T, M) for a recursion: standardised numbers; classes as they are."""
        self.lagged: Floats = np.zeros((count, lags * target.places), np.float32)
        """(T, L) the last values before each label, on the scale of that moment; one-hot classes (T, L · C)."""

    def predictions(self, outputs: Doubles) -> Floats:
        """Outputs (T, W) of a recursion → predictions."""
        if self._target.kind != "numbers":
            return outputs.astype(np.float32)
        mean, deviation, low, high = self.frames.T[:, :, None]
        values: Doubles = np.clip(mean + deviation * outputs, low, high)
        return values.astype(np.float32)


@block_kernel(
    "float32[:,::1], boolean, float64, float64, float64[::1], float64[::1], float64[:,::1], float64[:,::1], "
    "float32[:,::1]"
)
def _step(
    ys: Floats,
    numeric: bool,
    forgetting: float,
    limit: float,
    statistics: Doubles,
    lags: Doubles,
    frames: Doubles,
    targets: Doubles,
    lagged: Floats,
) -> None:
    farthest = ys.shape[1] - 1
    for t in range(len(ys)):
        mean = statistics[1] if numeric else 0.5
        deviation = math.sqrt(statistics[2]) if numeric else 0.5
        frames[t, 0] = mean
        frames[t, 1] = deviation
        frames[t, 2] = statistics[3]
        frames[t, 3] = statistics[4]
        for i in range(len(lags)):
            known = not math.isnan(lags[i]) and deviation > 0.0
            if known and len(lags) < lagged.shape[1]:
                lagged[t, i * lagged.shape[1] // len(lags) + int(lags[i])] = 1.0
            elif known:
                lagged[t, i] = min(max((lags[i] - mean) / deviation, -limit), limit)
        first = farthest if statistics[0] > 0.0 else 0
        for m in range(farthest + 1):
            y = np.float64(ys[t, m])
            known = not math.isnan(y) and deviation > 0.0
            targets[t, m] = min(max((y - mean) / deviation, -limit), limit) if known else math.nan
            if math.isnan(y) or m < first:
                continue
            for i in range(len(lags) - 1, 0, -1):
                lags[i] = lags[i - 1]
            if len(lags) > 0:
                lags[0] = y
            statistics[3] = min(statistics[3], y) if statistics[0] > 0.0 else y
            statistics[4] = max(statistics[4], y) if statistics[0] > 0.0 else y
            statistics[0] += 1.0
            a = max(1.0 / statistics[0], 1.0 - forgetting)
            d = y - statistics[1]
            statistics[1] += a * d
            statistics[2] = (1.0 - a) * (statistics[2] + a * d * d)
