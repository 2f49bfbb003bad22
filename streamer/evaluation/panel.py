"""Several null models side by side, and the context of a sample that all of them and the learner share."""

from collections.abc import Mapping
from itertools import accumulate

import numpy as np

from streamer.evaluation.nulls.null import NullModel
from streamer.evaluation.parts import Part
from streamer.samples import Floats


class Panel:
    """Null models by name. A context (Q,) is the learner's prediction, then each null model's context."""

    def __init__(self, models: Mapping[str, NullModel], *, width: int) -> None:
        self.models = dict(models)
        self._width = width

    def step_many(self, predictions: Floats, xs: Floats, ys: Floats) -> Floats:
        """Contexts (T, Q) of samples whose predictions, (T,) or (T, W), the learner has made."""
        *starts, end = self._starts(xs.shape[1])
        contexts = np.empty((len(ys), end), np.float32)
        contexts[:, : self._width] = predictions.reshape(len(ys), self._width)
        for model, at in zip(self.models.values(), starts, strict=True):
            model.step_many(xs, ys, contexts, at)
        return contexts

    def label(self, contexts: Floats, ys: Floats) -> None:
        """Learn targets (n,) that came late."""
        for model, at in zip(self.models.values(), self.starts, strict=True):
            model.label(contexts, at, ys)

    @property
    def starts(self) -> list[int]:
        """The column in which each null model's context begins."""
        return self._starts(0)[:-1]

    def parts(self) -> dict[str, Part]:
        """What the state is made of."""
        return {f"null_{name}": model for name, model in self.models.items()}

    def _starts(self, columns: int) -> list[int]:
        sizes = [model.begin(columns) for model in self.models.values()]
        return list(accumulate(sizes, initial=self._width))
