"""When targets come: with their samples, with the next sample, or some samples later.

`values` are what a sample brings: its own target; or, where the target is the series itself some steps ahead, the value
of now. Whatever the order, no prediction is made from a target that is not known by then.
"""

from collections import deque
from typing import Protocol

import numpy as np

from streamer.learning.committee.body import Body
from streamer.samples import Arrays, Floats


class Timing(Protocol):
    """One body and its clock."""

    body: Body
    lag: int
    """Samples by which the body is behind."""

    def step(self, rows: Floats, values: Floats) -> Floats:
        """(T, F), (T,) → predictions (T, V)."""
        ...

    def peek(self, row: Floats) -> Floats | None:
        """(1, F) → (1, V); None if the row's value had to be learned first."""
        ...

    def objection(self, number: int) -> str:
        """Why a sample cannot be labelled by its number now; empty if it can."""
        ...

    def export(self) -> Arrays:
        """The body's state and what waits."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...


class Prompt:
    """A target comes with its sample, or by its number."""

    lag = 0

    def __init__(self, body: Body) -> None:
        self.body = body

    def step(self, rows: Floats, values: Floats) -> Floats:
        """The body's."""
        return self.body.step(rows, values)

    def peek(self, row: Floats) -> Floats | None:
        """The body's."""
        return self.body.peek(row)

    def objection(self, number: int) -> str:
        """The body's."""
        return self.body.objection(number)

    def export(self) -> Arrays:
        """The body's."""
        return self.body.export()

    def load(self, arrays: Arrays) -> None:
        """The body's."""
        self.body.load(arrays)


class Next:
    """The target is the value that the next sample brings.

    The last row waits: it is predicted at once, and stepped over when its target has come, with the same prediction.
    """

    lag = 1

    def __init__(self, body: Body) -> None:
        self.body = body
        self._waiting: Floats | None = None

    def step(self, rows: Floats, values: Floats) -> Floats:
        """Each value is the target of the row before."""
        if not len(rows):
            return self.body.step(rows, values)
        last = np.ascontiguousarray(rows[-1:])
        if self._waiting is None:
            told = self.body.step(rows[:-1], values[1:])
        else:
            waiting = np.zeros((1, rows.shape[1]), np.float32)
            waiting[:, : self._waiting.shape[1]] = self._waiting
            told = self.body.step(np.concatenate([waiting, rows[:-1]]), values)[1:]
        self._waiting = last
        return np.concatenate([told, self.body.peek(last)])

    def peek(self, row: Floats) -> Floats | None:
        """What waits has to learn from it first."""
        return self.body.peek(row) if self._waiting is None else None

    def objection(self, number: int) -> str:
        """The stream itself tells its targets."""
        return "label_unknown"

    def export(self) -> Arrays:
        """The body's state, and the row that waits."""
        waiting = {} if self._waiting is None else {"waiting": self._waiting.copy()}
        return self.body.export() | waiting

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._waiting = arrays["waiting"].copy() if "waiting" in arrays else None
        self.body.load(arrays)


class Later:
    """A target is known `steps` samples after its own.

    `ahead`: it is the value that the sample so many steps later brings. Else each sample brings its own target, which
    nobody may look at before.
    """

    lag = 0

    def __init__(self, body: Body, steps: int, *, ahead: bool) -> None:
        self.body = body
        self._steps, self._ahead = steps, ahead
        self._values: deque[float] = deque(maxlen=steps)

    def step(self, rows: Floats, values: Floats) -> Floats:
        """Sample by sample: what has become known, then the row."""
        ones = [self._one(rows[t : t + 1], values[t]) for t in range(len(rows))]
        return np.concatenate([np.empty((0, self.body.width), np.float32), *ones])

    def peek(self, row: Floats) -> Floats | None:
        """What waits may have to learn first."""
        return None if self._ahead else self.body.peek(row)

    def objection(self, number: int) -> str:
        """A sample that has brought its target has none to come."""
        back = self.body.samples - number
        told = self._ahead or (0 < back <= len(self._values) and not np.isnan(self._values[-back]))
        return "label_unknown" if told else self.body.objection(number)

    def export(self) -> Arrays:
        """The body's state, and the targets that nobody has looked at."""
        return self.body.export() | {"values": np.array(self._values, np.float32)}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._values = deque(arrays["values"].tolist(), maxlen=self._steps)
        self.body.load(arrays)

    def _one(self, row: Floats, value: np.float32) -> Floats:
        if self._ahead:
            self._label(self.body.samples - self._steps, float(value))
        told = self.body.step(row, np.full(1, np.nan, np.float32))
        if not self._ahead:
            self._values.append(float(value))
            if len(self._values) == self._steps:  # it is known before the next sample
                self._label(self.body.samples - self._steps, self._values.popleft())
        return told

    def _label(self, number: int, y: float) -> None:
        if y == y:
            self.body.label_many(np.array([number]), np.array([y], np.float32))
