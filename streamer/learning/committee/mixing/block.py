"""What mixtures that step over a block in compiled code have in common: two levels, and what is kept of a sample."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from streamer.learning.committee.mixing.levels import new_levels
from streamer.learning.committee.mixing.mixture import Doubles, Losses
from streamer.samples import Arrays, Floats, Numbers


class BlockMixture(ABC):
    """A `Mixture`, made of what is its own: its kernel, and what it knows besides the weights.

    Kept of a sample, W numbers each: what the N members say, what level 1 and the S stacks say, what is published.
    """

    def __init__(
        self,
        prior: Doubles,
        top: Doubles,
        variances: tuple[float, ...],
        *,
        horizon: int = 1,
        anchors: Sequence[int] = (),
    ) -> None:
        """First weights and variances as `new_levels` has them, and places of members that the top level has.

        `horizon`: steps between a prediction and its target, whose losses overlap: a likelihood counts 1/h.
        """
        self._members, self._rows = len(prior), len(prior) + len(variances) + 2
        self._levels = new_levels(prior, top, variances)
        self._first = prior, top
        self._anchors: Numbers = np.array(anchors, np.int64)
        self._power = 1.0 / horizon

    def step_many(self, predictions: Floats, ys: Floats) -> tuple[Floats, Floats]:
        """(T, N, W), (T,) → (T, W), (T, (N + S + 2) W)."""
        kept = np.empty((len(ys), self._rows, predictions.shape[2]), np.float32)
        kept[:, : self._members] = predictions
        self._step(kept, np.ascontiguousarray(ys), late=False)
        return kept[:, -1].copy(), kept.reshape(len(ys), self._rows * kept.shape[2])

    def peek(self, predictions: Floats) -> Floats:
        """(1, N, W) → (1, W); a sample without a label changes nothing."""
        return self.step_many(predictions, np.full(len(predictions), np.nan, np.float32))[0]

    def label(self, kept: Floats, ys: Floats) -> None:
        """(n, (N + S + 2) W), (n,)."""
        rows = np.ascontiguousarray(kept).reshape(len(ys), self._rows, kept.shape[1] // self._rows)
        self._step(rows, np.ascontiguousarray(ys), late=True)

    def shares(self) -> Doubles:
        """(N,), from the weights of both levels."""
        return self._levels.shares(self._anchors)

    def losses(self) -> Losses:
        """Bits, or absolute errors."""
        return self._levels.told()

    def export(self) -> Arrays:
        """The weights of both levels, the stacks, the mean losses, and what else decides the future (copies)."""
        return {name: array.copy() for name, array in self._state().items()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        for name, array in self._state().items():
            array[...] = arrays[name]

    def _state(self) -> Arrays:
        """The arrays themselves."""
        return self._levels._asdict()

    @abstractmethod
    def _step(self, kept: Floats, ys: Floats, *, late: bool) -> None:
        """Complete rows (T, N + S + 2, W) and learn their targets (T,); `late`: learn from rows that are complete."""
