"""The learner as a classifier of River."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from river import base

from streamer.config.learner import LearnerSettings, TaskName
from streamer.river.core import Core, settings_of
from streamer.river.labels import Labels


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
        self._learned: tuple[Labels, Core] | None = None

    def learn_one(self, x: dict[base.typing.FeatureName, Any], y: base.typing.ClfTarget | None) -> None:
        """Learn one sample. Without a label, None, only the hidden state advances, once there has been a label."""
        if y is None or y != y:
            if self._learned is not None:
                self._learned[1].learn(x, None)
            return
        labels, core = learned = self._learned or self._begun(y)
        core.learn(x, labels.place(y))
        labels.take(y)
        self._learned = learned

    def predict_proba_one(
        self, x: dict[base.typing.FeatureName, Any], **kwargs: Any
    ) -> dict[base.typing.ClfTarget, float]:
        """The probability of each class found so far; none before the first label. Changes nothing."""
        if self._learned is None:
            return {}
        labels, core = self._learned
        prediction, found = core.predict(x), labels.found
        assert prediction is not None  # for it has learned
        if labels.truths:
            share = float(prediction[0])
            return dict(zip(found, (1 - share, share), strict=True))
        shares = prediction[: len(found)].astype(np.float64)
        return dict(zip(found, (shares / shares.sum()).tolist(), strict=True))

    @property
    def _multiclass(self) -> bool:
        return True

    @property
    def _raw_memory_usage(self) -> int:
        """Bytes of its state. River's walk over references would go on through the compiler's own."""
        return 0 if self._learned is None else self._learned[1].nbytes

    @classmethod
    def _unit_test_params(cls) -> Iterator[dict[str, Any]]:
        yield {}
        yield {"hidden": 4, "truncation": 2}

    def _settings(self, task: TaskName) -> LearnerSettings:
        return settings_of(self, task, classes=self.classes)

    def _begun(self, y: base.typing.ClfTarget) -> tuple[Labels, Core]:
        labels = Labels(y, most=self.classes)
        return labels, Core(self._settings("binary" if labels.truths else "multiclass"), self.seed)
