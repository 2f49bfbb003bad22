"""Logistic regression on the last inputs and targets, learned online: what needs no network.

    p = σ(w · u),   g = (p − y) u,   G ← G + g²,   w ← w − η g / √(G + 10⁻⁸)      (AdaGrad: Duchi et al. 2011)

One step a sample. On a copy of a recent input nothing learns faster; what is not linear in the last inputs and
targets, and what lies further back, it never learns.
"""

import math

import numpy as np

from streamer.evaluation.nulls.null import contexts_of  # noqa: F401 — for the example
from streamer.evaluation.nulls.taps import Doubles, Taps
from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats

STEP_SIZE = 0.5


class TappedLogistic:
    """Contexts: the probability of 1, and the features that it was made from.

    >>> xs, ys = np.zeros((40, 1), np.float32), np.arange(40, dtype=np.float32) % 2
    >>> contexts_of(TappedLogistic(), xs, ys)[-2:, 0].round().tolist()
    [0.0, 1.0]
    """

    width = 1

    def __init__(self) -> None:
        self._taps = Taps()
        self._weights: Doubles = np.zeros((2, 0))
        """w and G."""

    def begin(self, columns: int) -> int:
        """Numbers in a context."""
        features = self._taps.begin(columns)
        if self._weights.shape[1] != features:
            self._weights = np.zeros((2, features))
        return 1 + features

    def step_many(self, xs: Floats, ys: Floats, contexts: Floats, at: int) -> None:
        """Predict and learn, one sample after the other; a target above 0 is 1."""
        self._taps.step_many(xs, ys, contexts, at + 1)
        _step(contexts, at, ys, self._weights, STEP_SIZE)

    def label(self, contexts: Floats, at: int, ys: Floats) -> None:
        """The step of each sample, with the weights of now; none for samples of other columns, as before a reset."""
        if contexts.shape[1] - at == self.begin(0):
            _step(contexts.copy(), at, ys, self._weights, STEP_SIZE)
        self._taps.label(ys)

    def export(self) -> Arrays:
        """Weights, and what is tapped."""
        return {"weights": self._weights.copy(), **self._taps.export()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._weights = np.ascontiguousarray(arrays["weights"], np.float64).copy()
        self._taps.load(arrays)


@block_kernel("float32[:,::1], int64, float32[::1], float64[:,::1], float64")
def _step(contexts: Floats, at: int, ys: Floats, weights: Doubles, step_size: float) -> None:
    features = weights.shape[1]
    for t in range(len(ys)):
        # Four sums side by side: a single one waits for each addition.
        a = 0.0
        b = 0.0
        c = 0.0
        d = 0.0
        for j in range(0, features - 3, 4):
            a += weights[0, j] * contexts[t, at + 1 + j]
            b += weights[0, j + 1] * contexts[t, at + 2 + j]
            c += weights[0, j + 2] * contexts[t, at + 3 + j]
            d += weights[0, j + 3] * contexts[t, at + 4 + j]
        for j in range(features - features % 4, features):
            a += weights[0, j] * contexts[t, at + 1 + j]
        logit = min(max((a + b) + (c + d), -30.0), 30.0)
        p = 1.0 / (1.0 + math.exp(-logit))
        contexts[t, at] = p
        y = np.float64(ys[t])
        if math.isnan(y):
            continue
        error = p - (1.0 if y > 0.0 else 0.0)
        for j in range(features):
            g = error * contexts[t, at + 1 + j]
            weights[1, j] += g * g
            weights[0, j] -= step_size * g / math.sqrt(weights[1, j] + 1e-8)
