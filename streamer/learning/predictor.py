"""The one protocol of whatever predicts: a learner, a null model, a mixture. The daemon is written against it."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from streamer.learning.insight import Insight
from streamer.samples import Arrays, Floats


class Steps(Protocol):
    """Predict and learn."""

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """(T,) → which targets it can learn from; NaN, no label, always may."""
        ...

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        """(T, I), (T,) → (T,) predictions, each fixed before its own target is looked at."""
        ...


class Predictor(Steps, Protocol):
    """Predict, learn, and be put aside and taken up again."""

    @property
    def engine(self) -> str:
        """The name of what computes, for people."""
        ...

    def export(self) -> Arrays:
        """The whole state as named arrays; copies, so that learning on does not change them."""
        ...

    def counters(self) -> dict[str, int]:
        """Counts for the metrics, among them `skipped_updates`."""
        ...

    def insight(self) -> Insight | None:
        """What one may see of it; None if it has nothing to show."""
        ...


class Frozen:
    """A predictor that is told no target: its hidden state advances, its weights stay."""

    def __init__(self, predictor: Steps) -> None:
        self._predictor = predictor

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """What the predictor admits."""
        return self._predictor.admits(ys)

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        """(T, I), (T,) → (T,) predictions."""
        return self._predictor.step_many(xs, np.full_like(ys, np.nan))


class PredictorFactory(Protocol):
    """Makes the predictor of a stream, new or from its arrays."""

    def create(self, stream: str) -> Predictor:
        """A predictor that has seen nothing."""
        ...

    def restore(self, stream: str, arrays: Arrays) -> Predictor:
        """A predictor that goes on where `export` left it."""
        ...
