"""What every null model is: it predicts each target before it is looked at, then learns it, in the learner's order."""

from typing import Protocol

from streamer.samples import Arrays, Floats


class NullModel(Protocol):
    """Predicts a block's targets one after the other; NaN is a target that is not known (yet).

    A context is what it needs of a sample to learn from it later: `width` numbers for its prediction, and then its own.
    """

    width: int
    """W, numbers in a prediction."""

    @property
    def size(self) -> int:
        """Q, numbers in a context."""
        ...

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        """Contexts (T, Q) of samples (T, I) and targets (T,), each made before its target was looked at."""
        ...

    def label(self, contexts: Floats, ys: Floats) -> None:
        """Learn targets (n,) that came late, from their samples' contexts (n, Q), in order."""
        ...

    def export(self) -> Arrays:
        """The state as arrays."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...
