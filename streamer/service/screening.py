"""Which samples of a block a learner may see. A rejected one consumes its number and changes nothing else."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from streamer.samples import Block, Floats


def screen(block: Block) -> tuple[Floats, Floats, dict[str, int]]:
    """The inputs and targets that may pass, in order, and how many may not, by reason.

    >>> block = Block(0, np.array([[0.0], [np.nan], [1.0]], np.float32), np.array([1, 1, 7], np.float32))
    >>> screen(block)[2]
    {'not_finite': 1, 'target': 1}
    """
    rejected = dict(_faults(block))
    if not rejected:
        return block.inputs, block.targets, {}
    passing = ~np.logical_or.reduce(list(rejected.values()))
    return (
        block.inputs[passing],
        block.targets[passing],
        {reason: int(where.sum()) for reason, where in rejected.items()},
    )


def _faults(block: Block) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    infinite = np.asarray(~np.isfinite(block.inputs).all(axis=1))
    if infinite.any():
        yield "not_finite", infinite
    y = block.targets
    wrong = ~(np.isnan(y) | (y == 0) | (y == 1)) & ~infinite
    if wrong.any():
        yield "target", np.asarray(wrong)
