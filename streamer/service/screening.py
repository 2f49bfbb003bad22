"""Which samples of a block a learner may see. A rejected one consumes its number and changes nothing else."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from streamer.samples import Block, Floats

Admits = Callable[[Floats], npt.NDArray[np.bool_]]


def screen(block: Block, admits: Admits) -> tuple[Floats, Floats, dict[str, int]]:
    """The inputs and targets that may pass, in order, and how many may not, by reason.

    `admits` says which targets a predictor can learn from.

    >>> block = Block(0, np.array([[0.0], [np.nan], [1.0]], np.float32), np.array([1, 1, 7], np.float32))
    >>> screen(block, lambda ys: ys <= 1)[2]
    {'not_finite': 1, 'target': 1}
    """
    rejected = dict(_faults(block, admits))
    if not rejected:
        return block.inputs, block.targets, {}
    passing = ~np.logical_or.reduce(list(rejected.values()))
    return (
        block.inputs[passing],
        block.targets[passing],
        {reason: int(where.sum()) for reason, where in rejected.items()},
    )


def _faults(block: Block, admits: Admits) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    infinite = np.asarray(~np.isfinite(block.inputs).all(axis=1))
    if infinite.any():
        yield "not_finite", infinite
    wrong = ~admits(block.targets) & ~infinite
    if wrong.any():
        yield "target", np.asarray(wrong)
