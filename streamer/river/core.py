"""A learner and the columns that it has been given: what both estimators hold, and what a pickle of one holds."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from streamer.columns import Schema
from streamer.config.learner import LearnerSettings, TaskName
from streamer.learning.learner import Learner
from streamer.river.rows import Rows
from streamer.samples import Floats

_NEVER = 1
"""Samples within which a label may come late: River gives it with its sample, or never."""


def settings_of(estimator: Any, task: TaskName, **others: Any) -> LearnerSettings:
    """The learner's settings from an estimator's parameters; SettingsError lists what is wrong with them."""
    said = {"hidden": estimator.hidden, "truncation": estimator.truncation, "step_size": estimator.step_size}
    chosen = {name: value for name, value in said.items() if value is not None}
    return LearnerSettings(task=task, scaling="standard", **chosen, **others)


class Core:
    """Learns from dictionaries. A copy, or a pickle, goes on exactly where the original was."""

    def __init__(self, settings: LearnerSettings, seed: int) -> None:
        self._settings, self._seed = settings, seed
        self._rows = Rows()
        self._learner: Learner | None = None

    def learn(self, x: Mapping[Any, Any], y: float | None) -> None:
        """One sample; None is no label."""
        row = self._rows.observe(x)
        if self._learner is None:
            schema = Schema(tuple(self._rows.columns))
            self._learner = Learner(self._settings, seed=self._seed, schema=schema, label_horizon=_NEVER)
        elif len(row) > self._learner.columns:
            self._learner.arrange(Schema(tuple(self._rows.columns)))
        self._learner.learn_one(row, y)

    def predict(self, x: Mapping[Any, Any]) -> Floats | None:
        """The prediction (W,) after a sample, which is then forgotten; None before the first was learned."""
        if self._learner is None:
            return None
        return np.atleast_1d(self._learner.predict_one(self._rows.peek(x)))

    @property
    def nbytes(self) -> int:
        """Bytes of the learner's state."""
        return 0 if self._learner is None else sum(array.nbytes for array in self._learner.export().values())

    def __getstate__(self) -> dict[str, Any]:
        snapshot = None if self._learner is None else self._learner.snapshot()
        return self.__dict__ | {"_learner": snapshot}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if state["_learner"] is not None:
            self._learner = Learner.restore(state["_learner"], label_horizon=_NEVER)
