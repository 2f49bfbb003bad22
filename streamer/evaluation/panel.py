"""Several null models side by side, and the context of a sample that all of them and the learner share."""

from collections.abc import Mapping
from itertools import accumulate, pairwise

import numpy as np

from streamer.evaluation.nulls.null import NullModel
from streamer.evaluation.parts import Part
from streamer.samples import Floats


class Panel:
    """Null models by name. A context (Q,) is the learner's prediction, then each null model's context."""

    def __init__(self, models: Mapping[str, NullModel]) -> None:
        self.models = dict(models)

    def step_many(self, predictions: Floats, xs: Floats, ys: Floats) -> Floats:
        """Contexts (T, Q) of samples whose predictions (T, W) the learner has made."""
        return np.concatenate([predictions, *(model.step_many(xs, ys) for model in self.models.values())], axis=1)

    def label(self, contexts: Floats, ys: Floats) -> None:
        """Learn targets (n,) that came late."""
        for model, context in zip(self.models.values(), self.split(contexts)[1:], strict=True):
            model.label(np.ascontiguousarray(context), ys)

    def split(self, contexts: Floats) -> list[Floats]:
        """The learner's predictions, and each null model's context."""
        # From the right, where all widths are known.
        sizes = [model.size for model in self.models.values()]
        starts = [contexts.shape[1] - sum(sizes) + before for before in accumulate(sizes, initial=0)]
        return [contexts[:, : starts[0]], *(contexts[:, start:end] for start, end in pairwise(starts))]

    def parts(self) -> dict[str, Part]:
        """What the state is made of."""
        return {f"null_{name}": model for name, model in self.models.items()}
