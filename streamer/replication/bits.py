"""The bits that every system is given: the project's own source, one seed a run."""

from collections.abc import Sequence

import numpy as np

from streamer.samples import Floats
from streamer.sources.bits import BitSource

PROBABILITY = 0.25
"""`randrange(4) == 2` in the question's script."""

CURRENT, PREVIOUS = 0, 1
"""Lags: the target 1 − x_t, which is the script's switch SAME, and 1 − x_{t−1}, which is the question."""


def bits(seeds: Sequence[int], samples: int, lag: int, probability: float = PROBABILITY) -> tuple[Floats, Floats]:
    """Inputs (R, T) and targets (R, T).

    >>> xs, ys = bits([0, 1], 5, CURRENT)
    >>> bool((xs + ys == 1).all()), xs.shape
    (True, (2, 5))
    """
    blocks = [BitSource(seed, probability, lag).read(0, samples) for seed in seeds]
    return np.stack([block.inputs[:, 0] for block in blocks]), np.stack([block.targets for block in blocks])
