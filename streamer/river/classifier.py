"""The learner as a classifier of River."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from river import base

from streamer.config.learner import LearnerSettings, TaskName
from streamer.errors import SampleError
from streamer.river.core import Core, settings_of


class GRUClassifier(base.Classifier):
    """A recurrent network that learns classes from one sample after another, each once, as it comes.

    It remembers: its hidden state goes on from sample to sample, so that their order tells it something. Numbers are
    standardised as they come, texts one-hot, moments told as where they stand in the day, the week and the year; values
    may be missing, and new features and classes appear. At most 256 features; later ones are left out.

    Labels that are True or False are learned as one probability, any others as classes found as they come.

    `hidden` units; gradients run back over `truncation` samples; `step_size` is how far the weights move at a sample,
    None the learner's own choice; `classes` are the most that there may be of labels other than True and False, and one
    more raises SampleError; `seed` is that of the first weights.

    >>> from river import datasets, evaluate, metrics
    >>> accuracy = evaluate.progressive_val_score(datasets.Phishing().take(300), GRUClassifier(), metrics.Accuracy())
    >>> accuracy.get() > 0.8
    True
    """

    def __init__(
        self,
        hidden: int = 16,
        truncation: int = 8,
        step_size: float | None = None,
        classes: int = 16,
        seed: int = 0,
    ) -> None:
        self.hidden = hidden
        self.truncation = truncation
        self.step_size = step_size
        self.classes = classes
        self.seed = seed
        self._settings("multiclass")  # what is wrong with one is told here
        self._core: Core | None = None
        self._places: dict[base.typing.ClfTarget, int] = {}

    def learn_one(self, x: dict[base.typing.FeatureName, Any], y: base.typing.ClfTarget | None) -> None:
        """Learn one sample. Without a label, None, only the hidden state advances, once there has been a label."""
        if y is None:
            if self._core is not None:
                self._core.learn(x, None)
            return
        if self._core is None:
            self._begin(y)
            assert self._core is not None
        place = self._place(y)
        self._core.learn(x, place)
        self._places.setdefault(y, place)

    def predict_proba_one(
        self, x: dict[base.typing.FeatureName, Any], **kwargs: Any
    ) -> dict[base.typing.ClfTarget, float]:
        """The probability of each class found so far; none before the first label. Changes nothing."""
        prediction = None if self._core is None else self._core.predict(x)
        if prediction is None:
            return {}
        if len(prediction) == 1:
            probabilities = np.array([1 - prediction[0], prediction[0]], np.float64)
        else:
            probabilities = prediction[: len(self._places)].astype(np.float64)
        shares = probabilities / probabilities.sum()
        return dict(zip(self._places, shares.tolist(), strict=True))

    @property
    def _multiclass(self) -> bool:
        return True

    @property
    def _raw_memory_usage(self) -> int:
        """Bytes of what was learned; what it was compiled to belongs to the process."""
        return 0 if self._core is None else self._core.size

    @classmethod
    def _unit_test_params(cls) -> Iterator[dict[str, Any]]:
        yield {}
        yield {"hidden": 4, "truncation": 2}

    def _settings(self, task: TaskName) -> LearnerSettings:
        return settings_of(self, task, classes=self.classes)

    def _begin(self, y: base.typing.ClfTarget) -> None:
        """The first label says what kind they are of."""
        binary = isinstance(y, bool | np.bool_)
        self._core = Core(self._settings("binary" if binary else "multiclass"), self.seed)
        self._places = {False: 0, True: 1} if binary else {}
        self._most = len(self._places) or self.classes

    def _place(self, y: base.typing.ClfTarget) -> int:
        place = self._places.get(y, len(self._places))
        if place >= self._most:
            raise SampleError(
                "a label of one class too many",
                reason="target",
                got=repr(y),
                expected=f"one of {', '.join(map(repr, self._places))}",
                remedy="give labels all of one kind; GRUClassifier(classes=…) says how many there may be",
            )
        return place
