"""The learner as a regressor of River."""

import math
from collections.abc import Iterator
from typing import Any

from river import base

from streamer.errors import SampleError
from streamer.river.core import Core, settings_of


class GRURegressor(base.Regressor):
    """A recurrent network that learns a number from one sample after another, each once, as it comes.

    It remembers: its hidden state goes on from sample to sample, so that their order tells it something. Numbers and
    targets are standardised as they come, texts one-hot, moments told as where they stand in the day, the week and the
    year; values may be missing, and new features appear. At most 256 features; later ones are left out.

    `hidden` units; gradients run back over `truncation` samples; `step_size` is how far the weights move at a sample,
    None the learner's own choice; `seed` is that of the first weights.

    >>> from river import datasets, evaluate, metrics
    >>> error = evaluate.progressive_val_score(datasets.TrumpApproval().take(300), GRURegressor(), metrics.MAE())
    >>> error.get() < 1
    True
    """

    def __init__(self, hidden: int = 16, truncation: int = 8, step_size: float | None = None, seed: int = 0) -> None:
        self.hidden = hidden
        self.truncation = truncation
        self.step_size = step_size
        self.seed = seed
        self._core = Core(settings_of(self, "regression"), seed)  # what is wrong with one is told here

    def learn_one(self, x: dict[base.typing.FeatureName, Any], y: base.typing.RegTarget | None) -> None:
        """Learn one sample. Without a target, None, only the hidden state advances."""
        self._core.learn(x, None if y is None else _finite(y))

    def predict_one(self, x: dict[base.typing.FeatureName, Any], **kwargs: Any) -> base.typing.RegTarget:
        """The expected target; 0 before the first sample. Changes nothing."""
        prediction = self._core.predict(x)
        return 0.0 if prediction is None else float(prediction[0])

    @property
    def _raw_memory_usage(self) -> int:
        """Bytes of its state. River's walk over references would go on through the compiler's own."""
        return self._core.nbytes

    @classmethod
    def _unit_test_params(cls) -> Iterator[dict[str, Any]]:
        yield {}
        yield {"hidden": 4, "truncation": 2}


def _finite(y: Any) -> float:
    try:
        number = float(y)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise SampleError("a target cannot be learned from", reason="target", got=repr(y), expected="a finite number")
    return number
