"""The records that travel through the whole program. A sample is (x, y) with its number in the stream.

Samples travel in blocks, because a row of a matrix costs nothing and an object a microsecond.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Arrays = dict[str, npt.NDArray[Any]]
"""A state by name: what checkpoints hold and hashes are taken of."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One event of a stream. `target` is None where there is no label."""

    number: int
    inputs: tuple[float, ...]
    target: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Consecutive samples: `inputs` (T, I) and `targets` (T,), both float32; NaN in a target means no label.

    >>> block = Block(7, np.zeros((3, 1), np.float32), np.ones(3, np.float32))
    >>> len(block), block.end, len(block.since(9))
    (3, 10, 1)
    """

    first: int
    inputs: Floats
    targets: Floats

    def __post_init__(self) -> None:
        if self.inputs.ndim != 2 or self.targets.shape != self.inputs.shape[:1]:
            raise ValueError(
                f"a block needs inputs (T, I) and targets (T,); got {self.inputs.shape} and {self.targets.shape}"
            )

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def end(self) -> int:
        """The number after the last sample's."""
        return self.first + len(self)

    def since(self, number: int) -> "Block":
        """The samples numbered `number` and above (a view, no copy)."""
        skip = min(max(number - self.first, 0), len(self))
        return Block(self.first + skip, self.inputs[skip:], self.targets[skip:])

    def head(self, count: int) -> "Block":
        """The first `count` samples (a view, no copy)."""
        return Block(self.first, self.inputs[:count], self.targets[:count])

    def samples(self) -> Iterator[Sample]:
        """One record a sample, for people and slow paths."""
        for offset, (x, y) in enumerate(zip(self.inputs.tolist(), self.targets.tolist(), strict=True)):
            yield Sample(self.first + offset, tuple(x), None if y != y else y)
