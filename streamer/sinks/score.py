"""How good predictions have been so far, in one number that a person can watch."""

import numpy as np

from streamer.sinks.reading import ENDS
from streamer.sinks.sink import Predicted


class RunningScore:
    """The share of right predictions, or the mean error of values, over all samples with a target so far.

    A forecast's targets come later than its predictions: it has no score here. The daemon's own scores are the ones
    that count; this one is for whoever watches a file going by.
    """

    next = 0

    def __init__(self) -> None:
        self._sum = 0.0
        self._count = 0
        self._values = False

    def write(self, predicted: Predicted) -> None:
        """More predictions."""
        if predicted.horizons or not len(predicted):
            return
        width = predicted.rows.shape[1]
        self._values = width == len(ENDS) and not predicted.classes
        if self._values:
            marks = np.abs(predicted.rows[:, 0] - predicted.targets)
        elif width == 1:
            marks = ((predicted.rows[:, 0] > 0.5) == (predicted.targets > 0.5)).astype(np.float32)
        elif predicted.classes:
            classes = np.array(predicted.classes, np.float32)
            marks = (classes[predicted.rows[:, : len(classes)].argmax(1)] == predicted.targets).astype(np.float32)
        else:
            return
        known = np.isfinite(predicted.targets) & np.isfinite(predicted.rows).all(1)
        self._sum += float(marks[known].sum(dtype=np.float64))
        self._count += int(known.sum())

    def close(self) -> None:
        """Nothing."""

    @property
    def words(self) -> str:
        """For a person; empty while there is nothing to tell.

        >>> score = RunningScore()
        >>> score.write(Predicted(0, np.array([[0.9], [0.2]], np.float32), np.array([1, 1], np.float32)))
        >>> score.words
        'accuracy 50.0 %'
        """
        if not self._count:
            return ""
        mean = self._sum / self._count
        return f"mean error {mean:.4g}" if self._values else f"accuracy {mean:.1%}".replace("%", " %")
