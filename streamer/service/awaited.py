"""Samples of one log that came without a label and may still get one, each with the prediction that was made for it.

Bounded: a label may come at most `horizon` events after its sample. What is kept decides how later labels are scored,
so it is part of the stream's state.
"""

import numpy as np

from streamer.samples import Arrays, Floats, Numbers

NOBODY = -1


class Awaited:
    """A ring of the last `horizon` numbers; number n has the place n mod horizon."""

    def __init__(self, horizon: int) -> None:
        self._horizon = horizon
        self._numbers: Numbers = np.full(0, NOBODY)
        self._predictions: Floats = np.empty(0, np.float32)

    def put(self, numbers: Numbers, predictions: Floats) -> None:
        """Samples (T,), in order, that came without a label."""
        if not len(self._numbers):  # most streams never need the ring
            self._numbers = np.full(self._horizon, NOBODY)
            self._predictions = np.zeros(self._horizon, np.float32)
        last = slice(-self._horizon, None)
        places = numbers[last] % self._horizon
        self._numbers[places], self._predictions[places] = numbers[last], predictions[last]

    def take(self, number: int, now: int) -> float | str:
        """The prediction for a sample whose label is event `now`; or why the label cannot be used.

        `label_late`: the horizon is past. `label_unknown`: that event is no sample without a label, or has had it.
        """
        if now - number > self._horizon:
            return "label_late"
        if not len(self._numbers) or self._numbers[number % self._horizon] != number:
            return "label_unknown"
        self._numbers[number % self._horizon] = NOBODY
        return float(self._predictions[number % self._horizon])

    def count(self, now: int) -> int:
        """Samples that a label may still come for."""
        return len(self._alive(now))

    def export(self, now: int) -> Arrays:
        """The state as arrays, those in reach of event `now` only; none if nothing is awaited."""
        numbers = self._alive(now)
        if not len(numbers):
            return {}
        return {"numbers": numbers, "predictions": self._predictions[numbers % self._horizon]}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self.put(arrays["numbers"], arrays["predictions"])

    def _alive(self, now: int) -> Numbers:
        return np.sort(self._numbers[self._numbers >= max(now - self._horizon, 0)])
