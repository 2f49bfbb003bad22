"""Samples of one log that came without a label and may still get one, each with what it takes to score it then.

Bounded: a label may come at most `horizon` events after its sample. What is kept decides how later labels are scored,
and which sample of the learner they are learned by, so it is part of the stream's state.
"""

from dataclasses import dataclass

import numpy as np

from streamer.samples import Arrays, Floats, Numbers

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A sample whose label has come."""

    step: int
    """The learner's own number of the sample."""
    context: Floats
    """(Q,), what the scores need."""


class Awaited:
    """A ring with a place for each number in reach, and for the one that has just come out of it."""

    def __init__(self, horizon: int) -> None:
        self._horizon = horizon
        self._size = horizon + 1
        self._numbers: Numbers = np.full(0, NOBODY)
        self._steps: Numbers = np.empty(0, np.int64)
        self._contexts: Floats = np.empty((0, 0), np.float32)
        self._oldest = 0

    def put(self, numbers: Numbers, steps: Numbers, contexts: Floats) -> None:
        """Samples (T,), in order, that came without a label; the learner's numbers (T,), and contexts (T, Q)."""
        if not len(self._numbers):  # most streams never need the ring
            self._numbers, self._steps = np.full(self._size, NOBODY), np.empty(self._size, np.int64)
            self._contexts = np.zeros((self._size, contexts.shape[1]), np.float32)
        last = slice(-self._size, None)
        places = numbers[last] % self._size
        self._numbers[places], self._steps[places], self._contexts[places] = numbers[last], steps[last], contexts[last]

    def take(self, number: int, now: int) -> Awaiting | str:
        """The sample whose label is event `now`; or why the label cannot be used.

        `label_late`: the horizon is past. `label_unknown`: that event is no sample without a label, or has had it.
        """
        if now - number > self._horizon:
            return "label_late"
        if not len(self._numbers) or self._numbers[number % self._size] != number:
            return "label_unknown"
        place = number % self._size
        self._numbers[place] = NOBODY
        return Awaiting(int(self._steps[place]), self._contexts[place].copy())

    def next_overdue(self) -> int | None:
        """The event at which a label comes too late for the oldest sample; None if nothing is awaited."""
        awaited = self._numbers[self._numbers != NOBODY]
        return int(awaited.min()) + self._horizon + 1 if len(awaited) else None

    def give_up(self) -> Awaiting:
        """The oldest sample, awaited no longer."""
        number = int(self._numbers[self._numbers != NOBODY].min())
        found = self.take(number, number)
        assert isinstance(found, Awaiting)
        return found

    @property
    def horizon(self) -> int:
        """Events after a sample within which its label may come."""
        return self._horizon

    def count(self, now: int) -> int:
        """Samples that a label may still come for."""
        return len(self._alive(now))

    def export(self, now: int) -> Arrays:
        """The state as arrays, those in reach of event `now` only; none if nothing is awaited."""
        numbers = self._alive(now)
        if not len(numbers):
            return {}
        places = numbers % self._size
        return {"numbers": numbers, "steps": self._steps[places], "contexts": self._contexts[places]}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`. Arrays of before late labels were learned tell too little: nothing is awaited."""
        if "steps" in arrays:
            self.put(arrays["numbers"], arrays["steps"], arrays["contexts"])

    def _alive(self, now: int) -> Numbers:
        return np.sort(self._numbers[self._numbers >= max(now - self._horizon, 0)])
