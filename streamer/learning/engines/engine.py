"""What an engine must do. It trusts its input: the learner has checked shapes, types and finiteness."""

from typing import Protocol

from streamer.learning.engines.trail import Trail
from streamer.learning.insight import Insight
from streamer.samples import Arrays, Floats, Numbers


class Engine(Protocol):
    """The state of one learner and the arithmetic on it."""

    @property
    def name(self) -> str:
        """`reference` or another; for people and for the checkpoint."""
        ...

    @property
    def widens_exactly(self) -> bool:
        """Whether inputs that are 0 leave every bit as it would be without them."""
        ...

    def predict(self, x: Floats) -> Floats:
        """x (I,) → the prediction (O,) after it; changes nothing that is exported."""
        ...

    def step_many(self, xs: Floats, ys: Floats, trail: Trail | None = None) -> Floats:
        """(T, I), (T, M) → (T, O): predict, then learn, sample by sample. All C-contiguous.

        NaN in `ys` is no label for that target, a row of them an unlabelled sample. With softmax M = 1 and `ys` are
        places of classes, whole numbers below O; a place that no target has had is predicted as 0.

        A trail gets a row for each sample: what `relearn` needs if the sample's label comes later.
        """
        ...

    def relearn(self, hidden: Floats, windows: Floats, lengths: Numbers, ys: Floats) -> None:
        """Labels of steps that are past, in order: an update for each, and nothing else advances but their count.

        hidden (n, H) in front of windows (n, K, F), of which the first `lengths` (n,) rows are in use, the step's own
        the last; ys (n, M). All C-contiguous. The gradient is that of the window run with today's weights, whatever
        the gradient method.
        """
        ...

    def counts(self) -> dict[str, int]:
        """Counts of the learner's life: samples, updates, skipped_updates; with softmax classes, the places found."""
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
