"""Scores of `next`: the prediction that a sample was given meets the symbol of the sample after it."""

import numpy as np

from streamer.evaluation.multiclass import ClassScores
from streamer.samples import Arrays, Floats


class NextScores(ClassScores):
    """Takes in predictions (T, C) of the next symbol; the symbols are the only input. No label comes, late or not.

    >>> scores = NextScores(classes=2, window=10, fading=0.9)
    >>> symbols, predictions = np.array([[5], [5]], np.float32), np.array([[1, 0], [1, 0]], np.float32)
    >>> _ = scores.step(symbols, predictions, symbols[:, 0])
    >>> scores.counts()
    (1, 1)
    """

    task = "next"

    def __init__(self, *, classes: int, window: int, fading: float) -> None:
        super().__init__(classes=classes, window=window, fading=fading)
        self._pending: Floats = np.full((1, classes), np.nan, np.float32)
        """The prediction for the symbol to come; NaN before the first sample."""

    def step(self, xs: Floats, predictions: Floats, ys: Floats) -> Floats:
        """Score the predictions made before these samples (T, 1), and keep the last one; nothing is awaited (T, 0)."""
        places = self._found(np.ascontiguousarray(xs[:, 0]))
        made = np.concatenate([self._pending, predictions])
        contexts = self._panel.step_many(made[:-1], xs, places)
        fit = ~np.isnan(places) & ~np.isnan(made[:-1, 0])
        self._score(contexts[fit], places[fit])
        self._pending = made[-1:].copy()
        return np.empty((len(ys), 0), np.float32)

    def label(self, contexts: Floats, ys: Floats) -> None:
        """Nothing: what is awaited here is the next sample."""

    def export(self) -> Arrays:
        """The whole state as arrays."""
        return {**super().export(), "pending": self._pending}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        super().load(arrays)
        self._pending = arrays["pending"].astype(np.float32)
