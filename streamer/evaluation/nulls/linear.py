"""Linear regression on the last inputs and targets, learned online: what needs no network.

    ŷ = μ + σ (w · u),   e = (y − ŷ) / σ within ±5,   w ← w + η e u / (1 + |u|²)      (NLMS: Nagumo and Noda 1967)

μ and σ are the target's own, those of all targets at first and of about the last 1,000 later, so that no scale breaks
it. One step a sample.
"""

import math

import numpy as np

from streamer.evaluation.nulls.null import contexts_of  # noqa: F401 — for the example
from streamer.evaluation.nulls.taps import Doubles, Taps
from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats

STEP_SIZE = 0.1


class TappedLinear:
    """Contexts: the prediction, and the features that it was made from.

    >>> xs = np.random.default_rng(0).random((500, 1), np.float32)
    >>> np.abs(contexts_of(TappedLinear(), xs, 3 * xs[:, 0])[-9:, 0] - 3 * xs[-9:, 0]).max() < 0.1
    np.True_
    """

    width = 1

    def __init__(self) -> None:
        self._taps = Taps()
        self._weights: Doubles = np.zeros(0)
        self._target: Doubles = np.zeros(3)
        """n, μ and σ² of the target."""

    def begin(self, columns: int) -> int:
        """Numbers in a context."""
        features = self._taps.begin(columns)
        if len(self._weights) != features:
            self._weights = np.zeros(features)
        return 1 + features

    def step_many(self, xs: Floats, ys: Floats, contexts: Floats, at: int) -> None:
        """Predict and learn, one sample after the other."""
        self._taps.step_many(xs, ys, contexts, at + 1)
        _step(contexts, at, ys, self._weights, self._target, STEP_SIZE)

    def label(self, contexts: Floats, at: int, ys: Floats) -> None:
        """The step of each sample, with the weights of now; none for samples of other columns, as before a reset."""
        if contexts.shape[1] - at == self.begin(0):
            _step(contexts.copy(), at, ys, self._weights, self._target, STEP_SIZE)
        self._taps.label(ys)

    def export(self) -> Arrays:
        """Weights, the target's statistics, and what is tapped."""
        return {"weights": self._weights.copy(), "target": self._target.copy(), **self._taps.export()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._weights, self._target = arrays["weights"].astype(np.float64), arrays["target"].astype(np.float64)
        self._taps.load(arrays)


@block_kernel("float32[:,::1], int64, float32[::1], float64[::1], float64[::1], float64")
def _step(contexts: Floats, at: int, ys: Floats, weights: Doubles, target: Doubles, step_size: float) -> None:
    features = len(weights)
    for t in range(len(ys)):
        total = 0.0
        squares = 1.0
        for j in range(features):
            u = np.float64(contexts[t, at + 1 + j])
            total += weights[j] * u
            squares += u * u
        deviation = math.sqrt(target[2])
        value = min(max(target[1] + deviation * total, -3e38), 3e38)
        contexts[t, at] = value
        y = np.float64(ys[t])
        if math.isnan(y):
            continue
        if deviation > 0.0:
            error = min(max((y - value) / deviation, -5.0), 5.0)
            for j in range(features):
                weights[j] += step_size * error * np.float64(contexts[t, at + 1 + j]) / squares
        n = min(target[0] + 1.0, 1000.0)
        delta = y - target[1]
        target[0] = n
        target[1] += delta / n
        target[2] = (1.0 - 1.0 / n) * (target[2] + delta * delta / n)
