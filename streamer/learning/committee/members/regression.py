"""What members that look at regressors have in common."""

from abc import abstractmethod

import numpy as np

from streamer.learning.committee.members.block import BlockMember
from streamer.learning.committee.members.regressors import Regressors
from streamer.learning.committee.members.target import Doubles
from streamer.learning.committee.members.view import BASE, Seen, View
from streamer.samples import Arrays, Floats, Numbers


class Regression(BlockMember):
    """Keeps of an awaited sample the last value that it had, and its regressors as the model has them."""

    def __init__(self, view: View, *, delays: int, label_horizon: int) -> None:
        self._regressors = Regressors(view, delays=delays)
        super().__init__(view.target, context=1 + self._regressors.width, label_horizon=label_horizon)

    @abstractmethod
    def _grow(self, width: int, places: Numbers) -> None:
        """Regressors are so many now; those that there were went to these places."""

    @abstractmethod
    def _fit(self, regressors: Floats, targets: Doubles) -> Doubles:
        """(T, n), (T,) → outputs (T, W), each made before its own target is learned; NaN is no target."""

    def _taken(self, regressors: Floats, *, peek: bool) -> Floats:
        """Regressors (T, n) as the model has them; with `peek` taking in nothing."""
        return regressors

    def _widen(self, before: int, after: int) -> None:
        places = self._regressors.widen(before, after)
        self._awaited.widen(1 + self._regressors.width, np.concatenate([[0], 1 + places]))
        self._grow(self._regressors.width, places)

    def _advance(self, rows: Floats, targets: Floats) -> tuple[Floats, Floats]:
        regressors, seen = self._regressors.step(rows, targets)
        taken = self._taken(regressors, peek=False)
        contexts = np.concatenate([seen.frames[:, [BASE]].astype(np.float32), taken], axis=1)
        return self._predicted(taken, seen), contexts

    def _foresee(self, row: Floats) -> Floats:
        regressors, seen = self._regressors.peek(row)
        return self._predicted(self._taken(regressors, peek=True), seen)

    def _learn(self, numbers: Numbers, contexts: Floats, targets: Floats) -> None:
        seen = self._regressors.view.step(targets, np.ascontiguousarray(contexts[:, 0]))
        self._fit(np.ascontiguousarray(contexts[:, 1:]), seen.targets)

    def _predicted(self, regressors: Floats, seen: Seen) -> Floats:
        return seen.predictions(self._fit(regressors, seen.targets))

    def _state(self) -> Arrays:
        return self._regressors.state()

    def _restore(self, arrays: Arrays) -> None:
        self._regressors.restore(arrays)
