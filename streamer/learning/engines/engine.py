"""What an engine must do. It trusts its input: the learner has checked shapes, types and finiteness."""

from typing import Protocol

from streamer.learning.insight import Insight
from streamer.samples import Arrays, Floats


class Engine(Protocol):
    """The state of one learner and the arithmetic on it."""

    @property
    def name(self) -> str:
        """`reference` or another; for people and for the checkpoint."""
        ...

    def predict(self, x: Floats) -> float:
        """x (I,) → the prediction after it; changes nothing that is exported."""
        ...

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        """(T, I), (T,) → (T,): predict, then learn, sample by sample; NaN in `ys` is no label. Both C-contiguous."""
        ...

    def counts(self) -> dict[str, int]:
        """Counts of the learner's life: samples, updates, skipped_updates."""
        ...

    def insight(self) -> Insight:
        """What one may see of it."""
        ...

    def export(self) -> Arrays:
        """Copies of all state, under the names that `Snapshot` documents."""
        ...

    def load(self, arrays: Arrays) -> None:
        """Take over the state that any engine exported."""
        ...
