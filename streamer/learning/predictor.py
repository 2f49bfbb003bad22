"""The one protocol of whatever predicts: a learner, a null model, a mixture. The daemon is written against it."""

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from streamer.columns import Schema
from streamer.learning.fitting import Objection
from streamer.learning.insight import Insight
from streamer.learning.standing import Standings
from streamer.samples import Arrays, Floats, Numbers


class Steps(Protocol):
    """Predict and learn."""

    @property
    def samples(self) -> int:
        """Samples stepped over so far: the number of the next one."""
        ...

    @property
    def prediction_width(self) -> int:
        """W, the numbers of a prediction."""
        ...

    @property
    def takes_missing(self) -> bool:
        """Whether NaN in an input is a missing value; else such a sample is no sample."""
        ...

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """(T,) → which targets it can learn from; NaN, no label, always may."""
        ...

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        """(T, I), (T,) → predictions (T,), or (T, W) if W > 1, each fixed before its own target is looked at."""
        ...

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        """Learn the labels (n,) of samples stepped over without one, by their numbers (n,), one after another."""
        ...


class Predictor(Steps, Protocol):
    """Predict, learn, and be put aside and taken up again."""

    @property
    def engine(self) -> str:
        """The name of what computes, for people."""
        ...

    @property
    def classes(self) -> tuple[float, ...]:
        """The targets that the first places of a prediction are the probabilities of; none where there are none."""
        ...

    @property
    def columns(self) -> int:
        """I, the places of a row here."""
        ...

    @property
    def schema(self) -> Schema:
        """What its rows and predictions are."""
        ...

    def objection(self, inputs: int, schema: Schema) -> Objection | None:
        """What is wrong with rows of `inputs` numbers of these columns; None if it can learn from them."""
        ...

    def arrange(self, schema: Schema) -> Numbers:
        """For each column of a log its place in the rows here; new ones are taken in."""
        ...

    def export(self) -> Arrays:
        """The whole state as named arrays; copies, so that learning on does not change them."""
        ...

    def counters(self) -> dict[str, int]:
        """Counts for the metrics, among them `samples` and `skipped_updates`."""
        ...

    def facts(self) -> dict[str, Any]:
        """What there is to say of it besides: what is done to each column, which classes were found."""
        ...

    def insight(self) -> Insight | None:
        """What one may see of it; None if it has nothing to show."""
        ...

    def relieve(self, microseconds: float, *, waiting: bool) -> None:
        """A sample cost so much of late, and more are waiting or not: a chance to do less, or more, from now on."""
        ...

    def standings(self) -> Standings:
        """How its members stand; none if it has none."""
        ...


class Frozen:
    """A predictor that is told no target: its hidden state advances, its weights stay."""

    def __init__(self, predictor: Steps) -> None:
        self._predictor = predictor
        self.samples = predictor.samples
        self.prediction_width = predictor.prediction_width
        self.takes_missing = predictor.takes_missing

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """What the predictor admits."""
        return self._predictor.admits(ys)

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        """(T, I), (T,) → predictions."""
        predictions = self._predictor.step_many(xs, np.full_like(ys, np.nan))
        self.samples = self._predictor.samples
        return predictions

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        """Nothing is learned."""


class PredictorFactory(Protocol):
    """Makes the predictor of a stream, new or from its arrays."""

    def objection(self, inputs: int, schema: Schema) -> Objection | None:
        """What is wrong with a stream that begins; None if it can be learned."""
        ...

    def create(self, stream: str, schema: Schema) -> Predictor:
        """A predictor that has seen nothing, for a stream of these columns."""
        ...

    def restore(self, stream: str, arrays: Arrays) -> Predictor:
        """A predictor that goes on where `export` left it."""
        ...
