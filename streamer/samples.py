"""The records that travel through the whole program: events of a stream, in blocks.

An event is a sample (x, y), or the label of a sample that came earlier without one. A row of a matrix costs nothing
and an object a microsecond, so events travel in blocks.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Arrays = dict[str, npt.NDArray[Any]]
"""A state by name: what checkpoints hold and hashes are taken of."""

A_SAMPLE = -1
"""In `Block.of`: an event that is a sample, not the label of one."""


class Block(Struct, frozen=True, eq=False):
    """Consecutive events: `inputs` (T, I) and `targets` (T,), both float32; NaN in a target means no label.

    `of` (T,) says for each event which earlier sample it labels, or that it is a sample; None if all of them are. The
    inputs of a label are zeros.

    >>> block = Block(7, np.zeros((3, 1), np.float32), np.ones(3, np.float32))
    >>> len(block), block.end, len(block.since(9))
    (3, 10, 1)
    """

    first: int
    inputs: Floats
    targets: Floats
    of: Numbers | None = None

    def __post_init__(self) -> None:
        if self.inputs.ndim != 2 or self.targets.shape != self.inputs.shape[:1]:
            raise ValueError(
                f"a block needs inputs (T, I) and targets (T,); got {self.inputs.shape} and {self.targets.shape}"
            )
        if self.of is not None and self.of.shape != self.targets.shape:
            raise ValueError(f"a block needs `of` (T,) like its targets; got {self.of.shape} and {self.targets.shape}")

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def end(self) -> int:
        """The number after the last event's."""
        return self.first + len(self)

    def since(self, number: int) -> "Block":
        """The events numbered `number` and above (a view, no copy)."""
        if number <= self.first:
            return self
        return self._part(min(number - self.first, len(self)), len(self))

    def head(self, count: int) -> "Block":
        """The first `count` events (a view, no copy)."""
        return self if count >= len(self) else self._part(0, count)

    def copy(self) -> "Block":
        """The same events, apart from whatever they were a view of."""
        return Block(self.first, self.inputs.copy(), self.targets.copy(), None if self.of is None else self.of.copy())

    def labels(self) -> npt.NDArray[np.bool_]:
        """(T,) → which events are labels."""
        return np.zeros(len(self), np.bool_) if self.of is None else np.asarray(self.of != A_SAMPLE)

    def runs(self) -> list["Block"]:
        """The block cut into the longest parts that are all samples, or all labels."""
        if self.of is None:
            return [self]
        cuts = [0, *(np.flatnonzero(np.diff(self.labels())) + 1).tolist(), len(self)]
        return [self._part(start, end) for start, end in pairwise(cuts)]

    def _part(self, start: int, end: int) -> "Block":
        of = None if self.of is None else self.of[start:end]
        return Block(self.first + start, self.inputs[start:end], self.targets[start:end], of)


def joined(blocks: Sequence[Block]) -> Block:
    """Blocks that follow one another, as one.

    >>> block = Block(0, np.zeros((5, 1), np.float32), np.arange(5, dtype=np.float32))
    >>> joined([block.head(2), block.since(2)]).targets.tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0]
    """
    if len(blocks) == 1:
        return blocks[0]
    of = None
    if any(block.of is not None for block in blocks):
        of = np.concatenate([np.full(len(b), A_SAMPLE) if b.of is None else b.of for b in blocks])
    return Block(
        blocks[0].first,
        np.concatenate([block.inputs for block in blocks]),
        np.concatenate([block.targets for block in blocks]),
        of,
    )
