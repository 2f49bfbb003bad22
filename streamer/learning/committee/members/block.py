"""What members that step over a block in compiled code have in common: they count, await labels, and are exported."""

from abc import ABC, abstractmethod
from copy import deepcopy

import numpy as np

from streamer.learning.committee.awaited import Awaited
from streamer.learning.committee.members.target import Target
from streamer.samples import Arrays, Floats, Numbers


class BlockMember(ABC):
    """A `Member`, made of what is its own: how it advances, foresees and learns."""

    def __init__(self, target: Target, *, context: int, label_horizon: int) -> None:
        self.target = target
        self.width = target.width
        self.samples = 0
        self._features = 0
        self._awaited = Awaited(horizon=label_horizon, width=context)

    def step_many(self, rows: Floats, ys: Floats) -> Floats:
        """(T, F), (T,) → (T, W), each fixed before its own target is looked at; NaN is no label."""
        if rows.shape[1] > self._features:
            self._widen(self._features, rows.shape[1])
            self._features = rows.shape[1]
        predictions, contexts = self._advance(np.ascontiguousarray(rows), np.ascontiguousarray(ys))
        missing = np.flatnonzero(np.isnan(ys))
        self._awaited.keep(self.samples + missing, contexts[missing])
        self.samples += len(rows)
        self._awaited.forget(self.samples)
        return predictions

    def peek(self, row: Floats) -> Floats:
        """(1, F) → (1, W), what `step_many` would predict; changes nothing that is exported."""
        if row.shape[1] > self._features:
            return deepcopy(self).step_many(row, np.full(1, np.nan, np.float32))
        return self._foresee(np.ascontiguousarray(row))

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        """Learn labels (n,) of samples stepped over without one; unknown numbers are left out."""
        given = np.flatnonzero(~np.isnan(ys))
        places, contexts = self._awaited.take(numbers[given])
        if len(places):
            self._learn(numbers[given][places], contexts, ys[given][places])

    def export(self, *, awaited: bool = True) -> Arrays:
        """Everything that decides the future, as arrays (copies); not `awaited`: if no label that is late came."""
        own = {name: array.copy() for name, array in self._state().items()}
        return own | {"block.counts": np.array([self.samples, self._features])} | self._awaited.export(awaited=awaited)

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self.samples, self._features = arrays["block.counts"].tolist()
        self._awaited.load(arrays)
        self._restore(arrays)

    def _widen(self, before: int, after: int) -> None:  # noqa: B027 — most do not look at rows
        """Make room for features that come at the end of a row, and have been 0 so far."""

    @abstractmethod
    def _advance(self, rows: Floats, targets: Floats) -> tuple[Floats, Floats]:
        """(T, F), (T,) → predictions (T, W), and the contexts (T, Q) that late labels need."""

    @abstractmethod
    def _foresee(self, row: Floats) -> Floats:
        """(1, F) → (1, W), changing nothing."""

    @abstractmethod
    def _learn(self, numbers: Numbers, contexts: Floats, targets: Floats) -> None:
        """Late labels (n,) in order."""

    @abstractmethod
    def _state(self) -> Arrays:
        """The arrays themselves."""

    @abstractmethod
    def _restore(self, arrays: Arrays) -> None:
        """Take over copies of arrays."""
