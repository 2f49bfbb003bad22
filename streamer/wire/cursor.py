"""Accounting of sequence numbers: what is new, what was here before, what is missing. Nothing else decides it."""

from msgspec import Struct

from streamer.samples import Block


class Admission(Struct, frozen=True):
    """What to do with a block: how many of its samples are duplicates, what is left, what is missing before it."""

    duplicates: int
    fresh: Block
    missing: int


def admit(expected: int, block: Block) -> Admission:
    """Hold a block against the next expected number. A block after a gap is not taken: its numbers will come again.

    >>> import numpy as np
    >>> inputs, targets = np.zeros((4, 1), np.float32), np.zeros(4, np.float32)
    >>> admit(5, Block(3, inputs, targets)).duplicates, admit(5, Block(7, inputs, targets)).missing
    (2, 2)
    """
    if block.first > expected:
        return Admission(0, block.head(0), block.first - expected)
    fresh = block.since(expected)
    return Admission(len(block) - len(fresh), fresh, 0)
