"""The learner that users hold: checks what it is given, and keeps predict, learn and step one and the same."""

from typing import Any

import numpy as np
import numpy.typing as npt

from streamer.columns import PLAIN, Schema
from streamer.config.learner import EngineName, LearnerSettings
from streamer.errors import SampleError
from streamer.learning.admission import many_inputs, many_targets, one_input, one_target
from streamer.learning.compatibility import check_structure
from streamer.learning.engines.choice import why_not_fused
from streamer.learning.fitting import Objection, objection
from streamer.learning.insight import Insight
from streamer.learning.model import Model
from streamer.learning.snapshot import Snapshot, hash_arrays
from streamer.learning.standing import ALONE, Standings
from streamer.samples import Arrays, Floats, Numbers

LABEL_HORIZON = 65_536
"""Samples within which a label may come late."""


class Learner:
    """A GRU with a persistent hidden state that learns a target from one sample after another.

    >>> learner = Learner(LearnerSettings(inputs=1, hidden=4), seed=0)
    >>> before = learner.predict_one([1.0])
    >>> for _ in range(50):
    ...     learner.learn_one([1.0], 0)
    >>> bool(learner.predict_one([1.0]) < 0.1 < before)
    True

    With a `schema` the rows are of named columns: numbers or codes of categories, NaN where a value is missing.
    """

    def __init__(
        self,
        settings: LearnerSettings | None = None,
        *,
        seed: int = 0,
        engine: EngineName = "auto",
        schema: Schema = PLAIN,
        label_horizon: int = LABEL_HORIZON,
    ) -> None:
        self.settings = settings or LearnerSettings()
        self._model = Model(self.settings, seed=seed, engine=engine, schema=schema, label_horizon=label_horizon)
        self._wanted = engine

    @property
    def engine(self) -> str:
        """The name of the engine in use."""
        return self._model.network.engine.name

    @property
    def engine_reason(self) -> str:
        """Why that engine, for people."""
        if self._wanted != "auto":
            return f"engine = {self._wanted!r} was asked for"
        return why_not_fused() or "the fastest engine that supports the settings"

    @property
    def samples(self) -> int:
        """Samples stepped over so far: the number of the next one."""
        return self._model.samples

    @property
    def prediction_width(self) -> int:
        """W, the numbers of a prediction."""
        return self._model.network.outcome.width

    @property
    def classes(self) -> tuple[float, ...]:
        """The targets that the first places of a prediction are the probabilities of, as far as they were found."""
        return self._model.network.outcome.classes

    @property
    def columns(self) -> int:
        """I, the numbers of a row."""
        return self._model.encoding.columns

    @property
    def schema(self) -> Schema:
        """The columns by name, and the horizons."""
        return self._model.schema

    @property
    def takes_missing(self) -> bool:
        """Whether NaN in a row is a missing value: with named columns it is."""
        return self._model.encoding.named

    def objection(self, inputs: int, schema: Schema) -> Objection | None:
        """What is wrong with rows of `inputs` numbers of these columns; None if it can learn from them."""
        return objection(self.settings, self._model.encoding, inputs, schema)

    def arrange(self, schema: Schema) -> Numbers:
        """For each column of a log its place in the rows here; new ones are taken in, at the end."""
        return self._model.encoding.arrange(schema.columns)

    def predict_one(self, x: npt.ArrayLike) -> Any:
        """x (I,) → the prediction after it. Pure: hidden state included, nothing changes.

        A float for `binary`: the probability that the target is 1, or with loss = "squared" the expected target. Else
        an array (W,): probabilities by place of class, or for each horizon value, lower and upper end.
        """
        row = self._model.peek(one_input(x, self.columns, missing=self.takes_missing))[0]
        return float(row) if row.ndim == 0 else row

    def learn_one(self, x: npt.ArrayLike, y: float | None) -> None:
        """Advance the hidden state by x (I,) and, unless y is None or NaN, the weights by one update."""
        row = one_input(x, self.columns, missing=self.takes_missing)
        self._model.step(row, one_target(y, self._model.network.outcome))

    def step_many(self, xs: npt.ArrayLike, ys: npt.ArrayLike) -> Floats:
        """xs (T, I), ys (T,) → predictions (T,) or (T, W), each fixed before its own target is looked at.

        Bit for bit what `predict_one` and `learn_one` give in turn. All samples are checked before the first is
        learned: on SampleError the learner is unchanged.
        """
        inputs = many_inputs(xs, self.columns, missing=self.takes_missing)
        return self._model.step(inputs, many_targets(ys, len(inputs), self._model.network.outcome))

    def label(self, number: int, y: float) -> None:
        """Learn the label of the sample of this number, counted from 0, that was learned without one.

        The gradient is of that sample's own step, its window made again with today's weights. SampleError, reason
        `label_late` beyond the horizon, `label_unknown` if there is no such sample or it has had its label.
        """
        target = one_target(y, self._model.network.outcome)
        if np.isnan(target[0]):
            raise SampleError("a label is missing", reason="target", got=y, expected="a target")
        if problem := self._model.network.late.objection(number):
            raise no_label(problem, number, self._model.network.late.horizon)
        self._model.network.label(number, target)

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        """Learn labels (n,), one after another; those whose samples are awaited no longer are left out."""
        for number, y in zip(numbers.tolist(), ys, strict=True):
            if not self._model.network.late.objection(number):
                self._model.network.label(number, np.array([y], np.float32))

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """(T,) → which targets it can learn from; NaN, no label, always may."""
        return self._model.network.outcome.admits(ys)

    def export(self) -> Arrays:
        """The whole state as named arrays (copies)."""
        return self._model.export()

    def snapshot(self) -> Snapshot[LearnerSettings]:
        """The whole state as a value."""
        return Snapshot(self.settings, self.export())

    @classmethod
    def restore(
        cls,
        snapshot: Snapshot[LearnerSettings],
        *,
        settings: LearnerSettings | None = None,
        engine: EngineName = "auto",
        label_horizon: int = LABEL_HORIZON,
    ) -> "Learner":
        """A learner that goes on exactly where `snapshot` was taken, in any engine.

        `settings` may differ from the snapshot's in tunable settings; IncompatibleError names a structural one that
        does, another version, or an array that is missing or has another shape.
        """
        settings = settings or snapshot.settings
        check_structure(snapshot, settings.structure())
        learner = cls(settings, engine=engine, label_horizon=label_horizon)
        learner._model.load(snapshot.arrays)
        return learner

    def state_hash(self) -> str:
        """SHA-256 of the whole state: equal exactly if everything that decides the future is equal."""
        return hash_arrays(self.export())

    def insight(self) -> Insight:
        """What one may see of it: norms, and the last hidden states."""
        return self._model.network.engine.insight()

    def relieve(self, microseconds: float, *, waiting: bool) -> None:
        """There is nothing that it could leave out."""

    def standings(self) -> Standings:
        """It has no members."""
        return ALONE

    def counters(self) -> dict[str, int]:
        """Counts of this learner's life: samples, updates, skipped_updates."""
        return self._model.network.engine.counts()

    def facts(self) -> dict[str, Any]:
        """What is done to each column, which classes were found."""
        return self._model.facts()


def no_label(reason: str, number: int, horizon: int) -> SampleError:
    """Why a label cannot be used, for people."""
    expected = {
        "label_late": f"a label within {horizon:,} samples",
        "label_unknown": "the number of a sample that was learned without a label, once",
    }
    return SampleError("a label cannot be used", reason=reason, got=number, expected=expected[reason])
