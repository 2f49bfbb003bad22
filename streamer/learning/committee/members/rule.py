"""The null models that look at targets alone, as members: prior, running mean, last value, Markov."""

from collections.abc import Callable
from functools import partial

import numpy as np

from streamer.evaluation.nulls.last_number import LastNumber
from streamer.evaluation.nulls.markov import LARGEST, Markov
from streamer.evaluation.nulls.moving_average import MovingAverage
from streamer.evaluation.nulls.null import NullModel, contexts_of
from streamer.evaluation.nulls.running_mean import RunningMean
from streamer.learning.committee.members.block import BlockMember
from streamer.learning.committee.members.target import Target, within
from streamer.samples import Arrays, Floats, Numbers

_NO_COLUMNS = np.empty((1, 0), np.float32)
_NO_TARGET = np.full(1, np.nan, np.float32)


class Rule(BlockMember):
    """A null model, which looks at no features.

    >>> rule = last_value(Target("numbers"))
    >>> rule.step_many(np.zeros((3, 1), np.float32), np.array([2, np.nan, 4], np.float32)).ravel().tolist()
    [0.0, 2.0, 2.0]
    """

    def __init__(self, make: Callable[[], NullModel], target: Target, *, label_horizon: int = 65_536) -> None:
        self._model = make()
        super().__init__(target, context=self._model.begin(0), label_horizon=label_horizon)
        self._made = make

    def _advance(self, rows: Floats, targets: Floats) -> tuple[Floats, Floats]:
        contexts = contexts_of(self._model, rows[:, :0], targets)
        return self._predictions(contexts), contexts

    def _foresee(self, row: Floats) -> Floats:
        copy = self._made()
        copy.begin(0)
        copy.load(self._model.export())
        return self._predictions(contexts_of(copy, _NO_COLUMNS, _NO_TARGET))

    def _learn(self, numbers: Numbers, contexts: Floats, targets: Floats) -> None:
        self._model.label(contexts, 0, targets)

    def _predictions(self, contexts: Floats) -> Floats:
        if self.target.kind == "numbers":
            return contexts[:, :1].copy()
        own = contexts[:, 1:2] if self.target.kind == "binary" else contexts[:, : self.width]
        return within(own, self.target.kind)

    def _state(self) -> Arrays:
        return self._model.export()

    def _restore(self, arrays: Arrays) -> None:
        self._model.load(arrays)


def prior(target: Target, *, label_horizon: int = 65_536) -> Rule:
    """How often each class came; of numbers the mean."""
    if target.kind == "numbers":
        return Rule(RunningMean, target, label_horizon=label_horizon)
    return markov(target, 0, label_horizon=label_horizon)


def last_value(target: Target, *, label_horizon: int = 65_536) -> Rule:
    """Of numbers the last one known."""
    return Rule(LastNumber, target, label_horizon=label_horizon)


def recent_mean(target: Target, *, label_horizon: int = 65_536) -> Rule:
    """Of numbers the mean of the last ones."""
    return Rule(MovingAverage, target, label_horizon=label_horizon)


def markov(target: Target, order: int, *, label_horizon: int = 65_536) -> Rule:
    """How often each class came after the last ones; of a binary target both classes are known beforehand."""
    found, classes = (2, 2) if target.kind == "binary" else (0, target.classes)
    if classes**order > LARGEST:
        raise ValueError(f"the last {order} of {classes} classes are {classes**order} pasts; at most {LARGEST}")
    return Rule(partial(Markov, order=order, classes=classes, found=found), target, label_horizon=label_horizon)
