"""Which predictor a stream gets: a learner of the settings."""

import numpy as np

from streamer.columns import PLAIN, Schema
from streamer.config.settings import LearnerSection
from streamer.learning.engines.build import build_of
from streamer.learning.fitting import Objection, objection
from streamer.learning.learner import Learner
from streamer.learning.predictor import Predictor
from streamer.learning.snapshot import Snapshot
from streamer.samples import Arrays


class LearnerFactory:
    """Makes the learners of a daemon."""

    def __init__(self, settings: LearnerSection, seed: int, *, label_horizon: int) -> None:
        self._settings = settings
        self._seed = seed
        self._label_horizon = label_horizon
        self._engine = ""

    def warm_up(self) -> str:
        """Load or compile what learners need, so that no producer waits for it; returns which engine it is, and why.

        StartError if it cannot be had.
        """
        learner = self.create("", PLAIN)
        learner.step_many(np.zeros((1, learner.columns), np.float32), np.zeros(1, np.float32))
        self._engine = learner.engine
        return f"{learner.engine}: {learner.engine_reason}"

    def build(self) -> dict[str, str]:
        """What decides the last bits of what the learners compute; to be asked for after the warm-up."""
        return build_of(self._engine)

    def retune(self, step_size: float) -> None:
        """What is made or restored from now on learns by another step size."""
        self._settings = self._settings.model_copy(update={"step_size": step_size})

    def objection(self, inputs: int, schema: Schema) -> Objection | None:
        """What is wrong with a stream that begins; None if it can be learned."""
        return objection(self._settings, None, inputs, schema)

    def create(self, stream: str, schema: Schema) -> Learner:
        """A learner with the first weights of the seed."""
        return Learner(
            self._settings,
            seed=self._seed,
            engine=self._settings.engine,
            schema=schema,
            label_horizon=self._label_horizon,
        )

    def restore(self, stream: str, arrays: Arrays) -> Predictor:
        """A learner that goes on where its arrays were taken."""
        snapshot = Snapshot(self._settings, arrays)
        return Learner.restore(snapshot, engine=self._settings.engine, label_horizon=self._label_horizon)
