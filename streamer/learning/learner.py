"""The learner that users hold: checks what it is given, and keeps predict, learn and step one and the same."""

import numpy as np
import numpy.typing as npt

from streamer.config.learner import EngineName, LearnerSettings
from streamer.learning.admission import admissible, many_inputs, many_targets, one_input, one_target
from streamer.learning.compatibility import check_arrays, check_structure
from streamer.learning.engines.choice import make_engine, why_not_fused
from streamer.learning.insight import Insight
from streamer.learning.memory import feature_count
from streamer.learning.network import initialise
from streamer.learning.snapshot import Snapshot, hash_arrays
from streamer.samples import Arrays, Floats


class Learner:
    """A GRU with a persistent hidden state that learns a target from one sample after another.

    >>> learner = Learner(LearnerSettings(inputs=1, hidden=4), seed=0)
    >>> before = learner.predict_one([1.0])
    >>> for _ in range(50):
    ...     learner.learn_one([1.0], 0)
    >>> bool(learner.predict_one([1.0]) < 0.1 < before)
    True
    """

    def __init__(self, settings: LearnerSettings | None = None, *, seed: int = 0, engine: EngineName = "auto") -> None:
        self.settings = settings or LearnerSettings()
        parameters = initialise(feature_count(self.settings), self.settings.hidden, seed, self.settings.outputs)
        self._engine = make_engine(engine, self.settings, parameters)
        self._inputs, self._loss = self.settings.inputs, self.settings.objective
        self._wanted = engine

    @property
    def engine(self) -> str:
        """The name of the engine in use."""
        return self._engine.name

    @property
    def engine_reason(self) -> str:
        """Why that engine, for people."""
        if self._wanted != "auto":
            return f"engine = {self._wanted!r} was asked for"
        return why_not_fused() or "the fastest engine that supports the settings"

    def predict_one(self, x: npt.ArrayLike) -> float:
        """x (I,) → the prediction after it. Pure: hidden state included, nothing changes.

        A probability that the target is 1, or with loss = "squared" the expected target.
        """
        return float(self._engine.predict(one_input(x, self._inputs)[0])[0])

    def learn_one(self, x: npt.ArrayLike, y: float | None) -> None:
        """Advance the hidden state by x (I,) and, unless y is None or NaN, the weights by one update."""
        self._engine.step_many(one_input(x, self._inputs), one_target(y, self._loss)[None])

    def step_many(self, xs: npt.ArrayLike, ys: npt.ArrayLike) -> Floats:
        """xs (T, I), ys (T,) → predictions (T,), each fixed before its own target is looked at.

        Bit for bit what `predict_one` and `learn_one` give in turn. All samples are checked before the first is
        learned: on SampleError the learner is unchanged.
        """
        inputs = many_inputs(xs, self._inputs)
        return self._engine.step_many(inputs, many_targets(ys, len(inputs), self._loss)[:, None])[:, 0]

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """(T,) → which targets its loss can take; NaN, no label, always may."""
        return admissible(ys, self._loss)

    def export(self) -> Arrays:
        """The whole state as named arrays (copies)."""
        return self._engine.export()

    def snapshot(self) -> Snapshot:
        """The whole state as a value."""
        return Snapshot(self.settings, self.export())

    @classmethod
    def restore(
        cls, snapshot: Snapshot, *, settings: LearnerSettings | None = None, engine: EngineName = "auto"
    ) -> "Learner":
        """A learner that goes on exactly where `snapshot` was taken, in any engine.

        `settings` may differ from the snapshot's in tunable settings; IncompatibleError names a structural one that
        does, another version, or an array that is missing or has another shape.
        """
        settings = settings or snapshot.settings
        check_structure(snapshot, settings.structure())
        learner = cls(settings, engine=engine)
        check_arrays(snapshot.arrays, learner.export(), settings.truncation)
        learner._engine.load(snapshot.arrays)
        return learner

    def state_hash(self) -> str:
        """SHA-256 of the whole state: equal exactly if everything that decides the future is equal."""
        return hash_arrays(self.export())

    def insight(self) -> Insight:
        """What one may see of it: norms, and the last hidden states."""
        return self._engine.insight()

    def counters(self) -> dict[str, int]:
        """Counts of this learner's life: samples, updates, skipped_updates."""
        return self._engine.counts()
