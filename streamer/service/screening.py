"""Which samples of a block a learner may see. A rejected one consumes its number and changes nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from streamer.samples import Block, Floats

Admits = Callable[[Floats], npt.NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Screened:
    """The inputs and targets that may pass, in order; which of the block's samples they are; how many may not, why."""

    xs: Floats
    ys: Floats
    passing: npt.NDArray[np.bool_] | None
    """(T,), or None if all pass."""
    rejected: dict[str, int]

    def spread(self, predictions: Floats) -> Floats:
        """Predictions of what passed, at the places of the block's samples; NaN where there is none."""
        if self.passing is None:
            return predictions
        spread = np.full((len(self.passing), *predictions.shape[1:]), np.nan, np.float32)
        spread[self.passing] = predictions
        return spread


def screen(block: Block, admits: Admits, *, missing: bool = False) -> Screened:
    """Take out of a block what its learner cannot take.

    `admits` says which targets a predictor can learn from; with `missing`, NaN in an input is a value that is missing.

    >>> block = Block(0, np.array([[0.0], [np.nan], [1.0]], np.float32), np.array([1, 1, 7], np.float32))
    >>> screen(block, lambda ys: ~(ys > 1)).rejected
    {'not_finite': 1, 'target': 1}
    """
    rejected = dict(_faults(block, admits, missing))
    if not rejected:
        return Screened(block.inputs, block.targets, None, {})
    passing = ~np.logical_or.reduce(list(rejected.values()))
    counts = {reason: int(where.sum()) for reason, where in rejected.items()}
    return Screened(block.inputs[passing], block.targets[passing], passing, counts)


def _faults(block: Block, admits: Admits, missing: bool) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    infinite = np.asarray((np.isinf(block.inputs) if missing else ~np.isfinite(block.inputs)).any(axis=1))
    targets = block.targets
    if infinite.any():
        yield "not_finite", infinite
        targets = np.where(infinite, np.float32(np.nan), targets)  # what is not stepped over is no first of its class
    wrong = ~admits(targets)
    if wrong.any():
        yield "target", np.asarray(wrong)
