"""A null model with the verbs of a learner, so that whatever predicts can stand where any other does."""

from collections import OrderedDict

import numpy as np
import numpy.typing as npt

from streamer.evaluation.nulls.null import NullModel, contexts_of
from streamer.samples import Arrays, Floats, Numbers


class NullLearner:
    """Predicts, learns, takes late labels, and is put aside and taken up again, as `predictor.Steps` says.

    `columns` are the inputs of a row; of the last `label_horizon` samples without a label it keeps what a label needs.

    >>> from streamer.evaluation.nulls.running_mean import RunningMean
    >>> learner = NullLearner(RunningMean(), columns=1)
    >>> learner.step_many(np.zeros((3, 1), np.float32), np.array([2, np.nan, 4], np.float32)).tolist()
    [0.0, 2.0, 2.0]
    >>> learner.label_many(np.array([1]), np.array([9], np.float32))
    >>> learner.step_many(np.zeros((1, 1), np.float32), np.array([np.nan], np.float32)).tolist()
    [5.0]
    """

    takes_missing = True

    def __init__(self, model: NullModel, *, columns: int, label_horizon: int = 65_536) -> None:
        self._model = model
        self._size = model.begin(columns)
        self._horizon = label_horizon
        self._awaited: OrderedDict[int, Floats] = OrderedDict()
        self.prediction_width = model.width
        self.samples = 0

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """Any finite number, or NaN for no label."""
        return ~np.isinf(ys)

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        """(T, I), (T,) → predictions (T,), or (T, W) if W > 1, each fixed before its own target is looked at."""
        contexts = contexts_of(self._model, xs, ys)
        for t in np.flatnonzero(np.isnan(ys)).tolist():
            self._awaited[self.samples + t] = contexts[t].copy()
        self.samples += len(ys)
        while self._awaited and next(iter(self._awaited)) < self.samples - self._horizon:
            self._awaited.popitem(last=False)
        predictions = contexts[:, : self.prediction_width]
        return predictions[:, 0] if self.prediction_width == 1 else predictions

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        """Learn the labels (n,) of samples stepped over without one; those awaited no longer are left out."""
        for number, y in zip(numbers.tolist(), ys, strict=True):
            context = self._awaited.pop(number, None)
            if context is not None:
                self._model.label(context[None], 0, np.array([y], np.float32))

    def export(self) -> Arrays:
        """The whole state as named arrays (copies)."""
        own = {f"model.{name}": array for name, array in self._model.export().items()}
        contexts = np.array(list(self._awaited.values()), np.float32).reshape(-1, self._size)
        numbers = np.array(list(self._awaited), np.int64)
        return own | {"samples": np.array(self.samples), "awaited.numbers": numbers, "awaited.contexts": contexts}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        prefix = "model."
        self._model.load({k.removeprefix(prefix): array for k, array in arrays.items() if k.startswith(prefix)})
        self.samples = int(arrays["samples"])
        numbers = arrays["awaited.numbers"].tolist()
        self._awaited = OrderedDict(zip(numbers, arrays["awaited.contexts"].copy(), strict=True))
