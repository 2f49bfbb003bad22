"""A log in which labels come late: bits whose targets follow as label events, some of them wrong, twice or too late."""

import numpy as np

from streamer.samples import A_SAMPLE, Block
from streamer.sources.bits import BitSource


class LateBits:
    """Event n is, by n mod 5: a sample with its label; one without; its label; one without; a label of one of those.

    The labels of the last kind come 1 to 46 events late, some of them twice, and some samples never get one.
    """

    inputs = 1
    epoch = "1a7e" * 8
    length: int | None = None

    def __init__(self, seed: int = 1) -> None:
        self._bits = BitSource(seed=seed)

    def read(self, first: int, count: int) -> Block:
        block = self._bits.read(first, count)
        numbers = np.arange(first, block.end)
        of = np.full(len(block), A_SAMPLE)
        of[numbers % 5 == 2] = numbers[numbers % 5 == 2] - 1
        late = numbers[numbers % 5 == 4]
        of[numbers % 5 == 4] = np.maximum(late - 1 - 5 * (late // 5 * 3 % 10), 0)
        label = of != A_SAMPLE
        inputs = np.where(label[:, None], np.float32(0), block.inputs)
        targets = np.where(np.isin(numbers % 5, (1, 3)), np.float32(np.nan), block.targets)
        return Block(first, inputs, targets, of if label.any() else None)
