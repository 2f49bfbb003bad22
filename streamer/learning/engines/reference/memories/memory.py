"""What a memory bank must do."""

from typing import Protocol

from torch import Tensor

from streamer.samples import Arrays


class Memory(Protocol):
    """Fixed, not learned; no gradient runs through it."""

    def read(self, x: Tensor) -> Tensor:
        """x (I,) → the cell's input (F,). Changes nothing."""
        ...

    def keep(self, features: Tensor) -> None:
        """Move on, given what `read` gave."""
        ...

    def export(self) -> Arrays:
        """Copies of the state, under the names that all engines share."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...
