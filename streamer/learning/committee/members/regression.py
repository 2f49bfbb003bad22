"""What members that look at regressors have in common."""

from abc import abstractmethod

from streamer.learning.committee.members.block import BlockMember
from streamer.learning.committee.members.regressors import Regressors
from streamer.learning.committee.members.scale import Seen
from streamer.learning.committee.members.target import Target
from streamer.samples import Arrays, Floats, Numbers


class Regression(BlockMember):
    """Keeps of an awaited sample its regressors, as the model has them."""

    def __init__(self, target: Target, *, delays: int, lags: int, label_horizon: int) -> None:
        self._regressors = Regressors(target, delays=delays, lags=lags)
        super().__init__(target, context=self._regressors.width, label_horizon=label_horizon)

    @abstractmethod
    def _grow(self, width: int, places: Numbers) -> None:
        """Regressors are so many now; those that there were went to these places."""

    @abstractmethod
    def _fit(self, contexts: Floats, seen: Seen) -> Floats:
        """(T, n) → predictions (T, W), each made before its own target is learned; NaN is no target."""

    def _context(self, regressors: Floats, *, peek: bool) -> Floats:
        """Regressors (T, n) as the model has them; with `peek` taking in nothing."""
        return regressors

    def _widen(self, before: int, after: int) -> None:
        places = self._regressors.widen(before, after)
        self._awaited.widen(self._regressors.width, places)
        self._grow(self._regressors.width, places)

    def _advance(self, rows: Floats, targets: Floats) -> tuple[Floats, Floats]:
        regressors, seen = self._regressors.step(rows, targets)
        contexts = self._context(regressors, peek=False)
        return self._fit(contexts, seen), contexts

    def _foresee(self, row: Floats) -> Floats:
        regressors, seen = self._regressors.peek(row)
        return self._fit(self._context(regressors, peek=True), seen)

    def _learn(self, numbers: Numbers, contexts: Floats, targets: Floats) -> None:
        self._fit(contexts, self._regressors.label(targets))

    def _state(self) -> Arrays:
        return self._regressors.state()

    def _restore(self, arrays: Arrays) -> None:
        self._regressors.restore(arrays)
