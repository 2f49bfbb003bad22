"""What every null model is: it predicts each target before it is looked at, then learns it, in the learner's order."""

from typing import Protocol

import numpy as np

from streamer.samples import Arrays, Floats


class NullModel(Protocol):
    """Predicts a block's targets one after the other; NaN is a target that is not known (yet).

    A context is what it needs of a sample to learn from it later: Q numbers, its prediction the first `width` of them.
    Contexts lie side by side with those of other models in rows of one array, its own from column `at` on.
    """

    width: int
    """W, numbers in a prediction."""

    def begin(self, columns: int) -> int:
        """Get ready for samples of so many columns; returns Q. What has begun with some columns stays with them."""
        ...

    def step_many(self, xs: Floats, ys: Floats, contexts: Floats, at: int) -> None:
        """Write the contexts of samples (T, I) with targets (T,), each made before its target was looked at."""
        ...

    def label(self, contexts: Floats, at: int, ys: Floats) -> None:
        """Learn targets (n,) that came late, from their samples' contexts, in order."""
        ...

    def export(self) -> Arrays:
        """The state as arrays."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...


def contexts_of(model: NullModel, xs: Floats, ys: Floats) -> Floats:
    """The contexts (T, Q) of one model alone."""
    contexts = np.empty((len(ys), model.begin(xs.shape[1])), np.float32)
    model.step_many(xs, ys, contexts, 0)
    return contexts
