"""What became of R runs, sample by sample, and the figures taken from it: the same ones for every system."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from streamer.evaluation.milestones import Solved
from streamer.samples import Floats

FINAL = 500
"""Samples at the end over which a run is judged: late enough that learning is over, many enough to see a collapse."""

HELD = 0.99
SPAN = 200


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """`right` and `losses`, both (R, T): of each prediction, made before its own update."""

    right: npt.NDArray[np.bool_]
    losses: Floats

    @property
    def samples(self) -> int:
        """T."""
        return int(self.right.shape[1])

    def accuracies(self) -> list[float]:
        """Each run's share of right predictions over the final 500."""
        return [round(float(share), 4) for share in self.right[:, -FINAL:].mean(axis=1)]

    def final_losses(self) -> list[float]:
        """Each run's mean loss over the final 500."""
        return [round(float(loss), 4) for loss in self.losses[:, -FINAL:].mean(axis=1)]

    def solved_at(self) -> list[int | None]:
        """The sample at which 198 of a run's last 200 predictions were first right."""
        return [_solved_at(right) for right in self.right]

    def held(self) -> list[bool]:
        """Whether at least 99 % of a run's final 500 were right."""
        return [accuracy >= HELD for accuracy in self.accuracies()]

    def sliding_accuracy(self) -> npt.NDArray[np.float64]:
        """(R, T): the share of right predictions in the last 200, or in all so far.

        >>> Trace(np.array([[True, False]]), np.zeros((1, 2), np.float32)).sliding_accuracy().tolist()
        [[1.0, 0.5]]
        """
        sums = np.cumsum(self.right, axis=1, dtype=np.float64)
        sums[:, SPAN:] = sums[:, SPAN:] - sums[:, :-SPAN]
        return np.asarray(sums / np.minimum(np.arange(self.samples) + 1, SPAN))


def trace(predictions: Floats, targets: Floats, losses: Floats) -> Trace:
    """From arrays (R, T); a prediction of more than one half says 1."""
    return Trace((predictions > 0.5) == (targets > 0.5), losses)


def _solved_at(right: npt.NDArray[np.bool_]) -> int | None:
    solved = Solved()
    solved.update(right)
    return solved.at
