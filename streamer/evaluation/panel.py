"""Several null models side by side, and the context of a sample that all of them and the learner share."""

from collections.abc import Mapping
from itertools import accumulate

import numpy as np

from streamer.evaluation.nulls.null import NullModel
from streamer.evaluation.parts import Part
from streamer.samples import Floats, Numbers


class Panel:
    """Null models by name. A context (Q,) is the learner's prediction, then each null model's context."""

    def __init__(self, models: Mapping[str, NullModel], *, width: int) -> None:
        self.models = dict(models)
        self._width = width
        self.starts: Numbers = np.empty(0, np.int64)
        """(m,) → the column in which each null model's part of the last contexts began."""

    def step_many(self, predictions: Floats, xs: Floats, ys: Floats) -> Floats:
        """Contexts (T, Q) of samples whose predictions, (T,) or (T, W), the learner has made."""
        starts, size = self._layout(xs.shape[1])
        contexts = np.empty((len(ys), size), np.float32)
        contexts[:, : self._width] = predictions.reshape(len(ys), self._width)
        for model, at in zip(self.models.values(), starts, strict=True):
            model.step_many(xs, ys, contexts, at)
        return contexts

    def label(self, contexts: Floats, ys: Floats) -> None:
        """Learn targets (n,) that came late."""
        starts, _ = self._layout(0)
        for model, at in zip(self.models.values(), starts, strict=True):
            model.label(contexts, at, ys)

    def parts(self) -> dict[str, Part]:
        """What the state is made of."""
        return {f"null_{name}": model for name, model in self.models.items()}

    def _layout(self, columns: int) -> tuple[list[int], int]:
        """Where each null model's context begins, and the size of all."""
        *starts, size = accumulate((model.begin(columns) for model in self.models.values()), initial=self._width)
        self.starts = np.array(starts)
        return starts, size
