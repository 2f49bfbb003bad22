"""How learning went: the sample at which the task was solved, and the accuracy over each of the first spans.

Solved is a moment, not a state: a learner can have solved a task once and have collapsed since. Look at the windowed
accuracy for now, at this for how long it took.
"""

import numpy as np

from streamer.evaluation.accuracy import Outcomes
from streamer.samples import Arrays

NEEDED, OF = 198, 200


class Solved:
    """The first sample at which at least 198 of the last 200 predictions were right."""

    def __init__(self) -> None:
        self._recent: Outcomes = np.empty(0, np.bool_)
        self._count = 0
        self.at: int | None = None

    def update(self, outcomes: Outcomes) -> None:
        """Take in whether each of the next predictions (T,) was right."""
        if self.at is not None:
            return
        known = np.concatenate([self._recent, outcomes])
        start = self._count - len(self._recent)
        self._recent = known[-(OF - 1) :]
        self._count += len(outcomes)
        sums = np.cumsum(np.concatenate([[0], known]))
        reached = np.flatnonzero(sums[OF:] - sums[:-OF] >= NEEDED) if len(known) >= OF else np.empty(0)
        if len(reached):
            # From here on the state is the moment alone: the same however the samples were cut into blocks.
            self.at = self._count = start + OF + int(reached[0])
            self._recent = self._recent[:0]

    def export(self) -> Arrays:
        """The state as arrays; -1 is not solved yet."""
        at = -1 if self.at is None else self.at
        return {"at": np.array(at), "count": np.array(self._count), "recent": self._recent.astype(np.uint8)}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        at = int(arrays["at"])
        self.at = None if at < 0 else at
        self._count = int(arrays["count"])
        self._recent = arrays["recent"].astype(np.bool_)


class LearningCurve:
    """Right predictions in each span of 50 among the first 1,000 samples.

    >>> curve = LearningCurve()
    >>> curve.update(np.array([True] * 60 + [False] * 15))
    >>> curve.accuracies()
    [1.0, 0.4]
    """

    SPAN, SPANS = 50, 20

    def __init__(self) -> None:
        self._correct = np.zeros(self.SPANS, np.int64)
        self._count = 0

    def update(self, outcomes: Outcomes) -> None:
        """Take in whether each of the next predictions (T,) was right."""
        room = self.SPANS * self.SPAN - self._count
        if not room:
            return
        taken = outcomes[:room]
        spans = (self._count + np.arange(len(taken))) // self.SPAN
        self._correct += np.bincount(spans[taken], minlength=self.SPANS)
        self._count += len(taken)

    def accuracies(self) -> list[float]:
        """The accuracy over each span that has begun."""
        sizes = [min(self.SPAN, self._count - start) for start in range(0, self._count, self.SPAN)]
        return [int(correct) / size for correct, size in zip(self._correct, sizes, strict=False)]

    def export(self) -> Arrays:
        """The state as arrays."""
        return {"correct": self._correct.copy(), "count": np.array(self._count)}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._correct = arrays["correct"].copy()
        self._count = int(arrays["count"])
