"""The targets of samples that are on their way, for when their predictions come back."""

import math

import numpy as np

from streamer.client.log import Log
from streamer.samples import Block, Floats


class Recall:
    """Targets by number, from when a sample is sent until its prediction is there: as many as the daemon's credit."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._kept: dict[int, float] = {}
        self._taken = 0

    @property
    def held(self) -> int:
        """How many there are."""
        return len(self._kept)

    def note(self, block: Block) -> None:
        """A block goes to the daemon."""
        block = block.since(self._taken)
        self._kept.update(zip(range(block.first, block.end), block.targets.tolist(), strict=True))

    def take(self, first: int, count: int) -> Floats:
        """The targets (count,) of samples whose predictions have come; NaN where there is none, or it is forgotten."""
        if first not in self._kept and first >= self._log.first:  # sent by a producer before this one
            self.note(self._log.read(first, count))
        self._taken = first + count
        targets = [self._kept.pop(number, math.nan) for number in range(first, first + count)]
        return np.array(targets, np.float32)
